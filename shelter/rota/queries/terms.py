"""The terms of working time in force for an organisation on a day."""

from dataclasses import dataclass

from django.db.models import Q

from shelter.rota.models import Term
from shelter.rota.terms import LABELS, SOURCES, Terms


@dataclass(frozen=True)
class Figure:
    """One term of working time: its usual value with its source, and the rows that set it otherwise."""

    key: str
    usual: int | None
    source: str
    house: Term | None
    own: tuple[Term, ...]

    @property
    def label(self):
        return LABELS[self.key]

    @property
    def value(self):
        return self.house.value if self.house else self.usual


def terms_by_organisation(organisations, day):
    """For each organisation's id what is set for it on a day; its own figures win over those of all."""
    rows = Term.objects.filter(
        Q(organisation__in=organisations) | Q(organisation=None), first_day__lte=day
    ).order_by("first_day", "id")
    house: dict[str, int | None] = {}
    own: dict[int, dict[str, int | None]] = {pk: {} for pk in organisations}
    for term in rows:
        (house if term.organisation_id is None else own[term.organisation_id])[term.key] = term.value
    return {pk: house | set_ for pk, set_ in own.items()}


def in_force(organisations, day):
    """For each figure what is set for the house, and for each organisation otherwise: the last rows in force."""
    rows = (
        Term.objects.filter(Q(organisation__in=organisations) | Q(organisation=None), first_day__lte=day)
        .select_related("organisation")
        .order_by("first_day", "id")
    )
    latest = {(row.key, row.organisation_id): row for row in rows}
    usual = Terms()
    return [
        Figure(
            key=key,
            usual=getattr(usual, key),
            source=source,
            house=latest.get((key, None)),
            own=tuple(latest[key, each.pk] for each in organisations if (key, each.pk) in latest),
        )
        for key, source in SOURCES.items()
    ]


def terms_history(organisations):
    """What was set, the latest first."""
    rows = Term.objects.filter(Q(organisation__in=organisations) | Q(organisation=None))
    return rows.select_related("organisation", "set_by").order_by("-set_at", "-id")[:50]


def terms_of(organisation, day):
    return Terms(**terms_by_organisation([organisation.pk], day)[organisation.pk])
