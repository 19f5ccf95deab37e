"""An invented month (or season) of a shelter for the benchmark: 45 people, three organisations, 20 places a night.

Contracts, qualifications, leave and wishes are drawn from one seed. Nobody in it exists.
"""

from datetime import date, timedelta
from random import Random

from shelter import nights
from shelter.rota.staffing import Case, Place, Staff, Team, Wanted
from shelter.rota.terms import Terms
from shelter.rota.timeline import Absence, Stint, midnight

FIRST = date(2026, 11, 16)
KINDS = {
    "evening": ("18:30", "00:30"),
    "night_a": ("21:00", "07:00"),
    "night_b": ("23:00", "09:00"),
    "morning": ("06:00", "10:00"),
}
WANTED = {
    "evening": {"lead": 1, "social": 1, "host": 3, "logistics": 1},
    "night_a": {"lead": 1, "nurse": 1, "social": 1, "host": 3},
    "night_b": {"host": 2, "social": 1},
    "morning": {"lead": 1, "host": 2, "logistics": 2},
}
ORGANISATIONS = ("HUT",) * 18 + ("CRL",) * 15 + ("IA",) * 12
HOURS = (40,) * 12 + (30,) * 13 + (20,) * 20
DUTIES = (("lead", 12), ("nurse", 9), ("social", 16), ("host", 30), ("logistics", 14))
TERMS = {
    "days_in_a_row": 5,
    "nights_in_a_row": 4,
    "break_least": None,
    "free_weekends": None,
    "tolerance_percent": None,
}


def case(days=30, seed=7, first=FIRST):
    """The case; the same seed gives the same."""
    chance = Random(seed)
    places = tuple(place for day in range(days) for place in _places(first + timedelta(days=day)))
    organisations, hours = list(ORGANISATIONS), list(HOURS)
    chance.shuffle(organisations)
    chance.shuffle(hours)
    duties = _duties(chance)
    staff = tuple(
        _staff(chance, f"p{number:02d}", organisations[number], hours[number], duties[number], first, days)
        for number in range(45)
    )
    return Case(first, first + timedelta(days=days - 1), places, _with_shares(staff, places), (Team(2),))


def _places(day):
    wanted = {kind: dict(duties) for kind, duties in WANTED.items()}
    if day.weekday() in (1, 4, 6):
        wanted["morning"]["social"] = 1
    for number, (kind, (starts, ends)) in enumerate(KINDS.items()):
        start = _at(day, starts)
        end = _at(day if ends > starts else day + nights.ONE_DAY, ends)
        for skill, minimum in wanted[kind].items():
            critical = skill in ("lead", "nurse")
            yield Place(
                10 * day.toordinal() + number, kind, skill, day, Stint(start, end), minimum, minimum, critical
            )


def _at(day, text):
    hour, minute = map(int, text.split(":"))
    return midnight(day) + timedelta(hours=hour, minutes=minute)


def _duties(chance):
    held = [set() for _person in range(45)]
    for duty, number in DUTIES:
        for person in chance.sample(range(45), number):
            held[person].add(duty)
    for duties in held:
        if not duties:
            duties.add("host")
    return held


def _staff(chance, name, organisation, hours, duties, first, days):
    absences, wishes = [], []
    if chance.random() < 0.35:
        begin = first + timedelta(days=chance.randrange(days))
        absences.append(
            Absence(midnight(begin), midnight(begin + timedelta(days=chance.choice([3, 5, 7, 10]))), "leave")
        )
    if chance.random() < 0.3:
        begin = first + timedelta(days=chance.randrange(days))
        absences.append(Absence(midnight(begin), midnight(begin + timedelta(days=2)), "sick"))
    if hours == 20:
        free = chance.randrange(7)
        for day in range(days):
            here = first + timedelta(days=day)
            if here.weekday() == free:
                absences.append(Absence(midnight(here), midnight(here + nights.ONE_DAY), "unavailable"))
    for _wish in range(round(days / 30 * chance.choice([1, 2, 3, 4, 5]))):
        wishes.append(
            Wanted(first + timedelta(days=chance.randrange(days)), "", False, chance.choice([1, 2, 3]))
        )
    for _wish in range(round(days / 30 * chance.choice([0, 1, 2, 4]))):
        kind = chance.choice(list(KINDS))
        wishes.append(
            Wanted(first + timedelta(days=chance.randrange(days)), kind, True, chance.choice([1, 2]))
        )
    return Staff(
        name=name,
        organisation=organisation,
        terms=Terms(weekly_minutes=hours * 60, **TERMS),
        skills={duty: ((first - timedelta(days=300), None),) for duty in duties},
        absences=tuple(absences),
        wishes=tuple({(wish.day, wish.is_on): wish for wish in wishes}.values()),
        minutes_due=round(hours * 60 * days / 7),
    )


def _with_shares(staff, places):
    from shelter.rota.sharing import with_shares

    return with_shares(staff, places)
