"""The whole night's plan with names: what each person needs, and the proposal as people read it."""

from dataclasses import dataclass

from intake.models import Guest
from intake.queries.guests import WITH_KEPT, guests_by_occupant, kept_of
from intake.queries.offers import bare_needs
from shelter import queries
from shelter.models import BedNight, BedPlan, PlannedBed
from shelter.models.ledger import WHOSE
from shelter.offering import Needs, Reason


def needs_of_the_registered(night) -> dict[int, tuple[Needs, bool]]:
    """Of everybody registered, by the number that counts: what they need of a bed, and whether they are older."""
    guests = (
        Guest.objects.filter(
            occupant__registrations__night=night, occupant__registrations__withdrawn_at__isnull=True
        )
        .select_related(*WITH_KEPT)
        .order_by("id")
    )
    older_from = queries.settings_for(night.date).older_from
    return {
        guest.occupant_id: (bare_needs(guest), _is_older(guest, older_from, night.date.year))
        for guest in kept_of(guests)
    }


def _is_older(guest, older_from, this_year):
    """By the year of birth, or by where the band begins that they gave."""
    if guest.birth_year:
        return bool(this_year - guest.birth_year >= older_from)
    begins = guest.age_band.rstrip("+").partition("-")[0].strip()
    return begins.isdecimal() and int(begins) >= older_from


@dataclass(frozen=True)
class Proposed:
    """One line of a plan with the guest behind the number. `state` says what has become of it: here, left, kept
    (the planned bed), elsewhere (another bed is kept for them) or open.
    """

    line: PlannedBed
    guest: Guest | None
    state: str

    @property
    def reasons(self):
        return [str(Reason(code, tuple(facts.items()))) for code, facts in self.line.reasons]

    @property
    def change(self):
        if not self.line.change:
            return ""
        code, facts = self.line.change
        return str(Reason(code, tuple(facts.items())))


def proposed_in(plan: BedPlan) -> list[Proposed]:
    """Everybody in a plan, in line; those without a bed are among them."""
    lines = list(plan.lines.select_related("bed", "occupant"))
    guests = guests_by_occupant([line.occupant_id for line in lines])
    rows = BedNight.objects.filter(night=plan.night, state__in=BedNight.BLOCKS_THE_PERSON).annotate(
        whose=WHOSE
    )
    now = {row.whose: row for row in rows.order_by("id")}
    return [
        Proposed(line, guests.get(line.occupant_id), _state(line, now.get(line.occupant_id)))
        for line in lines
    ]


def _state(line, row):
    if row is None:
        return "open"
    if row.state == BedNight.State.IN:
        return "here"
    if row.state == BedNight.State.LEFT:
        return "left"
    return "kept" if row.bed_id == line.bed_id else "elsewhere"
