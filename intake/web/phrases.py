"""Phrase cards: to hold out to a guest, a picture and one sentence in their language."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from intake import paper, pictograms, queries
from intake import phrases as cards
from intake.actions import night as verbs
from shelter import clock
from shelter import queries as house
from shelter.gate import may
from shelter.text import one_line


def phrases(request):
    language = request.GET.get("language", "fr")
    if language not in cards.LANGUAGES:
        raise Http404
    ours = get_language() if get_language() in cards.LANGUAGES else "fr"
    facts = _facts(house.settings_for(clock.tonight()), one_line(request.GET.get("bed", ""))[:12])
    page = {
        "language": language,
        "direction": cards.LANGUAGES[language].direction,
        "languages": [(code, spoken.endonym) for code, spoken in cards.LANGUAGES.items()],
        "phrases": [
            {
                "code": phrase.code,
                "picture": pictograms.svg(phrase.pictogram),
                "text": cards.say(phrase.code, language, **facts.get(phrase.code, {})),
                "ours": cards.say(phrase.code, ours, **facts.get(phrase.code, {}))
                if language != ours
                else "",
            }
            for phrase in cards.PHRASES
        ],
        "reviewed": language in queries.reviewed_languages(),
        "not_reviewed": cards.SLIP[language].unreviewed,
        "may_review": may(request.actor, "phrase-review", "POST"),
    }
    return render(request, "intake/phrases.html", page)


def _facts(settings, bed):
    """What tonight's settings put into the blanks of a phrase; the others are shown by hand."""
    times = {
        "wake_up": settings.wake_up, "quiet_from": settings.quiet_from, "bus_at": settings.bus,
        "everybody_leaves": settings.everybody_out,
    }  # fmt: skip
    facts = {code: {"time": f"{at:%H:%M}"} for code, at in times.items()}
    return facts | {"your_bed": {"bed": bed}} if bed else facts


def review(request, language):
    if language not in cards.LANGUAGES:
        raise Http404
    verbs.review_phrases(language=language, reviewed=request.POST.get("reviewed") == "yes", by=request.actor)
    return redirect(f"{reverse('phrases')}?language={language}")


def phrases_pdf(request):
    content = paper.phrase_sheet(list(cards.LANGUAGES), reviewed=queries.reviewed_languages())
    headers = {"Content-Disposition": 'inline; filename="phrases.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
