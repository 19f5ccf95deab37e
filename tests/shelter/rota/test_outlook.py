"""The nights ahead, counted again bed by bed and place by place: who is missing, for how many guests those suffice."""

from datetime import date, timedelta
from html.parser import HTMLParser
from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from shelter import clock
from shelter.actions import housekeeping, team
from shelter.models import Activation, BedNight, Closure, Night, Occupant, Registration, Role
from shelter.rota.models import Assignment, Demand
from shelter.rota.queries.outlook import outlook
from tests.conftest import BUILDER
from tests.harness import count_queries, same_queries_for
from tests.plain_browser import SIGNED_IN_BY, PlainBrowser
from tests.shelter.rota.conftest import LONG_AGO, MONDAY, SUNDAY, colleague, day, employed

SEEDS = range(1, 7)
A_DAY = timedelta(days=1)
HOMES = {"ana": "HUT", "ben": "HUT", "gus": "HUT", "dana": "CRL", "vera": "CRL", "emil": "IA"}
CAUSES = sorted(Closure.Cause.values)


@pytest.fixture
def scene(rota, house, clock_at):
    """By chance: who stands where, a draft that empties it, crowds, beds closed and places opened; it is 16 November.

    From the 20th on a host is asked for at night for every thirty guests.
    """

    def invented(seed):
        chance = Random(seed)
        clock_at("2026-11-16 13:00")
        plans = {code: rota.published(code, MONDAY, day(13, 12)) for code in ("HUT", "CRL", "IA")}
        everything = list(Demand.objects.select_related("shift__night", "skill").order_by("pk"))
        for name, code in HOMES.items():
            stand(plans[code], rota.people[name], chance.sample(everything, 60))
        rota.draft("HUT", MONDAY, day(13, 12)).assignments.all().delete()
        at_night = Demand.objects.filter(shift__template__code="night", skill__code="host")
        at_night.filter(shift__night__date__gte=day(20)).update(per_guests=30)
        for number in chance.sample(range(16, 31), 8):
            guests(day(number), chance.choice([1, 29, 31, 50, 51, 110, 160]))
        slept(house, day(8), 71)
        for number in chance.sample(range(9, 16), 3):
            slept(house, day(number), chance.randint(0, 70))
        _close_and_open(house, chance)
        return chance

    return invented


def stand(plan, person, demands):
    """Somebody is in the shifts of these demands, no two at once."""
    taken = []
    for shift, skill in ((demand.shift, demand.skill) for demand in demands):
        if any(shift.start < end and start < shift.end for start, end in taken):
            continue
        taken.append((shift.start, shift.end))
        Assignment.objects.create(
            plan=plan, shift=shift, skill=skill, person=person, start=shift.start, end=shift.end, stands=True
        )


def guests(night, number):
    """So many people are registered for a night, and one more withdrew."""
    crowd = Occupant.objects.bulk_create(Occupant() for _somebody in range(number + 1))
    row = Night.objects.get(date=night)
    Registration.objects.bulk_create(
        Registration(occupant=somebody, night=row, registered_at=clock.now()) for somebody in crowd
    )
    Registration.objects.filter(occupant=crowd[-1]).update(withdrawn_at=clock.now())


def slept(house, night, number):
    """So many people slept here in a night and have left; one whom a bed was kept for never came."""
    row, _made = Night.objects.get_or_create(
        date=night, defaults={"season": Night.objects.earliest("date").season}
    )
    crowd = Occupant.objects.bulk_create(Occupant() for _somebody in range(number + 1))
    now, bed = clock.now(), house.beds["MA1"]
    BedNight.objects.bulk_create(
        BedNight(occupant=somebody, bed=bed, night=row, state="left", arrived_at=now, left_at=now)
        for somebody in crowd[:-1]
    )
    BedNight.objects.create(occupant=crowd[-1], bed=bed, night=row, state="released", ended_at=now)


