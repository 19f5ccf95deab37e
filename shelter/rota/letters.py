"""What people are told by mail: places and hours, nothing else."""

from collections import defaultdict

from django.utils import formats
from django.utils.translation import gettext as _

from shelter import nights


def published_subject(plan):
    return _("Rota from %(first)s to %(last)s") % {"first": _day(plan.first_day), "last": _day(plan.last_day)}


def changed_subject():
    return _("Your shifts have changed")


def published(signed_shifts):
    """All is new, or what changed for this person: each shift with + or −."""
    if not signed_shifts:
        return _("The rota is published. Your shifts are under “My shifts”.")
    return "\n".join(
        [_("Your shifts have changed:"), *(f"{sign} {shift_line(shift)}" for sign, shift in signed_shifts)]
    )


def by_person(changes):
    """By person the shifts that changes took from them (−) and gave them (+)."""
    signed = defaultdict(list)
    for change in changes:
        if change.before_id:
            signed[change.before].append(("−", change.shift))
        if change.after_id:
            signed[change.after].append(("+", change.shift))
    return signed


def shift_line(shift):
    start, end = nights.local(shift.start), nights.local(shift.end)
    return f"{formats.date_format(start, 'D j F')} {start:%H:%M}–{end:%H:%M} {shift.template.name}"


def _day(day):
    return formats.date_format(day, "SHORT_DATE_FORMAT")


def asked_subject():
    return _("Can you step in?")


def asked(shift):
    return "\n".join([_("This shift is free:"), shift_line(shift), _("Take it under “My shifts”.")])
