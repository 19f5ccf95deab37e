"""Two people want the same place, or one person two, at the same moment: it is given once, and to the law's measure.

Each race is run twice. Without the locks both look before either writes, and harm is done, or only the database's
own promise stops it: the race is real. With them it is not done. SQLite lets one transaction in at a time whatever
the house asks, so that there the race without locks ends as well as the one with them.
"""

import threading
from types import SimpleNamespace

import pytest

from shelter import clock
from shelter.models import Letter
from shelter.rota.actions import changing, covering, people, planning, swapping
from shelter.rota.models import Assignment, Change, LeaveRequest, OpenShift, Plan, Swap
from tests.at_once import GUARDS, kinds, may_do_harm, wait_at
from tests.shelter.rota.conftest import MONDAY, SUNDAY, day, lines, standing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meet_at_the_clock(monkeypatch):
    """In a module of actions whoever asks the time for the first time waits until the other asks it too."""

    def meet(module):
        barrier, been_there = threading.Barrier(2), threading.local()

        def now():
            if not hasattr(been_there, "once"):
                been_there.once = True
                wait_at(barrier)
            return clock.now()

        monkeypatch.setattr(module, "clock", SimpleNamespace(now=now))

    return meet


@pytest.fixture
def meet_after(monkeypatch):
    """Both have left a function of a module before either goes on, where the database lets two in."""

    barrier = threading.Barrier(2)

    def meet(module, name):
        real = getattr(module, name)

        def waiting(*asked, **more):
            answer = real(*asked, **more)
            wait_at(barrier)
            return answer

        monkeypatch.setattr(module, name, waiting)

    return meet


@pytest.fixture
def stands(rota):
    """Plans of all three organisations that stand, with nobody in them."""
    for code in ("HUT", "CRL", "IA"):
        rota.published(code)


def offered(rota, night, template="evening"):
    return covering.offer(
        shift=rota.shift(night, template), skill=rota.skills["host"],
        organisation=rota.organisations["HUT"], by=rota.planners["HUT"],
    )  # fmt: skip


@pytest.mark.parametrize("guard", GUARDS)
def test_of_two_who_want_one_place_exactly_one_gets_it(
    rota, stands, guard, guarded, at_once, meet_at_the_clock
):
    place = offered(rota, day(18))
    claims = [
        lambda name=name: covering.take(place=place, person=rota.people[name], by=rota.himself(name))
        for name in ("ana", "emil")
    ]
    guarded(guard)
    meet_at_the_clock(covering)

    answers = at_once(*claims)

    both = may_do_harm(guard)  # two people come for one place
    assert kinds(answers) == (["Change", "Change"] if both else ["Change", "PlaceIsTaken"])
    assert (len(standing()), Change.objects.count()) == ((2, 2) if both else (1, 1))
    if not both:
        place.refresh_from_db()
        (there,) = Assignment.objects.standing()
        assert (place.taken_by, place.closed_at) == (there.person, clock.now())


@pytest.mark.parametrize("guard", GUARDS)
def test_a_planner_and_a_volunteer_want_one_place(rota, stands, guard, guarded, at_once, meet_at_the_clock):
    place = offered(rota, day(18))
    guarded(guard)
    meet_at_the_clock(covering)

    answers = at_once(
        lambda: covering.take(place=place, person=rota.people["ana"], by=rota.planners["HUT"]),
        lambda: covering.take(place=place, person=rota.people["vera"], by=rota.himself("vera")),
    )

    both = may_do_harm(guard)
    assert kinds(answers) == (["Change", "Change"] if both else ["Change", "PlaceIsTaken"])
    assert len(standing()) == (2 if both else 1)


@pytest.mark.parametrize("guard", GUARDS)
def test_one_person_who_takes_two_places_of_the_same_hours_gets_one(
    rota, stands, guard, guarded, at_once, meet_after
):
    """Where the law is asked too early, the database itself keeps its promise."""
    places = [offered(rota, day(18)), offered(rota, day(18), "night")]
    guarded(guard)
    meet_after(changing, "fits")

    answers = at_once(
        *(
            lambda place=place: covering.take(place=place, person=rota.people["ana"], by=rota.himself("ana"))
            for place in places
        )
    )

    last_guard = may_do_harm(guard)
    stopped = (["Change", "HasAnotherShift"], ["Change", "OperationalError"])  # the second as a deadlock
    assert kinds(answers) in (stopped if last_guard else (["BreaksRules", "Change"],))
    assert (len(standing()), OpenShift.objects.exclude(closed_at=None).count()) == (1, 1)


