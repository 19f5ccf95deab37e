"""Shifts as a calendar others can read: places and hours, nothing about people."""

from datetime import timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from shelter import clock
from shelter.rota.models import Assignment, Shift

BEHIND, AHEAD = timedelta(days=30), timedelta(days=200)


def as_ical(address):
    """The calendar of an address, as bytes: a person's shifts, or each shift of a team."""
    calendar = Calendar()
    calendar.add("prodid", "-//Foyer//rota//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Foyer: shifts"))
    calendar.add("refresh-interval;value=duration", "PT1H")
    for uid, shift in _shifts(address):
        event = Event()
        event.add("uid", f"{uid}@foyer")
        event.add("dtstamp", clock.now())
        event.add("dtstart", shift.start)
        event.add("dtend", shift.end)
        event.add("summary", shift.template.name)
        event.add("location", "Findel")
        calendar.add_component(event)
    return calendar.to_ical()


def _shifts(address):
    span = {"start__gte": clock.now() - BEHIND, "start__lt": clock.now() + AHEAD}
    standing = (
        Assignment.objects.standing().filter(**span).select_related("shift__template").order_by("start", "pk")
    )
    if address.person_id:
        return [(f"shift-{row.shift_id}", row.shift) for row in standing.filter(person=address.person_id)]
    shifts = Shift.objects.filter(
        pk__in=standing.filter(plan__organisation=address.organisation_id).values("shift")
    )
    return [(f"shift-{shift.pk}", shift) for shift in shifts.select_related("template")]
