"""Enforces the declared table of access on every page; the API asks the same gate after reading its token."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import resolve_url

from shelter.access import PUBLIC
from shelter.actor import actor_from
from shelter.gate import declared, require, roles_allowed
from shelter.models import Membership


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
        recognise(request, source=name)
        if allowed == PUBLIC:
            return None
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        require(request.actor, allowed)
        return None


def recognise(request, *, source):
    """Who is here, in which roles; nobody signed in has none."""
    if request.user.is_authenticated:
        request.actor = actor_from(
            Membership.objects.now().filter(person=request.user).select_related("organisation"),
            person=request.user,
            source=source,
        )


def _sign_in_first(request):
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
    target = request.get_full_path() if request.method == "GET" else resolve_url("home")
    return redirect_to_login(target)
