"""The wiring: settings, addresses, background schedule, start-up.

It knows every storey; no storey knows it. What the house *does* is never decided here.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
