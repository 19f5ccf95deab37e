"""Guest cards: a scan opens the guest with the bed proposed; what is forged, lost or replaced opens nothing."""

import io

import pypdf
import pytest
from django.urls import reverse

from intake.actions import cards, door
from intake.models import Card
from shelter.actions import merging
from shelter.models import LogEntry, Role
from tests.conftest import BUILDER
from tests.plain_browser import PlainBrowser
from tests.transactions import house_is_outermost


@pytest.fixture(autouse=True)
def outermost():
    with house_is_outermost():
        yield


@pytest.fixture
def tablet(night, people):
    def of(role="night_worker"):
        return PlainBrowser(people[Role(role)])

    return of


@pytest.fixture
def card_of(night, guest):
    """A card for somebody expected tonight: `card_of("Hibou")`."""

    def issued(name="Hibou", **answers):
        known = guest(name, **answers)
        door.register_for_tonight(guest=known, night=night, by=BUILDER)
        return cards.issue_card(guest=known, by=BUILDER)

    return issued


def scanned(text):
    return f"{reverse('door')}?q={text}"


def refusals():
    return [
        (line.occupant_id, line.facts.get("number"), line.facts["why"])
        for line in LogEntry.objects.filter(verb="card_refused").order_by("id")
    ]


def forged(card):
    """The same number with another check code."""
    other = "2" if card.code[-1] != "2" else "3"
    return f"{card.guest.number}-{card.code[:-1]}{other}"


# At the door.


def test_a_scan_opens_the_guest_with_the_bed_proposed(card_of, tablet):
    card = card_of("Hibou")

    browser = tablet().open(scanned(card.text))

    assert browser.at == reverse("door-guest", args=[card.guest.pk])
    assert (browser.status, browser.sees("Hibou"), browser.may_press("Check in to")) == (200, True, True)
    assert refusals() == []


@pytest.mark.parametrize("typed", [str.lower, "  {}  ".format, "{}%0A".format])
def test_the_way_a_scanner_types_does_not_matter(card_of, tablet, typed):
    card = card_of()

    browser = tablet().open(scanned(typed(card.text)))

    assert browser.at == reverse("door-guest", args=[card.guest.pk])


def test_a_forged_card_opens_nothing_and_leaves_a_line(card_of, tablet):
    card = card_of()

    browser = tablet().open(scanned(forged(card)))

    assert (browser.status, browser.sees("This is not a card of this house")) == (409, True)
    assert browser.may_press("Check in to") is False
    assert refusals() == [(None, int(card.guest.number), "unknown")]


def test_a_code_opens_only_the_number_it_was_issued_for(card_of, tablet):
    mine, others = card_of("Hibou"), card_of("Grue")

    browser = tablet().open(scanned(f"{others.guest.number}-{mine.code}"))

    assert (browser.status, len(refusals())) == (409, 1)


def test_a_number_nobody_has_is_refused_like_a_forged_one(card_of, tablet):
    card = card_of()

    browser = tablet().open(scanned(f"99999999999-{card.code}"))

    assert (browser.status, refusals()) == (409, [(None, 99999999999, "unknown")])


@pytest.mark.parametrize(("why", "word"), [("lost", "lost"), ("stolen", "stolen"), ("damaged", "damaged")])
def test_a_revoked_card_opens_nothing_says_why_and_leaves_a_line(card_of, tablet, why, word):
    card = card_of()
    cards.revoke_card(card=card, why=why, by=BUILDER)

    browser = tablet().open(scanned(card.text))

    assert (browser.status, browser.sees(f"This card was revoked ({word})")) == (409, True)
    assert refusals() == [(card.guest.occupant_id, None, why)]


def test_the_line_about_a_refused_card_says_who_scanned_it(card_of, tablet, people):
    tablet("night_lead").open(scanned(forged(card_of())))

    line = LogEntry.objects.get(verb="card_refused")

    assert (line.by, line.source) == (people[Role.NIGHT_LEAD], "door")


@pytest.mark.parametrize("text", ["Hibou", "12-345", "0001-OIL01U", "0001-ABCDEFG", "-", "0001-"])
def test_what_is_no_card_is_searched_for(card_of, tablet, text):
    card_of()

    browser = tablet().open(scanned(text))

    assert (browser.status, browser.at, refusals()) == (200, scanned(text), [])


