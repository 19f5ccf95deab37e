"""What a report will say: its nights measured, and what stands beside them."""

from datetime import timedelta

from django.db.models import Max

from reporting import dataset, measuring, periods
from reporting.models import Audience, DataSet, Period, Remark
from reporting.queries import reports
from reporting.queries.facts import window
from shelter.models import Dormitory, Night, PublishedTotal

# How far the nights are, not what happened in them.
COVERAGE = ("nights_not_closed", "nights_not_definitive")
WITH_EARLIER_SEASONS = (Period.Kind.SEASON, Period.Kind.NOTE)


def measure(period, *, alone=False):
    """The nights of a period as numbers, before anything is hidden; `alone` without nights for comparison."""
    days = 0 if alone else measuring.TRAIL.get(period.kind, 0)
    trail = ()
    if days:
        begin = max(period.last - timedelta(days=days - 1), _first_of(period.season))
        trail = window(begin, period.first - timedelta(days=1)).nights
    return measuring.measured(period.kind, window(period.first, period.last), trail)


def source_of(measured, nights):
    """The digest of what was measured in the nights (dates) of the period themselves."""
    own = {day.isoformat() for day in nights}
    rows = [row | {"is_closed": True} for row in measured["by_night"] if row["night"] in own]
    figures = {code: value for code, value in measured["figures"].items() if code not in COVERAGE}
    return dataset.digest(dataset.canonical(measured | {"by_night": rows, "figures": figures}))


def _first_of(season):
    return Night.objects.filter(season=season).order_by("date").values_list("date", flat=True)[0]


def surroundings(period, audience):
    """What a data set holds beside the measurement: names, comparisons, earlier seasons, the latest remark."""
    return {
        "kind": period.kind,
        "key": period.key,
        "season": period.season.name,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "nights": [day.isoformat() for day in period.nights.order_by("date").values_list("date", flat=True)],
        "due_at": period.due_at.isoformat(),
        "why": period.why,
        "names": {"dormitory": dict(Dormitory.objects.order_by("code").values_list("code", "name"))},
        "compared": {
            "previous": _headlines(
                period.kind, periods.before(period.kind, period.key, period.first), audience
            ),
            "last_season": _headlines(
                period.kind, periods.a_year_before(period.kind, period.key, period.first), audience
            ),
        },
        "published": published() if period.kind in WITH_EARLIER_SEASONS else [],
        # Somebody with a name wrote it for the ministry.
        "remark": _remark(period) if audience == Audience.MINISTRY else None,
    }


def _headlines(kind, key, audience):
    data = reports.latest_data(kind, key, audience) if key else None
    return None if data is None else dataset.headlines(data)


def published():
    """What was published about earlier seasons, gaps as gaps, decimals as texts."""
    fields = [field.name for field in PublishedTotal._meta.fields if field.name != "id"]
    rows = PublishedTotal.objects.order_by("season").values(*fields)
    return [
        {name: value if isinstance(value, int | str | None) else str(value) for name, value in row.items()}
        for row in rows
    ]


def _remark(period):
    remark = Remark.objects.filter(period=period).select_related("by").order_by("-at", "-id").first()
    if remark is None or not remark.text:
        return None
    return {"text": remark.text, "by": remark.by.name, "at": remark.at.isoformat()}


def last_made():
    """The numbers of the last data set and of the last remark: by them is seen what was made meanwhile."""
    return DataSet.objects.aggregate(last=Max("id"))["last"], Remark.objects.aggregate(last=Max("id"))["last"]
