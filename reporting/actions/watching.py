"""What somebody must be told at once: two tense nights running, somebody without a bed, too many registered."""

from datetime import timedelta

from reporting.actions.scheduling import alert
from reporting.indicators.use import TENSE
from reporting.queries.facts import window
from shelter import clock, nights, queries
from shelter.models import Night
from shelter.models.ledger import WHOSE
from shelter.queries.house import board_of, capacity_of
from shelter.queries.watch import census_moment

AFTER_CENSUS = timedelta(minutes=5)


def watch():
    """Write the alerts that the last night and tonight call for; each once."""
    tonight = queries.night_of(clock.tonight())
    if tonight is not None and tonight.state in (Night.State.LIST_FROZEN, Night.State.DOORS_OPEN):
        _forecast(tonight)
    now = clock.now()
    day = nights.night_of(now)
    if now < census_moment(day) + AFTER_CENSUS:
        day -= nights.ONE_DAY
    last = Night.objects.filter(date=day, state__in=Night.RAN).first()
    if last is not None and now < census_moment(day) + nights.ONE_DAY:
        _last_night(last)


def _forecast(tonight):
    standing = tonight.registrations.filter(withdrawn_at=None).annotate(whose=WHOSE).order_by()
    registered = standing.values("whose").distinct().count()
    if registered > capacity_of(board_of(tonight)).in_service:
        alert(night=tonight, why="forecast")


def _last_night(night):
    found = window(night.date - nights.ONE_DAY, night.date).nights
    if not found or found[-1].night != night.date:
        return
    if found[-1].without_bed:
        alert(night=night, why="without_bed")
    tense = [each.in_service and 100 * each.slept >= TENSE * each.in_service for each in found]
    if len(tense) > 1 and all(tense):
        alert(night=night, why="tense")
