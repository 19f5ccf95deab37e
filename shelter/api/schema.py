"""OpenAPI: every operation says which errors it may answer with, and who may ask."""

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "shelter.api.tokens.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer foyer_…`"}


class PageSessionScheme(SessionScheme):
    target_class = "shelter.api.tokens.PageSession"
    name = "page"


class ProblemOut(serializers.Serializer):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    facts = serializers.DictField()


ALWAYS = ("400", "401", "403", "404", "406")
ON_WRITES = ("409", "413", "415", "422")
NIGHT = OpenApiParameter(
    "night",
    {"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2}|tonight)$"},
    OpenApiParameter.PATH,
    description="The date of the evening, or `tonight`.",
)
KEY = "The same key and body give the same answer; the act happens once. With another body 422."


class ProblemSchema(AutoSchema):
    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        shape = self.resolve_serializer(ProblemOut, direction).ref
        for status in ALWAYS + (ON_WRITES if self.method != "GET" else ()):
            content = {"application/problem+json": {"schema": shape}}
            bodies.setdefault(status, {"description": "problem", "content": content})
        return bodies

    def get_override_parameters(self):
        return [*super().get_override_parameters(), *self._parameters_of_every_view()]

    def _parameters_of_every_view(self):
        if "{night}" in self.path:
            yield NIGHT
        if getattr(self.view, "takes_key", False) and self.method != "GET":
            yield OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "maxLength": 200},
                OpenApiParameter.HEADER,
                required=getattr(self.view, "key_required", False),
                description=KEY,
            )
