"""Letters: written with the act, sent once by the tick, tried again with growing patience, given up in the end."""

import threading
from datetime import timedelta
from smtplib import SMTPException, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import translation

from shelter import clock, tasks
from shelter.actions import posting
from shelter.models import Letter
from tests.at_once import wait_at

MINUTE = timedelta(minutes=1)


class Down(BaseEmailBackend):
    """A mail server that answers with an error, or not at all."""

    trouble = SMTPException("451 try later")

    def send_messages(self, _messages):
        raise self.trouble


@pytest.fixture
def ana(people, clock_at):
    """A colleague with an address, who reads German. It is the evening of 21 November."""
    clock_at("2026-11-21 20:14")
    person = people["night_worker"]
    person.email, person.language = "ana@hut.example", "de"
    person.save()
    return person


@pytest.fixture
def server(settings):
    """The mail server: `server(SMTPException("451"))` breaks it, `server(None)` mends it."""

    def made(trouble):
        Down.trouble = trouble
        working = "django.core.mail.backends.locmem.EmailBackend"
        settings.EMAIL_BACKEND = working if trouble is None else f"{__name__}.Down"

    made(None)
    return made


def write(to, key="a", *, subject="Rota", text="Your shifts", **when):
    posting.write(key=key, to=to, subject=lambda: subject, text=lambda: text, **when)


def wait(clock_at, minutes):
    clock_at(clock.now() + minutes * MINUTE)


def letter(key="a"):
    found = Letter.objects.get(key=key)
    return (found.sent_at, found.tries, found.trouble)


def subjects():
    return [message.subject for message in mail.outbox]


# Writing.


def test_a_letter_is_written_with_the_act_and_not_yet_sent(ana):
    write(ana)

    found = Letter.objects.get()
    assert (found.to, found.subject, found.text, found.send_after) == (
        ana, "Rota", "Your shifts", clock.now(),
    )  # fmt: skip
    assert (found.sent_at, found.tries, found.trouble, mail.outbox) == (None, 0, "", [])


def test_an_act_that_is_undone_leaves_no_letter(ana):
    with transaction.atomic():
        write(ana)
        transaction.set_rollback(True)

    assert Letter.objects.count() == 0


def test_the_same_letter_is_written_once(ana):
    write(ana)
    write(ana, subject="Another", text="Others")
    write(ana, key="b")

    assert list(Letter.objects.order_by("key").values_list("key", "subject")) == [
        ("a", "Rota"),
        ("b", "Rota"),
    ]


def test_a_letter_that_has_gone_is_not_written_again(ana):
    write(ana)
    posting.send_due()

    write(ana)
    posting.send_due()

    assert len(mail.outbox) == 1


def test_who_has_no_address_gets_none(people, clock_at):
    write(people["nurse"])

    assert Letter.objects.count() == 0


@pytest.mark.parametrize("language", ["fr", "de", "lb", "en"])
def test_a_letter_is_worded_in_the_language_of_who_gets_it(ana, language):
    ana.language = language
    with translation.override("fr"):
        posting.write(key="a", to=ana, subject=translation.get_language, text=translation.get_language)
        after = translation.get_language()

    found = Letter.objects.get()
    assert (found.subject, found.text, after) == (language, language, "fr")


# Sending.


def test_the_tick_sends_what_is_due_once(ana):
    write(ana)

    tasks.tick()
    tasks.tick()

    assert letter() == (clock.now(), 1, "")
    (message,) = mail.outbox
    assert (message.to, message.subject, message.body) == (["ana@hut.example"], "Rota", "Your shifts")


def test_a_letter_says_which_it_is(ana):
    for key in ("a", "b"):
        write(ana, key=key)
    posting.send_due()

    known = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert known == [
        f"<letter-{pk}@foyer>" for pk in Letter.objects.order_by("id").values_list("pk", flat=True)
    ]


def test_a_letter_waits_until_its_time(ana, clock_at):
    write(ana, send_after=clock.now() + 60 * MINUTE)

    numbers = []
    for _time in range(3):
        posting.send_due()
        numbers.append(len(mail.outbox))
        wait(clock_at, 30)

    assert numbers == [0, 0, 1]


def test_the_longest_due_goes_first(ana):
    for key, minutes in (("b", 2), ("c", 1), ("a", 3)):
        write(ana, key=key, subject=key, send_after=clock.now() - minutes * MINUTE)

    posting.send_due()

    assert subjects() == ["a", "b", "c"]


