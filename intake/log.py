"""What intake adds to the words of the house log."""

from django.utils.translation import gettext_lazy as _

from shelter.log import Vocabulary


class Verb(Vocabulary):
    GUEST_ADDED = "guest_added", _("new guest file")
    GUEST_CHANGED = "guest_changed", _("guest file changed")
    GUEST_READ = "guest_read", _("guest file opened")
