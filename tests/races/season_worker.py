"""The house's own background work on a clock that a test moves, and which dies where the test says so. Only for tests.

The application and the task are those of the house. How far the clock is shifted stands in a file and is read when a
tick begins; a process kills itself the first time it comes to a point that is armed. Waiting is shorter: for the next
minute, for a mail server that hangs, and until a tick whose worker died is given out again.
"""

import json
import os
import signal
from datetime import time, timedelta
from fcntl import LOCK_SH, flock

import django

django.setup()

from celery.signals import task_postrun, task_prerun  # noqa: E402 (the models are there only now)
from django.conf import settings  # noqa: E402
from django.core.mail import EmailMessage  # noqa: E402

from config.celery import app  # noqa: E402
from reporting.actions import freezing, rendering, sending  # noqa: E402
from reporting.models import Report  # noqa: E402
from shelter import clock, nights  # noqa: E402
from shelter.actions import posting  # noqa: E402
from shelter.actor import Actor  # noqa: E402
from shelter.models import Night, Person, Role  # noqa: E402

# Seconds.
MINUTE = 0.2
SILENCE_OF_A_MAIL_SERVER = 5
UNTIL_GIVEN_OUT_AGAIN = 20

OURS = "the reports' minute"
SEALED = time(9, 10)
STEPS = (time(11, 30), time(18), time(19, 15), time(23), time(8, 50), SEALED)
READING = timedelta(hours=1)  # before somebody approves what waits for it

HAND, TICKS, DOORWAY, ROOM = (settings.DATA_DIR / name for name in ("hand", "ticks", "doorway", "room"))
app.conf.beat_schedule = {OURS: app.conf.beat_schedule[OURS] | {"schedule": MINUTE}}
app.conf.broker_transport_options = {"visibility_timeout": UNTIL_GIVEN_OUT_AGAIN}
settings.EMAIL_TIMEOUT = SILENCE_OF_A_MAIL_SERVER
inside = {}


# Where it dies.


def die_before(room, name, point):
    real = getattr(room, name)

    def dying(*asked, **more):
        die_if_armed(point)
        return real(*asked, **more)

    setattr(room, name, dying)


def die_after(room, name, point, told=lambda *_asked: ""):
    real = getattr(room, name)

    def dying(*asked, **more):
        answer = real(*asked, **more)
        die_if_armed(point, told(*asked))
        return answer

    setattr(room, name, dying)


def die_if_armed(point, told=""):
    """Once: whoever takes the weapon away is the one who dies."""
    killed = settings.DATA_DIR / f"killed-{point}"
    try:
        (settings.DATA_DIR / f"armed-{point}").rename(killed)
    except FileNotFoundError:
        return
    killed.write_text(told)
    os.kill(os.getpid(), signal.SIGKILL)


die_before(freezing, "freeze", "wanted")
die_after(freezing, "record", "freezing")  # the last act before its transaction ends
die_before(rendering, "render", "frozen")
die_after(rendering, "let_go", "rendering")  # likewise
die_before(posting, "claimed", "out")
die_before(posting, "hand_over", "claimed")
die_after(EmailMessage, "send", "handed over", lambda mail: mail.extra_headers["Message-ID"])


# What time it is, and what people do meanwhile.


@task_prerun.connect
def begin(**_told):
    """The clock is not moved while somebody is in the room; whoever wants to move it stands in the doorway."""
    with DOORWAY.open("a") as doorway:
        flock(doorway, LOCK_SH)
        inside["room"] = ROOM.open("a")
        flock(inside["room"], LOCK_SH)
    hand = json.loads(HAND.read_text())
    inside["moment"] = hand["moment"]
    settings.CLOCK_SHIFT = timedelta(seconds=hand["shift"])
    close_nights()
    approve()


@task_postrun.connect
def end(task, state, **_told):
    """A line for each tick: its moment, sender and worker, whether it was given out again, and how it ended."""
    again = bool(task.request.delivery_info.get("redelivered"))
    with TICKS.open("a") as file:
        file.write(f"{inside['moment']} {task.request.origin} {os.getpid()} {again:d} {state}\n")
    inside["room"].close()


def close_nights():
    """Nights that are over are closed and sealed, each by the clock on the wall."""
    for night in Night.objects.filter(state=Night.State.PLANNED, date__lte=clock.tonight()).order_by("date"):
        if nights.instant_of(night.date, SEALED) <= clock.now():
            times = {
                name: nights.instant_of(night.date, at)
                for name, at in zip(Night.TIMES.values(), STEPS, strict=True)
            }
            Night.objects.filter(pk=night.pk).update(state=Night.State.DEFINITIVE, **times)


def approve():
    waiting = Report.objects.filter(state=Report.State.RENDERED, rendered_at__lte=clock.now() - READING)
    for report in waiting.order_by("id"):
        lead = Person.objects.get(username="coordinator")
        sending.approve(report=report, by=Actor(person=lead, roles=frozenset(Role.values), source="tests"))
