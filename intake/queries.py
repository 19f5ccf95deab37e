"""Questions to intake: who is this, who is expected, who looks alike."""

from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, Q

from intake import matching
from intake.models import Guest, NameKey
from shelter import clock, nights, offering, queries
from shelter.models import BedNight, LogEntry, Registration

ENOUGH = 12
CANDIDATES = 60
GOOD_MATCH = 0.6
STRONG_MATCH = 0.84


@dataclass(frozen=True)
class Hit:
    """A guest as the door shows them: tonight's bed and state, and the last bed before."""

    guest: Guest
    score: float
    registration: Registration | None
    bed_night: BedNight | None
    last: BedNight | None

    @property
    def is_expected(self):
        return self.registration is not None and (self.bed_night is None or self.bed_night.state == "held")

    @property
    def is_here(self):
        return self.bed_night is not None and self.bed_night.state == "in"

    @property
    def state(self):
        """One of here, left, expected, unknown: what the row's mark and word say."""
        if self.is_here:
            return "here"
        if self.bed_night is not None and self.bed_night.state == "left":
            return "left"
        return "expected" if self.registration is not None else "unknown"


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
    return _hits(ids, night, query)[:limit]


def _by_name(query, night):
    expected = Registration.objects.filter(
        occupant=OuterRef("guest__occupant"), night=night, withdrawn_at__isnull=True
    )
    rows = (
        NameKey.objects.filter(key__in=query.keys)
        .values("guest")
        .annotate(shared=Count("id"), expected=Exists(expected))
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


def _hits(ids, night, query):
    guests = list(Guest.objects.filter(pk__in=ids).select_related("occupant").order_by("id"))
    scored = [(guest, ids[guest.pk] or _likeness(query, guest)) for guest in guests]
    scored = [(guest, score) for guest, score in scored if score >= GOOD_MATCH]
    if query.year and query.words:
        scored = [
            (guest, score + (0.1 if guest.birth_year == query.year else -0.1)) for guest, score in scored
        ]
    hits = hits_of([guest for guest, _score in scored], night, dict(_by_pk(scored)))
    return sorted(hits, key=lambda hit: _rank(hit, night))


def _by_pk(scored):
    return ((guest.pk, score) for guest, score in scored)


def _rank(hit, night):
    lately = hit.last is not None and (night.date - hit.last.night.date).days <= 7
    bonus = 0.08 * (hit.registration is not None) + 0.04 * lately
    return (-round(hit.score + bonus, 3), hit.guest.full_name, hit.guest.pk)


def _likeness(query, guest):
    return matching.likeness(query.words, words_of(guest))


def words_of(guest):
    return matching.words(f"{guest.name} {guest.family_name} {guest.known_as}")


def hits_of(guests, night, scores=None) -> list[Hit]:
    """These guests as the door shows them, in the given order."""
    occupants = [guest.occupant_id for guest in guests]
    registrations = {row.occupant_id: row for row in queries.registered(night).filter(occupant__in=occupants)}
    tonight = {
        row.occupant_id: row
        for row in BedNight.objects.filter(
            night=night, occupant__in=occupants, state__in=BedNight.BLOCKS_THE_PERSON
        )
        .select_related("bed")
        .order_by("id")
    }
    unplaced = [occupant for occupant in occupants if occupant not in tonight]
    last = queries.last_bed_of(unplaced, night.date)
    return [
        Hit(
            guest=guest,
            score=(scores or {}).get(guest.pk, 1.0),
            registration=registrations.get(guest.occupant_id),
            bed_night=tonight.get(guest.occupant_id),
            last=last.get(guest.occupant_id),
        )
        for guest in guests
    ]


def hit_of(guest, night) -> Hit:
    return hits_of([guest], night)[0]


def expected(night) -> list[Hit]:
    """Everybody registered for tonight, by name; those with a bed know it already."""
    guests = (
        Guest.objects.filter(
            occupant__registrations__night=night, occupant__registrations__withdrawn_at__isnull=True
        )
        .select_related("occupant")
        .order_by("family_name", "name", "id")
    )
    return sorted(hits_of(list(guests), night), key=lambda hit: matching.fold(hit.guest.full_name))


def to_renew(night) -> list[Hit]:
    """Guests of the last nights who are not registered for tonight yet: one tap each."""
    settings = queries.settings_for(night.date)
    since = night.date - nights.ONE_DAY * (settings.nights_until_stay_ends + 1)
    guests = (
        Guest.objects.filter(
            occupant__bed_nights__night__date__gte=since,
            occupant__bed_nights__night__date__lt=night.date,
            occupant__bed_nights__state__in=BedNight.SLEPT,
        )
        .exclude(occupant__in=queries.registered(night).order_by().values("occupant"))
        .select_related("occupant")
        .distinct()
        .order_by("family_name", "name", "id")
    )
    return sorted(hits_of(list(guests), night), key=lambda hit: matching.fold(hit.guest.full_name))


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
        .annotate(shared=Count("id"))
        .order_by("-shared", "guest")[:CANDIDATES]
    )
    guests = (
        Guest.objects.filter(pk__in=[row["guest"] for row in ids]).select_related("occupant").order_by("id")
    )
    scored = [(guest, _both_ways(asked, guest, birth_year)) for guest in guests]
    alike = [(guest, score) for guest, score in scored if score >= GOOD_MATCH + 0.1]
    return sorted(alike, key=lambda pair: (-pair[1], pair[0].pk))[:limit]


