"""The rota: a month for 45 people, and the public shift scheduling instances where they lie beside the project.

The baseline of the month is the first plan, each person taking in turn what is best beside those before them; that of
a repair is to judge everybody once for each place. Public instances are compared with the best rosters known
(schedulingbenchmarks.org), and with a plain constraint program in the same time; ROSTER_INSTANCES names their folder.
"""

import os
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from config.start import ROOT
from shelter.rota import judging, repairing, rostering, staffing
from shelter.rota.pricing import RULES
from shelter.rota.rostering import text
from shelter.rota.timeline import Absence, midnight
from tests.bench import plain, shelter_month
from tests.bench.figures import Row, percentile
from tests.races import server

SECONDS = 60
SICK_CALLS, PATIENCE = 40, 10.0  # how many are tried, and how long each may take
BEST_KNOWN = {1: 607, 2: 828, 3: 1001, 4: 1716, 5: 1143, 6: 1950, 7: 1056, 8: 1300, 9: 439, 10: 4631}
INSTANCES = Path(os.environ.get("ROSTER_INSTANCES", ROOT.parent / "shared" / "data" / "curtois"))


def measure():
    yield from month()
    yield from season()
    yield from keystrokes()
    yield from instances()


def keystrokes():
    """A letter typed into the month of 60 people: until the house has answered with the grid drawn anew.

    Whoever types sees the letter before that; the answer brings what the law and the cover say to it.
    """
    print("The grid of 60 people and a month …", flush=True)
    with tempfile.TemporaryDirectory(prefix="foyer-bench-") as name:
        folder = Path(name)
        with server.database("sqlite", folder) as url:
            told = server.built("tests.bench.rota_grid", url=url, folder=folder)
    pages, bare = (percentile(told[kind], 0.95) * 1000 for kind in ("pages", "bare"))
    yield Row("rota: a letter in the grid, 95 of 100", pages, "ms", bare, 100, "rota.grid.keystroke")


def month():
    print("A month's rota for 45 people …", flush=True)
    case = shelter_month.case()
    told = []
    found = solved(case, SECONDS, told.append)
    first = told[0]
    kept, taken_out = staffing.lawful(case, staffing.places_of(case, found.roster))
    yield Row("rota: first plan", first.seconds, "s", 0, 1.0, "rota.month.first_plan")
    yield Row(f"  cost after {SECONDS} s", found.price.total, "", first.price, None, "rota.month.cost_60s")
    yield Row("  proven: at most so far from the best", found.gap or 0, "%", 0, 10, "rota.month.gap")
    yield Row("  places not filled", sum(missing for _place, missing in staffing.gaps(case, kept)), "", 0)
    yield Row("  shifts taken out by the law", taken_out, "", 0, 0)
    yield from sick_calls(case, kept)


def sick_calls(case, there):
    """Somebody falls out for one to three days, again and again: how soon the smallest repair and the cheapest ways."""
    chance = Random(11)
    repairs, ways, bare, proven, asked = [], [], [], 0, 0
    while asked < SICK_CALLS:
        lost, staff = _fallen_out(case, there, chance)
        if not lost:
            continue
        asked += 1
        bare.append(_timed(_everybody, lost, staff)[0])
        seconds, found = _timed(repairing.ways, lost, staff, go_on=_within(PATIENCE))
        repairs.append(seconds)
        proven += found.is_proven
        prices = repairing.Prices(500, 2000, 10, 30, {key: price.points for key, price in RULES.items()})
        ways.append(_timed(repairing.ways, lost, staff, prices=prices, most=3, go_on=_within(PATIENCE))[0])
    yield Row(
        "rota: smallest repair, 95 of 100", percentile(repairs, 0.95), "s", percentile(bare, 0.95), 2.0,
        "rota.repair.p95",
    )  # fmt: skip
    yield Row("  proven to be the smallest", 100 * proven / asked, "%", 0, 95, more_is_better=True)
    yield Row(
        "rota: three cheapest ways, 95 of 100", percentile(ways, 0.95), "s", percentile(bare, 0.95), 3.0,
        "rota.why_not.p95",
    )  # fmt: skip


def _fallen_out(case, there, chance):
    """The places somebody loses by being ill from a day on, and everybody as they stand without them."""
    who = chance.choice(case.staff).name
    first = case.first + timedelta(days=chance.randrange(3, 24))
    ill = Absence(midnight(first), midnight(first + timedelta(days=chance.randrange(1, 4))), "sick")
    lost = [place for name, place in there if name == who and place.stint.touches((ill.start, ill.end))]
    staff = []
    for number, each in enumerate(case.staff):
        mine = [place for name, place in there if name == each.name and not (name == who and place in lost)]
        known = replace(each, absences=(*each.absences, ill)) if each.name == who else each
        held = tuple(_duty(place) for place in mine if place.day >= first)
        staff.append(repairing.Colleague(number, staffing.line_of(case, known, mine), held, float(len(mine))))
    return [_duty(place) for place in lost], staff


def _duty(place):
    return repairing.Duty(replace(place.stint, role=place.skill), place.shift, place.is_critical)


def _everybody(lost, staff):
    for duty in lost:
        for each in staff:
            judging.against(each.line, duty.stint, is_protected=True)


def _within(seconds):
    until = time.perf_counter() + seconds
    return lambda: time.perf_counter() < until


def _timed(act, *known, **told):
    begun = time.perf_counter()
    result = act(*known, **told)
    return time.perf_counter() - begun, result


def season():
    """The whole season in one go, by the first plan only: every breach the check of the whole season finds."""
    case = shelter_month.case(days=152)
    begun = time.perf_counter()
    found = solved(case, 0, lambda _progress: None)
    seconds = time.perf_counter() - begun
    there = staffing.places_of(case, found.roster)
    mine = {staff.name: [place for name, place in there if name == staff.name] for staff in case.staff}
    breaches = sum(
        len(judging.findings(staffing.line_of(case, staff, mine[staff.name]))) for staff in case.staff
    )
    yield Row("rota: whole season, first plan", seconds, "s", 0, 10.0)
    yield Row("  breaches found by the season's check", breaches, "", 0, 0)
    yield Row("  places not filled", sum(missing for _place, missing in staffing.gaps(case, there)), "", 0)


def solved(case, seconds, tell):
    compiled = staffing.compiled(case)
    return rostering.solve(compiled.problem, seconds=seconds, tell=tell, personal=compiled.workforce)


def instances():
    for number, best in BEST_KNOWN.items():
        path = INSTANCES / f"Instance{number}.txt"
        if path.exists():
            problem = text.read(path)
            found = rostering.solve(problem, seconds=SECONDS)
            yield Row(
                f"public instance {number}", found.price.total / best, "× best",
                plain.cost(problem, SECONDS) / best, 1.01, f"rota.curtois.{number}",
            )  # fmt: skip
            yield Row("  proven: no roster is below", (found.bound or 0) / best, "× best", 0)
