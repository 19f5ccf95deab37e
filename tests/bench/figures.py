"""What was measured, beside the same thing done barely, in the same run."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table. `name` is the figure's name in `bench.json`; of several rows with the same name
    the worst is written there, and a row without one is only printed. `aim` is a bound that the value should
    keep: from below where `more_is_better`, else from above.
    """

    what: str
    value: float
    unit: str
    baseline: float
    aim: float | None = None
    name: str = ""
    more_is_better: bool = False

    @property
    def ratio(self):
        return self.value / self.baseline if self.baseline else 0.0

    @property
    def is_missed(self):
        if self.aim is None:
            return False
        return self.value < self.aim if self.more_is_better else self.value > self.aim

    @property
    def badness(self):
        return -self.value if self.more_is_better else self.value


def figures(rows):
    """The rows that have a name, as `bench.json` holds them."""
    worst = {}
    for row in sorted(rows, key=lambda row: row.badness):
        if row.name:
            worst[row.name] = row
    return {
        name: {
            "value": round(row.value, 3),
            "unit": row.unit,
            "baseline": round(row.baseline, 3),
            "ratio": round(row.ratio, 3),
            "aim": row.aim,
        }
        for name, row in sorted(worst.items())
    }


def table(rows):
    """Lines of text under one another, with a mark where an aim was missed."""
    yield f"{'':44}{'value':>10} {'unit':<10}{'bare':>10}{'ratio':>8}{'aim':>8}"
    for row in rows:
        aim = "" if row.aim is None else f"{row.aim:g}"
        missed = "  missed" if row.is_missed else ""
        yield f"{row.what:44}{row.value:>10.1f} {row.unit:<10}{row.baseline:>10.1f}{row.ratio:>8.2f}{aim:>8}{missed}"


def percentile(values, share):
    """The smallest value that is not exceeded by this share of them (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
