"""Rounds of three: found where no two could swap, agreed by all, approved, refused and taken back as a whole."""

from datetime import timedelta
from random import Random

import pytest
from django.db import IntegrityError
from django.urls import reverse

from shelter import clock
from shelter.actions import team
from shelter.models import Letter, Role
from shelter.rota import errors
from shelter.rota.actions import changing, people, swapping
from shelter.rota.consistency import CHECKS, what_stands_keeps_the_law
from shelter.rota.models import Assignment, Change, Swap
from shelter.rota.queries.mine import mine
from shelter.rota.queries.swaps import partners, rounds, swaps_for
from shelter.rota.queries.waiting import waiting_for
from shelter.rota.timeline import midnight
from tests.conftest import BUILDER, instant
from tests.harness import count_queries, same_queries_for
from tests.plain_browser import PlainBrowser
from tests.shelter.rota.conftest import (
    LONG_AGO,
    MONDAY,
    SUNDAY,
    cells,
    colleague,
    day,
    employed,
    everything,
    letters_to,
    lines,
    refused,
    standing,
)
from tests.transactions import taken_back

# Ana has the evening of Monday, Ben that of Wednesday, Cleo that of Friday; each cannot come on one of the other days.
SHIFTS = {"ana": day(16), "ben": day(18), "cleo": day(20)}
OFF = {"ana": day(18), "ben": day(20), "cleo": day(16)}
BEFORE = [("ana", day(16), "evening"), ("ben", day(18), "evening"), ("cleo", day(20), "evening")]
AFTER = [("ben", day(16), "evening"), ("cleo", day(18), "evening"), ("ana", day(20), "evening")]


@pytest.fixture
def circle(rota):
    """Only all three at once can give and take: Ana's to Ben, Ben's to Cleo, Cleo's to Ana."""
    rota.published("HUT", MONDAY, SUNDAY, *SHIFTS.items())
    for name, off in OFF.items():
        away(rota, name, off)
    Letter.objects.all().delete()


@pytest.fixture
def asked(rota, circle):
    """The three swaps of the round Ana asked for."""
    return ask(rota)


@pytest.fixture
def agreed(rota, asked):
    for swap, name in zip(asked[:2], ("ben", "cleo"), strict=True):
        swapping.agree(swap=swap, by=rota.himself(name))
    return legs()


def away(rota, name, first, last=None, kind="unavailable"):
    people.block(
        person=rota.people[name], kind=kind, start=midnight(first), by=BUILDER,
        end=midnight((last or first) + timedelta(days=1)),
    )  # fmt: skip


def ask(rota):
    head = swapping.ask_round(
        given=rota.row("ana", day(16)), theirs=rota.row("ben", day(18)), others=rota.row("cleo", day(20)),
        by=rota.himself("ana"),
    )  # fmt: skip
    assert head == legs()[0]
    return legs()


def legs():
    return list(Swap.objects.select_related("giver", "taker").order_by("pk"))


def states():
    return [swap.state for swap in legs()]


def correct(rota, before, after, night):
    changing.correct(
        shift=rota.shift(night), skill=rota.skills["host"], before=rota.people.get(before),
        after=rota.people.get(after), by=rota.planners["HUT"], reason="",
    )  # fmt: skip


def found_wrong():
    return [sentence for check in CHECKS for sentence in check()]


# Finding.


def test_a_round_is_found_where_no_two_could_swap(rota, circle):
    given = rota.row("ana", day(16))

    found = rounds(given, MONDAY, SUNDAY)

    assert partners(given, MONDAY, SUNDAY) == []
    assert found == [(rota.row("ben", day(18)), rota.row("cleo", day(20)))]


@pytest.mark.parametrize("name", SHIFTS)
def test_each_of_the_three_finds_the_same_round(rota, circle, name):
    order = [*SHIFTS, *SHIFTS]
    place = order.index(name)

    [found] = rounds(rota.row(name, SHIFTS[name]), MONDAY, SUNDAY)

    assert [row.person.name.lower() for row in found] == order[place + 1 : place + 3]


