"""What is worth how much when a rota is proposed or an empty place is filled: points, with their usual value. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Pricing:
    """How a price is called, and what it usually is; `may_be_none` where an empty price forbids it altogether."""

    label: Any  # a lazy translation
    points: int
    may_be_none: bool = False


# What a proposal pays for; the names are those of `staffing.Prices`.
PROPOSALS: Mapping[str, Pricing] = {
    "gap": Pricing(_("a place left empty"), 500),
    "critical_gap": Pricing(_("a place left empty without which the house cannot open"), 2000),
    "wished": Pricing(_("each person below the wished number"), 20),
    "too_many": Pricing(_("each person too many"), 30),
    "slice_of_hours": Pricing(_("each twenty minutes more or less than due"), 1),
    "slice_beyond": Pricing(_("the same beyond the tolerance of the reference period, on top"), 10),
    "night": Pricing(_("each night beyond one more or less than the fair share"), 12),
    "weekend": Pricing(_("the same for shifts at weekends"), 12),
    "holiday": Pricing(_("the same for public holidays"), 20),
    "wish": Pricing(_("a wish not granted, times its weight"), 10),
    "mix": Pricing(_("each organisation or skill missing in a night’s team"), 60),
}
# What a way to fill an empty place pays for: asking people, and letting rules be broken that may be.
ASKING: Mapping[str, Pricing] = {
    "step_in": Pricing(_("asking somebody to step in"), 10),
    "move": Pricing(_("asking somebody to give up another shift"), 30),
}
RULES: Mapping[str, Pricing] = {
    "absent.leave": Pricing(_("asking somebody to move their leave"), 200, may_be_none=True),
    "absent.training": Pricing(_("asking somebody to move a training"), 250, may_be_none=True),
    "absent.unavailable": Pricing(
        _("asking somebody who said they are not available"), 300, may_be_none=True
    ),
    "days_in_a_row": Pricing(_("one more day in a row than agreed"), 150, may_be_none=True),
    "nights_in_a_row": Pricing(_("one more night in a row than agreed"), 150, may_be_none=True),
    "weekly_rest": Pricing(_("the long rest of a week set aside, with compensation"), 450, may_be_none=True),
}
PRICES: Mapping[str, Pricing] = {**PROPOSALS, **ASKING, **RULES}
