"""Makes a night's draw again from its seed and the numbers alone; exits 1 on any difference."""

from django.core.management.base import BaseCommand, CommandError

from shelter import addresses, drawing
from shelter.log import Verb
from shelter.models import Draw, LogEntry, Occupant, Registration
from shelter.models.ledger import WHOSE

RECIPE = "The ticket of number N is the SHA-256 of SEED:N (four digits at least); the lowest comes first."


class Command(BaseCommand):
    help = "Draw a night's line again and compare: what was shown, what was drawn, who was registered."

    def add_arguments(self, parser):
        parser.add_argument("night", help="the date of its evening, 2027-01-31")

    def handle(self, *, night, **options):
        draw = _draw_of(night)
        self.stdout.write(f"digest {draw.digest}\nseed   {draw.seed}\n{RECIPE}")
        differences = list(_differences(draw))
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


def _differences(draw):
    if drawing.digest_of(draw.seed) != draw.digest:
        yield "The seed is not the one whose digest was shown."
    again = drawing.line(draw.seed, draw.line)
    for place, (was, must) in enumerate(zip(draw.line, again, strict=True), 1):
        if was != must:
            yield f"place {place}: {was:04d} was drawn, {must:04d} must be."
    yield from _differences_to_the_log(draw)
    yield from _differences_to_the_list(draw)


def _differences_to_the_log(draw):
    """The log cannot be rewritten: it knows the digest since it was shown, and the seed since it was drawn."""
    for verb, name, value in (
        (Verb.SEED_FIXED, "digest", draw.digest),
        (Verb.LINE_DRAWN, "seed", draw.seed),
    ):
        entries = LogEntry.objects.filter(night=draw.night_id, verb=verb).order_by("id")
        told = [entry.facts[name] for entry in entries]
        if told != [value]:
            yield f"The log tells of another {name}: {', '.join(told) or 'none'}."


def _differences_to_the_list(draw):
    """Everybody registered when it was drawn, and nobody else, whatever numbers were joined since."""
    rows = Registration.objects.filter(night=draw.night_id, registered_at__lte=draw.drawn_at)
    rows = rows.exclude(withdrawn_at__lte=draw.drawn_at).annotate(whose=WHOSE)
    joined = dict(Occupant.objects.filter(same_as__isnull=False).order_by("id").values_list("pk", "same_as"))
    registered = set(rows.values_list("whose", flat=True))
    drawn = {joined.get(number, number) for number in draw.line}
    for number in sorted(registered - drawn):
        yield f"{number:04d} was registered and not drawn."
    for number in sorted(drawn - registered):
        yield f"{number:04d} was drawn and not registered."
