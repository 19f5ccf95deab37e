"""One evening in a small house, lived through the actions: what every browser test finds when it begins.

It is 20:14 on 21 November 2026. Two nights have been slept; tonight the doors are open, half of those
registered are in, and every guest bears the name of a bird.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from intake.actions import door, guests
from intake.models import Guest
from shelter import clock, nights, offering, queries
from shelter.actions import admission, closing, housekeeping, planning, stepping, team
from shelter.actor import Actor
from shelter.models import Bed, BedNight, Night, OpeningPeriod, Organisation, Person, Role, Site
from shelter.models.house import Layer
from shelter.rota.actions import calendars, volunteering
from tests.report_things import things_of_the_reports
from tests.rota_things import SUNDAY, things_of_the_rota

TONIGHT = date(2026, 11, 21)
FIRST_NIGHT = TONIGHT - 2 * nights.ONE_DAY
PASSWORD = "a lantern over the door"
BUILDER = Actor(source="tests", roles=frozenset(Role.values))
EMPLOYERS = {Role.FIELD_WORKER: "IA", Role.NURSE: "CRL", Role.MINISTRY: "MIN"}
ORGANISATIONS = {"HUT": "Hëllef um Terrain", "CRL": "Croix-Rouge", "IA": "Inter-Actions", "MIN": "Ministère"}

THREE, ONE = (offering.BOTTOM, offering.MIDDLE, offering.TOP), (offering.BOTTOM,)
# Code, name, zone, number of its first bed, beds, levels.
ROOMS = (
    ("A", "Hommes A", "men", 101, 18, THREE),
    ("B", "Hommes B", "men", 210, 15, THREE),
    ("W", "Travailleurs", "workers", 301, 6, THREE),
    ("F", "Femmes", "women", 401, 6, THREE),
    ("K", "Familles", "families", 501, 3, ONE),
    ("H", "Avec chien", "dogs", 601, 2, ONE),
    ("I", "Isolement", "isolation", 701, 2, ONE),
)
EXTENSION = ("E", "Salle de loisirs", "men", 801, 4, ONE)

# Family name, name, year of birth, and what else the desk wrote down.
SLEPT_HERE = (
    ("Águia", "Tiago", 1988, {"languages": ["pt", "fr"], "nationality": "PT"}),
    ("Alouette", "Jean", 1961, {"lower_bed": True, "languages": ["fr"]}),
    ("Amsel", "Jos", 1955, {"step_free": True, "languages": ["lb", "fr"], "nationality": "LU"}),
    ("Asfour", "Mohamed", 1991, {"languages": ["ar", "fr"], "nationality": "MA"}),
    ("Barză", "Ștefan", 1985, {"languages": ["ro"], "nationality": "RO"}),
    ("Bulbul", "Djamel", 1979, {"languages": ["ar"], "nationality": "DZ"}),
    ("Cegonha", "João", 1969, {"languages": ["pt"], "nationality": "PT"}),
    ("Cioară", "Ion", 1990, {"works_nights": True, "languages": ["ro"]}),
    ("Corneille", "Marcel", 1958, {}),
    ("Coruja", "Rui", 1994, {"early_leaver": True}),
    ("Drossel", "Fränz", 1972, {"nationality": "LU"}),
    ("Fauvette", "Marie", 1983, {"sleeps": "women"}),
    ("Gaivota", "Ana", 1977, {"sleeps": "women"}),
    ("Geai", "Henri", 1949, {"lower_bed": True}),
    ("Hamama", "Fatima", 1992, {"sleeps": "women", "languages": ["ar"]}),
    ("Jaxaay", "Mamadou", 1991, {"languages": ["wo", "fr"], "nationality": "SN"}),
    ("Кос", "Иван", 1980, {"languages": ["bg"], "nationality": "BG"}),
    ("Linotte", "René", 1966, {}),
    ("Meise", "Guy", 1975, {"dog": True}),
    ("Melro", "Nuno", 1987, {}),
    ("Mierlă", "Vasile", 1981, {}),
    ("Moineau", "Pierre", 1970, {}),
    ("Njaamala", "Cheikh", 1996, {"languages": ["wo"]}),
    ("بلبل", "محمد", 1993, {"languages": ["ar"]}),
    ("Pardal", "José", 1963, {"known_as": "Zé"}),
    ("Picc", "Ousmane", 1998, {}),
    ("Pițigoi", "Andrei", 1989, {}),
    ("Rossignol de la Haute-Futaie", "Maximilien-Alexandre", 1974, {}),
)
REGISTERED_TODAY = (
    ("Saqr", "Youssef", 1995, {}),
    ("Sel", "Ibrahima", 2001, {}),
    ("Specht", "Nicolas", 1967, {}),
    ("Sturz", "Costel", 1992, {"birth_answer": "refused"}),
    ("Toxer", "Awa", 1990, {"sleeps": "women"}),
    ("Tordo", "Carlos", 1978, {"sleeps": "ask"}),
    ("Vrabie", "Mihai", 1986, {}),
    ("ዮናስ", "ርግቢ", 1999, {"languages": ["ti"]}),
)
WITHOUT_PROOF = "Moineau"
NEVER_HERE_YET = (("Zeisig", "Camille", 1984, {}), ("Yamam", "Karim", 1990, {}))
ARRIVED = 17  # so many of those who slept here are back by 20:14
AWAY = 4  # and so many of them have not asked for tonight


def build():
    """The whole evening, in one transaction."""
    with transaction.atomic():
        with at(FIRST_NIGHT - nights.ONE_DAY, 9):
            _employ()
            _furnish()
        people = [_add(FIRST_NIGHT, answers) for answers in SLEPT_HERE]
        _see_proofs(people)
        _sleep(FIRST_NIGHT, people)
        _sleep(FIRST_NIGHT + nights.ONE_DAY, people)
        _begin_tonight(people)
        with at(TONIGHT, 9):
            things_of_the_rota({role: person(role) for role in Role})
        with at(TONIGHT, 20, 14):
            things_of_the_reports()


def _see_proofs(people):
    """All have shown something, but for one: beside them the nights that are left are counted."""
    night = Night.objects.get(date=FIRST_NIGHT)
    for known in people:
        if known.family_name != WITHOUT_PROOF:
            admission.note_proof(
                occupant=known.occupant, night=night, kind="housing", accepted=True, by=BUILDER
            )


def at(day, hour, minute=0):
    return clock.at(datetime(day.year, day.month, day.day, hour, minute, tzinfo=nights.LUXEMBOURG))


def person(role):
    return Person.objects.get(username=Role(role).value)


def colleague(role):
    return Actor(person=person(role), roles=frozenset({Role(role).value}), source="tests")


def guest(family_name):
    return Guest.objects.get(family_name=family_name)


def tonight():
    return Night.objects.get(date=TONIGHT)


def invited():
    """What opens the page for new volunteers."""
    return volunteering.invite(organisation=Organisation.objects.get(code="HUT"), last_day=SUNDAY, by=BUILDER)


def secret():
    """What opens the page of the shifts of somebody without an account."""
    helper = Person(username="helper", name="Aide Bénévole")
    helper.set_unusable_password()
    helper.save()
    return calendars.issue(person=helper, by=BUILDER)


def bed_night(family_name):
    """Tonight's row of a guest, the latest first; None when there is none."""
    rows = BedNight.objects.filter(night__date=TONIGHT, occupant__guest__family_name=family_name)
    return rows.select_related("bed").order_by("id").last()