def _both_ways(asked, guest, birth_year):
    """Likeness in the better direction (one side may know only one of two names), bent by the year."""
    known = words_of(guest)
    score = max(matching.likeness(asked, known), matching.likeness(known, asked))
    if birth_year and guest.birth_year:
        score += 0.05 if birth_year == guest.birth_year else -0.2
    return score


def offers_for(guest, night, board=None) -> list[offering.Offer]:
    """Every bed for this guest, the best first, each with its reasons."""
    board = queries.board_of(night) if board is None else board
    return offering.offers(needs_tonight(guest, night, board), queries.places_of(board))


def best_offer(guest, night, board=None) -> offering.Offer | None:
    board = queries.board_of(night) if board is None else board
    return offering.best(needs_tonight(guest, night, board), queries.places_of(board))


def needs_tonight(guest, night, board):
    """The guest's needs, with the bed kept for them tonight and the last dormitory, as the board knows them."""
    last = queries.last_bed_of([guest.occupant_id], night.date).get(guest.occupant_id)
    held = next(
        (bed.id for bed in board if bed.state == offering.HELD and bed.occupant == guest.occupant_id),
        None,
    )
    dormitory = next((bed.dormitory_id for bed in board if last and bed.id == last.bed_id), None)
    return replace(
        bare_needs(guest), last_bed=last.bed_id if last else None, last_dormitory=dormitory, holds_bed=held
    )


def bare_needs(guest) -> offering.Needs:
    """The guest's needs without their history, for rules that do not ask where they slept."""
    return offering.Needs(
        sleeps=guest.sleeps,
        lower_bed=guest.lower_bed,
        step_free=guest.step_free,
        dog=guest.dog,
        quiet=guest.needs_quiet,
    )


def guests_by_occupant(occupant_ids) -> dict[int, Guest]:
    return {
        guest.occupant_id: guest
        for guest in Guest.objects.filter(occupant__in=occupant_ids).select_related("occupant").order_by("id")
    }


def nights_slept(guest):
    """The guest's nights, the latest first."""
    return (
        BedNight.objects.filter(occupant=guest.occupant_id, state__in=BedNight.SLEPT)
        .select_related("bed", "night")
        .order_by("-night__date")
    )


def readers_of(guest, since):
    """How many colleagues opened this file since an instant."""
    return (
        LogEntry.objects.filter(occupant=guest.occupant_id, verb="guest_read", at__gte=since)
        .order_by("by")
        .values("by")
        .distinct()
        .count()
    )


def present_by_dormitory(night) -> list[tuple[str, list[tuple[queries.BedOnBoard, Guest | None]]]]:
    """Who is inside now: each dormitory in the order of a walk, with its taken beds and who lies there."""
    inside = [bed for bed in queries.board_of(night) if bed.state == offering.OCCUPIED]
    guests = guests_by_occupant([bed.occupant for bed in inside])
    rooms: dict[int, tuple[str, list]] = {}
    for bed in inside:
        rooms.setdefault(bed.dormitory_id, (bed.dormitory, []))[1].append(
            (bed, guests.get(bed.occupant or 0))
        )
    return list(rooms.values())
