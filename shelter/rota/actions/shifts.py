"""What has to be done: kinds of shift, dated shifts, who is needed in them."""

from datetime import timedelta
from itertools import chain, count

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from shelter import clock
from shelter.errors import Incomplete
from shelter.log import record
from shelter.models import Night
from shelter.rota import errors
from shelter.rota.log import Verb
from shelter.rota.models import Demand, MixRule, Shift, ShiftTemplate, Skill, TemplateDemand

LETTER_IS_TAKEN = _("Another kind of shift has this letter.")


@transaction.atomic
def add_skill(*, code, name, by, is_duty=True, for_volunteers=False):
    """A duty of shifts, or something else somebody can be asked for; the same code again renames it."""
    given = {"name": name, "is_duty": is_duty, "for_volunteers": for_volunteers}
    skill, _created = Skill.objects.update_or_create(
        code=code, defaults=given, create_defaults=given | {"position": Skill.objects.count()}
    )
    record(Verb.SKILL_SET, by=by, skill=code)
    return skill


@transaction.atomic
def set_template(*, code, by, demands=(), **given):
    """A kind of shift with its demands (skill, minimum, wished, priority, per_guests); shifts laid out stay."""
    _in_order(given["first_night"], given.get("last_night"), ShiftTemplate)
    template, _created = ShiftTemplate.objects.update_or_create(
        code=code, defaults=given, create_defaults=given | {"position": ShiftTemplate.objects.count()}
    )
    template.demands.all().delete()
    TemplateDemand.objects.bulk_create(TemplateDemand(template=template, **demand) for demand in demands)
    record(Verb.TEMPLATE_SET, by=by, template=code)
    return template


def _in_order(first_night, last_night, model):
    if last_night is not None and last_night < first_night:
        raise Incomplete(what=model._meta.get_field("last_night").verbose_name)


@transaction.atomic
def add_mix_rule(*, least, first_night, by, skill=None, last_night=None):
    _in_order(first_night, last_night, MixRule)
    record(Verb.DEMAND_SET, by=by, mix=skill.code if skill else "organisations", least=least)
    return MixRule.objects.create(skill=skill, least=least, first_night=first_night, last_night=last_night)


@transaction.atomic
def end_mix_rule(*, rule, by):
    """It held until last night; one that never held is taken away."""
    yesterday = clock.tonight() - timedelta(days=1)
    record(Verb.DEMAND_SET, by=by, mix=rule.skill.code if rule.skill else "organisations", least=0)
    if rule.first_night > yesterday:
        rule.delete()
    elif rule.last_night is None or rule.last_night > yesterday:
        rule.last_night = yesterday
        rule.save()


def free_code(name):
    """A code for a new kind of shift, made from its name."""
    code = (slugify(name) or "kind")[:16]
    taken = set(ShiftTemplate.objects.filter(code__startswith=code).values_list("code", flat=True))
    numbered = chain([code], (f"{code}-{number}" for number in count(2)))
    return next(each for each in numbered if each not in taken | {"new"})


@transaction.atomic
def lay_out(*, first_night, last_night, by):
    """Make the shifts of each planned night from the kinds in force; asked again, only what is missing is made."""
    rows = list(Night.objects.filter(date__range=(first_night, last_night)))
    if not rows:
        raise errors.NightsAreMissing()
    there = set(Shift.objects.filter(night__in=rows).values_list("template", "night"))
    templates = ShiftTemplate.objects.prefetch_related("demands")
    wanted = [
        (template, night)
        for night in rows
        for template in templates
        if (template.pk, night.pk) not in there and _is_in_force(template, night.date)
    ]
    shifts = Shift.objects.bulk_create(_shift(template, night) for template, night in wanted)
    Demand.objects.bulk_create(
        _demand(shift, asked)
        for shift, (template, _night) in zip(shifts, wanted, strict=True)
        for asked in template.demands.all()
    )
    record(Verb.SHIFTS_LAID_OUT, by=by, first=f"{first_night}", last=f"{last_night}", number=len(shifts))
    return shifts


def _is_in_force(template, day):
    return template.first_night <= day and (template.last_night is None or day <= template.last_night)


def _shift(template, night):
    start, end = template.hours_on(night.date)
    return Shift(template=template, night=night, start=start, end=end, break_minutes=template.break_minutes)


def _demand(shift, asked):
    return Demand(
        shift=shift,
        skill_id=asked.skill_id,
        minimum=asked.minimum,
        wished=asked.wished,
        priority=asked.priority,
        per_guests=asked.per_guests,
    )


@transaction.atomic
def set_demand(*, shift, skill, minimum, wished, by):
    """How many are needed in one shift of one night, other than usual."""
    demand, _created = Demand.objects.update_or_create(
        shift=shift, skill=skill, defaults={"minimum": minimum, "wished": max(minimum, wished)}
    )
    record(Verb.DEMAND_SET, by=by, night=shift.night, skill=skill.code, minimum=minimum)
    return demand
