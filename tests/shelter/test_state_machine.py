"""Any evening, in any order: the real ledger against a small model of it that knows nothing of the code.

The model is a dict from person to stay. Before each act it says which refusals are right; after each act the
ledger, the board, the counts and the log must be what the model says, and the log must replay to the ledger.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from shelter import clock, consistency, errors, offering, queries
from shelter.actions import closing, housekeeping, placing, planning, registering, stepping, undoing
from shelter.models import BedNight, Closure, LogEntry, Night, Registration
from shelter.standing import beds_on
from tests.conftest import BUILDER, TONIGHT, instant

EXAMPLES, STEPS_EACH = 60, 40
YESTERDAY = TONIGHT - timedelta(days=1)
MAN = offering.Needs(sleeps="men")
PEOPLE = 5
LIMIT = 2  # no more people inside than this, though the house has more beds
STEPS = ["planned", "open", "list_frozen", "doors_open", "doors_closed", "closed", "definitive"]
HOURS = {"open": "11:30", "list_frozen": "18:00", "doors_open": "19:15", "doors_closed": "23:00"}
RELEASE = instant(f"{TONIGHT} 22:00")
TAKES_REGISTRATIONS, AT_THE_DOOR = STEPS[1:5], STEPS[3:5]
TAKES_CHANGES = STEPS[1:5]
BLOCKS_THE_BED, BLOCKS_THE_PERSON, SLEPT = {"held", "in"}, {"held", "in", "left"}, {"in", "left"}

# A few beds, so that people get into each other's way. Of the verbs, the commoner ones are named more often.
BEDS = ["MA1", "MA2", "MB1", "WO1", "EX1"]
AT_THE_DOOR_THEY = """
    check_in check_in check_in check_in check_in register register hold call_off turn_away
    leave leave leave come_back come_back come_back move move move release was_not_here undo undo undo undo
""".split()
THE_LEAD_DOES = """
    close_bed close_bed close_bed reopen_bed reopen_bed step step step
    seal close_over_whoever_is_there close_the_night
