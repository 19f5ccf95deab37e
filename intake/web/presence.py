"""Who is inside, by dormitory, on screen and on paper; the evening list on paper."""

from django.http import HttpResponse
from django.shortcuts import render

from intake import paper, queries
from intake.web.showing import evening


def presence(request):
    night = evening()
    rooms = queries.present_by_dormitory(night)
    page = {"night": night, "rooms": rooms, "total": sum(len(people) for _room, people in rooms)}
    return render(request, "intake/presence.html", page)


def presence_pdf(request):
    return _pdf(paper.presence_list(evening()), "presence")


def evening_list_pdf(request):
    return _pdf(paper.evening_list(evening()), "evening-list")


def _pdf(content, name):
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
