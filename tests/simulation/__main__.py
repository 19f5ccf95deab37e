"""Lives through a season in a database of its own and says what came of it; exit 1 when something is found."""

import argparse
import os
import sys
import tempfile
import time

with_defaults = argparse.ArgumentParser(description="A season on the real actions.")
with_defaults.add_argument("--nights", type=int, default=152)
with_defaults.add_argument("--people", type=int, default=265)
with_defaults.add_argument("--seed", type=int, default=7)


def main():
    asked = with_defaults.parse_args()
    with tempfile.TemporaryDirectory(prefix="foyer-season-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1", "DATA_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/season.sqlite3",
        }  # fmt: skip
        import django

        django.setup()
        return live(asked)


def live(asked):
    from django.conf import settings
    from django.core.management import call_command

    from shelter.models import BedNight
    from tests.simulation.content import digest
    from tests.simulation.season import Season

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", verbosity=0)
    began, season = time.monotonic(), Season(seed=asked.seed, nights_open=asked.nights, people=asked.people)
    season.build()
    for day in season.live():
        print(f"\r{day}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for name, times in sorted(season.done.items()):
        print(f"{times:8} {name}")
    slept = BedNight.objects.filter(state__in=BedNight.SLEPT).count()
    print(f"{slept:8} bed-nights in {time.monotonic() - began:.0f} s, content {digest()[:16]}")
    call_command("check_house")


if __name__ == "__main__":
    main()
