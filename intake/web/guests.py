"""The guest card, and the one-screen form for somebody new."""

from datetime import timedelta

from django.shortcuts import redirect, render
from django.urls import reverse

from intake import countries, languages, queries
from intake.actions import door, guests
from intake.models import Card, Incident, Referral
from intake.web import night_forms
from intake.web.forms import GuestForm
from intake.web.showing import evening, guest_or_404
from shelter import clock
from shelter import queries as house
from shelter.gate import may
from shelter.models import Exclusion, Merge, Proof

NIGHTS_SHOWN = 40


def card(request, pk, forms=None, refusal=None, status=200):
    """The guest card; a verb of it that did not pass shows its form again, in its place."""
    guest, night = guest_or_404(pk), evening()
    guests.note_reading(guest=guest, by=request.actor, fields=_groups_read(request))
    slept = queries.nights_slept(guest)
    page = {
        "guest": guest,
        "hit": queries.hit_of(guest, night),
        "night": night,
        "nights": list(slept[:NIGHTS_SHOWN]),
        "nights_count": slept.count(),
        "first_night": slept.last(),
        "nationality": countries.name_of(guest.nationality),
        "languages": [languages.ENDONYMS.get(code, code) for code in guest.languages],
        "readers": queries.readers_of(guest, clock.now() - timedelta(days=7)),
        "is_night_team": may(request.actor, "door"),
        "may_change": may(request.actor, "guest-change"),
        "may_register": may(request.actor, "desk-register", "POST"),
        "refusal": refusal,
        **_admission(guest, night),
        **_onward(guest),
        **_rights(request),
        **_forms(forms or {}, night, guest),
    }
    return render(request, "intake/guest.html", page, status=status)


def _groups_read(request):
    """Which groups of fields somebody with these roles gets to see on the card."""
    groups = ["names", "needs", "nights", "admission", "onward"]
    return [*groups, "exclusions", "apart", "incidents"] if may(request.actor, "incidents") else groups


def _admission(guest, night):
    numbers = house.numbers_of(guest.occupant)
    pairs = list(house.kept_apart_from(guest.occupant))
    others = {pair.pk: pair.second if _is_me(guest, pair.first) else pair.first for pair in pairs}
    names = queries.guests_by_occupant([other.pk for other in others.values()])
    return {
        "proofs": Proof.objects.filter(occupant__in=numbers).select_related("seen_by")[:5],
        "exclusions": Exclusion.objects.filter(occupant__in=numbers)
        .select_related("decided_by", "seconded_by", "lifted_by")
        .prefetch_related("cold_decisions__decided_by", "incidents"),
        "running": house.running_exclusion(guest.occupant, night.date),
        "spell": house.cold_spells_of(night.date).first(),
        "pairs": [(pair, others[pair.pk], names.get(others[pair.pk].pk)) for pair in pairs],
        "merges": Merge.objects.filter(kept=guest.occupant, undone_at__isnull=True).select_related("gone"),
        "conflicts": house.conflicts_of(guest.occupant),
        "incident_count": _incidents_of(guest).count(),
        "today": night.date,
    }


def _is_me(guest, occupant):
    return guest.occupant_id in (occupant.pk, occupant.same_as_id)


def _onward(guest):
    numbers = house.numbers_of(guest.occupant)
    return {
        "cards": Card.objects.filter(guest__occupant__in=numbers).select_related("guest__occupant")[:5],
        "referrals": Referral.objects.filter(occupant__in=numbers)[:10],
        "things": queries.things_kept().filter(occupant__in=numbers),
        "outcomes": Referral.Outcome.choices,
        "notices": Exclusion.Notice.choices[1:],
    }


VERBS = (
    "proof", "exclude", "exclusion-lift", "exclusion-tell", "cold-decision", "keep-apart", "merge", "unmerge",
    "card-issue", "refer",
)  # fmt: skip


def _rights(request):
    rights = {f"may_{name.replace('-', '_')}": may(request.actor, f"guest-{name}", "POST") for name in VERBS}
    return rights | {"may_see_incidents": may(request.actor, "incidents")}


def _incidents_of(guest):
    numbers = house.numbers_of(guest.occupant)
    return Incident.objects.filter(people__occupant__in=numbers).distinct().order_by("-happened_at", "-id")


