"""Background work of the rota: silence consents, open shifts are asked for more widely."""

from celery import shared_task

from shelter.actor import CLOCK
from shelter.rota.actions import covering, people


@shared_task(name="rota.tick")
def tick():
    people.let_silence_consent(CLOCK)
    covering.widen(CLOCK)
