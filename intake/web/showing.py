"""What the desk's and the door's pages are made of: rows, panels, the bar that takes things back."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404

from intake import queries
from intake.models import Guest
from shelter import clock, log
from shelter import queries as house
from shelter.errors import Incomplete
from shelter.models import LogEntry, Refusal

UNDO_SECONDS = 10


def evening():
    """The night the house is working on, or 404 when none is planned."""
    night = house.evening()
    if night is None:
        raise Http404
    return night


@dataclass(frozen=True)
class Act:
    """One of the last acts, as the bar and the list of the last five show it."""

    entry: LogEntry
    word: str
    guest: Guest | None
    detail: str

    @property
    def seconds_left(self):
        return max(0, UNDO_SECONDS - int((clock.now() - self.entry.at).total_seconds()))


def last_acts(night, limit=5) -> list[Act]:
    entries = list(house.undoable(night, limit=limit))
    guests = queries.guests_by_occupant([entry.occupant_id for entry in entries if entry.occupant_id])
    return [_act(entry, guests.get(entry.occupant_id)) for entry in entries]


def _act(entry, guest):
    detail = entry.bed.label if entry.bed else str(Refusal.Reason(entry.facts["why"]).label)
    return Act(entry=entry, word=log.words()[entry.verb], guest=guest, detail=detail)


def fresh_act(acts):
    """The last act, while its ten seconds run."""
    return acts[0] if acts and acts[0].seconds_left else None


def zones_of(board):
    """Free beds by zone for the door's side panel."""
    return [{"zone": zone, "capacity": capacity} for zone, capacity in house.capacity_by_zone(board).items()]


def guest_or_404(pk):
    guest = Guest.objects.filter(pk=pk).select_related(*queries.WITH_KEPT).first()
    if guest is None:
        raise Http404
    return guest.kept


def soon(night):
    """Default end of a closure: tomorrow's night."""
    return night.date + timedelta(days=1)


def answers_of(form):
    """What a form without a page of its own asks for; what is wrong in it is said in words."""
    if not form.is_valid():
        raise Incomplete(what=next(iter(form.errors.values()))[0])
    return form.cleaned_data
