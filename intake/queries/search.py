"""Who is meant: a search that forgives spelling, and look-alikes of somebody new."""

from django.db.models import Case, Exists, OuterRef, Q, Sum, Value, When

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


def search(text, night, limit=ENOUGH) -> list[Hit]:
    """Guests that a search may mean, the likeliest first; needs two characters.

    Expected tonight come first among equals, then those who slept here lately.
    """
    query = matching.parse(text, clock.now().year)
    if len(text.strip()) < 2:
        return []
    ids: dict[int, float] = {}
    if query.words:
        ids |= _by_name(query, night)
    elif query.digits:
        ids |= dict.fromkeys(_by_number(query, night), 1.0)
    return _hits(ids, night, query, limit)[:limit]


def _by_name(query, night):
    expected = Registration.objects.filter(
        occupant=OuterRef("guest__occupant"), night=night, withdrawn_at__isnull=True
    )
    rows = (
        NameKey.objects.filter(key__in=query.keys)
        .values("guest")
        .annotate(shared=SHARED, expected=Exists(expected))
        .order_by("-shared", "-expected", "guest")[:CANDIDATES]
    )
    return {row["guest"]: 0.0 for row in rows}


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
    return Guest.objects.filter(found).order_by("id").values_list("pk", flat=True)[:CANDIDATES]


def _hits(ids, night, query, limit):
    guests = list(Guest.objects.filter(pk__in=ids).select_related(*WITH_KEPT).order_by("id"))
    scored = [(guest, ids[guest.pk] or _likeness(query, guest)) for guest in guests]
    scored = _of_kept((guest, score) for guest, score in scored if score >= GOOD_MATCH)
    if query.year and query.words:
        scored = [
            (guest, score + (0.1 if guest.birth_year == query.year else -0.1)) for guest, score in scored
        ]
    scored = _within_reach(scored, limit)
    hits = hits_of([guest for guest, _score in scored], night, dict(_by_pk(scored)))
    return sorted(hits, key=lambda hit: _rank(hit, night))


def _of_kept(scored):
    """A file joined with another one is found under that one, with the better of their likenesses."""
    best: dict[int, tuple[Guest, float]] = {}
    for guest, score in scored:
        kept = guest.kept
        best[kept.pk] = (kept, max(score, best[kept.pk][1] if kept.pk in best else 0.0))
    return list(best.values())


def _within_reach(scored, limit):
    """Those whom tonight's bonus could still carry among the first so many; of the rest nothing is asked."""
    ranked = sorted(scored, key=lambda pair: -pair[1])
    least = ranked[limit - 1][1] - EXPECTED_BONUS - LATELY_BONUS if len(ranked) > limit else 0.0
    return [pair for pair in ranked if pair[1] >= least - 0.001]


def _by_pk(scored):
    return ((guest.pk, score) for guest, score in scored)


def _rank(hit, night):
    last_night = hit.tonight.last_night
    lately = last_night is not None and (night.date - last_night).days <= 7
    bonus = EXPECTED_BONUS * (hit.tonight.registration is not None) + LATELY_BONUS * lately
    return (-round(hit.score + bonus, 3), hit.guest.full_name, hit.guest.pk)


def _likeness(query, guest):
    return matching.suggestion(query.words, words_of(guest))


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


def _both_ways(asked, guest, birth_year):
    """Resemblance, bent by the year; what is only begun alike is shown, but no strong match."""
    known = words_of(guest)
    begun = max(matching.likeness(asked, known), matching.likeness(known, asked))
    score = max(matching.resemblance(asked, known), min(begun, STRONG_MATCH - 0.01))
    if birth_year and guest.birth_year:
        score += 0.05 if birth_year == guest.birth_year else -0.2
    return score
