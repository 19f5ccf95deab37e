"""What intake's API takes in and gives out; kept apart."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from intake import countries, languages
from intake.models import Guest
from intake.rules import birth_is_possible
from shelter.api.serializers import Moment, OneLine
from shelter.models import BedNight, Refusal, Registration

LARGEST_ID = 2**63 - 1


@extend_schema_field({"type": "string", "pattern": r"^\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$", "example": "05:30"})
class LocalTime(serializers.TimeField):
    """A time on the wall's clock; what OpenAPI calls a time has an offset."""


class GuestIn(serializers.Serializer):
    name = OneLine(max_length=80)
    sleeps = serializers.ChoiceField(choices=Guest.Sleeps.choices)
    family_name = OneLine(max_length=80, required=False, allow_blank=True)
    known_as = OneLine(max_length=120, required=False, allow_blank=True)
    birth_answer = serializers.ChoiceField(choices=Guest.Answer.choices, required=False, allow_blank=True)
    birth_year = serializers.IntegerField(min_value=1900, max_value=2100, required=False, allow_null=True)
    birth_month = serializers.IntegerField(min_value=1, max_value=12, required=False, allow_null=True)
    birth_day = serializers.IntegerField(min_value=1, max_value=31, required=False, allow_null=True)
    age_band = OneLine(max_length=10, required=False, allow_blank=True)
    languages = serializers.ListField(
        child=serializers.ChoiceField(choices=list(languages.ENDONYMS.items())), max_length=12, required=False
    )
    nationality = serializers.CharField(max_length=10, required=False, allow_blank=True)
    lower_bed = serializers.BooleanField(required=False)
    step_free = serializers.BooleanField(required=False)
    dog = serializers.BooleanField(required=False)
    works_nights = serializers.BooleanField(required=False)
    early_leaver = serializers.BooleanField(required=False)
    wakes_at = LocalTime(required=False, allow_null=True)
    situation = serializers.ChoiceField(choices=Guest.Situation.choices, required=False, allow_blank=True)

    def validate_nationality(self, value):
        if value and not countries.is_known(value):
            raise serializers.ValidationError(_("This is not a country code."))
        return value

    def validate(self, data):
        known = {
            name: getattr(self.instance, name, None) for name in ("birth_year", "birth_month", "birth_day")
        }
        year, month, day = (data.get(name, answer) for name, answer in known.items())
        if not birth_is_possible(year, month, day):
            raise serializers.ValidationError({"birth_year": [_("This date of birth does not exist.")]})
        return data


class GuestOut(serializers.ModelSerializer):
    number = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Guest
        fields = [
            "id", "number", "name", "family_name", "known_as", "sleeps", "birth_answer", "birth_year",
            "birth_month", "birth_day", "age_band", "languages", "nationality", "lower_bed", "step_free", "dog",
            "works_nights", "early_leaver", "wakes_at", "situation",
        ]  # fmt: skip


class GuestShort(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.CharField()
    name = serializers.CharField(source="full_name")


class HitOut(serializers.Serializer):
    """A guest found, with tonight's state and bed."""

    id = serializers.IntegerField(source="guest.pk")
    number = serializers.CharField(source="guest.number")
    name = serializers.CharField(source="guest.name")
    family_name = serializers.CharField(source="guest.family_name")
    birth_year = serializers.IntegerField(source="guest.birth_year", allow_null=True)
    sleeps = serializers.CharField(source="guest.sleeps")
    state = serializers.CharField()
    bed = serializers.SerializerMethodField()
    last_bed = serializers.SerializerMethodField()
    last_night = serializers.DateField(source="tonight.last_night", allow_null=True)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_bed(self, hit):
        return hit.tonight.bed or None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_last_bed(self, hit):
        return hit.tonight.last_bed or None


class GuestField(serializers.PrimaryKeyRelatedField):
    def __init__(self, **kwargs):
        super().__init__(queryset=Guest.objects.select_related("occupant").order_by("pk"), **kwargs)


class RegistrationIn(serializers.Serializer):
    guest = GuestField()


class RegistrationOut(serializers.ModelSerializer):
    guest = serializers.SerializerMethodField()
    night = serializers.DateField(source="night.date")

    class Meta:
        model = Registration
        fields = ["id", "guest", "night", "registered_at", "late"]

    @extend_schema_field(GuestShort(allow_null=True))
    def get_guest(self, row):
        return _short(self.context["guests"].get(row.occupant_id))


class BedShort(serializers.Serializer):
    id = serializers.IntegerField()
    label = serializers.CharField()
    dormitory = serializers.CharField()


class OfferOut(serializers.Serializer):
    bed = BedShort()
    usable = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())


