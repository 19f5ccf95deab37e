"""The ground floor's part of the demo season: an invented house like the one at Findel, and its team."""

from datetime import date, timedelta

from shelter import clock, nights
from shelter.actions import housekeeping, planning, team
from shelter.actor import Actor
from shelter.models import Bed, Membership, Organisation, Person, Role, Site
from shelter.models.season import OpeningPeriod

PASSWORD = "foyer-demo"  # noqa: S105 (known on purpose; these accounts exist in the demo only)
BY = Actor(source="demo", roles=frozenset({Role.COORDINATOR.value, Role.ADMIN.value}))

ORGANISATIONS = (
    ("DRA", "Dräieck asbl", date(2021, 1, 1), None),
    ("CARITAS", "Caritas Accueil et Solidarité", date(2021, 1, 1), date(2024, 10, 31)),
    ("HUT", "HUT – Hëllef um Terrain", date(2024, 11, 1), None),
    ("CRL", "Croix-Rouge luxembourgeoise", date(2021, 1, 1), None),
    ("IA", "Inter-Actions", date(2021, 1, 1), None),
    ("MDM", "Médecins du Monde", date(2021, 1, 1), None),
    ("MIN", "Ministère de la Famille", date(2021, 1, 1), None),
)
ACCOUNTS = (
    ("field", "Fabia Feld", "IA", Role.FIELD_WORKER),
    ("night", "Noël Nuit", "HUT", Role.NIGHT_WORKER),
    ("lead", "Léa Leit", "HUT", Role.NIGHT_LEAD),
    ("nurse", "Nina Pfleeg", "MDM", Role.NURSE),
    ("coordinator", "Coco Koordinat", "DRA", Role.COORDINATOR),
    ("planner-hut", "Paul Plang", "HUT", Role.PLANNER),
    ("planner-crl", "Pia Plang", "CRL", Role.PLANNER),
    ("planner-ia", "Per Plang", "IA", Role.PLANNER),
    ("worker", "Willy Wierk", "HUT", Role.WORKER),
    ("volunteer", "Vera Benevol", "CRL", Role.VOLUNTEER),
    ("ministry", "Mina Ministère", "MIN", Role.MINISTRY),
    ("admin", "Ada Admin", "DRA", Role.ADMIN),
)
THREE, ONE = ("bottom", "middle", "top"), ("bottom",)
# code, name, zone, beds, bunk levels, how many of the bottom beds are step-free, layer
DORMITORIES = (
    ("A", "Hommes A", "men", 56, THREE, 4, "nominal"),
    ("B", "Hommes B", "men", 48, THREE, 2, "nominal"),
    ("C", "Hommes C", "men", 40, THREE, 2, "nominal"),
    ("D", "Hommes D", "men", 32, THREE, 0, "nominal"),
    ("W", "Travailleurs", "workers", 30, THREE, 0, "nominal"),
    ("F", "Femmes", "women", 18, THREE, 2, "nominal"),
    ("K", "Familles", "families", 12, ONE, 4, "nominal"),
    ("H", "Avec chien", "dogs", 6, ONE, 2, "nominal"),
    ("I", "Isolement", "isolation", 8, ONE, 4, "nominal"),
    ("E", "Salle de loisirs", "men", 50, THREE, 0, "extension"),
    ("T", "Tentes", "men", 30, ONE, 0, "overflow"),
)
SEASON_BEGINS, SEASON_ENDS = (11, 15), (4, 15)


def opening_around(today, behind):
    """First and last night of the demo's opening: the season's own dates where today lies well inside them.

    At most `behind` nights lie before today; there are always a few, whatever the date.
    """
    year = today.year if today.month >= 7 else today.year - 1
    first, last = date(year, *SEASON_BEGINS), date(year + 1, *SEASON_ENDS)
    begin = max(first, today - timedelta(days=behind))
    if not first < today < last:
        begin, last = today - timedelta(days=min(behind, 10)), today + timedelta(days=30)
    return min(begin, today - timedelta(days=3)), last


def build(first, last, winter):
    """House, team and season; `winter` says from which night the extra places are wanted."""
    with clock.at(nights.instant_of(first - timedelta(days=1), nights.NOON)):
        _team(first)
        _house(first)
        planning.add_period(service=OpeningPeriod.Service.NIGHT, first_date=first, last_date=last, by=BY)
        planning.add_period(service=OpeningPeriod.Service.DAY, first_date=first, last_date=last, by=BY)
        if winter is not None:
            housekeeping.activate_places(
                layer="extension", number=50, first_night=winter, by=BY,
                reason="Grand froid annoncé", approval="ITM 2026-1187 (démo)",
            )  # fmt: skip


def person(username):
    return Person.objects.get(username=username)


def actor(username, source="demo"):
    """A demo colleague with their roles, for the demo's own acts."""
    row = person(username)
    roles = Membership.objects.filter(person=row).order_by("id").values_list("role", flat=True)
    return Actor(person=row, roles=frozenset(roles), source=source)


def _team(first):
    for code, name, since, until in ORGANISATIONS:
        Organisation.objects.create(code=code, name=name, first_day=since, last_day=until)
    for username, name, code, role in ACCOUNTS:
        row = Person.objects.create_user(username, PASSWORD, name=name)
        team.give_role(
            person=row,
            organisation=Organisation.objects.get(code=code),
            role=role,
            first_day=first - timedelta(days=30),
            by=BY,
        )


def _house(first):
    site = Site.objects.create(name="Foyer de nuit (démo)", address="Findel", is_demo=True)
    for position, (code, name, zone, size, levels, step_free, layer) in enumerate(DORMITORIES, 1):
        dormitory = housekeeping.add_dormitory(
            site=site, code=code, name=name, zone=zone, first_night=first, position=position, by=BY
        )
        beds = [
            Bed(
                label=f"{code}-{index + 1:02d}",
                level=levels[index % len(levels)],
                step_free=levels[index % len(levels)] == "bottom" and index // len(levels) < step_free,
                layer=layer,
                opening_order=None if layer == "nominal" else index + 1,
            )
            for index in range(size)
        ]
        housekeeping.add_beds(dormitory=dormitory, beds=beds, first_night=first, by=BY)
