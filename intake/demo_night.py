"""What nights bring beside beds in the demo season: proofs, exclusions, things kept, rounds, handovers, numbers."""

from datetime import time, timedelta

from intake.actions import cards, night
from intake.models import Belonging, Card, Guest, Incident, Referral
from shelter import clock, nights
from shelter import queries as house
from shelter.actions import admission, placing, watching
from shelter.models import Bed, BedNight, Exclusion, Proof, Round

SERVED = {
    "suppers": (0.96, 6), "breakfasts": (0.82, 8), "showers": (0.55, 12), "kits": (0.3, 10), "asylum": (0.1, 6),
    "lunches": (0.6, 15), "day_presences": (0.65, 15), "wardrobe_visits": (0.02, 2), "follow_ups": (0.02, 3),
}  # fmt: skip


class NightLife:
    """Everything here happens through the actions, with the chance of the season that calls it."""

    def __init__(self, chance, *, by_day, by_night, lead, coordinator):
        self.chance, self.by_day, self.by_night = chance, by_day, by_night
        self.lead, self.coordinator = lead, coordinator

    def proof_of(self, guest, evening):
        """Most who come have something to show; what it was is written down, never kept."""
        if self.chance.random() < 0.93:
            admission.note_proof(
                occupant=guest.occupant, night=evening, kind=self.chance.choice(Proof.Kind.values), accepted=True,
                by=self.by_day,
            )  # fmt: skip

    def through_the_night(self, evening):
        """Rounds, somebody out for work, now and then an incident; all of it in its hour."""
        with self._at(evening, time(23, 30)):
            self._round(evening, Round.Kind.EVENING)
        if self.chance.random() < 0.25:
            with self._at(evening, time(1, 20)):
                self._incident(evening)
        with self._at(evening, time(4, 0)):
            self._round(evening, Round.Kind.CENSUS)
        with self._at(evening, time(6, 50)):
            night.hand_over(night=evening, words="Nuit calme. Café à refaire.", by=self.lead)
            night.acknowledge(
                items=list(evening.handovers.get().items.values_list("pk", flat=True)), by=self.lead
            )
        with self._at(evening, time(8, 30)):
            self._numbers(evening)

    def tonight(self, evening):
        """What a colleague who opens the demo at 20:14 finds to look at."""
        inside = list(house.present(evening))
        if len(inside) > 8:
            for row, kind in zip(self.chance.sample(inside, 3), ("smoke", "work", "hospital"), strict=True):
                back = clock.now() + timedelta(minutes=20) if kind == "smoke" else None
                watching.go_out(bed_night=row, kind=kind, by=self.by_night, expected_at=back)
            for number, row in enumerate(self.chance.sample(inside, 6), 11):
                night.keep_thing(
                    occupant=row.occupant, kind=self.chance.choice(Belonging.Kind.values), number=str(number),
                    by=self.by_night,
                )  # fmt: skip
            pair = self.chance.sample(inside, 2)
            admission.keep_apart(one=pair[0].occupant, other=pair[1].occupant, by=self.lead)
        free = [bed for bed in house.board_of(evening) if bed.state == "free" and bed.zone == "men"]
        for bed, service in zip(free[:2], ("first_call", "police"), strict=False):
            placing.keep_for_service(service=service, bed=Bed(pk=bed.id), night=evening, by=self.by_night)
        night.add_task(what="Rappeler le plombier, douche 3", by=self.lead)
        for guest in Guest.objects.order_by("id")[:12]:
            cards.issue_card(guest=guest, by=self.by_day, why=Card.Why.REPLACED)

    def exclude_one(self, guest, evening):
        admission.exclude(
            occupant=guest.occupant, category=self.chance.choice(Exclusion.Category.values),
            first_night=evening.date, last_night=evening.date + timedelta(days=4), by=self.lead, notice_in="fr",
            advice="Proposer la halte de nuit, remettre ses affaires.",
        )  # fmt: skip

    def send_onward(self, guest, evening):
        night.refer(
            occupant=guest.occupant, target=self.chance.choice(Referral.Target.values), day=evening.date,
            by=self.by_day,
        )  # fmt: skip

    def _at(self, evening, hour):
        return clock.at(nights.instant_of(evening.date, hour))

    def _round(self, evening, kind):
        walk = watching.start_round(night=evening, kind=kind, by=self.by_night)
        watching.close_round(round=walk, by=self.by_night)

    def _incident(self, evening):
        inside = list(
            BedNight.objects.filter(night=evening, state="in").select_related("occupant").order_by("id")
        )
        who = [(row.occupant, "involved") for row in self.chance.sample(inside, min(2, len(inside)))]
        night.write_incident(
            night=evening, by=self.by_night, people=who, happened_at=clock.now(),
            kind=self.chance.choice(["quarrel", "theft", "illness", "damage"]), place="dormitory",
            severity=self.chance.choice([1, 1, 2, 2, 3]), measures=[Incident.Measure.TALKED],
        )  # fmt: skip

    def _numbers(self, evening):
        slept = house.slept_at_the_census(evening).count()
        numbers = {
            service: max(0, round(slept * share + self.chance.uniform(-give, give)))
            for service, (share, give) in SERVED.items()
        }
        night.enter_tallies(day=evening.date, numbers=numbers, by=self.coordinator)