class OffersOut(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = OfferOut(many=True)


class CheckInIn(serializers.Serializer):
    guest = GuestField()
    bed = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=LARGEST_ID)
    override_reason = OneLine(max_length=300, required=False, allow_blank=True, default="")
    occurred_at = Moment(required=False, allow_null=True)


class LabelledBed(serializers.Serializer):
    id = serializers.IntegerField()
    label = serializers.CharField()


class BedNightOut(serializers.ModelSerializer):
    guest = serializers.SerializerMethodField()
    bed = LabelledBed()
    night = serializers.DateField(source="night.date")

    class Meta:
        model = BedNight
        fields = ["id", "guest", "bed", "night", "state", "held_at", "arrived_at", "left_at"]

    @extend_schema_field(GuestShort(allow_null=True))
    def get_guest(self, row):
        return _short(self.context["guests"].get(row.occupant_id))


class MoveIn(serializers.Serializer):
    bed = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    override_reason = OneLine(max_length=300, required=False, allow_blank=True, default="")


class LeaveIn(serializers.Serializer):
    occurred_at = Moment(required=False, allow_null=True)


class RefusalIn(serializers.Serializer):
    guest = GuestField(required=False, allow_null=True)
    reason = serializers.ChoiceField(choices=Refusal.Reason.choices)
    referral = serializers.ChoiceField(
        choices=Refusal.Referral.choices, required=False, allow_blank=True, default=""
    )
    description = OneLine(max_length=80, required=False, allow_blank=True, default="")
    seen_sex = serializers.ChoiceField(
        choices=Refusal.Sex.choices, required=False, allow_blank=True, default=""
    )
    seen_age = serializers.ChoiceField(
        choices=Refusal.Age.choices, required=False, allow_blank=True, default=""
    )
    asked_before = serializers.BooleanField(required=False, default=False)
    outcome = serializers.ChoiceField(choices=Refusal.Outcome.choices, required=False)


class RefusalOut(serializers.ModelSerializer):
    guest = serializers.SerializerMethodField()
    night = serializers.DateField(source="night.date")

    class Meta:
        model = Refusal
        fields = [
            "id", "guest", "night", "reason", "referral", "outcome", "description", "seen_sex", "seen_age",
            "asked_before", "refused_at",
        ]  # fmt: skip

    @extend_schema_field(GuestShort(allow_null=True))
    def get_guest(self, row):
        return _short(self.context["guests"].get(row.occupant_id))


class BoardBedOut(serializers.Serializer):
    id = serializers.IntegerField()
    label = serializers.CharField()
    dormitory = serializers.CharField()
    zone = serializers.CharField()
    level = serializers.CharField()
    step_free = serializers.BooleanField()
    layer = serializers.CharField()
    state = serializers.CharField()
    closed_for = serializers.CharField(allow_null=True)
    closed_until = serializers.DateField(allow_null=True)
    bed_night = serializers.IntegerField(allow_null=True)
    guest = serializers.SerializerMethodField()

    @extend_schema_field(GuestShort(allow_null=True))
    def get_guest(self, bed):
        return _short(self.context["guests"].get(bed.occupant))


class BoardOut(serializers.Serializer):
    results = BoardBedOut(many=True)


class SleeperOut(serializers.Serializer):
    bed = serializers.CharField()
    guest = GuestShort(allow_null=True)


class RoomOut(serializers.Serializer):
    dormitory = serializers.CharField()
    present = serializers.IntegerField()
    people = SleeperOut(many=True)


class PresenceOut(serializers.Serializer):
    total = serializers.IntegerField()
    results = RoomOut(many=True)


def _short(guest):
    """A guest's id, number and name; null when the file is forgotten or was never there."""
    return None if guest is None else GuestShort(guest).data
