"""How a page answers a refusal, a missing page or a missing right: once, in words, in the house's look."""

from django.core.exceptions import ValidationError
from django.shortcuts import render

from shelter.errors import Refused
from shelter.web.guarding import recognise


class RefusalMiddleware:
    """A refusal that a page did not answer itself becomes a page with its sentence and its status."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Refused):
            return render(request, "shelter/refused.html", {"refusal": exception}, status=exception.status)
        if isinstance(exception, ValidationError):
            return render(request, "shelter/refused.html", {"refusal": exception.messages[0]}, status=422)
        return None


def not_found(request, exception=None):
    """An address that leads nowhere met no view: nobody has asked yet who is here, and what the menu shows."""
    if not hasattr(request, "actor"):
        recognise(request, source="not-found")
    return render(request, "shelter/not_found.html", status=404)


def forbidden(request, exception=None):
    return render(request, "shelter/forbidden.html", status=403)


def form_lapsed(request, reason=""):
    return render(request, "shelter/form_lapsed.html", status=403)


def broken(request):
    return render(request, "shelter/broken.html", status=500)
