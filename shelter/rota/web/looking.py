"""What planners look at: the nights ahead, the ledger of fairness, the plan for the wall; and one's own share."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shelter import clock, nights
from shelter.rota.paper import wall_plan
from shelter.rota.queries.fairness import ledger
from shelter.rota.queries.grid import grid
from shelter.rota.queries.outlook import outlook as nights_ahead
from shelter.rota.queries.plans import published_between
from shelter.rota.timeline import month_around
from shelter.rota.web.asked import EARLIEST, LATEST
from shelter.rota.web.grid import own_organisations
from shelter.rota.web.seeing import sees


def outlook(request):
    """Fourteen nights ahead: what is missing while there is time to do something about it."""
    return render(request, "rota/outlook.html", {"nights": nights_ahead(clock.tonight())})


def fairness(request):
    """One's own people with their balances, beside the spread of each group."""
    today = nights.local(clock.now()).date()
    known = ledger(today)
    own = {organisation.pk for organisation in own_organisations(request.actor, None)}
    page = {
        "ledger": known,
        "entries": [
            entry
            for entry in (known.entries if known else ())
            if any(each.organisation_id in own for each in entry.employments)
        ],
    }
    return render(request, "rota/fairness.html", page)


def my_share(request):
    """What one had oneself, beside those who can do the same; nobody is named."""
    known = ledger(nights.local(clock.now()).date())
    entry = known.of(request.actor.person) if known else None
    page = {
        "entry": entry,
        "spreads": [spread for spread in known.spreads if spread.skill.code in entry.skills] if entry else [],
    }
    template = "rota/_share.html" if request.htmx else "rota/share.html"
    return render(request, template, page)


def wall(request, day):
    """The month of a day on A3, as it is published."""
    if not EARLIEST <= day <= LATEST:
        raise Http404
    first, last = month_around(day)
    shown = grid(first, last, sees=sees(request.actor), with_drafts=False)
    address = request.build_absolute_uri(f"{reverse('rota')}?week={first}")
    headers = {
        "Content-Disposition": f'inline; filename="rota-{first:%Y-%m}.pdf"',
        "Cache-Control": "no-store",
    }
    content = wall_plan(shown, first, last, plans=published_between(first, last), address=address)
    return HttpResponse(content, content_type="application/pdf", headers=headers)