def test_a_round_stays_among_those_who_work_for_one_organisation_and_within_the_days(rota, circle):
    rota.published("IA", MONDAY, SUNDAY, ("emil", day(24)))
    given = rota.row("ana", day(16))

    assert len(rounds(given, MONDAY, SUNDAY)) == 1
    assert rounds(given, MONDAY, day(19)) == []
    assert rounds(given, day(19), SUNDAY) == []


def lawful(rows):
    """Whether all may hand on their shift in a circle: tried, and the whole season looked at."""
    try:
        with taken_back():
            Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(stands=False)
            for row, after in zip(rows, [*rows[1:], rows[0]], strict=True):
                Assignment.objects.create(
                    plan=row.plan, shift=row.shift, skill=row.skill, person=after.person, start=row.start,
                    end=row.end, stands=True,
                )  # fmt: skip
            return not list(what_stands_keeps_the_law())
    except IntegrityError:
        return False


@pytest.mark.parametrize("seed", range(3))
def test_the_rounds_found_are_all_that_keep_the_law(rota, seed):
    chance, plan = Random(seed), rota.published("HUT")
    rota.people["lea"] = colleague("Lea", skills=("host", "lead"))
    employed(rota.people["lea"], rota.organisations["HUT"], minutes=1200)
    names = ["ana", "ben", "cleo", "lea"]
    for name in chance.sample(names, 3):
        away(rota, name, day(chance.randint(16, 19)))
    for name in ["ana", *names, *names]:
        night, kind = day(chance.randint(16, 19)), chance.choice(["evening", "night", "morning"])
        shift = rota.shift(night, kind)
        skill = rota.skills[chance.choice(["host", "host", "lead"]) if kind != "morning" else "host"]
        if not changing.hindrances(rota.people[name], shift, skill):
            Assignment.objects.create(
                plan=plan, shift=shift, skill=skill, person=rota.people[name], start=shift.start,
                end=shift.end, stands=True,
            )  # fmt: skip
    rows = list(
        Assignment.objects.standing().select_related("plan", "shift", "skill", "person").order_by("pk")
    )
    given = chance.choice(rows)
    others = [row for row in rows if row.person != given.person and row.shift != given.shift]

    found = rounds(given, MONDAY, SUNDAY, most=999)

    tried = {
        (theirs, last)
        for theirs in others
        for last in others
        if theirs.person != last.person and lawful([given, theirs, last])
    }
    assert set(found) == tried
    assert len(found) == len(tried) > 0
    assert rounds(given, MONDAY, SUNDAY, most=2) == found[:2]


def test_what_has_begun_is_in_no_round(rota, clock_at):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)), ("ben", day(17), "morning"), ("cleo", day(20)))
    clock_at("2026-11-18 12:00")
    over = rota.row("ben", day(17), "morning")
    assert over.end < clock.now()

    shown = swaps_for(rota.row("ana", day(18)), with_rounds=True)

    assert [pair for pair in shown.rounds if over in pair] == []


def test_more_colleagues_do_not_mean_more_queries_for_a_round(rota, circle):
    plan, given = rota.row("ana", day(16)).plan, rota.row("ana", day(16))

    def more(numbers):
        for number in numbers:
            somebody, shift = colleague(f"Host {number}", skills=("host",)), rota.shift(day(23))
            employed(somebody, rota.organisations["HUT"], minutes=1200)
            Assignment.objects.create(
                plan=plan, shift=shift, skill=rota.skills["host"], person=somebody, start=shift.start,
                end=shift.end, stands=True,
            )  # fmt: skip

    def look():
        with count_queries() as queries:
            rounds(given, MONDAY, SUNDAY)
        return queries

    more(range(2))
    look()
    few = look()
    more(range(2, 7))

    same_queries_for(few, look())


# Asking.


