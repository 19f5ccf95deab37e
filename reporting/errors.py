"""What the reports refuse."""

from django.utils.translation import gettext_lazy as _

from shelter.errors import Refused


class NothingToReport(Refused):
    code = "nothing_to_report"
    sentence = _("No night of these has run yet.")


class NotReady(Refused):
    """The report is not at the step that this needs."""

    code = "report_not_ready"
    sentence = _("This report is not ready for that.")


class AlreadyRecipient(Refused):
    code = "already_recipient"
    sentence = _("This address receives these reports already.")


class NoAddress(Refused):
    code = "no_address"
    sentence = _("Your account has no e-mail address; the administration can enter one.")
