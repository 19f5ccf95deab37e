"""The night by API: exclusions, joined files, cold spells, incidents, handovers, things kept, rounds."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from intake.actions import guests
from intake.actions import night as verbs
from intake.api import night_shapes as shapes
from intake.api.door import DoorView
from intake.models import Belonging, Guest, Handover, Incident
from shelter import clock
from shelter import queries as house
from shelter.actions import admission, merging, watching
from shelter.actions.placing import moment
from shelter.api.asked import night_or_404
from shelter.api.paging import Pages
from shelter.models import ColdSpell, Exclusion, Round


class NightView(DoorView):
    """Writes here may carry a key; only those at the door must."""

    key_required = False

    def listed(self, rows, shape):
        pages = Pages()
        page: list = pages.paginate_queryset(rows, self.request, view=self) or []
        return pages.get_paginated_response(shape(page, many=True).data)


def _guest_or_404(pk):
    return get_object_or_404(Guest.objects.select_related("occupant__same_as__guest__occupant"), pk=pk).kept


class Exclusions(NightView):
    @extend_schema(responses=shapes.ExclusionOut(many=True))
    def get(self, request, pk):
        """Exclusions of a guest, those past and lifted too; reading them leaves a line in the log."""
        guest = _guest_or_404(pk)
        guests.note_reading(guest=guest, by=self.by, fields=["exclusions"])
        numbers = house.numbers_of(guest.occupant)
        return self.listed(Exclusion.objects.filter(occupant__in=numbers), shapes.ExclusionOut)

    @extend_schema(request=shapes.ExclusionIn, responses={201: shapes.ExclusionOut})
    def post(self, request, pk):
        """Exclude a guest; for longer than the settings allow alone, name a second person."""
        guest, asked = _guest_or_404(pk), self.asked(shapes.ExclusionIn)
        return self.write(
            lambda: (
                201,
                shapes.ExclusionOut(admission.exclude(occupant=guest.occupant, by=self.by, **asked)).data,
            )
        )

    @extend_schema(request=shapes.LiftIn, responses=shapes.ExclusionOut)
    def patch(self, request, pk):
        """Lift an exclusion of this guest, with a reason."""
        guest, asked = _guest_or_404(pk), self.asked(shapes.LiftIn)
        mine = Exclusion.objects.filter(occupant__in=house.numbers_of(guest.occupant))
        row = get_object_or_404(mine, pk=asked["exclusion"].pk)
        return self.write(
            lambda: (
                200,
                shapes.ExclusionOut(
                    admission.lift_exclusion(exclusion=row, reason=asked["reason"], by=self.by)
                ).data,
            )
        )


class MergeGuest(NightView):
    @extend_schema(request=shapes.MergeIn, responses={201: shapes.MergeOut})
    def post(self, request, pk):
        """`other` turned out to be this guest; this file stays, and it can be taken back."""
        guest, other = _guest_or_404(pk), self.asked(shapes.MergeIn)["other"]
        return self.write(
            lambda: (
                201,
                shapes.MergeOut(merging.merge(kept=guest.occupant, gone=other.occupant, by=self.by)).data,
            )
        )


class UnmergeGuest(NightView):
    @extend_schema(request=shapes.UnmergeIn, responses=shapes.MergeOut)
    def post(self, request, pk):
        """They were two people after all."""
        guest, asked = _guest_or_404(pk), self.asked(shapes.UnmergeIn)
        if asked["merge"].kept_id != guest.occupant_id:
            raise ValidationError({"merge": [_("This merge is not one of this guest's.")]})
        return self.write(
            lambda: (200, shapes.MergeOut(merging.unmerge(merge=asked["merge"], by=self.by)).data)
        )


class ColdSpells(NightView):
    @extend_schema(responses=shapes.ColdSpellOut(many=True))
    def get(self, request):
        return self.listed(ColdSpell.objects.order_by("-first_night", "-id"), shapes.ColdSpellOut)

    @extend_schema(request=shapes.ColdSpellIn, responses={201: shapes.ColdSpellOut})
    def post(self, request):
        """Declare nights bitterly cold."""
        asked = self.asked(shapes.ColdSpellIn)
        return self.write(
            lambda: (201, shapes.ColdSpellOut(admission.declare_cold_spell(by=self.by, **asked)).data)
        )


class OneColdSpell(NightView):
    @extend_schema(request=shapes.ColdEndIn, responses=shapes.ColdSpellOut)
    def patch(self, request, pk):
        """The cold is over sooner."""
        spell, asked = get_object_or_404(ColdSpell, pk=pk), self.asked(shapes.ColdEndIn)
        return self.write(
            lambda: (
                200,
                shapes.ColdSpellOut(admission.end_cold_spell(cold_spell=spell, by=self.by, **asked)).data,
            )
        )


class Incidents(NightView):
    @extend_schema(responses=shapes.IncidentOut(many=True))
    def get(self, request):
        """Incidents, the latest first; reading them leaves a line in the log."""
        verbs.note_reading_of_incidents(night=house.evening(), by=self.by)
        return self.listed(Incident.objects.select_related("night"), shapes.IncidentOut)

    @extend_schema(request=shapes.IncidentIn, responses={201: shapes.IncidentOut})
    def post(self, request):
        """Write down an incident of the night the house is working on."""
        asked = self.asked(shapes.IncidentIn)
        people = [(each["guest"].kept.occupant, each["part"]) for each in asked.pop("people", [])]
        night = night_or_404(clock.tonight())
        asked["happened_at"] = moment(asked.get("happened_at"), night)
        return self.write(
            lambda: (
                201,
                shapes.IncidentOut(
                    verbs.write_incident(night=night, by=self.by, people=_once_each(people), **asked)
                ).data,
            )
        )


def _once_each(people):
    return list({occupant.pk: (occupant, part) for occupant, part in people}.values())


class OneIncident(NightView):
    @extend_schema(request=None, responses=shapes.IncidentOut)
    def patch(self, request, pk):
        """What it left to do is done."""
        row = get_object_or_404(Incident.objects.select_related("night"), pk=pk)
        return self.write(lambda: (200, shapes.IncidentOut(verbs.follow_up(incident=row, by=self.by)).data))


class Handovers(NightView):
    @extend_schema(responses=shapes.HandoverOut(many=True))
    def get(self, request):
        rows = Handover.objects.select_related("night").prefetch_related("items")
        return self.listed(rows, shapes.HandoverOut)

    @extend_schema(request=shapes.HandoverIn, responses={201: shapes.HandoverOut})
    def post(self, request):
        """Hand over: open points fill themselves in."""
        asked, night = self.asked(shapes.HandoverIn), night_or_404(clock.tonight())
        return self.write(
            lambda: (201, shapes.HandoverOut(verbs.hand_over(night=night, by=self.by, **asked)).data)
        )

    @extend_schema(request=shapes.AcknowledgeIn, responses=shapes.AcknowledgeIn)
    def patch(self, request):
        """These points were read by the next shift."""
        items = self.asked(shapes.AcknowledgeIn)["items"]

        def act():
            verbs.acknowledge(items=items, by=self.by)
            return 200, {"items": items}

        return self.write(act)


class Belongings(NightView):
    @extend_schema(responses=shapes.BelongingOut(many=True))
    def get(self, request):
        """What the house keeps now."""
        rows = Belonging.objects.filter(handed_back_at__isnull=True).select_related("occupant")
        return self.listed(rows, shapes.BelongingOut)

    @extend_schema(request=shapes.BelongingIn, responses={201: shapes.BelongingOut})
    def post(self, request):
        asked = self.asked(shapes.BelongingIn)
        guest = asked.pop("guest").kept
        return self.write(
            lambda: (
                201,
                shapes.BelongingOut(verbs.keep_thing(occupant=guest.occupant, by=self.by, **asked)).data,
            )
        )


class OneBelonging(NightView):
    @extend_schema(request=None, responses=shapes.BelongingOut)
    def patch(self, request, pk):
        """It was handed back."""
        row = get_object_or_404(Belonging.objects.select_related("occupant"), pk=pk)
        return self.write(lambda: (200, shapes.BelongingOut(verbs.hand_back(belonging=row, by=self.by)).data))


class Rounds(NightView):
    @extend_schema(responses=shapes.RoundsOut)
    def get(self, request, night):
        """The rounds of a night with what was seen."""
        rows = Round.objects.filter(night=night_or_404(night)).select_related("night")
        return Response({"results": shapes.RoundOut(rows.prefetch_related("marks__bed"), many=True).data})

    @extend_schema(request=shapes.RoundIn, responses={201: shapes.RoundOut})
    def post(self, request, night):
        """What was seen in which bed (`marks`: bed label → empty, there or other); `close` ends the round."""
        row, asked = night_or_404(night), self.asked(shapes.RoundIn)
        beds = _beds_named(asked["marks"])

        def act():
            walk = watching.start_round(night=row, kind=asked["kind"], by=self.by)
            for label, seen in asked["marks"].items():
                watching.mark_bed(round=walk, bed=beds[label], seen=seen, by=self.by)
            if asked["close"]:
                walk = watching.close_round(round=walk, by=self.by)
            return 201, shapes.RoundOut(walk).data

        return self.write(act)


def _beds_named(marks):
    found = {label: house.bed_labelled(label) for label in marks}
    unknown = sorted(label for label, bed in found.items() if bed is None)
    if unknown:
        raise ValidationError({"marks": [_("No bed is called %s.") % unknown[0][:12]]})
    return found
