"""What a path asks for, or 404."""

from django.http import Http404

from shelter import queries


def night_or_404(day):
    night = queries.night_of(day)
    if night is None:
        raise Http404
    return night