@pytest.mark.parametrize("guard", GUARDS)
def test_one_person_who_takes_two_places_without_rest_between_gets_one(
    rota, stands, guard, guarded, at_once, meet_after
):
    places = [offered(rota, day(18)), offered(rota, day(18), "morning")]
    guarded(guard)
    meet_after(changing, "fits")

    answers = at_once(
        *(
            lambda place=place: covering.take(place=place, person=rota.people["ana"], by=rota.himself("ana"))
            for place in places
        )
    )

    harm = may_do_harm(guard)  # eleven hours of rest are broken, and no constraint sees it
    assert kinds(answers) == (["Change", "Change"] if harm else ["BreaksRules", "Change"])
    assert len(standing()) == (2 if harm else 1)


@pytest.mark.parametrize("guard", GUARDS)
def test_two_employers_publish_plans_in_which_one_person_has_no_rest(
    rota, guard, guarded, at_once, meet_at_the_clock
):
    plans = [
        rota.draft("HUT", MONDAY, SUNDAY, ("cleo", day(18))),
        rota.draft("CRL", MONDAY, SUNDAY, ("cleo", day(18), "morning")),
    ]
    guarded(guard)
    meet_at_the_clock(planning)

    answers = at_once(*(lambda plan=plan: rota.publish(plan) for plan in plans))

    harm = may_do_harm(guard)
    assert kinds(answers) == (["list", "list"] if harm else ["BreaksRules", "list"])
    assert len(standing()) == (2 if harm else 1)


@pytest.mark.parametrize("guard", GUARDS)
def test_two_employers_publish_plans_in_which_one_person_is_in_two_places(
    rota, guard, guarded, at_once, meet_at_the_clock
):
    plans = [
        rota.draft("HUT", MONDAY, SUNDAY, ("cleo", day(18))),
        rota.draft("CRL", MONDAY, SUNDAY, ("cleo", day(18), "night")),
    ]
    guarded(guard)
    meet_at_the_clock(planning)

    answers = at_once(*(lambda plan=plan: rota.publish(plan) for plan in plans))

    # Without locks PostgreSQL's own promise stops the second; where each waits for the other's row, as a deadlock.
    stopped_by = {"HasAnotherShift", "OperationalError"} if may_do_harm(guard) else {"BreaksRules"}
    refused, published = kinds(answers)
    assert (refused in stopped_by, published) == (True, "list")
    assert (len(standing()), Plan.objects.filter(state="published").count()) == (1, 1)


@pytest.mark.parametrize("guard", GUARDS)
def test_two_planners_open_one_draft(rota, guard, guarded, at_once, meet_at_the_clock):
    guarded(guard)
    meet_at_the_clock(planning)

    answers = at_once(
        *(
            lambda by=by: planning.open_draft(
                organisation=rota.organisations["HUT"], first_day=MONDAY, last_day=SUNDAY, by=by
            )
            for by in (rota.planners["HUT"], rota.coordinator)
        )
    )

    assert kinds(answers) == (["IntegrityError", "Plan"] if may_do_harm(guard) else ["Plan", "Plan"])
    assert (Plan.objects.count(), len(lines("rota_opened"))) == (1, 1)


@pytest.mark.parametrize("guard", GUARDS)
def test_a_draft_is_published_while_somebody_drops_it(rota, guard, guarded, at_once, meet_after):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    guarded(guard)
    meet_after(planning, "_locked")

    answers = at_once(
        lambda: rota.publish(plan),
        lambda: planning.drop(plan=plan, by=rota.coordinator),
    )

    plan.refresh_from_db()
    if may_do_harm(guard):  # both believe that they have done it
        assert "PlanIsFixed" not in kinds(answers)
    else:
        assert "PlanIsFixed" in kinds(answers)
        assert (plan.state, len(standing())) in (("published", 1), ("dropped", 0))


# Swaps.


