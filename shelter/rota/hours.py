"""Public holidays of Luxembourg, and how a stretch of work divides into hours by day, night, Sunday and holiday. Pure.

Hours of one column may count in another as well: a Sunday night is both. Percentages are the employer's affair; where
they are not known nothing is calculated from these columns.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from holidays import country_holidays

from shelter import nights
from shelter.rota.timeline import Stint, midnight

SUNDAY = 6
LANGUAGES = {"en": "en_US"}


@lru_cache(maxsize=64)
def _of_year(year: int, language: str) -> dict[date, str]:
    return dict(country_holidays("LU", years=year, language=LANGUAGES.get(language, language)))


def name_of(day: date, language: str = "fr") -> str:
    """The name of the public holiday a date is (Code du travail, L.232-2); empty for any other day."""
    return _of_year(day.year, language).get(day, "")


def is_holiday(day: date) -> bool:
    return bool(name_of(day))


@dataclass(frozen=True)
class Hours:
    """Minutes worked: all, and those between 22:00 and 06:00, on Sundays, on public holidays."""

    worked: int = 0
    night: int = 0
    sunday: int = 0
    holiday: int = 0

    def __add__(self, other: "Hours") -> "Hours":
        return Hours(
            self.worked + other.worked,
            self.night + other.night,
            self.sunday + other.sunday,
            self.holiday + other.holiday,
        )


def hours_of(stint: Stint) -> Hours:
    """The columns of a stretch of work, in real minutes, divided at each local midnight."""
    total = Hours(worked=stint.minutes, night=stint.night_minutes)
    for day in nights.between(stint.day, nights.local(stint.end).date()):
        minutes = stint.minutes_in((midnight(day), midnight(day + nights.ONE_DAY)))
        total += Hours(
            sunday=minutes if day.weekday() == SUNDAY else 0, holiday=minutes if is_holiday(day) else 0
        )
    return total