""".split()
WITHOUT_A_STAY = {"check_in", "register", "hold", "call_off", "turn_away", "undo"}
STEPS_TO_GO = [*STEPS[1:5], *["doors_open"] * 8]
people = st.integers(0, PEOPLE - 1)
MINUTES = [0, 1, 7, 45, 120, "until the full hour"]


@dataclass(frozen=True)
class Stay:
    """What the model knows of one bed-night."""

    person: int
    bed: str
    state: str
    held_at: object = None
    arrived_at: object = None
    left_at: object = None


@dataclass(frozen=True)
class Act:
    """What the model remembers of an act that may be taken back."""

    line: int
    row: int | None  # the bed-night; None for a refusal
    before: Stay | None
    verb: str


class Evening(RuleBasedStateMachine):
    house = None  # set by the test: beds by label, people by number, who acts

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.night = Night.objects.get(date=TONIGHT)
        self.now = instant(f"{TONIGHT} 11:25")
        self.step, self.held_back = "planned", False
        self.stays, self.registered, self.refused = {}, set(), Counter()
        self.closed, self.acts = {}, []
        self.first_line = self.last_line()
        self.lines, self.replayed, self.before_line = [], {}, {}
        self.past = self.everything_of(YESTERDAY)

    def teardown(self):
        with clock.at(self.now):
            found = [finding for check in consistency.CHECKS for finding in check()]
        lines = list(LogEntry.objects.filter(pk__gt=self.first_line).order_by("id").values())
        past = self.everything_of(YESTERDAY)
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        assert found == []
        assert lines == self.lines  # what was once written stands there still, word for word
        assert past == self.past  # the definitive night before is as it was

    # Doing something for real, with the refusals that the model finds right.

    def do(self, act, *, refusals=()):
        """Run an act now. With refusals it must end in one of them and write nothing; else it must succeed."""
        refusals = {kind for kind in refusals if kind is not None}
        self._rows = None
        with clock.at(self.now):
            if not refusals:
                with transaction.atomic():
                    return act()
            line = self.last_line()
            with pytest.raises(tuple(refusals)), transaction.atomic():
                act()
            assert self.last_line() == line
        return None

    def last_line(self):
        return LogEntry.objects.order_by("-id").values_list("pk", flat=True).first() or 0

    def bed(self, label):
        return self.house.beds[label]

    def person(self, number):
        return self.house.people[number]

    # What the model knows.

    def mine(self, person):
        """The stay that keeps a person from another bed tonight: its row and what is known of it."""
        found = [
            (row, stay) for row, stay in self.stays.items()
            if stay.person == person and stay.state in BLOCKS_THE_PERSON
        ]  # fmt: skip
        return found[0] if found else (None, None)

    def placed(self, *states):
        """The rows of those who have a bed tonight; with states, of those first and then of the others."""
        rows = [row for row, stay in sorted(self.stays.items()) if stay.state in BLOCKS_THE_PERSON]
        return sorted(rows, key=lambda row: self.stays[row].state not in states)

    def one_of_those_placed(self, number, *states):
        rows = self.placed(*states)
        row = rows[number % len(rows)]
        return row, self.stays[row]

    def taker(self, label):
        found = [
            row for row, stay in self.stays.items() if stay.bed == label and stay.state in BLOCKS_THE_BED
        ]
        return found[0] if found else None

    def inside(self):
        return sum(stay.state == "in" for stay in self.stays.values())

    def is_free(self, label):
        return self.taker(label) is None and label not in self.closed and not label.startswith("EX")

    def free_beds(self, zones=("MA", "MB")):
        return {label for label in self.house.beds if label[:2] in zones and self.is_free(label)}

    def over(self):
        """What a night says that is over or not yet begun."""
        if self.step == "definitive":
            return errors.NightSealed
        return errors.NightNotOpen

    def unless_at(self, steps):
        return None if self.step in steps else self.over()

    def against_the_bed(self, label, row=None):
        """The refusals that a bed brings with it; `row` is the stay of who asks."""
        kept = row is not None and self.stays[row].bed == label
        yield errors.BedOutOfService if label in self.closed or label.startswith("EX") else None
        yield errors.BedTaken if self.taker(label) not in (None, row) else None
        yield errors.WrongZone if label[:2] not in ("MA", "MB") and not kept else None

    def remember(self, row, before, verb):
        self.acts.append(Act(self.last_line(), row, before, verb))

    # Time.

    @initialize(seed=st.integers(0, 2**32), expected=st.sets(people), here=st.sets(people))
    def begin(self, seed, expected, here):
        """Some people are registered by day and some are here; most evenings begin with open doors.

        Hypothesis chooses who comes next. What they do is thrown by dice: it likes to draw the same again.
        """
        self.dice = Random(seed)
        self.pass_time(5, tick=True)
        for person in sorted(expected):
            self.register(person)
        self.now = instant(f"{TONIGHT} {self.dice.choice(['12:05', '19:20', '20:14', '20:14', '21:50'])}")
        self.pass_time(0, tick=True)
        for person in sorted(here):
            self.check_in(person, None, "brought by the police")

    @rule()
    def time_passes(self):
        minutes, tick = self.dice.choice(MINUTES), self.dice.random() < 0.7
        note(f"time passes: {minutes}, the clock {'ticks' if tick else 'does not tick'}")
        self.pass_time(minutes, tick=tick)

    def pass_time(self, minutes, *, tick):
        if minutes == "until the full hour":
            minutes = 60 - self.now.minute
        self.now = min(self.now + timedelta(minutes=minutes), instant("2026-11-22 11:20"))
        if tick:
            self.tick()

    def tick(self):
        self.do(stepping.tick)
        for state, hour in HOURS.items():
            is_next = STEPS.index(self.step) + 1 == STEPS.index(state)
            if is_next and not self.held_back and self.now >= instant(f"{TONIGHT} {hour}"):
                self.step = state
        if self.now >= RELEASE and self.step in AT_THE_DOOR:
            self.release_where(lambda stay: stay.held_at < RELEASE)

    def release_where(self, condition, remember=True):
        for row, stay in sorted(self.stays.items()):
            if stay.state == "held" and condition(stay):
                self.stays[row] = replace(stay, state="released")
                if remember:
                    line = LogEntry.objects.filter(verb="released", bed_night=row).order_by("id").last()
                    self.acts.append(Act(line.pk, row, stay, "released"))

    # What happens next: mostly something at the door, now and then something by the lead.

    @rule()
    def somebody_acts(self):
        self.act_at_the_door(self.dice)

    @rule()
    def somebody_else_acts(self):
        self.act_at_the_door(self.dice)

    def act_at_the_door(self, dice):
        verb, person, label = dice.choice(AT_THE_DOOR_THEY), dice.randrange(PEOPLE), dice.choice(BEDS)
        wish, reason = dice.choice([None, None, label]), dice.choice(["", "brought by the police"])
        number = dice.randrange(10)
        note(f"{verb}: person {person}, bed {label} or {wish}, number {number}, reason {reason!r}")
        {
            "register": lambda: self.register(person),
            "call_off": lambda: self.call_off(person),
            "hold": lambda: self.hold(person, label),
            "check_in": lambda: self.check_in(person, wish, reason),
            "turn_away": lambda: self.turn_away(person if number else None, bool(reason)),
            "move": lambda: self.move(number, label, reason),
            "leave": lambda: self.leave(number, 90 * (number == 1)),
            "come_back": lambda: self.come_back(number, wish),
            "release": lambda: self.release(number),
            "was_not_here": lambda: self.was_not_here(number, reason),
            "undo": lambda: self.undo(number),
        }[verb if verb in WITHOUT_A_STAY or self.placed() else "check_in"]()

    @rule()
    def the_lead_acts(self):
        dice = self.dice
        verb, label = dice.choice(THE_LEAD_DOES), dice.choice(BEDS)
        to, reason = dice.choice(STEPS_TO_GO), dice.choice(["", "brought by the police"])
        ticked = dice.choice([set(range(PEOPLE)), set(dice.sample(range(PEOPLE), 2))])
        note(f"{verb}: bed {label}, to {to}, ticked {ticked}, reason {reason!r}")
        {
            "step": lambda: self.step_by_hand(to, reason),
            "seal": lambda: self.step_by_hand("definitive" if self.step == "closed" else to, reason),
            "close_bed": lambda: self.close_bed(label),
            "reopen_bed": lambda: self.reopen_bed(label),
            "close_over_whoever_is_there": self.close_over_whoever_is_there,
            "close_the_night": lambda: self.close_the_night(ticked),
        }[verb]()

    # Steps.

    def step_by_hand(self, to, reason):
        if self.step == "definitive":
            return
        here, there = STEPS.index(self.step), STEPS.index(to)
        unresolved = any(stay.state in BLOCKS_THE_BED for stay in self.stays.values())
        refusals = {errors.ReasonNeeded if there < here and not reason else None}
        refusals |= {errors.Unresolved if here < 5 <= there and unresolved else None}
        self.do(
            lambda: stepping.step(night=self.night, to=Night.State(to), by=self.house.lead, reason=reason),
            refusals=refusals,
        )
        if not any(refusals) and here != there:
            self.step, self.held_back = to, there < here

    # People.

    def register(self, person):
        new = person not in self.registered
        self.do(
            lambda: registering.register(
                occupant=self.person(person), night=self.night, by=self.house.lead, needs=MAN
            ),
            refusals={self.unless_at(TAKES_REGISTRATIONS)},
        )
        if self.step in TAKES_REGISTRATIONS and new:
            self.registered.add(person)
            last = self.house.slept_yesterday.get(person)
            if last is not None and self.mine(person)[0] is None and self.is_free(last):
                row = BedNight.objects.order_by("id").last()
                self.stays[row.pk] = Stay(person, last, "held", held_at=self.now)

    def call_off(self, person):
        row = Registration.objects.filter(
            occupant=self.person(person), night=self.night, withdrawn_at__isnull=True
        ).first()
        if row is None:
            return
        self.do(
            lambda: registering.withdraw_registration(registration=row, by=self.house.lead),
            refusals={self.unless_at(TAKES_REGISTRATIONS)},
        )
        if self.step in TAKES_REGISTRATIONS:
            self.registered.discard(person)
            self.release_where(lambda stay: stay.person == person)

    def hold(self, person, label):
        row, stay = self.mine(person)
        refusals = {self.unless_at(TAKES_REGISTRATIONS), *self.against_the_bed(label, row)}
        if stay is not None and (stay.state != "held" or stay.bed != label):
            refusals.add(errors.AlreadyPlaced)
        held = self.do(
            lambda: placing.hold(
                occupant=self.person(person), bed=self.bed(label), night=self.night, by=self.house.lead,
                needs=MAN,
            ),
            refusals=refusals,
        )  # fmt: skip
        if held is not None and row is None:
            self.stays[held.pk] = Stay(person, label, "held", held_at=self.now)

    def check_in(self, person, label, reason):
        _row, stay = self.mine(person)
        if stay is not None and stay.state == "in" and label in (None, stay.bed):
            refusals = set()
        else:
            refusals = self.against_the_arrival(person, label, bool(reason))
        arrived = self.do(
            lambda: placing.check_in(
                occupant=self.person(person), bed=self.bed(label) if label else None, night=self.night,
                by=self.house.lead, needs=MAN, override_reason=reason,
            ),
            refusals=refusals,
        )  # fmt: skip
        if arrived is None or (stay is not None and stay.state == "in"):
            return
        self.bed_is_the_right_one(arrived.bed.label, label, person, stay)
        known = stay or Stay(person, "", "in")
        self.stays[arrived.pk] = replace(known, bed=arrived.bed.label, state="in", arrived_at=self.now)
        self.remember(arrived.pk, stay, "checked_in")

    def against_the_arrival(self, person, label, may_override):
        row, stay = self.mine(person)
        refusals = {self.unless_at(AT_THE_DOOR)}
        if stay is not None and stay.state != "held":
            refusals.add(errors.AlreadyPlaced)
        if self.inside() >= LIMIT:
            refusals.add(errors.HouseFull)
        label = label or (stay.bed if stay is not None and stay.state == "held" else None)
        starred = {errors.NotRegistered if person not in self.registered else None}
        starred |= {errors.DoorsClosed if self.step == "doors_closed" else None}
        if label is not None:
            refusals |= set(self.against_the_bed(label, row)) - {errors.WrongZone}
            starred |= set(self.against_the_bed(label, row)) & {errors.WrongZone}
        elif not self.free_beds():
            refusals |= {errors.ZoneFull, errors.HouseFull}
        return refusals | (set() if may_override else starred)

    def bed_is_the_right_one(self, given, asked, person, stay):
        """The bed asked for, else the one kept, else last night's, else any free one in the zone."""
        last = self.house.slept_yesterday.get(person)
        if asked is not None:
            assert given == asked
        elif stay is not None:
            assert given == stay.bed
        elif last is not None and self.is_free(last):
            assert given == last
        else:
            assert given in self.free_beds()

    def move(self, number, label, reason):
        row, stay = self.one_of_those_placed(number)
        refusals = {self.unless_at(TAKES_CHANGES)}
        refusals |= {errors.HoldLapsed if stay.state not in BLOCKS_THE_BED else None}
        if stay.bed != label:
            against = set(self.against_the_bed(label, row))
            refusals |= against - ({errors.WrongZone} if reason else set())
        moved = self.do(
            lambda: placing.move(
                bed_night=BedNight.objects.get(pk=row), bed=self.bed(label), by=self.house.lead, needs=MAN,
                override_reason=reason,
            ),
            refusals=refusals,
        )  # fmt: skip
        if moved is not None and stay.bed != label:
            self.stays[row] = replace(stay, bed=label)
            self.remember(row, stay, "moved")

    def leave(self, number, minutes_ago):
        row, stay = self.one_of_those_placed(number)
        at = max(self.now - timedelta(minutes=minutes_ago), instant(f"{TONIGHT} 12:00"))
        refusals = set()
        if stay.state != "left":
            refusals = {self.unless_at(TAKES_CHANGES)}
            refusals |= {errors.HoldLapsed if stay.state != "in" else None}
        left = self.do(
            lambda: placing.leave(
                bed_night=BedNight.objects.get(pk=row), by=self.house.lead,
                occurred_at=at if minutes_ago else None,
            ),
            refusals=refusals,
        )  # fmt: skip
        if left is not None and stay.state == "in":
            left_at = max(at if minutes_ago else self.now, stay.arrived_at)
            self.stays[row] = replace(stay, state="left", left_at=left_at)
            self.remember(row, stay, "left")

    def come_back(self, number, label):
        row, stay = self.one_of_those_placed(number, "left")
        refusals = set()
        if stay.state != "in":
            refusals = {self.unless_at(TAKES_CHANGES)}
            refusals |= {errors.HoldLapsed if stay.state != "left" else None}
            refusals |= {errors.HouseFull if self.inside() >= LIMIT else None}
            if label is not None:
                refusals |= set(self.against_the_bed(label, row))
            elif not self.is_free(stay.bed) and not self.free_beds():
                refusals |= {errors.ZoneFull, errors.HouseFull}
        back = self.do(
            lambda: placing.come_back(
                bed_night=BedNight.objects.get(pk=row), by=self.house.lead,
                bed=self.bed(label) if label else None, needs=MAN,
            ),
            refusals=refusals,
        )  # fmt: skip
        if back is None or stay.state == "in":
            return
        given = back.bed.label
        same = label or (stay.bed if self.is_free(stay.bed) else None)
        assert (given == same) if same else (given in self.free_beds())
        self.stays[row] = replace(stay, bed=given, state="in", left_at=None)
        self.remember(row, stay, "returned")

    def release(self, number):
        row, stay = self.one_of_those_placed(number)
        refusals = {self.unless_at(TAKES_CHANGES)}
        refusals |= {errors.HoldLapsed if stay.state != "held" else None}
        released = self.do(
            lambda: placing.release(
                bed_night=BedNight.objects.get(pk=row), by=self.house.lead, cause="called off"
            ),
            refusals=refusals,
        )
        if released is not None:
            self.stays[row] = replace(stay, state="released")
            self.remember(row, stay, "released")

    def turn_away(self, person, declined):
        reason = "offer_declined" if declined else "no_place"
        refusal = self.do(
            lambda: registering.turn_away(
                night=self.night, reason=reason, by=self.house.lead,
                occupant=None if person is None else self.person(person),
            ),
            refusals={self.unless_at(TAKES_REGISTRATIONS)},
        )  # fmt: skip
        if refusal is not None:
            line = LogEntry.objects.filter(verb="refused").order_by("id").last()
            self.refused[reason] += 1
            self.acts.append(Act(line.pk, None, None, reason))
            if person is not None:
                self.release_where(lambda stay: stay.person == person)

    def was_not_here(self, number, reason):
        row, stay = self.one_of_those_placed(number)
        refusals = {self.unless_at(AT_THE_DOOR)} | {errors.ReasonNeeded if not reason else None}
        refusals |= {errors.StaleVersion if stay.state not in SLEPT else None}
        self.do(
            lambda: closing.was_not_here(
                bed_night=BedNight.objects.get(pk=row), by=self.house.lead, reason=reason
            ),
            refusals=refusals,
        )
        if not any(refusals):
            self.stays[row] = replace(stay, state="undone", left_at=None)

    # Taking back one of the last five acts.

    def undo(self, number):
        last = self.acts[-5:]
        if not last:
            return
        act = last[-1 - number % len(last)]
        refusals = {self.unless_at(TAKES_CHANGES)}
        if act.row is not None:
            refusals |= set(self.against_undoing(act))
        entry = LogEntry.objects.get(pk=act.line)
        self.do(lambda: undoing.undo(entry=entry, by=self.house.lead), refusals=refusals)
        if any(refusals):
            return
        self.acts.remove(act)
        if act.row is None:
            self.refused[act.verb] -= 1
            self.beds_kept_again_after(act, entry)
        elif act.before is None:
            self.stays[act.row] = replace(self.stays[act.row], state="undone", arrived_at=None)
        else:
            self.go_back(act)

    def go_back(self, act):
        """Exactly as before; but a bed no longer released is kept from now on."""
        kept_since = self.now if act.verb == "released" else act.before.held_at
        self.stays[act.row] = replace(act.before, held_at=kept_since)

    def against_undoing(self, act):
        later = [other for other in self.acts if other.row == act.row and other.line > act.line]
        now, before = self.stays[act.row], act.before
        yield errors.StaleVersion if later or now.state == "undone" else None
        if before is None or before.state not in BLOCKS_THE_BED:
            return
        if now.state in BLOCKS_THE_BED and now.bed == before.bed:
            return
        others = {label for label in (before.bed,) if self.taker(label) not in (None, act.row)}
        yield errors.BedTaken if others else None
        yield errors.BedOutOfService if before.bed in self.closed else None
        yield errors.AlreadyPlaced if self.mine(now.person)[0] not in (None, act.row) else None
        enters = before.state == "in" and now.state != "in"
        yield errors.HouseFull if enters and self.inside() >= LIMIT else None

    def beds_kept_again_after(self, refusal, entry):
        """A bed that the refusal had released is kept again, where nothing speaks against it."""
        released = [
            act for act in self.acts
            if act.line > refusal.line and act.verb == "released" and entry.occupant_id is not None
            and self.house.people[self.stays[act.row].person].pk == entry.occupant_id
            and LogEntry.objects.get(pk=act.line).facts == {"cause": "refused"}
        ]  # fmt: skip
        for act in released[:1]:
            if not any(self.against_undoing(act)):
                self.acts.remove(act)
                self.go_back(act)

    # The house.

    def close_bed(self, label):
        taker = self.taker(label)
        occupied = taker is not None and self.stays[taker].state == "in"
        is_over = self.over() if self.step in ("closed", "definitive") else None
        closure = self.do(
            lambda: housekeeping.close_bed(
                bed=self.bed(label), reason="repair", by=self.house.lead, first_night=TONIGHT
            ),
            refusals={errors.BedTaken if occupied else None, is_over},
        ) if self.is_tonight() else None  # fmt: skip
        if closure is not None:
            self.closed.setdefault(label, []).append(closure.pk)
            self.release_where(lambda stay: stay.bed == label)

    def reopen_bed(self, label):
        if label not in self.closed or not self.is_tonight():
            return
        is_over = self.over() if self.step in ("closed", "definitive") else None
        closure = Closure.objects.get(pk=self.closed[label][-1])
        reopened = self.do(
            lambda: housekeeping.reopen(closure=closure, by=self.house.lead, from_night=TONIGHT),
            refusals={is_over},
        )
        if reopened is not None:
            self.closed[label].pop()
            self.closed = {label: closures for label, closures in self.closed.items() if closures}

    def is_tonight(self):
        """Until noon it is still the night before: then a change could begin there too."""
        return self.now >= instant(f"{TONIGHT} 12:00")

    # The morning.

    def close_over_whoever_is_there(self):
        if self.step in TAKES_CHANGES:
            self.step_by_hand("closed", "")

    def close_the_night(self, ticked):
        inside = {row: stay for row, stay in self.stays.items() if stay.state == "in"}
        going = {row for row, stay in inside.items() if stay.person in ticked}
        refusals = {self.unless_at(AT_THE_DOOR), errors.Unresolved if set(inside) - going else None}
        closed = self.do(
            lambda: closing.close_night(night=self.night, bed_nights=sorted(going), by=self.house.lead),
            refusals=refusals,
        )
        if closed is None:
            return
        self.step, self.held_back = "closed", False
        for row in sorted(going):
            self.stays[row] = replace(
                inside[row], state="left", left_at=max(self.now, inside[row].arrived_at)
            )
            line = LogEntry.objects.filter(verb="left", bed_night=row).order_by("id").last()
            self.acts.append(Act(line.pk, row, inside[row], "left"))
        self.release_where(lambda stay: True)

    # What must be true after every act.

    def rows(self):
        """Tonight's bed-nights as the database has them, asked once after each act."""
        if self._rows is None:
            rows = BedNight.objects.filter(night=self.night).select_related("bed").order_by("id")
            self._rows = list(rows)
        return self._rows

    def rows_that_block(self, states):
        return [row for row in self.rows() if row.state in states]

    @invariant()
    def the_ledger_is_what_the_model_says(self):
        real = {
            row.pk: (row.occupant_id, row.bed.label, row.state, row.arrived_at, row.left_at)
            for row in self.rows() if row.state != "undone"
        }  # fmt: skip
        assert real == {
            row: (self.person(stay.person).pk, stay.bed, stay.state, stay.arrived_at, stay.left_at)
            for row, stay in self.stays.items() if stay.state != "undone"
        }  # fmt: skip
        undone = {row for row, stay in self.stays.items() if stay.state == "undone"}
        assert {row.pk for row in self.rows()} - set(real) == undone

    @invariant()
    def no_bed_and_no_person_is_there_twice(self):
        in_beds = Counter(row.bed_id for row in self.rows_that_block(BLOCKS_THE_BED))
        placed = Counter(row.occupant_id for row in self.rows_that_block(BLOCKS_THE_PERSON))
        assert {count for count in (*in_beds.values(), *placed.values()) if count > 1} == set()

    @invariant()
    def each_state_agrees_with_its_times(self):
        wrong = [
            (row.pk, row.state) for row in self.rows()
            if not {
                "held": row.held_at and not (row.arrived_at or row.left_at or row.ended_at),
                "in": row.arrived_at and not (row.left_at or row.ended_at),
                "left": row.arrived_at and row.left_at and row.left_at >= row.arrived_at and not row.ended_at,
                "released": row.ended_at and not (row.arrived_at or row.left_at),
                "undone": row.ended_at,
            }[row.state]
        ]  # fmt: skip
        assert wrong == []

    @invariant()
    def registrations_stand_once_and_as_the_model_says(self):
        standing = queries.registered(self.night).values_list("occupant", flat=True)
        assert sorted(standing) == sorted(self.person(number).pk for number in self.registered)

    @invariant()
    def the_board_shows_the_model_and_the_places_add_up(self):
        board = queries.board_of(self.night)
        states = {"held": offering.HELD, "in": offering.OCCUPIED}
        expected = {label: offering.FREE for label in self.house.beds}
        expected |= {label: offering.NOT_OPEN for label in expected if label.startswith("EX")}
        expected |= {label: offering.CLOSED for label in self.closed if not label.startswith("EX")}
        expected |= {
            stay.bed: states[stay.state] for stay in self.stays.values() if stay.state in BLOCKS_THE_BED
        }
        assert {bed.label: bed.state for bed in board} == expected
        capacity = queries.capacity_of(board)
        assert capacity.installed == capacity.in_service + capacity.out_of_service == 20
        assert capacity.in_service == capacity.held + capacity.occupied + capacity.free

    @invariant()
    def nobody_lies_in_a_bed_out_of_service_and_nobody_above_the_limit(self):
        in_beds = {row.bed.label for row in self.rows_that_block(BLOCKS_THE_BED)}
        assert in_beds & set(self.closed) == set()
        assert len(self.rows_that_block({"in"})) <= LIMIT

    @invariant()
    def the_counts_are_those_of_the_model(self):
        by_person = {
            stay.person: stay.state for stay in self.stays.values() if stay.state in BLOCKS_THE_PERSON
        }
        came = {person for person, state in by_person.items() if state in SLEPT}
        assert queries.counts_of(self.night) == queries.NightCounts(
            registered=len(self.registered),
            arrived=len(came),
            expected=len(self.registered - came),
            present=self.inside(),
            refused=self.refused["no_place"],
            declined=self.refused["offer_declined"],
        )
        present = {(row.occupant_id, row.bed.label) for row in queries.present(self.night)}
        assert present == {
            (self.person(stay.person).pk, stay.bed) for stay in self.stays.values() if stay.state == "in"
        }

    @invariant()
    def the_night_is_where_the_model_says_with_exactly_its_times(self):
        night = Night.objects.get(pk=self.night.pk)
        times = [getattr(night, name) is not None for name in Night.TIMES.values()]
        reached = STEPS.index(self.step)
        assert (night.state, times) == (self.step, [number < reached for number in range(6)])
        assert (night.held_back_at is not None) == self.held_back

    @invariant()
    def the_log_only_grows_and_replays_to_the_ledger(self):
        last = self.lines[-1]["id"] if self.lines else self.first_line
        for line in LogEntry.objects.filter(pk__gt=last).order_by("id").values():
            self.replay(line)
            self.lines.append(line)
        assert self.replayed == {
            row.pk: (row.occupant_id, row.bed_id, row.state)
            for row in self.rows_that_block(BLOCKS_THE_PERSON)
        }

    def replay(self, line):
        """From the words of the log alone: who has which bed, and whether they are here."""
        row, person, bed = line["bed_night_id"], line["occupant_id"], line["bed_id"]
        if row is None:
            return
        before = self.before_line[line["id"]] = self.replayed.get(row)
        becomes = {
            "bed_held": "held", "checked_in": "in", "returned": "in", "left": "left", "released": None,
            "moved": before and before[2], "undone": None,
        }  # fmt: skip
        after = becomes[line["verb"]] and (person, bed, becomes[line["verb"]])
        if line["verb"] == "undone" and line["undoes_id"] is not None:
            after = self.before_line[line["undoes_id"]]
        self.replayed[row] = after
        self.replayed = {row: held for row, held in self.replayed.items() if held}

    def everything_of(self, day):
        night = Night.objects.filter(date=day).values().get()
        rows = BedNight.objects.filter(night__date=day).order_by("id").values()
        return night, list(rows), [bed for bed in beds_on(day) if bed.label.startswith("M")]


