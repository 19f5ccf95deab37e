"""What no constraint can say about the ground floor: each check yields one sentence per finding."""

from collections import Counter

from django.db.models import Count, Q

from shelter import nights
from shelter.models import (
    Activation,
    Bed,
    BedNight,
    BedPosition,
    Dormitory,
    Exclusion,
    LogEntry,
    Membership,
    Merge,
    Move,
    Night,
    Occupant,
    OpeningPeriod,
    Outing,
    Refusal,
    Registration,
    Setting,
)
from shelter.parameters import PARAMETERS
from shelter.queries import settings_for
from shelter.standing import beds_on


def people_lie_in_beds_that_stand():
    """Nobody holds or slept in a bed that did not stand in the house that night, or was not opened."""
    for night in Night.objects.filter(bed_nights__isnull=False).distinct().order_by("date"):
        standing = {bed.id for bed in beds_on(night.date)}
        rows = BedNight.objects.filter(night=night, state__in=BedNight.BLOCKS_THE_PERSON)
        for row in rows.exclude(bed__in=standing).select_related("bed").order_by("id"):
            yield f"bed-night {row.pk}: bed {row.bed} does not stand in the house on {night.date}"


def times_lie_within_their_night():
    """Arrival and leaving lie within the night, in this order."""
    rows = BedNight.objects.filter(arrived_at__isnull=False).select_related("night").order_by("id")
    for row in rows.iterator(chunk_size=2000):
        start, end = nights.bounds(row.night.date)
        times = [at for at in (row.arrived_at, row.left_at) if at is not None]
        if times != sorted(times) or not all(start <= at < end for at in times):
            yield f"bed-night {row.pk}: its times do not lie within the night of {row.night.date}"


def closed_nights_are_settled():
    """On a night that is closed nobody is inside and nothing is held any more."""
    rows = BedNight.objects.filter(
        night__state__in=[Night.State.CLOSED, Night.State.DEFINITIVE], state__in=BedNight.BLOCKS_THE_BED
    )
    for row in rows.select_related("night").order_by("id"):
        yield f"bed-night {row.pk}: still {row.state} though the night of {row.night.date} is closed"


def planned_nights_are_empty():
    for model in (BedNight, Registration, Refusal):
        for row in model.objects.filter(night__state=Night.State.PLANNED).order_by("id"):
            yield f"{model._meta.model_name} {row.pk}: written for a night that is only planned"


def nights_lie_in_their_season_and_a_period():
    periods = list(OpeningPeriod.objects.filter(service=OpeningPeriod.Service.NIGHT).order_by("first_date"))
    for night in Night.objects.select_related("season").order_by("date"):
        if not any(
            period.first_date <= night.date <= period.last_date and period.season_id == night.season_id
            for period in periods
        ):
            yield f"night {night.date}: in no opening period of season {night.season}"


def periods_of_a_service_do_not_overlap():
    previous: dict[str, OpeningPeriod] = {}
    for period in OpeningPeriod.objects.order_by("service", "first_date"):
        before = previous.get(period.service)
        if before is not None and before.last_date >= period.first_date:
            yield f"opening periods {before.pk} and {period.pk} overlap"
        previous[period.service] = period


def dormitories_have_a_zone():
    """A dormitory is zoned from the first night a bed stands in it."""
    for dormitory in Dormitory.objects.order_by("id"):
        first_bed = BedPosition.objects.filter(dormitory=dormitory).order_by("first_night").first()
        first_zone = dormitory.zonings.order_by("first_night").first()
        if first_bed and (first_zone is None or first_zone.first_night > first_bed.first_night):
            yield f"dormitory {dormitory.code}: beds stand in it before it has a zone"


def activations_open_beds_that_exist():
    for row in Activation.objects.order_by("id"):
        there = Bed.objects.filter(layer=row.layer).count()
        if row.number > there:
            yield f"activation {row.pk}: opens {row.number} {row.layer} places, but {there} beds exist"


