"""Questions to the ground floor: querysets or frozen rows for one screen or one figure."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, Subquery

from shelter import nights, offering, parameters
from shelter.models import (
    BedNight,
    LogEntry,
    Night,
    Occupant,
    OpeningPeriod,
    Refusal,
    Registration,
    Setting,
)
from shelter.models.house import Zone
from shelter.standing import BedOnBoard, bed_on, beds_on


def settings_for(night: date) -> parameters.HouseSettings:
    """The settings in force for the night of a date."""
    return parameters.in_force(Setting.objects.for_night(night).values_list("key", "value"))


def night_of(day):
    """The row of a night, or None when no night is planned for that date."""
    return Night.objects.filter(date=day).first()


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


def board_of(night) -> list[BedOnBoard]:
    """Every bed of the house as it stands on a night, in the order of a walk through it."""
    return beds_on(night.date)


def bed_on_board(night, bed_id) -> BedOnBoard | None:
    """One bed as it stands on a night; None when it does not stand in the house."""
    return bed_on(night.date, bed_id)


@dataclass(frozen=True)
class Capacity:
    """Places of a set of beds on one night; all counted, none stored.

    nominal: standard places standing in the house; installed: with opened extension and overflow places;
    out_of_service: installed and closed; in_service = installed - out_of_service = held + occupied + free.
    """

    nominal: int
    installed: int
    out_of_service: int
    in_service: int
    held: int
    occupied: int
    free: int

    @property
    def percent(self):
        """Occupied per hundred places in service; None without a place."""
        return None if not self.in_service else round(100 * self.occupied / self.in_service, 1)


def capacity_of(board) -> Capacity:
    def count(*states):
        return sum(bed.state in states for bed in board)

    installed = sum(bed.counts_as_installed for bed in board)
    closed = count(offering.CLOSED)
    return Capacity(
        nominal=sum(bed.layer == "nominal" for bed in board),
        installed=installed,
        out_of_service=closed,
        in_service=installed - closed,
        held=count(offering.HELD),
        occupied=count(offering.OCCUPIED),
        free=count(offering.FREE),
    )


def capacity_by_zone(board) -> dict[str, Capacity]:
    here = {bed.zone for bed in board}
    zones = [zone for zone in Zone.values if zone in here]
    return {zone: capacity_of([bed for bed in board if bed.zone == zone]) for zone in zones}


def places_of(board) -> list[offering.Place]:
    """The board as `offering` wants it."""
    size: dict[int, int] = {}
    taken: dict[int, int] = {}
    for bed in board:
        size[bed.dormitory_id] = size.get(bed.dormitory_id, 0) + 1
        taken[bed.dormitory_id] = taken.get(bed.dormitory_id, 0) + (bed.bed_night is not None)
    return [
        offering.Place(
            bed=bed.id,
            label=bed.label,
            dormitory=bed.dormitory_id,
            zone=bed.zone,
            level=bed.level,
            step_free=bed.step_free,
            state=bed.state,
            order=order,
            crowding=taken[bed.dormitory_id] / size[bed.dormitory_id],
        )
        for order, bed in enumerate(board)
    ]


def nights_of_occupant(occupant):
    """Nights that block or were slept, the latest first, with bed and night."""
    return (
        BedNight.objects.filter(occupant=occupant, state__in=BedNight.BLOCKS_THE_PERSON)
        .select_related("bed", "night")
        .order_by("-night__date")
    )


def last_bed_of(occupant_ids, before: date) -> dict[int, BedNight]:
    """For each occupant the bed-night last slept before a date, with its bed and night."""
    latest = (
        BedNight.objects.filter(occupant=OuterRef("pk"), state__in=BedNight.SLEPT, night__date__lt=before)
        .order_by("-night__date")
        .values("pk")[:1]
    )
    last = (
        Occupant.objects.filter(pk__in=occupant_ids).order_by().annotate(last=Subquery(latest)).values("last")
    )
    rows = BedNight.objects.filter(pk__in=last).select_related("bed", "night").order_by("id")
    return {row.occupant_id: row for row in rows}


def present(night):
    """Who is inside now."""
    return (
        BedNight.objects.filter(night=night, state=BedNight.State.IN)
        .select_related("bed", "occupant")
        .order_by("bed__label")
    )


def placed(night):
    """Everybody with a bed tonight: expected, here, or gone again."""
    return (
        BedNight.objects.filter(night=night, state__in=BedNight.BLOCKS_THE_PERSON)
        .select_related("bed", "occupant", "night")
        .order_by("id")
    )


def registered(night):
    """Tonight's registrations that stand."""
    return Registration.objects.filter(night=night, withdrawn_at__isnull=True).order_by("id")


def refused(night):
    """Those refused tonight, and offers declined, that stand."""
    return Refusal.objects.filter(night=night, withdrawn_at__isnull=True)


@dataclass(frozen=True)
class NightCounts:
    """How an evening stands, in people."""

    registered: int
    arrived: int
    expected: int
    present: int
    refused: int
    declined: int


def counts_of(night) -> NightCounts:
    expected_ids = set(registered(night).values_list("occupant", flat=True))
    states = dict(
        BedNight.objects.filter(night=night, state__in=BedNight.BLOCKS_THE_PERSON)
        .order_by("id")
        .values_list("occupant", "state")
    )
    came = {occupant for occupant, state in states.items() if state in BedNight.SLEPT}
    reasons = list(refused(night).order_by("id").values_list("reason", flat=True))
    declined = sum(reason == Refusal.Reason.OFFER_DECLINED for reason in reasons)
    return NightCounts(
        registered=len(expected_ids),
        arrived=len(came),
        expected=len(expected_ids - came),
        present=sum(state == BedNight.State.IN for state in states.values()),
        refused=len(reasons) - declined,
        declined=declined,
    )


def nights_run(season):
    """How many nights of a season really ran: rows, never a difference of dates."""
    return Night.objects.filter(season=season, state__in=Night.RAN)


def period_on(day, service=OpeningPeriod.Service.NIGHT):
    return OpeningPeriod.objects.filter(service=service, first_date__lte=day, last_date__gte=day).first()


def undoable(night, *, limit=5):
    """The last acts at the door that may still be taken back, the latest first."""
    return (
        LogEntry.objects.filter(
            Q(bed_night__isnull=False) | Q(verb="refused"),
            night=night,
            verb__in=UNDOABLE,
            undone_by__isnull=True,
        )
        .select_related("bed", "occupant", "bed_night")
        .order_by("-id")[:limit]
    )


UNDOABLE = ("checked_in", "moved", "left", "returned", "released", "refused")


def log_of(night):
    return (
        LogEntry.objects.filter(night=night)
        .select_related("by", "on_behalf_of", "occupant", "bed", "night")
        .order_by("-id")
    )
