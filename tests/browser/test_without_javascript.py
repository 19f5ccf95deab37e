"""The whole evening by plain forms: where no script runs, every act is still there."""

import re

import pytest
from playwright.sync_api import expect

from shelter.models import Bed, Closure, Night, Refusal, Registration
from tests.browser.finding import button, chip, exception, link, row, tile


@pytest.fixture
def plain(opened):
    def page(*args, **kwargs):
        return opened(*args, javascript=False, **kwargs)

    return page


def registered(evening, family_name):
    occupant = evening.guest(family_name).occupant
    return Registration.objects.filter(
        night=evening.tonight(), occupant=occupant, withdrawn_at__isnull=True
    ).exists()


def test_signing_in_and_out(plain, evening):
    page = plain(None, "/door/")
    page.get_by_label("User name").fill("night_worker")
    page.get_by_label("Password").fill("not this one")
    button(page, "Sign in").tap()
    expect(page.get_by_role("alert")).to_contain_text("do not fit together")

    page.get_by_label("Password").fill(evening.PASSWORD)
    button(page, "Sign in").tap()
    page.wait_for_url("**/door/")
    page.locator(".menu > summary").tap()
    page.locator("form[action='/sign-out/'] button").tap()  # from here on in the colleague's own language

    page.wait_for_url("**/sign-in/")
    page.goto("/door/")
    page.wait_for_url("**/sign-in/?next=/door/")


def test_language_and_theme(plain):
    page = plain("night_worker", "/door/", theme="light")

    page.locator(".menu > summary").tap()
    button(page, "français").tap()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.locator(".menu > summary").tap()
    page.locator("button[value=dark]").tap()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_renewing_at_the_desk_and_taking_off_again(plain, evening):
    page = plain("field_worker", "/desk/")

    button(page.locator("li.person", has_text="PICC Ousmane"), "Tonight").tap()
    expect(page.get_by_role("status").filter(has_text="PICC Ousmane")).to_be_visible()
    assert registered(evening, "Picc")
    assert evening.state_of("Picc") == ("held", "B-217")

    button(page.locator("li.person", has_text="PICC Ousmane"), "Take off").tap()
    expect(button(page.locator("li.person", has_text="PICC Ousmane"), "Tonight")).to_be_visible()
    assert not registered(evening, "Picc")
    assert evening.state_of("Picc") == ("released", "B-217")


def test_somebody_new_at_the_desk_who_is_known_already(plain, evening):
    page = plain("field_worker", "/desk/")
    page.get_by_role("searchbox").fill("Jose Pardal")
    button(page, "Find").tap()
    link(page.locator("#hits"), "New person").tap()
    expect(page.get_by_label("Name as said")).to_have_value("Jose Pardal")
    chip(page, "with the men").tap()
    button(page, "Save and register for tonight").tap()

    expect(page.get_by_role("heading", name="Is this the same person?")).to_be_visible()
    button(page.locator("li.person", has_text="PARDAL José"), "Yes: register for tonight").tap()

    page.wait_for_url("**/desk/?done=*")
    assert registered(evening, "Pardal")


def test_check_in_and_undo(plain, evening):
    page = plain("night_worker", "/door/")

    page.get_by_role("searchbox").fill("linot")
    button(page, "Find").tap()
    row(page, "LINOTTE").tap()
    button(page, "Check in to A-115").tap()
    page.wait_for_url("**/door/")
    assert evening.state_of("Linotte") == ("in", "A-115")

    button(page.locator(".undo"), "Undo").tap()
    expect(page.locator(".undo")).to_have_count(0)
    assert evening.state_of("Linotte") == ("held", "A-115")


def test_leaving_and_coming_back(plain, evening):
    page = plain("night_worker", "/door/?q=asfour")

    row(page, "ASFOUR").tap()
    button(page, "Leaves").tap()
    expect(page.locator(".undo")).to_contain_text("ASFOUR")
    assert evening.state_of("Asfour") == ("left", "A-103")

    page.goto(f"/door/guests/{evening.guest('Asfour').pk}/")
    button(page, "Is back").tap()
    expect(page.locator(".undo")).to_contain_text("ASFOUR")
    assert evening.state_of("Asfour") == ("in", "A-103")


def test_a_bed_chosen_on_the_board(plain, evening):
    page = plain("night_worker", f"/door/guests/{evening.guest('Tordo').pk}/")

    page.locator("summary", has_text="Another bed").tap()
    link(page, "Choose on the bed board").tap()
    tile(page, "B-216").tap()

    page.wait_for_url("**/door/")
    assert evening.state_of("Tordo") == ("in", "B-216")


def test_move_and_undo(plain, evening):
    page = plain("night_worker", "/board/")

    tile(page, "A-103").tap()
    link(page, "Move").tap()
    tile(page, "A-113").tap()
    expect(page.locator(".undo")).to_contain_text("ASFOUR")
    assert evening.state_of("Asfour") == ("in", "A-113")

    button(page.locator(".undo"), "Undo").tap()
    expect(page.locator(".undo")).to_have_count(0)
    expect(page).to_have_url(re.compile("/board/$"))
    assert evening.state_of("Asfour") == ("in", "A-103")


def test_refusal(plain, evening):
    page = plain("night_worker", "/door/")

    link(page, "Refuse or redirect").tap()
    button(page, "Save").tap()
    chip(page, "family, redirected").tap()
    chip(page, "family service").tap()
    page.locator("summary", has_text="Somebody without a file").click()
    page.get_by_label("In a few words").fill("couple with a child")
    button(page, "Save").tap()

    page.wait_for_url("**/door/")
    refusal = Refusal.objects.order_by("id").last()
    assert (refusal.reason, refusal.referral, refusal.description) == (
        "family_redirected", "family", "couple with a child",
    )  # fmt: skip


def test_bed_closed_and_opened_again(plain, evening):
    page = plain("night_lead", "/board/")

    tile(page, "A-110").tap()
    page.locator("summary", has_text="Out of service").tap()
    chip(page, "pests").tap()
    page.get_by_label("Until the night of").fill("2026-11-25")
    button(page, "Put out of service").tap()
    expect(tile(page, "A-110")).to_have_class("tile closed")
    closure = Closure.objects.get(bed=Bed.objects.get(label="A-110"), withdrawn_at__isnull=True)
    assert (closure.reason, closure.last_night.isoformat()) == ("pests", "2026-11-25")

    button(page, "Back in service").tap()
    expect(tile(page, "A-110")).to_have_class("tile free")


def test_morning_close(plain, evening, set_clock):
    set_clock("2026-11-22 07:40")
    page = plain("night_lead", "/morning/")

    exception(page, "Geai", "left earlier").tap()
    exception(page, "Drossel", "never slept here").tap()
    button(page, "close the night").tap()

    page.wait_for_url("**/nights/2026-11-21/log/")
    assert evening.tonight().state == Night.State.CLOSED
    assert [evening.state_of(name)[0] for name in ("Geai", "Drossel", "Asfour")] == ["left", "undone", "left"]


def test_morning_with_somebody_still_inside_says_so_and_writes_nothing(plain, evening, set_clock):
    set_clock("2026-11-22 07:40")
    page = plain("night_lead", "/morning/")

    exception(page, "Geai", "left earlier").tap()
    page.get_by_role("checkbox", name="A-103").uncheck()
    button(page, "close the night").tap()

    expect(page.get_by_role("alert")).to_contain_text("1 people are still inside")
    expect(page.get_by_role("checkbox", name="A-103")).not_to_be_checked()
    assert evening.tonight().state == Night.State.DOORS_OPEN
    assert evening.state_of("Geai")[0] == "in"