@dataclass(frozen=True)
class Stage:
    beds: dict
    people: list
    lead: object
    slept_yesterday: dict


@pytest.fixture
def stage(season, house, occupant, by, clock_at):
    """A season that began yesterday, when three of five people slept here; that night is definitive."""
    clock_at(f"{YESTERDAY} 19:15")
    Night.objects.filter(date__lt=YESTERDAY).delete()
    guests, slept = [occupant() for _person in range(PEOPLE)], {0: "MA1", 1: "MA2", 2: "MB1"}
    night = Night.objects.get(date=YESTERDAY)
    stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BUILDER)
    rows = [
        placing.check_in(
            occupant=guests[number], bed=house.beds[label], night=night, by=BUILDER, needs=MAN,
            is_registered=True,
        )
        for number, label in slept.items()
    ]  # fmt: skip
    clock_at(f"{TONIGHT} 08:50")
    closing.close_night(night=night, bed_nights=[row.pk for row in rows], by=by("night_lead"))
    stepping.step(night=night, to=Night.State.DEFINITIVE, by=by("night_lead"))
    clock_at(f"{TONIGHT} 12:00")
    planning.change_setting(
        key="open_places", value=str(LIMIT), first_night=TONIGHT, by=BUILDER, reason="short of staff"
    )
    return Stage(beds=house.beds, people=guests, lead=by("night_lead"), slept_yesterday=slept)


def test_whatever_happens_in_an_evening_the_house_stays_in_order(stage):
    class ThisEvening(Evening):
        house = stage

    run_state_machine_as_test(
        ThisEvening,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS_EACH,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
