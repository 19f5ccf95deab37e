"""Writes a plan down, in bulk; whoever calls it holds the transaction and has seen that no line is bad."""

from datetime import date, datetime
from itertools import islice

from django.utils.translation import gettext as _

from intake.actions.guests import keys, traits
from intake.importing.lines import key_of
from intake.models import Guest, NameKey
from shelter import clock, nights, queries
from shelter.models import (
    Bed,
    BedNight,
    BedPosition,
    Dormitory,
    Night,
    Occupant,
    OpeningPeriod,
    Season,
    Site,
    Zoning,
)

GUESTS_AT_ONCE = 500
ROWS_AT_ONCE = 2000
LONGEST_CODE = Dormitory._meta.get_field("code").max_length or 0


def write(plan, *, watch):
    _write_beds(plan, _write_rooms(plan))
    _write_periods(plan.dates)
    night_ids = _write_nights(plan)
    occupants = _write_guests(plan.guests, watch)
    beds = {key_of(label): pk for label, pk in Bed.objects.order_by("-id").values_list("label", "pk")}
    for stays in _batches(watch(plan.stays, _("bed-nights")), ROWS_AT_ONCE):
        BedNight.objects.bulk_create(
            _bed_night(stay, beds[stay.bed], occupants[plan.guest_of[stay.guest]], night_ids[stay.night])
            for stay in stays
        )


def _bed_night(stay, bed, occupant, night):
    arrived_at, left_at = stay.times
    return BedNight(
        occupant_id=occupant,
        bed_id=bed,
        night_id=night,
        state=BedNight.State.LEFT,
        arrived_at=arrived_at,
        left_at=left_at,
    )


def _write_rooms(plan):
    """Dormitories with their zone from their first night; the ids of all, by key."""
    site = Site.objects.first()
    codes = {key_of(code) for code in Dormitory.objects.order_by().values_list("code", flat=True)}
    ids = {}
    for key, room in plan.rooms.items():
        if room.known is None:
            site = site or Site.objects.create(name="Foyer")
            code = _free_code(room.name, codes)
            codes.add(key_of(code))
            ids[key] = Dormitory.objects.create(site=site, code=code, name=room.name, position=len(codes)).pk
        else:
            ids[key] = room.known.id
        if room.zone:
            Zoning.objects.create(dormitory_id=ids[key], zone=room.zone, first_night=room.first_night)
    return ids


def _free_code(name, codes):
    """The name itself where it is short, else D and a number."""
    if len(name) <= LONGEST_CODE and key_of(name) not in codes:
        return name
    return next(code for number in range(1, len(codes) + 2) if key_of(code := f"D{number}") not in codes)


def _write_beds(plan, rooms):
    new = {
        standing.key: Bed(label=standing.label, level=standing.level, step_free=standing.step_free)
        for standing in plan.beds
        if standing.known is None
    }
    Bed.objects.bulk_create(new.values())
    positions = []
    for standing in plan.beds:
        bed = new[standing.key].pk if standing.known is None else standing.known.id
        positions.append(
            BedPosition(bed_id=bed, dormitory_id=rooms[standing.room], first_night=standing.first_night)
        )
        if standing.gone_from and (standing.known is None or standing.gone_from < standing.known.first_night):
            positions.append(BedPosition(bed_id=bed, first_night=standing.gone_from))
    BedPosition.objects.bulk_create(positions)


def _write_periods(dates):
    """One opening period for each run of nights that no period of the night shelter covers yet."""
    periods = OpeningPeriod.objects.filter(service=OpeningPeriod.Service.NIGHT).order_by()
    covered = {
        day
        for first, last in periods.values_list("first_date", "last_date")
        for day in nights.between(first, last)
    }
    for first, last in _runs(day for day in dates if day not in covered):
        OpeningPeriod.objects.create(
            season=_season_of(first),
            service=OpeningPeriod.Service.NIGHT,
            first_date=first,
            last_date=last,
            reason=_("Brought in from a spreadsheet"),
        )


def _runs(dates):
    """First and last date of each run without a gap; a season's end is one."""
    run: list[date] = []
    for day in dates:
        if run and (day - run[-1] > nights.ONE_DAY or nights.season_name(day) != nights.season_name(run[-1])):
            yield run[0], run[-1]
            run = []
        run.append(day)
    if run:
        yield run[0], run[-1]


def _season_of(day):
    return Season.objects.get_or_create(name=nights.season_name(day))[0]


def _write_nights(plan):
    """Every night of the plan, closed when the last had left; the ids by date."""
    last_leaving: dict[date, datetime] = {}
    for stay in plan.stays:
        left_at = stay.times[1]
        last_leaving[stay.night] = max(left_at, last_leaving.get(stay.night, left_at))
    rows = {night.date: night for night in Night.objects.filter(date__in=plan.dates).order_by("id")}
    seasons: dict[str, Season] = {}
    for day in plan.dates:
        if day not in rows:
            name = nights.season_name(day)
            seasons[name] = seasons.get(name) or _season_of(day)
            rows[day] = Night(season=seasons[name], date=day)
        _close(rows[day], last_leaving[day])
    known = [night for night in rows.values() if night.pk]
    Night.objects.bulk_update(known, ["state", "held_back_at", *Night.TIMES.values()], batch_size=100)
    Night.objects.bulk_create(night for night in rows.values() if not night.pk)
    return {night.date: night.pk for night in rows.values()}


def _close(night, last_leaving):
    """Times that are there stay, those missing are the evening's usual ones, each after the one before."""
    schedule = queries.schedule_of(night.date, queries.settings_for(night.date))
    reached = schedule.opened
    for name, usual in (
        ("opened_at", schedule.opened),
        ("list_frozen_at", schedule.list_frozen),
        ("doors_opened_at", schedule.doors_opened),
        ("doors_closed_at", schedule.doors_closed),
        ("closed_at", schedule.everybody_out),
    ):
        reached = getattr(night, name) or max(usual, reached)
        setattr(night, name, reached)
    night.closed_at = max(night.closed_at, last_leaving)
    night.state, night.held_back_at = Night.State.CLOSED, None


def _write_guests(people, watch):
    """Files with their numbers and search keys; the occupants' ids, in the order of the people."""
    occupants = []
    for batch in _batches(watch(people, _("guests")), GUESTS_AT_ONCE):
        new = {place: _guest(person) for place, person in enumerate(batch) if person.number is None}
        for guest, occupant in zip(
            new.values(),
            Occupant.objects.bulk_create(Occupant(**traits(guest)) for guest in new.values()),
            strict=True,
        ):
            guest.occupant = occupant
        Guest.objects.bulk_create(new.values())
        NameKey.objects.bulk_create(
            (NameKey(guest=guest, key=key) for guest in new.values() for key in keys(guest)),
            batch_size=ROWS_AT_ONCE,
        )
        occupants += [
            new[place].occupant_id if place in new else person.number for place, person in enumerate(batch)
        ]
    return occupants


def _guest(person):
    now = clock.now()
    return Guest(
        name=person.name,
        family_name=person.family_name,
        sleeps=person.sleeps,
        birth_answer=Guest.Answer.GIVEN if person.birth_year else "",
        birth_year=person.birth_year,
        nationality=person.nationality,
        created_at=now,
        changed_at=now,
    )


def _batches(things, size):
    """Lists of at most `size` things."""
    things = iter(things)
    while batch := list(islice(things, size)):
        yield batch
