"""Two people do the same thing at the same moment: it happens once, and nobody is answered with an error.

Each race is run twice. Without the locks both look before either writes, and harm is done: the race is real.
With them it is not done. SQLite lets one transaction in at a time whatever the house asks, so that there the
race without locks ends as well as the one with them.
"""

import threading
from types import SimpleNamespace

import pytest

from shelter import clock, errors, offering, queries, rules
from shelter.actions import admission, housekeeping, merging, placing, watching
from shelter.models import BedNight, KeepApart, LogEntry, Merge, Occupant, Outing, Round, RoundMark
from tests.at_once import GUARDS, SECONDS, kinds, may_do_harm, wait_at
from tests.conftest import TONIGHT

pytestmark = pytest.mark.django_db(transaction=True)

MAN = offering.Needs(sleeps="men")


@pytest.fixture
def meet_at_the_clock(monkeypatch):
    """In a module of actions whoever asks the time for the first time waits until the other asks it too.

    The time is asked after looking and before writing.
    """

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
def let_in(night, house, by):
    """Somebody let in into a bed, or what would let them in: `let_in(person, "MA1")`."""
    worker = by("night_worker")

    def registered(somebody, label):
        return placing.check_in(
            occupant=somebody, bed=house.beds[label], night=night, by=worker, needs=MAN, is_registered=True
        )

    return registered


def lines(verb):
    return LogEntry.objects.filter(verb=verb).count()


@pytest.mark.parametrize("guard", GUARDS)
def test_two_leads_lift_one_exclusion(night, occupant, by, guard, guarded, at_once, meet_at_the_clock):
    row = admission.exclude(
        occupant=occupant(), category="threat", first_night=TONIGHT, last_night=TONIGHT, by=by("night_lead")
    )
    leads = {"night_lead": by("night_lead"), "coordinator": by("coordinator")}
    guarded(guard)
    meet_at_the_clock(admission)

    answers = at_once(
        *(
            lambda lead=lead: admission.lift_exclusion(exclusion=row, reason=lead, by=leads[lead])
            for lead in leads
        )
    )

    reasons = {answer.lifted_because for answer in answers}
    row.refresh_from_db()
    assert (len(reasons), lines("exclusion_lifted")) == ((2, 2) if may_do_harm(guard) else (1, 1))
    assert row.lifted_because in reasons
    assert row.lifted_by == leads[row.lifted_because].person


@pytest.mark.parametrize("guard", GUARDS)
def test_two_phones_close_one_round(
    night, occupant, house, by, let_in, guard, guarded, at_once, meet_at_the_clock
):
    let_in(occupant(), "MA1")
    walk = watching.start_round(night=night, kind="census", by=by("night_worker"))
    watching.mark_bed(round=walk, bed=house.beds["MA1"], seen="there", by=by("night_worker"))
    phones = [by("night_worker"), by("night_lead")]
    guarded(guard)
    meet_at_the_clock(watching)

    answers = at_once(*(lambda who=who: watching.close_round(round=walk, by=who) for who in phones))

    assert {answer.counted for answer in answers} == {1}
    closers = {answer.closed_by_id for answer in answers}
    assert (len(closers), lines("round_closed")) == ((2, 2) if may_do_harm(guard) else (1, 1))


@pytest.mark.parametrize("guard", GUARDS)
def test_two_phones_close_a_round_that_nobody_has_walked_yet(
    night, occupant, by, let_in, guard, guarded, at_once, meet_at_the_clock
):
    for label in ("MA1", "MA2"):
        let_in(occupant(), label)
    walk = watching.start_round(night=night, kind="census", by=by("night_worker"))
    phones = [by("night_worker"), by("night_lead")]
    guarded(guard)
    meet_at_the_clock(watching)

    answers = at_once(*(lambda who=who: watching.close_round(round=walk, by=who) for who in phones))

    assert kinds(answers) == (["IntegrityError", "Round"] if may_do_harm(guard) else ["Round", "Round"])
    assert (Round.objects.get().counted, RoundMark.objects.count(), lines("round_closed")) == (2, 2, 1)


