"""The bed board: every bed of the house as it stands tonight; place, move, close from its tiles."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from intake import queries
from intake.actions import door as verbs
from intake.models import Guest
from intake.web.forms import CloseBedForm, PlaceForm
from intake.web.showing import evening, fresh_act, guest_or_404, last_acts, soon
from shelter import offering
from shelter import queries as house
from shelter.actions import housekeeping
from shelter.errors import Refused
from shelter.gate import may
from shelter.models import Bed, BedNight, Closure, Night

SHOWN = {
    "free": {offering.FREE},
    "expected": {offering.HELD},
    "closed": {offering.CLOSED},
}


@dataclass(frozen=True)
class Tile:
    """One bed of the board with who lies in it; `can_take` when it may be picked for a move or check-in; `planned` is
    whom the night's plan proposes a free bed to.
    """

    bed: house.BedOnBoard
    guest: Guest | None
    can_take: bool = False
    planned: queries.Proposed | None = None

    @property
    def kept_for(self):
        return BedNight.KeptFor(self.bed.kept_for).label if self.bed.kept_for else ""


def board(request, selected=None, panel=None, status=200):
    night = evening()
    tiles = _tiles(night, _picking_for(request))
    acts = last_acts(night)
    page = {
        "night": night,
        "rooms": _rooms(tiles, request.GET.get("show", "")),
        "capacity": house.capacity_of([tile.bed for tile in tiles]),
        "show": request.GET.get("show", ""),
        "move": _moving(request),
        "place": _placing(request),
        "fresh": fresh_act(acts),
        "selected_bed": selected,
        "may_close": may(request.actor, "board-close", "POST"),
        "may_plan": may(request.actor, "plan", "POST"),
        "proposals": sum(tile.planned is not None for tile in tiles),
        "plan_id": next((tile.planned.line.plan_id for tile in tiles if tile.planned), ""),
    }
    return render(request, "intake/board.html", page | (panel or {}), status=status)


def bed(request, pk):
    """One bed: who lies there, and what can be done with it."""
    night = evening()
    get_object_or_404(Bed, pk=pk)
    panel = _panel(night, pk)
    if request.htmx:
        panel |= {
            "night": night,
            "may_close": may(request.actor, "board-close", "POST"),
            "may_plan": may(request.actor, "plan", "POST"),
        }
        return render(request, "intake/_bed_panel.html", panel)
    return board(request, selected=pk, panel=panel)


def move(request, pk):
    """Into the bed tapped; a starred refusal comes back with its reason field."""
    row = get_object_or_404(BedNight.objects.select_related("night", "bed", "occupant"), pk=pk)
    form = PlaceForm(request.POST)
    target = get_object_or_404(Bed, pk=form.cleaned_data["bed"] if form.is_valid() else 0)
    try:
        verbs.move(
            bed_night=row, bed=target, by=request.actor, override_reason=form.cleaned_data["override_reason"]
        )
    except Refused as refusal:
        panel = _panel(row.night, row.bed_id) | {
            "refusal": refusal,
            "asked_bed": target,
            "may_override": request.actor.has_any(refusal.overridable_by),
        }
        return board(request, selected=row.bed_id, panel=panel, status=refusal.status)
    return redirect("board")


def close(request, pk):
    """Out of service, with one reason, until tomorrow unless said otherwise."""
    row, night = get_object_or_404(Bed, pk=pk), evening()
    form = CloseBedForm(request.POST)
    if not form.is_valid():
        panel = _panel(night, pk) | {"close_form": form, "is_closing": True}
        return board(request, selected=pk, panel=panel, status=422)
    try:
        housekeeping.close_bed(bed=row, by=request.actor, first_night=night.date, **form.cleaned_data)
    except Refused as refusal:
        return board(
            request, selected=pk, panel=_panel(night, pk) | {"refusal": refusal}, status=refusal.status
        )
    return redirect(reverse("board-bed", args=[pk]))


def reopen(request, pk):
    closure = get_object_or_404(Closure, pk=pk)
    housekeeping.reopen(closure=closure, by=request.actor, from_night=evening().date)
    return redirect("board")


def _tiles(night, needs):
    beds = house.board_of(night)
    guests = queries.guests_by_occupant([bed.occupant for bed in beds if bed.occupant])
    planned = queries.proposed_by_bed(night)
    return [
        Tile(
            bed=bed,
            guest=guests.get(bed.occupant or 0),
            can_take=needs is not None and (bed.state == offering.FREE or bool(bed.kept_for)),
            planned=planned.get(bed.id) if bed.state == offering.FREE else None,
        )
        for bed in beds
    ]


def _rooms(tiles, show):
    rooms: dict[int, dict] = {}
    for tile in tiles:
        room = rooms.setdefault(tile.bed.dormitory_id, {"bed": tile.bed, "tiles": [], "all": []})
        room["all"].append(tile.bed)
        if show not in SHOWN or tile.bed.state in SHOWN[show]:
            room["tiles"].append(tile)
    for room in rooms.values():
        room["capacity"] = house.capacity_of(room.pop("all"))
    return [room for room in rooms.values() if room["tiles"]]


def _panel(night, pk):
    bed = house.bed_on_board(night, pk)
    row = BedNight.objects.filter(pk=bed.bed_night).first() if bed and bed.bed_night else None
    is_free = bed is not None and bed.state == offering.FREE
    return {
        "bed": bed,
        "row": row,
        "planned": queries.proposed_by_bed(night).get(pk) if is_free else None,
        "why": queries.reasons_for_bed(row.occupant_id, night, bed.label) if bed and row else (),
        "guest": queries.guests_by_occupant([bed.occupant]).get(bed.occupant or 0) if bed else None,
        "close_form": CloseBedForm(initial={"last_night": soon(night)}),
        "services": BedNight.KeptFor.choices,
        "may_keep": night.state in Night.TAKES_REGISTRATIONS,
        "closure": Closure.objects.on(night.date).filter(bed=pk).first(),
    }


def _picking_for(request):
    return _moving(request) or _placing(request)


def _moving(request):
    text = request.GET.get("move", "")
    if not text.isdecimal() or len(text) > 18:
        return None
    return BedNight.objects.filter(pk=int(text)).select_related("bed", "occupant").first()


def _placing(request):
    text = request.GET.get("place", "")
    return guest_or_404(int(text)) if text.isdecimal() and len(text) < 18 else None
