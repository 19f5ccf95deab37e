"""Made-up shift scheduling instances in the public text format, each drawn from a seed."""

from dataclasses import dataclass
from random import Random

CODES = ("E", "D", "L", "N")
NAMES = ("A", "B", "C", "D", "Ana", "Ben", "Zoé", "AA", "A1")
LENGTHS = (360, 390, 450, 480, 480, 600, 720)
PRICES = ((100, 1), (100, 1), (60, 15), (7, 3), (4, 9))


@dataclass(frozen=True)
class MadeUp:
    """The text of an instance, and a roster within its rules: rows of person, day and shift."""

    text: str
    rows: tuple


def solvable(seed, *, people=(4, 9), days=(14, 28), kinds=(1, 4)):
    """An instance around a roster that was drawn first, so that there is one; every rule is close about it."""
    random = Random(f"solvable {seed}")
    days = random.randint(*days)
    shifts = _shifts(random, random.randint(*kinds))
    staff, days_off, rows = [], [], []
    for name in NAMES[: random.randint(*people)]:
        longest = random.randint(3, 6)
        shortest, rest = random.randint(1, 3), random.randint(1, 3)
        known = random.sample(list(shifts), random.randint(1, len(shifts)))
        roster = _roster(random, days, shifts, known, (shortest, longest), rest)
        staff.append(_staff_row(random, name, roster, shifts, (shortest, longest, rest)))
        free = [day for day in range(days) if roster[day] is None]
        days_off.append([name, *sorted(random.sample(free, min(len(free), random.randint(0, 3))))])
        rows += [(name, day, shift) for day, shift in enumerate(roster) if shift]
    return MadeUp(
        _text(
            days,
            shifts,
            staff,
            days_off,
            _requests(random, days, staff, shifts),
            _cover(random, days, shifts, rows),
        ),
        tuple(rows),
    )


def puzzle(seed, *, people=3):
    """Few days, and rules at random: many people of these can have no roster at all. Nobody is wanted."""
    random = Random(f"puzzle {seed}")
    kinds, days = random.choice(((2, 7), (2, 8), (1, 9), (1, 13)))
    shifts = {
        code: (random.choice(LENGTHS), [other for other in CODES[:kinds] if random.random() < 0.25])
        for code in CODES[:kinds]
    }
    longest_day = max(minutes for minutes, _after in shifts.values())
    staff, days_off = [], []
    for name in NAMES[:people]:
        least = random.choice((0, random.randint(0, days // 2))) * random.choice((longest_day, 360, 100))
        longest = random.randint(1, 8)
        staff.append(
            [
                name,
                "|".join(f"{code}={random.choice((0, 1, 2, 3, 6, 7, 8, days))}" for code in shifts),
                least + random.choice((0, 480, 1000, 2000, 5000)),
                least,
                longest,
                random.randint(1, min(4, longest)),
                random.randint(1, 4),
                random.randint(0, 2),
            ]
        )
        days_off.append([name, *sorted(random.sample(range(days), random.choice((0, 1, 3))))])
    return MadeUp(_text(days, shifts, staff, days_off, ([], []), []), ())


def _shifts(random, kinds):
    """Minutes by shift, and which shifts may not follow; a shift may always follow itself."""
    codes = CODES[:kinds]
    return {
        code: (
            random.choice(LENGTHS),
            [
                other
                for place, other in enumerate(codes)
                if other != code and random.random() < (0.7 if place < codes.index(code) else 0.1)
            ],
        )
        for code in codes
    }


def _roster(random, days, shifts, known, runs, rest):
    """Runs of work and of days off in turn, the first and the last one of any length."""
    roster, is_work = [], random.random() < 0.6
    while len(roster) < days:
        begins = not roster
        length = random.randint(1 if begins else runs[0], runs[1]) if is_work else rest + random.randint(0, 2)
        for _day in range(length):
            before = roster[-1] if roster else None
            after = [code for code in known if before is None or code not in shifts[before][1]]
            roster.append(random.choice(after) if is_work else None)
        is_work = not is_work
    return roster[:days]


def _staff_row(random, name, roster, shifts, runs):
    shortest, longest, rest = runs
    minutes = sum(shifts[shift][0] for shift in roster if shift)
    weekends = sum(any(roster[saturday : saturday + 2]) for saturday in range(5, len(roster), 7))
    limits = {
        code: random.choice((roster.count(code), roster.count(code) + 1, len(roster))) for code in shifts
    }
    return [
        name,
        "|".join(f"{code}={limit}" for code, limit in limits.items()),
        minutes + random.choice((0, 200, 480, 960)),
        max(0, minutes - random.choice((0, 200, 480, 960, minutes))),
        longest,
        shortest,
        rest,
        weekends + random.randint(0, 1),
    ]


def _requests(random, days, staff, shifts):
    """Rows of shifts that somebody wishes, and of such that they do not."""
    asked = {
        (name, day, random.choice(list(shifts)))
        for name, *_rules in staff
        for day in random.sample(range(days), random.randint(0, min(6, days)))
    }
    both = ([], [])
    for request in sorted(asked):
        random.choice(both).append([*request, random.randint(1, 9)])
    return both


def _cover(random, days, shifts, rows):
    under, over = random.choice(PRICES)
    there = [(day, shift) for _name, day, shift in rows]
    return [
        [day, shift, max(0, there.count((day, shift)) + random.choice((-1, 0, 0, 1))), under, over]
        for day in range(days)
        for shift in shifts
        if random.random() < 0.95
    ]


def _text(days, shifts, staff, days_off, requests, cover):
    wished, unwished = requests
    sections = {
        "HORIZON": [[days]],
        "SHIFTS": [[code, minutes, "|".join(after)] for code, (minutes, after) in shifts.items()],
        "STAFF": staff,
        "DAYS_OFF": [row for row in days_off if len(row) > 1],
        "SHIFT_ON_REQUESTS": wished,
        "SHIFT_OFF_REQUESTS": unwished,
        "COVER": cover,
    }
    lines = ["# Made up."]
    for name, rows in sections.items():
        lines += [
            f"SECTION_{name}",
            "# A comment, with commas",
            *(",".join(map(str, row)) for row in rows),
            "",
        ]
    return "\n".join(lines)
