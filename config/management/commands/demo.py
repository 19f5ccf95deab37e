"""Builds the demo season through the actions; tells by how much its clock runs ahead of or behind ours."""

from datetime import date, time, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

import intake.demo
import reporting.demo
import shelter.demo
import shelter.rota.demo
from intake.models import Guest
from shelter import nights
from shelter.models import Night, Site

EVENING = time(20, 14)
WINTER = (12, 20)


class Command(BaseCommand):
    help = "Build the demo season (nothing happens where it stands already)."

    def add_arguments(self, parser):
        parser.add_argument("--today", type=date.fromisoformat, help="tonight's date; today without it")
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument("--nights", type=int, default=200, help="at most so many nights behind tonight")
        parser.add_argument(
            "--shift", action="store_true", help="then print the seconds that make it 20:14 in the demo"
        )

    def handle(self, *, today, seed, shift, **options):
        if not Site.objects.filter(is_demo=True).exists():
            self._build_among_nobody(today or timezone.localdate(), seed, max(options["nights"], 3))
        elif not shift:
            self.stderr.write("The demo season stands already.")
        if shift:
            self.stdout.write(str(_shift()))

    def _build_among_nobody(self, tonight, seed, behind):
        if Guest.objects.exists() or Site.objects.exists():
            raise CommandError("This database is not empty: the demo is not built among real guests.")
        with transaction.atomic():
            self._build(tonight, seed, behind)

    def _build(self, tonight, seed, behind):
        first, last = shelter.demo.opening_around(tonight, behind)
        shelter.demo.build(first, last, _winter(first, tonight))
        days = intake.demo.build(first, tonight, seed)
        total = (tonight - first).days + 1
        for _day in tqdm(days, total=total, unit="night", disable=not self.stderr.isatty()):
            pass
        shelter.rota.demo.build(first, last, tonight, seed)
        reporting.demo.build(first, tonight, seed)
        self.stderr.write(f"Demo season built: {total} nights, tonight is {tonight:%d.%m.%Y}.")


def _winter(first, tonight):
    """The extension opens on 20 December, or with the demo when that lies behind it already."""
    day = date(first.year if first.month >= 7 else first.year - 1, *WINTER)
    return max(day, first) if day <= tonight else None


def _shift():
    """Seconds from now to 20:14 of the demo's tonight."""
    tonight = Night.objects.filter(state=Night.State.DOORS_OPEN).order_by("date").last()
    last_lived = tonight or Night.objects.exclude(state=Night.State.PLANNED).order_by("date").last()
    if last_lived is None:
        raise CommandError("There is no demo season yet.")
    then = nights.instant_of(last_lived.date, EVENING)
    return round((then - timezone.now()) / timedelta(seconds=1))
