"""Intake's part of the demo season: invented guests, and their evenings lived through the actions.

Every family name is a bird: nobody can take them for real people. The volume follows what was published
about earlier winters: over nine men in ten, about eleven newcomers a night, 150 people in November, 220 in
December, up to 290 in the coldest weeks.
"""

from datetime import date, time, timedelta
from random import Random

from django.db import transaction

from intake.actions import door
from intake.demo_night import NightLife
from intake.models import Guest
from intake.queries import offers_for
from shelter import clock, errors, nights
from shelter.actions import closing, housekeeping, placing, stepping
from shelter.demo import actor
from shelter.models import Bed, BedNight, Night

BIRDS = {
    "fr": "Merle Pinson Alouette Moineau Hirondelle Mésange Grive Fauvette Bouvreuil Corneille Geai Linotte".split(),
    "ro": "Vrabie Rândunică Cioară Pițigoi Mierlă Barză Privighetoare Sturz Ciocârlie Cuc Șoim Bufniță".split(),
    "pt": "Pardal Andorinha Melro Pintassilgo Cegonha Gaivota Rouxinol Pica-Pau Coruja Pombo Tordo Águia".split(),
    "ar": "Asfour Bulbul Hamama Nisr Saqr Hudhud Ghurab Shahin Yamam Boum Laqlaq Dajaja".split(),
    "wo": "Picc Jaxaay Xoroom Sel Tan Mbañeer Mbelaar Njaamala Nden Loxo Pitax Toxer".split(),
    "de": "Amsel Drossel Spatz Zaunkönig Star Meise Specht Elster Kranich Lerche Zeisig Kuckuck".split(),
    "bg": "Врабче Лястовица Славей Гарга Щъркел Орел Сова Гълъб Кос Чинка Бухал Сокол".split(),
    "ti": "ርግቢ ንስሪ ዑፍ ጭሩ".split(),
}
MEN = {
    "fr": "Jean Luc Pierre Marcel Henri René Michel Alain".split(),
    "ro": "Ștefan Ion Mihai Gheorghe Andrei Vasile Costel Dănuț".split(),
    "pt": "João José Manuel António Tiago Rui Nuno Carlos".split(),
    "ar": "Mohamed Mohammed Ahmed Karim Youssef Yusuf Djamel Jamal Abdelkader Khaled Omar Walid".split(),
    "wo": "Mamadou Ousmane Cheikh Ibrahima Modou Souleymane Abdoulaye Lamine".split(),
    "de": "Jos Fränz Pol Guy Nicolas Romain Camille Marc".split(),
    "bg": "Иван Георги Петър Димитър Никола Стоян".split(),
    "ti": "ዮናስ ሰሎሞን ተስፋይ".split(),
}
WOMEN = {
    "fr": "Marie Jeanne Louise Simone".split(), "ro": "Ioana Elena Maria Ana".split(),
    "pt": "Ana Fátima Inês Luísa".split(), "ar": "Fatima Khadija Aïcha Samira".split(),
    "wo": "Aminata Fatou Awa Ndeye".split(), "de": "Claire Léonie Mariette Josée".split(),
    "bg": "Мария Елена Иванка".split(), "ti": "ሰላም ሄለን".split(),
}  # fmt: skip
# language of the names, nationality, languages spoken, weight
ORIGINS: tuple[tuple[str, str, list[str], int], ...] = (
    ("de", "LU", ["lb", "fr"], 8), ("ro", "RO", ["ro", "fr"], 14), ("pt", "PT", ["pt", "fr"], 9),
    ("fr", "FR", ["fr"], 7), ("bg", "BG", ["bg"], 5), ("fr", "BE", ["fr"], 3), ("ar", "MA", ["ar", "fr"], 16),
    ("ar", "DZ", ["ar", "fr"], 9), ("ar", "TN", ["ar", "fr"], 6), ("wo", "SN", ["wo", "fr"], 9),
    ("wo", "GN", ["ff", "fr"], 5), ("ti", "ER", ["ti"], 4), ("ar", "unknown", ["ar"], 3), ("fr", "", [], 2),
)  # fmt: skip
PEOPLE_BY_MONTH = {10: 140, 11: 170, 12: 222, 1: 262, 2: 268, 3: 236, 4: 190}
NEWCOMERS = 11
STEP = timedelta(minutes=1)


