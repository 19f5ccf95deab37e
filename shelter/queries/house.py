"""How the beds of the house stand on a night, and what they add up to."""

from dataclasses import dataclass

from shelter import offering
from shelter.models.house import Bed, Zone
from shelter.standing import BedOnBoard, bed_on, beds_on


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
            bed.id, bed.label, bed.dormitory_id, bed.zone, bed.level, bed.step_free, bed.state, order,
            crowding=taken[bed.dormitory_id] / size[bed.dormitory_id],
        )
        for order, bed in enumerate(board)
    ]  # fmt: skip


def bed_labelled(label) -> Bed | None:
    """The bed with this label, however it was written; None when there is none."""
    return Bed.objects.filter(label__iexact=label.strip()).first()


def labels_of(bed_ids) -> dict[int, str]:
    return dict(Bed.objects.filter(pk__in=bed_ids).order_by("id").values_list("pk", "label"))
