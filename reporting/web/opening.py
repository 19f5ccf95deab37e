"""What everybody may read where the house allows it: public editions as open data, and free places as a feed."""

import csv
from functools import wraps
from io import StringIO

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reporting import places, reading
from reporting.actions import sending
from reporting.models import Audience, DataSet, Paper
from reporting.queries import places as seen
from reporting.queries import reports
from reporting.telling import dictionary, saying
from shelter import addresses, clock, queries
from shelter.models.house import Zone
from shelter.paper.sheet import HOUSE

PAGE = 50
FRESH = "public, max-age=60"


def where(allowed):
    """The address exists only where a setting of tonight allows it; what it answers may be read from any page."""

    def asked(view):
        @wraps(view)
        def answered(request, *args, **more):
            rules = queries.settings_for(clock.tonight())
            if not getattr(rules, allowed):
                raise Http404(_("This house does not publish that."))
            answer = view(request, *args, **more)
            answer["Access-Control-Allow-Origin"] = "*"
            answer["Cache-Control"] = FRESH
            patch_vary_headers(answer, ["Accept-Language", "Cookie"])
            return answer

        return answered

    return asked


@where("open_data")
def listed(request):
    """The public editions with their files, for people."""
    found = list(reports.open_to_all())
    return render(request, "reporting/open.html", {"reports": found, "entries": dictionary.entries()})


@where("open_data")
def figures(request, pk):
    """The figures of a public edition as CSV, to the byte."""
    report = get_object_or_404(reports.open_to_all(), pk=pk)
    return reading.answer(
        get_object_or_404(reports.papers_of(report, audience=Audience.PUBLIC), form=Paper.Form.CSV)
    )


@where("open_data")
def data(request, pk):
    """The frozen data set of a public edition, byte by byte what its SHA-256 was taken of."""
    report = get_object_or_404(reports.open_to_all(), pk=pk)
    found = get_object_or_404(DataSet, report=report, audience=Audience.PUBLIC)
    return HttpResponse(found.text, content_type="application/json")


@where("open_data")
def package(request):
    """All of it as a Frictionless Data Package: resources, columns, dictionary."""
    language = get_language()
    return JsonResponse(
        {
            "profile": "data-package",
            "name": "foyer",
            "title": _("Figures of the night shelter"),
            "created": clock.now().isoformat(timespec="seconds"),
            "resources": [*_resources(language), _of_the_dictionary()],
            "dictionary": dictionary.entries(),
        }
    )


def _resources(language):
    found = list(reports.open_to_all())
    papers = {
        each.data_set.report_id: each
        for each in reports.files_of(*found, audience=Audience.PUBLIC).filter(form=Paper.Form.CSV)
    }
    columns = dictionary.columns(language)
    for report in found:
        paper = papers[report.pk]
        name = sending.name_of(paper)
        yield {
            "name": name.removesuffix(".csv").lower(),
            "title": f"{saying.name_of(report.period)} · {report.period.season}",
            "path": addresses.whole(reverse("open-csv", args=[report.pk])),
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "hash": f"sha256:{paper.sha256}",
            "schema": columns,
        }


def _of_the_dictionary():
    return {
        "name": "dictionary",
        "path": addresses.whole(reverse("open-dictionary")),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }


@where("open_data")
def words(request):
    """The dictionary as CSV: a line for each code and for each of its categories, in every language."""
    out = StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    languages = [language for language, _name in settings.LANGUAGES]
    table.writerow(
        ["code", "category", "unit"]
        + [f"name_{language}" for language in languages]
        + [f"definition_{language}" for language in languages]
    )
    for entry in dictionary.entries():
        table.writerow(
            [entry["code"], "", entry["unit"], *entry["name"].values(), *entry["definition"].values()]
        )
        for category, label in entry["categories"].items():
            table.writerow([entry["code"], category, "", *label.values(), *[""] * len(languages)])
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")


@where("places_feed")
def feed(request):
    """Where the feed begins."""
    return JsonResponse(places.base())


@where("places_feed")
def services(request):
    """Every zone as a service with its free places."""
    number = request.GET.get("page", "1")
    return JsonResponse(places.page(_services(), max(1, int(number)) if number.isdecimal() else 1, PAGE))


@where("places_feed")
def service(request, identity):
    found = places.known(identity, _services())
    if found is None:
        raise Http404(_("There is no such service."))
    return JsonResponse(found)


def _services():
    rules = queries.settings_for(clock.tonight())
    called = places.Words(
        house=HOUSE,
        about=_("Beds for the night, free of charge."),
        zones={zone.value: str(zone.label) for zone in Zone},
        beds=_("beds"),
        few=_("fewer than %(number)s") % {"number": rules.places_feed_from},
    )
    return places.services(seen.told(rules.places_feed_delay), seen.zones(), rules.places_feed_from, called)
