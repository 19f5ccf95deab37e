"""Versions of the definitions: v1, v2 … in the order in which figures were first made with them."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from reporting import indicators
from reporting.models import DefinitionsVersion
from shelter import clock


def definitions_in_force():
    """The version of the definitions that run now; a new number when they were never used before."""
    digest = indicators.definitions()
    found = DefinitionsVersion.objects.filter(digest=digest).first()
    while found is None:
        number = (DefinitionsVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        text = {language: indicators.in_words(language) for language, _name in settings.LANGUAGES}
        try:
            with transaction.atomic():
                found = DefinitionsVersion.objects.create(
                    number=number, digest=digest, text=text, first_used_at=clock.now()
                )
        except IntegrityError:  # somebody else was first
            found = DefinitionsVersion.objects.filter(digest=digest).first()
    return found
