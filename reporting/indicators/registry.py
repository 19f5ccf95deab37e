"""What an indicator is, and the digest that changes when any definition does. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from django.utils.translation import override

from reporting.facts import Window
from reporting.values import Value, as_json

Words = Any  # a lazy translation
Figure = TypeVar("Figure", bound=Callable[[Window], Value])

BED_NIGHTS, BEDS, PEOPLE, NIGHTS, PERCENT, NUMBER, HOURS, MEALS, DEGREES = (
    "bed-nights", "beds", "people", "nights", "percent", "number", "hours", "meals", "degrees",
)  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """A figure: `of` works it out; `sources` are the tables it comes from; `over` names the categories of a table."""

    code: str
    unit: str
    name: Words
    definition: Words
    sources: tuple[str, ...]
    of: Callable[[Window], Value]
    over: str = ""
    counts_people: bool = False  # distinct people: never to be summed over periods


class Register:
    """Collects the indicators of a subject in the order in which they are written."""

    def __init__(self) -> None:
        self.found: list[Indicator] = []

    def __call__(
        self, code: str, unit: str, name: Words, definition: Words, *sources: str, over: str = "",
        counts_people: bool = False,
    ) -> Callable[[Figure], Figure]:  # fmt: skip
        def registered(of: Figure) -> Figure:
            self.found.append(Indicator(code, unit, name, definition, sources, of, over, counts_people))
            return of

        return registered


def digest(indicators: Iterable[Indicator], limits: Any, example: Window) -> str:
    """What all definitions, their limits and their examples come to, as sixteen hexadecimal digits.

    In the words of one language; the examples are worked out, so that other code cannot pass for the same definition.
    """
    with override("en"):
        text = "\n".join(
            f"{each.code}|{each.unit}|{each.definition}|{each.sources}|{each.over}|{as_json(each.of(example))}"
            for each in indicators
        )
    return sha256(f"{text}\n{limits}".encode()).hexdigest()[:16]
