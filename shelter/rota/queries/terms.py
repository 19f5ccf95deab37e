"""The terms of working time in force for an organisation on a day."""

from django.db.models import Q

from shelter.rota.models import Term
from shelter.rota.terms import Terms


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


def terms_of(organisation, day):
    return Terms(**terms_by_organisation([organisation.pk], day)[organisation.pk])
