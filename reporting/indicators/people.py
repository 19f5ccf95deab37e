"""Who the people were: how many, how often they came, and their traits. Distinct people are never summed."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from statistics import median

from django.utils.translation import gettext_lazy as _

from reporting.facts import Stay, Window
from reporting.indicators.registry import BED_NIGHTS, NIGHTS, PEOPLE, Register
from reporting.values import Ratio, Table
from shelter import nights

AWAY = timedelta(days=15)  # from one night to the next: fourteen nights lie between
LENGTHS = ((1, "1"), (7, "2-7"), (30, "8-30"), (90, "31-90"))
LONGEST = "91-"

indicator = Register()
INDICATORS = indicator.found


@indicator(
    "persons", PEOPLE, _("Different people"),
    _(
        "People who slept in the house at least once, each counted once by the number that counts after files were "
        "joined. Figures of several periods must not be added."
    ),
    "bed_night", "occupant", counts_people=True,
)  # fmt: skip
def persons(window: Window) -> int:
    return len(window.by_person)


@indicator(
    "new_persons", PEOPLE, _("New people"),
    _("Different people who had not slept in the house before in any season that the register knows."),
    "bed_night", "occupant", counts_people=True,
)  # fmt: skip
def new_persons(window: Window) -> int:
    return sum(_is_new(window, person) for person in window.by_person)


@indicator(
    "returning_persons", PEOPLE, _("People known from earlier seasons"),
    _("Different people who slept in the house in an earlier season."),
    "bed_night", "occupant", counts_people=True,
)  # fmt: skip
def returning_persons(window: Window) -> int:
    return sum(window.before[person].earlier_season for person in window.by_person if person in window.before)


@indicator(
    "reentering_persons", PEOPLE, _("People who came back"),
    _("Different people who slept in the house again after at least fourteen nights away in the same season."),
    "bed_night", "occupant", counts_people=True,
)  # fmt: skip
def reentering_persons(window: Window) -> int:
    return sum(_came_back(window, person) for person in window.by_person)


@indicator(
    "persons_by_past", PEOPLE, _("Different people by whether they were here before"),
    _(
        "Different people, each on exactly one line: never here before; here in an earlier season; otherwise here "
        "earlier in this season."
    ),
    "bed_night", "occupant", over="past", counts_people=True,
)  # fmt: skip
def persons_by_past(window: Window) -> Table:
    return dict(sorted(Counter(_past(window, person) for person in window.by_person).items()))


@indicator(
    "nights_a_person", NIGHTS, _("Nights a person, mean"),
    _("Nights slept divided by different people. Many short stays hide behind it: see the median and the bands."),
    "bed_night", "occupant",
)  # fmt: skip
def nights_a_person(window: Window) -> Ratio:
    return Ratio(len(window.stays), len(window.by_person))


@indicator(
    "median_nights", NIGHTS, _("Nights a person, median"),
    _("Half of the different people slept at most so many nights in the house; between two numbers their mean."),
    "bed_night", "occupant",
)  # fmt: skip
def median_nights(window: Window) -> float | None:
    return median(map(len, window.nights_of.values())) if window.nights_of else None


@indicator(
    "persons_by_length", PEOPLE, _("Different people by nights slept"),
    _("Different people by how many nights they slept in these nights: 1, 2 to 7, 8 to 30, 31 to 90, more."),
    "bed_night", "occupant", over="length", counts_people=True,
)  # fmt: skip
def persons_by_length(window: Window) -> Table:
    return dict(sorted(Counter(_length(len(slept)) for slept in window.nights_of.values()).items()))


@indicator(
    "longest_run", NIGHTS, _("Longest run of nights"),
    _("The most nights in a row, of those the house was open, that one person slept in it."),
    "bed_night", "occupant", "night",
)  # fmt: skip
def longest_run(window: Window) -> int:
    place = {night.night: number for number, night in enumerate(window.nights)}
    longest = 0
    for slept in window.nights_of.values():
        run, last = 0, None
        for night in slept:
            run = run + 1 if last is not None and place[night] == last + 1 else 1
            longest, last = max(longest, run), place[night]
    return longest


def _by_person(trait: Callable[[Stay], str]) -> Callable[[Window], Table]:
    """Different people by a trait as it was at their last night of these."""

    def counted(window: Window) -> Table:
        return dict(sorted(Counter(trait(stays[-1]) for stays in window.by_person.values()).items()))

    return counted


def _by_night(trait: Callable[[Stay], str]) -> Callable[[Window], Table]:
    def counted(window: Window) -> Table:
        return dict(sorted(Counter(map(trait, window.stays)).items()))

    return counted


def _sex(stay: Stay) -> str:
    return stay.sex


def _age(stay: Stay) -> str:
    return stay.age


def _origin(stay: Stay) -> str:
    return stay.origin


persons_by_sex = indicator(
    "persons_by_sex", PEOPLE, _("Different people by sex"),
    _("Different people by sex as it is written in the register; where it is not known, on a line of its own."),
    "occupant", "bed_night", over="sex", counts_people=True,
)(_by_person(_sex))  # fmt: skip
persons_by_age = indicator(
    "persons_by_age", PEOPLE, _("Different people by age"),
    _("Different people by their age at the last of their nights, from the year of birth; bands are a setting."),
    "occupant", "bed_night", "setting", over="age", counts_people=True,
)(_by_person(_age))  # fmt: skip
persons_by_origin = indicator(
    "persons_by_origin", PEOPLE, _("Different people by nationality"),
    _("Different people by group of nationality: Luxembourg, another country of the EU, a third country, not known."),
    "occupant", "bed_night", over="origin", counts_people=True,
)(_by_person(_origin))  # fmt: skip
bed_nights_by_sex = indicator(
    "bed_nights_by_sex", BED_NIGHTS, _("Nights slept by sex"),
    _("Nights slept by the sex of the person."), "occupant", "bed_night", over="sex",
)(_by_night(_sex))  # fmt: skip
bed_nights_by_age = indicator(
    "bed_nights_by_age", BED_NIGHTS, _("Nights slept by age"),
    _("Nights slept by the age of the person in that night."), "occupant", "bed_night", "setting", over="age",
)(_by_night(_age))  # fmt: skip
bed_nights_by_origin = indicator(
    "bed_nights_by_origin", BED_NIGHTS, _("Nights slept by nationality"),
    _("Nights slept by the person’s group of nationality."), "occupant", "bed_night", over="origin",
)(_by_night(_origin))  # fmt: skip


def _past(window: Window, person: int) -> str:
    if _is_new(window, person):
        return "new"
    return "earlier_season" if window.before[person].earlier_season else "this_season"


def _is_new(window: Window, person: int) -> bool:
    before = window.before.get(person)
    return before is None or not (before.earlier_season or before.last_night)


def _came_back(window: Window, person: int) -> bool:
    before = window.before.get(person)
    slept = list(window.nights_of[person])
    if before is not None and before.last_night is not None:
        slept.insert(0, before.last_night)
    return any(
        later - earlier >= AWAY and nights.season_name(later) == nights.season_name(earlier)
        for earlier, later in pairwise(slept)
    )


def _length(number: int) -> str:
    return next((name for most, name in LENGTHS if number <= most), LONGEST)
