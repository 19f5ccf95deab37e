"""What people and the clock note for the reports: weather, remarks, the causes of empty beds."""

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from reporting import errors
from reporting.actions.freezing import revise
from reporting.log import Verb
from reporting.models import EmptyBeds, NightWeather, Remark, Report
from reporting.queries import reports
from reporting.queries.facts import window
from shelter import clock
from shelter.log import record
from shelter.models import Night, Season

SEALED_AT_A_TIME = 20


@transaction.atomic
def note_weather(*, rows, source, by):
    """The weather of nights: (date, lowest temperature in degrees Celsius, wet or None); later notes count."""
    for night, minimum, is_wet in rows:
        NightWeather.objects.update_or_create(
            night=night,
            defaults={
                "minimum": minimum, "is_wet": is_wet, "source": source, "noted_by": by.person,
                "noted_at": clock.now(),
            },
        )  # fmt: skip
    if rows:
        days = [row[0] for row in rows]
        record(
            Verb.WEATHER_NOTED,
            by=by,
            number=len(rows),
            first=min(days).isoformat(),
            last=max(days).isoformat(),
        )


@transaction.atomic
def write_remark(*, period, text, by):
    """What stands out in a period. Written after its figures were frozen, it makes the next revision."""
    # Figures that are being frozen beside this are reckoned once more, with the remark.
    Season.objects.select_for_update(no_key=True).get(pk=period.season_id)
    latest = reports.latest(Report.objects.filter(period=period)).first()
    if latest is not None and latest.state == Report.State.WANTED:
        raise errors.NotReady()
    remark = Remark.objects.create(period=period, text=text, by=by.person, at=clock.now())
    record(Verb.REMARK_WRITTEN, by=by, kind=period.kind, key=period.key)
    if latest is not None:
        revise(latest)
    return remark


def keep_causes():
    """Write down why beds stood empty in nights that were sealed, or sealed again, since this was last done."""
    kept = EmptyBeds.objects.filter(night=OuterRef("pk")).order_by("id").values("sealed_at")[:1]
    fresh = (
        Night.objects.filter(state=Night.State.DEFINITIVE)
        .annotate(kept_at=Subquery(kept))
        .filter(Q(kept_at=None) | ~Q(kept_at=F("sealed_at")))
        .order_by("date")[:SEALED_AT_A_TIME]
    )
    for night in list(fresh):
        _keep_causes_of(night)


def _keep_causes_of(night):
    facts = window(night.date, night.date).nights
    causes = dict(facts[0].empty) if facts else {}
    with transaction.atomic():
        fresh = Night.objects.select_for_update(no_key=True).filter(pk=night.pk, sealed_at=night.sealed_at)
        was_kept = EmptyBeds.objects.filter(night=night, sealed_at=night.sealed_at)
        if not fresh.exists() or was_kept.exists():  # opened again meanwhile, or another tick was faster
            return
        EmptyBeds.objects.filter(night=night).delete()
        rows = causes or {"no_demand": 0}  # a full house has been looked at too
        EmptyBeds.objects.bulk_create(
            EmptyBeds(night=night, sealed_at=night.sealed_at, cause=cause, number=number)
            for cause, number in rows.items()
        )
