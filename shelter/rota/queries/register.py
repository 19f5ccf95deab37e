"""The register of hours worked that each employer keeps (Code du travail, L.211-29): rows by person and day."""

from dataclasses import dataclass

from shelter import clock
from shelter.rota.hours import Hours, hours_of
from shelter.rota.models import Assignment, Worked
from shelter.rota.queries.timelines import beginning, stint_of, stint_worked


@dataclass(frozen=True)
class Line:
    """One stretch of work. `overtime` are minutes worked beyond what was planned of it."""

    worked: Worked
    hours: Hours
    overtime: int


@dataclass(frozen=True)
class Register:
    lines: tuple[Line, ...]
    unrecorded: tuple  # assignments that lie behind and of which nothing is recorded

    @property
    def totals(self):
        """By person, in order of name: the sums of their lines."""
        sums: dict = {}
        for line in self.lines:
            hours, overtime = sums.get(line.worked.person, (Hours(), 0))
            sums[line.worked.person] = hours + line.hours, overtime + line.overtime
        return sorted(
            ((person, hours, overtime) for person, (hours, overtime) in sums.items()),
            key=lambda each: (each[0].name, each[0].pk),
        )


def register_of(organisation, first, last):
    """What was worked for an organisation in stretches that began from first to last."""
    rows = (
        Worked.objects.filter(beginning(first, last), organisation=organisation, replaced_by=None)
        .select_related("person", "assignment__shift", "assignment__skill")
        .order_by("person__name", "person", "start")
    )
    behind = list(
        Assignment.objects.standing()
        .filter(beginning(first, last), plan__organisation=organisation, end__lte=clock.now())
        .select_related("person", "shift__template", "shift__night")
        .order_by("start", "pk")
    )
    # A newer version has copies of what was recorded of an older one.
    recorded = set(
        Worked.objects.filter(
            assignment__shift__in={row.shift_id for row in behind}, replaced_by=None
        ).values_list("person", "assignment__shift")
    )
    return Register(
        lines=tuple(_line(row) for row in rows),
        unrecorded=tuple(row for row in behind if (row.person_id, row.shift_id) not in recorded),
    )


def _line(row):
    worked = stint_worked(row)
    planned = stint_of(row.assignment).minutes if row.assignment_id else worked.minutes
    return Line(row, hours_of(worked), max(0, worked.minutes - planned))
