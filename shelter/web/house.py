"""The house as it stands tonight, and what the coordinator may change in it from a night on."""

from django.db.models import Max
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from shelter import clock, queries
from shelter.actions import housekeeping
from shelter.errors import Incomplete, Refused
from shelter.gate import may
from shelter.models import Activation, Bed, Closure, Dormitory, Night, Site
from shelter.standing import beds_on
from shelter.web.forms import ActivationForm, AddBedsForm, DormitoryChangeForm


def house(request):
    return _page(request)


def activate(request):
    return _change(request, "activation", _activate)


def change_dormitory(request):
    return _change(request, "change", _change_dormitory)


def add(request):
    return _change(request, "add", _add)


def reopen(request, pk):
    closure = get_object_or_404(Closure, pk=pk)
    housekeeping.reopen(closure=closure, by=request.actor, from_night=clock.tonight())
    return redirect("house")


# Three forms on one page ask for the same things: each gives its fields ids of its own.
FORMS = {"activation": ActivationForm, "change": DormitoryChangeForm, "add": AddBedsForm}


def _form(name, data=None, initial=None):
    return FORMS[name](data, auto_id=f"{name}_%s", initial=initial)


def _change(request, name, act):
    form = _form(name, request.POST)
    if form.is_valid():
        try:
            act(form, request.actor)
            return redirect("house")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, **{name: form})


def _page(request, **forms):
    night = queries.night_of(clock.tonight()) or Night(date=clock.tonight())
    board = queries.board_of(night)
    first = {"first_night": clock.tonight()}
    page = {
        "night": night,
        "capacity": queries.capacity_of(board),
        "dormitories": _dormitories(board),
        "activations": Activation.objects.order_by("-first_night", "-id")[:20],
        "closures": Closure.objects.on(night.date).select_related("bed", "dormitory").order_by("id"),
        "activation": _form("activation", initial=first),
        "change": _form("change", initial=first),
        "add": _form("add", initial=first | {"levels": "3"}),
        "may_change": may(request.actor, "house-add", "POST"),
        "may_reopen": may(request.actor, "house-reopen", "POST"),
    }
    return render(request, "shelter/house.html", page | forms, status=422 if forms else 200)


def _dormitories(board):
    rooms: dict[tuple, list] = {}
    for bed in board:
        rooms.setdefault((bed.dormitory_id, bed.dormitory, bed.zone), []).append(bed)
    return [
        {
            "name": name,
            "zone": zone,
            "capacity": queries.capacity_of(beds),
            "beds": f"{beds[0].label} – {beds[-1].label}",
            "lower": sum(bed.level == "bottom" for bed in beds),
            "step_free": sum(bed.step_free for bed in beds),
        }
        for (_pk, name, zone), beds in rooms.items()
    ]


def _activate(form, by):
    housekeeping.activate_places(by=by, **form.cleaned_data)


def _change_dormitory(form, by):
    data = form.cleaned_data
    dormitory, first_night = data["dormitory"], data["first_night"]
    if data["change"] == "zone":
        housekeeping.change_zone(dormitory=dormitory, zone=data["zone"], first_night=first_night, by=by)
    elif data["change"] == "close":
        housekeeping.close_dormitory(
            dormitory=dormitory, reason=data["closed_for"], first_night=first_night,
            last_night=data["last_night"], by=by,
        )  # fmt: skip
    else:
        beds = _beds_named(data["beds"], dormitory, first_night)
        housekeeping.reposition_beds(beds=beds, dormitory=data["target"], first_night=first_night, by=by)


def _beds_named(text, dormitory, night):
    labels = text.replace(",", " ").split()
    standing = {bed.label: bed.id for bed in beds_on(night) if bed.dormitory_id == dormitory.pk}
    missing = sorted(set(labels) - set(standing))
    if missing:
        raise Incomplete(what=_("Not in this dormitory: %(beds)s") % {"beds": ", ".join(missing[:10])})
    return list(Bed.objects.filter(pk__in=[standing[label] for label in labels]).order_by("label"))


def _add(form, by):
    data = form.cleaned_data
    dormitory = Dormitory.objects.filter(code=data["code"]).first()
    if dormitory is None:
        dormitory = housekeeping.add_dormitory(
            site=Site.objects.first() or Site.objects.create(name="Foyer"),
            code=data["code"],
            name=data["name"] or data["code"],
            zone=data["zone"],
            first_night=data["first_night"],
            position=Dormitory.objects.count() + 1,
            by=by,
        )
    labels = (
        Bed.objects.filter(label__startswith=f"{data['code']}-").order_by().values_list("label", flat=True)
    )
    used = [int(label.rpartition("-")[2]) for label in labels if label.rpartition("-")[2].isdecimal()]
    last_opened = Bed.objects.filter(layer=data["layer"]).aggregate(last=Max("opening_order"))["last"]
    beds = form.beds(labels_from=max(used, default=0) + 1, opening_from=(last_opened or 0) + 1)
    housekeeping.add_beds(dormitory=dormitory, beds=beds, first_night=data["first_night"], by=by)
