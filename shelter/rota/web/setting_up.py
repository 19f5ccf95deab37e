"""What the rota is made from: kinds of shift with who is needed, qualifications, mixed teams, terms of working time."""

from django.shortcuts import get_object_or_404, redirect, render

from shelter import clock, nights
from shelter.errors import Refused
from shelter.gate import may
from shelter.models import Role
from shelter.rota.actions import people, shifts
from shelter.rota.models import MixRule, Shift, ShiftTemplate, Skill, TemplateDemand
from shelter.rota.queries.terms import in_force, terms_history
from shelter.rota.web.forms import DemandForm, KindForm, LayOutForm, MixForm, SkillForm, TermForm
from shelter.rota.web.grid import plannable
from shelter.rota.web.place import place


def kinds(request, refusal=None, **forms):
    """All kinds of shift, qualifications and rules of the mix; shifts are laid out from here."""
    tonight = clock.tonight()
    page = {
        "kinds": ShiftTemplate.objects.prefetch_related("demands__skill"),
        "skills": Skill.objects.all(),
        "mixes": MixRule.objects.select_related("skill").order_by("first_night", "pk"),
        "skill_form": SkillForm(auto_id="skill_%s"),
        "mix_form": MixForm(auto_id="mix_%s", initial={"first_night": tonight}),
        "lay_out_form": LayOutForm(auto_id="lay_out_%s", initial={"first_night": tonight}),
        "may_set": may(request.actor, "rota-kind", "POST"),
        "refusal": refusal,
    } | forms
    status = refusal.status if refusal else 422 if forms else 200
    return render(request, "rota/kinds.html", page, status=status)


def kind(request, code):
    """One kind of shift: its hours, and how many of each duty; `new` makes another."""
    row = None if code == "new" else get_object_or_404(ShiftTemplate, code=code)
    form = KindForm(request.POST or None, skills=Skill.objects.filter(is_duty=True), initial=_initial(row))
    if request.method == "POST" and form.is_valid() and _letter_is_free(form, row):
        try:
            shifts.set_template(
                code=row.code if row else shifts.free_code(form.cleaned_data["name"]),
                by=request.actor, demands=list(form.demands()), **form.kind(),
            )  # fmt: skip
            return redirect("rota-kinds")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    page = {"kind": row, "form": form, "rows": list(form.rows())}
    return render(request, "rota/kind.html", page, status=422 if form.errors else 200)


def _letter_is_free(form, row):
    others = ShiftTemplate.objects.filter(letter=form.cleaned_data["letter"])
    if (others.exclude(pk=row.pk) if row else others).exists():
        form.add_error("letter", shifts.LETTER_IS_TAKEN)
        return False
    return True


def _initial(row):
    if row is None:
        return {"break_minutes": 0, "first_night": clock.tonight()}
    known = {name: getattr(row, name) for name in KindForm.base_fields}
    for demand in row.demands.select_related("skill"):
        code = demand.skill.code
        known |= {
            f"minimum-{code}": demand.minimum, f"wished-{code}": demand.wished,
            f"per_guests-{code}": demand.per_guests,
            f"critical-{code}": demand.priority == TemplateDemand.Priority.CRITICAL,
        }  # fmt: skip
    return known


def skill(request):
    form = SkillForm(request.POST, auto_id="skill_%s")
    if not form.is_valid():
        return kinds(request, skill_form=form)
    shifts.add_skill(by=request.actor, **form.cleaned_data)
    return redirect("rota-kinds")


def mix(request):
    form = MixForm(request.POST, auto_id="mix_%s")
    if not form.is_valid():
        return kinds(request, mix_form=form)
    try:
        shifts.add_mix_rule(by=request.actor, **form.cleaned_data)
    except Refused as refusal:
        return kinds(request, refusal=refusal, mix_form=form)
    return redirect("rota-kinds")


def end_mix(request, pk):
    """A rule of the mix that no longer holds from tonight on."""
    shifts.end_mix_rule(rule=get_object_or_404(MixRule, pk=pk), by=request.actor)
    return redirect("rota-kinds")


def lay_out(request):
    """Make the dated shifts of the nights that have none yet."""
    form = LayOutForm(request.POST, auto_id="lay_out_%s")
    if not form.is_valid():
        return kinds(request, lay_out_form=form)
    try:
        shifts.lay_out(by=request.actor, **form.cleaned_data)
    except Refused as refusal:
        return kinds(request, refusal=refusal, lay_out_form=form)
    return redirect("rota-kinds")


def demand(request, shift, skill):
    """How many one shift needs of a duty, other than usual."""
    row = get_object_or_404(Shift.objects.select_related("template", "night"), pk=shift)
    asked = get_object_or_404(row.demands.select_related("skill"), skill__code=skill)
    form = DemandForm(request.POST)
    if not form.is_valid():
        return place(request, shift, skill, form=form)
    shifts.set_demand(
        shift=row,
        skill=asked.skill,
        minimum=form.cleaned_data["minimum"],
        wished=asked.wished,
        by=request.actor,
    )
    return redirect("rota-place", shift, skill)


def terms(request):
    """The figures of working time in force, with source and who confirmed them; a post sets one from a day on."""
    today = nights.local(clock.now()).date()
    mine = plannable(request.actor)
    form = TermForm(request.POST or None, organisations=mine, initial={"first_day": today})
    if request.method == "POST" and form.is_valid():
        try:
            people.set_term(by=request.actor, **form.cleaned_data)
            return redirect("rota-terms")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    page = {
        "form": form,
        "rows": in_force(mine, today),
        "organisations": mine,
        "changes": terms_history(mine),
        "is_coordinator": request.actor.has_any({Role.COORDINATOR}),
    }
    return render(request, "rota/terms.html", page, status=422 if form.errors else 200)
