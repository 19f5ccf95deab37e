"""The evening by API: registrations, offers, check-ins, moves, refusals, and every refusal by its code."""

from datetime import timedelta

import pytest
from django.urls import reverse

from intake.actions import door
from shelter.actions import closing, housekeeping, placing, planning, registering, stepping
from shelter.models import BedNight, LogEntry, Night, Refusal, Registration
from tests.conftest import BUILDER, TONIGHT
from tests.harness import count_queries, same_queries_for

TOMORROW = TONIGHT + timedelta(days=1)


def at(name, day="tonight"):
    return reverse(f"api:{name}", args=[day])


def on(name, row):
    return reverse(f"api:{name}", args=[row if isinstance(row, int) else row.pk])


def code_of(answer):
    return answer.status_code, answer.json()["code"]


def short(guest):
    return {"id": guest.pk, "number": guest.number, "name": guest.full_name}


@pytest.fixture
def write(night, program):
    """The night worker's program."""
    return program("night_worker")


@pytest.fixture
def lead(night, program):
    """The night lead's program."""
    return program("night_lead")


@pytest.fixture
def expected(night, guest):
    """Somebody registered for tonight: `expected()`, `expected("Awa", sleeps="women")`."""

    def registered(*name, **answers):
        known = guest(*name, **answers)
        door.register_for_tonight(guest=known, night=night, by=BUILDER)
        return known

    return registered


@pytest.fixture
def here(expected, night, house):
    """Somebody inside, as their bed-night: `here()` in MA1, `here("MB1")`."""

    def inside(bed="MA1", name="Hibou"):
        return door.check_in(guest=expected(name), night=night, by=BUILDER, bed=house.beds[bed])

    return inside


# Registrations.


def test_a_guest_is_registered_for_tonight(night, guest, write, api_as):
    hibou = guest("Hibou")

    answer = write(at("registrations"), guest=hibou.pk)

    row = Registration.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": row.pk,
        "guest": short(hibou),
        "night": "2026-11-21",
        "registered_at": "2026-11-21T20:14:00+01:00",
        "late": True,
    }
    listed = api_as("field_worker").get(at("registrations", TONIGHT)).json()
    assert (listed["count"], listed["results"]) == (1, [answer.json()])


def test_a_second_registration_is_the_first_one(guest, write):
    hibou = guest("Hibou")

    ids = [write(at("registrations"), guest=hibou.pk).json()["id"] for _time in range(2)]

    assert (ids[0] == ids[1], Registration.objects.count()) == (True, 1)


@pytest.mark.parametrize("by_query", [True, False])
def test_a_registration_is_withdrawn_and_the_bed_kept_is_free(expected, house, night, program, by_query):
    hibou = expected("Hibou")
    placing.hold(occupant=hibou.occupant, bed=house.beds["MA1"], night=night, by=BUILDER)
    path = at("registrations") + (f"?guest={hibou.pk}" if by_query else "")

    answer = program("field_worker")(path, verb="delete", **({} if by_query else {"guest": hibou.pk}))

    assert (answer.status_code, answer.content) == (204, b"")
    assert Registration.objects.filter(withdrawn_at__isnull=True).count() == 0
    assert BedNight.objects.get().state == "released"


def test_who_is_not_registered_cannot_be_taken_off_the_list(guest, write):
    answer = write(at("registrations"), verb="delete", guest=guest().pk)

    assert code_of(answer) == (404, "not_found")


def test_the_list_is_frozen_only_for_those_who_come_later(season, clock_at, guest, program):
    clock_at(f"{TONIGHT} 14:00")
    stepping.step(night=Night.objects.get(date=TONIGHT), to="open", by=BUILDER)
    write = program("field_worker")
    early = write(at("registrations"), guest=guest("Hibou").pk).json()["late"]
    stepping.step(night=Night.objects.get(date=TONIGHT), to="list_frozen", by=BUILDER)
    late = write(at("registrations"), guest=guest("Grue").pk).json()["late"]

    assert (early, late) == (False, True)


# Offers.


