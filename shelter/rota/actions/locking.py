"""Who stands where is decided under the lock of the people concerned, in the order of their ids."""

from shelter.models import Person


def lock_people(*people):
    """Lock these people's rows (ids; None is nobody) until the end of the transaction."""
    wanted = {person for person in people if person is not None}
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk").values_list("pk"))
