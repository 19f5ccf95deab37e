"""Periods and reports: which are due, which are the latest, what their readers have seen before."""

import json
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q

from reporting.models import Audience, DataSet, Delivery, Paper, Period, Report
from shelter import clock
from shelter.actions.posting import MOST_TRIES

NIGHTLY = ("bed_nights", "refusals")  # totals of people that a flash tells
GRACE = timedelta(minutes=15)  # a report that is not out so long after it was due is overdue


def latest(reports):
    """Of a query set of reports the last revision of each period."""
    later = Report.objects.filter(period=OuterRef("period"), revision__gt=OuterRef("revision"))
    return reports.filter(~Exists(later))


# Periods whose reports come by themselves: due after somebody could expect them.
PROMISED = Q(kind__in=Period.ON_TIME, due_at__gte=F("settled_at")) | Q(kind=Period.Kind.ALERT)


def due(now=None):
    """Promised periods that are due and have no report yet, the longest due first."""
    none_yet = ~Exists(Report.objects.filter(period=OuterRef("pk")))
    return Period.objects.filter(PROMISED, none_yet, due_at__lte=now or clock.now()).order_by("due_at", "id")


def overdue(now=None):
    """Periods with a report that is not ready in time after it was due or wanted, the longest due first."""
    late, own = (now or clock.now()) - GRACE, Report.objects.filter(period=OuterRef("pk"))
    unfinished = Q(state__in=[Report.State.WANTED, Report.State.FROZEN])
    is_missing = PROMISED & Q(~Exists(own.exclude(unfinished)), due_at__lt=late)
    is_stuck = Exists(own.filter(unfinished, wanted_at__lt=late))
    return Period.objects.filter(is_missing | is_stuck).order_by("due_at", "id")


def standing():
    """Deliveries of reports that are out and hold, to those who still receive them."""
    return Delivery.objects.filter(recipient__ended_at=None, report__state__in=Report.OUT)


def undelivered():
    """Deliveries given up, or come back, and not yet seen to."""
    return (
        standing()
        .filter(Q(sent_at=None, tries__gte=MOST_TRIES) | Q(returned_at__isnull=False))
        .select_related("report__period", "recipient")
    )


def seen_by(audience, season):
    """Every data set of a season that readers of an edition have, in the order in which they were made."""
    texts = (
        DataSet.objects.filter(audience=audience, report__period__season=season)
        .exclude(report__period__kind__in=[Period.Kind.FLASH, Period.Kind.ALERT, Period.Kind.NOTE])
        .order_by("id")
        .values_list("text", flat=True)
    )
    return [json.loads(text) for text in texts]


def flashes_of(season):
    """The data set of every flash of a season, night by night, a later revision after an earlier one."""
    texts = (
        DataSet.objects.filter(
            report__period__kind=Period.Kind.FLASH, report__period__season=season, audience=Audience.MINISTRY
        )
        .order_by("report__period__first", "report__revision")
        .values_list("text", flat=True)
    )
    return map(json.loads, texts)


def told_each_morning(season):
    """Totals of every night of a season that a flash has told of, as its latest revision has them, by their code."""
    found: dict[str, dict[date, int]] = {code: {} for code in NIGHTLY}
    for data in flashes_of(season):
        for code in NIGHTLY:
            found[code][date.fromisoformat(data["last"])] = data["figures"][code]
    return found


def data_of(report, audience=Audience.MINISTRY):
    """The frozen data of a report; None when it has none for that audience."""
    text = DataSet.objects.filter(report=report, audience=audience).values_list("text", flat=True).first()
    return None if text is None else json.loads(text)


def papers_of(*found, audience=Audience.MINISTRY):
    """The files of reports for one audience: the PDFs first, the French one before the others."""
    papers = Paper.objects.filter(data_set__report__in=found, data_set__audience=audience)
    return papers.select_related("data_set__report__period").order_by("-form", "-language")


def files_of(*found, audience=Audience.MINISTRY):
    """The same without what stands in them, for lists."""
    return papers_of(*found, audience=audience).defer("content", "data_set__text")


def register(*, with_waiting=False, season="", kind=""):
    """Reports that are out, the latest due first; those that wait for approval too where they may be seen.

    `season` is its name, like `2026/27`; empty texts choose nothing.
    """
    found = Report.objects.filter(state__in=[*Report.OUT, *([Report.State.RENDERED] if with_waiting else [])])
    if season:
        found = found.filter(period__season__name=season)
    if kind:
        found = found.filter(period__kind=kind)
    return found.select_related("period").order_by("-period__due_at", "-id")


def latest_data(kind, key, audience=Audience.MINISTRY):
    """The data of the latest frozen revision of a period; None where there is none."""
    text = (
        DataSet.objects.filter(report__period__kind=kind, report__period__key=key, audience=audience)
        .order_by("-report__revision")
        .values_list("text", flat=True)
        .first()
    )
    return None if text is None else json.loads(text)


def open_to_all():
    """Reports whose public edition is out, every revision, the latest due first."""
    found = Report.objects.filter(approved_at__isnull=False, data_sets__audience=Audience.PUBLIC)
    return found.select_related("period__season").order_by("-period__due_at", "-revision")
