"""Who may call what of the reports; see `shelter.access`."""

from shelter.access import COORDINATION, only
from shelter.models import Role

ACCESS = {
    # Small numbers could tell of somebody: the figures as they are stay with the coordination.
    "figures": only(read=COORDINATION),
    "figures-definitions": only(read=COORDINATION | {Role.MINISTRY}),
}
