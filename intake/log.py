"""What intake adds to the words of the house log."""

from django.utils.translation import gettext_lazy as _

from shelter.log import Vocabulary


class Verb(Vocabulary):
    GUEST_ADDED = "guest_added", _("new guest file")
    GUEST_CHANGED = "guest_changed", _("guest file changed")
    GUEST_READ = "guest_read", _("guest file opened")
    CARD_ISSUED = "card_issued", _("card issued")
    CARD_REVOKED = "card_revoked", _("card revoked")
    CARD_REFUSED = "card_refused", _("card refused")
    INCIDENT_WRITTEN = "incident_written", _("incident written down")
    INCIDENT_FOLLOWED_UP = "incident_followed_up", _("incident followed up")
    INCIDENTS_READ = "incidents_read", _("incidents read")
    TASK_ADDED = "task_added", _("task added")
    TASK_DONE = "task_done", _("task done")
    HANDED_OVER = "handed_over", _("shift handed over")
    POINT_ACKNOWLEDGED = "point_acknowledged", _("handover read")
    THING_KEPT = "thing_kept", _("belongings kept")
    THING_HANDED_BACK = "thing_handed_back", _("belongings handed back")
    TALLY_ENTERED = "tally_entered", _("numbers entered")
    REFERRED = "referred", _("referred")
    REFERRAL_ENDED = "referral_ended", _("outcome of a referral noted")
    SHEET_PRINTED = "sheet_printed", _("evening printed")
    PHRASES_REVIEWED = "phrases_reviewed", _("phrases reviewed")
