"""Who asked and what they were answered: the need that the house met, and the need it did not."""

from collections import Counter

from django.utils.translation import gettext_lazy as _

from reporting.facts import Window
from reporting.indicators.registry import NIGHTS, NUMBER, PEOPLE, Register
from reporting.values import Table, added

DECLINED = "offer_declined"
REDIRECTED = ("minor_redirected", "asylum_applicant_redirected", "family_redirected")

indicator = Register()
INDICATORS = indicator.found


@indicator(
    "requests", PEOPLE, _("Requests"),
    _(
        "People who asked for a place, counted once each night: registered for it, let in, or refused. People without "
        "a file who were marked as counted before that night are left out."
    ),
    "registration", "bed_night", "refusal",
)  # fmt: skip
def requests(window: Window) -> int:
    total = 0
    for night in window.nights:
        known = night.let_in | night.registered
        known |= {each.person for each in night.asked if each.person is not None}
        total += len(known) + sum(each.person is None and not each.is_repeated for each in night.asked)
    return total


@indicator(
    "declined", NUMBER, _("Offers declined"),
    _("Beds that were offered and not wanted."), "refusal",
)  # fmt: skip
def declined(window: Window) -> int:
    return sum(each.reason == DECLINED for each in window.asked())


@indicator(
    "refusals", NUMBER, _("Refusals"),
    _("Requests the house did not meet; offers declined are not among them."), "refusal",
)  # fmt: skip
def refusals(window: Window) -> int:
    return sum(each.reason != DECLINED for each in window.asked())


@indicator(
    "refused", NUMBER, _("Refusals by reason"),
    _("Requests the house did not meet, each for exactly one main reason. Offers declined are not among them."),
    "refusal", over="refusal",
)  # fmt: skip
def refused(window: Window) -> Table:
    reasons = Counter(each.reason for each in window.asked() if each.reason != DECLINED)
    return dict(sorted(reasons.items()))


@indicator(
    "redirected", NUMBER, _("Redirected"),
    _("Of the refusals those of minors, families and asylum applicants, who were sent to a service of their own."),
    "refusal",
)  # fmt: skip
def redirected(window: Window) -> int:
    return sum(each.reason in REDIRECTED for each in window.asked())


@indicator(
    "without_bed", PEOPLE, _("Without a bed at 04:00"),
    _(
        "Different people of each night who asked for a place and at 04:00 had none: they did not sleep here, declined "
        "no offer and are not known to have arrived elsewhere. Summed over the nights."
    ),
    "refusal", "bed_night",
)  # fmt: skip
def without_bed(window: Window) -> int:
    return sum(night.without_bed for night in window.nights)


@indicator(
    "nights_without_bed", NIGHTS, _("Nights with somebody without a bed"),
    _("Nights on which at least one person was without a bed at 04:00."), "refusal", "bed_night",
)  # fmt: skip
def nights_without_bed(window: Window) -> int:
    return sum(night.without_bed > 0 for night in window.nights)


@indicator(
    "referrals", NUMBER, _("Referrals"),
    _("People shown a way onward, by where to."), "referral", over="referral",
)  # fmt: skip
def referrals(window: Window) -> Table:
    return added(night.referrals for night in window.nights)
