"""Plans, and what the law finds in them."""

from collections import defaultdict

from shelter import nights
from shelter.models import Night
from shelter.rota import judging, law
from shelter.rota.models import Override, Plan, Term
from shelter.rota.queries.timelines import timelines, under_the_law


def open_plans(first, last):
    """The drafts that touch a period, of every organisation."""
    return list(
        Plan.objects.filter(state__in=Plan.OPEN, first_day__lte=last, last_day__gte=first).select_related(
            "organisation"
        )
    )


def first_drafts(first, last):
    """The drafts of a period for which nothing is published yet: elsewhere people go by what stands."""
    published = Plan.objects.filter(state=Plan.State.PUBLISHED, first_day__lte=last, last_day__gte=first)
    standing = set(published.order_by().values_list("organisation", "first_day"))
    return [
        plan for plan in open_plans(first, last) if (plan.organisation_id, plan.first_day) not in standing
    ]


def published_between(first, last):
    """The versions that stand in a period, of every organisation."""
    return list(
        Plan.objects.filter(state=Plan.State.PUBLISHED, first_day__lte=last, last_day__gte=first)
        .select_related("organisation")
        .order_by("organisation__code", "first_day")
    )


def plan_for(organisation, day):
    """The version that stands for an organisation on a day; None where nothing is published."""
    return Plan.objects.filter(
        organisation=organisation, state=Plan.State.PUBLISHED, first_day__lte=day, last_day__gte=day
    ).first()


def findings_for(people, first, last, *, plans=()):
    """By person's id what the law finds from first to last, under the terms of each day. `people` are ids."""
    protected = under_the_law(people, first, last)
    found: dict[int, list[law.Finding]] = {person: [] for person in people}
    for begin, end in _spans_of_terms(first, last):
        for person, line in timelines(people, begin, end, plans=plans).items():
            rules = judging.rules_for(is_protected=person in protected)
            found[person] += [each for each in judging.findings(line, rules) if each not in found[person]]
    return found


def _spans_of_terms(first, last):
    """From first to last, cut where a term of working time begins to hold."""
    news = Term.objects.filter(first_day__gt=first, first_day__lte=last).order_by("first_day")
    begins = [first, *news.values_list("first_day", flat=True).distinct()]
    ends = [begin - nights.ONE_DAY for begin in begins[1:]]
    return list(zip(begins, [*ends, last], strict=True))


def set_aside(people, first, last):
    """What has been overridden: (person, rule, day)."""
    rows = Override.objects.filter(person__in=people, day__range=(first, last))
    return set(rows.order_by().values_list("person", "rule", "day"))


def blocking(findings, overridden):
    """By person the findings that forbid a publication: law, and not set aside."""
    found = defaultdict(list)
    for person, theirs in findings.items():
        for finding in theirs:
            if law.BY_CODE[finding.rule].is_law and (person, finding.rule, finding.day) not in overridden:
                found[person].append(finding)
    return dict(found)


def open_days(first, last):
    """The first and last planned night of a period; the period itself where none is planned."""
    dates = list(
        Night.objects.filter(date__range=(first, last)).order_by("date").values_list("date", flat=True)
    )
    return (dates[0], dates[-1]) if dates else (first, last)


def season_around(first, last):
    """First and last night of the seasons a period touches, or the period itself where none is planned."""
    dates = (
        Night.objects.filter(season__nights__date__range=(first, last))
        .order_by("date")
        .values_list("date", flat=True)
    )
    known = list(dates.distinct())
    return (min(known[0], first), max(known[-1], last)) if known else (first, last)
