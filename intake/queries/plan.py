"""The whole night's plan with names: what each person needs, and the proposal as people read it."""

from dataclasses import dataclass

from intake.models import Guest
from intake.queries.guests import guests_by_occupant
from intake.queries.offers import bare_needs
from intake.queries.tonight import guests_registered
from shelter import queries
from shelter.models import Bed, BedNight, BedPlan, PlannedBed
from shelter.offering import Needs, Reason


def needs_of_tonight(night) -> dict[int, tuple[Needs, bool]]:
    """Of everybody registered or here, by number: what they need of a bed, and whether they are older."""
    older_from = queries.settings_for(night.date).older_from
    here = guests_by_occupant(queries.present(night).values_list("occupant", flat=True)).values()
    guests = {guest.occupant_id: guest for guest in (*guests_registered(night), *here)}
    return {
        number: (bare_needs(guest), _is_older(guest, older_from, night.date.year))
        for number, guest in guests.items()
    }


def evening_to_suppose(night) -> tuple[queries.ToPlan, bool]:
    """A night as a plan wants it, to be supposed otherwise; and whether the people are tonight's, expected again.

    They are, where nobody is registered for that night yet.
    """
    tonight = queries.evening()
    is_like_tonight = tonight is not None and night != tonight and not queries.registered(night).exists()
    like = tonight if is_like_tonight else None
    return queries.evening_to_plan(night, needs_of_tonight(like or night), like=like), is_like_tonight


def _is_older(guest, older_from, this_year):
    """By the year of birth, or by where the band begins that they gave."""
    if guest.birth_year:
        return bool(this_year - guest.birth_year >= older_from)
    begins = guest.age_band.rstrip("+").partition("-")[0].strip()
    return begins.isdecimal() and int(begins) >= older_from


@dataclass(frozen=True)
class Proposed:
    """One line of a plan with the guest behind the number, and what has become of it.

    `state` is here, left, kept (the planned bed), elsewhere (another bed is kept for them) or open; `bed` the one
    they have by now, or else the planned one. `is_by_hand` when somebody decided about it since: fixed, swapped, moved.
    """

    line: PlannedBed
    guest: Guest | None
    state: str
    bed: Bed | None
    is_by_hand: bool = False

    @property
    def name(self):
        return self.guest.full_name if self.guest else self.line.occupant.number

    @property
    def reasons(self):
        if self.is_by_hand and (self.bed is None or self.bed.pk != self.line.bed_id):
            return [str(Reason("by_hand"))]
        return [str(reason) for reason in self.line.why]

    @property
    def change(self):
        return str(self.line.remedy or "")

    @property
    def is_to_come(self):
        return self.state not in {"here", "left"}

    @property
    def may_be_kept(self):
        """Whether the plan has a bed for them that nobody has decided about."""
        return self.line.bed_id is not None and self.state in {"open", "elsewhere"} and not self.is_by_hand

    @property
    def has_changed(self):
        """Whether this plan says something else than they could have been told before."""
        return self.line.before_id is not None and self.line.before_id != self.line.bed_id


def proposed_in(plan: BedPlan) -> list[Proposed]:
    """Everybody in a plan, in line; those without a bed are among them."""
    lines = list(plan.lines.select_related("bed", "before", "occupant"))
    guests = guests_by_occupant([line.occupant_id for line in lines])
    now = queries.bed_nights_by_number(plan.night)
    return [_proposed(line, guests.get(line.occupant_id), now.get(line.occupant_id)) for line in lines]


def proposed_by_bed(night) -> dict[int, Proposed]:
    """Of the latest plan, whom each bed is proposed to that is not kept for them yet."""
    plan = queries.latest_plan(night)
    rows = proposed_in(plan) if plan else []
    return {row.line.bed_id: row for row in rows if row.line.bed_id is not None and row.may_be_kept}


def _proposed(line, guest, row):
    if row is None:
        return Proposed(line, guest, "open", line.bed, line.is_pinned)
    if row.state == BedNight.State.HELD:
        state = "kept" if row.bed_id == line.bed_id else "elsewhere"
        return Proposed(line, guest, state, row.bed, line.is_pinned or queries.is_decided_since(line, row))
    return Proposed(line, guest, "here" if row.state == BedNight.State.IN else "left", row.bed)


def reasons_for_bed(occupant, night, bed) -> tuple[Reason, ...]:
    """Why somebody has this bed (a label), as the latest plan says; nothing, if it says nothing about it."""
    plan = queries.latest_plan(night)
    line = plan.lines.filter(occupant=occupant, bed__label=bed).first() if plan else None
    return line.why if line else ()
