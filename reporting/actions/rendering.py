"""Papers from frozen data sets. What was rendered once is kept as it is."""

import json
from hashlib import sha256

from django.db import transaction

from reporting import paper
from reporting.actions.sending import let_go
from reporting.models import Paper, Report
from reporting.paper.sealing import sealed
from shelter import clock, queries

# Readers of these get one in their language; the others read the page in theirs.
LANGUAGES = ("fr", "de")


def render(report):
    """The papers of a frozen report; True if they were made here. Drawn without a lock, kept in one go."""
    papers = [
        Paper(
            data_set=data_set,
            form=form,
            language=language,
            content=content,
            sha256=sha256(content).hexdigest(),
        )
        for data_set in report.data_sets.order_by("audience")
        for form, language, content in _drawn(data_set)
    ]
    period, now = report.period, clock.now()
    waits = period.kind in queries.settings_for(period.last).reports_to_approve
    with transaction.atomic():
        state = {"state": Report.State.RENDERED, "rendered_at": now}
        if not Report.objects.filter(pk=report.pk, state=Report.State.FROZEN).update(**state):
            return False
        Paper.objects.bulk_create(papers)
        if not waits:
            let_go(Report.objects.select_related("period").get(pk=report.pk), by=None)
    return True


def _drawn(data_set):
    data = json.loads(data_set.text)
    for language in LANGUAGES:
        yield Paper.Form.PDF, language, sealed(paper.report_pdf(data, data_set.sha256, language))
    yield Paper.Form.CSV, "", paper.report_csv(data).encode()
