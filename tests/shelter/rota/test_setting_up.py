"""What the rota is made from, as planners enter it: people, their absences, terms, kinds of shift, mixed teams."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shelter.actions import team
from shelter.models import Role
from shelter.rota import errors, rules
from shelter.rota.actions import covering, people, shifts
from shelter.rota.models import (
    Absence,
    CalendarAddress,
    Demand,
    Employment,
    MixRule,
    Qualification,
    Shift,
    ShiftTemplate,
    Skill,
    Term,
)
from shelter.rota.queries.plans import findings_for
from shelter.rota.queries.staff import of_person, staff_of
from shelter.rota.queries.terms import in_force, terms_history, terms_of
from shelter.rota.terms import LABELS, SOURCES, Terms
from tests.conftest import BUILDER, instant
from tests.shelter.rota.conftest import (
    LAID_OUT_UNTIL,
    LONG_AGO,
    MONDAY,
    SUNDAY,
    colleague,
    day,
    everything,
    lines,
)


def browser(person, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def hut(rota):
    """The browser of the planner of HUT."""
    return browser(rota.planners["HUT"].person)


@pytest.fixture
def crl(rota):
    """The browser of the planner of CRL."""
    return browser(rota.planners["CRL"].person)


@pytest.fixture
def chief(rota):
    """The browser of the coordinator, whose role is in HUT."""
    team.give_role(
        person=rota.coordinator.person, organisation=rota.organisations["HUT"], role=Role.COORDINATOR,
        first_day=LONG_AGO, by=BUILDER,
    )  # fmt: skip
    return browser(rota.coordinator.person)


def unchanged(answer):
    """The status of what must change nothing."""
    before = everything()
    status = answer().status_code
    is_same = everything() == before
    assert is_same
    return status


# Employments.


@pytest.fixture
def typed(rota):
    """What is typed to employ Nina for HUT: `typed(hours="20")`."""
    nina = colleague("Nina")
    for organisation in rota.organisations.values():
        team.give_role(
            person=nina, organisation=organisation, role=Role.WORKER, first_day=LONG_AGO, by=BUILDER
        )

    def form(code="HUT", **given):
        usual = {
            "person": nina.pk, "organisation": rota.organisations[code].pk, "kind": "employee", "hours": "37.5",
            "reference": "month", "first_day": "2026-11-20",
        }  # fmt: skip
        return usual | given

    return form


@pytest.mark.parametrize(("hours", "minutes"), [("37.5", 2250), ("16.25", 975), ("0.33", 20), ("48", 2880)])
def test_hours_of_a_contract_are_kept_in_minutes(hut, typed, hours, minutes):
    answer = hut.post(reverse("rota-people"), typed(hours=hours, is_night_worker="on", last_day="2027-04-15"))

    row = Employment.objects.latest("pk")
    assert (answer.status_code, answer.url) == (302, reverse("rota-person", args=[row.person_id]))
    assert (row.person.name, row.organisation.code, row.kind, row.weekly_minutes) == (
        "Nina", "HUT", "employee", minutes,
    )  # fmt: skip
    assert (row.first_day, row.last_day, row.is_night_worker, row.is_under_strain, row.reference) == (
        day(20), day(15, 4), True, False, "month",
    )  # fmt: skip


def test_volunteers_and_guards_have_no_hours(hut, typed):
    for kind, month in (("volunteer", "11"), ("guard", "12")):
        form = typed(kind=kind, hours="", first_day=f"2026-{month}-20", last_day=f"2026-{month}-30")
        assert hut.post(reverse("rota-people"), form).status_code == 302

    assert list(
        Employment.objects.filter(person__name="Nina").order_by("pk").values_list("kind", "weekly_minutes")
    ) == [("volunteer", None), ("guard", None)]


def test_an_employment_that_cannot_be_is_refused_and_comes_back(rota, hut, typed):
    team.change_person(person=rota.people["gus"], is_active=False, by=BUILDER)
    wrong = [
        {"hours": ""}, {"hours": "0"}, {"hours": "49"}, {"hours": "-1"}, {"hours": "x"},
        {"last_day": "2026-11-19"}, {"first_day": ""}, {"first_day": "2026-13-01"}, {"kind": "king"},
        {"organisation": rota.organisations["CRL"].pk}, {"organisation": ""}, {"person": ""},
        {"person": rota.people["gus"].pk},
    ]  # fmt: skip

    for each in wrong:
        assert unchanged(lambda each=each: hut.post(reverse("rota-people"), typed(**each))) == 422, each


def test_an_employment_of_one_day_is_one(hut, typed):
    hut.post(reverse("rota-people"), typed(last_day="2026-11-20"))

    row = Employment.objects.latest("pk")
    assert (row.first_day, row.last_day) == (day(20), day(20))


def test_the_coordinator_enters_people_of_all(chief, typed):
    assert chief.post(reverse("rota-people"), typed("IA")).status_code == 302

    assert Employment.objects.latest("pk").organisation.code == "IA"


def test_planners_see_their_own_people_and_the_coordinator_all(rota, hut, crl, chief):
    shown = [
        {
            group.organisation.code: [row.person.name for row in group.employments]
            for group in client.get(reverse("rota-people")).context["groups"]
        }
        for client in (hut, crl, chief)
    ]

    assert shown[0] == {"HUT": ["Ana", "Ben", "Cleo", "Gus"]}
    assert shown[1] == {"CRL": ["Cleo", "Dana", "Vera"]}
    assert shown[2] == shown[0] | shown[1] | {"IA": ["Emil"]}


def test_who_has_left_is_not_listed_and_who_comes_later_is(rota):
    ana, ben = (Employment.objects.filter(person=rota.people[name]) for name in ("ana", "ben"))
    ana.update(last_day=day(19))
    ben.update(first_day=day(10, 12))

    listed = [
        [row.person.name for row in staff_of([rota.organisations["HUT"]], date)[0].employments]
        for date in (day(19), day(20))
    ]

    assert listed == [["Ana", "Ben", "Cleo", "Gus"], ["Ben", "Cleo", "Gus"]]


def test_an_employment_is_ended_on_its_page(rota, hut):
    row = Employment.objects.get(person=rota.people["ana"])

    answer = hut.post(reverse("rota-end-employment", args=[row.pk]), {"last_day": "2026-11-20"})

    row.refresh_from_db()
    assert (answer.url, row.last_day) == (reverse("rota-person", args=[row.person_id]), day(20))


def test_an_employment_that_would_end_before_it_began_ends_on_its_first_day(rota, hut, typed):
    hut.post(reverse("rota-people"), typed())
    row = Employment.objects.latest("pk")

    hut.post(reverse("rota-end-employment", args=[row.pk]), {"last_day": "2026-11-01"})

    row.refresh_from_db()
    assert (row.first_day, row.last_day) == (day(20), day(20))


def test_no_employment_ends_on_a_wrong_day_or_by_others(rota, hut, crl):
    ana = Employment.objects.get(person=rota.people["ana"])
    cleo = Employment.objects.get(person=rota.people["cleo"], organisation__code="HUT")

    def end(client, row, last_day="2026-11-20"):
        address = reverse("rota-end-employment", args=[row.pk])
        return unchanged(lambda: client.post(address, {"last_day": last_day}))

    assert [end(hut, ana, ""), end(hut, ana, "2026-02-30")] == [422, 422]
    assert end(crl, ana) == 404  # nobody of theirs
    assert end(crl, cleo) == 403  # theirs, but not this employment


# Qualifications.


def test_a_qualification_is_entered_with_its_proof(rota, hut):
    ben = rota.people["ben"]
    asked = {
        "skill": rota.skills["lead"].pk, "first_day": "2026-11-18", "last_day": "2027-11-17", "proof": "card 12",
    }  # fmt: skip

    answer = hut.post(reverse("rota-qualify", args=[ben.pk]), asked)

    row = Qualification.objects.latest("pk")
    assert answer.url == reverse("rota-person", args=[ben.pk])
    assert (row.person, row.skill.code, row.proof) == (ben, "lead", "card 12")
    assert (row.first_day, row.last_day.isoformat()) == (day(18), "2027-11-17")
    assert "card 12" in hut.get(answer.url).content.decode()


def test_a_qualification_that_cannot_be_is_refused(rota, hut, crl):
    right = {"skill": rota.skills["lead"].pk, "first_day": "2026-11-18"}
    wrong = [{"last_day": "2026-11-17"}, {"first_day": ""}, {"skill": ""}, {"skill": "0"}]
    address = reverse("rota-qualify", args=[rota.people["ben"].pk])

    assert [unchanged(lambda each=each: hut.post(address, right | each)) for each in wrong] == [422] * 4
    assert unchanged(lambda: crl.post(address, right)) == 404


# Absences.


@pytest.fixture
def away(rota, hut):
    """Enter that Ana is away: `away("2026-10-25")` the whole day; hours as in `away(first, last, starts, ends)`."""

    def entered(first, last=None, starts="", ends="", *, client=hut, name="ana", kind="leave"):
        given = {
            "kind": kind, "first_day": first, "last_day": last or first, "starts": starts, "ends": ends,
        }  # fmt: skip
        return client.post(reverse("rota-absence", args=[rota.people[name].pk]), given)

    return entered


@pytest.mark.parametrize(
    ("given", "start", "end", "hours"),
    [
        (("2026-10-25",), "2026-10-24T22:00", "2026-10-25T23:00", 25),
        (("2027-03-28",), "2027-03-27T23:00", "2027-03-28T22:00", 23),
        (("2026-10-24", "2026-10-26"), "2026-10-23T22:00", "2026-10-26T23:00", 73),
        (("2026-10-24", "2026-10-25", "22:00", "06:00"), "2026-10-24T20:00", "2026-10-25T05:00", 9),
        (("2027-03-27", "2027-03-28", "22:00", "06:00"), "2027-03-27T21:00", "2027-03-28T04:00", 7),
        (("2026-10-25", "2026-10-25", "02:30", "03:00"), "2026-10-25T00:30", "2026-10-25T02:00", 1.5),
        (("2027-03-28", "2027-03-28", "02:30", "04:00"), "2027-03-28T01:30", "2027-03-28T02:00", 0.5),
        (("2026-10-24", "2026-10-25", "18:00", ""), "2026-10-24T16:00", "2026-10-25T23:00", 31),
        (("2027-03-27", "2027-03-28", "", "12:00"), "2027-03-26T23:00", "2027-03-28T10:00", 35),
        (("2026-10-24", "2026-10-25", "12:00", "00:00"), "2026-10-24T10:00", "2026-10-24T22:00", 12),
        (("2026-10-25", "2026-10-25", "00:00", ""), "2026-10-24T22:00", "2026-10-25T23:00", 25),
    ],
)  # fmt: skip
def test_an_absence_has_its_hours_whatever_the_clocks_do(away, given, start, end, hours):
    assert away(*given).status_code == 302

    row = Absence.objects.get()
    assert [f"{moment:%Y-%m-%dT%H:%M}" for moment in (row.start, row.end)] == [start, end]
    assert row.end - row.start == timedelta(hours=hours)


def test_the_page_shows_an_absence_in_the_hours_of_the_wall(rota, hut, away, clock_at):
    clock_at("2026-10-20 09:00")
    address = away("2026-10-24", "2026-10-25", "22:00", "06:00", kind="elsewhere").url

    assert "24.10.2026 22:00 – 25.10.2026 06:00" in hut.get(address).content.decode()


def test_an_absence_that_cannot_be_is_refused(away):
    wrong = [
        ("2026-11-20", "2026-11-19"), ("2026-11-20", "2026-11-20", "18:00", "17:00"),
        ("2026-11-20", "2026-11-20", "18:00", "18:00"), ("2026-11-20", "2026-11-20", "25:00", ""),
        ("", ""), ("2026-11-20", "2026-11-20", "18:00", "00:00"),
        ("2027-03-28", "2027-03-28", "02:15", "03:15"),  # the same instant
    ]  # fmt: skip

    assert [unchanged(lambda each=each: away(*each)) for each in wrong] == [422] * 7
    assert unchanged(lambda: away("2026-11-20", kind="holiday")) == 422


def test_an_absence_is_taken_back(rota, hut, away):
    away("2026-11-20")
    row = Absence.objects.get()

    answer = hut.post(reverse("rota-end-absence", args=[row.pk]))

    assert (answer.url, Absence.objects.count()) == (reverse("rota-person", args=[row.person_id]), 0)
    assert hut.post(reverse("rota-end-absence", args=[row.pk])).status_code == 404


def test_absences_that_are_over_are_not_shown(rota, away, clock_at):
    away("2026-11-20")

    shown = []
    for moment in ("2026-11-20 23:59", "2026-11-21 00:00"):
        clock_at(moment)
        shown.append(len(of_person(rota.people["ana"]).absences))

    assert shown == [1, 0]


def test_absences_are_entered_and_taken_back_for_ones_own_people_only(rota, crl, chief, away):
    away("2026-11-20")
    row = Absence.objects.get()

    assert unchanged(lambda: away("2026-11-21", client=crl)) == 404
    assert unchanged(lambda: crl.post(reverse("rota-end-absence", args=[row.pk]))) == 404
    assert away("2026-11-21", client=crl, name="cleo").status_code == 302  # of both
    assert chief.post(reverse("rota-end-absence", args=[row.pk])).status_code == 302


def test_the_page_of_somebody_opens_for_whom_they_work_for(rota, hut, crl, chief):
    def opened(name):
        address = reverse("rota-person", args=[rota.people[name].pk])
        return [client.get(address).status_code for client in (hut, crl, chief)]

    assert {name: opened(name) for name in ("ana", "dana", "cleo", "emil")} == {
        "ana": [200, 404, 200], "dana": [404, 200, 200], "cleo": [200, 200, 200], "emil": [404, 404, 200],
    }  # fmt: skip
    assert (
        browser(rota.people["ana"]).get(reverse("rota-person", args=[rota.people["ana"].pk])).status_code
        == 404
    )


def test_who_plans_for_one_organisation_is_only_a_colleague_in_another(rota, hut):
    team.give_role(
        person=rota.planners["HUT"].person, organisation=rota.organisations["CRL"], role=Role.WORKER,
        first_day=LONG_AGO, by=BUILDER,
    )  # fmt: skip

    groups = hut.get(reverse("rota-people")).context["groups"]

    assert [group.organisation.code for group in groups] == ["HUT"]
    assert hut.get(reverse("rota-person", args=[rota.people["dana"].pk])).status_code == 404


# Names.


def test_names_are_read_by_ones_own_and_by_the_coordinator(rota):
    seen = {
        code: [rules.sees_names_of(by, each) for each in rota.organisations.values()]
        for code, by in (*rota.planners.items(), ("chief", rota.coordinator))
    }

    assert seen == {
        "HUT": [True, False, False], "CRL": [False, True, False], "IA": [False, False, True],
        "chief": [True, True, True],
    }  # fmt: skip


def test_a_planner_plans_whoever_works_for_their_organisation_or_everybody_themselves(rota):
    cleo, ana = rota.people["cleo"], rota.people["ana"]

    for by in (rota.planners["HUT"], rota.planners["CRL"], rota.coordinator, rota.himself("cleo")):
        rules.plans_person(by, cleo)
    for by, person in (
        (rota.planners["IA"], cleo), (rota.planners["CRL"], ana), (rota.himself("ben"), ana),
        (rota.planners["IA"], colleague("Nina")),
    ):  # fmt: skip
        with pytest.raises(errors.NotYourPeople):
            rules.plans_person(by, person)


def place_page(client, shift):
    return client.get(reverse("rota-place", args=[shift.pk, "host"]))


def able(client, shift):
    """Who could come, by name as somebody reads it, and how many more."""
    page = place_page(client, shift)
    return sorted(each.person.name for each in page.context["able"]), page.context["elsewhere"]


def test_on_the_page_of_a_place_ones_own_who_could_come_are_named_and_the_others_counted(rota, hut, chief):
    shift = rota.shift(day(18))

    assert able(hut, shift) == (["Ana", "Ben", "Cleo", "Gus"], 3)
    assert able(chief, shift) == (["Ana", "Ben", "Cleo", "Dana", "Emil", "Gus", "Vera"], 0)
    assert "Dana" not in place_page(hut, shift).content.decode()


def test_on_the_page_of_a_place_who_works_for_two_is_named_to_both(rota, crl):
    assert able(crl, rota.shift(day(18))) == (["Cleo", "Dana", "Vera"], 4)


def test_on_the_page_of_a_place_nobody_of_others_is_named_who_works_without_ones_own(rota, hut):
    rota.published("CRL", MONDAY, SUNDAY, ("dana", day(18)))

    assert "Dana" not in place_page(hut, rota.shift(day(18))).content.decode()


def test_who_works_with_ones_own_people_is_named(rota, hut):
    rota.published("CRL", MONDAY, SUNDAY, ("dana", day(18)))
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))

    assert "Dana" in place_page(hut, rota.shift(day(18))).content.decode()


def test_on_the_page_of_a_place_nobody_of_others_is_named_who_was_asked(rota, hut):
    for code in ("HUT", "CRL", "IA"):
        rota.published(code)
    covering.offer(
        shift=rota.shift(day(18)), skill=rota.skills["host"], organisation=rota.organisations["CRL"],
        by=rota.planners["CRL"],
    )  # fmt: skip

    text = place_page(hut, rota.shift(day(18))).content.decode()

    assert [name for name in ("Dana", "Emil", "Vera") if name in text] == []


# The calendar of a team.


def test_the_address_of_a_teams_calendar_is_shown_once(rota, hut):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))

    page = hut.post(reverse("rota-team-calendar", args=["HUT"]))
    address = page.context["address"]

    assert (page.status_code, address in page.content.decode()) == (200, True)
    assert address.rsplit("/", 1)[1] not in hut.get(reverse("rota-people")).content.decode()
    feed = Client().get(address)
    assert (feed.status_code, feed.content.count(b"BEGIN:VEVENT"), b"Ana" in feed.content) == (200, 1, False)
    assert CalendarAddress.objects.get().organisation == rota.organisations["HUT"]


def test_a_new_address_of_a_team_ends_the_one_before_and_may_be_ended(rota, hut):
    address = reverse("rota-team-calendar", args=["HUT"])
    first, second = (hut.post(address).context["address"] for _time in range(2))

    assert [Client().get(each).status_code for each in (first, second)] == [404, 200]
    assert [group.has_calendar for group in staff_of([rota.organisations["HUT"]], day(2))] == [True]
    assert hut.post(address, {"revoke": "yes"}).url == reverse("rota-people")
    assert Client().get(second).status_code == 404
    assert [group.has_calendar for group in staff_of([rota.organisations["HUT"]], day(2))] == [False]


def test_only_its_own_planner_has_the_calendar_of_a_team(rota, hut, crl, chief):
    address = reverse("rota-team-calendar", args=["HUT"])
    feed = hut.post(address).context["address"]

    assert [unchanged(lambda given=given: crl.post(address, given)) for given in ({}, {"revoke": "yes"})] == [
        403
    ] * 2
    assert Client().get(feed).status_code == 200
    assert hut.post(reverse("rota-team-calendar", args=["XX"])).status_code == 404
    assert chief.post(address).status_code == 200


# Terms.


def set_term(rota, value, first=LONG_AGO, *, code=None, key="day_most", **told):
    return people.set_term(
        key=key,
        value=value,
        first_day=first,
        by=BUILDER,
        organisation=code and rota.organisations[code],
        **told,
    )


def figure(rota, key="day_most", *codes, date=None):
    """What is in force for a key on a day: the value of the house, and those of the organisations."""
    (row,) = [
        each
        for each in in_force([rota.organisations[code] for code in codes], date or day(20))
        if each.key == key
    ]
    return row.value, [(own.organisation.code, own.value) for own in row.own]


def test_where_nothing_is_set_the_usual_figures_are_in_force_with_their_sources(rota):
    rows = in_force(list(rota.organisations.values()), day(20))

    assert [(row.key, row.source) for row in rows] == list(SOURCES.items())
    assert {row.key: row.value for row in rows} == {key: getattr(Terms(), key) for key in SOURCES}
    assert [row for row in rows if row.house or row.own or not str(row.label)] == []


def test_a_term_is_in_force_from_its_day_on(rota):
    set_term(rota, 540, day(20))
    set_term(rota, 480, day(25), code="HUT")
    set_term(rota, 500, day(27), code="HUT")

    found = [figure(rota, "day_most", "HUT", "CRL", date=day(number)) for number in (19, 20, 24, 25, 27)]

    assert found == [
        (600, []), (540, []), (540, []), (540, [("HUT", 480)]), (540, [("HUT", 500)]),
    ]  # fmt: skip


def test_what_an_organisation_has_set_holds_whatever_the_house_sets_later(rota):
    set_term(rota, 480, day(10), code="HUT")
    set_term(rota, 540, day(20))

    assert figure(rota, "day_most", "HUT", "CRL") == (540, [("HUT", 480)])
    assert [terms_of(rota.organisations[code], day(20)).day_most for code in ("HUT", "CRL")] == [480, 540]


def test_what_is_not_known_is_in_force_as_not_known(rota):
    set_term(rota, None, code="HUT")
    set_term(rota, 0, key="days_in_a_row")
    set_term(rota, None, key="week_most")

    assert figure(rota, "day_most", "HUT") == (600, [("HUT", None)])
    assert (figure(rota, "days_in_a_row"), figure(rota, "week_most")) == ((0, []), (None, []))


def test_nothing_is_calculated_from_what_is_not_known(rota):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    ana = rota.people["ana"]

    found = []
    for value in (300, None):
        set_term(rota, value, code="HUT")
        found.append([each.rule for each in findings_for([ana.pk], MONDAY, SUNDAY, plans=[plan])[ana.pk]])

    assert found == [["day_limit"], []]


def term(rota, code=None, **given):
    organisation = {"organisation": rota.organisations[code].pk} if code else {}
    return {"key": "day_most", "value": "540", "first_day": "2026-11-20"} | organisation | given


def test_a_planner_sets_a_term_of_their_own_organisation(rota, hut):
    asked = term(rota, "HUT", source="agreement of 2025, art. 9", confirmed_by="HR of HUT")

    answer = hut.post(reverse("rota-terms"), asked)

    row = Term.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("rota-terms"))
    assert (row.organisation.code, row.key, row.value, row.first_day) == ("HUT", "day_most", 540, day(20))
    assert (row.source, row.confirmed_by, row.set_by) == (
        "agreement of 2025, art. 9", "HR of HUT", rota.planners["HUT"].person,
    )  # fmt: skip
    assert lines("term_set") == [{"key": "day_most", "value": 540, "first": "2026-11-20"}]


def test_the_page_of_terms_shows_what_was_set_with_its_source(rota, hut, chief, expected_errors):
    hut.post(
        reverse("rota-terms"), term(rota, "HUT", value="", source="a letter of HR", first_day="2026-11-02")
    )
    chief.post(reverse("rota-terms"), term(rota, first_day="2026-11-02", confirmed_by="The ministry"))

    page = hut.get(reverse("rota-terms"))

    text = page.content.decode()
    assert [word for word in ("a letter of HR", "The ministry", "HUT: –") if word not in text] == []
    assert text.count(str(LABELS["day_most"])) == 1 + 1 + 2  # to choose, in force, set twice
    assert expected_errors == []


def test_a_term_of_the_house_is_kept_with_who_confirmed_it(rota, chief):
    chief.post(reverse("rota-terms"), term(rota, first_day="2026-11-02", confirmed_by="The ministry"))

    (row,) = [each for each in in_force([], day(2)) if each.key == "day_most"]
    assert (row.value, row.house.confirmed_by, row.house.set_by) == (
        540, "The ministry", rota.coordinator.person,
    )  # fmt: skip


def test_a_term_that_cannot_be_is_refused(rota, hut):
    wrong = [
        {"key": "favourite_soup"}, {"value": "-1"}, {"value": "x"}, {"value": "100001"}, {"first_day": ""},
        {"first_day": "2026-02-30"}, {"organisation": rota.organisations["CRL"].pk}, {"organisation": "0"},
    ]  # fmt: skip

    for each in wrong:
        asked = term(rota, "HUT", **each)
        assert unchanged(lambda asked=asked: hut.post(reverse("rota-terms"), asked)) == 422, each


def test_planners_see_what_their_own_organisation_and_the_house_have_set(rota, clock_at):
    for code, minute in (("HUT", 1), ("CRL", 2), (None, 3)):
        clock_at(f"2026-11-02 09:0{minute}")
        set_term(rota, 540, code=code)

    seen = [
        [row.organisation and row.organisation.code for row in terms_history(mine)]
        for mine in ([rota.organisations["HUT"]], [], list(rota.organisations.values()))
    ]

    assert seen == [[None, "HUT"], [None], [None, "CRL", "HUT"]]


def test_the_coordinator_sets_terms_of_the_house_and_of_each_organisation(rota, chief):
    for code in (None, "IA"):
        assert chief.post(reverse("rota-terms"), term(rota, code)).status_code == 302

    assert figure(rota, "day_most", "HUT", "IA") == (540, [("IA", 540)])


def test_a_planner_does_not_set_terms_of_the_whole_house(rota, hut):
    answer = hut.post(reverse("rota-terms"), term(rota))

    assert (answer.status_code in (403, 422), Term.objects.count()) == (True, 0)


def test_a_planner_may_not_set_terms_of_the_whole_house_by_any_door(rota):
    with pytest.raises(errors.NotForAll):
        people.set_term(key="day_most", value=1200, first_day=LONG_AGO, by=rota.planners["HUT"])


# Kinds of shift.


def kind_form(**given):
    usual = {
        "name": "Late evening", "letter": "L", "starts": "20:00", "ends": "01:30", "break_minutes": "15",
        "first_night": "2026-12-21", "minimum-host": "2", "wished-host": "1", "per_guests-host": "40",
        "minimum-lead": "1", "critical-lead": "on",
    }  # fmt: skip
    return usual | given


def demands_of(template):
    return [
        (row.skill.code, row.minimum, row.wished, row.priority, row.per_guests)
        for row in template.demands.order_by("skill__code")
    ]


def test_a_new_kind_of_shift_gets_a_code_and_its_demands(rota, chief):
    answer = chief.post(reverse("rota-kind", args=["new"]), kind_form())

    row = ShiftTemplate.objects.get(letter="L")
    assert (answer.url, row.code, row.name) == (reverse("rota-kinds"), "late-evening", "Late evening")
    assert (f"{row.starts:%H:%M}", f"{row.ends:%H:%M}", row.break_minutes) == ("20:00", "01:30", 15)
    assert (row.first_night, row.last_night, row.position) == (day(21, 12), None, 3)
    assert demands_of(row) == [("host", 2, 2, 1, 40), ("lead", 1, 1, 2, None)]
    assert Shift.objects.filter(template=row).count() == 0


def test_a_code_is_found_without_counting_on(rota, monkeypatch):
    """On a page the memory of the machine is at its end before an answer comes."""

    def counted(first):
        yield from range(first, 1000)
        raise RuntimeError("it goes on counting")

    monkeypatch.setattr(shifts, "count", counted, raising=False)

    assert [shifts.free_code(name) for name in ("Evening", "Late")] == ["evening-2", "late"]


def test_codes_of_kinds_are_free_and_never_that_of_a_new_one(rota, chief):
    for name, letter in (
        ("Evening", "A"),
        ("New", "B"),
        ("Soirée tardive et très longue", "C"),
        ("夜", "D"),
        ("夜", "F"),
    ):
        chief.post(reverse("rota-kind", args=["new"]), kind_form(name=name, letter=letter))

    codes = ShiftTemplate.objects.filter(letter__in="ABCDF").order_by("letter").values_list("code", flat=True)
    assert list(codes) == ["evening-2", "new-2", "soiree-tardive-e", "kind", "kind-2"]


def test_a_letter_that_is_taken_is_refused(rota, chief):
    new, evening = (reverse("rota-kind", args=[code]) for code in ("new", "evening"))

    assert unchanged(lambda: chief.post(new, kind_form(letter="E"))) == 422
    assert unchanged(lambda: chief.post(evening, kind_form(letter="N"))) == 422
    page = chief.post(new, kind_form(letter="E"))
    assert page.context["form"].errors["letter"] == [str(shifts.LETTER_IS_TAKEN)]
    assert chief.post(evening, kind_form(letter="E")).status_code == 302  # its own


def test_what_is_typed_wrong_of_a_kind_is_refused(rota, chief):
    wrong = [
        {"name": " "}, {"letter": ""}, {"letter": "LL"}, {"starts": "24:00"}, {"ends": ""}, {"break_minutes": "-1"},
        {"first_night": ""}, {"minimum-host": "-1"}, {"minimum-host": "301"}, {"per_guests-host": "0"},
    ]  # fmt: skip
    address = reverse("rota-kind", args=["new"])

    for each in wrong:
        assert unchanged(lambda each=each: chief.post(address, kind_form(**each))) == 422, each


def test_a_kind_that_would_end_before_it_begins_is_refused(rota, chief):
    asked = kind_form(first_night="2026-12-21", last_night="2026-12-20")

    assert unchanged(lambda: chief.post(reverse("rota-kind", args=["new"]), asked)) == 422
    assert unchanged(lambda: chief.post(reverse("rota-kind", args=["evening"]), asked)) == 422


def test_the_page_of_a_kind_shows_what_is_set_and_sets_the_same_again(rota, chief):
    evening = rota.templates["evening"]
    page = chief.get(reverse("rota-kind", args=["evening"]))
    before = demands_of(evening)

    shown = {
        name: page.context["form"].get_initial_for_field(field, name)
        for name, field in page.context["form"].fields.items()
    }
    chief.post(
        reverse("rota-kind", args=["evening"]),
        {name: value for name, value in shown.items() if value not in (None, False)},
    )

    assert before == [("host", 2, 3, 1, 50), ("lead", 1, 1, 2, None)]
    assert demands_of(ShiftTemplate.objects.get(code="evening")) == before
    assert ShiftTemplate.objects.filter(code="evening").values().get() == (
        ShiftTemplate.objects.filter(pk=evening.pk).values().get()
    )


def test_shifts_that_are_laid_out_stay_as_they_are_when_their_kind_changes(rota, chief):
    def laid_out():
        return (
            list(Shift.objects.filter(night__date__lte=LAID_OUT_UNTIL).order_by("pk").values()),
            list(Demand.objects.filter(shift__night__date__lte=LAID_OUT_UNTIL).order_by("pk").values()),
        )

    before = laid_out()

    chief.post(reverse("rota-kind", args=["evening"]), kind_form(letter="E", first_night="2026-11-15"))
    chief.post(reverse("rota-lay-out"), {"first_night": "2026-12-20", "last_night": "2026-12-21"})

    row = ShiftTemplate.objects.get(letter="E")
    assert (laid_out(), row.code, row.name) == (before, "evening", "Late evening")
    new = rota.shift(day(21, 12))
    assert (new.start, new.end, new.break_minutes) == (
        instant("2026-12-21 20:00"), instant("2026-12-22 01:30"), 15,
    )  # fmt: skip
    assert list(new.demands.order_by("skill__code").values_list("skill__code", "minimum", "per_guests")) == [
        ("host", 2, 40), ("lead", 1, None),
    ]  # fmt: skip


def test_shifts_have_the_hours_of_the_wall_when_the_clocks_change(rota, chief):
    chief.post(reverse("rota-lay-out"), {"first_night": "2027-03-27", "last_night": "2027-03-28"})

    night, next_night = (rota.shift(day(number, 3), "night") for number in (27, 28))
    assert [shift.end - shift.start for shift in (night, next_night)] == [
        timedelta(hours=7, minutes=30), timedelta(hours=8, minutes=30),
    ]  # fmt: skip


def test_laying_out_twice_makes_nothing_double(rota, chief):
    address, asked = reverse("rota-lay-out"), {"first_night": "2026-12-18", "last_night": "2026-12-23"}
    before = Shift.objects.count()

    numbers = []
    for _time in range(2):
        assert chief.post(address, asked).status_code == 302
        numbers.append((Shift.objects.count() - before, Demand.objects.count()))

    assert numbers[0] == numbers[1] and numbers[0][0] == 3 * 3
    assert [facts["number"] for facts in lines("shifts_laid_out")[-2:]] == [9, 0]


def test_shifts_are_laid_out_for_planned_nights_and_kinds_in_force(rota, chief):
    address = reverse("rota-lay-out")
    chief.post(
        reverse("rota-kind", args=["new"]), kind_form(first_night="2026-12-22", last_night="2026-12-22")
    )

    chief.post(address, {"first_night": "2026-12-21", "last_night": "2026-12-23"})

    nights = Shift.objects.filter(template__letter="L").values_list("night__date", flat=True)
    assert list(nights) == [day(22, 12)]
    for first, last in (("2027-05-01", "2027-05-03"), ("2026-12-23", "2026-12-21")):
        asked = {"first_night": first, "last_night": last}
        assert unchanged(lambda asked=asked: chief.post(address, asked)) == 409
    assert unchanged(lambda: chief.post(address, {"first_night": "", "last_night": ""})) == 422


def test_only_the_coordinator_changes_what_the_rota_is_made_from(rota, hut):
    rule = shifts.add_mix_rule(least=2, first_night=day(16), by=BUILDER)
    shift = rota.shift(day(18))
    asked = [
        (reverse("rota-kind", args=["new"]), kind_form()),
        (reverse("rota-kind", args=["evening"]), kind_form(letter="E")),
        (reverse("rota-skill"), {"code": "cook", "name": "Cook"}),
        (reverse("rota-mix"), {"least": "2", "first_night": "2026-11-16"}),
        (reverse("rota-end-mix", args=[rule.pk]), {}),
        (reverse("rota-lay-out"), {"first_night": "2026-12-21", "last_night": "2026-12-21"}),
        (reverse("rota-demand", args=[shift.pk, "host"]), {"minimum": "5"}),
    ]

    assert [unchanged(lambda each=each: hut.post(*each)) for each in asked] == [403] * 7
    page = hut.get(reverse("rota-kinds"))
    assert (page.status_code, page.context["may_set"]) == (200, False)


# Qualifications, mixed teams, and what one shift needs.


def test_a_skill_is_entered_and_named_anew(rota, chief):
    asked = {"code": "cook", "name": "Cook", "is_duty": "on", "for_volunteers": "on"}
    chief.post(reverse("rota-skill"), asked)
    chief.post(reverse("rota-skill"), {"code": "cook", "name": "Kitchen"})

    row = Skill.objects.get(code="cook")
    assert (row.name, row.is_duty, row.for_volunteers, row.position) == ("Kitchen", False, False, 3)
    assert unchanged(lambda: chief.post(reverse("rota-skill"), {"code": "a b", "name": "x"})) == 422


def test_a_rule_of_the_mix_is_entered(rota, chief):
    chief.post(reverse("rota-mix"), {"least": "2", "first_night": "2026-11-16", "last_night": "2026-12-20"})
    chief.post(
        reverse("rota-mix"), {"skill": rota.skills["first_aid"].pk, "least": "1", "first_night": "2026-11-16"}
    )

    rows = MixRule.objects.order_by("pk").values_list("skill__code", "least", "first_night", "last_night")
    assert list(rows) == [(None, 2, day(16), day(20, 12)), ("first_aid", 1, day(16), None)]


def test_a_rule_of_the_mix_that_cannot_be_is_refused(rota, chief):
    right = {"least": "2", "first_night": "2026-11-16"}
    wrong = [
        {"least": "0"},
        {"least": "21"},
        {"first_night": ""},
        {"last_night": "2026-11-15"},
        {"skill": "0"},
    ]

    for each in wrong:
        assert unchanged(lambda each=each: chief.post(reverse("rota-mix"), right | each)) == 422, each


def test_a_rule_of_the_mix_held_until_last_night_when_it_is_ended(rota, chief, clock_at):
    rules_ = [
        shifts.add_mix_rule(least=least, first_night=first, last_night=last, by=BUILDER)
        for least, first, last in (
            (2, day(16), None), (3, day(16), day(18)), (4, day(16), day(30)), (5, day(21), None), (6, day(20), None),
        )
    ]  # fmt: skip
    clock_at("2026-11-22 11:59")  # the night of the 21st

    for rule in rules_:
        chief.post(reverse("rota-end-mix", args=[rule.pk]))

    rows = MixRule.objects.order_by("least").values_list("least", "last_night")
    assert list(rows) == [(2, day(20)), (3, day(18)), (4, day(20)), (6, day(20))]
    assert chief.post(reverse("rota-end-mix", args=[rules_[3].pk])).status_code == 404


def test_one_shift_needs_more_than_usual_and_the_others_do_not(rota, chief):
    shift = rota.shift(day(18))
    others = list(Demand.objects.exclude(shift=shift, skill__code="host").order_by("pk").values())

    answer = chief.post(reverse("rota-demand", args=[shift.pk, "host"]), {"minimum": "5"})

    assert answer.url == reverse("rota-place", args=[shift.pk, "host"])
    demand = shift.demands.get(skill__code="host")
    assert (demand.minimum, demand.wished, demand.per_guests, demand.priority) == (5, 5, 50, 1)
    assert list(Demand.objects.exclude(pk=demand.pk).order_by("pk").values()) == others
    assert demands_of(rota.templates["evening"])[0] == ("host", 2, 3, 1, 50)


def test_one_shift_may_need_fewer_and_keeps_what_would_be_good(rota, chief):
    shift = rota.shift(day(18))

    chief.post(reverse("rota-demand", args=[shift.pk, "host"]), {"minimum": "0"})

    demand = shift.demands.get(skill__code="host")
    assert (demand.minimum, demand.wished) == (0, 3)


def test_what_is_typed_wrong_of_a_demand_is_refused(rota, chief):
    shift = rota.shift(day(18))
    address = reverse("rota-demand", args=[shift.pk, "host"])

    assert [unchanged(lambda m=m: chief.post(address, {"minimum": m})) for m in ("", "-1", "301", "x")] == [
        422
    ] * 4
    morning = reverse("rota-demand", args=[rota.shift(day(18), "morning").pk, "lead"])
    assert unchanged(lambda: chief.post(morning, {"minimum": "1"})) == 404  # nobody is asked for this duty
