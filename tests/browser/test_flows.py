"""Evenings as they go: from the desk to the sealed night, two tablets and one bed, a keyboard and nothing else."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from shelter.actions import stepping
from shelter.models import BedNight, LogEntry, Night, Registration
from tests.browser.conftest import PHONE, listen, take
from tests.browser.finding import button, chip, exception, link, row


def test_a_whole_evening_from_the_desk_to_the_seal(opened, evening, set_clock):
    def at(moment):
        """The clock moves on, and the minute tick with it."""
        set_clock(moment)
        stepping.tick()

    def state():
        return Night.objects.get(date="2026-11-22").state

    def tonights(family_name):
        rows = BedNight.objects.filter(night__date="2026-11-22", occupant__guest__family_name=family_name)
        return rows.order_by("id").values_list("state", flat=True).last()

    at("2026-11-22 08:40")
    lead = opened("night_lead", "/morning/")
    button(lead, "close the night").tap()
    lead.wait_for_url("**/nights/2026-11-21/log/")

    at("2026-11-22 12:10")
    field = opened("field_worker", "/desk/")
    assert state() == Night.State.OPEN
    for name in ("ASFOUR", "GEAI"):
        button(field.locator("li.person", has_text=name), "Tonight").tap()
        expect(field.get_by_role("status").filter(has_text=name)).to_contain_text("is kept")
    link(field, "New person").tap()
    field.get_by_label("Name as said").fill("Doina")
    field.get_by_label("Family name").fill("Lebada")
    chip(field, "with the women").tap()
    button(field, "Save and register for tonight").tap()
    expect(field.locator(".banner", has_text="LEBADA Doina")).to_be_visible()

    at("2026-11-22 18:01")
    field.reload()
    expect(field.locator(".banner", has_text="The list is frozen")).to_be_visible()
    button(field.locator("li.person", has_text="PICC"), "Tonight").tap()
    expect(field.locator("li.person[role=status]", has_text="PICC")).to_be_visible()
    late = Registration.objects.filter(night__date="2026-11-22").order_by("id")
    assert [row.late for row in late] == [False, False, False, True]

    at("2026-11-22 19:15")
    worker = opened("night_worker", "/door/")
    for name in ("ASFOUR", "LEBADA"):
        row(worker, name).tap()
        button(worker, "Check in to").tap()
        expect(worker.locator(".undo")).to_contain_text(name)

    at("2026-11-22 23:05")
    assert state() == Night.State.DOORS_CLOSED
    worker.goto(f"/door/guests/{evening.guest('Geai').pk}/")
    button(worker, "Check in to").tap()
    expect(worker.get_by_role("alert")).to_contain_text("The doors are closed")
    expect(worker.get_by_label("Let in all the same")).to_have_count(0)
    assert tonights("Geai") == "released"  # at 22:00 nobody had come

    lead.goto(f"/door/guests/{evening.guest('Geai').pk}/")
    button(lead, "Check in to").tap()
    lead.get_by_label("Let in all the same").fill("brought by the police")
    button(lead, "Let in with this reason").tap()
    expect(lead.locator(".undo")).to_contain_text("GEAI")
    assert tonights("Geai") == "in"
    entry = LogEntry.objects.filter(verb="checked_in").order_by("id").last()
    assert (entry.reason, entry.by.username, entry.facts["overridden"]) == (
        "brought by the police", "night_lead", ["doors_closed"],
    )  # fmt: skip

    at("2026-11-23 08:30")
    lead.goto("/morning/")
    exception(lead, "Lebada", "left earlier").tap()
    button(lead, "close the night").tap()
    lead.wait_for_url("**/nights/2026-11-22/log/")
    assert state() == Night.State.CLOSED
    assert [tonights(name) for name in ("Asfour", "Lebada", "Geai", "Picc")] == [
        "left", "left", "left", "released",
    ]  # fmt: skip

    at("2026-11-25 10:00")
    coordinator = opened("coordinator", "/nights/2026-11-22/log/")
    button(coordinator, "Move on: definitive").tap()
    expect(coordinator.locator(".steps [aria-current=step]")).to_contain_text("definitive")
    assert state() == Night.State.DEFINITIVE
    call_command("check_house")  # would leave with 1 and a line for each finding


# Two tablets.


def two_panels_with_one_bed(opened, evening):
    """Two colleagues have two people before them, and the house proposes both the same bed."""
    first = opened("night_worker", f"/door/guests/{evening.guest('Saqr').pk}/")
    second = opened("night_lead", "/door/")
    second.keyboard.type("sel ibra")
    row(second, "SEL Ibrahima").tap()
    proposed = [page.locator("#panel .big-bed") for page in (first, second)]
    assert proposed[0].inner_text() == proposed[1].inner_text()
    return first, second, proposed[0].inner_text()


def test_the_second_tablet_is_told_kindly_and_loses_nothing(opened, evening):
    first, second, bed = two_panels_with_one_bed(opened, evening)

    button(first, f"Check in to {bed}").tap()
    expect(first.locator(".undo")).to_contain_text("SAQR")
    button(second, f"Check in to {bed}").tap()

    alert = second.locator("#panel [role=alert]")
    expect(alert).to_contain_text(f"Bed {bed} is already taken for this night.")
    expect(alert).to_be_focused()
    expect(second.get_by_role("searchbox")).to_have_value("sel ibra")
    expect(row(second, "SEL Ibrahima")).to_be_visible()
    assert evening.state_of("Saqr") == ("in", bed)
    assert evening.bed_night("Sel") is None

    other = second.locator("#panel .big-bed").inner_text()
    button(second, f"Check in to {other}").tap()
    expect(second.locator(".undo")).to_contain_text("SEL")
    assert evening.state_of("Sel") == ("in", other)
    assert other != bed


def test_two_tablets_at_the_same_moment_give_the_bed_once(opened, evening):
    first, second, bed = two_panels_with_one_bed(opened, evening)

    for page in (first, second):
        button(page, f"Check in to {bed}").evaluate("it => { setTimeout(() => it.click(), 200); }")

    for page in (first, second):
        expect(page.locator(".undo, #panel [role=alert]").first).to_be_visible()
    told = [page.locator("#panel [role=alert]").count() for page in (first, second)]
    placed = [evening.state_of(name) for name in ("Saqr", "Sel")]
    assert sorted(told) == [0, 1]
    assert placed == [None if was_told else ("in", bed) for was_told in told]


def test_a_second_tap_in_the_same_second_is_one_act(opened, evening):
    page = opened("night_worker", "/door/refuse/")
    chip(page, "other reason").tap()

    button(page, "Save").evaluate("it => { it.click(); it.click(); }")

    expect(page.locator(".undo")).to_contain_text("other reason")
    assert (
        LogEntry.objects.filter(verb="refused", night=evening.tonight()).count() == 2
    )  # one was there before


# No network.


def test_a_tap_that_no_server_answers_is_said_until_one_answers_again(evening, live_server, new_context):
    page = take(new_context, live_server.url, "night_worker")
    page.goto("/door/")
    silence = page.get_by_role("alert").filter(has_text="not saved")

    page.context.set_offline(True)
    row(page, "LINOTTE").tap()
    expect(silence).to_be_visible()
    page.context.set_offline(False)
    row(page, "LINOTTE").tap()

    expect(button(page, "Check in to A-115")).to_be_visible()
    expect(silence).to_have_count(0)


# No mouse, no finger.


def tab_to(page, target, at_most=40):
    """Press Tab until the focus is there."""
    for _press in range(at_most):
        if target.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{at_most} stops of the Tab key did not lead to {target}.")


def test_check_in_by_keyboard_alone(opened, evening):
    page = opened("night_worker", "/door/", touch=False)

    page.keyboard.type("linot")
    expect(row(page, "MOINEAU")).to_have_count(0)
    tab_to(page, row(page, "LINOTTE"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="LINOTTE René")).to_be_focused()
    page.keyboard.press("Tab")
    expect(button(page, "Check in to A-115")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator(".undo")).to_contain_text("LINOTTE René")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert evening.state_of("Linotte") == ("in", "A-115")

    tab_to(page, button(page.locator(".undo"), "Undo"))
    page.keyboard.press("Enter")
    expect(page.locator(".undo")).to_have_count(0)
    assert evening.state_of("Linotte") == ("held", "A-115")


def test_refusal_by_keyboard_alone(opened, evening):
    page = opened("night_worker", "/door/refuse/", touch=False)

    tab_to(page, page.get_by_role("radio", name="no place", exact=True))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    tab_to(page, button(page, "Save"))
    page.keyboard.press("Enter")

    expect(page.locator(".undo")).to_contain_text("no suitable place")
    assert LogEntry.objects.filter(verb="refused").order_by("id").last().facts["referral"] == "halte"


def test_bed_closed_by_keyboard_alone(opened, evening):
    page = opened("night_lead", "/board/", touch=False)

    page.locator(".tile[data-find='A-110']").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A-110")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, button(page, "Put out of service"))
    page.keyboard.press("Enter")

    expect(page.locator(".tile[data-find='A-110']")).to_have_class("tile closed")


# On a phone.


def test_whoever_was_tapped_on_a_phone_comes_into_view(opened):
    page = opened("night_worker", "/door/", size=PHONE)

    row(page, "SPECHT").tap()

    expect(page.get_by_role("heading", name="SPECHT Nicolas")).to_be_in_viewport()


# The ear.


def test_what_a_page_complains_about_is_heard_and_a_refusal_is_no_complaint(
    evening, live_server, new_context
):
    page = new_context(base_url=live_server.url).new_page()
    complaints = []
    listen(page, complaints)
    page.goto("/help/")

    page.evaluate("fetch('/nowhere/')")
    page.evaluate("console.warn('worn')")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('torn'); })")

    assert [
        word for line in complaints for word in ("worn", "torn", "Content Security Policy") if word in line
    ] == ["worn", "Content Security Policy", "torn"]
    assert len(complaints) == 3
