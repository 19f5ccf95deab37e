"""Makes a night's draw again from its seed and the numbers alone; exits 1 on any difference."""

from django.core.management.base import BaseCommand, CommandError

from shelter import addresses, queries
from shelter.models import Draw

RECIPE = "The ticket of number N is the SHA-256 of SEED:N (four digits at least); the lowest comes first."


class Command(BaseCommand):
    help = "Draw a night's line again and compare: what was shown, what was drawn, who was registered."

    def add_arguments(self, parser):
        parser.add_argument("night", help="the date of its evening, 2027-01-31")

    def handle(self, *, night, **options):
        draw = _draw_of(night)
        self.stdout.write(f"digest {draw.digest}\nseed   {draw.seed}\n{RECIPE}")
        differences = list(queries.differences_of_draw(draw))
        for difference in differences:
            self.stdout.write(difference)
        if differences:
            raise SystemExit(1)
        self.stdout.write(f"{len(draw.line)} numbers drawn, all as they must be.")


def _draw_of(night):
    try:
        day = addresses.NightConverter().to_python(night)
    except ValueError as error:
        raise CommandError(f"{night!r} is no date; write it like 2027-01-31.") from error
    draw = Draw.objects.filter(night__date=day).first()
    if draw is None:
        raise CommandError(f"No seed was fixed for the night of {night}.")
    if draw.drawn_at is None:
        raise CommandError(f"digest {draw.digest}: not drawn yet; the seed is shown when the list is frozen.")
    return draw
