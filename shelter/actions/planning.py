"""The season: opening periods, the nights they plan, and dated settings."""

import sys

from django.db import transaction
from django.utils.translation import gettext as _

from shelter import clock, errors, nights, queries, rules
from shelter.log import Verb, record
from shelter.models import Night, OpeningPeriod, Season, Setting
from shelter.parameters import PARAMETERS, in_force

LONGEST_PERIOD_DAYS = 366
LONGEST_VALUE = Setting._meta.get_field("value").max_length or 0


@transaction.atomic
def add_period(*, service, first_date, last_date, by, kind=OpeningPeriod.Kind.REGULAR, reason=""):
    """Open a service from a date to a date; for the night shelter each of its nights becomes a row.

    The season is found by name from the first date and made if it is new. Periods of one service never overlap.
    """
    if last_date < first_date:
        raise errors.Incomplete(what=_("The last date must not come before the first."))
    if (last_date - first_date).days > LONGEST_PERIOD_DAYS:
        raise errors.Incomplete(what=_("An opening period is at most a year long."))
    if OpeningPeriod.objects.filter(
        service=service, first_date__lte=last_date, last_date__gte=first_date
    ).exists():
        raise errors.Incomplete(what=_("These dates overlap another opening period."))
    season, _created = Season.objects.get_or_create(name=nights.season_name(first_date))
    period = OpeningPeriod.objects.create(
        season=season, service=service, kind=kind, first_date=first_date, last_date=last_date, reason=reason
    )
    record(
        Verb.PERIOD_ADDED, by=by, reason=reason, service=service, kind=kind, first=first_date.isoformat(),
        last=last_date.isoformat(),
    )  # fmt: skip
    if service == OpeningPeriod.Service.NIGHT:
        _plan_nights(period, by)
    return period


def _plan_nights(period, by):
    known = set(
        Night.objects.filter(date__range=(period.first_date, period.last_date))
        .order_by("date")
        .values_list("date", flat=True)
    )
    dates = [day for day in nights.between(period.first_date, period.last_date) if day not in known]
    Night.objects.bulk_create(Night(season=period.season, date=day) for day in dates)
    record(Verb.NIGHT_PLANNED, by=by, number=len(dates), first=period.first_date.isoformat())


@transaction.atomic
def change_setting(*, key, value, first_night, by, reason):
    """Set a value from a night on, with the reason; the row of an earlier change stays.

    `value` is what a person typed. Nights that are over keep the settings they were run under.
    """
    rules.reason_is_written(reason)
    if key not in PARAMETERS:
        raise errors.Incomplete(what=_("There is no such setting."))
    if first_night < clock.tonight():
        raise errors.Incomplete(what=_("A setting cannot change for a night that is past."))
    night = queries.night_of(first_night)
    if night is not None and night.state in (Night.State.CLOSED, Night.State.DEFINITIVE):
        rules.night_takes_changes(night)
    parameter = PARAMETERS[key]
    try:
        typed = parameter.read(value)
    except ValueError as error:
        raise errors.Incomplete(what=_("This value does not fit the setting.")) from error
    written = parameter.write(typed)
    if len(written) > LONGEST_VALUE:
        raise errors.Incomplete(what=_("This value does not fit the setting."))
    _hours_follow_one_another(key, written, first_night)
    setting = Setting.objects.create(
        key=key, value=written, first_night=first_night, set_by=by.person,
        set_at=clock.now(), reason=reason,
    )  # fmt: skip
    record(
        Verb.SETTING_CHANGED,
        by=by,
        reason=reason,
        key=key,
        value=setting.value,
        first=first_night.isoformat(),
    )
    return setting


EVENING = ("list_cutoff", "doors_open", "hold_release", "last_arrival")


def _hours_follow_one_another(key, written, first_night):
    """The evening's times come one after the other, on that night and under every change that follows."""
    if key not in ("registration_from", *EVENING):
        return
    rows = [(row.first_night, row.pk, row.key, row.value) for row in Setting.objects.order_by("id")]
    rows = sorted([*rows, (first_night, sys.maxsize, key, written)])
    for night in {row[0] for row in rows if row[0] >= first_night}:
        settings = in_force((name, value) for since, _pk, name, value in rows if since <= night)
        if not _is_in_order(settings):
            raise errors.Incomplete(what=_("The times of an evening must follow one another."))


def _is_in_order(settings):
    """Minutes from noon: registration may open before it, the rest comes after it, also past midnight."""
    opens = settings.registration_from
    minutes = [opens.hour * 60 + opens.minute - 12 * 60]
    for at in (getattr(settings, name) for name in EVENING):
        minutes.append((at.hour * 60 + at.minute - 12 * 60) % (24 * 60))
    return minutes == sorted(minutes)