def test_offers_come_best_first_each_with_its_reasons(expected, house, night, api_as):
    hibou = expected("Hibou", lower_bed=True)
    placing.hold(occupant=hibou.occupant, bed=house.beds["MB2"], night=night, by=BUILDER)

    told = (
        api_as("night_worker")
        .get(at("bed-offers"), {"guest": hibou.pk}, headers={"Accept-Language": "en"})
        .json()
    )

    first, usable = told["results"][0], [offer["usable"] for offer in told["results"]]
    assert first == {
        "bed": {"id": house.beds["MB2"].pk, "label": "MB2", "dormitory": "Men B"},
        "usable": True,
        "reasons": ["Kept for this person tonight.", "Not a lower bunk."],
    }
    assert (told["count"], len(told["results"]), usable) == (24, 24, [True] * 10 + [False] * 14)


@pytest.mark.parametrize(
    ("asked", "status"), [("", 400), ("Hibou", 400), ("-1", 400), ("0", 404), ("9" * 18, 404)]
)
def test_offers_need_a_guest(night, api_as, asked, status):
    assert api_as("night_worker").get(at("bed-offers"), {"guest": asked}).status_code == status


# Checking in.


def test_a_guest_is_let_into_the_bed_asked_for(expected, house, write):
    hibou = expected("Hibou", family_name="Grand-Duc")

    answer = write(at("check-ins"), guest=hibou.pk, bed=house.beds["MA4"].pk)

    row = BedNight.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": row.pk,
        "guest": short(hibou),
        "bed": {"id": house.beds["MA4"].pk, "label": "MA4"},
        "night": "2026-11-21",
        "state": "in",
        "held_at": None,
        "arrived_at": "2026-11-21T20:14:00+01:00",
        "left_at": None,
    }


def test_without_a_bed_the_one_kept_is_taken_and_else_the_best(expected, house, night, write, api_as):
    kept, other = expected("Hibou"), expected("Grue", dog=True)
    placing.hold(occupant=kept.occupant, bed=house.beds["MB3"], night=night, by=BUILDER)
    best = (
        api_as("night_worker").get(at("bed-offers"), {"guest": other.pk}).json()["results"][0]["bed"]["label"]
    )

    labels = [write(at("check-ins"), guest=guest.pk).json()["bed"]["label"] for guest in (kept, other)]

    assert labels == ["MB3", best]
    assert best.startswith("DG")


def test_a_second_check_in_into_the_same_bed_is_the_first_one(expected, house, write):
    body = {"guest": expected("Hibou").pk, "bed": house.beds["MA1"].pk}

    answers = [write(at("check-ins"), **body) for _time in range(2)]

    assert (answers[0].json(), answers[0].status_code) == (answers[1].json(), 201)
    assert LogEntry.objects.filter(verb="checked_in").count() == 1


def test_an_arrival_is_written_down_at_the_time_it_happened(expected, write):
    answer = write(at("check-ins"), guest=expected().pk, occurred_at="2026-11-21T18:40:00Z")

    assert answer.json()["arrived_at"] == "2026-11-21T19:40:00+01:00"


@pytest.mark.parametrize(
    "moment", ["2026-11-21T20:15:00+01:00", "2026-11-21T11:59:59+01:00", "0001-01-01T00:00:00Z"]
)
def test_an_arrival_outside_the_night_or_still_to_come_is_refused(expected, write, moment):
    answer = write(at("check-ins"), guest=expected().pk, occurred_at=moment)

    assert code_of(answer) == (422, "invalid")
    assert BedNight.objects.count() == 0


@pytest.mark.parametrize("day", ["2026-07-14", "0001-01-01", "9999-12-31"])
def test_nobody_is_let_in_on_a_night_that_is_not_planned(expected, write, day):
    assert code_of(write(at("check-ins", day), guest=expected().pk)) == (404, "not_found")


# Every refusal by its code, demanded once.


def test_bed_taken(here, expected, house, write):
    here("MA1")

    assert code_of(write(at("check-ins"), guest=expected().pk, bed=house.beds["MA1"].pk)) == (
        409,
        "bed_taken",
    )


def test_already_placed(here, house, write):
    row = here("MA1")

    answer = write(at("check-ins"), guest=row.occupant.guest.pk, bed=house.beds["MA2"].pk)

    assert code_of(answer) == (409, "already_placed")
    assert answer.json()["facts"] == {"bed": "MA1"}


