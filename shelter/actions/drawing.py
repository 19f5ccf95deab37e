"""Fixing the seed of a night's draw and drawing, each once, as steps of the night."""

from secrets import SystemRandom

from shelter import clock, drawing, queries
from shelter.log import Verb, record
from shelter.models import Draw

CHANCE = SystemRandom()


def fix_seed(night, *, by):
    """When registration opens: choose the seed and show its digest. A night has one seed, whatever steps it takes."""
    if queries.draw_of(night) is not None:
        return
    seed = f"{CHANCE.getrandbits(128):032x}"
    draw = Draw.objects.create(night=night, seed=seed, digest=drawing.digest_of(seed), fixed_at=clock.now())
    record(Verb.SEED_FIXED, by=by, night=night, digest=draw.digest)


def draw_line(night, *, by):
    """When the list is frozen: put everybody registered in line and show the seed. Never done again."""
    draw = queries.draw_of(night)
    if draw is None or draw.drawn_at is not None:
        return
    draw.line = drawing.line(draw.seed, queries.numbers_registered(night))
    draw.drawn_at = clock.now()
    draw.save(update_fields=["line", "drawn_at"])
    record(Verb.LINE_DRAWN, by=by, night=night, seed=draw.seed, people=len(draw.line))
