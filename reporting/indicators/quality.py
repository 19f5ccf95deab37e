"""How far the figures can be trusted."""

from django.utils.translation import gettext_lazy as _

from reporting.facts import Window
from reporting.indicators.registry import NIGHTS, PEOPLE, Register

indicator = Register()
INDICATORS = indicator.found


@indicator(
    "nights_not_closed", NIGHTS, _("Nights not closed yet"),
    _("Nights that ran and that nobody has closed; with one of them every figure is provisional."), "night",
)  # fmt: skip
def nights_not_closed(window: Window) -> int:
    return sum(not night.is_closed for night in window.nights)


@indicator(
    "nights_not_definitive", NIGHTS, _("Nights not definitive yet"),
    _("Nights that may still be corrected."), "night",
)  # fmt: skip
def nights_not_definitive(window: Window) -> int:
    return sum(not night.is_definitive for night in window.nights)


@indicator(
    "traits_not_known", PEOPLE, _("Traits not known"),
    _("Different people of whom sex, age or nationality is not written in the register, each trait by itself."),
    "occupant", "bed_night", over="trait", counts_people=True,
)  # fmt: skip
def traits_not_known(window: Window) -> dict[str, int]:
    last = [stays[-1] for stays in window.by_person.values()]
    missing = {
        "sex": sum(stay.sex == "unknown" for stay in last),
        "age": sum(not stay.age for stay in last),
        "origin": sum(stay.origin == "unknown" for stay in last),
    }
    return {trait: number for trait, number in sorted(missing.items()) if number}
