"""What the night asks: open points for the next shift, things kept, who is woken when."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from intake.models import Belonging, Guest, HandoverItem, Incident, PhraseReview, Task
from intake.queries.guests import guests_by_occupant
from shelter import clock, nights, queries
from shelter.models import BedNight, Closure, Exclusion, KeepApart, Occupant
from shelter.models.ledger import WHOSE

Kind = HandoverItem.Kind


@dataclass(frozen=True)
class Point:
    """Something the next shift must know. `occupant` is a number or None; the words are in the writer's language."""

    kind: str
    occupant: int | None
    detail: str

    @property
    def occupant_id(self):
        """As rows call it, so that a point finds its name as they do."""
        return self.occupant

    @property
    def label(self):
        return Kind(self.kind).label


def open_points(night) -> list[Point]:
    """All that is open at this moment, in the order in which a lead would say it."""
    here = set(
        BedNight.objects.filter(night=night, state__in=BedNight.BLOCKS_THE_BED).values_list(
            "occupant", flat=True
        )
    )
    return [
        *_exclusions(night),
        *_pairs(here),
        *_expected_back(night),
        *_to_wake(here),
        *_defects(night),
        *_things(here),
        *_tasks(),
        *_follow_ups(),
    ]


def _exclusions(night):
    running = Exclusion.objects.on(night.date).order_by("id")
    for row in running.filter(last_night=night.date):
        yield Point(Kind.EXCLUSION_ENDS, row.occupant_id, _("last night: tomorrow they may come again"))
    spell = queries.cold_spells_of(night.date).first()
    if spell is None:
        return
    for row in running.exclude(cold_decisions__cold_spell=spell):
        yield Point(Kind.COLD_DECISION, row.occupant_id, _("excluded, and it is bitterly cold"))


def _pairs(here):
    pairs = KeepApart.objects.standing().annotate(
        one=Coalesce("first__same_as", "first"), other=Coalesce("second__same_as", "second")
    )
    for pair in pairs.filter(one__in=here, other__in=here).select_related("second").order_by("id"):
        yield Point(Kind.KEPT_APART, pair.first_id, _("and number %s") % pair.second.number)


def _expected_back(night):
    for outing in queries.out_now(night):
        by = _by(outing.expected_at)
        yield Point(
            Kind.EXPECTED_BACK,
            outing.bed_night.occupant_id,
            f"{outing.bed_night.bed.label}, {outing.get_kind_display()}{by}",
        )


def _by(moment):
    return "" if moment is None else ", " + _("by %s") % date_format(nights.local(moment), "H:i")


def _to_wake(here):
    for guest in to_wake(here):
        yield Point(Kind.WAKE_UP, guest.occupant_id, date_format(guest.wakes_at, "H:i"))


def to_wake(occupants):
    """Guests who asked to be woken, the earliest first."""
    numbers = (
        Occupant.objects.filter(pk__in=occupants).annotate(whose=Coalesce("same_as", "pk")).values("whose")
    )
    asked = Guest.objects.filter(occupant__in=numbers, wakes_at__isnull=False)
    return asked.select_related("occupant").order_by("wakes_at", "family_name", "name", "id")


def _defects(night):
    for row in Closure.objects.on(night.date).select_related("bed", "dormitory").order_by("id"):
        yield Point(Kind.DEFECT, None, f"{row.bed or row.dormitory}: {row.get_reason_display()}")


def _things(here):
    for row in things_kept().annotate(whose=WHOSE).filter(kind=Belonging.Kind.SEIZED, whose__in=here):
        yield Point(Kind.BELONGING, row.occupant_id, f"{row.number} {row.what}".strip())


def _tasks():
    for task in Task.objects.filter(done_at__isnull=True).order_by("id"):
        yield Point(Kind.TASK, None, task.what)


def _follow_ups():
    rows = Incident.objects.filter(followed_up_at__isnull=True).exclude(follow_up="").order_by("id")
    for row in rows:
        # Those who lead the night read the words; everybody else that there is something to follow up.
        yield Point(
            Kind.FOLLOW_UP, None, f"{row.get_kind_display()} {date_format(row.happened_at, 'd.m. H:i')}"
        )


def handover_figures(night) -> dict[str, int]:
    """How the house stands, in numbers, as a handover keeps it."""
    capacity, counts = queries.capacity_of(queries.board_of(night)), queries.counts_of(night)
    return {
        "present": counts.present,
        "expected": counts.expected,
        "free": capacity.free,
        "out_of_service": capacity.out_of_service,
        "refused": counts.refused,
        "out": queries.out_now(night).count(),
    }


def unread_points():
    """Points of handovers that nobody of a next shift has read yet."""
    return (
        HandoverItem.objects.filter(acknowledged_at__isnull=True)
        .select_related("handover__night", "handover__written_by")
        .order_by("-handover", "id")
    )


def with_names(rows):
    """Rows that have an `occupant`, each beside the guest behind the number or None."""
    guests = guests_by_occupant([row.occupant_id for row in rows if row.occupant_id])
    return [(row, guests.get(row.occupant_id)) for row in rows]


def things_kept():
    """What the house keeps at this moment."""
    return Belonging.objects.filter(handed_back_at__isnull=True).order_by("kind", "number")


def unclaimed():
    """Things of people who have not slept here for as long as the settings say, nor come for them."""
    days = queries.settings_for(clock.tonight()).unclaimed_days
    since = clock.tonight() - timedelta(days=days)
    lately = BedNight.objects.filter(night__date__gte=since, state__in=BedNight.SLEPT).annotate(whose=WHOSE)
    long_kept = things_kept().filter(kept_at__lt=nights.bounds(since)[0]).annotate(whose=WHOSE)
    return long_kept.exclude(whose__in=lately.order_by().values("whose"))


def reviewed_languages() -> set[str]:
    """Languages whose phrases a native speaker has read."""
    return set(PhraseReview.objects.order_by("id").values_list("language", flat=True))
