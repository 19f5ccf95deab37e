"""Enforces the declared table of access on every page; the API asks the same table after reading its token."""

from functools import cache
from importlib import import_module

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import resolve_url

from shelter.access import PUBLIC
from shelter.actor import actor_from
from shelter.models import Membership


@cache
def declared():
    """The whole table, from every storey."""
    table = {}
    for name in settings.ACCESS_TABLES:
        table |= import_module(name).ACCESS
    return table


def roles_allowed(view_name, method):
    """The roles that may call a route with a method; None when the method is not offered."""
    if view_name not in declared():
        raise ImproperlyConfigured(f"The route {view_name!r} says nowhere who may call it.")
    return declared()[view_name].get(method)


def may(request, view_name, method="GET"):
    """Whether the caller may follow a link or press a button; pages show no others."""
    return request.actor.has_any(roles_allowed(view_name, method) or ())


def require(actor, allowed):
    """404 for a stranger, 403 for a colleague without the right."""
    if not actor.roles:
        raise Http404
    if not actor.has_any(allowed):
        raise PermissionDenied


class AccessMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if hasattr(view, "cls"):  # an API view reads its token first, then asks the same table
            return None
        name = request.resolver_match.view_name
        allowed = roles_allowed(name, request.method)
        if allowed is None:
            return HttpResponseNotAllowed(list(declared()[name]))
        if request.user.is_authenticated:
            request.actor = actor_from(
                Membership.objects.now().filter(person=request.user).select_related("organisation"),
                person=request.user,
                source=name,
            )
        if allowed == PUBLIC:
            return None
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        require(request.actor, allowed)
        return None


def _sign_in_first(request):
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
    target = request.get_full_path() if request.method == "GET" else resolve_url("home")
    return redirect_to_login(target)
