"""The rota: a month for 45 people, and the public shift scheduling instances where they lie beside the project.

The baseline of the month is the first plan, each person taking in turn what is best beside those before them. Public
instances are compared with the best rosters known (schedulingbenchmarks.org); ROSTER_INSTANCES names their folder.
"""

import os
import time
from pathlib import Path

from config.start import ROOT
from shelter.rota import judging, rostering, staffing
from shelter.rota.rostering import text
from tests.bench import shelter_month
from tests.bench.figures import Row

SECONDS = 60
BEST_KNOWN = {1: 607, 2: 828, 3: 1001, 4: 1716, 5: 1143, 6: 1950, 7: 1056, 8: 1300, 9: 439, 10: 4631}
INSTANCES = Path(os.environ.get("ROSTER_INSTANCES", ROOT.parent / "shared" / "data" / "curtois"))


def measure():
    yield from month()
    yield from season()
    yield from instances()


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
            found = rostering.solve(text.read(path), seconds=SECONDS)
            yield Row(
                f"public instance {number}", found.price.total / best, "× best", (found.bound or 0) / best, 1.01,
                f"rota.curtois.{number}",
            )  # fmt: skip
