"""Whether people may swap shifts, and who could: each side is judged as it would stand afterwards."""

from shelter.rota import law
from shelter.rota.models import Assignment, Employment, Qualification
from shelter.rota.queries.timelines import timelines, under_the_law
from shelter.rota.timeline import Stint


def breaks(given, taker, taken=None):
    """What a swap would break, for either side: `given` goes to the taker, `taken` (if any) to the giver."""
    people = {given.person_id, taker.pk}
    days = [row.shift.day for row in (given, taken) if row is not None]
    lines = timelines(people, min(days), max(days))
    protected = under_the_law(people, min(days), max(days))
    found = list(_side(lines[taker.pk], taken, given, taker.pk in protected))
    if taken is not None:
        found += _side(lines[given.person_id], given, taken, given.person_id in protected)
    return found


def _side(line, away, new, is_protected):
    """What a timeline breaks with one stint in place of another that it does not break as it is."""
    rules = [rule for rule in (law.LAW if is_protected else law.FOR_EVERYBODY) if rule.is_law]
    stint = Stint(new.start, new.end, role=new.skill.code, break_minutes=new.shift.break_minutes)
    before = {(finding.rule, finding.day) for finding in law.findings(line, rules)}
    after = law.without(line, away.start) if away is not None else line
    return [
        finding
        for finding in law.findings(law.beside(after, stint), rules)
        if (finding.rule, finding.day) not in before
    ]


def partners(given, first, last):
    """Colleagues' shifts from first to last that could lawfully be swapped for this one, the earliest first."""
    able = Qualification.objects.on(given.shift.day).filter(skill=given.skill).values("person")
    rows = list(
        Assignment.objects.standing()
        .filter(person__in=able, shift__night__date__gte=first, shift__night__date__lte=last)
        .filter(person__employments__in=Employment.objects.on(given.shift.day))
        .exclude(person=given.person_id)
        .exclude(shift=given.shift_id)
        .select_related("person", "skill", "shift__template", "shift__night")
        .distinct()
        .order_by("start", "pk")
    )
    return [row for row in rows if not breaks(given, row.person, row)]
