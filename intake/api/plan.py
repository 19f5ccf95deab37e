"""The whole night's plan by API: propose, read, keep its beds."""

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


class PlannedOut(serializers.Serializer):
    """One person of the plan, in line: the bed with its reasons in words, or what bound and what would help."""

    number = serializers.CharField(source="line.occupant.number")
    guest = serializers.IntegerField(source="guest.pk", allow_null=True, default=None)
    bed = serializers.CharField(source="line.bed.label", allow_null=True, default=None)
    state = serializers.CharField()
    codes = serializers.SerializerMethodField()
    reasons = serializers.ListField(child=serializers.CharField())
    change = serializers.CharField()

    def get_codes(self, row) -> list[str]:
        return [code for code, _facts in row.line.reasons]


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


class AcceptIn(serializers.Serializer):
    """Guest numbers whose planned beds are kept; without them, everybody's."""

    numbers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), required=False
    )


class AppliedOut(serializers.Serializer):
    held = serializers.ListField(child=serializers.IntegerField())
    refused = serializers.DictField(child=serializers.CharField())


class Plan(NightView):
    @extend_schema(responses=PlanOut)
    def get(self, request, night):
        """The latest plan of the night."""
        return Response(PlanOut(_plan_or_404(night)).data)

    @extend_schema(request=None, responses={201: PlanOut})
    def post(self, request, night):
        """Plan the night anew; nothing else changes."""
        row = night_or_404(night)
        return self.write(lambda: (201, PlanOut(verbs.propose(night=row, by=self.by)).data))


class ApplyPlan(NightView):
    @extend_schema(request=AcceptIn, responses=AppliedOut)
    def post(self, request, night):
        """Keep the planned beds: everybody's, or those of `numbers`."""
        plan, asked = _plan_or_404(night), self.asked(AcceptIn)
        return self.write(
            lambda: (
                200,
                AppliedOut(allotting.apply(plan=plan, by=self.by, numbers=asked.get("numbers"))).data,
            )
        )


def _plan_or_404(night):
    plan = house.latest_plan(night_or_404(night))
    if plan is None:
        raise Http404
    return plan
