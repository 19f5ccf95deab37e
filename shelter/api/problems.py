"""Errors as `application/problem+json` (RFC 9457): a stable code, a sentence in the caller's language, facts."""

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from shelter.errors import KeyInFlight, NotAllowed, Refused

TYPE = "urn:foyer:problem:"


CONTENT_TYPE = "application/problem+json"


def problem(*, status, code, title, detail="", facts=None, headers=None):
    body = _body(status=status, code=code, title=title, detail=detail, facts=facts)
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)


def not_found(request):
    """An address of the API that leads nowhere."""
    body = _body(status=404, code="not_found", title=_("There is nothing at this address, or not for you."))
    return JsonResponse(body, status=404, content_type=CONTENT_TYPE)


def broken(request):
    """A fault of ours: nothing of it is told to the caller."""
    body = _body(status=500, code="broken", title=_("Something broke. Nothing half-done was kept."))
    return JsonResponse(body, status=500, content_type=CONTENT_TYPE)


def _body(*, status, code, title, detail="", facts=None):
    return {
        "type": TYPE + code,
        "title": str(title),
        "status": status,
        "detail": str(detail or title),
        "code": code,
        "facts": facts or {},
    }


def problem_response(exc, context):
    """Django REST framework's exception handler; what it returns None for becomes a 500."""
    set_rollback()
    if isinstance(exc, OperationalError) and context["request"].headers.get("Idempotency-Key"):
        exc = KeyInFlight()
    if isinstance(exc, PermissionDenied | exceptions.PermissionDenied):
        exc = NotAllowed()
    if isinstance(exc, Refused):
        return problem(
            status=exc.status, code=exc.code, title=str(exc), facts={k: str(v) for k, v in exc.facts.items()}
        )
    if isinstance(exc, RequestDataTooBig):
        return problem(status=413, code="too_large", title=_("This is too much at once."))
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    if isinstance(exc, exceptions.ValidationError):
        title = _("Some of what was sent cannot be used.")
        return problem(
            status=400, code="invalid", title=title, detail=_first(exc.detail), facts=_plain(exc.detail)
        )
    if isinstance(exc, exceptions.APIException):
        return problem(
            status=exc.status_code, code=exc.default_code, title=str(exc.detail), headers=_headers(exc)
        )
    return None


def _headers(exc):
    header = getattr(exc, "auth_header", None)
    return {"WWW-Authenticate": header} if header else None


def _plain(detail):
    if isinstance(detail, dict):
        return {str(name): _plain(value) for name, value in detail.items()}
    if isinstance(detail, list):
        return [_plain(value) for value in detail]
    return str(detail)


def _first(detail):
    if isinstance(detail, dict):
        name, value = next(iter(detail.items()))
        return f"{name}: {_first(value)}"
    if isinstance(detail, list):
        return _first(detail[0]) if detail else ""
    return str(detail)