def state_of(family_name):
    """Where the ledger says a guest is tonight: the row's state and the label of its bed."""
    row = bed_night(family_name)
    return row and (row.state, row.bed.label)


def free_bed(zone="men"):
    """The label of a bed that nobody has tonight."""
    return next(bed.label for bed in queries.board_of(tonight()) if bed.state == "free" and bed.zone == zone)


def _employ():
    organisations = {
        code: team.add_organisation(code=code, name=name, first_day=date(2020, 1, 1), by=BUILDER)
        for code, name in ORGANISATIONS.items()
    }
    for role in Role:
        row = team.add_person(username=role.value, name=role.label.title(), password=PASSWORD, by=BUILDER)
        employer = organisations[EMPLOYERS.get(role, "HUT")]
        team.give_role(person=row, organisation=employer, role=role, first_day=date(2020, 1, 1), by=BUILDER)


def _furnish():
    site = Site.objects.create(name="Findel")
    for position, (code, name, zone, first_bed, number, levels) in enumerate((*ROOMS, EXTENSION)):
        room = housekeeping.add_dormitory(
            site=site, code=code, name=name, zone=zone, position=position, first_night=FIRST_NIGHT, by=BUILDER
        )
        extra = {"layer": Layer.EXTENSION} if code == EXTENSION[0] else {}
        beds = [
            Bed(
                label=f"{code}-{first_bed + index}",
                level=levels[index % len(levels)],
                step_free=zone == "isolation" or index == 0,
                opening_order=index + 1 if extra else None,
                **extra,
            )
            for index in range(number)
        ]
        housekeeping.add_beds(dormitory=room, beds=beds, first_night=FIRST_NIGHT, by=BUILDER)
    planning.add_period(
        service=OpeningPeriod.Service.NIGHT, first_date=FIRST_NIGHT, last_date=date(2027, 4, 15), by=BUILDER
    )


