"""Who works for whom, with what they may do and when they are away, for those who enter it."""

from dataclasses import dataclass

from django.db.models import Q

from shelter import clock
from shelter.models import Organisation
from shelter.rota.models import Absence, CalendarAddress, Employment, Qualification


@dataclass(frozen=True)
class Staff:
    """An organisation with its employments that have not ended, and whether its team's calendar has an address."""

    organisation: Organisation
    employments: tuple
    has_calendar: bool


@dataclass(frozen=True)
class Known:
    employments: tuple
    qualifications: tuple
    absences: tuple


def staff_of(organisations, today):
    rows = (
        Employment.objects.filter(Q(last_day=None) | Q(last_day__gte=today), organisation__in=organisations)
        .select_related("person", "organisation")
        .prefetch_related("person__qualifications__skill")
        .order_by("kind", "person__name", "first_day", "pk")
    )
    feeds = set(
        CalendarAddress.objects.filter(organisation__in=organisations, revoked_at=None).values_list(
            "organisation", flat=True
        )
    )
    return [
        Staff(
            organisation=organisation,
            employments=tuple(row for row in rows if row.organisation_id == organisation.pk),
            has_calendar=organisation.pk in feeds,
        )
        for organisation in organisations
    ]


def of_person(person):
    """What is known of somebody; absences from today on."""
    return Known(
        employments=tuple(
            Employment.objects.filter(person=person)
            .select_related("organisation")
            .order_by("first_day", "pk")
        ),
        qualifications=tuple(
            Qualification.objects.filter(person=person)
            .select_related("skill")
            .order_by("skill__position", "pk")
        ),
        absences=tuple(Absence.objects.filter(person=person, end__gt=clock.now()).order_by("start", "pk")),
    )