def _forms(bound, night, guest):
    """The forms of the card; of one that did not pass, what was sent stands in it."""
    dates = {"first_night": night.date, "last_night": night.date}
    fresh = {
        "proof": night_forms.ProofForm(),
        "exclusion": night_forms.ExclusionForm(initial=dates, incidents=_incidents_of(guest)),
        "apart": night_forms.OtherGuestForm(prefix=None),
        "joined": night_forms.OtherGuestForm(),
        "card": night_forms.RevokeForm(),
        "onward": night_forms.ReferralForm(),
    }
    # A part of the card has several verbs; what was sent stands in the form that it came from, if shown.
    shown = {
        name: bound[name] if type(bound.get(name)) is type(form) else form for name, form in fresh.items()
    }
    return {
        **{f"{name}_form": form for name, form in shown.items()},
        "wrong": next((form for form in bound.values() if form.errors), None),
        "open_part": next(iter(bound), ""),
    }


def new(request):
    """Somebody new: their file and tonight's registration in one save."""
    night = evening()
    form = GuestForm(
        request.POST or None, initial={"name": request.GET.get("name", "").replace("\0", "")[:80]}
    )
    came_from = request.POST.get("from") or request.GET.get("from") or "door"
    page = {"form": form, "needs": _needs(form), "night": night, "came_from": came_from}
    if request.method == "POST" and form.is_valid():
        alike = _same_person(form)
        if alike and not request.POST.get("is_new"):
            page |= {"alike": alike, "posted": _posted(request), "written": _written(form)}
            return render(request, "intake/same_person.html", page, status=409)
        guest = door.add_and_register(night=night, by=request.actor, **form.answers())
        return redirect(_next(request, came_from, guest))
    return render(request, "intake/guest_form.html", page, status=422 if form.errors else 200)


def change(request, pk):
    guest = guest_or_404(pk)
    guests.note_reading(guest=guest, by=request.actor, fields=["names", "needs"])
    form = GuestForm(request.POST or None, guest=guest)
    if request.method == "POST" and form.is_valid():
        guests.change_guest(guest=guest, by=request.actor, **form.answers())
        return redirect("guest", pk)
    page = {"form": form, "needs": _needs(form), "guest": guest, "night": evening(), "came_from": ""}
    return render(request, "intake/guest_form.html", page, status=422 if form.errors else 200)


def look_alikes(request):
    """Guests whose names resemble what is being typed, beside the form."""
    name = request.GET.get("name", "").replace("\0", "")[:80]
    family_name = request.GET.get("family_name", "").replace("\0", "")[:80]
    alike = queries.look_alikes(name, family_name, _year(request.GET.get("birth_year", "")))
    return render(request, "intake/_look_alikes.html", {"alike": [guest for guest, _score in alike]})


def search(request):
    """Find a guest, tonight's bed included."""
    query = request.GET.get("q", "").replace("\0", "")
    night = evening()
    page = {"query": query, "hits": queries.search(query, night), "night": night}
    template = "intake/_search_hits.html" if request.htmx else "intake/search.html"
    return render(request, template, page)


NEEDS = ("lower_bed", "step_free", "dog", "works_nights", "early_leaver")


def _needs(form):
    return [form[name] for name in NEEDS]


def _posted(request):
    """What was sent, to be sent again once somebody has answered the question in between."""
    kept = {name for name in request.POST if name not in {"csrfmiddlewaretoken", "from", "is_new"}}
    return [(name, request.POST.getlist(name)) for name in sorted(kept)]


def _written(form):
    return " ".join(filter(None, (form.cleaned_data["name"], form.cleaned_data["family_name"])))


def _same_person(form):
    data = form.cleaned_data
    alike = queries.look_alikes(data["name"], data["family_name"], data["birth_year"])
    return [guest for guest, score in alike if score >= queries.STRONG_MATCH]


def _next(request, came_from, guest):
    if came_from == "desk" or not may(request.actor, "door"):
        return f"{reverse('desk')}?done={guest.pk}"
    return reverse("door-guest", args=[guest.pk])


def _year(text):
    return int(text) if text.isdecimal() and len(text) == 4 else None
