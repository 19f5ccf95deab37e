"""Background work of the rota: silence consents, open shifts are asked for more widely, proposals are worked out."""

import subprocess
import sys

from celery import shared_task
from django.conf import settings

from shelter.actor import CLOCK
from shelter.rota.actions import covering, people, proposing, reminding, volunteering
from shelter.rota.models import Proposal


@shared_task(name="rota.tick")
def tick():
    people.let_silence_consent(CLOCK)
    covering.widen(CLOCK)
    reminding.remind()
    reminding.warn()
    volunteering.say_thanks()
    volunteering.forget_unanswered()
    proposing.give_up_lost()
    work_out_next()


@shared_task(name="rota.work_out")
def work_out_next():
    """Start a process for the proposal that has waited longest; it claims its work, so that two do no harm."""
    proposal = Proposal.objects.filter(state=Proposal.State.WANTED).order_by("pk").first()
    if proposal is not None and not Proposal.objects.filter(state=Proposal.State.RUNNING).exists():
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work_out_rota", str(proposal.pk)]
        subprocess.Popen(command, start_new_session=True)  # noqa: S603 (our own command, a number)