def _close_and_open(house, chance):
    for label in chance.sample(sorted(house.beds), 6):
        first = day(chance.randint(16, 30))
        housekeeping.close_bed(
            bed=house.beds[label], reason=chance.choice(CAUSES), first_night=first,
            last_night=chance.choice([None, first, first + timedelta(days=4)]), by=BUILDER,
        )  # fmt: skip
    housekeeping.close_dormitory(
        dormitory=house.dormitories["MB"], reason="pests", first_night=day(chance.randint(17, 22)),
        last_night=day(chance.randint(23, 28)), by=BUILDER,
    )  # fmt: skip
    for _time in range(2):
        first = day(chance.randint(16, 28))
        housekeeping.activate_places(
            layer="extension", number=chance.randint(1, 2), first_night=first, last_night=first + timedelta(days=5),
            reason="cold", approval="ministry", by=BUILDER,
        )  # fmt: skip


# Counted again.


def beds_in_service(house, night):
    """Every bed that stands and is open: not closed, nor its room, and of the extension only the first few."""
    opened = sum(row.number for row in Activation.objects.order_by("id") if covers(row, night))
    closed = [row for row in Closure.objects.order_by("id") if covers(row, night)]
    found = 0
    for label, bed in house.beds.items():
        is_opened = not label.startswith("EX") or int(label[2:]) <= opened
        is_closed = any(
            row.bed_id == bed.pk or row.dormitory_id == house.dormitories[label[:2]].pk for row in closed
        )
        found += is_opened and not is_closed
    return found


def covers(row, night):
    return row.first_night <= night and (row.last_night is None or night <= row.last_night)


def expected_on(night, tonight):
    """Whoever is registered; where nobody is, as many as slept here at most in one night of the last week."""
    registered = Registration.objects.filter(night__date=night, withdrawn_at=None).count()
    week = [tonight - n * A_DAY for n in range(8)]
    return registered or max(
        BedNight.objects.filter(night__date=date_, state="left").count() for date_ in week
    )


def places_on(night, guests_expected):
    """Each place of a night: the demand, how many are needed, how many are there."""
    demands = Demand.objects.filter(shift__night__date=night).select_related("shift__template", "skill")
    for demand in demands.order_by("shift__start", "shift__template__position", "skill__position"):
        needed = demand.minimum
        while demand.per_guests and needed * demand.per_guests < guests_expected:
            needed += 1
        there = Assignment.objects.filter(stands=True, shift=demand.shift, skill=demand.skill).count()
        yield demand, needed, there


def recounted(house, night, tonight):
    expected = expected_on(night, tonight)
    here = list(places_on(night, expected))
    suffices = [there * demand.per_guests for demand, _needed, there in here if demand.per_guests]
    return {
        "night": night,
        "in service": beds_in_service(house, night),
        "expected": expected,
        "short": [
            (demand.shift_id, demand.skill.code, there, needed)
            for demand, needed, there in here
            if there < needed
        ],
        "missing": sum(max(0, needed - there) for _demand, needed, there in here),
        "cannot open": any(demand.priority == 2 and there < needed for demand, needed, there in here),
        "limit": min(suffices) if suffices and min(suffices) < expected else None,
    }


