"""Who may call what of the rota; see `shelter.access`."""

from shelter.access import STAFF, only
from shelter.models import Role

PLANNERS = frozenset({Role.PLANNER, Role.COORDINATOR})
# Who reads the rota of all: planners, and the leads whose night it is.
READERS = PLANNERS | {Role.NIGHT_LEAD}
# Who has shifts of their own.
WORKERS = STAFF - {Role.ADMIN}

ACCESS = {
    "rota": only(read=READERS),
    "rota-cell": only(read=READERS, write=PLANNERS),
    "rota-copy": only(write=PLANNERS),
    "rota-publish": only(read=PLANNERS, write=PLANNERS),
    "rota-drop": only(write=PLANNERS),
    "rota-set-aside": only(write=PLANNERS),
    "rota-place": only(read=READERS),
    "rota-absent": only(write=PLANNERS),
    "rota-offer": only(write=PLANNERS),
    "rota-call": only(write=PLANNERS),
    "rota-leave": only(write=PLANNERS),
    "rota-swap": only(write=PLANNERS),
    "rota-propose": only(read=PLANNERS, write=PLANNERS),
    "rota-proposal": only(read=PLANNERS, write=PLANNERS),
    "rota-register": only(read=PLANNERS, write=PLANNERS),
    "rota-sheet": only(read=PLANNERS),
    "rota-worked": only(write=PLANNERS),
    "my-shifts": only(read=WORKERS),
    "my-wish": only(write=WORKERS),
    "my-leave": only(write=WORKERS),
    "my-take": only(write=WORKERS),
    "my-swap": only(read=WORKERS, write=WORKERS),
    "my-swap-answer": only(write=WORKERS),
    "my-calendar": only(write=WORKERS),
    "rota-calendar": only(read={"*"}),
}
