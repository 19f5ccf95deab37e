"""The door: find a person, give them the proposed bed in two taps, or refuse with one reason."""

from uuid import uuid4

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from intake import matching, phrases, queries
from intake.actions import cards
from intake.actions import door as verbs
from intake.actions.guests import note_reading
from intake.web.forms import PlaceForm, RefusalForm
from intake.web.showing import evening, fresh_act, guest_or_404, last_acts, zones_of
from shelter import clock, offering
from shelter import queries as house
from shelter.actions import placing, undoing
from shelter.actions.once import digest, once
from shelter.errors import Excluded, Incomplete, Refused
from shelter.models import Bed, BedNight, LogEntry, Outing, Refusal
from shelter.text import one_line

NEXT_SHOWN = 5
INITIALS = (("A–F", "ABCDEF"), ("G–L", "GHIJKL"), ("M–R", "MNOPQR"), ("S–Z", "STUVWXYZ"))
SCREENFUL = 12  # a list so short is seen without jumping


def door(request):
    """Tonight's expected first, search second; with htmx only the list."""
    night = evening()
    query = request.GET.get("q", "").replace("\0", "")
    if request.htmx.target == "list":
        return render(request, "intake/_door_list.html", _list(night, query))
    try:
        scanned = cards.read_card(text=query, by=request.actor) or _guest_numbered(query)
    except Refused as refusal:
        page = _door_page(night, "") | {"card_refused": refusal}
        return render(request, "intake/door.html", page, status=refusal.status)
    if scanned:
        return redirect("door-guest", scanned.kept.pk)
    return render(request, "intake/door.html", _door_page(night, query))


def _guest_numbered(query):
    """Whose whole number was typed; what may be a year of birth stays a search."""
    is_number = 4 <= len(query) < 12 and query.isascii() and query.isdecimal()
    if not is_number or matching.parse(query, clock.now().year).year:
        return None
    return queries.guests_by_occupant([int(query)]).get(int(query))


def guest_panel(request, pk):
    """One guest with the bed proposed."""
    night, guest = evening(), guest_or_404(pk)
    note_reading(guest=guest, by=request.actor, fields=["names", "needs", "admission"])
    panel = _panel(request, night, guest)
    if request.htmx:
        return render(request, "intake/_panel.html", panel)
    return render(request, "intake/door.html", _door_page(night, "") | panel)


def check_in(request, pk):
    guest, night = guest_or_404(pk), evening()
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _again(request, night, guest, Incomplete(what=_first_error(form)))
    bed = get_object_or_404(Bed, pk=form.cleaned_data["bed"]) if form.cleaned_data["bed"] else None
    reason = form.cleaned_data["override_reason"]
    try:
        verbs.check_in(guest=guest, night=night, by=request.actor, bed=bed, override_reason=reason)
    except Refused as refusal:
        return _again(request, night, guest, refusal, bed)
    return _done(request, night, guest)


def leave(request, pk):
    """Goes out for good, or until they come back tonight."""
    row = _bed_night(pk)
    placing.leave(bed_night=row, by=request.actor)
    return _done(request, row.night, guest_of(row))


def come_back(request, pk):
    row = _bed_night(pk)
    guest = guest_of(row)
    reason = one_line(request.POST.get("override_reason", ""))[:300]
    try:
        verbs.come_back(bed_night=row, by=request.actor, override_reason=reason)
    except Refused as refusal:
        return _again(request, row.night, guest, refusal)
    return _done(request, row.night, guest)


def undo(request):
    """Take back one of the last acts."""
    text = request.POST.get("entry", "")
    entry = get_object_or_404(
        LogEntry.objects.select_related("night", "bed_night__night", "occupant"),
        pk=int(text) if text.isdecimal() and len(text) < 18 else 0,
    )
    undoing.undo(entry=entry, by=request.actor)
    target = request.POST.get("next", "")
    return redirect("board" if target == "board" else "door")


def refuse(request):
    """Exactly one main reason, and where the person was sent; with or without a known guest."""
    night = evening()
    start = {"guest": request.GET.get("guest"), "key": uuid4().hex}
    form = RefusalForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        _turn_away_once(request, night, dict(form.cleaned_data))
        return redirect(reverse("door"))
    guest = _guest_meant(request)
    page = {"form": form, "night": night, "guest": guest, "declined": Refusal.Reason.OFFER_DECLINED}
    return render(request, "intake/refuse.html", page, status=422 if form.errors else 200)