def _add(day, answers):
    family_name, name, year, more = answers
    known = {"birth_year": year, "birth_answer": "given"} if "birth_answer" not in more else {}
    with at(day, 12, 5):
        return guests.add_guest(
            by=BUILDER, family_name=family_name, name=name, **({"sleeps": "men"} | known | more)
        )


def _sleep(day, people):
    night = Night.objects.get(date=day)
    with at(day, 13):
        stepping.step(night=night, to=Night.State.OPEN, by=BUILDER)
        for one in people:
            door.register_for_tonight(guest=one, night=night, by=BUILDER)
    with at(day, 19, 15):
        stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BUILDER)
        inside = [door.check_in(guest=one, night=night, by=BUILDER).pk for one in people]
    with at(day + nights.ONE_DAY, 8, 40):
        closing.close_night(night=night, bed_nights=inside, by=colleague(Role.NIGHT_LEAD))


def _begin_tonight(people):
    night = tonight()
    field, worker = colleague(Role.FIELD_WORKER), colleague(Role.NIGHT_WORKER)
    with at(TONIGHT, 12):
        stepping.step(night=night, to=Night.State.OPEN, by=BUILDER)
    with at(TONIGHT, 12, 30):
        for one in people[:-AWAY]:
            door.register_for_tonight(guest=one, night=night, by=field)
    for answers in REGISTERED_TODAY:
        one = _add(TONIGHT, answers)
        with at(TONIGHT, 13):
            door.register_for_tonight(guest=one, night=night, by=field)
    for answers in NEVER_HERE_YET:
        _add(TONIGHT, answers)
    with at(TONIGHT, 19, 15):
        stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BUILDER)
        housekeeping.close_bed(
            bed=Bed.objects.get(label="B-224"), reason="repair", by=colleague(Role.NIGHT_LEAD),
            first_night=TONIGHT, last_night=TONIGHT + timedelta(days=2),
        )  # fmt: skip
    for minute, one in enumerate(people[:ARRIVED]):
        with at(TONIGHT, 19, 20 + minute):
            door.check_in(guest=one, night=night, by=worker)
    with at(TONIGHT, 19, 50):
        door.turn_away(
            night=night, reason="minor_redirected", referral="minors", description="man, about 16", by=worker
        )
