"""Freezing the figures of a report, and looking later whether they are still true."""

import logging
from time import monotonic

from django.db import transaction
from django.db.models import Q

from reporting import dataset, secrecy
from reporting.actions.defining import definitions_in_force
from reporting.actions.scheduling import next_look
from reporting.log import Verb
from reporting.models import Audience, DataSet, Period, Report
from reporting.queries import measuring, reports
from reporting.queries.facts import CLOSED
from reporting.queries.snapshot import snapshot
from shelter import clock, queries
from shelter.actor import CLOCK
from shelter.log import record
from shelter.models import Night, Season

logger = logging.getLogger(__name__)

PUBLIC_TOO = (Period.Kind.WEEKLY, Period.Kind.MONTHLY, Period.Kind.SEASON)
LOOKING = 5.0  # seconds of one tick that looking again may take


def freeze(report):
    """Measure the nights of a wanted report and keep the data set of each audience; True if it was done here.

    Nothing is locked while it is reckoned. Small numbers were hidden with regard to all that readers had then: when
    another data set or a remark was made meanwhile, this one is left for the next time.
    """
    period, definitions, now = report.period, definitions_in_force(), clock.now()
    with snapshot():
        last, measured = measuring.last_made(), measuring.measure(period)
        editions = _editions(report, measured, definitions, now)
    with transaction.atomic():
        Season.objects.select_for_update(no_key=True).get(pk=period.season_id)
        if measuring.last_made() != last:
            return False
        if not Report.objects.filter(pk=report.pk, state=Report.State.WANTED).update(
            state=Report.State.FROZEN,
            frozen_at=now,
            definitions=definitions,
            is_provisional=editions[0][1]["is_provisional"],  # as it was at that moment
            is_late=_is_late(period, now, report.revision),
            source_sha256=measuring.source_of(measured, _nights(period)),
            look_again_at=_look_after(period, now),
        ):
            return False
        for audience, data in editions:
            text = dataset.canonical(data)
            DataSet.objects.create(report=report, audience=audience, text=text, sha256=dataset.digest(text))
        # Whoever has not yet sent an earlier revision will not send it any more.
        report.period.reports.filter(
            revision__lt=report.revision, state__in=[Report.State.FROZEN, Report.State.RENDERED]
        ).update(state=Report.State.SUPERSEDED)
        record(Verb.REPORT_FROZEN, by=CLOCK, kind=period.kind, key=period.key, revision=report.revision)
    return True


def preview(period):
    """The data set of the ministry's edition as it would be now; nothing is kept."""
    report = Report(period=period, revision=period.reports.count() + 1)
    with snapshot():
        measured = measuring.measure(period)
        [(_audience, data), *_others] = _editions(report, measured, None, clock.now())
    return data


def _editions(report, measured, definitions, now):
    """The data set for each audience; the public is shown nothing that the ministry is not."""
    period, settings = report.period, queries.settings_for(report.period.last)
    thresholds = {Audience.MINISTRY: settings.small_numbers_ministry}
    if period.kind in PUBLIC_TOO:
        thresholds[Audience.PUBLIC] = max(settings.small_numbers_public, settings.small_numbers_ministry)
    counted = dataset.protected(period.kind, measured, _nights(period))
    found, beside = [], list[secrecy.Published]()
    for audience, threshold in thresholds.items():
        told = reports.seen_by(audience, period.season)
        seen = [table for data in told for table in dataset.published_in(data)]
        beside = secrecy.hide(
            counted, seen, threshold=max(threshold, 1), beside=beside,
            nightly=_nightly(audience, period.season, [*told, measured]),
        )  # fmt: skip
        data = {
            "format": dataset.FORMAT,
            "audience": audience.value,
            "revision": report.revision,
            "cut_off": now.isoformat(),
            "threshold": threshold,
            "definitions": {"number": definitions.number, "digest": definitions.digest}
            if definitions
            else None,
            "is_provisional": _has_open_nights(period),
            "is_late": _is_late(period, now, report.revision),
            **measuring.surroundings(period, audience),
            **dataset.with_hidden(measured, beside, threshold),
        }
        data["changed"] = _changed(report, audience, data)
        found.append((audience, data))
    return found


