"""Why beds in service stood empty, each for exactly one cause: “full while beds were empty” can be answered. Pure.

Causes, the first that holds counts:
- `held`: kept for somebody, or for a service, until 04:00;
- `no_show`: kept for somebody who did not come, and released;
- `opened_late`: an extra place that was opened after the doors had closed;
- `staff_shortage`: beyond the number of people the house would take that night;
- `zone_mismatch`: free while people were refused for whom it was not suitable, one bed for each of them;
- `no_demand`: nobody asked for it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HELD, NO_SHOW, OPENED_LATE, STAFF_SHORTAGE, ZONE_MISMATCH, NO_DEMAND = CAUSES = (
    "held", "no_show", "opened_late", "staff_shortage", "zone_mismatch", "no_demand",
)  # fmt: skip


@dataclass(frozen=True)
class EmptyBed:
    """A bed in service without a sleeper at 04:00, and what is known of it."""

    is_held: bool = False
    was_released: bool = False
    opened_late: bool = False


def causes(
    empty: Iterable[EmptyBed], *, slept: int, open_places: int | None, unsuited: int
) -> Mapping[str, int]:
    """How many of the empty beds stood empty for each cause; the numbers add up to all of them.

    `open_places` is how many people the house would take (None: as many as beds); `unsuited` how many were refused
    because no suitable place was left.
    """
    found: Counter[str] = Counter()
    plain = 0
    for bed in empty:
        if bed.is_held:
            found[HELD] += 1
        elif bed.was_released:
            found[NO_SHOW] += 1
        elif bed.opened_late:
            found[OPENED_LATE] += 1
        else:
            plain += 1
    if open_places is not None:
        beyond = max(0, slept + plain - open_places)
        found[STAFF_SHORTAGE] = min(plain, beyond)
        plain -= found[STAFF_SHORTAGE]
    found[ZONE_MISMATCH] = min(plain, unsuited)
    found[NO_DEMAND] = plain - found[ZONE_MISMATCH]
    return {cause: found[cause] for cause in CAUSES if found[cause]}