@pytest.mark.parametrize("guard", GUARDS)
def test_two_phones_begin_one_round(night, by, guard, guarded, at_once, meet_at_the_clock):
    phones = [by("night_worker"), by("night_lead")]
    guarded(guard)
    meet_at_the_clock(watching)

    answers = at_once(
        *(lambda who=who: watching.start_round(night=night, kind="census", by=who) for who in phones)
    )

    assert kinds(answers) == (["IntegrityError", "Round"] if may_do_harm(guard) else ["Round", "Round"])
    assert (Round.objects.count(), lines("round_started")) == (1, 1)


@pytest.mark.parametrize("guard", GUARDS)
def test_one_person_goes_out_past_two_phones(
    night, occupant, by, let_in, guard, guarded, at_once, monkeypatch
):
    row = let_in(occupant(), "MA1")
    phones = [by("night_worker"), by("night_lead")]
    guarded(guard)
    _wait_for_the_other_in(monkeypatch, watching, "moment")

    answers = at_once(
        *(lambda who=who: watching.go_out(bed_night=row, kind="smoke", by=who) for who in phones)
    )

    assert kinds(answers) == (["IntegrityError", "Outing"] if may_do_harm(guard) else ["Outing", "Outing"])
    assert (Outing.objects.count(), lines("went_out")) == (1, 1)


@pytest.mark.parametrize("guard", GUARDS)
def test_two_colleagues_keep_one_pair_apart(night, occupant, by, guard, guarded, at_once, meet_at_the_clock):
    one, other = occupant(), occupant()
    lead, coordinator = by("night_lead"), by("coordinator")
    guarded(guard)
    meet_at_the_clock(admission)

    answers = at_once(
        lambda: admission.keep_apart(one=one, other=other, by=lead),
        lambda: admission.keep_apart(one=other, other=one, by=coordinator),
    )

    assert kinds(answers) == (
        ["KeepApart", "StaleVersion"] if may_do_harm(guard) else ["KeepApart", "KeepApart"]
    )
    assert (KeepApart.objects.count(), lines("kept_apart")) == (1, 2)


@pytest.mark.parametrize("guard", GUARDS)
def test_two_colleagues_merge_two_numbers_crosswise(
    night, occupant, by, guard, guarded, at_once, meet_at_the_clock
):
    one, other = occupant(), occupant()
    lead, coordinator = by("night_lead"), by("coordinator")
    guarded(guard)
    meet_at_the_clock(merging)

    answers = at_once(
        lambda: merging.merge(kept=one, gone=other, by=lead),
        lambda: merging.merge(kept=other, gone=one, by=coordinator),
    )

    gone = Occupant.objects.filter(same_as__isnull=False).count()
    if may_do_harm(guard):  # each is the other, and neither of them stands
        assert (kinds(answers), gone) == (["Merge", "Merge"], 2)
    else:
        assert (kinds(answers), gone) == (["Merge", "StaleVersion"], 1)
        assert Merge.objects.count() == 1


@pytest.mark.parametrize("guard", GUARDS)
def test_one_merge_is_taken_apart_by_two(night, occupant, by, guard, guarded, at_once, meet_at_the_clock):
    row = merging.merge(kept=occupant(), gone=occupant(), by=by("coordinator"))
    colleagues = [by("night_lead"), by("coordinator")]
    guarded(guard)
    meet_at_the_clock(merging)

    at_once(*(lambda who=who: merging.unmerge(merge=row, by=who) for who in colleagues))

    assert lines("unmerged") == (4 if may_do_harm(guard) else 2)
    assert Occupant.objects.filter(same_as__isnull=False).count() == 0


# Merging two guests who both check in at that moment.


def _wait_for_the_other_in(monkeypatch, module, name):
    """Both come to a function before either goes on, where the database lets two in."""
    barrier, real = threading.Barrier(2), getattr(module, name)

    def waiting(*asked):
        wait_at(barrier)
        return real(*asked)

    monkeypatch.setattr(module, name, waiting)


