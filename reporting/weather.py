"""Reading a file of night weather: date, lowest temperature, and whether rain or snow fell. Pure.

One night a line, separated by semicolons or tabs, or by commas where the decimals have points: `2026-12-24;-4,2;yes`.
The third column may be missing or empty. A first line of names is passed over.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

LONGEST = 400  # lines: more than a year of nights
LOWEST, HIGHEST = Decimal(-40), Decimal(40)
WET = {"1": True, "yes": True, "oui": True, "ja": True, "jo": True, "wet": True}
DRY = {"0": False, "no": False, "non": False, "nein": False, "neen": False, "dry": False, "": None}
FORMS_OF_DATE = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")


@dataclass(frozen=True)
class Noted:
    """The weather of one night: lowest temperature in degrees Celsius, one decimal; `is_wet` None if not known."""

    night: date
    minimum: Decimal
    is_wet: bool | None


@dataclass(frozen=True)
class Read:
    """What was read, and the numbers of the lines (from 1) that could not be."""

    rows: tuple[Noted, ...]
    wrong: tuple[int, ...]


def read(text: str) -> Read:
    rows: dict[date, Noted] = {}
    wrong = []
    for number, line in enumerate(text.splitlines()[: LONGEST + 1], 1):
        if not line.strip():
            continue
        row = _row(line) if number <= LONGEST else None
        if row is not None:
            rows[row.night] = row
        elif number > 1 or any(char.isdigit() for char in line):
            wrong.append(number)
    return Read(tuple(rows[night] for night in sorted(rows)), tuple(wrong))


def _row(line: str) -> Noted | None:
    mark = next((mark for mark in (";", "\t", ",") if mark in line), ";")
    cells = [cell.strip().strip('"') for cell in line.split(mark)]
    if not 2 <= len(cells) <= 3:
        return None
    night, minimum = _date(cells[0]), _degrees(cells[1])
    wet = cells[2].lower() if len(cells) == 3 else ""
    known = WET | DRY
    if night is None or minimum is None or wet not in known:
        return None
    return Noted(night, minimum, known[wet])


def _date(text: str) -> date | None:
    for form in FORMS_OF_DATE:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 (a date has no zone)
        except ValueError:
            continue
        return found if 2000 <= found.year <= 2100 else None
    return None


def _degrees(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", ".").replace("\N{MINUS SIGN}", "-"))
    except InvalidOperation:
        return None
    if not value.is_finite() or not LOWEST <= value <= HIGHEST:
        return None
    return value.quantize(Decimal("0.1"))
