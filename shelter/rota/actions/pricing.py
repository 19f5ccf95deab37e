"""What is worth how much."""

from django.db import transaction

from shelter import clock
from shelter.errors import Incomplete
from shelter.log import record
from shelter.rota.log import Verb
from shelter.rota.models import Price
from shelter.rota.pricing import PRICES


@transaction.atomic
def set_prices(*, points, by):
    """Set prices by key; None forbids what may be forbidden. What is the same as before is left alone."""
    known = dict(Price.objects.values_list("key", "points"))
    for key, value in points.items():
        price = PRICES[key]
        if value is None and not price.may_be_none:
            raise Incomplete(what=price.label)
        if known.get(key, price.points) == value:
            continue
        Price.objects.update_or_create(
            key=key, defaults={"points": value, "set_at": clock.now(), "set_by": by.person}
        )
        record(Verb.PRICE_SET, by=by, key=key, value=value)
