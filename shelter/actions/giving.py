"""Keeping beds for many people in one go, in a few statements for everybody, so that the door hardly waits."""

from dataclasses import dataclass

from shelter import clock, errors, offering, queries, rules
from shelter.actions.placing import let_go
from shelter.log import Verb, record_all
from shelter.models import Bed, BedNight, Occupant
from shelter.queries.admission import Admission
from shelter.refusing import constraints_speak


@dataclass(frozen=True)
class Given:
    """Numbers with the bed that is kept for them from now on, and numbers with what speaks against theirs."""

    held: dict[int, int]
    refused: dict[int, errors.Refused]


def give(*, night, wanted, needs, by, cause) -> Given:
    """Keep beds (number: bed) for people still to come; who is here, or has been, is left alone.

    All beds that change hands are let go first, so that people can swap. A bed that is not to be had is refused by
    itself, and the one kept until then stays kept. `needs` as in `queries.evening_to_plan`; the night is locked.
    """
    now = queries.bed_nights_by_number(night, wanted)
    to_change = {number: bed for number, bed in wanted.items() if _changes(now.get(number), bed)}
    if not to_change:
        return Given({}, {})
    before = {number: now[number].bed_id for number in to_change if number in now}
    for row in queries.held_of_numbers(night, to_change):
        let_go(row, by=by, cause=cause)
    given, refused = _Giving(night, queries.evening_to_plan(night, needs), by).agree(to_change, before)
    _write_down(given, night, by, cause)
    return Given({number: bed for number, bed in given.items() if number not in refused}, refused)


def _changes(row, bed):
    """Whether keeping this bed changes anything for somebody who is still to come."""
    return row is None or (row.state == BedNight.State.HELD and row.bed_id != bed)


class _Giving:
    """Holds every wanted bed against the rules, one after the other, without a question to the database."""

    def __init__(self, night, evening, by):
        self.night, self.by = night, by
        self.people = {person.number: person for person in evening.people}
        self.barred = {person.number: why for person, why in evening.barred}
        self.board = {bed.id: bed for bed in evening.board}
        self.pairs = evening.house.apart

    def agree(self, wanted, before):
        """Who gets which bed, and what speaks against the others. Those keep what they had, if it is to be had:
        as that bed is then nobody else's any more, the others are asked anew.
        """
        refused: dict[int, errors.Refused] = {}
        while True:
            given: dict[int, int] = {}
            for number in refused:
                self._put_back(number, before.get(number), given)
            against = {}
            for number, bed in wanted.items():
                if number not in refused:
                    try:
                        self._ask(number, bed, given)
                        given[number] = bed
                    except errors.Refused as refusal:
                        against[number] = refusal
            if not against:
                return given, refused
            refused |= against

    def _put_back(self, number, bed, given):
        place = self._place(bed, given)
        if place is not None and place.state == offering.FREE:
            given[number] = bed

    def _ask(self, number, bed, given):
        if number in self.barred:
            raise errors.NotToBeLetIn(why=str(self.barred[number]))
        if number not in self.people:
            raise errors.NotRegistered()
        place = self._place(bed, given)
        if place is None:
            label = Bed.objects.filter(pk=bed).values_list("label", flat=True).first()
            raise errors.BedOutOfService(bed=label or bed)
        needs = self.people[number].needs
        placing = rules.Placing(
            night=self.night,
            occupant=Occupant(pk=number),
            bed=place,
            needs=needs,
            by=self.by,
            admission=Admission(rooms_to_avoid=needs.keep_out | self._rooms_to_avoid(number, given)),
        )
        rules.enforce(rules.HOLD, placing)

    def _place(self, bed, given):
        """The bed as it stands once these are given."""
        place = self.board.get(bed)
        if place is not None and bed in given.values():
            return place._replace(state=offering.HELD, bed_night=0)
        return place

    def _rooms_to_avoid(self, number, given):
        """Dormitories with a bed for somebody still to come from whom they are kept apart."""
        others = {other for pair in self.pairs if number in pair for other in pair} - {number}
        beds = {
            given.get(other) or self.people[other].needs.holds_bed for other in others & self.people.keys()
        }
        return {self.board[bed].dormitory_id for bed in beds if bed in self.board}


def _write_down(given, night, by, cause):
    now = clock.now()
    rows = [
        BedNight(
            occupant=Occupant(pk=number), bed=Bed(pk=bed), night=night, state=BedNight.State.HELD, held_at=now
        )
        for number, bed in given.items()
    ]
    with constraints_speak(bed=""):
        BedNight.objects.bulk_create(rows)
    record_all(
        Verb.BED_HELD,
        [{"occupant": row.occupant, "bed": row.bed, "bed_night": row} for row in rows],
        by=by, night=night, cause=cause,
    )  # fmt: skip
