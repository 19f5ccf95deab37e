"""What the house knows already, as far as a book can touch it."""

from datetime import date

from intake.importing.known import House, KnownBed, KnownRoom
from intake.importing.lines import key_of
from intake.models import Guest
from shelter import clock
from shelter.models import Bed, BedNight, BedPosition, Dormitory, Night, Zoning
from shelter.standing import beds_on


def house_behind(book):
    dates = sorted({stay.night for stay in book.stays})
    span = (dates[0], dates[-1]) if dates else (date.max, date.max)
    beds = _beds()
    taken_beds, placed_people = _taken(span)
    names = Guest.objects.order_by().values_list("name", "family_name", "birth_year")
    return House(
        tonight=clock.tonight(),
        beds=beds,
        rooms=_rooms(),
        in_service=_in_service({stay.night for stay in book.stays if stay.bed in beds}),
        taken_beds=taken_beds,
        placed_people=placed_people,
        definitive=list(
            Night.objects.filter(state=Night.State.DEFINITIVE).order_by("date").values_list("date", flat=True)
        ),
        unfinished=_unfinished(span),
        numbers=frozenset(Guest.objects.order_by().values_list("occupant", flat=True)),
        people=frozenset(
            (name.casefold(), family.casefold(), year) for name, family, year in names.iterator()
        ),
    )


def _beds():
    """By label; of two that differ in large and small letters only, the older one."""
    first_nights: dict[int, date] = {}
    rooms: dict[int, set[str]] = {}
    positions = BedPosition.objects.filter(dormitory__isnull=False).order_by("first_night")
    for bed, night, code, name in positions.values_list(
        "bed", "first_night", "dormitory__code", "dormitory__name"
    ):
        first_nights.setdefault(bed, night)
        rooms.setdefault(bed, set()).update({key_of(code), key_of(name)})
    return {
        key_of(bed.label): KnownBed(
            id=bed.pk,
            level=bed.level,
            step_free=bed.step_free,
            first_night=first_nights.get(bed.pk, date.max),
            rooms=frozenset(rooms.get(bed.pk, ())),
        )
        for bed in Bed.objects.order_by("-id")
    }


def _rooms():
    """By code, and by name where that is nobody's code."""
    zones: dict[int, list[tuple[date, str]]] = {}
    for dormitory, night, zone in Zoning.objects.order_by("first_night").values_list(
        "dormitory", "first_night", "zone"
    ):
        zones.setdefault(dormitory, []).append((night, zone))
    dormitories = list(Dormitory.objects.order_by("-id"))
    known = {room.pk: _room(room, zones.get(room.pk, [])) for room in dormitories}
    return {key_of(room.name): known[room.pk] for room in dormitories} | {
        key_of(room.code): known[room.pk] for room in dormitories
    }


def _room(dormitory, zones):
    first_night, first_zone = zones[0] if zones else (date.max, "")
    return KnownRoom(
        id=dormitory.pk,
        key=key_of(dormitory.code),
        first_night=first_night,
        first_zone=first_zone,
        zones=frozenset(zone for _night, zone in zones),
    )


def _in_service(dates):
    """For each night the beds that could be slept in; most nights share one set."""
    same: dict[frozenset[int], frozenset[int]] = {}
    found = {}
    for day in sorted(dates):
        usable = frozenset(bed.id for bed in beds_on(day) if bed.is_in_service)
        found[day] = same.setdefault(usable, usable)
    return found


def _taken(span):
    rows = BedNight.objects.filter(night__date__range=span, state__in=BedNight.BLOCKS_THE_PERSON).order_by()
    beds, people = set(), set()
    for day, bed, occupant in rows.values_list("night__date", "bed", "occupant").iterator():
        beds.add((day, bed))
        people.add((day, occupant))
    return beds, people


def _unfinished(span):
    """Nights that a morning could not close: somebody is still inside or expected."""
    running = BedNight.objects.filter(night__date__range=span, state__in=BedNight.BLOCKS_THE_BED).order_by()
    return frozenset(running.values_list("night__date", flat=True).distinct())
