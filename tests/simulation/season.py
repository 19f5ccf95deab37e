"""A season on the real actions: every kind of thing that happens in one, by chance, from one seed.

    python -m tests.simulation [--nights 152] [--people 265] [--seed 7]

The same seed gives the same database to the last row, and `check_house` must find nothing in it.
"""

from collections import Counter
from datetime import date, time, timedelta
from random import Random
from unittest import mock

from django.db import transaction

import shelter.demo
from intake import queries
from intake.actions import door, plan
from intake.demo import BIRDS, MEN, ORIGINS, WOMEN
from intake.models import Guest
from shelter import clock, errors, nights
from shelter import queries as house
from shelter.actions import (
    admission,
    allotting,
    closing,
    drawing,
    housekeeping,
    merging,
    placing,
    planning,
    stepping,
    watching,
)
from shelter.models import (
    Bed,
    BedNight,
    Closure,
    ColdSpell,
    Exclusion,
    Merge,
    Night,
    OpeningPeriod,
    Proof,
    Refusal,
)

REOPENED_AFTER, REOPENED_FOR = 8, 5  # nights between the end and the re-opening, and how long that lasts
NEW_SHARE, STAYS_AWAY = 0.045, 0.05
SEALED_AFTER = timedelta(days=3)


class Season:
    """One season's people, evening by evening."""

    def __init__(self, *, seed, nights_open, people, first=date(2026, 11, 15)):
        self.chance, self.people = Random(seed), people
        self.first, self.last = first, first + timedelta(days=nights_open - 1)
        self.done: Counter = Counter()
        self.usual: list[int] = []
        self.away: list[int] = []

    def build(self):
        shelter.demo.build(self.first, self.last, winter=self.first)
        again = self.last + timedelta(days=REOPENED_AFTER)
        with clock.at(nights.instant_of(self.last, time(12))):
            planning.add_period(
                service=OpeningPeriod.Service.NIGHT, kind=OpeningPeriod.Kind.REOPENING, first_date=again,
                last_date=again + timedelta(days=REOPENED_FOR - 1), by=shelter.demo.BY,
            )  # fmt: skip
        self.by_day, self.by_night = shelter.demo.actor("field"), shelter.demo.actor("night")
        self.lead, self.coordinator = shelter.demo.actor("lead"), shelter.demo.actor("coordinator")

    def live(self):
        """Every night from the first registration to the sealed ledger; yields each night that is over."""
        for night in list(Night.objects.order_by("date")):
            with transaction.atomic(), mock.patch.object(drawing, "CHANCE", self.chance):
                self._live_through(night)
            yield night.date
        end = Night.objects.order_by("date").last()
        with clock.at(nights.instant_of(end.date + SEALED_AFTER, time(9, 30))):
            self._seal(end.date)

    def _live_through(self, night):
        self._cold(night)
        with self._at(night, 12):
            stepping.step(night=night, to=Night.State.OPEN, by=self.coordinator)
            self._now_and_then_in_the_office(night)
        with self._at(night, 13):
            expected = self._register(night)
        with self._at(night, 18, 0):
            stepping.tick()
        with self._at(night, 18, 30):
            self._plan(Night.objects.get(pk=night.pk))
        with self._at(night, 19, 15):
            stepping.tick()
        self._arrivals(Night.objects.get(pk=night.pk), expected)
        for hour in (22, 23):
            with self._at(night, hour, 1):
                stepping.tick()
        self._through_the_dark(night)
        with self._at(night, 8, 45):
            inside = (
                BedNight.objects.filter(night=night, state="in").order_by("id").values_list("pk", flat=True)
            )
            closing.close_night(night=night, bed_nights=list(inside), by=self.lead)
        with self._at(night, 9, 30):
            self._seal(night.date - SEALED_AFTER)

    def _at(self, night, hour, minute=0):
        return clock.at(nights.instant_of(night.date, time(hour, minute)))

    def _may_happen(self, share):
        return self.chance.random() < share

    def _try(self, name, act):
        """Whatever is refused leaves no trace but the count of refusals."""
        try:
            with transaction.atomic():
                act()
        except errors.Refused as refusal:
            self.done[f"refused: {refusal.code}"] += 1
            return refusal.code
        self.done[name] += 1
        return ""

    # Day.

    def _cold(self, night):
        if self._may_happen(0.04) and not ColdSpell.objects.on(night.date).exists():
            with self._at(night, 12):
                end = night.date + timedelta(days=self.chance.randrange(1, 6))
                self._try(
                    "cold spell",
                    lambda: admission.declare_cold_spell(
                        first_night=night.date, last_night=end, forecast=-4, by=self.coordinator
                    ),
                )

    def _now_and_then_in_the_office(self, night):
        if self._may_happen(0.25) and len(self.usual) > 4:
            kept, gone = self._guests(self.chance.sample(self.usual, 2))
            self._try(
                "merged", lambda: merging.merge(kept=kept.occupant, gone=gone.occupant, by=self.coordinator)
            )
        standing = Merge.objects.filter(undone_at__isnull=True).order_by("id")
        if self._may_happen(0.1) and standing:
            self._try(
                "unmerged", lambda: merging.unmerge(merge=self.chance.choice(standing), by=self.coordinator)
            )
        running = Exclusion.objects.on(night.date).order_by("id")
        if self._may_happen(0.15) and running:
            row = self.chance.choice(running)
            self._try(
                "lifted", lambda: admission.lift_exclusion(exclusion=row, reason="agreed", by=self.lead)
            )
        spell = house.cold_spells_of(night.date).first()
        for row in running if spell else ():
            admission.decide_in_the_cold(
                exclusion=row,
                cold_spell=spell,
                admitted=self._may_happen(0.6),
                risk_note="weighed",
                by=self.lead,
            )
        closed = Closure.objects.on(night.date).filter(bed__isnull=False).order_by("id")
        if self._may_happen(0.5) and closed:
            row = self.chance.choice(closed)
            self._try(
                "reopened", lambda: housekeeping.reopen(closure=row, by=self.lead, from_night=night.date)
            )

    def _register(self, night):
        usual = [pk for pk in self.usual if not self._may_happen(STAYS_AWAY)]
        self.away += [pk for pk in self.usual if pk not in set(usual)]
        back = [pk for pk in self.away if self._may_happen(0.06)]
        self.away = [pk for pk in self.away if pk not in set(back)]
        room = max(1, round(self.people * NEW_SHARE))
        coming = list(dict.fromkeys([*usual, *back]))[: self.people - room]
        expected = self._guests(coming)
        for guest in expected:
            self._try("registered", lambda guest=guest: door.register_for_tonight(
                guest=guest, night=night, by=self.by_day))  # fmt: skip
        for _newcomer in range(self.people - len(expected)):
            guest = door.add_and_register(night=night, by=self.by_day, **self._answers())
            if self._may_happen(0.93):
                admission.note_proof(
                    occupant=guest.occupant, night=night, kind=self.chance.choice(Proof.Kind.values),
                    accepted=True, by=self.by_day,
                )  # fmt: skip
            self.done["newcomers"] += 1
            expected.append(guest)
        return expected

    def _guests(self, ids):
        found = {
            guest.pk: guest.kept
            for guest in Guest.objects.filter(pk__in=ids).select_related(*queries.WITH_KEPT)
        }
        return list({found[pk].pk: found[pk] for pk in ids}.values())

    def _answers(self):
        script, nationality, spoken, _weight = self.chance.choices(ORIGINS, [row[3] for row in ORIGINS])[0]
        is_woman = self._may_happen(0.06)
        return {
            "name": self.chance.choice((WOMEN if is_woman else MEN)[script]),
            "family_name": self.chance.choice(BIRDS[script]),
            "sleeps": "women" if is_woman else "men",
            "birth_answer": "given",
            "birth_year": 2026 - round(self.chance.triangular(19, 71, 36)),
            "nationality": nationality,
            "languages": spoken,
            "lower_bed": self._may_happen(0.08),
            "early_leaver": self._may_happen(0.08),
        }

    # Evening.

    def _plan(self, night):
        """On some evenings a plan is made; on some of those all its beds are kept, on others a few."""
        if not self._may_happen(0.5):
            return
        row = allotting.keep_plan(plan.work_out(night), by=self.lead)
        self.done["planned"] += 1
        numbers = list(row.lines.exclude(bed=None).values_list("occupant", flat=True))
        some = None if self._may_happen(0.7) else self.chance.sample(numbers, len(numbers) // 3)
        self.done["kept by plan"] += len(plan.apply(plan=row, by=self.lead, numbers=some).held)

    def _arrivals(self, night, expected):
        self.chance.shuffle(expected)
        coming = expected[: round(len(expected) * 0.97)]
        start = nights.instant_of(night.date, time(19, 16))
        for place, guest in enumerate(coming):
            with clock.at(start + timedelta(minutes=150) * place / len(coming)):
                self._let_in(guest, night)
        self.usual = [guest.pk for guest in coming]
        self.away += [guest.pk for guest in expected[len(coming) :]]
        with self._at(night, 21, 50):
            self._around_the_beds(night)

    def _let_in(self, guest, night):
        code = self._try("checked in", lambda: door.check_in(guest=guest, night=night, by=self.by_night))
        if not code or code == "already_placed":
            return
        if code in {"nights_used_up", "excluded"} and self._may_happen(0.4):
            self._try(
                "overridden",
                lambda: door.check_in(guest=guest, night=night, by=self.lead, override_reason="late bus"),
            )
            return
        reason = code if code in Refusal.Reason.values else "no_place"
        door.turn_away(night=night, guest=guest, reason=reason, by=self.by_night, referral="halte")
        self.done["turned away"] += 1

    def _around_the_beds(self, night):
        inside = list(house.present(night))
        some = self.chance.sample(inside, max(1, len(inside) // 30))
        free = [bed for bed in house.board_of(night) if bed.state == "free"]
        for row in some:
            act = self.chance.choice(["move", "leave", "return", "out"])
            if act == "move" and free:
                bed = Bed(pk=self.chance.choice(free).id, label="?")
                self._try(
                    "moved", lambda row=row, bed=bed: door.move(bed_night=row, bed=bed, by=self.by_night)
                )
            elif act in {"leave", "return"}:
                self._try("left", lambda row=row: placing.leave(bed_night=row, by=self.by_night))
                if act == "return":
                    self._try("returned", lambda row=row: door.come_back(bed_night=row, by=self.by_night))
            else:
                self._try(
                    "out", lambda row=row: watching.go_out(bed_night=row, kind="smoke", by=self.by_night)
                )
        if self._may_happen(0.3) and len(inside) > 2:
            one, other = self.chance.sample(inside, 2)
            self._try(
                "kept apart",
                lambda: admission.keep_apart(one=one.occupant, other=other.occupant, by=self.lead),
            )
        if self._may_happen(0.35):
            who = self.chance.choice(inside)
            admission.exclude(
                occupant=who.occupant, category=self.chance.choice(Exclusion.Category.values),
                first_night=night.date + timedelta(days=1),
                last_night=night.date + timedelta(days=self.chance.randrange(1, 7)), by=self.lead,
            )  # fmt: skip
            self.done["excluded"] += 1
        if free:
            bed = Bed(pk=self.chance.choice(free).id)
            self._try(
                "kept for a service",
                lambda: placing.keep_for_service(service="police", bed=bed, night=night, by=self.by_night),
            )
        if len(free) > 1 and self._may_happen(0.4):
            bed = Bed.objects.get(pk=self.chance.choice(free).id)
            self._try(
                "closed",
                lambda: housekeeping.close_bed(
                    bed=bed, reason="repair", first_night=night.date,
                    last_night=night.date + timedelta(days=3), by=self.lead,
                ),
            )  # fmt: skip

    def _through_the_dark(self, night):
        with self._at(night, 4):
            walk = watching.start_round(night=night, kind="census", by=self.by_night)
            watching.close_round(round=walk, by=self.by_night)
            for outing in house.out_now(night):
                watching.come_in(outing=outing, by=self.by_night)

    def _seal(self, until):
        for night in Night.objects.filter(date__lte=until, state=Night.State.CLOSED).order_by("date"):
            stepping.step(night=night, to=Night.State.DEFINITIVE, by=self.coordinator)
