"""Three invented nights on which every indicator is worked out: its example shows what the definition does.

The house of the example has eight beds in two dormitories. Person 1 slept there in an earlier season, person 4 sixteen
nights before in this one.
"""

from datetime import date

from reporting.facts import Asked, Before, Happened, NightFacts, Stay, Window

_FIRST, _SECOND, _THIRD = date(2026, 12, 22), date(2026, 12, 23), date(2026, 12, 24)


def _stay(night: date, person: int, bed: int, sex: str, age: str, origin: str) -> Stay:
    return Stay(night, person, bed, "F" if sex == "woman" else "A", sex, age, origin)


def _one(night: date) -> Stay:
    return _stay(night, 1, 1, "man", "46-65", "luxembourg")


def _two(night: date) -> Stay:
    return _stay(night, 2, 7, "woman", "26-45", "eu")


def _three(night: date) -> Stay:
    return _stay(night, 3, 2, "man", "", "unknown")


def _four(night: date) -> Stay:
    return _stay(night, 4, 3, "man", "18-25", "third_country")


EXAMPLE = Window(
    nights=(
        NightFacts(
            _FIRST, nominal=8, beds={"A": 5, "F": 2}, closed={"repair": 1},
            empty={"no_show": 1, "no_demand": 4}, stays=(_one(_FIRST), _two(_FIRST)),
            let_in=frozenset({1, 2}), registered=frozenset({1, 2, 3}), work={"employee": 1440, "volunteer": 240},
            services={"suppers": 3, "breakfasts": 2}, minimum=15, is_wet=True,
        ),
        NightFacts(
            _SECOND, nominal=8, extra=2, beds={"A": 8, "F": 2}, empty={"no_demand": 6},
            stays=(_one(_SECOND), _two(_SECOND), _three(_SECOND), _four(_SECOND)), visits=1,
            let_in=frozenset({1, 2, 3, 4, 5}), registered=frozenset({1, 2}), referrals={"halte": 1},
            asked=(Asked(None, "minor_redirected"),), without_bed=1,
            incidents=(Happened("quarrel", 2, police=False, ambulance=True),),
            work={"employee": 1440}, services={"suppers": 5, "breakfasts": 4, "asylum": 1},
            minimum=-42, is_wet=False, is_cold_spell=True, uncovered=1,
        ),
        NightFacts(
            _THIRD, is_closed=False, is_definitive=False, nominal=8, beds={"A": 1, "F": 2},
            closed={"pests": 5}, empty={"held": 1}, stays=(_one(_THIRD), _two(_THIRD)),
            let_in=frozenset({1, 2}), registered=frozenset({1, 2, 3}),
            asked=(Asked(3, "no_place"), Asked(6, "offer_declined")), without_bed=1, lacked_place=1,
            work={"employee": 1440}, is_cold_spell=True,
        ),
    ),
    before={1: Before(earlier_season=True), 4: Before(last_night=date(2026, 12, 7))},
)  # fmt: skip
