"""Puts one side of every pair of names among thousands, types the other; prints what came of it, as JSON.

A program of its own (`python -m tests.bench.crowd`). The crowd is made to be mistaken for the pairs: a part of it bears
their own given and family names, dealt out anew.
"""

import json
import unicodedata
from datetime import date
from random import Random

import django
from django.apps import apps

if not apps.ready:  # a test that borrows from here has set them up
    django.setup()

from django.core.management import call_command  # isort: skip
from django.db import transaction  # isort: skip

from intake import queries  # isort: skip
from intake.actions.guests import keys, traits  # isort: skip
from intake.demo import BIRDS, MEN, WOMEN  # isort: skip
from intake.models import Guest, NameKey  # isort: skip
from shelter import clock  # isort: skip
from shelter.actions import planning  # isort: skip
from shelter.actor import Actor  # isort: skip
from shelter.models import Night, Occupant, OpeningPeriod, Role  # isort: skip
from tests.names import DIFFERENT, SAME  # isort: skip

TONIGHT = date(2026, 11, 21)
STRANGERS, NAMESAKES = 3_800, 1_200
AT_MOST = 10
SIMILAR = 0.3
SEED = 2026
BATCH = 2_000


def main():
    call_command("migrate", verbosity=0)
    by = Actor(source="bench", roles=frozenset(Role.values))
    planning.add_period(service=OpeningPeriod.Service.NIGHT, first_date=TONIGHT, last_date=TONIGHT, by=by)
    night, crowd = Night.objects.get(date=TONIGHT), people(STRANGERS, NAMESAKES)
    guests = welcome([*named(SAME), *named(DIFFERENT)])
    welcome(crowd)
    everybody = [trigrams(f"{name} {family}") for name, family in [*named(SAME), *named(DIFFERENT), *crowd]]
    told = {
        "crowd": len(crowd),
        "same": [
            met(pair, guest, night) | barely_met(number, pair, everybody)
            for number, (pair, guest) in enumerate(zip(SAME, guests, strict=False))
        ],
        "different": [
            {"offered": is_asked_about(guest, pair.typed), "offered_barely": is_similar(pair)}
            for pair, guest in zip(DIFFERENT, guests[len(SAME) :], strict=True)
        ],
    }
    print(json.dumps(told))


def met(pair, guest, night):
    """What becomes of somebody who is here when their name is typed in another way."""
    suggested = suggestions(pair.typed, night)
    return {
        "kind": pair.kind,
        "suggested": len(suggested),
        "found": guest in suggested,
        "first": guest in suggested[:1],
        "recognised": is_asked_about(guest, pair.typed),
    }


def named(pairs):
    return [(pair.name, pair.family_name) for pair in pairs]


def people(strangers, namesakes):
    """Invented names: of the demo's, and of the pairs' own, dealt out anew to people who are none of them."""
    chance = Random(SEED)
    pairs = [*named(SAME), *named(DIFFERENT)]
    given, families = zip(*pairs, strict=True)
    scripts = sorted(BIRDS)
    crowd = []
    for _stranger in range(strangers):
        script = chance.choice(scripts)
        crowd.append((chance.choice(MEN[script] + WOMEN[script]), chance.choice(BIRDS[script])))
    while len(crowd) < strangers + namesakes:
        person = (chance.choice(given), chance.choice(families))
        if person not in pairs:
            crowd.append(person)
    return crowd


@transaction.atomic
def welcome(names):
    """Guests of these names, with their search keys."""
    now = clock.now()
    guests = [
        Guest(name=name, family_name=family, sleeps="men", created_at=now, changed_at=now)
        for name, family in names
    ]
    occupants = Occupant.objects.bulk_create((Occupant(**traits(guest)) for guest in guests), BATCH)
    for guest, occupant in zip(guests, occupants, strict=True):
        guest.occupant = occupant
    guests = Guest.objects.bulk_create(guests, BATCH)
    NameKey.objects.bulk_create(
        (NameKey(guest=guest, key=key) for guest in guests for key in keys(guest)), BATCH
    )
    return guests


def suggestions(typed, night):
    """Whom the search at the door suggests."""
    return [hit.guest for hit in queries.search(typed, night, limit=AT_MOST)]


def is_asked_about(guest, typed):
    """Whether a new file of this name meets the page that asks if they are this guest."""
    alike = queries.look_alikes(typed)
    return guest in [each for each, score in alike if score >= queries.STRONG_MATCH]


# The plain thing to compare with: what a trigram index does.


def barely_met(number, pair, everybody):
    """The same of trigrams alone: similar enough, and among the ten most similar (or the first) of all."""
    asked = trigrams(pair.typed)
    scores = [similarity(asked, name) for name in everybody]
    rank = sum(score > scores[number] for score in scores)
    similar = scores[number] >= SIMILAR
    return {
        "found_barely": similar and rank < AT_MOST,
        "first_barely": similar and rank == 0,
        "recognised_barely": similar,
    }


def is_similar(pair):
    return similarity(trigrams(pair.typed), trigrams(f"{pair.name} {pair.family_name}")) >= SIMILAR


def similarity(one, other):
    return len(one & other) / len(one | other)


def trigrams(text):
    """Those of a text without its accents, each word with two blanks before and one behind."""
    bare = "".join(
        char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char)
    )
    padded = [f"  {word} " for word in "".join(char if char.isalnum() else " " for char in bare).split()]
    return {word[i : i + 3] for word in padded for i in range(len(word) - 2)}


if __name__ == "__main__":
    main()
