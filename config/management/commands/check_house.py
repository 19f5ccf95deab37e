"""Reads the whole database for what no constraint can say: a line per finding, exit 1 if there is any."""

from django.core.management.base import BaseCommand

import intake.consistency
import shelter.consistency
import shelter.rota.consistency

CHECKS = (*shelter.consistency.CHECKS, *shelter.rota.consistency.CHECKS, *intake.consistency.CHECKS)


class Command(BaseCommand):
    help = "Look for contradictions in the whole database."

    def handle(self, **options):
        findings = 0
        for check in CHECKS:
            for finding in check():
                findings += 1
                self.stdout.write(f"{check.__name__}: {finding}")
        if findings:
            raise SystemExit(1)
        self.stdout.write(f"Nothing found by {len(CHECKS)} checks.")
