"""Numbers, dates and hidden figures as a reader of the language writes them."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reporting import words
from reporting.secrecy import BELOW, SECRET, WITHHELD
from reporting.values import Peak, Ratio, from_json
from shelter import nights
from shelter.days import WITH_YEAR

NOTHING = "–"
TENS = 10
SECRET_MARK = "s"  # noqa: S105 (as official statistics write it)


class Figures:
    """The figures of a data set as they are said."""

    def __init__(self, figures, threshold):
        self.raw, self.threshold = figures, threshold

    def __contains__(self, code):
        return code in self.raw

    def value(self, code):
        return from_json(self.raw.get(code))

    def number(self, code):
        """The number itself, of a quotient in percent; None where it is hidden or there is none."""
        value = self.value(code)
        if isinstance(value, Ratio):
            return value.percent
        return value if isinstance(value, int | float) else None

    def said(self, code):
        return self.shown(self.raw.get(code))

    def shown(self, kept):
        value = from_json(kept)
        if value is None:
            return NOTHING
        if value == BELOW:
            return below(self.threshold)
        if value == SECRET:
            return SECRET_MARK
        if value == WITHHELD:
            return _("withheld")
        if isinstance(value, Ratio):
            return words.number(round(value.share, 1)) if value.share is not None else NOTHING
        return words.number(value)

    def percent(self, code):
        value = self.value(code)
        return percent(value.percent) if isinstance(value, Ratio) else NOTHING

    def sides(self, code):
        value = self.value(code)
        return (
            f"{words.number(value.above)} / {words.number(value.below)}" if isinstance(value, Ratio) else ""
        )

    def peak(self, code):
        value = self.value(code)
        return value if isinstance(value, Peak) else None


def below(threshold):
    return f"‹\u202f{threshold}"


def percent(value):
    return NOTHING if value is None else f"{words.number(value)}\u00a0%"


def signed(value, unit=""):
    """A difference with its sign, a real minus; with a unit after it."""
    told = words.number(abs(round(value, 1)))
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else "±"
    return f"{sign}{told}{unit}"


def pair(name, value):
    """A name and what belongs to it, on one line."""
    return _("%(name)s: %(value)s") % {"name": name, "value": value}


def night(text, fmt="D d.m."):
    return date_format(date.fromisoformat(text), fmt)


def day(text):
    return date_format(date.fromisoformat(text), "d.m.Y")


def instant(text):
    """An instant of a data set on the wall clock, with the zone."""
    at = nights.local(datetime.fromisoformat(text))
    return f"{date_format(at, 'd.m.Y H:i')} {at.tzname()}"


def about(people):
    """People in tens: between one look and the next nobody who is new can be counted."""
    if people < TENS:
        return below(TENS) if people else words.number(0)
    return f"\N{ALMOST EQUAL TO}\N{NO-BREAK SPACE}{words.number(round(people / TENS) * TENS)}"


def degrees(tenths):
    return NOTHING if tenths is None else words.degrees(tenths)


def period(data):
    """The nights of a data set as a title says them."""
    kind, key = data["kind"], data["key"]
    first, last = date.fromisoformat(data["first"]), date.fromisoformat(data["last"])
    if kind in ("flash", "alert"):
        return _("Night of %(day)s") % {"day": date_format(last, str(WITH_YEAR))}
    if kind == "weekly":
        return _("Week %(week)s, %(first)s to %(last)s") % {
            "week": int(key[-2:]), "first": date_format(first, "d.m."), "last": date_format(last, "d.m.Y"),
        }  # fmt: skip
    if kind == "monthly":
        return date_format(first, "F Y")
    if kind == "season":
        return _("Season %(season)s") % {"season": key}
    return _("%(first)s to %(last)s") % {
        "first": date_format(first, "d.m.Y"),
        "last": date_format(last, "d.m.Y"),
    }


def name_of(row):
    """A period in a list: its kind and its nights, in few words."""
    kind = capfirst(str(row.get_kind_display()))
    if row.kind in ("flash", "alert"):
        return f"{kind} {date_format(row.last, 'd.m.Y')}"
    if row.kind == "note":
        return f"{kind} {date_format(row.first, 'd.m.')} – {date_format(row.last, 'd.m.Y')}"
    return f"{kind} {key_in_short(row.kind, row.key)}"


def key_in_short(kind, key):
    """How another period of the same kind is called beside a comparison."""
    if kind == "weekly":
        return pgettext("in short", "week %(week)s") % {"week": int(key[-2:])}
    if kind == "monthly":
        return date_format(date.fromisoformat(f"{key}-01"), "m/Y")
    return day(key) if kind == "flash" else key
