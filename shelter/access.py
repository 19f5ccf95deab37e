"""Who may call what: for each route and method the roles, declared, enforced by one middleware.

A route without a line here fails the build. `PUBLIC` needs no account; everything else a role held today.
A stranger (an account without any role) finds nothing (404); a colleague without the right is told so (403).
"""

from shelter.models import Role

PUBLIC = frozenset({"*"})
EVERYBODY = frozenset(Role.values)

NIGHT_LEADS = frozenset({Role.NIGHT_LEAD, Role.COORDINATOR})
NIGHT_TEAM = NIGHT_LEADS | {Role.NIGHT_WORKER}
DESK = NIGHT_TEAM | {Role.FIELD_WORKER}
COORDINATION = frozenset({Role.COORDINATOR})
ADMINISTRATION = frozenset({Role.ADMIN})
# Everyone who works in the house may see how full it is; the ministry sees figures, never a person.
STAFF = EVERYBODY - {Role.MINISTRY}


def only(read=None, write=None):
    """A line of the table: roles that may read (GET, HEAD) and roles that may write (POST)."""
    line = {}
    if read is not None:
        line["GET"] = line["HEAD"] = frozenset(read)
    if write is not None:
        line["POST"] = frozenset(write)
    return line


ACCESS = {
    # pages
    "home": only(read=EVERYBODY),
    "sign-in": only(read=PUBLIC, write=PUBLIC),
    "sign-out": only(write=EVERYBODY),
    "language": only(write=PUBLIC),
    "theme": only(write=PUBLIC),
    "help": only(read=PUBLIC),
    "season": only(read=EVERYBODY, write=COORDINATION),
    "house": only(read=STAFF, write=COORDINATION),
    "house-activate": only(write=COORDINATION),
    "house-dormitory": only(write=COORDINATION),
    "house-add": only(write=COORDINATION),
    "house-reopen": only(write=NIGHT_LEADS),
    "settings": only(read=STAFF, write=COORDINATION),
    "night-log": only(read=NIGHT_LEADS | {Role.ADMIN}),
    "night-step": only(write=NIGHT_LEADS),
    "team": only(read=ADMINISTRATION, write=ADMINISTRATION),
    "team-person": only(read=ADMINISTRATION, write=ADMINISTRATION),
    "healthz": only(read=PUBLIC),
    "readyz": only(read=PUBLIC),
    # API
    "api:schema": only(read=EVERYBODY),
    "api:docs": only(read=EVERYBODY),
    "api:nights": only(read=EVERYBODY),
    "api:night": only(read=EVERYBODY),
    "api:transitions": only(write=NIGHT_LEADS),
    "api:dormitories": only(read=STAFF, write=COORDINATION),
    "api:dormitory": only(read=STAFF) | {"PATCH": COORDINATION},
    "api:beds": only(read=STAFF, write=COORDINATION),
    "api:bed": only(read=STAFF) | {"PATCH": COORDINATION},
    "api:closures": only(read=STAFF, write=NIGHT_LEADS),
    "api:closure": only(read=STAFF) | {"PATCH": NIGHT_LEADS},
    "api:activations": only(read=STAFF, write=COORDINATION),
    "api:periods": only(read=EVERYBODY, write=COORDINATION),
}
