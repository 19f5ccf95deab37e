"""The data set as a table for spreadsheets: one number a line, hidden ones as their marks, nothing summed."""

import csv
from io import StringIO

from reporting.indicators import INDICATORS
from reporting.indicators.registry import DEGREES, PERCENT

HEADS = ("scope", "code", "category", "value", "numerator", "denominator", "night", "note")
IN_TENTHS = {code for code, each in INDICATORS.items() if each.unit == DEGREES} | {"minimum"}
IN_PERCENT = {code for code, each in INDICATORS.items() if each.unit == PERCENT}
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def report_csv(data) -> str:
    """`scope` is the period, a week, a month or a night; quotients keep both their sides.

    First which revision it is and by which definitions. Temperatures are in degrees, shares in percent.
    """
    out = StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(HEADS)
    for scope, code, value in _values(data):
        for row in _rows(scope, code, value):
            table.writerow([_harmless(cell) for cell in row])
    return out.getvalue()


def _values(data):
    yield data["key"], "revision", data["revision"]
    yield data["key"], "definitions", data["definitions"] and data["definitions"]["number"]
    for code, value in data["figures"].items():
        yield data["key"], code, value
    for part in ("by_week", "by_month"):
        for row in data.get(part, ()):
            for code, value in row["figures"].items():
                yield row["key"], code, value
            for code in ("bed_nights_by_dormitory", "beds_by_dormitory"):
                if code in row:
                    yield row["key"], code, row[code]
    for row in data["by_night"]:
        for code, value in row.items():
            if code != "night":
                yield f"night {row['night']}", code, value


def _rows(scope, code, value):
    if isinstance(value, dict) and set(value) == {"above", "below"}:
        hundred = 100 if code in IN_PERCENT else 1
        share = hundred * value["above"] / value["below"] if value["below"] else ""
        yield scope, code, "", share, value["above"], value["below"], "", ""
    elif isinstance(value, dict) and set(value) == {"number", "night"}:
        yield scope, code, "", _in_unit(code, value["number"]), "", "", value["night"], ""
    elif isinstance(value, dict):
        for category, number in value.items():
            yield scope, code, category, *_shown(number)
    else:
        yield scope, code, "", *_shown(_in_unit(code, value))


def _in_unit(code, value):
    return value / 10 if code in IN_TENTHS and value is not None else value


def _shown(value):
    """A number, or the mark of a hidden one as a note."""
    if isinstance(value, str):
        return "", "", "", "", value
    if isinstance(value, bool):
        return int(value), "", "", "", ""
    return "" if value is None else value, "", "", "", ""


def _harmless(cell):
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