def told(ahead):
    return {
        "night": ahead.night.date,
        "in service": ahead.in_service,
        "expected": ahead.expected,
        "short": [(place.shift.pk, place.skill.code, place.there, place.needed) for place in ahead.short],
        "missing": ahead.missing,
        "cannot open": ahead.cannot_open,
        "limit": ahead.limit[1] if ahead.limit else None,
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_nights_ahead_are_those_counted_again(scene, house, seed):
    scene(seed)

    found = outlook(MONDAY)

    assert list(map(told, found)) == [
        recounted(house, MONDAY + n * A_DAY, tonight=day(16)) for n in range(14)
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_limit_names_a_place_whose_people_suffice_for_no_more_guests(scene, seed):
    scene(seed)

    limits = [(ahead, *ahead.limit) for ahead in outlook(MONDAY) if ahead.limit]

    assert limits
    for ahead, place, number in limits:
        demand = Demand.objects.get(shift=place.shift, skill=place.skill)
        assert place.shift.night_id == ahead.night.pk
        assert number == demand.per_guests * place.there < ahead.expected
        assert place in ahead.short


def test_only_so_many_nights_are_looked_at_and_only_those_planned(rota, house):
    dates = [[ahead.night.date for ahead in outlook(*asked, nights=3)] for asked in ([day(13)], [day(30)])]

    assert dates == [[day(15)], [day(30), day(1, 12), day(2, 12)]]
    assert [ahead.night.date for ahead in outlook(date(2027, 4, 10))] == [day(n, 4) for n in range(10, 16)]
    assert outlook(date(2027, 6, 1)) == []


# By hand.


def tonight_of(found, night):
    return next(ahead for ahead in found if ahead.night.date == night)


def test_a_night_with_everybody_there_is_fine(rota, house):
    rota.published(
        "HUT", MONDAY, SUNDAY, ("ben", day(18)), ("gus", day(18)), ("ana", day(18), "night", "lead"),
        ("cleo", day(18), "morning"),
    )  # fmt: skip
    rota.published("CRL", MONDAY, SUNDAY, ("vera", day(18), "night"))
    rota.published("IA", MONDAY, SUNDAY, ("emil", day(18), "evening", "lead"))

    ahead = tonight_of(outlook(day(18)), day(18))

    assert (ahead.missing, ahead.cannot_open, ahead.limit, ahead.is_fine) == (0, False, None, True)
    assert tonight_of(outlook(day(18)), day(19)).missing == 6


@pytest.mark.parametrize(
    ("number", "missing", "limit"), [(99, 0, None), (100, 0, None), (101, 1, 100), (151, 2, 100)]
)
def test_more_guests_than_those_there_can_look_after_are_too_many(rota, house, number, missing, limit):
    """In the evening there is to be one host for fifty guests, and two are there."""
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(18)), ("gus", day(18)))
    guests(day(18), number)

    ahead = tonight_of(outlook(day(18)), day(18))

    hosts = [place.missing for place in ahead.short if told_of(place) == ("evening", "host")]
    assert (sum(hosts), ahead.limit and (told_of(ahead.limit[0]), ahead.limit[1])) == (
        missing, limit and (("evening", "host"), limit),
    )  # fmt: skip


def told_of(place):
    return place.shift.template.code, place.skill.code


def test_the_house_cannot_open_only_for_want_of_those_without_whom_it_cannot(rota, house):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18), "night", "lead"))
    rota.published(
        "IA", MONDAY, SUNDAY, ("emil", day(18), "evening", "lead"), ("emil", day(20), "evening", "lead")
    )

    found = outlook(day(18))

    assert [tonight_of(found, day(number)).cannot_open for number in (18, 19, 20)] == [False, True, True]


def test_a_morning_belongs_to_the_night_before_it_also_at_the_end(rota, house):
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(18), "morning"))

    (ahead,) = outlook(day(18), nights=1)

    assert ("morning", "host") not in [told_of(place) for place in ahead.short]


def test_an_open_draft_counts_only_where_it_is_asked_for(rota, house):
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(18)))
    draft = rota.draft("HUT")
    rota.take_out(draft, "ben", day(18))

    missing = [tonight_of(outlook(day(18), plans=plans), day(18)).missing for plans in ((), (draft,))]

    assert missing == [5, 6]


# The page.