def test_a_round_is_asked_as_three_swaps_to_which_who_asks_agrees(rota, asked):
    head = asked[0]

    assert [(swap.giver.name, swap.taker.name, swap.state, swap.chain, swap.taken) for swap in asked] == [
        ("Ana", "Ben", "asked", None, None), ("Ben", "Cleo", "asked", head, None),
        ("Cleo", "Ana", "agreed", head, None),
    ]  # fmt: skip
    assert [(swap.asked_at, swap.agreed_at) for swap in asked] == [
        (clock.now(), None), (clock.now(), None), (clock.now(), clock.now()),
    ]  # fmt: skip
    ids = {name: person.pk for name, person in rota.people.items()}
    assert [(line["giver"], line["taker"]) for line in lines("swap_asked")] == [
        (ids["ana"], ids["ben"]), (ids["ben"], ids["cleo"]), (ids["cleo"], ids["ana"]),
    ]  # fmt: skip


def test_until_it_is_approved_everybody_keeps_their_shift(rota, agreed):
    assert states() == ["agreed"] * 3
    assert (standing(), Change.objects.count(), Letter.objects.count()) == (BEFORE, 0, 0)


@pytest.mark.parametrize("name", SHIFTS)
def test_each_of_the_three_sees_what_they_give_and_what_they_take(rota, asked, name):
    seen = {(swap.giver.name.lower(), swap.taker.name.lower()) for swap in mine(rota.people[name]).swaps}

    assert seen == {pair for pair in (("ana", "ben"), ("ben", "cleo"), ("cleo", "ana")) if name in pair}


@pytest.mark.parametrize("name", SHIFTS)
def test_what_would_break_the_law_for_any_of_the_three_is_not_asked(rota, circle, name):
    gets = {row[0]: row[1] for row in AFTER}[name]
    away(rota, name, gets)

    refused(errors.BreaksRules, lambda: ask(rota))


@pytest.mark.parametrize("name", SHIFTS)
def test_what_no_longer_stands_is_in_no_round(rota, circle, name):
    rows = [rota.row(each, night) for each, night in SHIFTS.items()]
    correct(rota, name, None, SHIFTS[name])

    refusal = refused(
        errors.NotTheirs,
        lambda: swapping.ask_round(given=rows[0], theirs=rows[1], others=rows[2], by=rota.himself("ana")),
    )

    assert refusal.facts == {"person": name.title()}


@pytest.mark.parametrize("name", SHIFTS)
def test_a_shift_is_asked_for_in_one_swap_or_round_at_a_time(rota, circle, name):
    night = day(24)
    away(rota, "gus", night)
    alone = swapping.ask(given=rota.row(name, SHIFTS[name]), taker=rota.people["gus"], by=rota.himself(name))

    refused(errors.AlreadyAnswered, lambda: ask(rota))
    swapping.withdraw(swap=alone, by=rota.himself(name))
    asked = [swap for swap in ask_again(rota) if swap.pk != alone.pk]

    assert len(asked) == 3
    refused(
        errors.AlreadyAnswered,
        lambda: swapping.ask(
            given=rota.row(name, SHIFTS[name]), taker=rota.people["gus"], by=rota.himself(name)
        ),
    )


def ask_again(rota):
    swapping.ask_round(
        given=rota.row("ana", day(16)), theirs=rota.row("ben", day(18)), others=rota.row("cleo", day(20)),
        by=rota.himself("ana"),
    )  # fmt: skip
    return legs()


# Approving.


@pytest.mark.parametrize("missing", [("ben",), ("cleo",), ("ben", "cleo")])
def test_only_when_all_three_agree_may_it_be_approved(rota, asked, missing):
    for swap, name in zip(asked[:2], ("ben", "cleo"), strict=True):
        if name not in missing:
            swapping.agree(swap=swap, by=rota.himself(name))

    assert waiting_for([rota.organisations["HUT"]]).swaps == ()
    for leg in legs():
        refused(errors.AlreadyAnswered, lambda leg=leg: swapping.approve(swap=leg, by=rota.planners["HUT"]))


