"""Fixing the seed of a night's draw and drawing, each once, as steps of the night."""

from secrets import SystemRandom

from shelter import clock, drawing, queries
from shelter.log import Verb, record
from shelter.models import Draw

CHANCE = SystemRandom()


def fix_seed(night, *, by):
    """When registration opens: choose the seed and show its digest. A night has one seed, whatever steps it takes."""
    if Draw.objects.filter(night=night).exists():
        return
    seed = f"{CHANCE.getrandbits(128):032x}"
    draw = Draw.objects.create(night=night, seed=seed, digest=drawing.digest_of(seed), fixed_at=clock.now())
    record(Verb.SEED_FIXED, by=by, night=night, digest=draw.digest)


def draw_line(night, *, by):
    """When the list is frozen: put everybody registered in line and show the seed. Never done again."""
    draw = Draw.objects.filter(night=night, drawn_at__isnull=True).first()
    if draw is None:
        return
    draw.line = drawing.line(draw.seed, queries.numbers_registered(night))
    draw.drawn_at = clock.now()
    draw.save(update_fields=["line", "drawn_at"])
    record(Verb.LINE_DRAWN, by=by, night=night, seed=draw.seed, people=len(draw.line))