class Rows(HTMLParser):
    """The cells of each row of a page."""

    def __init__(self, text):
        super().__init__()
        self.rows, self._cell = [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._cell = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(" ".join(self._cell.split()))
            self._cell = None

    def handle_data(self, data):
        if self._cell is not None:
            self._cell += data


def with_role(rota, name, role, code="HUT"):
    person = rota.people[name]
    team.give_role(
        person=person, organisation=rota.organisations[code], role=role, first_day=LONG_AGO, by=BUILDER
    )
    return person


def page_of(person, route="rota-outlook"):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person, backend=SIGNED_IN_BY)
    answer = client.get(reverse(route))
    return answer.status_code, Rows(answer.content.decode()).rows[1:]


def as_shown(ahead):
    """The cells of a night, without its name."""
    places = [
        f"{place.shift.template.name} · {place.skill.name} {place.there}/{place.needed}"
        for place in ahead.short
    ]
    words = "the house cannot open " * ahead.cannot_open + ", ".join(places) + "all filled" * ahead.is_fine
    if ahead.limit:
        place, number = ahead.limit
        words += (
            f"With {place.there} on duty in “{place.shift.template.name} · {place.skill.name}” "
            f"only {number} guests can be looked after."
        )
    return [f"{ahead.in_service}", f"{ahead.expected}", f"{ahead.missing}", words]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_page_says_what_was_found_from_tonight_on(rota, scene, clock_at, seed):
    scene(seed)
    clock_at("2026-11-19 03:00")  # the night of the 18th

    status, rows = page_of(rota.planners["CRL"].person)

    assert (status, [row[1:] for row in rows]) == (200, [as_shown(ahead) for ahead in outlook(day(18))])
    assert (len(rows), ["18" in rows[0][0], "1" in rows[-1][0]]) == (14, [True, True])


def test_a_lead_reads_it_and_may_look_at_the_places_it_names(rota, scene):
    scene(3)
    lead = with_role(rota, "emil", Role.NIGHT_LEAD, "IA")
    browser = PlainBrowser(lead).open(reverse("rota-outlook"))
    links = [href for href, _words in browser.page.links if "/rota/shifts/" in href]

    assert (browser.status, bool(links)) == (200, True)
    assert browser.open(links[0]).status == 200


def test_who_plans_nothing_does_not_read_it(rota):
    roles = {"ana": Role.WORKER, "vera": Role.VOLUNTEER, "dana": Role.NURSE, "ben": Role.ADMIN}

    answers = [page_of(with_role(rota, name, role))[0] for name, role in roles.items()]

    assert answers == [403] * 4
    assert Client().get(reverse("rota-outlook")).status_code == 302


def test_nobody_is_named_on_it(rota, scene):
    scene(4)
    browser = PlainBrowser(rota.planners["HUT"].person).open(reverse("rota-outlook"))

    assert [name for name in rota.people if browser.sees(name.title())] == []


def test_out_of_season_the_page_says_that_no_night_is_planned(rota, clock_at):
    clock_at("2027-07-01 12:00")
    lead = with_role(rota, "emil", Role.NIGHT_LEAD, "IA")

    assert page_of(lead) == (200, [["No night is planned."]])


def test_the_page_is_there_in_each_language(rota, scene):
    scene(5)
    for language in ("fr", "de", "lb", "en"):
        browser = PlainBrowser(rota.planners["HUT"].person, language=language).open(reverse("rota-outlook"))
        assert browser.status == 200


def test_more_people_and_guests_do_not_mean_more_queries(rota, house):
    plan = rota.published("HUT", MONDAY, SUNDAY)
    demands = list(Demand.objects.select_related("shift", "skill").order_by("pk"))

    def crowd(first):
        for number in range(first, first + 8):
            somebody = colleague(f"Colleague {number}", skills=("host",))
            employed(somebody, rota.organisations["HUT"], minutes=1200)
            stand(plan, somebody, demands[number::7])
        guests(day(16 + first % 10), 60)

    def ask():
        return [as_shown(ahead) for ahead in outlook(MONDAY)]

    crowd(1)
    ask()
    with count_queries() as few:
        first = ask()
    crowd(102)
    with count_queries() as many:
        then = ask()

    same_queries_for(few, many)
    assert first != then
