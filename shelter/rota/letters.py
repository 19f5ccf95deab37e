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


def welcome_subject():
    return _("Welcome to the team")


def welcome(shifts, address):
    """What a new volunteer has, and where their own page is."""
    return "\n".join(
        [
            _("Thank you for helping. You are expected:"),
            *map(shift_line, shifts),
            _("Your own page, with your shifts and a button for when you cannot come:"),
            address,
        ]
    )


def declined_subject():
    return _("Your offer to help")


def declined(organisation):
    return _(
        "Thank you for offering to help. This time we have no place that fits; nothing about you is kept.\n%(name)s"
    ) % {"name": organisation.name}


def thanks_subject():
    return _("Thank you")


def thanks(shift):
    return _("Thank you for your help: %(shift)s. It was good to have you here.") % {
        "shift": shift_line(shift)
    }


def reminder_subject():
    return _("Your next shift")


def reminder(shift):
    return "\n".join([_("You are expected:"), shift_line(shift)])


def missing_subject():
    return _("People are missing in two weeks")


def missing(night, places):
    """The places of a night that lack people, for who plans."""
    return "\n".join(
        [
            _("Night of %(day)s:") % {"day": _day(night.date)},
            *(
                f"{place.shift.template.name} · {place.skill.name} {place.there}/{place.needed}"
                for place in places
            ),
        ]
    )


def away_subject():
    return _("Somebody cannot come")


def away(person, shifts):
    return "\n".join([_("%(name)s cannot come:") % {"name": person.name}, *map(shift_line, shifts)])
