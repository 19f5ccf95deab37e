"""A client at the door: a kept-alive connection, a bearer token, a fresh Idempotency-Key for each act.

Only the standard library: clients run in processes of their own, which know nothing of the house.
"""

import http.client
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

SECONDS_FOR_AN_ANSWER = 60
PATIENCE = 200  # tries before a client gives up on a server that cuts every connection
PAUSE = 0.05


@dataclass(frozen=True)
class Call:
    """What was asked and what was answered. `started` and `answered` are seconds of one clock; `tries` is
    how often it was sent, `sent` when it was sent for the last time.
    """

    person: int
    act: str
    asked: dict
    key: str
    status: int
    body: Any
    started: float
    sent: float
    answered: float
    tries: int

    @property
    def is_acknowledged(self):
        return 200 <= self.status < 300

    @property
    def code(self):
        return "" if self.is_acknowledged else self.body["code"]

    @property
    def seconds(self):
        return self.answered - self.started


class Client:
    """Sends one request after the other; a cut connection is answered by the same request with the same key."""

    def __init__(self, port, person, token):
        self.person, self.token = person, token
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_FOR_AN_ANSWER)

    def ask(self, path):
        """A reading; returns the answer's body."""
        call = self.act("read", "GET", path)
        if call.status != 200:
            raise AssertionError(f"{path} answered {call.status}: {call.body}")
        return call.body

    def act(self, act, method, path, body=None, *, key=None, due=None, **asked):
        """One call. `due` is when it should have been sent, for loads that wait for nobody."""
        key = key or uuid.uuid4().hex
        started = due or time.time()
        for tries in range(1, PATIENCE + 1):
            sent = time.time()
            try:
                status, answer = self._send(method, path, body, key)
            except (ConnectionError, http.client.HTTPException):
                self.connection.close()
                time.sleep(PAUSE if tries > 1 else 0)
                continue
            return Call(
                self.person, act, asked | (body or {}), key, status, answer, started, sent, time.time(), tries
            )
        raise AssertionError(f"{path}: no answer after {PATIENCE} tries.")

    def _send(self, method, path, body, key):
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        if method != "GET":
            headers |= {"Idempotency-Key": key, "Content-Type": "application/json"}
        text = json.dumps(body).encode() if body is not None else None
        self.connection.request(method, f"/api/v1/{path}", text, headers)
        response = self.connection.getresponse()
        return response.status, _read(response)


def _read(response):
    content = response.read()
    if not content:
        return None
    if "json" not in response.headers["Content-Type"]:
        return {"code": content[:200].decode(errors="replace")}
    return json.loads(content)
