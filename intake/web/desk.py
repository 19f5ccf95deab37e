"""The registration desk: one tap renews yesterday's guest."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from intake import queries
from intake.actions import door
from intake.web.showing import evening, guest_or_404
from shelter import queries as house
from shelter.actions import registering
from shelter.models import Registration


def desk(request):
    night = evening()
    query = request.GET.get("q", "").replace("\0", "")
    page = {
        "night": night,
        "query": query,
        "hits": queries.search(query, night) if query else [],
        "to_renew": queries.to_renew(night),
        "expected": queries.expected(night),
        "settings": house.settings_for(night.date),
        "done": _guest_done(request),
    }
    template = "intake/_desk_hits.html" if request.htmx.target == "hits" else "intake/desk.html"
    return render(request, template, page)


def register(request, pk):
    """Renew or register one guest for tonight."""
    guest = guest_or_404(pk)
    night = evening()
    door.register_for_tonight(guest=guest, night=night, by=request.actor)
    if request.htmx:
        return render(
            request, "intake/_desk_done.html", {"hit": queries.hit_of(guest, night), "night": night}
        )
    return redirect(f"{reverse('desk')}?done={guest.pk}")


def withdraw(request, pk):
    registration = get_object_or_404(Registration.objects.select_related("night", "occupant"), pk=pk)
    registering.withdraw_registration(registration=registration, by=request.actor)
    return redirect("desk")


def _guest_done(request):
    pk = request.GET.get("done", "")
    return guest_or_404(int(pk)) if pk.isdecimal() and len(pk) < 18 else None
