"""Guest files: begun with a name as said, changed, never asking for more than a bed needs."""

from django.db import transaction

from intake import matching
from intake.countries import origin_of
from intake.log import Verb
from intake.models import Guest, NameKey
from shelter import clock
from shelter.log import record
from shelter.models import Occupant

FIELDS = (
    "name", "family_name", "known_as", "sleeps", "birth_answer", "birth_year", "birth_month", "birth_day",
    "age_band", "languages", "nationality", "lower_bed", "step_free", "dog", "works_nights", "early_leaver",
    "wakes_at", "situation", "told_in",
)  # fmt: skip
NAMES = ("name", "family_name", "known_as")
_SEX = {"men": Occupant.Sex.MAN, "women": Occupant.Sex.WOMAN}


@transaction.atomic(savepoint=False)
def add_guest(*, by, **answers):
    """Begin a file for somebody new; the occupant, their number in the ledger, is made with it."""
    now = clock.now()
    guest = Guest(created_at=now, changed_at=now, **answers)
    guest.occupant = Occupant.objects.create(**traits(guest))
    guest.save()
    _write_keys(guest)
    record(Verb.GUEST_ADDED, by=by, occupant=guest.occupant)
    return guest


@transaction.atomic(savepoint=False)
def change_guest(*, guest, by, **answers):
    """Change answers of a file; the log says which fields, never what they held."""
    guest = Guest.objects.select_related("occupant").get(pk=guest.pk)
    changed = sorted(name for name, value in answers.items() if getattr(guest, name) != value)
    if not changed:
        return guest
    for name in changed:
        setattr(guest, name, answers[name])
    guest.changed_at = clock.now()
    guest.save()
    Occupant.objects.filter(pk=guest.occupant_id).update(**traits(guest))
    if {*NAMES, "birth_year"} & set(changed):
        guest.keys.all().delete()
        _write_keys(guest)
    record(Verb.GUEST_CHANGED, by=by, occupant=guest.occupant, fields=changed)
    return guest


def note_reading(*, guest, by, fields=()):
    """Every opening of a guest file leaves a line: who, when, from which screen, which groups of fields."""
    record(Verb.GUEST_READ, by=by, occupant=guest.occupant, fields=list(fields))


def traits(guest):
    """The few traits that statistics need, kept with the number."""
    return {
        "sex": _SEX.get(guest.sleeps, Occupant.Sex.UNKNOWN),
        "birth_year": guest.birth_year,
        "origin": origin_of(guest.nationality),
    }


def keys(guest):
    """The search keys of a file's names, in order."""
    return sorted(matching.keys_of([getattr(guest, name) for name in NAMES], guest.birth_year))


def _write_keys(guest):
    NameKey.objects.bulk_create(NameKey(guest=guest, key=key) for key in keys(guest))
