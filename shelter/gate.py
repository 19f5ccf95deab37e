"""Asks the declared table of access: who may call a route, and what a stranger or a colleague is told."""

from functools import cache
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404


@cache
def declared():
    """The whole table, from every storey."""
    table: dict[str, dict[str, frozenset[str]]] = {}
    for name in settings.ACCESS_TABLES:
        table |= import_module(name).ACCESS
    return table


def roles_allowed(view_name, method):
    """The roles that may call a route with a method; None when the method is not offered."""
    if view_name not in declared():
        raise ImproperlyConfigured(f"The route {view_name!r} says nowhere who may call it.")
    return declared()[view_name].get(method)


def may(actor, view_name, method="GET"):
    """Whether somebody may follow a link or press a button; pages show no others."""
    return actor.has_any(roles_allowed(view_name, method) or ())


def require(actor, allowed):
    """404 for a stranger, 403 for a colleague without the right."""
    if not actor.roles:
        raise Http404
    if not actor.has_any(allowed):
        raise PermissionDenied