def test_when_all_agree_it_waits_for_the_planner_as_one(rota, agreed):
    assert waiting_for([rota.organisations["HUT"]]).swaps == (agreed[0],)
    assert waiting_for([rota.organisations["IA"]]).swaps == ()


@pytest.mark.parametrize("leg", range(3))
def test_once_approved_each_has_what_another_gave(rota, agreed, leg, clock_at):
    clock_at("2026-11-03 09:00")

    swap = swapping.approve(swap=agreed[leg], by=rota.planners["HUT"])

    assert (swap.pk, states()) == (agreed[leg].pk, ["approved"] * 3)
    assert {(each.decided_at, each.decided_by) for each in legs()} == {
        (clock.now(), rota.planners["HUT"].person)
    }
    assert standing() == AFTER
    written = Change.objects.order_by("shift__start").values_list(
        "before__name", "after__name", "kind", "consented_at"
    )
    agreed_at = instant("2026-11-02 09:00")
    assert list(written) == [
        ("Ana", "Ben", "swap", agreed_at), ("Ben", "Cleo", "swap", agreed_at), ("Cleo", "Ana", "swap", agreed_at),
    ]  # fmt: skip
    assert found_wrong() == []


def test_each_is_told_once_what_they_gave_and_what_they_got(rota, agreed):
    swapping.approve(swap=agreed[0], by=rota.planners["HUT"])

    assert Letter.objects.count() == 3
    for name, told in {
        "ana": ["+ ven 20 novembre 18:30–00:30 Evening", "− lun 16 novembre 18:30–00:30 Evening"],
        "ben": ["+ Mo 16 November 18:30–00:30 Evening", "− Mi 18 November 18:30–00:30 Evening"],
        "cleo": ["+ Wed 18 November 18:30–00:30 Evening", "− Fri 20 November 18:30–00:30 Evening"],
    }.items():
        [letter] = letters_to(rota.people[name])
        assert sorted(line for line in letter if line) == told


def test_an_open_draft_follows_a_round(rota, agreed):
    draft = rota.draft()

    swapping.approve(swap=agreed[0], by=rota.planners["HUT"])

    assert cells(draft.assignments) == AFTER
    assert rota.publish(draft) == []


@pytest.mark.parametrize("name", SHIFTS)
def test_when_one_shift_is_gone_meanwhile_nobody_moves(rota, agreed, name):
    correct(rota, name, "gus", SHIFTS[name])

    for leg in agreed:
        refused(errors.NotTheirs, lambda leg=leg: swapping.approve(swap=leg, by=rota.planners["HUT"]))


@pytest.mark.parametrize("name", SHIFTS)
def test_the_law_is_looked_at_again_for_all_three(rota, agreed, name):
    away(rota, name, {row[0]: row[1] for row in AFTER}[name])

    refused(errors.BreaksRules, lambda: swapping.approve(swap=agreed[0], by=rota.planners["HUT"]))


VERBS = {"approve": swapping.approve, "refuse": swapping.refuse, "undo": swapping.undo}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("code", ["CRL", "IA"])
def test_the_planner_of_another_organisation_decides_no_round(rota, agreed, verb, code):
    """Cleo works for the Red Cross as well."""
    if verb == "undo":
        swapping.approve(swap=agreed[0], by=rota.planners["HUT"])

    for leg in agreed:
        refused(errors.NotYourPeople, lambda leg=leg: VERBS[verb](swap=leg, by=rota.planners[code]))


def test_a_round_that_reaches_into_another_organisations_plan_is_for_the_coordinator(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(18)))
    rota.published("CRL", MONDAY, SUNDAY, ("cleo", day(20)))
    swaps = ask(rota)
    for swap in swaps[:2]:
        swapping.agree(swap=swap, by=rota.coordinator)

    for code in ("HUT", "CRL"):
        refused(
            errors.NotYourPeople,
            lambda code=code: swapping.approve(swap=legs()[0], by=rota.planners[code]),
        )
    swapping.approve(swap=legs()[0], by=rota.coordinator)

    assert (standing(), found_wrong()) == (AFTER, [])


