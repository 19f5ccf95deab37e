"""What the night asks: incidents, handovers, things kept, numbers of services, ways onward, things to do."""

from datetime import timedelta
from unittest import mock
from uuid import uuid4

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from intake import queries
from intake.access import TALLIES
from intake.actions import door
from intake.actions import night as verbs
from intake.errors import NumberTaken
from intake.models import Belonging, Handover, HandoverItem, Incident, Referral, Tally, Task
from shelter import clock, nights
from shelter.actions import admission, housekeeping, merging, placing, planning, watching
from shelter.models import LogEntry, Role
from tests.conftest import BUILDER, TONIGHT, instant
from tests.plain_browser import PlainBrowser
from tests.transactions import house_is_outermost

YESTERDAY, TOMORROW = TONIGHT - timedelta(days=1), TONIGHT + timedelta(days=1)


@pytest.fixture(autouse=True)
def outermost():
    with house_is_outermost():
        yield


@pytest.fixture
def here(night, house, guest):
    """Somebody inside, as their bed-night: `here("Hibou", "MA1")`."""

    def inside(name="Hibou", bed="MA1", **answers):
        known = guest(name, **answers)
        door.register_for_tonight(guest=known, night=night, by=BUILDER)
        return door.check_in(guest=known, night=night, by=BUILDER, bed=house.beds[bed])

    return inside


@pytest.fixture
def tablet(night, people):
    def of(role="night_worker"):
        return PlainBrowser(people[Role(role)])

    return of


def lines(*verbs):
    return list(LogEntry.objects.filter(verb__in=verbs).order_by("id"))


# Incidents.

ANSWERS = {"kind": "theft", "severity": "3", "place": "dormitory"}


@pytest.fixture
def incident(night, here):
    """An incident with words that only few may read."""
    row = here("Hibou", "MA1")
    return verbs.write_incident(
        night=night, by=BUILDER, people=[(row.occupant, "harmed")], happened_at=clock.now(), kind="theft",
        severity=3, place="bus", account="Sac à dos disparu", follow_up="Appeler la compagnie",
    )  # fmt: skip


def test_an_incident_is_written_with_time_place_people_measures_and_calls(here, house, tablet, people):
    harmed, involved = here("Hibou", "MA1"), here("Grue", "MA2")
    browser = tablet().open(reverse("incident-new"))

    browser.press(
        "Save",
        **ANSWERS,
        at="19:50",
        dormitory=str(house.dormitories["MA"].pk),
        harmed=harmed.occupant.number,
        involved=f"{involved.occupant.number} Grue",
        measures=["separated", "talked"],
        police="on",
        account="Un sac",
        follow_up="Rappeler",
    )

    row = Incident.objects.get()
    told = (row.kind, row.severity, row.place, row.dormitory, row.police, row.ambulance)
    assert told == ("theft", 3, "dormitory", house.dormitories["MA"], True, False)
    assert (row.happened_at, row.night.date) == (instant(f"{TONIGHT} 19:50"), TONIGHT)
    assert (sorted(row.measures), row.account, row.follow_up) == (
        ["separated", "talked"],
        "Un sac",
        "Rappeler",
    )
    assert row.written_by == people[Role.NIGHT_WORKER]
    assert set(row.people.values_list("occupant", "part")) == {
        (harmed.occupant_id, "harmed"),
        (involved.occupant_id, "involved"),
    }


def test_the_log_tells_that_there_was_an_incident_and_not_what_happened(incident):
    (line,) = lines("incident_written")

    assert line.facts == {"incident": incident.pk, "kind": "theft", "severity": 3}
    assert (line.occupant_id, line.reason) == (None, "")


def test_an_hour_after_midnight_lies_in_the_same_night(night, tablet, clock_at):
    clock_at(f"{TOMORROW} 02:00")

    tablet().open(reverse("incident-new")).press("Save", **ANSWERS, at="01:20")

    row = Incident.objects.get()
    assert (row.happened_at, row.night.date) == (instant(f"{TOMORROW} 01:20"), TONIGHT)


def test_by_page_no_incident_happens_in_the_future(night, tablet):
    tablet().open(reverse("incident-new")).press("Save", **ANSWERS, at="23:50")

    assert Incident.objects.get().happened_at == clock.now()


