"""The whole night's plan by API: propose, read, keep its beds, fix one, swap two."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from intake import queries
from intake.actions import plan as verbs
from intake.api.night import NightView
from shelter import queries as house
from shelter.actions import allotting
from shelter.api.asked import night_or_404
from shelter.standing import LARGEST_ID


class PlannedOut(serializers.Serializer):
    """One person of the plan, in line: the bed with its reasons in words, or what bound and what would help.

    `bed` is the one they have by now, or else the planned one; `before` what they could have been told until this plan.
    """

    number = serializers.CharField(source="line.occupant.number")
    guest = serializers.IntegerField(source="guest.pk", allow_null=True, default=None)
    bed = serializers.CharField(source="bed.label", allow_null=True, default=None)
    before = serializers.CharField(source="line.before.label", allow_null=True, default=None)
    pinned = serializers.BooleanField(source="line.is_pinned")
    state = serializers.CharField()
    codes = serializers.SerializerMethodField()
    reasons = serializers.ListField(child=serializers.CharField())
    change = serializers.CharField()

    def get_codes(self, row) -> list[str]:
        return [reason.code for reason in row.line.why]


class PlanOut(serializers.Serializer):
    """The latest plan. `changes` counts what happened since that it does not know of."""

    id = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    objective = serializers.IntegerField()
    bound = serializers.IntegerField()
    changes = serializers.SerializerMethodField()
    people = serializers.SerializerMethodField()

    def get_changes(self, plan) -> int:
        return house.changes_since(plan)

    def get_people(self, plan) -> PlannedOut(many=True):  # type: ignore[valid-type]
        return PlannedOut(queries.proposed_in(plan), many=True).data


class OfPlan(serializers.Serializer):
    """`plan` is the id of the plan that was read; if another one has replaced it, the call is refused."""

    plan = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)


class AcceptIn(OfPlan):
    """Guest numbers whose planned beds are kept; without them, everybody's."""

    numbers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), required=False
    )


class AppliedOut(serializers.Serializer):
    """Numbers whose bed is kept from now on, and numbers with the code of what spoke against theirs."""

    held = serializers.ListField(child=serializers.IntegerField())
    refused = serializers.SerializerMethodField()

    def get_refused(self, given) -> dict[str, str]:
        return {str(number): refusal.code for number, refusal in given.refused.items()}


class PinIn(OfPlan):
    """`pinned` false lets the next plan decide again."""

    number = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    pinned = serializers.BooleanField(default=True)


class SwapIn(OfPlan):
    one = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    other = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class Plan(NightView):
    @extend_schema(responses=PlanOut)
    def get(self, request, night):
        """The latest plan of the night."""
        return Response(PlanOut(_plan_or_404(night)).data)

    @extend_schema(request=None, responses={201: PlanOut})
    def post(self, request, night):
        """Plan the night anew; nothing else changes."""
        proposal = verbs.work_out(night_or_404(night))
        return self.write(lambda: (201, PlanOut(allotting.keep_plan(proposal, by=self.by)).data))


class ApplyPlan(NightView):
    @extend_schema(request=AcceptIn, responses=AppliedOut)
    def post(self, request, night):
        """Keep the planned beds: everybody's, or those of `numbers`."""
        asked = self.asked(AcceptIn)
        plan, numbers = _plan_asked(night, asked), asked.get("numbers")
        return self.write(lambda: (200, AppliedOut(verbs.apply(plan=plan, by=self.by, numbers=numbers)).data))


class PinPlanned(NightView):
    @extend_schema(request=PinIn, responses=PlanOut)
    def post(self, request, night):
        """Keep somebody's bed and leave them in it whatever the next plan finds, or no longer so."""
        asked = self.asked(PinIn)
        plan = _plan_asked(night, asked)
        verb = verbs.pin if asked["pinned"] else allotting.unpin
        return self.write(lambda: _told(plan, verb(plan=plan, number=asked["number"], by=self.by)))


class SwapPlanned(NightView):
    @extend_schema(request=SwapIn, responses=PlanOut)
    def post(self, request, night):
        """Keep for each of two people the bed of the other one."""
        asked = self.asked(SwapIn)
        plan = _plan_asked(night, asked)
        return self.write(
            lambda: _told(plan, verbs.swap(plan=plan, by=self.by, one=asked["one"], other=asked["other"]))
        )


def _told(plan, _done):
    return 200, PlanOut(plan).data


def _plan_or_404(night):
    plan = house.latest_plan(night_or_404(night))
    if plan is None:
        raise Http404
    return plan


def _plan_asked(night, asked):
    return verbs.still_the_latest(_plan_or_404(night), asked.get("plan"))
