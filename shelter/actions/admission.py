"""Who may sleep here, and next to whom: proofs, exclusions, cold spells, people kept apart."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shelter import clock, errors, queries, rules
from shelter.log import Verb, record
from shelter.models import ColdDecision, ColdSpell, Exclusion, KeepApart, Membership, Occupant, Proof
from shelter.refusing import constraints_speak


@transaction.atomic(savepoint=False)
def note_proof(*, occupant, night, kind, accepted, by):
    """Write down that a proof of presence was seen, of which kind and whether it will do; never a copy."""
    proof = Proof.objects.create(
        occupant=occupant,
        season=night.season,
        kind=kind,
        accepted=accepted,
        seen_by=by.person,
        seen_at=clock.now(),
    )
    record(Verb.PROOF_SEEN, by=by, night=night, occupant=occupant, kind=kind, accepted=accepted)
    return proof


@transaction.atomic(savepoint=False)
def declare_cold_spell(*, first_night, last_night, by, forecast=None, reason=""):
    """Declare the nights from one to another bitterly cold: what the settings name gives way on them."""
    if last_night < first_night:
        raise errors.Incomplete(what=_("The last night lies before the first."))
    if cold := ColdSpell.objects.filter(
        withdrawn_at__isnull=True, first_night__lte=last_night, last_night__gte=first_night
    ).first():
        raise errors.Incomplete(what=_("There is a cold spell on these nights already: %s") % cold)
    spell = ColdSpell.objects.create(
        first_night=first_night,
        last_night=last_night,
        forecast=forecast,
        reason=reason,
        declared_by=by.person,
        declared_at=clock.now(),
    )
    record(
        Verb.COLD_DECLARED, by=by, reason=reason, first_night=first_night.isoformat(),
        last_night=last_night.isoformat(), forecast=forecast,
    )  # fmt: skip
    return spell


@transaction.atomic(savepoint=False)
def end_cold_spell(*, cold_spell, last_night, by):
    """The cold is over sooner: the spell ends with this night, or falls away if it had not begun."""
    spell = ColdSpell.objects.select_for_update(no_key=True).get(pk=cold_spell.pk)
    if spell.withdrawn_at is not None or spell.last_night <= last_night:
        return spell
    if last_night < spell.first_night:
        spell.withdrawn_at = clock.now()
    else:
        spell.last_night = last_night
    spell.save(update_fields=["withdrawn_at", "last_night"])
    record(
        Verb.COLD_ENDED, by=by, first_night=spell.first_night.isoformat(), last_night=last_night.isoformat()
    )
    return spell


@transaction.atomic(savepoint=False)
def exclude(*, occupant, category, first_night, last_night, by, seconded_by=None, **answers):
    """Exclude somebody from one night to another; a long exclusion is decided by two people.

    `answers` are `review_on`, `notice_in` and `advice` of an `Exclusion`.
    """
    if last_night < first_night:
        raise errors.Incomplete(what=_("The last night lies before the first."))
    alone = queries.settings_for(first_night).exclusion_alone_nights
    if seconded_by is not None or (last_night - first_night).days + 1 > alone:
        _is_a_second_lead(seconded_by, by, alone)
    exclusion = Exclusion.objects.create(
        occupant=occupant,
        category=category,
        first_night=first_night,
        last_night=last_night,
        decided_by=by.person,
        decided_at=clock.now(),
        seconded_by=seconded_by,
        **answers,
    )
    record(
        Verb.EXCLUDED, by=by, occupant=occupant, exclusion=exclusion.pk, category=category,
        first_night=first_night.isoformat(), last_night=last_night.isoformat(),
        seconded_by=seconded_by.pk if seconded_by else None,
    )  # fmt: skip
    return exclusion


def _is_a_second_lead(person, by, alone):
    """The second person is somebody else who may exclude as well."""
    is_lead = (
        person is not None and Membership.objects.now().filter(person=person, role__in=errors.LEADS).exists()
    )
    if not is_lead or person == by.person:
        raise errors.SecondPersonNeeded(nights=alone)


@transaction.atomic(savepoint=False)
def tell(*, exclusion, notice_in, by):
    """The person was told about the exclusion, in this language."""
    exclusion = Exclusion.objects.select_for_update(no_key=True, of=("self",)).get(pk=exclusion.pk)
    if exclusion.notice_in != notice_in:
        exclusion.notice_in = notice_in
        exclusion.save(update_fields=["notice_in"])
        record(
            Verb.EXCLUSION_TOLD,
            by=by,
            occupant=exclusion.occupant,
            exclusion=exclusion.pk,
            notice_in=notice_in,
        )
    return exclusion


@transaction.atomic(savepoint=False)
def lift_exclusion(*, exclusion, reason, by):
    """End an exclusion before its time; lifted twice, the first reason stands."""
    rules.reason_is_written(reason)
    exclusion = Exclusion.objects.select_for_update(no_key=True, of=("self",)).get(pk=exclusion.pk)
    if exclusion.lifted_at is not None:
        return exclusion
    exclusion.lifted_at, exclusion.lifted_by = clock.now(), by.person
    exclusion.lifted_because = reason.strip()
    exclusion.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    record(
        Verb.EXCLUSION_LIFTED,
        by=by,
        occupant=exclusion.occupant,
        exclusion=exclusion.pk,
        reason=reason.strip(),
    )
    return exclusion


@transaction.atomic(savepoint=False)
def decide_in_the_cold(*, exclusion, cold_spell, admitted, risk_note, by):
    """Whether one excluded person sleeps here during one cold spell, and what is done about the risk."""
    rules.reason_is_written(risk_note)
    decision = ColdDecision.objects.create(
        exclusion=exclusion,
        cold_spell=cold_spell,
        admitted=admitted,
        risk_note=risk_note.strip(),
        decided_by=by.person,
        decided_at=clock.now(),
    )
    record(
        Verb.COLD_DECIDED, by=by, occupant=exclusion.occupant, exclusion=exclusion.pk, admitted=admitted,
        reason=risk_note.strip(),
    )  # fmt: skip
    return decision


@transaction.atomic(savepoint=False)
def keep_apart(*, one, other, by):
    """These two shall not lie in one dormitory. Asked twice, it answers with the pair that stands."""
    first, second = sorted([one.same_as_id or one.pk, other.same_as_id or other.pk])
    if first == second:
        raise errors.Incomplete(what=_("A person cannot be kept apart from themselves."))
    list(
        Occupant.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=[first, second])
        .order_by("pk")
    )
    standing = KeepApart.objects.standing().filter(first=first, second=second).first()
    if standing is not None:
        return standing
    with constraints_speak():
        pair = KeepApart.objects.create(first_id=first, second_id=second, since=clock.now(), by=by.person)
    for number in (first, second):
        record(Verb.KEPT_APART, by=by, occupant=Occupant(pk=number), pair=pair.pk)
    return pair


@transaction.atomic(savepoint=False)
def end_keep_apart(*, pair, by):
    pair = KeepApart.objects.select_for_update(no_key=True, of=("self",)).get(pk=pair.pk)
    if pair.ended_at is None:
        pair.ended_at, pair.ended_by = clock.now(), by.person
        pair.save(update_fields=["ended_at", "ended_by"])
        for number in (pair.first_id, pair.second_id):
            record(Verb.NO_LONGER_APART, by=by, occupant=Occupant(pk=number), pair=pair.pk)
    return pair