@pytest.mark.parametrize("number", ["999999", "somebody"])
def test_a_person_nobody_knows_sends_the_form_back_with_what_was_typed(night, tablet, number):
    browser = tablet().open(reverse("incident-new"))

    browser.press("Save", **ANSWERS, involved=number)

    assert (browser.status, Incident.objects.count()) == (422, 0)
    assert browser.answers("Save")["involved"] == [number]


def test_who_is_named_twice_has_one_part(here, tablet):
    number = here().occupant.number
    browser = tablet().open(reverse("incident-new"))

    browser.press("Save", **ANSWERS, involved=f"{number} {number}", witnesses=number)

    assert list(Incident.objects.get().people.values_list("part", flat=True)) == ["involved"]


@pytest.mark.parametrize(
    ("role", "page", "read", "written"),
    [
        ("night_worker", 403, 403, 201),
        ("field_worker", 403, 403, 403),
        ("nurse", 403, 403, 403),
        ("planner", 403, 403, 403),
        ("ministry", 403, 403, 403),
        ("night_lead", 200, 200, 201),
        ("coordinator", 200, 200, 201),
    ],
)
def test_the_night_team_writes_incidents_and_only_those_who_lead_read_them(
    incident, client_as, api_as, program, role, page, read, written
):
    path = reverse("api:incidents")

    statuses = (
        client_as(role).get(reverse("incidents")).status_code,
        api_as(role).get(path).status_code,
        program(role)(path, kind="theft", severity=1, place="door").status_code,
    )

    assert statuses == (page, read, written)


def test_each_reading_leaves_a_line_that_says_who_and_from_where(incident, tablet, api_as, people):
    tablet("night_lead").open(reverse("incidents"))
    api_as("coordinator").get(reverse("api:incidents"))

    read = lines("incidents_read")
    assert [(line.by, line.night.date) for line in read] == [
        (people[Role.NIGHT_LEAD], TONIGHT),
        (people[Role.COORDINATOR], TONIGHT),
    ]
    assert (read[0].source, read[1].source != read[0].source) == ("incidents", True)


def test_who_may_not_read_is_not_told_and_leaves_no_line_of_reading(incident, tablet):
    browser = tablet().open(reverse("incidents"))

    assert (browser.status, browser.sees("Sac à dos"), lines("incidents_read")) == (403, False, [])


@pytest.mark.parametrize("words", ["Sac à dos disparu", "Appeler la compagnie"])
@pytest.mark.parametrize("role", ["night_worker", "field_worker"])
def test_words_of_an_incident_reach_nobody_who_may_not_read_incidents(incident, tablet, night, words, role):
    verbs.hand_over(night=night, words="", by=BUILDER)
    known = incident.people.get().occupant.guest.pk
    pages = [
        *(reverse(name) for name in ("night", "handover", "belongings", "turned-away")),
        reverse("guest", args=[known]),
    ]
    if role == "night_worker":
        pages += [reverse("door-guest", args=[known]), reverse("outings"), reverse("presence")]

    browsers = [tablet(role).open(path) for path in pages]

    assert {browser.at: (browser.status, browser.sees(words)) for browser in browsers} == dict.fromkeys(
        pages, (200, False)
    )


def test_the_guest_card_tells_the_lead_how_many_and_nobody_else_that_there_are_any(incident, tablet):
    card = reverse("guest", args=[incident.people.get().occupant.guest.pk])

    told = {
        role: tablet(role).open(card).sees("1 incident") for role in ("night_lead", "night_worker", "nurse")
    }

    assert told == {"night_lead": True, "night_worker": False, "nurse": False}


def test_followed_up_twice_it_was_followed_up_the_first_time(incident, tablet, clock_at):
    browser = tablet("night_lead").open(reverse("incidents")).press("Done")
    first = Incident.objects.get().followed_up_at
    clock_at(clock.now() + timedelta(minutes=5))

    browser.send_again()

    assert (Incident.objects.get().followed_up_at, len(lines("incident_followed_up"))) == (first, 1)


