"""What if: the night as it would be, beside the night as it is, on one page to print. Nothing is changed by asking."""

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from intake import queries
from intake.web.showing import evening
from shelter import clock, supposing
from shelter.models import Night
from shelter.web.forms import Day

MOST = 500  # people or places that may be supposed


def _count(label, **known):
    return forms.IntegerField(label=label, min_value=0, max_value=MOST, required=False, **known)


class WhatIfForm(forms.Form):
    """What is supposed of an evening; what is left empty is as it is."""

    night = Day(label=_("Night of"))
    closed = forms.MultipleChoiceField(
        label=_("Dormitories closed"), required=False, widget=forms.CheckboxSelectMultiple
    )
    opened = _count(_("Places opened beyond tonight’s"))
    at_most = _count(_("At most this many people"))
    men = _count(_("More men"))
    women = _count(_("More women"))
    family = _count(_("More people in families"))
    lifted = forms.MultipleChoiceField(
        label=_("Exclusions lifted"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, evening, guests, **known):
        super().__init__(*args, **known)
        rooms = {f"{bed.dormitory_id}": bed.dormitory for bed in evening.board}
        people = {
            f"{person.number}": f"{person.number:04d} {guests[person.number].full_name}"
            for person in evening.excluded
            if person.number in guests
        }
        for name, choices in (("closed", rooms), ("lifted", people)):
            self.fields[name].choices = choices.items()  # type: ignore[attr-defined]

    def clean_night(self):
        day = self.cleaned_data["night"]
        if not Night.objects.filter(date=day).exists():
            raise forms.ValidationError(gettext("No night is planned on this date."))
        return day

    def supposed(self):
        said = self.cleaned_data
        more = ((sleeps, said[sleeps] or 0) for sleeps in ("men", "women", "family"))
        return supposing.Supposed(
            closed=frozenset(map(int, said["closed"])),
            opened=said["opened"] or 0,
            at_most=said["at_most"],
            lifted=frozenset(map(int, said["lifted"])),
            more=tuple((sleeps, number) for sleeps, number in more if number),
        )


def what_if(request):
    """The form; and once something is asked, both evenings side by side."""
    night = _night_asked(request) or evening()
    to_plan, is_like_tonight = queries.evening_to_suppose(night)
    guests = queries.guests_by_occupant([person.number for person in to_plan.excluded])
    known = {"evening": to_plan, "guests": guests}
    asked = bool(request.GET)
    form = WhatIfForm(request.GET, **known) if asked else WhatIfForm(initial={"night": night.date}, **known)
    page = {"night": night, "form": form, "is_like_tonight": is_like_tonight, "at": clock.now()}
    if asked and form.is_valid():
        page |= _answer(to_plan, form)
    return render(request, "intake/what_if.html", page, status=422 if asked and not form.is_valid() else 200)


def _night_asked(request):
    try:
        day = Day().clean(request.GET.get("night"))
    except forms.ValidationError:
        return None
    return Night.objects.filter(date=day).first()


def _answer(to_plan, form):
    told = supposing.compare(
        supposing.Evening(to_plan.house, to_plan.people, to_plan.barred, to_plan.inside), form.supposed()
    )
    labels = {bed.id: bed.label for bed in to_plan.board}
    rooms = {bed.dormitory_id: bed.dormitory for bed in to_plan.board}
    names = dict(form.fields["closed"].choices)
    return {
        "told": told,
        "is_proven": told.now.is_proven and told.then.is_proven,
        "closed": [names[room] for room in form.cleaned_data["closed"]],
        "figures": list(_figures(told)),
        "rooms": [
            (name, *told.now.rooms[room], *told.then.rooms.get(room, (0, 0))) for room, name in rooms.items()
        ],
        "binding": [
            (reason, told.now.without.get(reason, 0), told.then.without.get(reason, 0))
            for reason in dict.fromkeys([*told.now.without, *told.then.without])
        ],
        "moved": [(number, labels[bed], labels[other]) for number, bed, other in told.moved],
    }


def _figures(told):
    """Name, as it is, as supposed, and the difference, of everything that is counted in people or places."""
    yield _figure(gettext("People expected"), told, lambda outcome: outcome.expected)
    yield _figure(gettext("With a bed"), told, lambda outcome: outcome.placed)
    yield _figure(gettext("Without a bed"), told, lambda outcome: sum(outcome.without.values()))
    yield _figure(gettext("Places that stay free"), told, lambda outcome: outcome.free)


def _figure(name, told, figure):
    now, then = figure(told.now), figure(told.then)
    return name, now, then, f"{then - now:+d}".replace("-", "−") if then != now else "="
