"""Paper mode: print the evening in one tap, and enter the sheet afterwards line by line."""

from datetime import time

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from intake import paper, queries
from intake.actions import paper as verbs
from intake.models import Guest, PaperSheet
from intake.web.showing import evening
from shelter import clock, nights
from shelter import queries as house
from shelter.errors import Incomplete, Refused
from shelter.models import BedNight
from shelter.text import one_line


def sheets(request):
    night = evening()
    if request.method == "POST":
        sheet = verbs.print_sheet(night=night, by=request.actor)
        return redirect("sheet-pdf", sheet.pk)
    page = {"night": night, "sheets": PaperSheet.objects.filter(night=night).select_related("printed_by")}
    return render(request, "intake/sheets.html", page)


def sheet_pdf(request, pk):
    sheet = get_object_or_404(PaperSheet.objects.select_related("night"), pk=pk)
    headers = {
        "Content-Disposition": f'inline; filename="evening-{sheet.pk}.pdf"',
        "Cache-Control": "no-store",
    }
    content = paper.paper_evening(sheet, language=get_language() or "fr")
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def enter(request, pk):
    """The sheet on the screen, its lines as they were printed; what stands in the house already is shown."""
    sheet = get_object_or_404(PaperSheet.objects.select_related("night"), pk=pk)
    rows = _rows(sheet, request.POST)
    refused: dict[int, Refused] = {}
    if request.method == "POST":
        lines, refused = _read(sheet, rows)
        refused |= verbs.enter_lines(sheet=sheet, lines=lines, by=request.actor)
        rows = _rows(sheet, request.POST if refused else {})
    inside = BedNight.objects.filter(night=sheet.night, state=BedNight.State.IN).count()
    counted = request.POST.get("counted", "")
    page = {
        "sheet": sheet,
        "night": sheet.night,
        "rows": [row | {"refusal": refused.get(row["number"])} for row in rows],
        "inside": inside,
        "counted": counted,
        "agrees": counted.isdecimal() and int(counted[:6]) == inside,
        "entered": request.method == "POST",
        "refused": len(refused),
        "sleeps": Guest.Sleeps.choices,
    }
    return render(request, "intake/sheet.html", page, status=409 if refused else 200)


def _rows(sheet, posted):
    guests = queries.guests_by_occupant([line["occupant"] for line in sheet.lines])
    here = {row.occupant_id: row for row in house.placed(sheet.night) if row.state in BedNight.SLEPT}
    beds = house.labels_of([line["bed"] for line in sheet.lines if line["bed"]])
    rows = [
        {"number": number, "guest": guests.get(line["occupant"]), "bed": beds.get(line["bed"], ""),
         "done": here.get(line["occupant"])}
        for number, line in enumerate(sheet.lines, 1)
    ]  # fmt: skip
    rows += [
        {"number": len(sheet.lines) + blank, "guest": None, "bed": "", "done": None}
        for blank in range(1, sheet.blank_lines + 1)
    ]
    for row in rows:
        for name in ("came", "at", "bed", "name", "sleeps"):
            key = f"{name}-{row['number']}"
            if posted and (name == "came" or key in posted):
                row[name] = posted.get(key, "")
    return rows


def _read(sheet, rows):
    lines, refused = [], {}
    for row in rows:
        if row.get("done") or not (row.get("came") or row.get("name")):
            continue
        at, name = _moment(sheet, row.get("at", "")), one_line(row.get("name", ""))[:80]
        if at is None:
            refused[row["number"]] = Incomplete(what=_("The time on this line cannot be read."))
            continue
        if row["guest"] is None and not name:
            refused[row["number"]] = Incomplete(what=_("This line has no name."))
            continue
        lines.append(
            verbs.Line(
                number=row["number"],
                guest=row["guest"],
                came=True,
                at=at,
                bed=one_line(row.get("bed", ""))[:12],
                name=name,
                sleeps=row.get("sleeps", "") if row.get("sleeps", "") in Guest.Sleeps.values else "",
            )
        )
    return lines, refused


def _moment(sheet, text):
    """The hour written on the sheet as an instant of its night; without one, the hour of printing."""
    if not text:
        return min(max(sheet.printed_at, nights.bounds(sheet.night.date)[0]), clock.now())
    try:
        hour, minute = (int(part) for part in text.replace("h", ":").replace(".", ":").split(":")[:2])
        return nights.instant_of(sheet.night.date, time(hour, minute))
    except ValueError:
        return None
