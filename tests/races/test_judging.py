"""The judge of the races: it explains what can be explained, and nothing else."""

import pytest

from tests.races import judging
from tests.races.calling import Call
from tests.races.judging import Line, Replay

ME, OTHER = 1, 2
BED = 5


def line(number, verb, by, occupant=7):
    return Line(number, verb, by, occupant, None, None, None, {})


def call(act, status=201, guest=70):
    return Call(ME, act, {"guest": guest}, "key", status, {}, 0.0, 0.0, 0.0, 1)


@pytest.fixture
def judge(monkeypatch):
    """Guests 70 and 80 are occupants 7 and 8."""
    monkeypatch.setattr(judging, "rows", lambda _url, _sql: [(70, 7), (80, 8)])

    def judged(lines, calls):
        return judging.lost_and_unasked("", Replay(lines), calls)

    return judged


def test_each_act_with_its_line_is_explained(judge):
    lines = [line(1, "registered", ME), line(2, "registration_withdrawn", ME)]

    assert judge(lines, [call("register"), call("withdraw", 204)]) == ([], [])


def test_what_was_so_already_is_explained(judge):
    assert judge([line(1, "registered", OTHER)], [call("register", 200)]) == ([], [])


def test_what_was_so_already_is_not_taken_for_the_same_act_done_later(judge):
    """Both are registering the same person: the first found it done, the second did it after it was taken back."""
    lines = [
        line(1, "registered", OTHER),
        line(2, "registered", OTHER, occupant=8),
        line(3, "registration_withdrawn", OTHER, occupant=8),
        line(4, "registration_withdrawn", OTHER),
        line(5, "registered", ME),
    ]

    assert judge(lines, [call("register", 200), call("register", 200, guest=80), call("register")]) == (
        [],
        [],
    )


def test_an_act_without_effect_is_lost(judge):
    [lost], unasked = judge([line(1, "registration_withdrawn", OTHER)], [call("register")])

    assert "register 201" in lost
    assert unasked == []


def test_what_was_no_longer_so_before_the_clients_last_act_is_lost(judge):
    lines = [
        line(1, "registered", OTHER),
        line(2, "registration_withdrawn", OTHER),
        line(3, "registered", ME, occupant=8),
    ]

    [lost], unasked = judge(lines, [call("register", guest=80), call("register", 200)])

    assert "('registration', 7) is True between 3 and inf" in lost
    assert unasked == []


def test_an_effect_nobody_was_told_of_is_unasked(judge):
    lines = [line(1, "registered", ME), line(2, "registration_withdrawn", ME)]

    assert judge(lines, [call("register")]) == ([], [lines[1]])
