"""Tonight's people as the desk and the door show them."""

from dataclasses import dataclass

from intake import matching
from intake.models import Guest
from intake.queries.guests import WITH_KEPT, guests_by_occupant, kept_of
from shelter import nights, offering, queries
from shelter.models import BedNight
from shelter.queries import Tonight, people_tonight


@dataclass(frozen=True)
class Hit:
    """A guest as the door shows them: tonight's registration, bed and state, and the last bed before."""

    guest: Guest
    tonight: Tonight

    @property
    def is_expected(self):
        return self.tonight.registration is not None and self.tonight.state in {"", "held"}

    @property
    def is_here(self):
        return self.tonight.state == "in"

    @property
    def state(self):
        """One of here, left, expected, unknown: what the row's mark and word say."""
        if self.is_here:
            return "here"
        if self.tonight.state == "left":
            return "left"
        return "expected" if self.tonight.registration is not None else "unknown"


def hits_of(guests, night) -> list[Hit]:
    """These guests as the door shows them, in the given order."""
    tonight = people_tonight([guest.occupant_id for guest in guests], night)
    return [Hit(guest=guest, tonight=tonight[guest.occupant_id]) for guest in guests]


def hit_of(guest, night) -> Hit:
    return hits_of([guest], night)[0]


def guests_registered(night) -> list[Guest]:
    """Everybody registered for a night, each once."""
    guests = Guest.objects.filter(
        occupant__registrations__night=night, occupant__registrations__withdrawn_at__isnull=True
    )
    return kept_of(guests.select_related(*WITH_KEPT).order_by("family_name", "name", "id"))


def expected(night) -> list[Hit]:
    """Everybody registered for tonight, by name; those with a bed know it already."""
    hits = hits_of(guests_registered(night), night)
    return sorted(hits, key=lambda hit: matching.fold(hit.guest.full_name))


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
        .select_related(*WITH_KEPT)
        .distinct()
        .order_by("family_name", "name", "id")
    )
    hits = [hit for hit in hits_of(kept_of(guests), night) if hit.tonight.registration is None]
    return sorted(hits, key=lambda hit: matching.fold(hit.guest.full_name))


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