# Ending, and taking back.


@pytest.mark.parametrize("have_agreed", [False, True])
@pytest.mark.parametrize("verb", ["refuse", "withdraw", "planner refuses"])
def test_who_refuses_or_withdraws_one_ends_all(rota, asked, verb, have_agreed):
    if have_agreed:
        for swap in asked[:2]:
            swapping.agree(swap=swap, by=rota.coordinator)
    end = swapping.withdraw if verb == "withdraw" else swapping.refuse
    state = "withdrawn" if verb == "withdraw" else "refused"
    for swap in legs():
        who = {
            "refuse": rota.himself(swap.taker.username), "withdraw": rota.himself(swap.giver.username),
            "planner refuses": rota.planners["HUT"],
        }[verb]  # fmt: skip
        with taken_back():
            ended = end(swap=swap, by=who)

            assert (ended.pk, ended.state, states()) == (swap.pk, state, [state] * 3)
            assert {(each.decided_by, each.decided_at) for each in legs()} == {(who.person, clock.now())}
            assert (standing(), Change.objects.count()) == (BEFORE, 0)


@pytest.mark.parametrize("end", [swapping.refuse, swapping.withdraw])
def test_a_round_that_has_ended_goes_nowhere_and_may_be_asked_again(rota, agreed, end):
    end(swap=agreed[1], by=rota.coordinator)

    for act in (swapping.approve, swapping.undo, swapping.refuse, swapping.withdraw, swapping.agree):
        refused(errors.AlreadyAnswered, lambda act=act: act(swap=legs()[0], by=rota.planners["HUT"]))
    assert len(ask_again(rota)) == 6


@pytest.mark.parametrize("leg", range(3))
def test_an_approved_round_is_taken_back_as_a_whole(rota, agreed, leg):
    swapping.approve(swap=agreed[0], by=rota.planners["HUT"])
    Letter.objects.all().delete()

    swap = swapping.undo(swap=agreed[leg], by=rota.planners["HUT"])

    assert (swap.pk, swap.state, states()) == (agreed[leg].pk, "undone", ["undone"] * 3)
    assert (standing(), found_wrong()) == (BEFORE, [])
    kinds = Change.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["swap"] * 3 + ["undone"] * 3
    assert Letter.objects.count() == 3
    refused(errors.AlreadyAnswered, lambda: swapping.undo(swap=agreed[leg], by=rota.planners["HUT"]))


@pytest.mark.parametrize("name", SHIFTS)
def test_a_round_is_not_taken_back_when_one_shift_has_gone_on(rota, agreed, name):
    swapping.approve(swap=agreed[0], by=rota.planners["HUT"])
    correct(rota, name, None, {row[0]: row[1] for row in AFTER}[name])

    for leg in agreed:
        refused(errors.NotTheirs, lambda leg=leg: swapping.undo(swap=leg, by=rota.planners["HUT"]))


@pytest.mark.parametrize("name", SHIFTS)
def test_a_round_is_not_taken_back_against_the_law(rota, agreed, name):
    swapping.approve(swap=agreed[0], by=rota.planners["HUT"])
    away(rota, name, SHIFTS[name])

    refused(errors.BreaksRules, lambda: swapping.undo(swap=agreed[0], by=rota.planners["HUT"]))


# Pages.


@pytest.fixture
def screen(rota):
    """The screen of somebody with shifts, or of the planner."""

    def of(name):
        if name == "planner":
            return PlainBrowser(rota.planners["HUT"].person)
        team.give_role(
            person=rota.people[name], organisation=rota.organisations["HUT"], role=Role.WORKER,
            first_day=LONG_AGO, by=BUILDER,
        )  # fmt: skip
        return PlainBrowser(rota.people[name])

    return of


