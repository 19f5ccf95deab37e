"""Base of views that write: one transaction for the key, the effect, the log line and the stored answer."""

import json

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from shelter.actions.once import digest, once
from shelter.api.parsing import Json

LONGEST_KEY = 200


class WriteView(APIView):
    """A view whose writes honour `Idempotency-Key`; at the door (`key_required`) they demand it."""

    parser_classes = [Json]
    takes_key = True
    key_required = False

    def write(self, act):
        """Run `act()`, which returns `(status, body)`, under the caller's key."""
        key = self._key()
        if key:
            body_text = json.dumps(self.request.data, sort_keys=True, default=str)
            asked = digest(self.request.method, self.request.path, body_text)
            status, body = once(person=self.request.user, key=key, request=asked, act=lambda: _plain(*act()))
        else:
            with transaction.atomic():
                status, body = _plain(*act())
        return Response(body, status=status)

    def _key(self):
        key = self.request.headers.get("Idempotency-Key", "")
        if len(key) > LONGEST_KEY or not key.isprintable():
            sentence = _("At most %(longest)d characters that can be printed.") % {"longest": LONGEST_KEY}
            raise exceptions.ValidationError({"Idempotency-Key": [sentence]})
        if not key and self.key_required:
            raise exceptions.ValidationError({"Idempotency-Key": [_("This header is required here.")]})
        return key

    @property
    def by(self):
        return self.request.auth


def _plain(status, body):
    """The body as it will be sent, so that a stored answer is the same to the letter."""
    return status, json.loads(JSONRenderer().render(body)) if body is not None else None
