"""Who may call what of the reports; see `shelter.access`."""

from shelter.access import COORDINATION, PUBLIC, only
from shelter.models import Role

READERS = COORDINATION | {Role.MINISTRY}

ACCESS = {
    # Small numbers could tell of somebody: the figures as they are stay with the coordination.
    "figures": only(read=COORDINATION),
    "figures-definitions": only(read=READERS),
    "reports": only(read=READERS),
    "report": only(read=READERS),
    "report-pdf": only(read=READERS),
    "report-csv": only(read=READERS),
    "report-data": only(read=READERS),
    "report-period": only(read=READERS),
    "report-note": only(write=READERS),
    "report-subscribe": only(write=READERS),
    "report-make": only(write=COORDINATION),
    "report-remark": only(write=COORDINATION),
    "report-approve": only(write=COORDINATION),
    "report-send-again": only(write=COORDINATION),
    "report-came-back": only(write=COORDINATION),
    "report-weather": only(read=COORDINATION, write=COORDINATION),
    "report-recipients": only(read=COORDINATION, write=COORDINATION),
    "report-recipient-end": only(write=COORDINATION),
    "api:reports": only(read=READERS, write=READERS),
    "api:report": only(read=READERS),
    "api:report-pdf": only(read=READERS),
    "api:report-csv": only(read=READERS),
    "api:report-html": only(read=READERS),
    "api:report-json": only(read=READERS),
    "api:report-deliveries": only(read=COORDINATION),
    # Only where the house has decided to publish; else nobody finds them.
    "open": only(read=PUBLIC),
    "open-package": only(read=PUBLIC),
    "open-dictionary": only(read=PUBLIC),
    "open-csv": only(read=PUBLIC),
    "open-json": only(read=PUBLIC),
    "places": only(read=PUBLIC),
    "places-services": only(read=PUBLIC),
    "places-service": only(read=PUBLIC),
    # Whoever holds a file may ask whether it is what it says it is.
    "report-verify": only(read=PUBLIC, write=PUBLIC),
}
