"""Builds N winters of 152 nights and 300 beds, makes the last one's reports, and prints how long some took, as JSON.

A program of its own (`python -m tests.bench.report_season WINTERS`). Nights are written row by row. The baseline of a
report is reportlab drawing the pages of all its papers (two editions in two languages) from accounts in hand.
"""

import json
import sys
import time
from datetime import date, timedelta
from random import Random

from tests.bench import wsgi  # isort: skip # sets the applications up

import shelter.demo  # isort: skip
from django.core.management import call_command  # isort: skip
from django.utils.translation import override  # isort: skip

from reporting import paper  # isort: skip
from reporting.actions import freezing, rendering, scheduling  # isort: skip
from reporting.models import Paper, Period  # isort: skip
from reporting.paper.report import story  # isort: skip
from reporting.telling import account_of  # isort: skip
from shelter import clock, nights  # isort: skip
from shelter.actions import planning  # isort: skip
from shelter.demo import BY  # isort: skip
from shelter.models import BedNight, Night, Occupant  # isort: skip
from shelter.paper import Sheet, bound  # isort: skip
from shelter.standing import beds_on  # isort: skip

LONGER = (Period.Kind.WEEKLY, Period.Kind.MONTHLY, Period.Kind.SEASON)
FIRST, LAST = date(2026, 11, 15), date(2027, 4, 15)
PEOPLE, NEW_A_NIGHT = 1_200, 11
SLEEPERS = 290
BATCH = 5_000
_AT = (nights.NOON.replace(hour=20), nights.NOON.replace(hour=8))  # when everybody comes and goes
assert wsgi


def main():
    winters = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    begin = FIRST.replace(year=FIRST.year - winters + 1)
    shelter.demo.build(begin, LAST.replace(year=begin.year + 1), winter=begin)
    for year in range(begin.year + 1, FIRST.year + 1):
        planning.add_period(
            service="night", first_date=FIRST.replace(year=year), last_date=LAST.replace(year=year + 1), by=BY
        )
    _live()
    with clock.at(nights.instant_of(LAST, nights.NOON) + timedelta(days=40)):
        scheduling.settle()
        last = Period.objects.filter(season__name=nights.season_name(LAST), kind__in=LONGER)
        made = {(period.kind, period.key): _made(period) for period in last.order_by("due_at")}
        told = {"monthly": made["monthly", "2027-01"], "season": made["season", "2026/27"]}
    print(json.dumps(told))


def _live():
    """Every night closed for good, each bed with a sleeper but a few; people come for weeks and go again."""
    chance = Random(7)
    beds = [bed.id for bed in beds_on(FIRST)][:SLEEPERS]
    sexes, origins = ["man"] * 14 + ["woman"], ["luxembourg", "eu", "third_country", "unknown"]
    for season in sorted(set(Night.objects.values_list("season", flat=True))):
        people = [
            Occupant(
                sex=chance.choice(sexes), birth_year=chance.randint(1950, 2005), origin=chance.choice(origins)
            )
            for _number in range(PEOPLE)
        ]
        people = list(Occupant.objects.bulk_create(people))
        rows = []
        lived = list(Night.objects.filter(season=season).order_by("date"))
        for number, night in enumerate(lived):
            begin = min(number * NEW_A_NIGHT // 2, PEOPLE - len(beds) - 1)
            came = chance.sample(people[begin : begin + len(beds) + 60], chance.randint(200, len(beds)))
            arrived, left = nights.instant_of(night.date, _AT[0]), nights.instant_of(night.date, _AT[1])
            rows += [
                BedNight(
                    night=night, bed_id=bed, occupant=person, state="left", arrived_at=arrived, left_at=left
                )
                for bed, person in zip(beds, came, strict=False)
            ]
        BedNight.objects.bulk_create(rows, batch_size=BATCH)
        for night in lived:
            _close(night)


def _close(night):
    for name in Night.TIMES.values():
        setattr(night, name, nights.instant_of(night.date, _AT[1]))
    night.state = Night.State.DEFINITIVE
    night.save()


def _made(period):
    """Seconds from wanting the report to its papers, and for drawing the pages of the same papers alone."""
    report = scheduling.want(period)
    begun = time.perf_counter()
    assert freezing.freeze(report)
    report.refresh_from_db()
    assert rendering.render(report)
    whole = time.perf_counter() - begun
    papers = Paper.objects.filter(data_set__report=report, form=Paper.Form.PDF).select_related("data_set")
    drawn = []
    for each in papers:
        data = json.loads(each.data_set.text)
        again = paper.report_pdf(data, each.data_set.sha256, each.language)
        assert again == bytes(each.content), "the same data set must be the same file"
        drawn.append(_drawn(data, each.language))
    return {"whole": whole, "drawing": sum(drawn), "papers": len(drawn)}


def _drawn(data, language):
    with override(language):
        told = account_of(data)
        sheet = Sheet("", "", "", clock.now(), language)
        begun = time.perf_counter()
        bound(sheet, story(told))
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()
