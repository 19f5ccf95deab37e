"""When a night does what, and under which settings."""

from dataclasses import dataclass
from datetime import date, datetime

from shelter import clock, nights, parameters
from shelter.models import Night, Setting


def settings_for(night: date) -> parameters.HouseSettings:
    """The settings in force for the night of a date."""
    return parameters.in_force(Setting.objects.for_night(night).values_list("key", "value"))


def night_of(day):
    """The row of a night, or None when no night is planned for that date."""
    return Night.objects.filter(date=day).first()


def evening():
    """The night the house is working on; None when none is planned.

    Registration opens in the morning, before the noon at which one night gives way to the next: from then
    on the evening to come is the one that is meant.
    """
    today = nights.local(clock.now()).date()
    coming = Night.objects.filter(date=today, state__in=Night.TAKES_REGISTRATIONS).first()
    return coming or night_of(clock.tonight())


@dataclass(frozen=True)
class Schedule:
    """When time does what in one night, as instants in UTC."""

    opened: datetime
    list_frozen: datetime
    doors_opened: datetime
    holds_released: datetime
    doors_closed: datetime
    everybody_out: datetime


def schedule_of(day, settings):
    def at(clock_time):
        return nights.instant_of(day, clock_time)

    # Registration opens before noon, thus in the hours that still belong to the night before.
    opens = settings.registration_from
    opened = at(opens) if opens >= nights.NOON else nights.instant_of(day - nights.ONE_DAY, opens)
    return Schedule(
        opened=opened,
        list_frozen=at(settings.list_cutoff),
        doors_opened=at(settings.doors_open),
        holds_released=at(settings.hold_release),
        doors_closed=at(settings.last_arrival),
        everybody_out=at(settings.everybody_out),
    )


def nights_run(season):
    """How many nights of a season really ran: rows, never a difference of dates."""
    return Night.objects.filter(season=season, state__in=Night.RAN)