def test_so_many_go_at_a_time_and_the_others_with_the_next_tick(ana, monkeypatch):
    monkeypatch.setattr(posting, "AT_A_TIME", 3)
    for number in range(7):
        write(ana, key=f"{number}", subject=f"{number}")

    numbers = []
    for _time in range(4):
        posting.send_due()
        numbers.append(len(mail.outbox))

    assert (numbers, subjects()) == ([3, 6, 7, 7], [f"{number}" for number in range(7)])


# Trouble.


@pytest.mark.parametrize(
    "trouble",
    [
        SMTPException("451"), SMTPServerDisconnected("gone"), ConnectionRefusedError(111), TimeoutError(),
        OSError("no route"),
    ],
)  # fmt: skip
def test_a_letter_that_was_not_sent_stays_and_says_why(ana, server, trouble):
    write(ana)
    server(trouble)

    posting.send_due()

    assert letter() == (None, 1, type(trouble).__name__)


def test_what_is_written_down_of_the_trouble_holds_no_address(ana, server):
    write(ana)
    server(SMTPException("550 ana@hut.example unknown"))

    posting.send_due()

    assert letter() == (None, 1, "SMTPException")


def test_patience_doubles_with_each_try_and_ends(ana, server, clock_at):
    write(ana)
    server(SMTPException("451"))
    begun, tried = clock.now(), []

    while clock.now() < begun + timedelta(days=1):
        before = letter()[1]
        posting.send_due()
        if letter()[1] > before:
            tried.append((clock.now() - begun) // MINUTE)
        wait(clock_at, 1)

    assert tried == [0, 2, 6, 14, 30, 62, 126, 254]  # two minutes, four, eight, …
    assert letter() == (None, posting.MOST_TRIES, "SMTPException")


def test_a_letter_that_was_given_up_is_not_sent_when_the_server_works_again(ana, server, clock_at):
    write(ana)
    Letter.objects.update(tries=posting.MOST_TRIES)

    wait(clock_at, 10_000)
    posting.send_due()

    assert mail.outbox == []


def test_the_last_try_may_still_reach(ana, server, clock_at):
    write(ana)
    Letter.objects.update(tries=posting.MOST_TRIES - 1)

    posting.send_due()

    assert (len(mail.outbox), letter()) == (1, (clock.now(), posting.MOST_TRIES, ""))


def test_when_the_server_works_again_the_letter_goes_once(ana, server, clock_at):
    write(ana)
    server(ConnectionRefusedError(111))
    posting.send_due()
    server(None)

    posting.send_due()
    assert mail.outbox == []

    wait(clock_at, 2)
    posting.send_due()
    posting.send_due()
    assert (len(mail.outbox), letter()) == (1, (clock.now(), 2, ""))


def test_one_letter_that_cannot_go_does_not_keep_the_others(ana, people, monkeypatch):
    other = people["nurse"]
    other.email = "nobody@crl.example"
    other.save()
    for key, to in (("a", other), ("b", ana)):
        write(to, key=key, send_after=clock.now() - MINUTE)
    send = posting.EmailMessage.send

    def choosy(message):
        if message.to == ["nobody@crl.example"]:
            raise SMTPException("550")
        return send(message)

    monkeypatch.setattr(posting.EmailMessage, "send", choosy)
    posting.send_due()

    assert (letter("a"), letter("b")) == ((None, 1, "SMTPException"), (clock.now(), 1, ""))


def test_what_a_process_died_over_goes_again_later_under_the_same_name(ana, monkeypatch, clock_at):
    write(ana)
    send = posting.EmailMessage.send

    def and_dies(message):
        send(message)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(posting.EmailMessage, "send", and_dies)
        with pytest.raises(KeyboardInterrupt):
            posting.send_due()
    posting.send_due()
    assert len(mail.outbox) == 1

    wait(clock_at, 2)
    posting.send_due()

    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [
        f"<letter-{Letter.objects.get().pk}@foyer>"
    ] * 2
    assert letter() == (clock.now(), 2, "")


# Two ticks at once.


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guard", ["claimed", "unclaimed"])
def test_a_letter_two_ticks_have_before_them_is_sent_by_one(ana, at_once, monkeypatch, guard):
    """Both have read that it is due before either claims it; without the claim it goes twice."""
    write(ana)
    barrier, claimed = threading.Barrier(2), posting.claimed

    def both_first(row):
        wait_at(barrier)
        return claimed(row) if guard == "claimed" else True

    monkeypatch.setattr(posting, "claimed", both_first)

    at_once(posting.send_due, posting.send_due)

    assert len(mail.outbox) == (1 if guard == "claimed" else 2)
