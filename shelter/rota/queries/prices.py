"""What a proposal and a way out pay for, as it is set now."""

from dataclasses import fields

from shelter.rota import repairing, staffing
from shelter.rota.models import Price
from shelter.rota.pricing import PRICES, RULES


def points():
    """By key the points in force; None where something may not be."""
    known = {key: price.points for key, price in PRICES.items()}
    return known | dict(Price.objects.values_list("key", "points"))


def for_proposals():
    known = points()
    return staffing.Prices(**{field.name: known[field.name] for field in fields(staffing.Prices)})


def for_ways():
    known = points()
    return repairing.Prices(
        gap=known["gap"],
        critical_gap=known["critical_gap"],
        give=known["step_in"],
        take=known["move"],
        rules={key: known[key] for key in RULES if known[key] is not None},
    )
