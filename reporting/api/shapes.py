"""What the reports' API takes in and gives out."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reporting.models import Audience, Delivery, Report
from reporting.periods import LONGEST
from shelter.api.serializers import Day


class ReportOut(serializers.ModelSerializer):
    kind = serializers.CharField(source="period.kind")
    period = serializers.CharField(source="period.key")
    first = serializers.DateField(source="period.first")
    last = serializers.DateField(source="period.last")
    due_at = serializers.DateTimeField(source="period.due_at")
    definitions = serializers.IntegerField(source="definitions.number", allow_null=True, default=None)
    sha256 = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields = [
            "id", "kind", "period", "first", "last", "revision", "state", "is_provisional", "is_late", "due_at",
            "frozen_at", "approved_at", "sent_at", "confirmed_at", "definitions", "sha256",
        ]  # fmt: skip

    @extend_schema_field(serializers.CharField(allow_blank=True))
    def get_sha256(self, report):
        """Of the ministry's data set; empty until the figures are frozen."""
        return next(
            (each.sha256 for each in report.data_sets.all() if each.audience == Audience.MINISTRY), ""
        )


class ReportIn(serializers.Serializer):
    """A note for parliament on any nights that ran."""

    kind = serializers.ChoiceField(choices=["note"])
    first = Day()
    last = Day()

    def validate(self, attrs):
        if not 0 <= (attrs["last"] - attrs["first"]).days <= LONGEST:
            sentence = _("The last night comes after the first, at most %(most)s later.") % {"most": LONGEST}
            raise serializers.ValidationError({"last": [sentence]})
        return attrs


class DeliveryOut(serializers.ModelSerializer):
    recipient = serializers.CharField(source="recipient.name")

    class Meta:
        model = Delivery
        fields = ["id", "recipient", "message_id", "sent_at", "returned_at", "tries", "trouble"]