def test_house_full(here, expected, house, write):
    planning.change_setting(
        key="open_places", value="1", first_night=TONIGHT, by=BUILDER, reason="fire brigade"
    )
    here("MA1")

    assert code_of(write(at("check-ins"), guest=expected().pk, bed=house.beds["MA2"].pk)) == (
        409,
        "house_full",
    )


def test_house_full_when_no_bed_is_free(expected, house, write):
    for room in house.dormitories.values():
        housekeeping.close_dormitory(dormitory=room, reason="other", by=BUILDER, first_night=TONIGHT)

    assert code_of(write(at("check-ins"), guest=expected().pk)) == (409, "house_full")


def test_zone_full(expected, house, write):
    room = house.dormitories["WO"]
    housekeeping.close_dormitory(dormitory=room, reason="other", by=BUILDER, first_night=TONIGHT)

    assert code_of(write(at("check-ins"), guest=expected("Awa", sleeps="women").pk)) == (409, "zone_full")


@pytest.mark.parametrize("label", ["MA1", "EX1"])
def test_bed_out_of_service(expected, house, write, label):
    housekeeping.close_bed(bed=house.beds["MA1"], reason="pests", by=BUILDER, first_night=TONIGHT)

    answer = write(at("check-ins"), guest=expected().pk, bed=house.beds[label].pk)

    assert code_of(answer) == (409, "bed_out_of_service")


def test_a_bed_that_does_not_stand_in_the_house_is_out_of_service(expected, write):
    assert code_of(write(at("check-ins"), guest=expected().pk, bed=2**62)) == (409, "bed_out_of_service")


def test_wrong_zone(expected, house, write):
    answer = write(at("check-ins"), guest=expected().pk, bed=house.beds["WO1"].pk)

    assert (code_of(answer), answer.json()["facts"]) == ((409, "wrong_zone"), {"bed": "WO1", "zone": "women"})


def test_where_to_sleep_is_talked_over_first(expected, write):
    assert code_of(write(at("check-ins"), guest=expected(sleeps="ask").pk)) == (409, "where_to_sleep_open")


def test_night_not_open_before_the_doors_open(expected, write):
    assert code_of(write(at("check-ins", TOMORROW), guest=expected().pk)) == (409, "night_not_open")


def test_night_not_open_after_the_night_is_closed(here, guest, write, night, by):
    closing.close_night(night=night, bed_nights=[here().pk], by=by("night_lead"))

    assert code_of(write(at("registrations"), guest=guest().pk)) == (409, "night_not_open")


def test_doors_closed(expected, night, write):
    late = expected()
    stepping.step(night=night, to="doors_closed", by=BUILDER)

    assert code_of(write(at("check-ins"), guest=late.pk)) == (409, "doors_closed")


@pytest.mark.parametrize(
    ("name", "body"),
    [("check-ins", {}), ("registrations", {}), ("refusals", {"reason": "other"})],
)
def test_night_sealed(night, guest, write, by, name, body):
    known = guest()
    stepping.step(night=night, to="definitive", by=by("coordinator"))

    assert code_of(write(at(name), guest=known.pk, **body)) == (409, "night_sealed")


@pytest.mark.parametrize("verb", ["check-out", "return", "undo", "move"])
def test_nothing_on_a_bed_of_a_sealed_night_changes(here, house, night, write, by, verb):
    row = here()
    closing.close_night(night=night, bed_nights=[row.pk], by=by("night_lead"))
    stepping.step(night=night, to="definitive", by=by("coordinator"))

    answer = write(on(verb, row), **({"bed": house.beds["MA2"].pk} if verb == "move" else {}))

    told = (200, None) if verb == "check-out" else (409, "night_sealed")  # gone already: it is so
    assert (answer.status_code, answer.json().get("code")) == told
    assert LogEntry.objects.filter(bed_night=row).latest("id").verb == "left"


def test_hold_lapsed(expected, house, night, write):
    kept = placing.hold(occupant=expected().occupant, bed=house.beds["MA1"], night=night, by=BUILDER)
    placing.release(bed_night=kept, by=BUILDER, cause="no_show")

    answers = [write(on("move", kept), bed=house.beds["MA2"].pk), write(on("check-out", kept))]

    assert [code_of(answer) for answer in answers] == [(409, "hold_lapsed")] * 2


