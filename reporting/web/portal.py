"""The reports as the ministry and the coordination see them: tonight, the season, every report with its revisions."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.shortcuts import redirect, render

from reporting.actions import scheduling, sending
from reporting.models import Paper, Period, Recipient, Report
from reporting.queries import reports as queries
from reporting.queries.measuring import published
from reporting.queries.so_far import nights_ahead, nights_told, people_so_far
from reporting.telling import blocks, saying
from reporting.web.forms import RangeForm, SubscribeForm
from shelter import clock, nights
from shelter import queries as house
from shelter.errors import Refused
from shelter.gate import may
from shelter.models import Season
from shelter.queries.house import board_of, capacity_of

SHOWN = 30


def portal(request, **forms):
    """`forms` are those that were refused, to be shown again."""
    coordinates = may(request.actor, "report-approve", "POST")
    season = (
        Season.objects.filter(name=nights.season_name(clock.tonight())).first()
        or Season.objects.order_by("-name").first()
    )
    page = (
        _tonight()
        | _season_so_far(season)
        | _register(request.GET, season, coordinates)
        | {
            "season": season,
            "open_data": house.settings_for(clock.tonight()).open_data,
            "coordinates": coordinates,
            "note_form": RangeForm(auto_id="note_%s", initial=_to_date(season)),
            "subscribe_form": SubscribeForm(
                auto_id="to_me_%s", initial={"kinds": _subscribed(request.actor.person)}
            ),
        }
    )
    if coordinates:
        page |= _desk()
    return render(request, "reporting/reports.html", page | forms, status=422 if forms else 200)


def _tonight():
    night = house.night_of(clock.tonight())
    capacity = capacity_of(board_of(night)) if night else None
    return {"tonight": night, "capacity": capacity}


def _season_so_far(season):
    told = nights_told(season) if season else []
    data = {"by_night": told, "nights": [row["night"] for row in told]}
    slept, places = sum(row["slept"] for row in told), sum(row["in_service"] for row in told)
    return {
        "slept": slept,
        "places": places,
        "percent": 100 * slept / places if places else None,
        "people": saying.about(people_so_far(season)) if season else saying.NOTHING,
        "without_bed": sum(row["without_bed"] for row in told),
        "nights_without_bed": sum(row["without_bed"] > 0 for row in told),
        "calendar": blocks.calendar(data),
        "trend": blocks.trend({"by_night": told[-28:]}),
        "ahead": blocks.ahead(nights_ahead(season, told)) if season else (),
        "earlier": blocks.earlier_seasons({"published": published()}),
        "last_told": date.fromisoformat(told[-1]["night"]) if told else None,
    }


def _to_date(season):
    told = Period.objects.filter(season=season, kind=Period.Kind.FLASH, last__lt=clock.tonight())
    first, last = told.order_by("first").first(), told.order_by("-last").first()
    return {"first": first.first, "last": last.last} if first and last else {}


def _subscribed(person):
    return list(Recipient.objects.filter(person=person, ended_at=None).values_list("kind", flat=True))


@dataclass(frozen=True)
class Row:
    """A report in the register: its latest revision that may be seen, and its files."""

    report: Report
    papers: list[Paper]

    @property
    def digest(self):
        return self.papers[0].sha256[:12] if self.papers else ""


def _register(asked, season, coordinates):
    """A page of the register, the latest first; what waits for approval only the coordination sees."""
    of, kind = asked.get("season", season.name if season else ""), asked.get("kind", "")
    listed = queries.register(with_waiting=coordinates, season=of, kind=kind)
    page = Paginator(listed, SHOWN).get_page(asked.get("page"))
    papers = defaultdict(list)
    for each in queries.files_of(*page):
        papers[each.data_set.report_id].append(each)
    rows = [Row(report, papers[report.pk]) for report in page]
    seasons = Season.objects.order_by("-name").values_list("name", flat=True)
    return {"rows": rows, "register": page, "shown": {"season": of, "kind": kind}, "seasons": seasons,
            "kinds": Period.Kind.choices}  # fmt: skip


def _desk():
    """What the coordination has to see to."""
    now = clock.now()
    return {
        "overdue": list(queries.overdue(now)[:20]),
        "waiting": list(
            queries.latest(Report.objects.filter(state=Report.State.RENDERED)).select_related("period")
        ),
        "unfinished": list(
            Report.objects.filter(state__in=[Report.State.WANTED, Report.State.FROZEN]).select_related(
                "period"
            )
        ),
        "next_due": list(
            Period.objects.filter(kind__in=Period.ON_TIME, due_at__gt=now).order_by("due_at", "id")[:6]
        ),
        "undelivered": list(queries.undelivered()[:20]),
    }


def ask_for_note(request):
    form = RangeForm(request.POST, auto_id="note_%s")
    if form.is_valid():
        try:
            report = scheduling.ask_for_note(by=request.actor, **form.cleaned_data)
            return redirect("report-period", report.period_id)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return portal(request, note_form=form)


def subscribe(request):
    form = SubscribeForm(request.POST, auto_id="to_me_%s")
    if form.is_valid():
        try:
            sending.subscribe(person=request.actor.person, by=request.actor, **form.cleaned_data)
            return redirect("reports")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return portal(request, subscribe_form=form)
