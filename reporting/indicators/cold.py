"""How cold the nights were."""

from django.utils.translation import gettext_lazy as _

from reporting.facts import Window
from reporting.indicators.registry import DEGREES, NIGHTS, Register
from reporting.values import Peak

indicator = Register()
INDICATORS = indicator.found


@indicator(
    "coldest", DEGREES, _("Coldest night"),
    _("The lowest temperature at the Findel station between 18:00 and 08:00, and the first night on which it was so."),
    "weather",
)  # fmt: skip
def coldest(window: Window) -> Peak | None:
    """In tenths of a degree Celsius."""
    known = [(night.minimum, night.night) for night in window.nights if night.minimum is not None]
    return Peak(*min(known)) if known else None


@indicator(
    "cold_nights", NIGHTS, _("Cold nights"),
    _("Nights whose lowest temperature was below 0 °C."), "weather",
)  # fmt: skip
def cold_nights(window: Window) -> int:
    return sum(night.minimum is not None and night.minimum < 0 for night in window.nights)


@indicator(
    "wet_nights", NIGHTS, _("Wet nights"),
    _("Nights with rain or snow between 18:00 and 08:00."), "weather",
)  # fmt: skip
def wet_nights(window: Window) -> int:
    return sum(night.is_wet is True for night in window.nights)


@indicator(
    "cold_spell_nights", NIGHTS, _("Nights of a cold spell"),
    _("Nights in a cold spell that somebody with a name had declared."), "cold_spell",
)  # fmt: skip
def cold_spell_nights(window: Window) -> int:
    return sum(night.is_cold_spell for night in window.nights)


@indicator(
    "nights_without_weather", NIGHTS, _("Nights without weather"),
    _("Nights for which no lowest temperature is known."), "weather",
)  # fmt: skip
def nights_without_weather(window: Window) -> int:
    return sum(night.minimum is None for night in window.nights)
