"""The morning: everybody present is ticked, exceptions are fixed, the night is closed."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from intake import queries
from shelter import clock
from shelter import queries as house
from shelter.actions import closing, placing
from shelter.errors import Refused
from shelter.gate import may
from shelter.models import BedNight, Night

LEFT_EARLIER, NEVER_HERE = "left_earlier", "never_here"


def morning(request):
    night = _night_to_close()
    if request.method == "GET":
        return _render(request, night)
    try:
        _close(request, night)
    except Refused as refusal:
        return _render(request, night, refusal)
    return redirect(reverse("night-log", args=[night.date]))


@transaction.atomic
def _close(request, night):
    """Exceptions first, then everybody ticked leaves and the night closes; or nothing is written."""
    rows = {row.pk: row for row in house.present(night)}
    going = []
    for pk, row in rows.items():
        exception = request.POST.get(f"exception-{pk}", "")
        if exception == LEFT_EARLIER:
            placing.leave(bed_night=row, by=request.actor, cause="left_earlier")
        elif exception == NEVER_HERE:
            reason = _("Found in the morning: never slept here.")
            closing.was_not_here(bed_night=row, by=request.actor, reason=reason)
        elif request.POST.get(f"goes-{pk}"):
            going.append(pk)
    closing.close_night(night=night, bed_nights=going, by=request.actor)


def _render(request, night, refusal=None):
    rows = list(house.present(night))
    guests = queries.guests_by_occupant([row.occupant_id for row in rows])
    posted = request.POST if refusal else None
    page = {
        "night": night,
        "may_close": may(request.actor, "morning", "POST"),
        "refusal": refusal,
        "rows": [
            {
                "row": row,
                "guest": guests.get(row.occupant_id),
                "goes": posted is None or f"goes-{row.pk}" in posted,
                "exception": posted.get(f"exception-{row.pk}", "") if posted else "",
            }
            for row in rows
        ],
        "kept": BedNight.objects.filter(night=night, state=BedNight.State.HELD).count(),
    }
    return render(request, "intake/morning.html", page, status=refusal.status if refusal else 200)


def _night_to_close():
    """The night whose guests are still here: the latest at the door, up to tonight."""
    night = Night.objects.filter(date__lte=clock.tonight(), state__in=Night.AT_THE_DOOR).last()
    if night is None:
        raise Http404(_("No night is running."))
    return night