def test_not_registered(guest, night, write):
    assert code_of(write(at("check-ins"), guest=guest().pk)) == (409, "not_registered")


def test_stale_version(here, write):
    row = here()
    first = write(on("undo", row))

    again = write(on("undo", row))

    assert (first.status_code, first.json()["state"]) == (200, "undone")
    assert code_of(again) == (409, "stale_version")


def test_not_allowed(night, guest, program):
    assert code_of(program("field_worker")(at("check-ins"), guest=guest().pk)) == (403, "not_allowed")


# Starred refusals give way to a written reason from somebody who may.


@pytest.fixture
def starred(expected, guest, house, night):
    """For each starred refusal a check-in that meets it."""

    def meeting(code):
        if code == "wrong_zone":
            return {"guest": expected().pk, "bed": house.beds["WO1"].pk}
        if code == "not_registered":
            return {"guest": guest().pk}
        late = expected().pk
        stepping.step(night=night, to="doors_closed", by=BUILDER)
        return {"guest": late}

    return meeting


STARRED = pytest.mark.parametrize("code", ["wrong_zone", "not_registered", "doors_closed"])


@STARRED
def test_the_night_lead_overrides_with_a_reason_that_the_log_keeps(starred, lead, people, code):
    answer = lead(at("check-ins"), override_reason="Brought by the police", **starred(code))

    line = LogEntry.objects.get(verb="checked_in")
    assert (answer.status_code, answer.json()["state"]) == (201, "in")
    assert (line.reason, line.facts["overridden"], line.by) == (
        "Brought by the police",
        [code],
        people["night_lead"],
    )


@STARRED
@pytest.mark.parametrize("reason", ["", " ", "\u202e\x00"])
def test_without_a_reason_the_night_lead_may_not_either(starred, lead, code, reason):
    assert code_of(lead(at("check-ins"), override_reason=reason, **starred(code))) == (409, code)


@STARRED
def test_the_night_worker_may_not_whatever_the_reason(starred, write, code):
    assert code_of(write(at("check-ins"), override_reason="Cold", **starred(code))) == (409, code)
    assert BedNight.objects.count() == 0


def test_a_reason_opens_no_bed_that_is_taken(here, expected, house, lead):
    here("MA1")

    answer = lead(at("check-ins"), guest=expected().pk, bed=house.beds["MA1"].pk, override_reason="please")

    assert code_of(answer) == (409, "bed_taken")


def test_several_stars_are_overridden_together(guest, house, night, lead):
    stepping.step(night=night, to="doors_closed", by=BUILDER)

    lead(at("check-ins"), guest=guest().pk, bed=house.beds["WO1"].pk, override_reason="police")

    codes = LogEntry.objects.get(verb="checked_in").facts["overridden"]
    assert codes == ["not_registered", "doors_closed", "wrong_zone"]


def test_a_reason_that_was_not_needed_is_not_an_override(expected, lead):
    lead(at("check-ins"), guest=expected().pk, override_reason="just in case")

    line = LogEntry.objects.get(verb="checked_in")
    assert (line.reason, line.facts.get("overridden")) == ("", None)


# One bed-night.


def test_a_bed_night_is_read(here, api_as):
    row = here()

    told = api_as("night_worker").get(on("bed-night", row)).json()

    assert (told["id"], told["state"], told["bed"]["label"]) == (row.pk, "in", "MA1")


def test_out_and_back_and_undone(here, write):
    row = here()

    states = [
        write(on(verb, row)).json()["state"] for verb in ("check-out", "return", "undo", "undo", "undo")
    ]

    assert states == ["left", "in", "left", "in", "undone"]


def test_a_guest_moves_and_the_move_is_taken_back(here, house, write):
    row = here("MA1")

    moved = write(on("move", row), bed=house.beds["MB1"].pk).json()
    back = write(on("undo", row)).json()

    assert (moved["bed"]["label"], back["bed"]["label"]) == ("MB1", "MA1")


