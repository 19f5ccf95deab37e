"""The reports' part of the demo season: invented weather and recipients, and every report that fell due, made then."""

from datetime import time, timedelta
from random import Random

from reporting import tasks
from reporting.actions import noting, scheduling, sending
from reporting.models import Period
from shelter import clock, nights
from shelter.demo import actor

MADE_AFTER = timedelta(seconds=30)
SOURCE = "inventé (démo)"
RECIPIENTS = (
    ("Direction, ministère (démo)", "direction@ministere.example", "fr"),
    ("Dräieck asbl (démo)", "bureau@draieck.example", "de"),
)
KINDS = (Period.Kind.FLASH, Period.Kind.WEEKLY, Period.Kind.MONTHLY, Period.Kind.SEASON, Period.Kind.ALERT)
REMARK = "Le bus de 19 h est resté bloqué mercredi : trente personnes sont arrivées après 20 h."


def build(first, tonight, seed):
    """Live the mornings of the reports from the first night to tonight at 20:14."""
    by, chance = actor("coordinator"), Random(seed)
    with clock.at(nights.instant_of(first, nights.NOON) - timedelta(days=1)):
        scheduling.settle()
        for kind in KINDS:
            for name, email, language in RECIPIENTS:
                sending.add_recipient(kind=kind, name=name, email=email, language=language, by=by)
    weather = {
        day: (round(chance.gauss(1, 4), 1), chance.random() < 0.4) for day in nights.between(first, tonight)
    }
    _remark(tonight, by)
    now = nights.instant_of(tonight, time(20, 14))
    dues = sorted(
        set(Period.objects.filter(due_at__lte=now).order_by("due_at").values_list("due_at", flat=True))
    )
    for due in dues:
        with clock.at(due + MADE_AFTER):
            over = nights.local(due).date() - nights.ONE_DAY
            if over in weather:
                noting.note_weather(rows=[(over, *weather.pop(over))], source=SOURCE, by=by)
            tasks.make_due()
    with clock.at(now):
        tasks.look_again()


def _remark(tonight, by):
    """What stood out in the last whole week, written before its report was due."""
    week = Period.objects.filter(kind=Period.Kind.WEEKLY, last__lt=tonight).order_by("-last").first()
    if week is not None:
        with clock.at(week.due_at - timedelta(minutes=20)):
            noting.write_remark(period=week, text=REMARK, by=by)
