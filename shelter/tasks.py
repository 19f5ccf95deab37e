"""Background work of the ground floor. A tick may be lost, doubled or late; what is due is read from rows."""

from celery import shared_task

from shelter import clock
from shelter.actions import once, posting, stepping


@shared_task(name="shelter.tick")
def tick():
    stepping.tick()
    once.forget_old_answers()
    posting.send_due()
    posting.forget_sent()
    clock.leave_mark()
