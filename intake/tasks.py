"""Background work of intake; a tick may be lost, doubled or late."""

from celery import shared_task

from intake import standby


@shared_task(name="intake.tick")
def tick():
    standby.keep_presence_on_paper()