def build(first, tonight, seed):
    """Live every night from the first to last night's morning, and tonight until 20:14."""
    season = DemoSeason(seed)
    for day in nights.between(first, tonight - nights.ONE_DAY):
        with transaction.atomic():
            season.evening(day, whole=True)
            season.morning(day)
        yield day
    with transaction.atomic():
        season.evening(tonight, whole=False)
    yield tonight


class DemoSeason:
    """The people of the demo and their habits; all chance comes from one seed."""

    def __init__(self, seed):
        self.chance = Random(seed)
        self.regulars: list[int] = []
        self.away: list[int] = []
        self.by_day = actor("field", "demo:desk")
        self.by_night = actor("night", "demo:door")
        self.lead = actor("lead", "demo:door")
        self.coordinator = actor("coordinator", "demo")
        self.night_life = NightLife(
            self.chance,
            by_day=self.by_day,
            by_night=self.by_night,
            lead=self.lead,
            coordinator=self.coordinator,
        )

    def evening(self, day, whole):
        night = Night.objects.get(date=day)
        with clock.at(nights.instant_of(day, time(12))):
            stepping.step(night=night, to=Night.State.OPEN, by=self.coordinator)
        expected = self._register(night)
        with clock.at(nights.instant_of(day, time(18))):
            stepping.tick()
        with clock.at(nights.instant_of(day, time(19, 15))):
            stepping.tick()
        self._arrivals(night, expected, whole)
        if whole:
            self._late_evening(night)
            self.night_life.through_the_night(night)
        else:
            with clock.at(nights.instant_of(day, time(20, 14))):
                self.night_life.tonight(night)

    def _register(self, night):
        """Yesterday's people come back, some after days away; newcomers fill up to the night's number."""
        target = self._people_wanted(night.date)
        coming = [pk for pk in self.regulars if self.chance.random() < 0.93]
        self.away += [pk for pk in self.regulars if pk not in set(coming)]
        self.chance.shuffle(self.away)
        back = self.away[: min(len(self.away), max(0, min(12, target - len(coming) - NEWCOMERS)))]
        self.away = self.away[len(back) :]
        coming = (coming + back)[: target - min(NEWCOMERS, target)]
        found = {guest.pk: guest for guest in Guest.objects.filter(pk__in=coming).select_related("occupant")}
        expected = []
        at = nights.instant_of(night.date, time(12, 5))
        for pk in coming:
            with clock.at(at):
                door.register_for_tonight(guest=found[pk], night=night, by=self.by_day)
            expected.append(found[pk])
            at += STEP
        for _newcomer in range(max(0, target - len(coming))):
            with clock.at(at):
                newcomer = door.add_and_register(night=night, by=self.by_day, **self._answers())
                self.night_life.proof_of(newcomer, night)
                expected.append(newcomer)
            at += STEP
        return expected

    def _arrivals(self, night, expected, whole):
        """The bus at 19:15, then in drops; a few never come. Tonight it is 20:14 and six in ten are in."""
        self.chance.shuffle(expected)
        coming = expected[: round(len(expected) * (0.965 if whole else 0.62))]
        window = timedelta(hours=2, minutes=30) if whole else timedelta(minutes=57)
        start = nights.instant_of(night.date, time(19, 16))
        for place, guest in enumerate(coming):
            with clock.at(start + window * place / max(1, len(coming))):
                self._let_in(guest, night)
        self.regulars = [guest.pk for guest in coming]
        self.away += [guest.pk for guest in expected[len(coming) :]]
        with clock.at(start + window):
            self._incidentals(night)

    def _let_in(self, guest, night):
        try:
            with transaction.atomic():  # a refusal takes back no more than itself
                door.check_in(guest=guest, night=night, by=self.by_night)
        except errors.Refused as refusal:
            if refusal.code == "where_to_sleep_open":
                self._agree_on_a_bed(guest, night)
                return
            self._refused(guest, night, refusal.code)

    def _refused(self, guest, night, code):
        """The lead lets in who has used up their nights, or does not; the others are sent on."""
        if code == "nights_used_up" and self.chance.random() < 0.7:
            reason = "attestation attendue"
            door.check_in(guest=guest, night=night, by=self.lead, override_reason=reason)
            return
        reason = code if code in {"nights_used_up", "excluded"} else "no_suitable_place"
        door.turn_away(night=night, guest=guest, by=self.by_night, reason=reason, referral="halte")

    def _agree_on_a_bed(self, guest, night):
        offer = offers_for(guest, night)[0]
        if offer.usable:
            bed = Bed.objects.get(pk=offer.place.bed)
            door.check_in(guest=guest, night=night, by=self.by_night, bed=bed)

    def _incidentals(self, night):
        """What an evening brings beside arrivals: a refusal, a move, somebody who goes again, a broken bed."""
        if self.chance.random() < 0.6:
            reason, referral, seen = self.chance.choice(
                [
                    ("minor_redirected", "minors", ("man", "minor")),
                    ("family_redirected", "family", ("woman", "middle")),
                    ("behaviour_tonight", "", ("man", "middle")),
                    ("offer_declined", "", ("man", "older")),
                    ("asylum_applicant_redirected", "asylum", ("man", "young")),
                ]
            )
            door.turn_away(
                night=night,
                by=self.by_night,
                reason=reason,
                referral=referral,
                seen_sex=seen[0],
                seen_age=seen[1],
            )
        inside = list(
            BedNight.objects.filter(night=night, state="in").select_related("bed", "night").order_by("id")
        )
        if inside and self.chance.random() < 0.5:
            placing.leave(bed_night=self.chance.choice(inside), by=self.by_night)
        if self.chance.random() < 0.4:
            self._break_a_bed(night)
        if self.away and self.chance.random() < 0.3:
            guest = Guest.objects.select_related("occupant").get(pk=self.chance.choice(self.away))
            self.night_life.exclude_one(guest, night)
            self.night_life.send_onward(guest, night)

    def _break_a_bed(self, night):
        taken = (
            BedNight.objects.filter(night=night, state__in=BedNight.BLOCKS_THE_BED).order_by().values("bed")
        )
        free = list(Bed.objects.filter(layer="nominal").exclude(pk__in=taken).order_by("pk"))
        if free:
            housekeeping.close_bed(
                bed=self.chance.choice(free), reason=self.chance.choice(["repair", "hygiene", "pests"]),
                by=self.lead, first_night=night.date, last_night=night.date + timedelta(days=2),
            )  # fmt: skip

    def _late_evening(self, night):
        for at in (time(22, 0), time(23, 0)):
            with clock.at(nights.instant_of(night.date, at)):
                stepping.tick()

    def morning(self, day):
        night = Night.objects.get(date=day)
        inside = list(
            BedNight.objects.filter(night=night, state="in").order_by("id").values_list("pk", flat=True)
        )
        with clock.at(nights.instant_of(day, time(8, 45))):
            closing.close_night(night=night, bed_nights=inside, by=self.lead)
        sealed = Night.objects.filter(date=day - timedelta(days=3), state=Night.State.CLOSED).first()
        if sealed is not None:
            with clock.at(nights.instant_of(day, time(9, 30))):
                stepping.step(night=sealed, to=Night.State.DEFINITIVE, by=self.coordinator)

    def _people_wanted(self, day: date):
        usual = PEOPLE_BY_MONTH.get(day.month, 150)
        return round(usual * (1 + 0.06 * (2 * self.chance.random() - 1)))

    def _answers(self):
        script, nationality, spoken, _weight = self.chance.choices(ORIGINS, [row[3] for row in ORIGINS])[0]
        is_woman = self.chance.random() < 0.06
        first = self.chance.choice((WOMEN if is_woman else MEN)[script])
        family = self.chance.choice(BIRDS[script])
        year = clock.now().year - round(self.chance.triangular(19, 71, 36))
        sleeps = "women" if is_woman else "men"
        if self.chance.random() < 0.008:
            sleeps = self.chance.choice(["family", "ask"])
        answers = {
            "name": first,
            "family_name": family if self.chance.random() < 0.94 else "",
            "sleeps": sleeps,
            "birth_answer": "given",
            "birth_year": year,
            "nationality": nationality,
            "languages": spoken,
            "told_in": spoken[0] if spoken else "fr",
            "lower_bed": self.chance.random() < 0.08,
            "step_free": self.chance.random() < 0.01,
            "dog": self.chance.random() < 0.01,
            "works_nights": self.chance.random() < 0.03,
            "early_leaver": self.chance.random() < 0.08,
        }
        if answers["early_leaver"]:
            answers["wakes_at"] = time(self.chance.choice([4, 5, 6]), self.chance.choice([0, 15, 30]))
        if self.chance.random() < 0.05:
            answers |= {"birth_answer": "refused", "birth_year": None}
        return answers
