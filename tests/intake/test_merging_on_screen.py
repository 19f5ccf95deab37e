"""Two files of one person, joined and taken apart on the guest card and by API."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from intake import queries
from intake.actions import door
from shelter.actions import admission, closing, stepping
from shelter.models import BedNight, LogEntry, Merge, Night, Role
from tests.conftest import BUILDER, TONIGHT
from tests.plain_browser import PlainBrowser
from tests.transactions import house_is_outermost

JOIN, APART = "Join: this file stays", "Take apart again"
YESTERDAY = TONIGHT - timedelta(days=1)


@pytest.fixture(autouse=True)
def outermost():
    with house_is_outermost():
        yield


@pytest.fixture
def files(night, guest):
    """Two files of one person: the one that is to stay, and the other."""
    return guest("Mohamed", family_name="Bulbul"), guest("Muhammad", family_name="Boulboul")


@pytest.fixture
def card_of(people):
    """The guest card as the coordinator has it: `card_of(guest)`; `card_of(guest, "night_lead")`."""

    def opened(guest, role="coordinator"):
        return PlainBrowser(people[Role(role)]).open(reverse("guest", args=[guest.pk]))

    return opened


def let_in(guest, night, bed):
    return door.check_in(guest=guest, night=night, by=BUILDER, bed=bed, override_reason="test")


def words(*verbs):
    return list(LogEntry.objects.filter(verb__in=verbs).order_by("id").values_list("verb", "occupant"))


# On the guest card.


def test_two_files_become_one_and_the_card_of_the_first_tells_so(files, card_of):
    kept, gone = files

    browser = card_of(kept).press(JOIN, other=gone.number)

    row = Merge.objects.get()
    assert (row.kept_id, row.gone_id) == (kept.occupant_id, gone.occupant_id)
    assert (browser.at.partition("#")[0], browser.may_press(APART)) == (
        reverse("guest", args=[kept.pk]),
        True,
    )
    assert browser.sees(f"number {gone.number}, joined on 21.11.2026")


def test_the_old_address_leads_to_the_file_that_stays(files, card_of):
    kept, gone = files
    card_of(kept).press(JOIN, other=gone.number)

    card, panel = card_of(gone, "night_worker"), card_of(gone, "night_worker")
    panel.open(reverse("door-guest", args=[gone.pk]))

    assert (card.status, card.sees(f"number {kept.number}"), card.sees("BULBUL Mohamed")) == (200, True, True)
    assert (panel.status, panel.sees("BULBUL Mohamed")) == (200, True)


@pytest.mark.parametrize("asked", ["Mohamed Bulbul", "Muhammad Boulboul"])
def test_search_finds_the_person_once_under_both_spellings(files, night, card_of, asked):
    kept, gone = files
    before = {hit.guest.pk for hit in queries.search(asked, night)}
    card_of(kept).press(JOIN, other=gone.number)

    found = [hit.guest.pk for hit in queries.search(asked, night)]

    assert (before, found) == ({kept.pk, gone.pk}, [kept.pk])


def test_the_number_of_the_other_file_finds_the_one_that_stays(files, night, card_of):
    kept, gone = files
    card_of(kept).press(JOIN, other=gone.number)

    assert [hit.guest.pk for hit in queries.search(gone.number, night)] == [kept.pk]


def test_both_histories_stand_on_the_card(season, files, house, by, clock_at, card_of):
    for day, somebody in ((3, files[0]), (2, files[1])):
        clock_at(f"{TONIGHT - timedelta(days=day)} 20:00")
        earlier = Night.objects.get(date=TONIGHT - timedelta(days=day))
        stepping.step(night=earlier, to="doors_open", by=BUILDER)
        row = let_in(somebody, earlier, house.beds["MA1"])
        closing.close_night(night=earlier, bed_nights=[row.pk], by=by("night_lead"))
    clock_at(f"{TONIGHT} 20:14")

    browser = card_of(files[0]).press(JOIN, other=files[1].number)

    assert (browser.sees("2 nights here"), browser.sees("18.11. MA1"), browser.sees("19.11. MA1")) == (
        True,
    ) * 3


def test_the_same_night_in_both_files_is_shown_and_neither_row_is_lost(files, night, house, card_of):
    kept, gone = files
    rows = [let_in(kept, night, house.beds["MA1"]), let_in(gone, night, house.beds["MB1"])]

    browser = card_of(kept).press(JOIN, other=gone.number)

    assert browser.sees("Two beds on the night of 21.11.2026")
    assert [(label in "".join(browser.page.words)) for label in ("MA1", "MB1")] == [True, True]
    assert list(BedNight.objects.order_by("id").values_list("pk", "state")) == [
        (row.pk, "in") for row in rows
    ]


def test_files_without_a_night_in_common_show_no_conflict(files, night, house, card_of):
    kept, gone = files
    let_in(kept, night, house.beds["MA1"])

    browser = card_of(kept).press(JOIN, other=gone.number)

    assert browser.sees("Two beds on the night") is False


def test_taken_apart_on_the_card_each_file_has_its_own_again(files, night, house, card_of):
    kept, gone = files
    let_in(kept, night, house.beds["MA1"]), let_in(gone, night, house.beds["MB1"])

    browser = card_of(kept).press(JOIN, other=gone.number).press(APART)

    other = card_of(gone)
    assert (browser.may_press(APART), browser.sees("Two beds on the night")) == (False, False)
    assert (other.sees("BOULBOUL Muhammad"), other.sees("MB1")) == (True, True)
    assert words("merged", "unmerged") == [
        ("merged", kept.occupant_id),
        ("merged", gone.occupant_id),
        ("unmerged", kept.occupant_id),
        ("unmerged", gone.occupant_id),
    ]


def test_a_second_tap_does_not_join_twice(files, card_of):
    kept, gone = files

    browser = card_of(kept).press(JOIN, other=gone.number).send_again()

    assert (browser.status, Merge.objects.count(), len(words("merged"))) == (200, 1, 2)


def test_a_second_tap_does_not_take_apart_twice(files, card_of):
    kept, gone = files
    card_of(kept).press(JOIN, other=gone.number)

    browser = card_of(kept).press(APART).send_again()

    assert (browser.status, Merge.objects.count(), len(words("unmerged"))) == (200, 1, 2)


@pytest.mark.parametrize("number", ["", "nobody", "999999", "٣"])
def test_a_number_nobody_has_joins_nothing(files, card_of, number):
    browser = card_of(files[0]).press(JOIN, other=number)

    assert (browser.status, Merge.objects.count()) == (422, 0)


def test_a_file_is_not_joined_with_itself(files, card_of):
    browser = card_of(files[0]).press(JOIN, other=files[0].number)

    assert (browser.status, Merge.objects.count()) == (200, 0)


def test_a_merge_is_taken_apart_only_on_the_card_it_belongs_to(files, guest, card_of, client_as):
    kept, gone = files
    card_of(kept).press(JOIN, other=gone.number)
    elsewhere = reverse("guest-unmerge", args=[guest("Grue").pk, Merge.objects.get().pk])

    answer = client_as("coordinator").post(elsewhere)

    assert (answer.status_code, Merge.objects.get().undone_at) == (404, None)


def test_nobody_but_the_coordination_sees_the_buttons(files, card_of):
    kept, gone = files
    card_of(kept).press(JOIN, other=gone.number)

    cards = [card_of(kept, role) for role in ("night_lead", "night_worker", "field_worker", "nurse")]

    assert [(card.may_press(JOIN), card.may_press(APART)) for card in cards] == [(False, False)] * 4


def test_an_exclusion_of_the_joined_file_stands_on_the_card_and_at_the_door(files, night, card_of):
    kept, gone = files
    admission.exclude(
        occupant=gone.occupant, category="theft", first_night=TONIGHT, last_night=TONIGHT, by=BUILDER
    )
    card_of(kept).press(JOIN, other=gone.number)

    card, panel = card_of(kept), card_of(kept).open(reverse("door-guest", args=[kept.pk]))

    assert (card.sees("Excluded until 21.11.2026"), panel.sees("Stop: excluded until 21.11.2026")) == (
        True,
        True,
    )


def test_registered_under_the_old_number_the_person_is_expected_once(files, night, card_of, client_as):
    kept, gone = files
    card_of(kept).press(JOIN, other=gone.number)

    client_as("field_worker").post(reverse("desk-register", args=[gone.pk]))

    assert [hit.guest.pk for hit in queries.expected(night)] == [kept.pk]


def test_somebody_new_with_the_other_spelling_is_told_of_the_file_that_stays(files, card_of):
    kept, gone = files
    card_of(kept).press(JOIN, other=gone.number)

    alike = queries.look_alikes("Muhammad", "Boulboul")

    assert [guest.pk for guest, _score in alike] == [kept.pk]


# By API.


@pytest.fixture
def join(files, program):
    def asked(key=None, **body):
        path = reverse("api:merge", args=[files[0].pk])
        return program("coordinator")(path, key=key, **({"other": files[1].pk} | body))

    return asked


def test_by_api_two_files_are_joined_and_taken_apart(files, join, program):
    kept, gone = files

    joined = join()
    path = reverse("api:unmerge", args=[kept.pk])
    apart = program("coordinator")(path, merge=joined.json()["id"])

    told = {name: joined.json()[name] for name in ("kept", "gone", "undone_at")}
    assert (joined.status_code, told) == (201, {"kept": kept.number, "gone": gone.number, "undone_at": None})
    assert (apart.status_code, apart.json()["undone_at"] is None) == (200, False)


def test_the_same_key_gives_the_same_answer_and_one_merge(join):
    key = uuid4().hex

    first, second = join(key=key), join(key=key)

    assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json())
    assert (Merge.objects.count(), len(words("merged"))) == (1, 2)


def test_the_same_key_with_another_file_is_refused(join, guest):
    key = uuid4().hex

    join(key=key)
    other = join(key=key, other=guest("Grue").pk)

    assert (other.status_code, other.json()["code"], Merge.objects.count()) == (422, "key_reused", 1)


def test_asked_again_with_another_key_it_is_the_same_merge(join):
    first, second = join(), join()

    assert (second.status_code, second.json()["id"], Merge.objects.count()) == (201, first.json()["id"], 1)


def test_taken_apart_with_the_same_key_it_came_apart_once(files, join, program):
    merge, key = join().json()["id"], uuid4().hex
    path = reverse("api:unmerge", args=[files[0].pk])

    answers = [program("coordinator")(path, key=key, merge=merge) for _twice in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (answers[0].json(), len(words("unmerged"))) == (answers[1].json(), 2)


def test_by_api_a_merge_of_somebody_else_is_not_taken_apart(files, join, guest, program):
    merge = join().json()["id"]

    answer = program("coordinator")(reverse("api:unmerge", args=[guest("Grue").pk]), merge=merge)

    assert (answer.status_code, Merge.objects.get().undone_at) == (400, None)


def test_by_api_a_file_is_not_joined_with_itself(files, join):
    answer = join(other=files[0].pk)

    assert (answer.status_code, Merge.objects.count()) == (409, 0)


def test_by_api_the_old_address_answers_with_the_file_that_stays(files, join, program, api_as):
    kept, gone = files
    join()
    path = reverse("api:guest", args=[gone.pk])

    read = api_as("night_worker").get(path)
    changed = program("field_worker")(path, verb="patch", known_as="Momo")

    kept.refresh_from_db(), gone.refresh_from_db()
    assert (read.status_code, read.json()["id"], read.json()["number"]) == (200, kept.pk, kept.number)
    assert (changed.status_code, kept.known_as, gone.known_as) == (200, "Momo", "")


def test_by_api_search_finds_the_person_once(files, join, api_as):
    join()

    found = api_as("night_worker").get(reverse("api:guests"), {"q": "Muhammad Boulboul"}).json()["results"]

    assert [hit["id"] for hit in found] == [files[0].pk]
