"""Who is inside, by dormitory, on screen and on paper; the evening list on paper."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from intake import paper, phrases, queries
from intake.web.showing import evening, guest_or_404
from shelter import clock
from shelter import queries as house
from shelter.actions import watching
from shelter.models import RollCall


def presence(request):
    """Who is inside now; the page as last loaded goes on ticking people off when the server is away."""
    night = evening()
    rooms = queries.present_by_dormitory(night)
    call = RollCall.objects.filter(night=night, ended_at__isnull=True).first()
    seen = set(call.marks.values_list("bed_night", flat=True)) if call else set()
    out = {outing.bed_night_id: outing for outing in house.out_now(night)}
    page = {
        "night": night,
        "rooms": [
            (room, [(bed, guest, bed.bed_night in seen, out.get(bed.bed_night)) for bed, guest in people])
            for room, people in rooms
        ],
        "total": sum(len(people) for _room, people in rooms),
        "out": len(out),
        "call": call,
        "seen": len(seen),
        "loaded_at": clock.now(),
    }
    return render(request, "intake/presence.html", page)


def roll_call(request):
    if request.method == "POST":
        watching.start_roll_call(night=evening(), by=request.actor)
    return redirect("presence")


def seen(request, pk):
    """What a phone has ticked so far; the answer is what all phones have."""
    call = get_object_or_404(RollCall.objects.select_related("night"), pk=pk)
    ids = [int(text) for text in request.POST.getlist("seen") if text.isdecimal() and len(text) < 18]
    watching.see_safe(roll_call=call, bed_nights=ids, by=request.actor)
    if "application/json" not in request.headers.get("Accept", ""):
        return redirect("presence")
    return JsonResponse({"seen": sorted(call.marks.values_list("bed_night", flat=True))})


def end_roll_call(request, pk):
    call = get_object_or_404(RollCall.objects.select_related("night"), pk=pk)
    watching.end_roll_call(roll_call=call, by=request.actor)
    return redirect("presence")


def presence_pdf(request):
    return _pdf(paper.presence_list(evening()), "presence")


def evening_list_pdf(request):
    return _pdf(paper.evening_list(evening()), "evening-list")


def slip_pdf(request, pk):
    """The slip a guest takes along: bed, times, rules, and what is kept about them, in their languages."""
    guest, night = guest_or_404(pk), evening()
    hit = queries.hit_of(guest, night)
    spoken = [code for code in guest.languages if code in phrases.LANGUAGES] or ["fr"]
    content = paper.guest_slip(
        guest.number, hit.tonight.bed, night, house.settings_for(night.date), spoken[:2],
        why=[reason.code for reason in queries.reasons_for_bed(guest.occupant_id, night, hit.tonight.bed)],
        reviewed=queries.reviewed_languages(),
    )  # fmt: skip
    return _pdf(content, "slip")


def _pdf(content, name):
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
