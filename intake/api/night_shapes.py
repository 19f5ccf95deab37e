"""What the night's API takes in and gives out; kept apart."""

from rest_framework import serializers

from intake.api.serializers import GuestField
from intake.models import Belonging, Handover, HandoverItem, Incident, IncidentPerson
from shelter.api.serializers import Day, Moment, OneLine
from shelter.models import ColdSpell, Exclusion, Merge, Person, Round, RoundMark


class PersonField(serializers.PrimaryKeyRelatedField):
    def __init__(self, **kwargs):
        super().__init__(queryset=Person.objects.order_by("pk"), **kwargs)


class ExclusionIn(serializers.Serializer):
    category = serializers.ChoiceField(choices=Exclusion.Category.choices)
    first_night = Day()
    last_night = Day()
    review_on = Day(required=False, allow_null=True)
    notice_in = serializers.ChoiceField(
        choices=Exclusion.Notice.choices, required=False, allow_blank=True, default=""
    )
    advice = OneLine(max_length=200, required=False, allow_blank=True, default="")
    seconded_by = PersonField(required=False, allow_null=True)


class LiftIn(serializers.Serializer):
    exclusion = serializers.PrimaryKeyRelatedField(queryset=Exclusion.objects.order_by("pk"))
    reason = OneLine(max_length=300)


class ExclusionOut(serializers.ModelSerializer):
    class Meta:
        model = Exclusion
        fields = [
            "id", "category", "first_night", "last_night", "review_on", "notice_in", "advice", "decided_at",
            "lifted_at", "lifted_because",
        ]  # fmt: skip


class MergeIn(serializers.Serializer):
    other = GuestField()


class UnmergeIn(serializers.Serializer):
    merge = serializers.PrimaryKeyRelatedField(queryset=Merge.objects.order_by("pk"))


class MergeOut(serializers.ModelSerializer):
    kept = serializers.CharField(source="kept.number")
    gone = serializers.CharField(source="gone.number")

    class Meta:
        model = Merge
        fields = ["id", "kept", "gone", "merged_at", "undone_at"]


class ColdSpellIn(serializers.Serializer):
    first_night = Day()
    last_night = Day()
    forecast = serializers.IntegerField(min_value=-40, max_value=20, required=False, allow_null=True)
    reason = OneLine(max_length=300, required=False, allow_blank=True, default="")


class ColdEndIn(serializers.Serializer):
    last_night = Day()


class ColdSpellOut(serializers.ModelSerializer):
    class Meta:
        model = ColdSpell
        fields = ["id", "first_night", "last_night", "forecast", "reason", "declared_at", "withdrawn_at"]


class IncidentPersonIn(serializers.Serializer):
    guest = GuestField()
    part = serializers.ChoiceField(choices=IncidentPerson.Part.choices)


class IncidentIn(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Incident.Kind.choices)
    severity = serializers.IntegerField(min_value=1, max_value=4)
    place = serializers.ChoiceField(choices=Incident.Place.choices)
    happened_at = Moment(required=False)
    account = OneLine(max_length=600, required=False, allow_blank=True, default="")
    measures = serializers.ListField(
        child=serializers.ChoiceField(choices=Incident.Measure.choices), max_length=12, required=False
    )
    police = serializers.BooleanField(required=False, default=False)
    ambulance = serializers.BooleanField(required=False, default=False)
    follow_up = OneLine(max_length=300, required=False, allow_blank=True, default="")
    people = serializers.ListField(child=IncidentPersonIn(), required=False, max_length=20)


class IncidentOut(serializers.ModelSerializer):
    night = serializers.DateField(source="night.date")
    measures = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Incident
        fields = [
            "id", "night", "happened_at", "kind", "severity", "place", "account", "measures", "police",
            "ambulance", "follow_up", "followed_up_at",
        ]  # fmt: skip


class HandoverIn(serializers.Serializer):
    words = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class HandoverPointOut(serializers.ModelSerializer):
    number = serializers.IntegerField(source="occupant_id", allow_null=True)

    class Meta:
        model = HandoverItem
        fields = ["id", "kind", "number", "detail", "acknowledged_at"]


class HandoverOut(serializers.ModelSerializer):
    night = serializers.DateField(source="night.date")
    items = HandoverPointOut(many=True)
    figures = serializers.DictField(child=serializers.IntegerField())

    class Meta:
        model = Handover
        fields = ["id", "night", "words", "figures", "written_at", "items"]


class AcknowledgeIn(serializers.Serializer):
    items = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=500
    )


class BelongingIn(serializers.Serializer):
    guest = GuestField()
    kind = serializers.ChoiceField(choices=Belonging.Kind.choices)
    number = OneLine(max_length=12)
    what = OneLine(max_length=80, required=False, allow_blank=True, default="")
    until = Day(required=False, allow_null=True)


class BelongingOut(serializers.ModelSerializer):
    guest_number = serializers.CharField(source="occupant.number")

    class Meta:
        model = Belonging
        fields = ["id", "kind", "number", "guest_number", "what", "kept_at", "until", "handed_back_at"]


class RoundIn(serializers.Serializer):
    """What was seen: begins the round if there is none, and closes it when asked to."""

    kind = serializers.ChoiceField(choices=Round.Kind.choices)
    marks = serializers.DictField(
        child=serializers.ChoiceField(choices=RoundMark.Seen.choices), required=False, default=dict
    )
    close = serializers.BooleanField(required=False, default=False)


class RoundMarkOut(serializers.ModelSerializer):
    bed = serializers.CharField(source="bed.label")
    differs = serializers.BooleanField()

    class Meta:
        model = RoundMark
        fields = ["bed", "seen", "differs", "seen_at"]


class RoundOut(serializers.ModelSerializer):
    night = serializers.DateField(source="night.date")
    marks = RoundMarkOut(many=True)

    class Meta:
        model = Round
        fields = ["id", "night", "kind", "started_at", "closed_at", "counted", "marks"]


class RoundsOut(serializers.Serializer):
    results = RoundOut(many=True)
