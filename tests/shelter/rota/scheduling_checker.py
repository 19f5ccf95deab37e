"""Judges rosters of the public shift scheduling instances, by its own reading of their text and their rules.

Written from what the instances' page and their headers say, and from nothing in `shelter`: what both agree on was
understood twice. Plain loops; a roster is a list of rows of person, day and shift, as the benchmark writes it.
"""

import csv
from dataclasses import dataclass, field
from pathlib import Path

SATURDAY = 5
OFF = None


@dataclass
class Rules:
    """What one person's roster must keep to."""

    most_of: dict
    most_minutes: int
    least_minutes: int
    longest_run: int
    shortest_run: int
    shortest_rest: int
    most_weekends: int
    days_off: set = field(default_factory=set)


@dataclass
class Instance:
    days: int
    minutes: dict  # by shift
    may_not_follow: dict  # by shift
    staff: dict  # rules by person
    cover: list  # day, shift, wanted, price of one missing, price of one too many
    wished: list  # person, day, shift, weight
    unwished: list


def read(path):
    rows = _rows_by_section(Path(path).read_text(encoding="utf-8"))
    instance = Instance(
        days=int(rows["HORIZON"][0][0]),
        minutes={row[0]: int(row[1]) for row in rows["SHIFTS"]},
        may_not_follow={row[0]: set(row[2].split("|")) - {""} for row in rows["SHIFTS"]},
        staff={row[0]: _rules(row) for row in rows["STAFF"]},
        cover=[(int(row[0]), row[1], int(row[2]), int(row[3]), int(row[4])) for row in rows["COVER"]],
        wished=[(row[0], int(row[1]), row[2], int(row[3])) for row in rows.get("SHIFT_ON_REQUESTS", [])],
        unwished=[(row[0], int(row[1]), row[2], int(row[3])) for row in rows.get("SHIFT_OFF_REQUESTS", [])],
    )
    for row in rows.get("DAYS_OFF", []):
        instance.staff[row[0]].days_off |= {int(day) for day in row[1:]}
    return instance


def _rows_by_section(text):
    rows, section = {}, None
    for line in text.split("\n"):
        line = line.strip()
        if line == "" or line[0] == "#":
            continue
        if line[:8] == "SECTION_":
            section = line[8:]
            rows[section] = []
        else:
            rows[section].append([cell.strip() for cell in line.split(",")])
    return rows


def _rules(row):
    most_of = {}
    for limit in row[1].split("|"):
        shift, number = limit.split("=")
        most_of[shift] = int(number)
    return Rules(most_of, *[int(cell) for cell in row[2:8]])


def read_roster(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return [(person, int(day), shift) for person, day, shift in csv.reader(file)]


def check(instance, rows):
    """What a roster costs, and a sentence about all that is wrong with it."""
    return objective(instance, rows), [f"{person} {wrong}" for person, wrong in violations(instance, rows)]


def objective(instance, rows):
    cost = 0
    for person, day, shift, weight in instance.wished:
        if (person, day, shift) not in rows:
            cost += weight
    for person, day, shift, weight in instance.unwished:
        if (person, day, shift) in rows:
            cost += weight
    for day, shift, wanted, under, over in instance.cover:
        there = 0
        for _person, other_day, other_shift in rows:
            if (other_day, other_shift) == (day, shift):
                there += 1
        if there < wanted:
            cost += (wanted - there) * under
        if there > wanted:
            cost += (there - wanted) * over
    return cost


def violations(instance, rows):
    """Person and what is wrong, for each rule that is broken."""
    found = []
    rosters = {person: [OFF] * instance.days for person in instance.staff}
    for person, day, shift in rows:
        if person not in rosters or shift not in instance.minutes or not 0 <= day < instance.days:
            found.append((person, f"has a shift {shift} on day {day} that is not in the instance"))
        elif rosters[person][day] is not OFF:
            found.append((person, f"works two shifts on day {day}"))
        else:
            rosters[person][day] = shift
    for person, roster in rosters.items():
        found += [(person, wrong) for wrong in wrongs(instance, instance.staff[person], roster)]
    return found


def wrongs(instance, rules, roster):
    """What is wrong with the roster of one person: a list of the shift of each day, or OFF."""
    found = []
    minutes = 0
    for shift in instance.minutes:
        times = roster.count(shift)
        minutes += times * instance.minutes[shift]
        if times > rules.most_of.get(shift, 0):
            found.append(f"works {shift} {times} times")
    if minutes > rules.most_minutes:
        found.append(f"works {minutes} minutes, too many")
    if minutes < rules.least_minutes:
        found.append(f"works {minutes} minutes, too few")
    for day in rules.days_off:
        if roster[day] is not OFF:
            found.append(f"works on day {day}, a day off")
    for day in range(1, instance.days):
        if roster[day - 1] is not OFF and roster[day] in instance.may_not_follow[roster[day - 1]]:
            found.append(f"works {roster[day]} after {roster[day - 1]} on day {day}")
    weekends = 0
    for saturday in range(SATURDAY, instance.days, 7):
        if roster[saturday : saturday + 2].count(OFF) < len(roster[saturday : saturday + 2]):
            weekends += 1
    if weekends > rules.most_weekends:
        found.append(f"works {weekends} weekends")
    for first, last, is_work in _runs(roster):
        length = last - first + 1
        at_an_end = first == 0 or last == instance.days - 1
        if is_work and length > rules.longest_run:
            found.append(f"works {length} days in a row from day {first}, too many")
        if is_work and length < rules.shortest_run and not at_an_end:
            found.append(f"works {length} days in a row from day {first}, too few")
        if not is_work and length < rules.shortest_rest and not at_an_end:
            found.append(f"is off {length} days in a row from day {first}, too few")
    return found


def _runs(roster):
    """First day, last day and whether it is work, of each run of days that are alike."""
    runs, first = [], 0
    for day in range(1, len(roster) + 1):
        if day == len(roster) or (roster[day] is OFF) != (roster[first] is OFF):
            runs.append((first, day - 1, roster[first] is not OFF))
            first = day
    return runs


def every_roster(instance, rules):
    """Every roster one person may have, one after the other: only for a few days and shifts."""
    begun = [[]]
    for day in range(instance.days):
        choices = [OFF]
        if day not in rules.days_off:
            choices += [shift for shift in instance.minutes if rules.most_of.get(shift, 0) > 0]
        begun = [
            [*days, shift]
            for days in begun
            for shift in choices
            if day == 0 or days[-1] is OFF or shift not in instance.may_not_follow[days[-1]]
        ]
    return [roster for roster in begun if wrongs(instance, rules, roster) == []]