def _nightly(audience, season, told):
    """Totals that the readers of an edition know night by night; the public receives no flash."""
    nightly = reports.told_each_morning(season) if audience == Audience.MINISTRY else {}
    return nightly | {"bed_nights": nightly.get("bed_nights", {}) | dataset.slept_by_night(*told)}


def _nights(period):
    return period.nights.values_list("date", flat=True)


def _changed(report, audience, data):
    """What differs from the revision that readers have; None where they have none."""
    out = report.period.reports.filter(revision__lt=report.revision, approved_at__isnull=False)
    before = out.order_by("-revision").first()
    old = reports.data_of(before, audience) if before else None
    return None if old is None else dataset.changes(old, data)


def _has_open_nights(period):
    """Whether a night of the period is not closed: one that runs, or one that is still to come."""
    open_nights = period.nights.exclude(state__in=CLOSED)
    return open_nights.filter(Q(state__in=Night.RAN) | Q(date__gte=clock.tonight())).exists()


def _is_late(period, now, revision):
    """Whether somebody could expect it before; what nobody was promised is never late."""
    is_promised = period.kind in Period.ON_TIME and period.due_at >= period.settled_at
    return revision == 1 and is_promised and now > period.due_at + reports.GRACE


def look_again():
    """Compare reports that are out with the house as it is now, as far as time allows; a difference is a revision.

    Under other definitions than it was made with a report would be another one: it stays, unless it was provisional
    or somebody asks for it again. One that breaks does not keep the others.
    """
    begun, broken = monotonic(), list[int]()
    asked = Q(definitions=definitions_in_force()) | Q(is_provisional=True) | Q(period__kind=Period.Kind.NOTE)
    while monotonic() - begun < LOOKING:
        report = (
            reports.latest(Report.objects.filter(asked, look_again_at__lte=clock.now()))
            .exclude(id__in=broken)
            .exclude(state__in=[Report.State.WANTED, Report.State.SUPERSEDED])
            .select_related("period__season")
            .order_by("look_again_at", "id")
            .first()
        )
        if report is None:
            return
        try:
            _look_at(report)
        except Exception:
            logger.exception("report %s could not be looked at again", report.pk)
            broken.append(report.pk)


def _look_at(report):
    """Figures may settle until every night is definitive; a provisional report only waits for them to be closed.

    A note is looked at when somebody asks for it again, and only then.
    """
    period, now = report.period, clock.now()
    states = set(period.nights.filter(state__in=Night.RAN).values_list("state", flat=True))
    is_note = period.kind == Period.Kind.NOTE
    is_closed = not _has_open_nights(period)
    is_definitive = is_closed and states <= {Night.State.DEFINITIVE}
    wanted = report.is_provisional and is_closed
    if is_definitive or wanted or is_note:
        with snapshot():
            measured = measuring.measure(period, alone=True)
        wanted |= measuring.source_of(measured, _nights(period)) != report.source_sha256
    if wanted:
        revise(report)
        return
    report.look_again_at = _look_after(period, now)
    if is_definitive and report.confirmed_at is None:
        report.confirmed_at = now
    report.save(update_fields=["look_again_at", "confirmed_at"])


def _look_after(period, now):
    """When to look again by itself: what is asked for by a person or an event stays as it is."""
    return next_look(period.last, now) if period.kind in Period.ON_TIME else None


@transaction.atomic
def revise(report):
    """The next revision is wanted; the report itself stays readable as it was sent."""
    Report.objects.filter(pk=report.pk).update(look_again_at=None)
    new, _is_new = Report.objects.get_or_create(
        period=report.period, revision=report.revision + 1, defaults={"wanted_at": clock.now()}
    )
    return new
