"""The draw of a night, and whether what is kept of it is what must be."""

from collections.abc import Iterator

from shelter import drawing
from shelter.models import Draw, LogEntry, Registration
from shelter.queries.ledger import joined_numbers


def draw_of(night) -> Draw | None:
    """The draw of a night; None before its seed was fixed."""
    return Draw.objects.filter(night=night).first()


def differences_of_draw(draw) -> Iterator[str]:
    """What a second drawing finds otherwise, in words for whoever checks it: nothing, if all is right."""
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
        ("seed_fixed", "digest", draw.digest),
        ("line_drawn", "seed", draw.seed),
    ):
        entries = LogEntry.objects.filter(night=draw.night_id, verb=verb).order_by("id")
        told = [entry.facts[name] for entry in entries]
        if told != [value]:
            yield f"The log tells of another {name}: {', '.join(told) or 'none'}."


def _differences_to_the_list(draw):
    """Everybody registered when it was drawn, by the number that counted then, and nobody else."""
    rows = Registration.objects.filter(night=draw.night_id, registered_at__lte=draw.drawn_at)
    rows = rows.exclude(withdrawn_at__lte=draw.drawn_at).order_by("id")
    joined = joined_numbers(draw.drawn_at)
    registered = {joined.get(number, number) for number in rows.values_list("occupant", flat=True)}
    for number in sorted(registered - set(draw.line)):
        yield f"{number:04d} was registered and not drawn."
    for number in sorted(set(draw.line) - registered):
        yield f"{number:04d} was drawn and not registered."


def ranks_of(draw, numbers) -> dict[int, int]:
    """The place in a draw of each number that counts now: joined since, people have the better of two; taken apart
    since, both have that of the one they were.
    """
    if draw is None or draw.line is None:
        return {}
    place = {number: at for at, number in enumerate(draw.line)}
    now, then = joined_numbers(), joined_numbers(draw.drawn_at)
    ranks: dict[int, int] = {}
    for number in {*numbers, *(gone for gone, kept in now.items() if kept in numbers)}:
        found = place.get(number, place.get(then.get(number, number)))
        whose = now.get(number, number)
        if found is not None and whose in numbers:
            ranks[whose] = min(found, ranks.get(whose, found))
    return ranks