def test_a_move_into_the_wrong_zone_needs_the_lead(here, house, write, lead):
    row, bed = here("MA1"), house.beds["WO1"].pk

    refused = write(on("move", row), bed=bed, override_reason="quarrel")
    moved = lead(on("move", row), bed=bed, override_reason="quarrel")

    assert code_of(refused) == (409, "wrong_zone")
    assert (moved.status_code, moved.json()["bed"]["label"]) == (200, "WO1")
    assert LogEntry.objects.get(verb="moved").facts["overridden"] == ["wrong_zone"]


def test_a_bed_kept_is_released_by_hand_and_kept_again(expected, house, night, write):
    kept = placing.hold(occupant=expected().occupant, bed=house.beds["MA1"], night=night, by=BUILDER)

    states = [write(on(verb, kept)).json()["state"] for verb in ("release", "undo")]

    assert states == ["released", "held"]


@pytest.mark.parametrize("verb", ["check-out", "move", "return", "release", "undo"])
def test_a_bed_night_that_is_not_there_is_404(night, house, write, verb):
    body = {"bed": house.beds["MA1"].pk} if verb == "move" else {}

    answers = [write(on(verb, pk), **body) for pk in (0, 10**30)]

    assert [code_of(answer) for answer in answers] == [(404, "not_found")] * 2


# Refusals, board, presence.


def test_somebody_without_a_file_is_refused_with_one_reason(night, write, api_as):
    answer = write(
        at("refusals"), reason="minor_redirected", referral="minors", description="homme, environ 16 ans"
    )

    row = Refusal.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": row.pk,
        "guest": None,
        "night": "2026-11-21",
        "reason": "minor_redirected",
        "referral": "minors",
        "outcome": "unknown",
        "description": "homme, environ 16 ans",
        "seen_sex": "",
        "seen_age": "",
        "asked_before": False,
        "refused_at": "2026-11-21T20:14:00+01:00",
    }
    assert api_as("field_worker").get(at("refusals")).json()["results"] == [answer.json()]


def test_a_guest_refused_loses_the_bed_kept(expected, house, night, write):
    hibou = expected("Hibou")
    placing.hold(occupant=hibou.occupant, bed=house.beds["MA1"], night=night, by=BUILDER)

    answer = write(at("refusals"), guest=hibou.pk, reason="offer_declined")

    assert (answer.status_code, answer.json()["guest"]) == (201, short(hibou))
    assert BedNight.objects.get().state == "released"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "reason"),
        ({"reason": ["no_place", "other"]}, "reason"),
        ({"reason": "no_place", "referral": "moon"}, "referral"),
        ({"reason": "no_place", "guest": 0}, "guest"),
        ({"reason": "no_place", "description": "x" * 81}, "description"),
    ],
)
def test_a_refusal_has_exactly_one_known_reason(night, write, asked, field):
    answer = write(at("refusals"), **asked)

    assert (answer.status_code, list(answer.json()["facts"])) == (400, [field])
    assert Refusal.objects.count() == 0


def test_the_board_tells_every_bed_and_who_lies_in_it(here, expected, house, night, api_as):
    row, hibou = here("MA1"), expected("Grue")
    placing.hold(occupant=hibou.occupant, bed=house.beds["MA2"], night=night, by=BUILDER)
    housekeeping.close_bed(
        bed=house.beds["MA3"], reason="pests", by=BUILDER, first_night=TONIGHT, last_night=TOMORROW
    )

    told = {bed["label"]: bed for bed in api_as("night_worker").get(at("board")).json()["results"]}

    assert len(told) == 24
    assert told["MA1"] == {
        "id": house.beds["MA1"].pk,
        "label": "MA1",
        "dormitory": "Men A",
        "zone": "men",
        "level": "bottom",
        "step_free": False,
        "layer": "nominal",
        "state": "occupied",
        "closed_for": None,
        "closed_until": None,
        "bed_night": row.pk,
        "guest": short(row.occupant.guest),
    }
    assert (told["MA2"]["state"], told["MA2"]["guest"]) == ("held", short(hibou))
    assert (told["MA3"]["state"], told["MA3"]["closed_for"], told["MA3"]["closed_until"]) == (
        "closed",
        "pests",
        "2026-11-22",
    )
    assert (told["EX1"]["state"], told["MB1"]["state"]) == ("not_open", "free")


