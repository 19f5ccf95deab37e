"""What no constraint can say about the rota: each check yields one sentence per finding."""

from django.db.models import F

from shelter.models import Night
from shelter.rota.models import Assignment, Employment, Plan
from shelter.rota.queries.plans import blocking, findings_for, set_aside


def only_published_plans_stand():
    """What people are to work belongs to the published plan of its day."""
    for row in Assignment.objects.standing().exclude(plan__state=Plan.State.PUBLISHED).order_by("id"):
        yield f"assignment {row.pk}: stands, but its plan is {row.plan.state}"
    astray = Assignment.objects.filter(
        came_with=None, plan__state=Plan.State.PUBLISHED, gone_with=None, stands=False
    )
    for row in astray.order_by("id"):
        yield f"assignment {row.pk}: published, does not stand, and no change says why"


def assignments_have_the_hours_of_their_shift():
    astray = Assignment.objects.exclude(start=F("shift__start"), end=F("shift__end"))
    for row in astray.order_by("id"):
        yield f"assignment {row.pk}: its hours are not those of shift {row.shift_id}"


def people_work_for_whom_they_are_planned():
    for row in Assignment.objects.standing().select_related("shift", "plan").order_by("id"):
        employed = Employment.objects.on(row.shift.day).filter(
            person=row.person_id, organisation=row.plan.organisation_id
        )
        if not employed.exists():
            yield f"assignment {row.pk}: person {row.person_id} does not work for the plan's organisation"


def what_stands_keeps_the_law():
    """Over the whole of every season nothing breaks the law of working time, but for what was set aside."""
    dates = list(Night.objects.order_by("date").values_list("date", flat=True))
    people = list(Assignment.objects.standing().order_by().values_list("person", flat=True).distinct())
    if not dates or not people:
        return
    found = blocking(findings_for(people, dates[0], dates[-1]), set_aside(people, dates[0], dates[-1]))
    for person, findings in sorted(found.items()):
        for finding in findings:
            yield f"person {person}: {finding.rule} on {finding.day}"


CHECKS = (
    only_published_plans_stand,
    assignments_have_the_hours_of_their_shift,
    people_work_for_whom_they_are_planned,
    what_stands_keeps_the_law,
)
