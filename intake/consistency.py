"""What no constraint can say about intake: each check yields one sentence per finding."""

from intake import matching
from intake.countries import is_known, origin_of
from intake.models import Guest, NameKey


def guests_can_be_found():
    """The search keys of a guest are those of the names they carry."""
    keys: dict[int, set[str]] = {}
    for pk, key in NameKey.objects.order_by("id").values_list("guest", "key").iterator(chunk_size=5000):
        keys.setdefault(pk, set()).add(key)
    for guest in Guest.objects.order_by("id").iterator(chunk_size=2000):
        names = [guest.name, guest.family_name, guest.known_as]
        if keys.get(guest.pk, set()) != matching.keys_of(names, guest.birth_year):
            yield f"guest {guest.pk}: search keys do not fit the names"


def numbers_carry_the_traits_of_their_guests():
    for guest in Guest.objects.select_related("occupant").order_by("id").iterator(chunk_size=2000):
        traits = (guest.occupant.birth_year, guest.occupant.origin)
        if traits != (guest.birth_year, origin_of(guest.nationality)):
            yield f"guest {guest.pk}: the number's traits differ from the file"


def nationalities_are_known():
    for guest in Guest.objects.exclude(nationality="").order_by("id"):
        if not is_known(guest.nationality):
            yield f"guest {guest.pk}: nationality {guest.nationality!r} is unknown"


CHECKS = (guests_can_be_found, numbers_carry_the_traits_of_their_guests, nationalities_are_known)