def test_presence_counts_who_is_inside_by_dormitory(here, write, api_as):
    rows = [here("MA2", "Hibou"), here("MA1", "Grue"), here("MB1", "Merle"), here("MA3", "Pic")]
    write(on("check-out", rows[3]))

    told = api_as("night_worker").get(at("presence")).json()

    assert (told["total"], [(room["dormitory"], room["present"]) for room in told["results"]]) == (
        3,
        [("Men A", 2), ("Men B", 1)],
    )
    assert told["results"][0]["people"] == [
        {"bed": "MA1", "guest": short(rows[1].occupant.guest)},
        {"bed": "MA2", "guest": short(rows[0].occupant.guest)},
    ]


def test_somebody_whose_file_is_forgotten_stays_as_a_number_of_nobody(occupant, house, night, api_as):
    placing.check_in(
        occupant=occupant(), bed=house.beds["MA1"], night=night, by=BUILDER, override_reason="police"
    )
    registering.turn_away(occupant=occupant(), night=night, reason="other", by=BUILDER)
    client = api_as("night_worker")

    told = {name: client.get(at(name)).json()["results"] for name in ("presence", "refusals", "board")}

    assert told["presence"][0]["people"] == [{"bed": "MA1", "guest": None}]
    assert told["refusals"][0]["guest"] is None
    assert told["board"][0]["guest"] is None


@pytest.mark.parametrize("name", ["registrations", "board", "presence", "bed-offers"])
def test_more_people_do_not_mean_more_queries(here, house, api_as, name):
    client, first = api_as("night_worker"), here("MA1", "Hibou")
    asked = {"guest": first.occupant.guest.pk}
    client.get(at(name), asked)

    with count_queries() as few:
        client.get(at(name), asked)
    for label in ("MA2", "MA3", "MB1", "MB2"):
        here(label, "Grue")
    with count_queries() as many:
        client.get(at(name), asked)

    same_queries_for(few, many)


# Keys at the door.

DOOR_PATHS = ("registrations", "check-ins", "refusals")
BED_NIGHT_PATHS = ("check-out", "move", "return", "release", "undo")


@pytest.mark.parametrize("name", [*DOOR_PATHS, *BED_NIGHT_PATHS])
def test_a_write_at_the_door_without_a_key_is_refused_and_does_nothing(here, house, api_as, name):
    row = here("MA1")
    path = at(name) if name in DOOR_PATHS else on(name, row)
    body = {"guest": row.occupant.guest.pk, "bed": house.beds["MA2"].pk, "reason": "other"}
    lines = LogEntry.objects.exclude(verb="token_issued").count()

    answer = api_as("night_worker").post(path, body, format="json")

    assert (code_of(answer), list(answer.json()["facts"])) == ((400, "invalid"), ["Idempotency-Key"])
    assert LogEntry.objects.exclude(verb="token_issued").count() == lines


def test_the_same_key_lets_in_once_and_answers_the_same_even_after_they_left(expected, write):
    body = {"guest": expected().pk}
    first = write(at("check-ins"), key="tap", **body)
    write(on("check-out", first.json()["id"]))

    second = write(at("check-ins"), key="tap", **body)

    assert (second.status_code, second.json()) == (201, first.json())
    assert BedNight.objects.get().state == "left"


def test_the_same_key_for_somebody_else_is_refused(expected, write):
    write(at("check-ins"), key="tap", guest=expected("Hibou").pk)

    assert code_of(write(at("check-ins"), key="tap", guest=expected("Grue").pk)) == (422, "key_reused")


def test_a_second_tap_on_refuse_writes_one_refusal(night, write):
    answers = [write(at("refusals"), key="tap", reason="other") for _time in range(2)]

    assert (answers[0].json() == answers[1].json(), Refusal.objects.count()) == (True, 1)


def test_a_second_tap_on_undo_takes_back_one_act(here, write):
    row = here()
    write(on("check-out", row))

    states = [write(on("undo", row), key="tap").json()["state"] for _time in range(2)]

    assert (states, BedNight.objects.get().state) == (["in", "in"], "in")
