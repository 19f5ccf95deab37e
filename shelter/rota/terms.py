"""What may be set for the working time of an organisation, with where each figure comes from. Pure.

All figures are taken from summaries of the law and of the sector's agreement: each stands with its source until
somebody of the employer has confirmed it. What is None is not known, and nothing is calculated from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Terms:
    """The limits one person works under. Durations are minutes, the others counts.

    Under strain (special risks, heavy strain) at most `strain_most` may be worked in any 24 hours with night work.
    """

    weekly_minutes: int | None = None  # of the contract
    is_night_worker: bool = False
    is_under_strain: bool = False
    day_most: int | None = 600
    week_most: int | None = 2880
    daily_rest: int | None = 660
    weekly_rest: int | None = 2640
    break_after: int | None = 360
    break_least: int | None = 30
    night_mean: int | None = 480
    strain_most: int | None = 480
    tolerance_percent: int | None = 10
    free_weekends: int | None = 20
    days_in_a_row: int | None = None
    nights_in_a_row: int | None = None
    reference: str = "month"  # or "four_weeks"; the period in which the hours of the contract are met
    publish_days: int | None = 5  # clear days between a plan's publication and its first day
    notice_days: int | None = 3  # changes with less notice are marked
    leave_answer_days: int | None = 14  # a request for leave unanswered after these counts as granted
    wave_minutes: int | None = 30  # between one wave of people asked for an open shift and the next
    night_premium: int | None = None  # in percent, like the next three
    sunday_premium: int | None = None
    holiday_premium: int | None = None
    overtime_premium: int | None = None


SOURCES: Mapping[str, str] = {
    "day_most": "Code du travail, L.211-12",
    "week_most": "Code du travail, L.211-12",
    "daily_rest": "Code du travail, L.211-16",
    "weekly_rest": "Code du travail, L.231-11",
    "break_after": "Code du travail, L.211-16",
    "break_least": "",
    "night_mean": "Code du travail, L.211-15",
    "strain_most": "Code du travail, L.211-15",
    "tolerance_percent": "CCT-SAS",
    "free_weekends": "CCT-SAS",
    "days_in_a_row": "",
    "nights_in_a_row": "",
    "publish_days": "Code du travail, L.211-7",
    "notice_days": "Code du travail, L.211-7",
    "leave_answer_days": "CCT-SAS",
    "wave_minutes": "",
    "night_premium": "CCT-SAS",
    "sunday_premium": "Code du travail, L.231-7",
    "holiday_premium": "Code du travail, L.232-7",
    "overtime_premium": "CCT-SAS",
}

# How each is called where people set it; durations are typed in minutes.
LABELS: Mapping[str, Any] = {
    "day_most": _("Most work in 24 hours (minutes)"),
    "week_most": _("Most work from Monday to Sunday (minutes)"),
    "daily_rest": _("Rest between two days of work (minutes)"),
    "weekly_rest": _("Long rest of a week (minutes)"),
    "break_after": _("Work after which there is a break (minutes)"),
    "break_least": _("Shortest break (minutes)"),
    "night_mean": _("Mean of night workers over seven days (minutes in 24 hours)"),
    "strain_most": _("Most work in 24 hours under strain at night (minutes)"),
    "tolerance_percent": _("Hours of a reference period: percent more or less"),
    "free_weekends": _("Free weekends a year"),
    "days_in_a_row": _("Most days of work in a row"),
    "nights_in_a_row": _("Most nights of work in a row"),
    "publish_days": _("Clear days between publication and the first day"),
    "notice_days": _("Changes with less notice (days) are marked"),
    "leave_answer_days": _("Days to answer a request for leave"),
    "wave_minutes": _("Minutes between two waves of asking for an open shift"),
    "night_premium": _("Premium for nights (percent)"),
    "sunday_premium": _("Premium for Sundays (percent)"),
    "holiday_premium": _("Premium for public holidays (percent)"),
    "overtime_premium": _("Premium for overtime (percent)"),
}
