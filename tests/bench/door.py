"""The door: check-ins and searches at an evening's pace, and how many check-ins it bears at most.

Every check-in is the dearest there is: no bed is named and none is kept, so that the house proposes one of 330. At
the ceiling only check-ins run while the time is taken: rounds that fill the house, each followed by
check-outs that are not counted. Bare inserts take turns with the house's own acts, so that both meet the
same weather. A request's time begins when it was due, not when a free client sent it.
"""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from queue import LifoQueue
from unittest import mock
from urllib.parse import quote

from tests import servers
from tests.bench.figures import Row, percentile
from tests.races import server
from tests.races.calling import Client

APPLICATION = "tests.bench.wsgi:application"
CLIENTS = 20
A_SECOND = 5  # check-ins, and as many searches
BLOCKS, SECONDS_A_BLOCK = 3, 12
ROUNDS, CHECK_INS_A_ROUND = 4, 240
DURABLY = ("listen_addresses=",)  # unlike in tests, PostgreSQL flushes to disk at each commit


def measure():
    for kind in server.DATABASES:
        print(f"The door on {kind}: building a season …", flush=True)
        with _house(kind) as door:
            yield from door.rows(kind)


@contextmanager
def _house(kind):
    with (
        tempfile.TemporaryDirectory(prefix="foyer-bench-") as name,
        mock.patch.object(servers, "QUICKLY", DURABLY),
    ):
        folder = Path(name)
        with server.database(kind, folder) as url:
            known = server.built("tests.bench.season", url=url, folder=folder)
            with server.web_server(url, folder, night=known["night"], application=APPLICATION) as (
                port,
                _master,
            ):
                yield Door(port, known)


class Door:
    """A live house and the clients before it."""

    def __init__(self, port, known):
        self.known = known
        self.guests, self.searches = iter(known["guests"]), iter(known["searches"])
        self.clients = [Client(port, 0, known["token"]) for _tablet in range(CLIENTS)]

    def rows(self, kind):
        self._warm_up()
        check_ins, searches, bare = self._evening()
        for act, calls, aim in (("check-in", check_ins, 50), ("search", searches, 30)):
            for share in (0.5, 0.99):
                yield Row(
                    f"{act} p{share * 100:.0f}, {kind}",
                    percentile([call.seconds * 1000 for call in calls], share),
                    "ms",
                    percentile([call.seconds * 1000 for call in bare], share),
                    aim=aim if share == 0.99 else None,
                    name=f"door.{act.replace('-', '_')}.p99" if share == 0.99 else "",
                )
        self._check_out(check_ins)
        yield Row(
            f"check-ins at the ceiling, {kind}",
            *self._ceiling(),
            aim=100,
            name="door.ceiling",
            more_is_better=True,
        )
        few, many = self.known["statements"]
        bare = self.known["bare_statements"]
        yield Row(f"statements a check-in, few guests, {kind}", few, "", bare, aim=12)
        yield Row(
            f"statements a check-in, 5,000 guests, {kind}",
            many,
            "",
            bare,
            aim=12,
            name="door.queries_per_check_in",
        )

    def _warm_up(self):
        self._at_once([self._search(text) for text in self.known["searches"][:60]])

    def _evening(self):
        """Blocks of check-ins and searches in turn, and between them blocks of bare inserts at the same pace."""
        at_the_door, bare = [], []
        for _block in range(BLOCKS):
            each = A_SECOND * SECONDS_A_BLOCK
            acts = [
                (self._check_in(next(self.guests)), self._search(next(self.searches)))
                for _pair in range(each)
            ]
            at_the_door += self._paced(list(chain.from_iterable(acts)))
            bare += self._paced([self._bare(number) for number in range(2 * each)])
        return at_the_door[::2], at_the_door[1::2], bare

    def _ceiling(self):
        """Check-ins a second with all clients at work, and bare inserts a second."""
        speeds = {"check-in": [], "bare": []}
        for _round in range(ROUNDS):
            calls = self._at_once([self._check_in(next(self.guests)) for _number in range(CHECK_INS_A_ROUND)])
            speeds["check-in"].append(_a_second(calls))
            self._check_out(calls)
            speeds["bare"].append(_a_second(self._at_once([self._bare(n) for n in range(CHECK_INS_A_ROUND)])))
        return percentile(speeds["check-in"], 0.5), "a second", percentile(speeds["bare"], 0.5)

    def _check_out(self, calls):
        self._at_once([self._leave(call.body["id"]) for call in calls])

    def _paced(self, acts):
        """Each act when its time has come, whether or not those before are answered."""
        free: LifoQueue = LifoQueue()
        for client in self.clients:
            free.put(client)

        def send(act, due):
            client = free.get()
            try:
                return act(client, due=due)
            finally:
                free.put(client)

        begin, running = time.time() + 0.1, []
        with ThreadPoolExecutor(CLIENTS) as threads:
            for number, act in enumerate(acts):
                due = begin + number / (2 * A_SECOND)
                time.sleep(max(0, due - time.time()))
                running.append(threads.submit(send, act, due))
        return [_without_error(call.result()) for call in running]

    def _at_once(self, acts):
        """All clients at work, each with its share of the acts, one after the other."""
        shares = [(client, acts[number::CLIENTS]) for number, client in enumerate(self.clients)]
        with ThreadPoolExecutor(CLIENTS) as threads:
            made = threads.map(lambda share: [act(share[0]) for act in share[1]], shares)
            return [_without_error(call) for calls in made for call in calls]

    def _check_in(self, guest):
        return partial(_act, "check-in", "POST", f"nights/{self.known['night']}/check-ins/", {"guest": guest})

    def _leave(self, bed_night):
        return partial(_act, "check-out", "POST", f"bed-nights/{bed_night}/check-out/", {})

    def _search(self, text):
        return partial(_act, "search", "GET", f"guests/?q={quote(text)}", None)

    def _bare(self, guest):
        return partial(_act, "bare", "POST", "bare/", {"night": self.known["night"], "guest": guest})


def _act(act, method, path, body, client, due=None):
    return client.act(act, method, path, body, due=due)


def _without_error(call):
    if not call.is_acknowledged:
        raise SystemExit(f"{call.act} was answered by {call.status}: {call.body}")
    return call


def _a_second(calls):
    return len(calls) / (max(call.answered for call in calls) - min(call.started for call in calls))