def _turn_away_once(request, night, asked):
    """A second tap on Save writes nothing more."""
    key = asked.pop("key") or uuid4().hex

    def act():
        return 302, {"refusal": verbs.turn_away(night=night, by=request.actor, **asked).pk}

    once(person=request.user, key=f"page:{key}", request=digest("refuse", key), act=act)


def _guest_meant(request):
    text = request.GET.get("guest") or request.POST.get("guest") or ""
    return guest_or_404(int(text)) if text.isdecimal() and len(text) < 18 else None


def _door_page(night, query):
    acts = last_acts(night)
    plan = house.latest_plan(night)
    return (
        {
            "fresh": fresh_act(acts),
            "plan_changes": house.changes_since(plan) if plan else 0,
        }
        | _list(night, query)
        | _house_side(night, acts)
    )


def _list(night, query):
    if query:
        return {"night": night, "query": query, "hits": queries.search(query, night)}
    everybody = queries.expected(night)
    waiting = [hit for hit in everybody if hit.is_expected]
    return {
        "night": night,
        "query": "",
        "waiting": waiting,
        "letters": _jumps(waiting) if len(waiting) > SCREENFUL else {},
        "arrived": [hit for hit in everybody if not hit.is_expected],
        "registered": len(everybody),
    }


def _jumps(hits):
    """A few groups of initials, each with the first guest under it, to jump to."""
    firsts: dict[str, int] = {}
    for hit in hits:
        initial = matching.fold(hit.guest.full_name)[:1].upper()
        group = next((name for name, letters in INITIALS if initial in letters), "…")
        firsts.setdefault(group, hit.guest.pk)
    return firsts


def _house_side(night, acts):
    board = house.board_of(night)
    return {
        "zones": zones_of(board),
        "capacity": house.capacity_of(board),
        "acts": acts,
        "waiting_line": _waiting(night, board),
        "unread": queries.unread_points().count(),
    }


def _waiting(night, board):
    """Who is next for a free bed, in the order of their turn; nobody while no bed is free."""
    if not any(bed.state == offering.FREE for bed in board):
        return []
    line = house.waiting_line(night)
    guests = queries.guests_by_occupant(line[:NEXT_SHOWN])
    return [guests[number] for number in line[:NEXT_SHOWN] if number in guests]


def _panel(request, night, guest, refusal=None, bed=None):
    board = house.board_of(night)
    hit = queries.hit_of(guest, night)
    offers = [offer for offer in queries.offers_for(guest, night, board) if offer.usable]
    proposed = queries.best_offer(guest, night, board)
    return {
        "night": night,
        "hit": hit,
        "guest": guest,
        "proposed": proposed,
        "others": [offer for offer in offers if offer != proposed][:8],
        "refusal": refusal,
        "asked_bed": bed,
        "may_override": refusal is not None and request.actor.has_any(refusal.overridable_by),
        "may_let_in_excluded": request.actor.has_any(Excluded.overridable_by),
        "spoken": [code for code in guest.languages if code in phrases.LANGUAGES][:1],
        "selected": guest.pk,
        "outing_kinds": Outing.Kind.choices,
    } | _exclusion(night, guest)


def _exclusion(night, guest):
    """What stands on the page that interrupts: an exclusion, and whether it gives way in this cold spell."""
    exclusion = house.running_exclusion(guest.occupant, night.date)
    if exclusion is None:
        return {"exclusion": None}
    spell = house.cold_spells_of(night.date).first()
    decided = [each for each in exclusion.cold_decisions.all() if spell and each.cold_spell_id == spell.pk]
    return {
        "exclusion": exclusion,
        "cold_spell": spell,
        "cold_decision": decided[0] if decided else None,
    }


def _again(request, night, guest, refusal, bed=None):
    """The panel once more with what stands in the way; nothing was written."""
    panel = _panel(request, night, guest, refusal, bed)
    if request.htmx:
        return render(request, "intake/_panel.html", panel, status=refusal.status)
    return render(request, "intake/door.html", _door_page(night, "") | panel, status=refusal.status)


def _done(request, night, guest):
    """Back to the list: field cleared, the row marked, the bar to take it back."""
    if not request.htmx:
        return redirect("door")
    acts = last_acts(night)
    page = _house_side(night, acts) | {
        "night": night,
        "hit": queries.hit_of(guest, night) if guest else None,
        "fresh": fresh_act(acts),
        "counts": house.counts_of(night),
    }
    return render(request, "intake/_done.html", page)


def _bed_night(pk):
    return get_object_or_404(BedNight.objects.select_related("night", "bed", "occupant"), pk=pk)


def guest_of(row):
    return queries.guests_by_occupant([row.occupant_id]).get(row.occupant_id)


def _first_error(form):
    return next(iter(form.errors.values()))[0]
