"""What the ground floor's API takes in and gives out; kept apart."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from shelter import queries
from shelter.models import Activation, Bed, Closure, Dormitory, Night, OpeningPeriod
from shelter.models.house import Layer, Zone
from shelter.text import one_line


class OneLine(serializers.CharField):
    """Text from people on one line, without control or direction marks."""

    def run_validation(self, data=empty):
        return super().run_validation(one_line(data) if isinstance(data, str) else data)


class Day(serializers.DateField):
    """A date within living memory of the house: its neighbours exist too, whatever is reckoned from it."""

    default_validators = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))]


class Moment(serializers.DateTimeField):
    """An instant; one that lies beyond every calendar is refused in words."""

    def enforce_timezone(self, value):
        try:
            return super().enforce_timezone(value)
        except OverflowError:
            self.fail("overflow")


class CapacityOut(serializers.Serializer):
    nominal = serializers.IntegerField()
    installed = serializers.IntegerField()
    out_of_service = serializers.IntegerField()
    in_service = serializers.IntegerField()
    held = serializers.IntegerField()
    occupied = serializers.IntegerField()
    free = serializers.IntegerField()


class CountsOut(serializers.Serializer):
    registered = serializers.IntegerField()
    arrived = serializers.IntegerField()
    expected = serializers.IntegerField()
    present = serializers.IntegerField()
    refused = serializers.IntegerField()
    declined = serializers.IntegerField()


class NightRowOut(serializers.ModelSerializer):
    night = serializers.DateField(source="date")
    season = serializers.CharField(source="season.name")

    class Meta:
        model = Night
        fields = [
            "night", "season", "state", "opened_at", "list_frozen_at", "doors_opened_at", "doors_closed_at",
            "closed_at", "sealed_at",
        ]  # fmt: skip


class HoursOut(serializers.Serializer):
    opened = serializers.DateTimeField()
    list_frozen = serializers.DateTimeField()
    doors_opened = serializers.DateTimeField()
    holds_released = serializers.DateTimeField()
    doors_closed = serializers.DateTimeField()
    everybody_out = serializers.DateTimeField()


class DrawOut(serializers.Serializer):
    """The fair draw of a night: the seed is null until the list is frozen."""

    digest = serializers.CharField()
    seed = serializers.CharField(source="shown_seed", allow_null=True)


class NightOut(NightRowOut):
    """A night with its hours, capacity, counts and draw; capacity and counts are derived when asked."""

    hours = serializers.SerializerMethodField()
    capacity = serializers.SerializerMethodField()
    zones = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()
    draw = serializers.SerializerMethodField()

    class Meta(NightRowOut.Meta):
        fields = [*NightRowOut.Meta.fields, "hours", "capacity", "zones", "counts", "draw"]

    def get_hours(self, night) -> HoursOut:
        return HoursOut(queries.schedule_of(night.date, queries.settings_for(night.date))).data

    def get_capacity(self, night) -> CapacityOut:
        return CapacityOut(queries.capacity_of(self._board(night))).data

    @extend_schema_field(serializers.DictField(child=CapacityOut()))
    def get_zones(self, night):
        zones = queries.capacity_by_zone(self._board(night))
        return {zone: CapacityOut(capacity).data for zone, capacity in zones.items()}

    def get_counts(self, night) -> CountsOut:
        return CountsOut(queries.counts_of(night)).data

    @extend_schema_field(DrawOut(allow_null=True))
    def get_draw(self, night):
        draw = queries.draw_of(night)
        return DrawOut(draw).data if draw else None

    def _board(self, night):
        if "board" not in self.context:
            self.context["board"] = queries.board_of(night)
        return self.context["board"]


class TransitionIn(serializers.Serializer):
    to = serializers.ChoiceField(choices=Night.State.choices)
    reason = OneLine(max_length=300, required=False, allow_blank=True, default="")


class DormitoryOut(serializers.ModelSerializer):
    class Meta:
        model = Dormitory
        fields = ["id", "code", "name", "position"]


class DormitoryIn(serializers.Serializer):
    code = OneLine(max_length=8)
    name = OneLine(max_length=80)
    zone = serializers.ChoiceField(choices=Zone.choices)
    first_night = Day()
    position = serializers.IntegerField(min_value=0, max_value=999, default=0)


class ZoningIn(serializers.Serializer):
    zone = serializers.ChoiceField(choices=Zone.choices)
    first_night = Day()


class BedOut(serializers.Serializer):
    id = serializers.IntegerField()
    label = serializers.CharField()
    level = serializers.CharField()
    step_free = serializers.BooleanField()
    layer = serializers.CharField()
    dormitory = serializers.IntegerField(source="dormitory_id")
    dormitory_name = serializers.CharField(source="dormitory")
    zone = serializers.CharField()
    closed_for = serializers.CharField(allow_null=True)


class BedIn(serializers.Serializer):
    label = OneLine(max_length=12)
    dormitory = serializers.PrimaryKeyRelatedField(queryset=Dormitory.objects.order_by("pk"))
    level = serializers.ChoiceField(choices=Bed.Level.choices, default="bottom")
    step_free = serializers.BooleanField(default=False)
    layer = serializers.ChoiceField(choices=Layer.choices, default="nominal")
    opening_order = serializers.IntegerField(min_value=1, max_value=9999, required=False, allow_null=True)
    first_night = Day()

    def validate(self, data):
        if (data["layer"] == Layer.NOMINAL) != (data.get("opening_order") is None):
            raise serializers.ValidationError(
                {"opening_order": [_("Extension and overflow beds have one, others have none.")]}
            )
        if Bed.objects.filter(label=data["label"]).exists():
            raise serializers.ValidationError({"label": [_("This bed exists.")]})
        same_turn = Bed.objects.filter(layer=data["layer"], opening_order=data.get("opening_order"))
        if data["layer"] != Layer.NOMINAL and same_turn.exists():
            raise serializers.ValidationError(
                {"opening_order": [_("Another bed of this layer has this one.")]}
            )
        return data


class RepositionIn(serializers.Serializer):
    dormitory = serializers.PrimaryKeyRelatedField(queryset=Dormitory.objects.order_by("pk"), allow_null=True)
    first_night = Day()


class ClosureOut(serializers.ModelSerializer):
    class Meta:
        model = Closure
        fields = ["id", "bed", "dormitory", "reason", "note", "first_night", "last_night", "withdrawn_at"]


class ClosureIn(serializers.Serializer):
    reason = serializers.ChoiceField(choices=Closure.Cause.choices)
    note = OneLine(max_length=200, required=False, allow_blank=True, default="")
    first_night = Day(required=False)
    last_night = Day(required=False, allow_null=True)


class ReopenIn(serializers.Serializer):
    from_night = Day(required=False)


class ActivationOut(serializers.ModelSerializer):
    class Meta:
        model = Activation
        fields = ["id", "layer", "number", "first_night", "last_night", "reason", "approval"]


class ActivationIn(serializers.Serializer):
    layer = serializers.ChoiceField(choices=[("extension", "extension"), ("overflow", "overflow")])
    number = serializers.IntegerField(min_value=1, max_value=2000)
    first_night = Day()
    last_night = Day(required=False, allow_null=True)
    reason = OneLine(max_length=300)
    approval = OneLine(max_length=80)


class PeriodOut(serializers.ModelSerializer):
    season = serializers.CharField(source="season.name")

    class Meta:
        model = OpeningPeriod
        fields = ["id", "season", "service", "kind", "first_date", "last_date", "reason"]


class PeriodIn(serializers.Serializer):
    service = serializers.ChoiceField(choices=OpeningPeriod.Service.choices)
    kind = serializers.ChoiceField(choices=OpeningPeriod.Kind.choices, default="regular")
    first_date = Day()
    last_date = Day()
    reason = OneLine(max_length=300, required=False, allow_blank=True, default="")
