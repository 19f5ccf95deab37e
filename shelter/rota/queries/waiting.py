"""What waits for a planner: leave to be answered, swaps to be approved, places nobody has taken."""

from dataclasses import dataclass

from shelter import clock
from shelter.rota.models import Employment, LeaveRequest, OpenShift, Swap


@dataclass(frozen=True)
class Waiting:
    leave: tuple
    swaps: tuple
    places: tuple


def waiting_for(organisations):
    """Of the people of these organisations."""
    theirs = Employment.objects.filter(organisation__in=organisations).values("person")
    return Waiting(
        leave=tuple(
            LeaveRequest.objects.filter(state=LeaveRequest.State.ASKED, person__in=theirs)
            .select_related("person")
            .order_by("answer_due_at", "pk")
        ),
        swaps=tuple(
            Swap.objects.filter(
                state=Swap.State.AGREED, chain=None, given__plan__organisation__in=organisations
            )
            .exclude(links__state=Swap.State.ASKED)
            .select_related("giver", "taker", "given__shift__template", "taken__shift__template")
            .prefetch_related("links__giver", "links__taker", "links__given__shift__template")
            .order_by("given__start", "pk")
        ),
        places=tuple(
            OpenShift.objects.filter(
                closed_at=None, organisation__in=organisations, shift__start__gt=clock.now()
            )
            .select_related("shift__template", "shift__night", "skill")
            .order_by("shift__start", "pk")
        ),
    )
