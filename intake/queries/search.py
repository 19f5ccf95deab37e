"""Who is meant: a search that forgives spelling, and look-alikes of somebody new."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Case, Exists, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from intake import matching
from intake.models import Guest, NameKey
from intake.queries.guests import WITH_KEPT
from intake.queries.tonight import Hit, hits_of
from shelter import clock
from shelter.models import BedNight, Registration

ENOUGH = 10
CANDIDATES = 80
GOOD_MATCH = 0.6
STRONG_MATCH = 0.84
# A shared skeleton tells more than a shared trigram: another script may leave hardly any of those.
SHARED = Sum(Case(When(key__startswith="~", then=Value(4)), default=Value(1)))
EXPECTED_BONUS, LATELY_BONUS = 0.08, 0.04
LATELY = timedelta(days=7)


class _File(NamedTuple):
    """As much of a file as says whether a search means it and how soon; `kept` is the file that counts."""

    kept: int
    name: str
    family_name: str
    known_as: str
    birth_year: int | None
    is_expected: bool
    slept_lately: bool


def search(text, night, limit=ENOUGH) -> list[Hit]:
    """Guests that a search may mean, the likeliest first; needs two characters.

    Expected tonight come first among equals, then those who slept here lately.
    """
    query = matching.parse(text, clock.now().year)
    if len(text.strip()) < 2:
        return []
    first = _first(_files(query, night), query, limit)
    guests = Guest.objects.select_related("occupant").in_bulk(first)
    return hits_of([guests[pk] for pk in first], night)


def _files(query, night):
    if query.words:
        found = Q(pk__in=_by_name(query, night))
    elif query.digits:
        found = _by_number(query, night)
    else:
        return []
    lately = BedNight.objects.filter(
        occupant=OuterRef("occupant"), state__in=BedNight.SLEPT,
        night__date__lt=night.date, night__date__gte=night.date - LATELY,
    )  # fmt: skip
    rows = Guest.objects.filter(found).order_by("id").values_list(
        Coalesce("occupant__same_as__guest", "pk"), "name", "family_name", "known_as", "birth_year",
        _expected("occupant", night), Exists(lately),
    )  # fmt: skip
    return [_File(*row) for row in rows[:CANDIDATES]]


def _expected(occupant, night):
    return Exists(
        Registration.objects.filter(occupant=OuterRef(occupant), night=night, withdrawn_at__isnull=True)
    )


def _by_name(query, night):
    rows = (
        NameKey.objects.filter(key__in=query.keys)
        .values("guest")
        .annotate(shared=SHARED, expected=_expected("guest__occupant", night))
        .order_by("-shared", "-expected", "guest")[:CANDIDATES]
    )
    return [row["guest"] for row in rows]


def _by_number(query, night):
    """Guests lying in a bed with these digits tonight, with this number, or born in this year."""
    in_bed = BedNight.objects.filter(
        night=night, state__in=BedNight.BLOCKS_THE_PERSON, bed__label__contains=query.digits
    ).values("occupant")
    found = Q(occupant__in=in_bed)
    if len(query.digits) < 12:
        found |= Q(occupant=int(query.digits))
    if query.year:
        found |= Q(birth_year=query.year)
    return found


def _first(files, query, limit):
    """The files to show; one that was joined with another is shown as that one, where the likelier of both is."""
    ranks: dict[int, tuple[float, str]] = {}
    for file in files:
        likeness = _likeness(query, file)
        if likeness:
            bonus = EXPECTED_BONUS * file.is_expected + LATELY_BONUS * file.slept_lately
            rank = (-round(likeness + bonus, 3), f"{file.family_name.upper()} {file.name}".strip())
            ranks[file.kept] = min(rank, ranks.get(file.kept, rank))
    return sorted(ranks, key=lambda kept: (ranks[kept], kept))[:limit]


def _likeness(query, file):
    """How well a file answers, bent by the year; 0 for what resembles too little."""
    if not query.words:
        return 1.0
    score = matching.suggestion(query.words, words_of(file))
    if score < GOOD_MATCH:
        return 0.0
    if not query.year:
        return score
    return score + (0.1 if file.birth_year == query.year else -0.1)


def words_of(guest):
    return matching.words(f"{guest.name} {guest.family_name} {guest.known_as}")


def look_alikes(name, family_name="", birth_year=None, besides=None, limit=6) -> list[tuple[Guest, float]]:
    """Guests whose names resemble this one, with the likeness; shown beside the form for a new guest."""
    asked = matching.words(f"{name} {family_name}")[:8]
    if not asked or len("".join(asked)) < 3:
        return []
    keys = matching.Query(tuple(asked), None, "").keys
    ids = (
        NameKey.objects.filter(key__in=keys)
        .exclude(guest=besides)
        .values("guest")
        .annotate(shared=SHARED)
        .order_by("-shared", "guest")[:CANDIDATES]
    )
    found = Guest.objects.filter(pk__in=[row["guest"] for row in ids])
    guests = found.select_related(*WITH_KEPT).order_by("id")
    scored = _of_kept((guest, _both_ways(asked, guest, birth_year)) for guest in guests)
    scored = [(guest, score) for guest, score in scored if guest.pk != besides]
    alike = [(guest, score) for guest, score in scored if score >= GOOD_MATCH + 0.1]
    return sorted(alike, key=lambda pair: (-pair[1], pair[0].pk))[:limit]


def _of_kept(scored):
    """A file joined with another one is shown as that one, with the better of their likenesses."""
    best: dict[int, tuple[Guest, float]] = {}
    for guest, score in scored:
        kept = guest.kept
        best[kept.pk] = (kept, max(score, best[kept.pk][1] if kept.pk in best else 0.0))
    return list(best.values())


def _both_ways(asked, guest, birth_year):
    """Resemblance, bent by the year; what is only begun alike is shown, but no strong match."""
    known = words_of(guest)
    begun = max(matching.likeness(asked, known), matching.likeness(known, asked))
    score = max(matching.resemblance(asked, known), min(begun, STRONG_MATCH - 0.01))
    if birth_year and guest.birth_year:
        score += 0.05 if birth_year == guest.birth_year else -0.2
    return score
