"""Signing in and out, and what a device remembers: language and theme."""

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from shelter.web.forms import SignInForm

ONE_YEAR = 365 * 24 * 3600


class SignIn(LoginView):
    template_name = "shelter/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        response = super().form_valid(form)
        _remember(response, self.request, settings.LANGUAGE_COOKIE_NAME, form.get_user().language)
        return response

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class SignOut(LogoutView):
    next_page = "sign-in"


def locked_out(request, response=None, credentials=None, *args, **kwargs):
    """Too many wrong passwords for one account from one place."""
    return render(request, "shelter/locked_out.html", status=429)


def choose_language(request):
    chosen = request.POST.get("language", "")
    response = _back(request)
    if chosen in dict(settings.LANGUAGES):
        _remember(response, request, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


def choose_theme(request):
    chosen = request.POST.get("theme", "")
    response = _back(request)
    if chosen in {"light", "dark", "auto"}:
        _remember(response, request, "theme", chosen)
    return response


def _back(request):
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    return HttpResponseRedirect(target)


def _remember(response, request, name, value):
    response.set_cookie(
        name, value, max_age=ONE_YEAR, secure=request.is_secure(), samesite="Lax", httponly=True
    )
