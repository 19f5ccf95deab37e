"""Verbs of the guest card: proofs, exclusions, people kept apart, files joined, cards, ways onward."""

from functools import wraps

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from intake import paper
from intake.actions import cards, night
from intake.models import Card, Referral
from intake.web import guests as card_page
from intake.web import night_forms as forms
from intake.web.showing import evening, guest_or_404
from shelter import clock
from shelter import queries as house
from shelter.actions import admission, merging
from shelter.errors import Refused
from shelter.models import Exclusion, KeepApart, Merge


def verb(name, form_of):
    """A verb of the guest card: its form is read, the verb done, and the card shown again."""

    def decorated(act):
        @wraps(act)
        def view(request, pk, **ids):
            guest = guest_or_404(pk)
            form = form_of(request.POST)
            if not form.is_valid():
                return card_page.card(request, guest.pk, forms={name: form}, status=422)
            try:
                act(request, guest, form.cleaned_data, **ids)
            except Refused as refusal:
                return card_page.card(
                    request, guest.pk, forms={name: form}, refusal=refusal, status=refusal.status
                )
            return redirect(f"{reverse('guest', args=[guest.pk])}#{name}")

        return view

    return decorated


@verb("proof", forms.ProofForm)
def proof(request, guest, asked):
    admission.note_proof(
        occupant=guest.occupant, night=evening(), kind=asked["kind"], accepted=asked["accepted"] == "yes",
        by=request.actor,
    )  # fmt: skip


@verb("exclusion", forms.ExclusionForm)
def exclude(request, guest, asked):
    night.exclude(occupant=guest.occupant, by=request.actor, **asked)


@verb("exclusion", forms.LiftForm)
def lift(request, guest, asked, exclusion):
    admission.lift_exclusion(exclusion=_exclusion(guest, exclusion), reason=asked["reason"], by=request.actor)


@verb("exclusion", forms.TellForm)
def tell(request, guest, asked, exclusion):
    admission.tell(exclusion=_exclusion(guest, exclusion), notice_in=asked["notice_in"], by=request.actor)


@verb("exclusion", forms.ColdDecisionForm)
def decide_in_the_cold(request, guest, asked, exclusion):
    spell = get_object_or_404(house.cold_spells_of(evening().date))
    admission.decide_in_the_cold(
        exclusion=_exclusion(guest, exclusion), cold_spell=spell, admitted=asked["admitted"] == "yes",
        risk_note=asked["risk_note"], by=request.actor,
    )  # fmt: skip


def _exclusion(guest, pk):
    return get_object_or_404(Exclusion, pk=pk, occupant__in=house.numbers_of(guest.occupant))


@verb("apart", forms.OtherGuestForm)
def keep_apart(request, guest, asked):
    admission.keep_apart(one=guest.occupant, other=asked["other"].occupant, by=request.actor)


@verb("apart", forms.NoAnswers)
def end_keep_apart(request, guest, asked, pair):
    mine = house.numbers_of(guest.occupant)
    pairs = KeepApart.objects.filter(first__in=mine) | KeepApart.objects.filter(second__in=mine)
    admission.end_keep_apart(pair=get_object_or_404(pairs, pk=pair), by=request.actor)


@verb("joined", forms.OtherGuestForm)
def merge(request, guest, asked):
    if asked["other"] != guest:  # joined already, by the first of two taps
        merging.merge(kept=guest.occupant, gone=asked["other"].occupant, by=request.actor)


@verb("joined", forms.NoAnswers)
def unmerge(request, guest, asked, merge):
    merging.unmerge(merge=get_object_or_404(Merge, pk=merge, kept=guest.occupant), by=request.actor)


@verb("card", forms.NoAnswers)
def issue_card(request, guest, asked):
    cards.issue_card(guest=guest, by=request.actor)


@verb("card", forms.RevokeForm)
def revoke_card(request, guest, asked, card):
    mine = Card.objects.filter(guest__occupant__in=house.numbers_of(guest.occupant))
    cards.revoke_card(card=get_object_or_404(mine, pk=card), why=asked["why"], by=request.actor)


@verb("onward", forms.ReferralForm)
def refer(request, guest, asked):
    night.refer(
        occupant=guest.occupant, target=asked["target"], same_day=asked["same_day"], day=clock.tonight(),
        by=request.actor,
    )  # fmt: skip


@verb("onward", forms.OutcomeForm)
def referral_outcome(request, guest, asked, referral):
    row = get_object_or_404(Referral, pk=referral, occupant__in=house.numbers_of(guest.occupant))
    night.note_arrival(referral=row, outcome=asked["outcome"], by=request.actor)


def cards_pdf(request):
    """Cards in force on a sheet to cut: of the guests asked for, or of everybody expected tonight."""
    asked = [int(pk) for pk in request.GET.getlist("guest") if pk.isdecimal() and len(pk) < 18]
    in_force = (
        Card.objects.filter(revoked_at__isnull=True).select_related("guest__occupant").order_by("guest")
    )
    if asked:
        in_force = in_force.filter(guest__in=asked)
    else:
        in_force = in_force.filter(guest__occupant__in=house.registered(evening()).values("occupant"))
    headers = {"Content-Disposition": 'inline; filename="cards.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(paper.card_sheet(list(in_force)), content_type="application/pdf", headers=headers)