def test_by_api_an_incident_is_written_once_per_key(here, program):
    row, key, path = here(), uuid4().hex, reverse("api:incidents")
    people = [{"guest": row.occupant.guest.pk, "part": "witness"}]
    body = {"kind": "fire", "severity": 4, "place": "canteen", "account": "Toast", "people": people}
    write = program("night_worker")

    first, second = write(path, key=key, **body), write(path, key=key, **body)
    other = write(path, key=key, **(body | {"severity": 1}))

    assert (first.status_code, second.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    incident = Incident.objects.get()
    assert list(incident.people.values_list("occupant", "part")) == [(row.occupant_id, "witness")]


@pytest.mark.parametrize("at", ["2026-11-21T22:00:00Z", "2026-11-20T22:00:00Z", "1686-12-13T05:26:05Z"])
def test_by_api_no_incident_happens_in_another_night_or_the_future(night, program, at):
    body = {"kind": "fire", "severity": 4, "place": "canteen", "happened_at": at}

    answer = program("night_worker")(reverse("api:incidents"), **body)

    assert (answer.status_code, answer.json()["code"], Incident.objects.count()) == (422, "invalid", 0)


@pytest.mark.parametrize("severity", [0, 5, "grave"])
def test_by_api_a_severity_is_one_to_four(night, program, severity):
    answer = program("night_worker")(reverse("api:incidents"), kind="fire", severity=severity, place="bus")

    assert (answer.status_code, Incident.objects.count()) == (400, 0)


# Exclusions on the screens.


def test_nobody_seconds_their_own_exclusion(night, guest, program, people):
    answer = program("coordinator")(
        reverse("api:exclusions", args=[guest().pk]), category="theft", first_night=f"{TONIGHT}",
        last_night=f"{TOMORROW}", seconded_by=people[Role.COORDINATOR].pk,
    )  # fmt: skip

    assert (answer.status_code, answer.json().get("code")) == (422, "second_person_needed")


def test_opening_a_file_to_change_it_and_reading_exclusions_leave_a_line(night, guest, client_as, api_as):
    known = guest()
    client_as("field_worker").get(reverse("guest-change", args=[known.pk]))
    api_as("night_lead").get(reverse("api:exclusions", args=[known.pk]))

    read = [(line.occupant_id, line.facts["fields"]) for line in lines("guest_read")]

    assert read == [(known.occupant_id, ["names", "needs"]), (known.occupant_id, ["exclusions"])]


# Handover.


@pytest.fixture
def much_is_open(night, here, guest, house):
    """Something of every kind that the next shift must know, and of each something it need not."""
    hibou, grue, merle = (here(*who) for who in (("Hibou", "MA1"), ("Grue", "MA2"), ("Merle", "MB1")))
    ends, runs = guest("Pic"), guest("Milan")
    for somebody, until in ((ends, TONIGHT), (runs, TOMORROW)):
        admission.exclude(
            occupant=somebody.occupant, category="rules", first_night=YESTERDAY, last_night=until, by=BUILDER
        )
    admission.keep_apart(one=hibou.occupant, other=merle.occupant, by=BUILDER)
    admission.keep_apart(one=grue.occupant, other=ends.occupant, by=BUILDER)
    watching.go_out(
        bed_night=grue, kind="work", expected_at=nights.instant_of(TONIGHT, clock.now().time()), by=BUILDER
    )
    early = guest("Alouette", wakes_at="05:30")
    door.register_for_tonight(guest=early, night=night, by=BUILDER)
    lark = door.check_in(guest=early, night=night, by=BUILDER, bed=house.beds["MB2"])
    housekeeping.close_bed(bed=house.beds["WO1"], reason="repair", by=BUILDER, first_night=TONIGHT)
    housekeeping.close_bed(bed=house.beds["WO2"], reason="repair", by=BUILDER, first_night=TOMORROW)
    verbs.keep_thing(occupant=hibou.occupant, kind="seized", number="12", what="canif", by=BUILDER)
    verbs.add_task(what="Lampe", by=BUILDER)
    verbs.finish_task(task=verbs.add_task(what="Savon", by=BUILDER), by=BUILDER)
    return {"hibou": hibou, "grue": grue, "merle": merle, "ends": ends, "lark": lark}


def test_open_points_fill_themselves_in(much_is_open, night):
    points = [(point.kind, point.occupant) for point in queries.open_points(night)]

    assert points == [
        ("exclusion_ends", much_is_open["ends"].occupant_id),
        ("kept_apart", much_is_open["hibou"].occupant_id),
        ("expected_back", much_is_open["grue"].occupant_id),
        ("wake_up", much_is_open["lark"].occupant_id),
        ("defect", None),
        ("belonging", much_is_open["hibou"].occupant_id),
        ("task", None),
    ]


def test_the_handover_keeps_the_points_the_words_and_the_figures_of_its_moment(
    much_is_open, night, tablet, people
):
    tablet("night_lead").open(reverse("handover")).press("Hand over", words="Soirée calme.")

    kept = Handover.objects.get()
    assert (kept.words, kept.written_by, kept.written_at) == (
        "Soirée calme.",
        people[Role.NIGHT_LEAD],
        clock.now(),
    )
    assert (kept.figures["present"], kept.figures["out"], kept.items.count()) == (4, 1, 7)
    assert list(kept.items.filter(kind="task").values_list("detail", flat=True)) == ["Lampe"]
    (line,) = lines("handed_over")
    assert line.facts == {"handover": kept.pk, "points": 7}


def test_what_opens_after_the_handover_is_not_in_it(much_is_open, night):
    kept = verbs.hand_over(night=night, words="", by=BUILDER)

    verbs.add_task(what="Eau", by=BUILDER)

    assert kept.items.filter(kind="task").count() == 1


def test_a_pair_is_named_by_numbers_and_without_a_reason(much_is_open, night):
    (point,) = [point for point in queries.open_points(night) if point.kind == "kept_apart"]

    assert point.detail.split()[-1] == much_is_open["merle"].occupant.number


def test_a_pair_is_told_under_the_number_that_stands(night, here, guest):
    old, other = guest("Milane"), here("Grue", "MA2")
    admission.keep_apart(one=old.occupant, other=other.occupant, by=BUILDER)
    stays = here("Milan", "MB1")
    merging.merge(kept=stays.occupant, gone=old.occupant, by=BUILDER)

    kinds = [point.kind for point in queries.open_points(night)]

    assert kinds == ["kept_apart"]


def test_in_the_cold_everybody_excluded_waits_for_a_decision(night, guest):
    known = [guest(name) for name in ("Pic", "Milan")]
    spell = admission.declare_cold_spell(first_night=TONIGHT, last_night=TONIGHT, by=BUILDER)
    rows = [
        admission.exclude(
            occupant=each.occupant, category="rules", first_night=TONIGHT, last_night=TOMORROW, by=BUILDER
        )
        for each in known
    ]
    admission.decide_in_the_cold(
        exclusion=rows[0], cold_spell=spell, admitted=True, risk_note="Chambre IS", by=BUILDER
    )

    points = [(point.kind, point.occupant) for point in queries.open_points(night)]

    assert points == [("cold_decision", known[1].occupant_id)]


def test_points_stay_on_the_page_until_somebody_has_read_them(much_is_open, night, tablet, people):
    verbs.hand_over(night=night, words="", by=BUILDER)
    first, *rest = HandoverItem.objects.order_by("id").values_list("pk", flat=True)
    browser = tablet("night_lead").open(reverse("handover"))

    before = browser.sees("7 points not read yet")
    browser.press("Read: I take over", item=str(first))
    after = browser.sees("6 points not read yet")
    browser.press("Read: I take over", item=[str(pk) for pk in rest])

    assert (before, after, browser.may_press("Read: I take over")) == (True, True, False)
    assert set(HandoverItem.objects.values_list("acknowledged_by", flat=True)) == {people[Role.NIGHT_LEAD].pk}


def test_unread_points_are_counted_on_the_page_of_the_night_also_tomorrow(
    much_is_open, night, tablet, clock_at
):
    verbs.hand_over(night=night, words="", by=BUILDER)
    clock_at(f"{TOMORROW} 20:00")

    browser = tablet("night_lead").open(reverse("night"))

    assert browser.sees("7 points not read yet")


def test_the_first_who_reads_a_point_is_the_one_who_counts(much_is_open, night, by, people):
    items = list(verbs.hand_over(night=night, words="", by=BUILDER).items.values_list("pk", flat=True))

    read = [verbs.acknowledge(items=items, by=by(role)) for role in ("night_lead", "coordinator")]

    assert read == [len(items), 0]
    assert set(HandoverItem.objects.values_list("acknowledged_by", flat=True)) == {people[Role.NIGHT_LEAD].pk}
    (line,) = lines("point_acknowledged")
    assert line.facts == {"points": items}


def test_by_api_a_handover_is_written_once_per_key_and_its_points_read(much_is_open, program, api_as):
    path, key = reverse("api:handovers"), uuid4().hex
    write = program("night_lead")

    first, second = (write(path, key=key, words="Calme") for _twice in range(2))
    items = [item["id"] for item in first.json()["items"]]
    read = write(path, verb="patch", items=items)

    listed = api_as("night_lead").get(path).json()["results"]
    assert (first.status_code, second.json(), Handover.objects.count()) == (201, first.json(), 1)
    assert (read.status_code, {item["acknowledged_at"] is None for item in listed[0]["items"]}) == (
        200,
        {False},
    )


# Things to do.


def test_a_task_stands_until_somebody_has_done_it(night, tablet, people):
    browser = tablet().open(reverse("handover")).press("Add", what="Changer la lampe")
    listed = browser.sees("Changer la lampe")

    browser.press("Done")

    task = Task.objects.get()
    assert (listed, browser.sees("Nothing to do"), task.done_by) == (True, True, people[Role.NIGHT_WORKER])


def test_a_task_done_twice_was_done_the_first_time(night, by, people):
    task = verbs.add_task(what="Lampe", by=BUILDER)

    for role in ("night_worker", "night_lead"):
        verbs.finish_task(task=task, by=by(role))

    assert (Task.objects.get().done_by, len(lines("task_done"))) == (people[Role.NIGHT_WORKER], 1)


# Things kept.

KEEP = "Keep"


@pytest.fixture
def keep(here, tablet):
    """Keeps something of Hibou's on the page: `keep(number="7")`."""
    owner = here().occupant

    def kept(**answers):
        asked = {"kind": "locker", "number": "7", "guest": owner.number} | answers
        page = reverse("belongings")
        browser = tablet().open(page)
        form = next(form for form in browser.page.forms if "number" in form.answers)
        return browser.send(page, "post", form.answers | asked)

    return kept


def test_a_thing_is_kept_under_its_number_for_its_owner(keep):
    browser = keep(what="sac bleu", until=TOMORROW.isoformat())

    thing = Belonging.objects.get()
    assert (thing.kind, thing.number, thing.what, thing.until) == ("locker", "7", "sac bleu", TOMORROW)
    assert (browser.status, browser.sees("sac bleu"), browser.sees("until 22.11.")) == (200, True, True)
    (line,) = lines("thing_kept")
    assert (line.occupant_id, line.facts) == (thing.occupant_id, {"kind": "locker", "number": "7"})


def test_a_number_in_use_is_told_and_nothing_is_lost(keep):
    keep()

    browser = keep(what="sac rouge")

    assert (browser.status, browser.sees("Number 7 is in use already")) == (409, True)
    assert Belonging.objects.count() == 1
    (form,) = [form for form in browser.page.forms if "what" in form.answers]
    assert form.answers["what"] == ["sac rouge"]


@pytest.mark.parametrize("kind", ["luggage", "pet", "seized"])
def test_the_same_number_may_stand_for_something_of_another_kind(keep, kind):
    keep()

    assert (keep(kind=kind).status, Belonging.objects.count()) == (200, 2)


def test_handed_back_a_number_is_free_again(keep, tablet):
    keep().press("Handed back")

    again = keep()

    assert (again.status, Belonging.objects.filter(handed_back_at=None).count()) == (200, 1)
    assert Belonging.objects.count() == 2


def test_handed_back_twice_it_went_back_the_first_time(keep, by, people):
    keep()

    for role in ("night_worker", "night_lead"):
        verbs.hand_back(belonging=Belonging.objects.get(), by=by(role))

    assert Belonging.objects.get().handed_back_by == people[Role.NIGHT_WORKER]
    assert len(lines("thing_handed_back")) == 1


def test_a_number_given_on_two_tablets_at_once_is_refused_on_one(night, guest):
    """The question whether it is free was answered before the other tablet wrote."""
    thing = {"occupant": guest().occupant, "kind": "locker", "number": "7", "by": BUILDER}
    verbs.keep_thing(**thing)

    with mock.patch.object(QuerySet, "exists", lambda rows: False), pytest.raises(NumberTaken):
        verbs.keep_thing(**thing)


def unclaimed():
    return set(queries.unclaimed().values_list("number", flat=True))


@pytest.mark.parametrize(("days", "late"), [(30, set()), (31, {"7"})])
def test_things_of_people_long_gone_are_unclaimed_after_the_days_set(
    night, guest, clock_at, tablet, days, late
):
    verbs.keep_thing(occupant=guest("Hibou").occupant, kind="locker", number="7", by=BUILDER)

    clock_at(f"{TONIGHT + timedelta(days=days)} 20:14")

    assert unclaimed() == late
    assert tablet().open(reverse("belongings")).sees("1 unclaimed") == bool(late)


def test_how_many_days_is_a_setting(night, guest, clock_at):
    planning.change_setting(key="unclaimed_days", value="5", first_night=TOMORROW, reason="test", by=BUILDER)
    verbs.keep_thing(occupant=guest("Hibou").occupant, kind="locker", number="7", by=BUILDER)

    clock_at(f"{TONIGHT + timedelta(days=6)} 20:14")

    assert unclaimed() == {"7"}


def test_things_of_somebody_who_sleeps_here_are_not_unclaimed(here, clock_at, night):
    verbs.keep_thing(occupant=here().occupant, kind="locker", number="7", by=BUILDER)
    Belonging.objects.update(kept_at=instant("2026-10-01 20:00"))

    assert unclaimed() == set()


def test_things_of_a_joined_file_are_not_unclaimed_while_the_person_sleeps_here(here, guest):
    old = guest("Hibouu")
    verbs.keep_thing(occupant=old.occupant, kind="locker", number="7", by=BUILDER)
    Belonging.objects.update(kept_at=instant("2026-10-01 20:00"))
    merging.merge(kept=here().occupant, gone=old.occupant, by=BUILDER)

    assert unclaimed() == set()


def test_things_handed_back_are_not_unclaimed(night, guest, clock_at):
    thing = verbs.keep_thing(occupant=guest().occupant, kind="locker", number="7", by=BUILDER)
    verbs.hand_back(belonging=thing, by=BUILDER)

    clock_at(f"{TONIGHT + timedelta(days=60)} 20:14")

    assert unclaimed() == set()


def test_by_api_a_thing_is_kept_once_per_key_and_handed_back(here, program):
    body = {"guest": here().occupant.guest.pk, "kind": "pet", "number": "D1", "what": "chien"}
    path, key = reverse("api:belongings"), uuid4().hex
    write = program("night_worker")

    first, second = (write(path, key=key, **body) for _twice in range(2))
    taken = write(path, **body)
    back = write(reverse("api:belonging", args=[first.json()["id"]]), verb="patch")

    assert (first.status_code, second.json(), Belonging.objects.count()) == (201, first.json(), 1)
    assert (taken.status_code, taken.json()["code"]) == (409, "number_taken")
    assert (back.status_code, back.json()["handed_back_at"] is None) == (200, False)


# Numbers of services.

SAVE = "Save"


def standing():
    return dict(Tally.objects.filter(day=TONIGHT).values_list("service", "number"))


@pytest.mark.parametrize(
    "role", ["night_worker", "night_lead", "field_worker", "nurse", "volunteer", "coordinator"]
)
def test_everybody_enters_the_services_they_render_and_no_other(night, tablet, role):
    mine = {name for name, roles in TALLIES.items() if role in roles}
    browser = tablet(role).open(reverse("tallies"))
    asked = set(browser.answers(SAVE)) - {"csrfmiddlewaretoken"}

    browser.press(SAVE, **dict.fromkeys(TALLIES, "9"))

    assert (asked, standing()) == (mine, dict.fromkeys(mine, 9))


def test_numbers_of_others_are_shown_beside_and_not_asked(night, tablet):
    verbs.enter_tallies(day=TONIGHT, numbers={"nurse": 417}, by=BUILDER)

    browser = tablet().open(reverse("tallies"))

    assert ("nurse" in browser.answers(SAVE), browser.sees("417")) == (False, True)


def test_meals_derived_from_nights_slept_stand_beside_those_served(here, tablet, clock_at):
    rows = [here(name, bed) for name, bed in (("Hibou", "MA1"), ("Grue", "MA2"), ("Merle", "MA3"))]
    clock_at(f"{TONIGHT} 23:00")
    placing.leave(bed_night=rows[2], by=BUILDER)
    verbs.enter_tallies(day=TONIGHT, numbers={"suppers": 3}, by=BUILDER)
    clock_at(f"{TOMORROW} 08:00")

    page = tablet().open(reverse("tallies-day", args=[TONIGHT]))

    words = "".join(page.page.words)
    assert words.partition("suppers and breakfasts, derived: 2 × nights slept")[2].split()[0] == "4"
    assert page.answers(SAVE)["suppers"] == ["3"]


def test_a_number_is_tied_to_a_day_and_to_nobody(night, tablet, people):
    tablet().open(reverse("tallies-day", args=[YESTERDAY])).press(SAVE, suppers="212")

    row = Tally.objects.get()
    assert (row.day, row.service, row.number, row.entered_by) == (
        YESTERDAY,
        "suppers",
        212,
        people[Role.NIGHT_WORKER],
    )
    (line,) = lines("tally_entered")
    assert (line.occupant_id, line.facts["number"], line.facts["was"]) == (None, 212, None)


def test_a_corrected_number_tells_what_it_was_and_an_empty_field_changes_nothing(night, tablet):
    for number in ("212", "213", "213", ""):
        tablet().open(reverse("tallies")).press(SAVE, suppers=number)

    told = [(line.facts["was"], line.facts["number"]) for line in lines("tally_entered")]
    assert (told, standing()) == ([(None, 212), (212, 213)], {"suppers": 213})


@pytest.mark.parametrize("number", ["-1", "5001", "many", "1.5"])
def test_what_is_no_number_is_sent_back(night, tablet, number):
    browser = tablet().open(reverse("tallies")).press(SAVE, suppers=number)

    assert (browser.status, browser.answers(SAVE)["suppers"], standing()) == (422, [number], {})


def test_a_number_a_colleague_entered_meanwhile_is_not_wiped_by_an_older_page(night, tablet):
    older = tablet().open(reverse("tallies"))
    tablet("night_lead").open(reverse("tallies")).press(SAVE, showers="41")

    older.press(SAVE, suppers="212")

    assert standing() == {"suppers": 212, "showers": 41}


# Ways onward.


def test_a_way_onward_is_noted_on_the_card_and_whether_they_arrived(night, guest, tablet):
    known = guest("Hibou")
    browser = tablet("field_worker").open(reverse("guest", args=[known.pk]))
    form = next(form for form in browser.page.forms if form.action.endswith("/refer/"))

    browser.send(form.action, "post", form.answers | {"target": ["hospital"]})
    row = Referral.objects.get()
    made = (row.target, row.same_day, row.made_on, row.outcome)
    browser.press("not arrived")

    row.refresh_from_db()
    assert made == ("hospital", True, TONIGHT, "unknown")
    assert (row.outcome, browser.sees("did not arrive")) == ("not_arrived", True)
    told = [(line.verb, line.occupant_id, line.facts) for line in lines("referred", "referral_ended")]
    assert told == [
        ("referred", known.occupant_id, {"target": "hospital", "referral": row.pk}),
        ("referral_ended", known.occupant_id, {"referral": row.pk, "outcome": "not_arrived"}),
    ]


def test_a_way_that_is_part_of_a_case_is_told_apart_from_one_for_today(night, guest, client_as):
    known = guest("Hibou")

    client_as("field_worker").post(reverse("guest-refer", args=[known.pk]), {"target": "housing"})

    assert Referral.objects.get().same_day is False


def test_the_same_outcome_twice_is_noted_once(night, guest):
    row = verbs.refer(occupant=guest().occupant, target="halte", day=TONIGHT, by=BUILDER)

    for _twice in range(2):
        verbs.note_arrival(referral=row, outcome="arrived", by=BUILDER)

    assert len(lines("referral_ended")) == 1


def test_at_the_address_of_one_guest_no_referral_of_another_ends(night, guest, client_as):
    row = verbs.refer(occupant=guest().occupant, target="halte", day=TONIGHT, by=BUILDER)
    path = reverse("guest-referral-outcome", args=[guest("Grue").pk, row.pk])

    answer = client_as("field_worker").post(path, {"outcome": "arrived"})

    row.refresh_from_db()
    assert (answer.status_code, row.outcome) == (404, "unknown")


def test_referrals_of_a_joined_file_stand_on_the_card_that_stays(night, guest, tablet):
    kept, gone = guest("Milan"), guest("Milane")
    verbs.refer(occupant=gone.occupant, target="housing", day=TONIGHT, by=BUILDER)
    merging.merge(kept=kept.occupant, gone=gone.occupant, by=BUILDER)

    browser = tablet("field_worker").open(reverse("guest", args=[kept.pk]))

    assert browser.sees("housing, 21.11.2026")