@pytest.fixture
def agreed(rota):
    """Ana and Ben have agreed to swap the evening of the 16th for the night."""
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(16), "night"))
    swap = swapping.ask(
        given=rota.row("ana", day(16)), taken=rota.row("ben", day(16), "night"), taker=rota.people["ben"],
        by=rota.himself("ana"),
    )  # fmt: skip
    Letter.objects.all().delete()
    return swapping.agree(swap=swap, by=rota.himself("ben"))


@pytest.mark.parametrize("guard", GUARDS)
def test_two_planners_approve_one_swap(rota, agreed, guard, guarded, at_once, meet_at_the_clock):
    guarded(guard)
    meet_at_the_clock(swapping)

    answers = at_once(
        *(
            lambda by=by: swapping.approve(swap=agreed, by=by)
            for by in (rota.planners["HUT"], rota.coordinator)
        )
    )

    assert kinds(answers) == (["NotTheirs", "Swap"] if may_do_harm(guard) else ["AlreadyAnswered", "Swap"])
    assert Change.objects.count() == 2
    assert standing() == [("ben", day(16), "evening"), ("ana", day(16), "night")]


@pytest.mark.parametrize("guard", GUARDS)
def test_a_swap_is_withdrawn_while_it_is_approved(rota, agreed, guard, guarded, at_once, meet_at_the_clock):
    guarded(guard)
    meet_at_the_clock(swapping)

    answers = at_once(
        lambda: swapping.approve(swap=agreed, by=rota.planners["HUT"]),
        lambda: swapping.withdraw(swap=agreed, by=rota.himself("ana")),
    )

    assert kinds(answers) == (["Swap", "Swap"] if may_do_harm(guard) else ["AlreadyAnswered", "Swap"])
    if not may_do_harm(guard):
        assert (Swap.objects.get().state, Change.objects.count()) in (("approved", 2), ("withdrawn", 0))


@pytest.mark.parametrize("guard", GUARDS)
def test_while_a_swap_is_approved_one_of_the_two_takes_a_place_that_forbids_it(
    rota, guard, guarded, at_once, meet_after
):
    """Ben may have the evening of the 16th, or the morning after; not both."""
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(25)))
    swap = swapping.ask(
        given=rota.row("ana", day(16)), taken=rota.row("ben", day(25)), taker=rota.people["ben"],
        by=rota.himself("ana"),
    )  # fmt: skip
    swapping.agree(swap=swap, by=rota.himself("ben"))
    place = offered(rota, day(16), "morning")
    guarded(guard)
    meet_after(changing, "hindrances")
    meet_after(swapping, "_keeps_the_law")

    answers = at_once(
        lambda: swapping.approve(swap=swap, by=rota.planners["HUT"]),
        lambda: covering.take(place=place, person=rota.people["ben"], by=rota.himself("ben")),
    )

    bens = [cell for cell in standing() if cell[0] == "ben"]
    if may_do_harm(guard):
        assert (kinds(answers), len(bens)) == (["Change", "Swap"], 2)
    else:
        assert kinds(answers) in (["BreaksRules", "Change"], ["BreaksRules", "Swap"])
        assert bens in (
            [("ben", day(16), "evening")],
            [("ben", day(16), "morning"), ("ben", day(25), "evening")],
        )


# Leave.


@pytest.mark.parametrize("guard", GUARDS)
def test_two_planners_answer_one_request(rota, guard, guarded, at_once, meet_at_the_clock):
    request = people.ask_leave(
        person=rota.people["ana"], first_day=day(18), last_day=day(20), by=rota.himself("ana")
    )
    guarded(guard)
    meet_at_the_clock(people)

    answers = at_once(
        lambda: people.answer_leave(request=request, granted=True, by=rota.planners["HUT"]),
        lambda: people.answer_leave(request=request, granted=False, by=rota.coordinator),
    )

    harm = may_do_harm(guard)  # granted and refused
    assert kinds(answers) == (
        ["LeaveRequest", "LeaveRequest"] if harm else ["AlreadyAnswered", "LeaveRequest"]
    )
    if not harm:
        fresh = LeaveRequest.objects.get()
        assert hasattr(fresh, "absence") == (fresh.state == "granted")
