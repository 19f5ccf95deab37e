"""What the rota's API takes in and gives out; kept apart."""

from datetime import UTC, datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shelter.api.serializers import Day, Moment, OneLine
from shelter.models import Organisation, Person
from shelter.rota import law
from shelter.rota.models import Absence, Assignment, Plan, Proposal, Shift, ShiftTemplate, Skill, Swap, Wish

CHANGES = ("agree", "refuse", "withdraw", "approve", "undo")


class Instant(Moment):
    """An instant within living memory of the house."""

    default_validators = [
        MinValueValidator(datetime(2000, 1, 1, tzinfo=UTC)),
        MaxValueValidator(datetime(2100, 12, 31, tzinfo=UTC)),
    ]


class Named(serializers.SlugRelatedField):
    """Something by its code. Text with NUL names nothing: PostgreSQL would not even be asked."""

    def __init__(self, **options):
        super().__init__(slug_field="code", **options)

    def to_internal_value(self, data):
        if "\0" in str(data):
            self.fail("does_not_exist", slug_name=self.slug_field, value=str(data).replace("\0", ""))
        return super().to_internal_value(data)


class WhoOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PlaceOut(serializers.Serializer):
    skill = serializers.CharField(source="skill.code")
    needed = serializers.IntegerField()
    wished = serializers.IntegerField()
    there = serializers.IntegerField()
    missing = serializers.IntegerField()


class ShiftOut(serializers.ModelSerializer):
    night = serializers.DateField(source="night.date")
    kind = serializers.CharField(source="template.code")
    name = serializers.CharField(source="template.name")
    places = serializers.SerializerMethodField()

    class Meta:
        model = Shift
        fields = ["id", "night", "kind", "name", "start", "end", "break_minutes", "places"]

    @extend_schema_field(PlaceOut(many=True))
    def get_places(self, shift):
        return PlaceOut(self.context["places"].get(shift.pk, []), many=True).data


class LayOutIn(serializers.Serializer):
    first_night = Day()
    last_night = Day()


class DemandIn(serializers.Serializer):
    skill = Named(queryset=Skill.objects.all())
    minimum = serializers.IntegerField(min_value=0, max_value=300)


class CandidateOut(serializers.Serializer):
    person = WhoOut()
    organisation = serializers.CharField(source="employment.organisation.code")
    may = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField(), source="sentences")
    load = serializers.FloatField()
    asked = serializers.IntegerField()


class CandidatesOut(serializers.Serializer):
    count = serializers.IntegerField()
    results = CandidateOut(many=True)


class AssignmentOut(serializers.ModelSerializer):
    person = WhoOut()
    skill = serializers.CharField(source="skill.code")
    shift = serializers.IntegerField(source="shift_id")
    plan = serializers.IntegerField(source="plan_id")
    organisation = serializers.CharField(source="plan.organisation.code")

    class Meta:
        model = Assignment
        fields = [
            "id", "person", "organisation", "shift", "skill", "start", "end", "plan", "stands", "is_pinned",
        ]  # fmt: skip


class AssignmentIn(serializers.Serializer):
    plan = serializers.PrimaryKeyRelatedField(queryset=Plan.objects.select_related("organisation"))
    shift = serializers.PrimaryKeyRelatedField(queryset=Shift.objects.select_related("template", "night"))
    skill = Named(queryset=Skill.objects.all())
    person = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))
    is_pinned = serializers.BooleanField(required=False, default=False)


class PinIn(serializers.Serializer):
    is_pinned = serializers.BooleanField()


class AbsenceOut(serializers.ModelSerializer):
    person = WhoOut()

    class Meta:
        model = Absence
        fields = ["id", "person", "kind", "start", "end", "entered_at"]


class AbsenceIn(serializers.Serializer):
    person = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))
    kind = serializers.ChoiceField(choices=Absence.Kind.choices)
    start = Instant()
    end = Instant()


class WishOut(serializers.ModelSerializer):
    person = WhoOut()
    kind = serializers.CharField(source="template.code", default=None, allow_null=True)

    class Meta:
        model = Wish
        fields = ["id", "person", "night", "kind", "is_on", "weight"]


class WishIn(serializers.Serializer):
    """A wish of the caller's own; without a kind it is about the whole day."""

    night = Day()
    kind = Named(queryset=ShiftTemplate.objects.all(), required=False, allow_null=True, default=None)
    is_on = serializers.BooleanField(required=False, default=False)
    weight = serializers.IntegerField(min_value=1, max_value=3, required=False, default=1)


class RotaPlanOut(serializers.ModelSerializer):
    organisation = serializers.CharField(source="organisation.code")

    class Meta:
        model = Plan
        fields = ["id", "organisation", "first_day", "last_day", "number", "state", "made_at", "published_at"]


class RotaPlanIn(serializers.Serializer):
    organisation = Named(queryset=Organisation.objects.all())
    first_day = Day()
    last_day = Day()


class SolveIn(serializers.Serializer):
    seconds = serializers.IntegerField(min_value=1, max_value=600, required=False, default=60)
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False, default=1)


class ProposalOut(serializers.ModelSerializer):
    class Meta:
        model = Proposal
        fields = [
            "id",
            "first_day",
            "last_day",
            "state",
            "seconds",
            "seed",
            "total",
            "bound",
            "price",
            "trouble",
        ]


class ViolationOut(serializers.Serializer):
    person = WhoOut()
    rule = serializers.CharField(source="finding.rule")
    day = serializers.DateField(source="finding.day")
    sentence = serializers.CharField()
    forbids = serializers.BooleanField(source="is_law")
    law = serializers.SerializerMethodField()

    def get_law(self, problem) -> str:
        """Where the rule is written, as far as it is known."""
        return law.BY_CODE[problem.finding.rule].source


class ViolationsOut(serializers.Serializer):
    count = serializers.IntegerField()
    results = ViolationOut(many=True)


class PublishIn(serializers.Serializer):
    reason = OneLine(max_length=300, required=False, allow_blank=True, default="")


class ShiftSwapOut(serializers.ModelSerializer):
    giver = WhoOut()
    taker = WhoOut()

    class Meta:
        model = Swap
        fields = ["id", "given", "taken", "giver", "taker", "state", "asked_at", "agreed_at", "decided_at"]


class ShiftSwapIn(serializers.Serializer):
    """One of the caller's own shifts for a colleague, for one of theirs or for nothing."""

    given = serializers.PrimaryKeyRelatedField(queryset=Assignment.objects.filter(stands=True))
    taker = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))
    taken = serializers.PrimaryKeyRelatedField(
        queryset=Assignment.objects.filter(stands=True), required=False, allow_null=True, default=None
    )


class ShiftSwapAnswerIn(serializers.Serializer):
    verb = serializers.ChoiceField(choices=CHANGES)
