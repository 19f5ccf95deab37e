"""Which reports there will be, and when each is wanted. Safe to call again, doubled or late."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q

from reporting import errors, periods
from reporting.log import Verb
from reporting.models import Period, Report
from reporting.queries import reports
from shelter import clock, nights
from shelter.log import record
from shelter.models import Night, Season

AT_A_TIME = 20
LOOKED_AT_DAILY, LOOKED_AT_FOR = timedelta(days=10), timedelta(days=365)


def settle():
    """Write down the periods of every season whose nights are not all in them yet."""
    planned = Season.objects.annotate(
        all_nights=Count("nights", distinct=True),
        told=Count("report_periods", filter=Q(report_periods__kind=Period.Kind.FLASH), distinct=True),
    )
    for season in [season for season in planned if season.all_nights != season.told]:
        _settle(season)


@transaction.atomic
def _settle(season):
    """New periods are added; one that has grown by nights gets them, and is due when it ends now."""
    season = Season.objects.select_for_update(no_key=True).get(pk=season.pk)
    rows = {night.date: night for night in Night.objects.filter(season=season)}
    for period in periods.periods_of(season.name, rows):
        row, is_new = Period.objects.get_or_create(
            kind=period.kind,
            key=period.key,
            defaults={
                "season": season,
                "first": period.nights[0],
                "last": period.nights[-1],
                "due_at": period.due_at,
                "settled_at": clock.now(),
            },
        )
        if not is_new and (row.first, row.last) != (period.nights[0], period.nights[-1]):
            row.first, row.last, row.due_at = period.nights[0], period.nights[-1], period.due_at
            row.save(update_fields=["first", "last", "due_at"])
            made = Report.objects.filter(period=row).exclude(look_again_at=None)
            made.update(look_again_at=row.due_at)  # what was told of fewer nights is told again then
        row.nights.set([rows[day] for day in period.nights])


def want_due():
    """A first revision of each report that is due and was promised, the longest due first."""
    for period in reports.due()[:AT_A_TIME]:
        want(period)


def want(period):
    """The first revision of a period's report; the same again when there is one already."""
    report, _is_new = Report.objects.get_or_create(
        period=period, revision=1, defaults={"wanted_at": clock.now()}
    )
    return report


@transaction.atomic
def ask_for(*, period, by):
    """Somebody wants the report of a period that was never promised, or is not due yet."""
    if not period.nights.filter(state__in=Night.RAN).exists():
        raise errors.NothingToReport()
    report = want(period)
    record(Verb.REPORT_ASKED, by=by, kind=period.kind, key=period.key)
    return report


@transaction.atomic
def ask_for_note(*, first, last, by):
    """A note for parliament on any nights. Asked for again, the figures are looked at again."""
    ran = list(Night.objects.filter(date__range=(first, last), state__in=Night.RAN).order_by("date"))
    if not ran:
        raise errors.NothingToReport()
    period, is_new = Period.objects.get_or_create(
        kind=Period.Kind.NOTE,
        key=f"{first.isoformat()}--{last.isoformat()}",
        defaults={
            "season": ran[-1].season,
            "first": first,
            "last": last,
            "due_at": clock.now(),
            "settled_at": clock.now(),
            "asked_by": by.person,
        },
    )
    period.nights.set(ran)
    want(period)
    latest = reports.latest(Report.objects.filter(period=period))
    if not is_new:
        latest.update(look_again_at=clock.now())
    record(Verb.REPORT_ASKED, by=by, kind=period.kind, key=period.key)
    return latest.get()


@transaction.atomic
def alert(*, night, why):
    """Something to act on today. One alert a night for each reason; `why` is its code."""
    period, is_new = Period.objects.get_or_create(
        kind=Period.Kind.ALERT,
        key=f"{night.date.isoformat()}-{why}",
        defaults={
            "season": night.season,
            "first": night.date,
            "last": night.date,
            "due_at": clock.now(),
            "settled_at": clock.now(),
            "why": why,
        },
    )
    if is_new:
        period.nights.set([night])
    return period


def next_look(last, now):
    """The next morning at which figures whose last night is given are looked at again; None after a year.

    Every morning at first, as most corrections come soon, then each Monday.
    """
    day = nights.local(now).date()
    if periods.local(day, periods.FLASH_AT) <= now:
        day += nights.ONE_DAY
    if day - last > LOOKED_AT_DAILY:
        day += timedelta(days=-day.weekday() % 7)
    return None if day - last > LOOKED_AT_FOR else periods.local(day, periods.FLASH_AT)
