"""What a program may send: JSON in UTF-8 that a database can keep."""

import json
import math

from django.utils.translation import gettext as _
from rest_framework import exceptions, parsers


class Json(parsers.JSONParser):
    """Refuses what Python's reader lets through: numbers without end, halves of characters, bottomless nesting."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            data = json.loads(stream.read().decode(), parse_constant=_refuse, parse_float=_finite)
            json.dumps(data, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(_("This cannot be read as JSON.")) from error
        return data


def _refuse(text):
    raise ValueError(text)


def _finite(text):
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)
