"""Time actually worked, as the employer's register has it."""

from django.db import transaction

from shelter import clock
from shelter.errors import Incomplete
from shelter.log import record
from shelter.rota import rules
from shelter.rota.log import Verb
from shelter.rota.models import Assignment, Worked


@transaction.atomic
def record_worked(*, assignment, by, start=None, end=None, break_minutes=None, note=""):
    """What was worked of a shift: as planned, or from when to when it was; a second record corrects the first."""
    rows = Assignment.objects.select_for_update(of=("self",))
    row = rows.select_related("shift__night", "plan__organisation", "person").get(pk=assignment.pk)
    if by.person != row.person:
        rules.plans_own_people(by, row.plan.organisation)
    start, end = start or row.start, end or row.end
    if end <= start:
        raise Incomplete(what=Worked._meta.get_field("end").verbose_name)
    before = Worked.objects.select_for_update().filter(assignment=row, replaced_by=None).first()
    known = {
        "person": row.person,
        "organisation": row.plan.organisation,
        "start": start,
        "end": end,
        "break_minutes": row.shift.break_minutes if break_minutes is None else break_minutes,
        "note": note.strip(),
        "recorded_at": clock.now(),
        "recorded_by": by.person,
    }
    if before is None:
        worked = Worked.objects.create(assignment=row, **known)
    else:
        worked = Worked.objects.create(**known)
        before.replaced_by = worked
        before.save()
        Worked.objects.filter(pk=worked.pk).update(assignment=row)
    record(
        Verb.WORKED, by=by, night=row.shift.night, person=row.person_id, minutes=(end - start).seconds // 60
    )
    return worked


@transaction.atomic
def record_night(*, assignments, by):
    """What was planned was worked: the usual case, in one step; who has a record already keeps it."""
    known = set(
        Worked.objects.filter(assignment__in=assignments, replaced_by=None).values_list(
            "assignment", flat=True
        )
    )
    return [record_worked(assignment=row, by=by) for row in assignments if row.pk not in known]