def moves_end_where_people_lie():
    """The last move of a bed-night leads to its bed."""
    last = {move.bed_night_id: move for move in Move.objects.select_related("bed_night").order_by("id")}
    for move in last.values():
        row = move.bed_night
        if row.state in BedNight.BLOCKS_THE_BED and row.bed_id != move.to_bed_id and not _came_back(row):
            yield f"bed-night {row.pk}: lies elsewhere than its last move says"


def _came_back(row):
    return LogEntry.objects.filter(bed_night=row, verb__in=["returned", "undone", "checked_in"]).exists()


def every_arrival_is_in_the_log():
    """Each bed-night somebody slept has exactly one check-in that stands, unless it was brought in whole."""
    rows = BedNight.objects.filter(state__in=BedNight.SLEPT).annotate(
        check_ins=Count("log", filter=Q(log__verb="checked_in", log__undone_by__isnull=True))
    )
    imported = LogEntry.objects.filter(verb="season_imported").exists()
    wrong = rows.exclude(check_ins=1)
    if imported:
        wrong = wrong.exclude(check_ins=0)
    for row in wrong.order_by("id"):
        yield f"bed-night {row.pk}: {row.check_ins} check-ins stand in the log"


def log_lines_undo_lines_of_the_same_person():
    for entry in LogEntry.objects.filter(undoes__isnull=False).select_related("undoes").order_by("id"):
        if entry.occupant_id != entry.undoes.occupant_id:  # type: ignore[union-attr]
            yield f"log line {entry.pk}: undoes a line about somebody else"


def settings_can_be_read():
    for row in Setting.objects.order_by("id"):
        try:
            PARAMETERS[row.key].read(row.value)
        except (KeyError, ValueError):
            yield f"setting {row.pk}: {row.key} = {row.value!r} cannot be read"


def memberships_are_single():
    seen = Counter(
        Membership.objects.filter(last_day__isnull=True)
        .order_by("id")
        .values_list("person", "organisation", "role")
    )
    for (person, organisation, role), times in seen.items():
        if times > 1:
            yield f"person {person}: role {role} in organisation {organisation} stands {times} times"


def joined_numbers_follow_their_merges():
    """A number points at the one it was joined with, by way of merges that stand, and never on from there."""
    standing = dict(Merge.objects.filter(undone_at__isnull=True).order_by("id").values_list("gone", "kept"))
    for pk, same_as in Occupant.objects.order_by("id").values_list("pk", "same_as"):
        end = pk
        while end in standing:
            end = standing[end]
        if same_as != (end if end != pk else None):
            yield f"occupant {pk}: joined with {same_as}, but by the merges that stand with {end}"


def nobody_is_out_when_the_night_is_over():
    """Whoever went out for a while is back, or gone, when their night is closed."""
    over = [Night.State.CLOSED, Night.State.DEFINITIVE]
    for row in Outing.objects.filter(back_at__isnull=True, bed_night__night__state__in=over).order_by("id"):
        yield f"outing {row.pk}: not ended though its night is closed"


def exclusions_of_a_length_have_a_second_person():
    for row in Exclusion.objects.order_by("id"):
        alone = settings_for(row.first_night).exclusion_alone_nights
        if (row.last_night - row.first_night).days + 1 > alone and row.seconded_by_id is None:
            yield f"exclusion {row.pk}: longer than {alone} nights, and decided by one person"


CHECKS = (
    people_lie_in_beds_that_stand,
    times_lie_within_their_night,
    closed_nights_are_settled,
    planned_nights_are_empty,
    nights_lie_in_their_season_and_a_period,
    periods_of_a_service_do_not_overlap,
    dormitories_have_a_zone,
    activations_open_beds_that_exist,
    moves_end_where_people_lie,
    every_arrival_is_in_the_log,
    log_lines_undo_lines_of_the_same_person,
    joined_numbers_follow_their_merges,
    nobody_is_out_when_the_night_is_over,
    exclusions_of_a_length_have_a_second_person,
    settings_can_be_read,
    memberships_are_single,
)
