"""Reads the tables in plain SQL and says what went wrong: doubles, and acknowledged acts that are not there.

The log is played again from its first line. As every act is done under the lock of the night, the lines lie in
the order of what happened: the last line must leave the ledger as it is, and no bed may hold two people on
the way. Each client has an account of its own and does one thing after the other, so that its lines
can be told off one by one against what it was answered.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field

import psycopg

BEDS_TWICE = """
    SELECT bed_id, COUNT(*) FROM shelter_bednight WHERE state IN ('held', 'in')
    GROUP BY bed_id, night_id HAVING COUNT(*) > 1"""
PEOPLE_TWICE = """
    SELECT occupant_id, COUNT(*) FROM shelter_bednight WHERE state IN ('held', 'in', 'left')
    GROUP BY occupant_id, night_id HAVING COUNT(*) > 1"""
LINES = """
    SELECT id, verb, by_id, occupant_id, bed_id, bed_night_id, undoes_id, facts FROM shelter_logentry
    WHERE night_id = (SELECT MAX(night_id) FROM shelter_bednight) ORDER BY id"""
LEDGER = """
    SELECT id, state, bed_id FROM shelter_bednight
    WHERE night_id = (SELECT MAX(night_id) FROM shelter_bednight)"""
ANSWERS = "SELECT person_id, key, status, body FROM shelter_storedanswer"
# The verb that an act leaves in the log, if it was not already so.
VERBS = {
    "check-in": "checked_in", "check-in here": "checked_in", "move": "moved", "check-out": "left",
    "return": "returned", "release": "released", "undo": "undone", "register": "registered",
    "withdraw": "registration_withdrawn",
}  # fmt: skip
# Refusals that such an evening may bring; anything else is a fault.
REFUSALS = {
    (409, code)
    for code in ("bed_taken", "already_placed", "zone_full", "house_full", "hold_lapsed", "not_registered",
                 "stale_version")
} | {(403, "not_allowed"), (404, "not_found")}  # fmt: skip
ONLY_FOR = {"not_allowed": {"undo"}, "not_found": {"withdraw"}}
NEVER = ("undone", None)


def rows(url, sql):
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(sql).fetchall()
    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchall()


def doubles(url):
    """Beds given twice and people placed twice, as the ledger stands."""
    return rows(url, BEDS_TWICE) + rows(url, PEOPLE_TWICE)


def unheard_of(calls):
    """Answers that are neither an acknowledgement nor a refusal of this evening, with how often they came."""
    return Counter(
        (call.act, call.status, call.code)
        for call in calls
        if not call.is_acknowledged
        and ((call.status, call.code) not in REFUSALS or call.act not in ONLY_FOR.get(call.code, {call.act}))
    )


def without_kept_answer(url, calls):
    """Acknowledged calls whose answer is not kept, letter by letter, beside their effect."""
    kept = {(person, key): (status, _json(body)) for person, key, status, body in rows(url, ANSWERS)}
    return [
        call
        for call in calls
        if call.is_acknowledged and kept.get((call.person, call.key)) != (call.status, call.body)
    ]


@dataclass(frozen=True)
class Line:
    """One line of the log, with how things stand after it: (state, bed) of its bed-night, or whether its
    occupant is registered.
    """

    id: int
    verb: str
    by: int
    occupant: int
    bed: int
    bed_night: int
    undoes: int
    facts: dict


@dataclass
class Replay:
    """The log played again. `course` holds, for each bed-night and each person's registration, what was true
    from which line on.
    """

    lines: list[Line]
    course: dict = field(default_factory=lambda: defaultdict(list))
    beds_twice: list = field(default_factory=list)

    def __post_init__(self):
        by_id = {line.id: line for line in self.lines}
        lying = defaultdict(set)
        for line in self.lines:
            subject, now = self._after(line, by_id)
            before = self.now(subject)
            self.course[subject].append((line.id, now))
            if line.bed_night is not None:
                self._watch_the_bed(line, before, now, lying)

    def now(self, subject):
        return self.course[subject][-1][1] if self.course[subject] else NEVER

    def was_so(self, subject, wanted, since, until):
        """Whether this was true of a subject at some moment after line `since` and before line `until`."""
        spans = self.course[subject]
        ends = [line for line, _now in spans[1:]] + [float("inf")]
        return any(
            now == wanted and begin < until and end > since
            for (begin, now), end in zip(spans, ends, strict=True)
        )

    def _after(self, line, by_id):
        if line.bed_night is None:
            return ("registration", line.occupant), line.verb == "registered"
        subject = ("bed-night", line.bed_night)
        state, bed = self.now(subject)
        match line.verb:
            case "bed_held":
                return subject, ("held", line.bed)
            case "checked_in" | "returned":
                return subject, ("in", line.bed)
            case "moved":
                return subject, (state, line.bed)
            case "left" | "released":
                return subject, (line.verb, bed)
            case "undone":
                return subject, _taken_back(by_id[line.undoes], state, bed)
        raise AssertionError(f"{line} is not of this evening.")

    def _watch_the_bed(self, line, before, now, lying):
        lying[before[1]].discard(line.bed_night)
        if now[0] in ("held", "in"):
            lying[now[1]].add(line.bed_night)
            if len(lying[now[1]]) > 1:
                self.beds_twice.append(line)


def _taken_back(line, state, bed):
    match line.verb:
        case "checked_in":
            return ("held", line.facts["from_bed"]) if line.facts["was"] == "held" else ("undone", bed)
        case "moved":
            return state, line.facts["from_bed"]
        case "left":
            return "in", bed
        case "returned":
            return "left", line.facts["from_bed"]
        case "released":
            return "held", bed
    raise AssertionError(f"{line} cannot be taken back.")


def replay(url):
    return Replay([Line(*row[:-1], _json(row[-1])) for row in rows(url, LINES) if row[1] in _OF_AN_EVENING])


_OF_AN_EVENING = {*VERBS.values(), "bed_held"}


def differs_from_ledger(url, played):
    """Bed-nights that lie otherwise in the ledger than the log tells."""
    told = {subject[1]: spans[-1][1] for subject, spans in played.course.items() if subject[0] == "bed-night"}
    ledger = {pk: (state, bed) for pk, state, bed in rows(url, LEDGER)}
    return sorted(set(told.items()) ^ set(ledger.items()))


def lost_and_unasked(url, played, calls):
    """Acknowledged acts without effect, and effects nobody was told of.

    Each client did one thing after the other, in the order of its calls. Each acknowledged act must be the next
    line of its client, or must have been so already, between the client's lines before and after. Every line of
    a client must be used up that way. Where an act could be either, whatever explains the most is taken.
    """
    occupants = dict(rows(url, "SELECT id, occupant_id FROM intake_guest"))
    acknowledged = {call.person: [] for call in calls}
    for call in calls:
        if call.is_acknowledged:
            acknowledged[call.person].append((call, *_promise(call, occupants)))
    own = {person: [] for person in acknowledged}
    for line in played.lines:
        if line.by in own and not _comes_with_another(line):
            own[line.by].append(line)
    told = [_explained(played, made, own[person]) for person, made in acknowledged.items()]
    return [call for lost, _unasked in told for call in lost], [line for _lost, rest in told for line in rest]


def _explained(played, made, mine):
    """What is left over of one client's acts and lines when they are told off against each other."""
    readings = {0: []}  # how many lines are used up: what nothing explains, on the best way there
    for call, subject, wanted in made:
        further = {}
        for at, lost in readings.items():
            since = mine[at - 1].id if at else 0
            following = mine[at] if at < len(mine) else None
            until = following.id if following else float("inf")
            unexplained = [*lost, _story(played, call, subject, wanted, since, until)]
            was_so_already = played.was_so(subject, wanted, since, until)
            _keep_the_better(further, at, lost if was_so_already else unexplained)
            if following is not None and _is_of(following, call, subject):
                became_so = played.was_so(subject, wanted, until - 0.5, until + 0.5)
                _keep_the_better(further, at + 1, lost if became_so else unexplained)
        fewest = min(map(len, further.values()))
        readings = {at: lost for at, lost in further.items() if len(lost) == fewest}
    at, lost = max(readings.items())
    return lost, mine[at:]


def _keep_the_better(readings, at, lost):
    if at not in readings or len(lost) < len(readings[at]):
        readings[at] = lost


def _story(played, call, subject, wanted, since, until):
    """What was promised, and what the log tells of the same: the line, and how it stood from then on."""
    course = ", ".join(f"{line}: {now}" for line, now in played.course[subject])
    return f"{call.person} {call.act} {call.status}: {subject} is {wanted} between {since} and {until}; told: {course}"


def _promise(call, occupants):
    """What an acknowledgement says is so now."""
    if call.act in ("register", "withdraw"):
        return ("registration", occupants[call.asked["guest"]]), call.act == "register"
    return ("bed-night", call.body["id"]), (call.body["state"], call.body["bed"]["id"])


def _is_of(line, call, subject):
    same = ("bed-night", line.bed_night) if line.bed_night else ("registration", line.occupant)
    return line.verb == VERBS[call.act] and same == subject


def _comes_with_another(line):
    """Registering may keep a bed, withdrawing releases it: lines beside the one that was asked for."""
    return line.verb == "bed_held" or (line.verb == "released" and line.facts.get("cause") == "withdrawn")


def _json(value):
    """SQLite gives JSON as text."""
    return json.loads(value) if isinstance(value, str) else value
