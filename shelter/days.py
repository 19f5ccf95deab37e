"""How a day is written out: each language has its own order and its own dots."""

from django.utils.translation import pgettext_lazy

WITHOUT_YEAR = pgettext_lazy("a day written out, as a format of dates", "l j F")
WITH_YEAR = pgettext_lazy("a date written out, as a format of dates", "l j F Y")
