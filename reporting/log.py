"""The words of the reports in the house log."""

from django.utils.translation import gettext_lazy as _

from shelter.log import Vocabulary


class Verb(Vocabulary):
    WEATHER_NOTED = "weather_noted", _("weather noted")
    REPORT_ASKED = "report_asked", _("report asked for")
    REPORT_FROZEN = "report_frozen", _("figures of a report frozen")
    REPORT_APPROVED = "report_approved", _("report approved")
    REPORT_SENT_AGAIN = "report_sent_again", _("report sent again")
    REPORT_RETURNED = "report_returned", _("report came back")
    REMARK_WRITTEN = "remark_written", _("remark on a report written")
    RECIPIENT_ADDED = "recipient_added", _("recipient of reports added")
    RECIPIENT_ENDED = "recipient_ended", _("recipient of reports taken off")