@pytest.fixture
def check_in_waits_for(monkeypatch):
    """A check-in that has looked how the person stands waits until something has happened, before it writes."""

    def waits(happened, reached):
        enforce = rules.enforce

        def later(*asked, **more):
            reached.set()
            happened.wait(timeout=SECONDS)
            return enforce(*asked, **more)

        monkeypatch.setattr(rules, "enforce", later)

    return waits


def about(somebody):
    rows = LogEntry.objects.filter(occupant=somebody, verb__in=["checked_in", "merged"]).order_by("id")
    return list(rows.values_list("verb", flat=True))


@pytest.mark.parametrize("guard", GUARDS)
def test_nobody_is_let_in_under_a_number_that_went_while_the_door_was_looking(
    night, occupant, by, let_in, guard, guarded, at_once, check_in_waits_for
):
    one, other, coordinator = occupant(), occupant(), by("coordinator")
    merged, looking = threading.Event(), threading.Event()
    guarded(guard)
    check_in_waits_for(merged, looking)

    def merge():
        looking.wait(timeout=SECONDS)
        answer = merging.merge(kept=one, gone=other, by=coordinator)
        merged.set()
        return answer

    answers = at_once(lambda: let_in(other, "MA1"), merge)

    assert kinds(answers) == ["BedNight", "Merge"]
    assert about(other) == (["merged", "checked_in"] if may_do_harm(guard) else ["checked_in", "merged"])


@pytest.mark.parametrize("turn", range(6))
def test_merged_while_both_check_in_nobody_lies_in_a_bed_unseen(night, occupant, by, let_in, at_once, turn):
    one, other, coordinator = occupant(), occupant(), by("coordinator")
    acts = [
        lambda: let_in(one, "MA1"),
        lambda: let_in(other, "MA2"),
        lambda: merging.merge(kept=one, gone=other, by=coordinator),
    ]
    order = [turn % 3, (turn + 1 + turn // 3) % 3]
    order.append(3 - sum(order))

    answers = at_once(*(acts[number] for number in order))

    assert {type(answer) for answer in answers} - {
        BedNight, Merge, errors.MergedAway, errors.AlreadyPlaced,
    } == set()  # fmt: skip
    rows = list(BedNight.objects.order_by("id"))
    assert about(other) in (["merged"], ["checked_in", "merged"])
    assert sorted(row.pk for row in queries.nights_of_occupant(one)) == [row.pk for row in rows]
    shown = [sorted(row.pk for row in found) for found in queries.conflicts_of(one)]
    assert shown == ([[row.pk for row in rows]] if len(rows) == 2 else [])
    assert 1 <= len(rows) <= 2


# The house changes under people who are coming in.


@pytest.mark.parametrize("change", ["closed", "moved away"])
@pytest.mark.parametrize("guard", GUARDS)
def test_a_bed_is_put_away_while_somebody_is_let_in_into_it(
    night, occupant, by, house, let_in, guard, guarded, at_once, check_in_waits_for, change
):
    one, lead, bed = occupant(), by("night_lead"), house.beds["MA1"]
    away, looking = threading.Event(), threading.Event()
    guarded(guard)
    check_in_waits_for(away, looking)

    def put_away():
        looking.wait(timeout=SECONDS)
        try:
            if change == "closed":
                return housekeeping.close_bed(bed=bed, reason="repair", first_night=TONIGHT, by=lead)
            return housekeeping.reposition_beds(beds=[bed], dormitory=None, first_night=TONIGHT, by=lead)
        finally:
            away.set()

    answers = at_once(lambda: let_in(one, "MA1"), put_away)

    done = "Closure" if change == "closed" else "NoneType"
    harm = sorted(["BedNight", done])  # somebody sleeps in a bed that is not there
    assert kinds(answers) == (harm if may_do_harm(guard) else ["BedNight", "BedTaken"])
