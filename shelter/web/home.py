"""The way in: everyone lands where their evening begins; and whether the house is alive."""

from datetime import timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from shelter import clock
from shelter.models import Role

FIRST_ROOM = (
    (Role.FIELD_WORKER, "desk"),
    (Role.NIGHT_LEAD, "door"),
    (Role.NIGHT_WORKER, "door"),
    (Role.COORDINATOR, "season"),
    (Role.ADMIN, "team"),
)
TICK_IS_FRESH_FOR = timedelta(minutes=5)


def home(request):
    for role, room in FIRST_ROOM:
        if role in request.actor.roles:
            return redirect(room)
    return redirect("season")


def help_page(request):
    return render(request, "shelter/help.html")


def healthz(request):
    """The process is alive."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request):
    """Database there, migrations applied, the minute tick fresh; 503 with what is missing otherwise."""
    answer = {"database": True, "migrations": _is_migrated(), "tick": _tick_is_fresh()}
    return JsonResponse(answer, status=200 if all(answer.values()) else 503)


def _is_migrated():
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _tick_is_fresh():
    mark = clock.last_mark()
    return mark is not None and timezone.now() - mark < TICK_IS_FRESH_FOR
