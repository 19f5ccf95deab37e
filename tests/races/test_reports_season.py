"""A whole season on the real tick: exactly one of each report, whatever dies, hangs or is forgotten on the way.

Two beats send every tick twice and two workers take them at the same time. What is expected is reckoned here from
dates alone; what came of it is read from the tables in plain SQL and from what the mail server took.
"""

from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest

from tests.harness import NOTHING_LEFT_OUT
from tests.races import judging, post_office, server
from tests.races.travelling import BEATS, WORKERS, Journey, journey

LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
IN_TIME = timedelta(minutes=15)
UNGUARDED, SLOW = "tests.races.unguarded_season_worker", 0.3
READERS = ("fr", "de")
# The third working days after the months of this season, told from a calendar on the wall.
MONTHLY = {
    "2026-11": date(2026, 12, 3),
    "2026-12": date(2027, 1, 6),  # after New Year and a week-end
    "2027-01": date(2027, 2, 3),
    "2027-02": date(2027, 3, 3),
    "2027-03": date(2027, 4, 5),
    "2027-04": date(2027, 5, 5),
}
SEASON = {"2026/27": date(2027, 5, 1)}

PERIODS = """
    SELECT period.kind, period.key, period.due_at, COUNT(*) FROM reporting_period period
    JOIN reporting_period_nights night ON night.period_id = period.id
    GROUP BY period.kind, period.key, period.due_at"""
REPORTS = """
    SELECT report.id, period.kind, period.key, report.revision, report.state, report.is_late, report.is_provisional,
        report.frozen_at, report.sent_at
    FROM reporting_report report JOIN reporting_period period ON period.id = report.period_id ORDER BY report.id"""
DATA_SETS = "SELECT report_id, audience, text, sha256 FROM reporting_dataset ORDER BY id"
PAPERS = """
    SELECT data.report_id, data.audience, paper.form, paper.language, paper.content, paper.sha256
    FROM reporting_paper paper JOIN reporting_dataset data ON data.id = paper.data_set_id"""
DELIVERIES = """
    SELECT delivery.report_id, recipient.kind, recipient.email, delivery.message_id, delivery.sent_at
    FROM reporting_delivery delivery JOIN reporting_recipient recipient ON recipient.id = delivery.recipient_id"""


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), tzinfo=LUXEMBOURG).astimezone(UTC)


# What a season promises.


@dataclass(frozen=True)
class Promise:
    kind: str
    key: str
    due_at: datetime
    nights: int

    @property
    def name(self):
        return self.kind, self.key


def promises(first, last, monthly, season):
    """Of every night, week, month and of the season a report, from the dates alone."""
    found = defaultdict(list)
    for number in range((last - first).days + 1):
        night = first + number * DAY
        monday = night - night.weekday() * DAY
        found["flash", f"{night}", at(night + DAY, 9, 30)].append(night)
        found["weekly", f"{monday:%G-W%V}", at(monday + 7 * DAY, 10)].append(night)
        found["monthly", f"{night:%Y-%m}", at(monthly[f"{night:%Y-%m}"], 10)].append(night)
        [(name, due)] = season.items()
        found["season", name, at(due, 10)].append(night)
    return [Promise(*told, len(its_nights)) for told, its_nights in found.items()]


# What came of it.


@dataclass(frozen=True)
class Made:
    id: int
    kind: str
    key: str
    revision: int
    state: str
    is_late: bool
    is_provisional: bool
    frozen_at: datetime
    sent_at: datetime

    @property
    def name(self):
        return self.kind, self.key