def words(browser):
    return " ".join(" ".join(browser.page.words).split()).replace("\xa0", " ")


def page_of(rota, name):
    return reverse("my-swap", args=[rota.row(name, SHIFTS[name]).pk])


def test_a_round_is_found_asked_agreed_and_approved_on_pages(rota, circle, screen):
    away(rota, "gus", MONDAY, SUNDAY)
    ana, ben, cleo, planner = map(screen, ("ana", "ben", "cleo", "planner"))

    ana.open(page_of(rota, "ana"))
    assert "In a round of three" not in words(ana)
    ana.follow("Look for a round of three")
    text = words(ana)
    assert "In a round of three 1" in text
    assert "Ben → Cleo Evening Wednesday 18 November you get Evening, Friday 20 November" in text
    [form] = [form for form in ana.page.forms if form.buttons and form.buttons[0].name == "with"]
    [button] = [button for button in form.buttons if button.value.startswith("r")]
    ana.send(ana.at, "post", {**form.answers, "with": [button.value]})
    assert (ana.status, ana.at) == (200, reverse("my-shifts"))
    assert states() == ["asked", "asked", "agreed"]
    assert "part of a round of three: you give one and take one" in words(ana)

    for browser in (ben, cleo):
        planner.open(reverse("rota"))
        assert "Approve" not in words(planner)
        browser.open(reverse("my-shifts"))
        browser.press("I agree")
        assert browser.status == 200
    planner.open(reverse("rota"))
    text = words(planner)
    for leg in ("Ana → Ben", "Ben → Cleo", "Cleo → Ana"):
        assert leg in text
    planner.press("Approve")

    assert (planner.status, states(), standing()) == (200, ["approved"] * 3, AFTER)


@pytest.mark.parametrize(("name", "button"), [("ben", "No"), ("cleo", "No"), ("ana", "Take it back")])
def test_a_round_is_ended_on_the_page_by_any_of_the_three(rota, asked, screen, name, button):
    browser = screen(name)
    browser.open(reverse("my-shifts"))

    browser.press(button)

    state = "refused" if button == "No" else "withdrawn"
    assert (browser.status, states(), standing()) == (200, [state] * 3, BEFORE)


def test_a_round_that_is_gone_is_refused_with_words_and_nothing_is_lost(rota, circle, screen):
    ana, value = screen("ana"), f"r{rota.row('ben', day(18)).pk}-{rota.row('cleo', day(20)).pk}"
    ana.open(page_of(rota, "ana") + "?rounds=yes")
    [form] = [form for form in ana.page.forms if form.buttons and form.buttons[0].name == "with"]
    away(rota, "cleo", day(18))
    before = everything()

    ana.send(ana.at, "post", {**form.answers, "with": [value]})

    assert (ana.status, everything() == before) == (409, True)
    assert "Somebody has taken this shift in the meantime." in words(ana)
    assert "In a round of three 0" in words(ana)


def test_what_is_not_on_the_page_is_not_asked(rota, circle, screen):
    ana = screen("ana")
    ana.open(page_of(rota, "ana") + "?rounds=yes")
    [form] = [form for form in ana.page.forms if form.buttons and form.buttons[0].name == "with"]
    known = {name: rota.row(name, night).pk for name, night in SHIFTS.items()}
    before = everything()

    for value in ("", "r", "r1", "r0-0", "r{ben}-{ben}", "r{cleo}-{ben}", "a{ben}", "p0", "x"):
        ana.send(ana.at, "post", {**form.answers, "with": [value.format(**known)]})
        assert (value, ana.status, everything() == before) == (value, 409, True)


def test_nobody_asks_a_round_with_the_shift_of_another(rota, circle, screen):
    ana = screen("ana")

    ana.open(page_of(rota, "ben") + "?rounds=yes")

    assert ana.status == 409
    assert "This shift is no longer Ana's." in words(ana)
