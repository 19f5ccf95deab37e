"""Which door answers when nothing was found or something broke: the API in its words, pages in theirs."""

from shelter.api import problems
from shelter.web import answering


def _is_api(request):
    return request.path.startswith("/api/")


def not_found(request, exception=None):
    return problems.not_found(request) if _is_api(request) else answering.not_found(request, exception)


def broken(request):
    return problems.broken(request) if _is_api(request) else answering.broken(request)