def test_a_card_of_a_joined_file_opens_the_file_that_counts(card_of, guest, tablet):
    card, kept = card_of("Milane"), guest("Milan")
    merging.merge(kept=kept.occupant, gone=card.guest.occupant, by=BUILDER)

    browser = tablet().open(scanned(card.text))

    assert browser.at == reverse("door-guest", args=[kept.pk])


# Issued, replaced, revoked.


def test_a_second_card_replaces_the_first(card_of, tablet):
    first = card_of()
    second = cards.issue_card(guest=first.guest, by=BUILDER)

    statuses = [tablet().open(scanned(card.text)).status for card in (first, second)]

    first.refresh_from_db()
    assert (first.revoked_because, first.revoked_at is None, second.revoked_at) == ("replaced", False, None)
    assert (statuses, refusals()) == ([409, 200], [(first.guest.occupant_id, None, "replaced")])


def test_issuing_and_revoking_leave_a_line_each_and_no_code_in_it(card_of):
    card = card_of()
    for why in ("lost", "stolen"):
        cards.revoke_card(card=card, why=why, by=BUILDER)

    lines = LogEntry.objects.filter(verb__startswith="card_").order_by("id")

    assert [(line.verb, line.occupant_id, line.facts) for line in lines] == [
        ("card_issued", card.guest.occupant_id, {"card": card.pk}),
        ("card_revoked", card.guest.occupant_id, {"card": card.pk, "why": "lost"}),
    ]


def test_codes_are_told_apart_by_eye_and_ear_and_differ(guest):
    codes = {cards.issue_card(guest=guest(f"Hibou {number}"), by=BUILDER).code for number in range(40)}

    assert len(codes) == 40
    assert set("".join(codes)) & set("01IOL") == set()


def test_a_card_is_issued_and_revoked_on_the_guest_card(guest, tablet):
    known = guest("Hibou")
    browser = tablet("field_worker").open(reverse("guest", args=[known.pk]))

    browser.press("New card")
    card = Card.objects.get()
    shown = browser.sees(card.text)
    browser.press("stolen")

    card.refresh_from_db()
    assert (shown, card.guest_id, card.revoked_because) == (True, known.pk, "stolen")


def test_at_the_address_of_one_guest_no_card_of_another_is_revoked(card_of, guest, client_as):
    card = card_of()
    path = reverse("guest-card-revoke", args=[guest("Grue").pk, card.pk])

    answer = client_as("night_lead").post(path, {"why": "lost"})

    card.refresh_from_db()
    assert (answer.status_code, card.revoked_at) == (404, None)


def test_the_card_of_a_joined_file_can_be_revoked_where_the_person_is_now(card_of, guest, client_as):
    card, kept = card_of("Milane"), guest("Milan")
    merging.merge(kept=kept.occupant, gone=card.guest.occupant, by=BUILDER)
    path = reverse("guest-card-revoke", args=[kept.pk, card.pk])

    answer = client_as("night_lead").post(path, {"why": "stolen"})

    card.refresh_from_db()
    assert (answer.status_code, card.revoked_because) == (302, "stolen")


# On paper.


def printed(client, query=""):
    paper = client.get(reverse("cards-pdf") + query)
    pages = pypdf.PdfReader(io.BytesIO(paper.content)).pages
    return len(pages), "\n".join(page.extract_text() for page in pages)


def test_a_card_shows_number_and_code_and_no_name(card_of, client_as):
    card = card_of("Hibou", family_name="Grand-Duc", known_as="le Prince")

    _pages, text = printed(client_as("field_worker"), f"?guest={card.guest.pk}")

    shown = [part in text for part in (card.guest.number, card.code)]
    names = [part in text for part in ("Hibou", "Grand", "GRAND", "Prince")]
    assert (shown, names) == ([True, True], [False] * 4)


def test_cards_of_everybody_expected_stand_ten_to_a_sheet(card_of, guest, client_as):
    expected = [card_of(f"Hibou {number}") for number in range(11)]
    stranger = cards.issue_card(guest=guest("Grue"), by=BUILDER)

    pages, text = printed(client_as("field_worker"))

    assert (pages, [card.code in text for card in expected]) == (2, [True] * 11)
    assert (stranger.code in text) is False


def test_a_revoked_card_is_not_printed_again(card_of, client_as):
    old = card_of()
    new = cards.issue_card(guest=old.guest, by=BUILDER)

    _pages, text = printed(client_as("field_worker"), f"?guest={old.guest.pk}")

    assert (old.code in text, new.code in text) == (False, True)