def instant(value):
    """SQLite tells times as texts, in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def made_in(url):
    return [Made(*told, *map(instant, times)) for *told, times in _with_times(judging.rows(url, REPORTS), 2)]


def _with_times(rows, number):
    return [(*row[:-number], row[-number:]) for row in rows]


def everything_promised_was_made_once(url, promised):
    """Rows, revisions, editions, files with their digests, and deliveries: one of each, and nothing beside them."""
    settled = [(kind, key, instant(due), nights) for kind, key, due, nights in judging.rows(url, PERIODS)]
    assert sorted(settled) == sorted((*each.name, each.due_at, each.nights) for each in promised)

    made = made_in(url)
    assert sorted((report.name, report.revision, report.state) for report in made) == sorted(
        (each.name, 1, "sent") for each in promised
    )
    assert not any(report.is_provisional for report in made)

    editions = [
        (report.id, audience)
        for report in made
        for audience in (("ministry",) if report.kind == "flash" else ("ministry", "public"))
    ]
    data_sets = judging.rows(url, DATA_SETS)
    assert sorted((report, audience) for report, audience, *_rest in data_sets) == sorted(editions)
    assert [digest for *_row, text, digest in data_sets if digest != sha256(text.encode()).hexdigest()] == []

    papers = judging.rows(url, PAPERS)
    forms = (("csv", ""), ("pdf", "de"), ("pdf", "fr"))
    assert sorted(row[:4] for row in papers) == sorted((*each, *form) for each in editions for form in forms)
    assert [digest for *_row, content, digest in papers if digest != sha256(bytes(content)).hexdigest()] == []
    assert {bytes(content[:5]) for *_row, form, _language, content, _digest in papers if form == "pdf"} == {
        b"%PDF-"
    }

    deliveries = judging.rows(url, DELIVERIES)
    assert sorted((report, address) for report, _kind, address, *_rest in deliveries) == sorted(
        (report.id, address_of(report.kind, language)) for report in made for language in READERS
    )
    assert len({message_id for *_row, message_id, _sent_at in deliveries}) == len(deliveries)
    assert all(sent_at for *_row, sent_at in deliveries)


def address_of(kind, language):
    return f"{kind}-{language}@ministry.example"


def every_reader_got_each_report(url, accepted, *, twice=()):
    """One message for each delivery under its own Message-ID, with the files that are kept; only some of them twice."""
    expected = {message_id: (address, files) for message_id, address, files in _letters(url)}
    counted = Counter(letter.message_id for letter in accepted)
    assert counted == Counter(dict.fromkeys(expected, 1)) | Counter(dict.fromkeys(twice, 2))
    assert [
        letter.message_id
        for letter in accepted
        if (letter.to, sorted(letter.files.values())) != expected[letter.message_id]
    ] == []
    assert all(letter.message["To"] == letter.to for letter in accepted)


def _letters(url):
    kept = {tuple(row[:4]): row[-1] for row in judging.rows(url, PAPERS)}
    for report, _kind, address, message_id, _sent_at in judging.rows(url, DELIVERIES):
        language = address.partition("@")[0].rpartition("-")[2]
        forms = (("pdf", language), ("csv", ""))
        yield message_id, address, sorted(kept[report, "ministry", *form] for form in forms)


# The way through it.


@dataclass(frozen=True)
class Route:
    """A season and what happens in it, when: at which point a worker dies, what the mail server does."""

    first: date
    last: date
    numbers: dict
    monthly: dict
    dying: dict
    moods: dict
    emptied: datetime
    down: datetime
    up: datetime
    missed: set

    @property
    def promised(self):
        return promises(self.first, self.last, self.monthly, SEASON)

    @property
    def moments(self):
        """Whenever something is due, a little after trouble, and a few others."""
        due = {each.due_at for each in self.promised}
        after = {moment + 5 * MINUTE for moment in (*self.dying.values(), *self.moods)}
        moments = sorted({*due, *after, *NOT_YET, APPROVAL, *AFTER_ALL, self.up})
        return [moment for moment in moments if not self.down <= moment < self.up]


# A minute before reports are due, on both sides of the change of the clocks.
NOT_YET = [at(date(2027, 3, day), 9, 29) for day in (27, 28, 29)] + [at(date(2027, 3, 29), 9, 59)]
APPROVAL = at(date(2027, 5, 1), 12)
AFTER_ALL = [at(date(2027, 5, 6), 9, 30), at(date(2027, 5, 10), 9, 30), at(date(2027, 6, 7), 9, 30)]
WHOLE = Route(
    date(2026, 11, 15),
    date(2027, 4, 15),
    numbers={"flash": 152, "weekly": 23, "monthly": 6, "season": 1},
    monthly=MONTHLY,
    dying={
        "wanted": at(date(2026, 11, 23), 10),  # a week
        "frozen": at(date(2026, 12, 3), 10),  # a month
        "out": at(date(2027, 1, 20), 9, 30),
        "claimed": at(date(2027, 2, 3), 10),
        "handed over": at(date(2027, 2, 22), 10),
        "rendering": at(date(2027, 3, 28), 9, 30),  # the clocks went forward an hour that night
        "freezing": at(date(2027, 5, 1), 10),  # the season
    },
    moods={
        at(date(2026, 12, 15), 9, 30): post_office.REFUSE,
        at(date(2027, 3, 15), 10): post_office.HANG,
    },
    emptied=at(date(2027, 2, 10), 9, 30),
    down=at(date(2027, 1, 7), 12),
    up=at(date(2027, 1, 11), 12),
    missed={("flash", f"2027-01-{day:02d}") for day in range(7, 11)} | {("weekly", "2027-W01")},
)
LAST_MONTH = Route(
    date(2027, 3, 15),
    date(2027, 4, 15),
    numbers={"flash": 32, "weekly": 5, "monthly": 2, "season": 1},
    monthly=MONTHLY,
    dying={
        "wanted": at(date(2027, 3, 22), 10),  # a week
        "out": at(date(2027, 3, 25), 9, 30),
        "rendering": at(date(2027, 3, 28), 9, 30),
        "claimed": at(date(2027, 3, 29), 10),
        "frozen": at(date(2027, 4, 5), 10),  # a week and a month
        "handed over": at(date(2027, 4, 7), 9, 30),
        "freezing": at(date(2027, 5, 1), 10),  # the season
    },
    moods={
        at(date(2027, 3, 18), 9, 30): post_office.REFUSE,
        at(date(2027, 3, 20), 9, 30): post_office.HANG,
    },
    emptied=at(date(2027, 3, 23), 9, 30),
    down=at(date(2027, 4, 8), 12),
    up=at(date(2027, 4, 12), 12),
    missed={("flash", f"2027-04-{day:02d}") for day in range(8, 12)} | {("weekly", "2027-W14")},
)
ROUTES = {"postgresql": WHOLE if NOTHING_LEFT_OUT else LAST_MONTH, "sqlite": LAST_MONTH}
TIMES_EMPTIED = 2


@contextmanager
def house(kind, folder, first, last, **more):
    """A house with a season that lies ahead, and its background work on the way into it."""
    with server.database(kind, folder) as url:
        built = server.built("tests.races.season_house", first, last, url=url, folder=folder)
        assert built == {"nights": (last - first).days + 1}
        with journey(url, folder, begin=at(first - DAY, 12), **more) as travelling:
            yield url, travelling


def travel(travelling, route):
    points = {moment: point for point, moment in route.dying.items()}
    for moment in route.moments:
        if moment in points:
            travelling.arm(points[moment])
        if moment in route.moods:
            travelling.office.moods.append(route.moods[moment])
        if moment == route.up:
            stand_still(travelling)
        travelling.move_to(moment)
        if moment == route.emptied:
            empty(travelling)
        travelling.stay(moment)


def stand_still(travelling):
    """Four days without any worker, at the end of which the broker forgets the ticks that waited."""
    travelling.stop_workers()
    travelling.wait_for_ticks_that_nobody_takes()
    empty(travelling)
    travelling.start_workers()


def empty(travelling):
    assert travelling.broker.dbsize() > 0
    travelling.broker.flushall()
    travelling.emptied += 1


@dataclass
class Travelled:
    """A season that is over: its way, its database, and what runs and was seen."""

    route: Route
    url: str
    journey: Journey

    @property
    def made(self):
        return {report.name: report for report in made_in(self.url)}


@pytest.fixture(scope="module", params=ROUTES)
def season(request, tmp_path_factory):
    """The whole of it on PostgreSQL where nothing may be left out; else its last month."""
    route = ROUTES[request.param]
    folder = tmp_path_factory.mktemp("season")
    with house(request.param, folder, route.first, route.last) as (url, travelling):
        travel(travelling, route)
        yield Travelled(route, url, travelling)


def test_a_season_brings_each_report_exactly_once(season):
    assert Counter(each.kind for each in season.route.promised) == season.route.numbers
    everything_promised_was_made_once(season.url, season.route.promised)


def test_every_reader_gets_each_report_once_but_for_two_of_which_nobody_can_know(season):
    """A mail that was taken while the worker died, or while no answer came, comes twice with one Message-ID."""
    accepted = season.journey.office.accepted
    [hung] = [letter.message_id for letter in accepted if not letter.is_answered]
    [died] = [told for told in season.journey.died().values() if told]

    assert hung != died
    every_reader_got_each_report(season.url, accepted, twice=(hung, died))


def test_only_what_fell_into_days_without_a_worker_is_late(season):
    made, route = season.made, season.route
    not_in_time = {each.name for each in route.promised if not in_time(each.due_at, made[each.name])}

    assert not_in_time == route.missed
    assert {name for name, report in made.items() if report.is_late} == route.missed
    assert all(in_time(route.up, made[name]) for name in route.missed)


def test_what_was_missed_is_made_one_by_one_the_longest_due_first(season):
    due = {each.name: each.due_at for each in season.route.promised}
    names = {report.id: name for name, report in season.made.items()}
    order = dict.fromkeys(names[report] for report, *_rest in judging.rows(season.url, DATA_SETS))

    assert [name for name in order if name in season.route.missed] == sorted(season.route.missed, key=due.get)


def test_the_trouble_was_there(season):
    """Workers died where they should, the broker forgot, mail was refused, and every tick came from both beats."""
    journey = season.journey
    senders, workers = defaultdict(set), defaultdict(set)
    for tick in journey.ticks:
        senders[tick.moment].add(tick.sender)
        workers[tick.moment].add(tick.worker)

    assert journey.died().keys() == season.route.dying.keys()
    assert journey.killed == len(season.route.dying)
    assert journey.emptied == TIMES_EMPTIED
    assert (len(journey.office.refused), list(journey.office.moods)) == (1, [])
    assert {len(found) for moment, found in senders.items() if moment > 1} == {BEATS}
    assert min(len(found) for moment, found in workers.items() if moment > 1) == WORKERS
    assert any(tick.is_given_out_again for tick in journey.ticks)


def test_no_tick_fails(season):
    assert season.journey.errors() == []
    assert [tick for tick in season.journey.ticks if tick.state != "SUCCESS"] == []


def in_time(due, report):
    return due <= report.frozen_at < due + IN_TIME


# The other change of the clocks: on 25 October 2026 at three in the morning it is two o'clock once more.

AUTUMN = date(2026, 10, 23), date(2026, 10, 26)
IN_AUTUMN = [
    Promise("flash", "2026-10-23", datetime(2026, 10, 24, 7, 30, tzinfo=UTC), 1),
    Promise("flash", "2026-10-24", datetime(2026, 10, 25, 8, 30, tzinfo=UTC), 1),
    Promise("flash", "2026-10-25", datetime(2026, 10, 26, 8, 30, tzinfo=UTC), 1),
    Promise("weekly", "2026-W43", datetime(2026, 10, 26, 9, 0, tzinfo=UTC), 3),
    Promise("flash", "2026-10-26", datetime(2026, 10, 27, 8, 30, tzinfo=UTC), 1),
    Promise("weekly", "2026-W44", datetime(2026, 11, 2, 9, 0, tzinfo=UTC), 1),
    Promise("monthly", "2026-10", datetime(2026, 11, 4, 9, 0, tzinfo=UTC), 4),
    Promise("season", "2026/27", datetime(2026, 11, 11, 9, 0, tzinfo=UTC), 4),
]


@pytest.mark.parametrize("kind", server.DATABASES)
def test_a_few_nights_over_the_change_to_winter_time(kind, tmp_path):
    """A minute before each report is due there is nothing of it yet; a moment after, all of it."""
    with house(kind, tmp_path, *AUTUMN) as (url, travelling):
        for number, each in enumerate(IN_AUTUMN):
            travelling.travel_to(each.due_at - MINUTE)
            assert [report.name for report in made_in(url)] == [other.name for other in IN_AUTUMN[:number]]
            travelling.travel_to(each.due_at)
        travelling.travel_to(IN_AUTUMN[-1].due_at + 120 * MINUTE)
        travelling.travel_to(IN_AUTUMN[-1].due_at + 7 * DAY)

        everything_promised_was_made_once(url, IN_AUTUMN)
        made = {report.name: report for report in made_in(url)}
        assert [each.name for each in IN_AUTUMN if not in_time(each.due_at, made[each.name])] == []
        assert not any(report.is_late for report in made.values())
        every_reader_got_each_report(url, travelling.office.accepted)


def test_without_the_claim_on_a_letter_two_workers_send_it_twice(tmp_path):
    with house("sqlite", tmp_path, *AUTUMN, module=UNGUARDED) as (_url, travelling):
        travelling.office.seconds = SLOW
        for each in IN_AUTUMN[:4]:
            travelling.travel_to(each.due_at)
        counted = Counter(letter.message_id for letter in travelling.office.accepted)

    assert max(counted.values()) > 1
