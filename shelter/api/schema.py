"""OpenAPI: every operation says which errors it may answer with."""

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers


class ProblemOut(serializers.Serializer):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    facts = serializers.JSONField()


ALWAYS = ("401", "403", "404", "406")
ON_WRITES = ("400", "409", "415", "422")


class ProblemSchema(AutoSchema):
    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        statuses = ALWAYS + (ON_WRITES if self.method != "GET" else ("400",))
        for status in statuses:
            bodies.setdefault(
                status,
                {
                    "description": "problem",
                    "content": {
                        "application/problem+json": {
                            "schema": self.resolve_serializer(ProblemOut, direction).ref
                        }
                    },
                },
            )
        return bodies

    def get_override_parameters(self):
        if not getattr(self.view, "takes_key", False) or self.method == "GET":
            return super().get_override_parameters()
        return [
            *super().get_override_parameters(),
            OpenApiParameter(
                "Idempotency-Key",
                location=OpenApiParameter.HEADER,
                required=getattr(self.view, "key_required", False),
                description="The same key and body give the same answer; the act happens once.",
            ),
        ]
