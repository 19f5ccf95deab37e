"""Who may call what on this storey; see `shelter.access`."""

from shelter.access import DESK, NIGHT_LEADS, NIGHT_TEAM, only
from shelter.models import Role

# People who work with guests, by day or by night. Volunteers and planners see no guest.
WITH_GUESTS = DESK | {Role.NURSE}

ACCESS = {
    # pages
    "desk": only(read=DESK),
    "desk-register": only(write=DESK),
    "desk-withdraw": only(write=DESK),
    "door": only(read=NIGHT_TEAM),
    "door-guest": only(read=NIGHT_TEAM),
    "door-check-in": only(write=NIGHT_TEAM),
    "door-leave": only(write=NIGHT_TEAM),
    "door-return": only(write=NIGHT_TEAM),
    "door-undo": only(write=NIGHT_TEAM),
    "door-refuse": only(read=NIGHT_TEAM, write=NIGHT_TEAM),
    "board": only(read=NIGHT_TEAM),
    "board-bed": only(read=NIGHT_TEAM),
    "board-move": only(write=NIGHT_TEAM),
    "board-close": only(write=NIGHT_LEADS),
    "board-reopen": only(write=NIGHT_LEADS),
    "guest": only(read=WITH_GUESTS),
    "guest-new": only(read=DESK, write=DESK),
    "guest-change": only(read=DESK, write=DESK),
    "look-alikes": only(read=DESK),
    "search": only(read=WITH_GUESTS),
    "morning": only(read=NIGHT_TEAM, write=NIGHT_LEADS),
    "presence": only(read=NIGHT_TEAM),
    "presence-pdf": only(read=NIGHT_TEAM),
    "evening-list-pdf": only(read=DESK),
    # API
    "api:guests": only(read=WITH_GUESTS, write=DESK),
    "api:guest": only(read=WITH_GUESTS) | {"PATCH": DESK},
    "api:board": only(read=NIGHT_TEAM),
    "api:registrations": only(read=DESK, write=DESK) | {"DELETE": DESK},
    "api:bed-offers": only(read=NIGHT_TEAM),
    "api:check-ins": only(write=NIGHT_TEAM),
    "api:refusals": only(read=DESK, write=NIGHT_TEAM),
    "api:presence": only(read=NIGHT_TEAM),
    "api:bed-night": only(read=NIGHT_TEAM),
    "api:check-out": only(write=NIGHT_TEAM),
    "api:move": only(write=NIGHT_TEAM),
    "api:return": only(write=NIGHT_TEAM),
    "api:release": only(write=NIGHT_TEAM),
    "api:undo": only(write=NIGHT_TEAM),
}
