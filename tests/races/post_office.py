"""A mail server of its own: keeps every message it took, and can be told to hang or to refuse, once each time."""

import socketserver
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from functools import cached_property
from hashlib import sha256
from time import sleep

HANG, REFUSE = "hang", "refuse"
PATIENCE = 120  # seconds after which a client that says nothing is left


@dataclass(frozen=True)
class Accepted:
    """A message that this server answers for, to whom it goes, and whether the client was told so."""

    to: str
    content: bytes
    is_answered: bool = True

    @cached_property
    def message(self):
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def message_id(self):
        return self.message["Message-ID"]

    @property
    def files(self):
        """Name and SHA-256 of what is attached."""
        return {
            each.get_filename(): sha256(each.get_payload(decode=True)).hexdigest()
            for each in self.message.iter_attachments()
        }


@dataclass
class PostOffice:
    """`moods` are what the next messages meet: `office.moods.append(HANG)`; `seconds` is how long each takes."""

    accepted: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    moods: deque = field(default_factory=deque)
    seconds: float = 0
    port: int = 0

    def mood(self):
        try:
            return self.moods.popleft()
        except IndexError:
            return ""


@contextmanager
def opened():
    """Yields a post office that takes mail on a free port of this machine."""
    office = PostOffice()
    handler = type("Counter", (_Counter,), {"office": office})
    with _Server(("127.0.0.1", 0), handler) as server:
        office.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield office
        finally:
            server.shutdown()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


class _Counter(socketserver.StreamRequestHandler):
    """One client: as much of SMTP as handing in a message takes."""

    timeout = PATIENCE

    def handle(self):
        self._say("220 post office")
        while line := self.rfile.readline():
            verb, _space, rest = line.decode().strip().partition(" ")
            if verb.upper() == "DATA":
                if not self._take_data():
                    return
            elif verb.upper() == "QUIT":
                return self._say("221 good-bye")
            else:
                if verb.upper() == "RCPT":
                    self.to = rest.partition("<")[2].partition(">")[0]
                self._say("250 well")

    def _take_data(self):
        """Whether the conversation goes on: a server that hangs waits until the client has had enough."""
        self._say("354 go on")
        content = b"".join(self._lines())
        sleep(self.office.seconds)
        mood = self.office.mood()
        if mood == REFUSE:
            self.office.refused.append(Accepted(self.to, content))
            self._say("451 try again later")
            return True
        self.office.accepted.append(Accepted(self.to, content, is_answered=mood != HANG))
        if mood == HANG:
            self.rfile.read()
            return False
        self._say("250 taken")
        return True

    def _lines(self):
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            yield line[1:] if line.startswith(b".") else line

    def _say(self, line):
        self.wfile.write(f"{line}\r\n".encode())
