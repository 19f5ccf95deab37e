"""Background work: Celery is only a wake-up tick; what is due is computed from rows."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("foyer")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # A plain interval: crontab entries in local time lose or double an hour at the clock change.
    "the minute": {"task": "shelter.tick", "schedule": 60.0, "options": {"expires": 55}},
    "the rota's minute": {"task": "rota.tick", "schedule": 60.0, "options": {"expires": 55}},
    "the reports' minute": {"task": "reporting.tick", "schedule": 60.0, "options": {"expires": 55}},
    "the presence list on disk": {"task": "intake.tick", "schedule": 300.0, "options": {"expires": 290}},
}
