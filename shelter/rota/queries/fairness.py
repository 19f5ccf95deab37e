"""The ledger of fairness: what each person had of nights, weekends and holidays beside their fair share.

Shares go by the hours of the contract and by presence, among those who can do the same duty (`sharing`). What is left
over at the end of a season is carried into the next one.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Max

from shelter import clock, nights
from shelter.models import Night, Season
from shelter.rota.models import Assignment, Change, Employment, Plan, Skill, Wish
from shelter.rota.queries.cases import case_of
from shelter.rota.queries.timelines import beginning, stint_of
from shelter.rota.sharing import KINDS
from shelter.rota.staffing import Place


@dataclass(frozen=True)
class Share:
    """Of one kind: how many somebody had, how many were due, and what earlier seasons left (above 0: had too many)."""

    had: int
    due: float
    carried: float = 0.0

    @property
    def balance(self):
        """How many too many (below 0: too few), with what was carried."""
        return self.had - self.due + self.carried


@dataclass(frozen=True)
class Entry:
    """An employee. Minutes are of the season up to the day; `refused` wishes, `short` changes at short notice."""

    employments: tuple[Employment, ...]
    minutes: int
    minutes_due: int
    shares: dict  # by kind
    refused: int
    short: int
    skills: frozenset

    @property
    def employment(self):
        return self.employments[-1]

    @property
    def person(self):
        return self.employment.person


@dataclass(frozen=True)
class Spread:
    """Those who can do a duty: the least and the greatest balance of each kind."""

    skill: Skill
    people: int
    balances: dict  # by kind: (least, greatest)


@dataclass(frozen=True)
class Ledger:
    first: object
    last: object
    entries: tuple[Entry, ...]
    spreads: tuple[Spread, ...]

    def of(self, person):
        return next((entry for entry in self.entries if entry.person.pk == person.pk), None)

    def owed(self):
        """By kind and name (as proposals know people) what is owed to each."""
        return {
            kind: {str(entry.person.pk): -entry.shares[kind].balance for entry in self.entries}
            for kind in KINDS
        }


def ledger(day):
    """From the first night of the season of a day up to the day before it; None before its second day."""
    seasons = _seasons(day)
    if not seasons:
        return None
    *earlier, (first, last) = seasons
    carried: dict[str, Counter] = {kind: Counter() for kind in KINDS}
    for begin, end in earlier:
        for person, shares in _shares(begin, end)[0].items():
            for kind, share in shares.items():
                carried[kind][person] += share.balance
    shares, staff = _shares(first, last, carried)
    employments: dict[int, list[Employment]] = defaultdict(list)
    for row in (
        Employment.objects.between(first, last)
        .filter(kind=Employment.Kind.EMPLOYEE, person__is_active=True, person__in=shares)
        .select_related("person", "organisation")
        .order_by("person", "first_day", "pk")
    ):
        employments[row.person_id].append(row)
    minutes, refused, short = _minutes(first, last), _refused(first, last), _short(first, last)
    entries = [
        Entry(
            employments=tuple(employments[person]),
            minutes=minutes[person],
            minutes_due=staff[person].minutes_due or 0,
            shares=shares[person],
            refused=refused[person],
            short=short[person],
            skills=frozenset(staff[person].skills),
        )
        for person in employments
    ]
    return Ledger(
        first=first,
        last=last,
        entries=tuple(
            sorted(
                entries,
                key=lambda each: (each.employment.organisation.code, each.person.name, each.person.pk),
            )
        ),
        spreads=tuple(_spreads(entries)),
    )


def _seasons(day):
    """First and last day of each season up to the day before a day, the latest last; only those with nights behind."""
    found = []
    for season in Season.objects.all():
        dates = list(
            Night.objects.filter(season=season, date__lt=day).order_by("date").values_list("date", flat=True)
        )
        if dates:
            found.append((dates[0], dates[-1]))
    return sorted(found)


def _shares(first, last, carried=None):
    """By person and kind the share from first to last, and by person who they are in proposals."""
    case = case_of(first, last, with_drafts=False)
    had: dict[str, Counter] = {kind: Counter() for kind in KINDS}
    rows = Assignment.objects.standing().filter(beginning(first, last)).select_related("shift", "skill")
    for row in rows:
        stint = stint_of(row)
        place = Place(row.shift_id, "", row.skill.code, stint.day, stint, 0, 0)
        for kind, counts in KINDS.items():
            had[kind][row.person_id] += counts(place)
    staff = {int(each.name): each for each in case.staff}
    due = {"nights": "nights_due", "weekends": "weekends_due", "holidays": "holidays_due"}
    shares = {
        person: {
            kind: Share(
                had[kind][person],
                getattr(each, due[kind]) or 0.0,
                carried[kind][person] if carried else 0.0,
            )
            for kind in KINDS
        }
        for person, each in staff.items()
    }
    return shares, staff


def _minutes(first, last):
    minutes: Counter = Counter()
    rows = Assignment.objects.standing().filter(beginning(first, last)).select_related("shift", "skill")
    for row in rows:
        minutes[row.person_id] += stint_of(row).minutes
    return minutes


def _refused(first, last):
    """By person how many wishes were not granted: a day off that was worked, a shift that was not given."""
    worked: dict[tuple, set] = defaultdict(set)
    rows = Assignment.objects.standing().filter(beginning(first, last)).select_related("shift")
    for row in rows:
        worked[row.person_id, row.shift.day] |= {row.shift.template_id, None}
    refused: Counter = Counter()
    for wish in Wish.objects.filter(night__range=(first, last)):
        refused[wish.person_id] += (wish.template_id in worked[wish.person_id, wish.night]) != wish.is_on
    return refused


def _short(first, last):
    short: Counter = Counter()
    changes = Change.objects.filter(is_short=True, shift__night__date__range=(first, last))
    for before, after in changes.order_by().values_list("before", "after"):
        short.update(each for each in {before, after} if each is not None)
    return short


def _spreads(entries):
    for skill in Skill.objects.filter(is_duty=True):
        able = [entry for entry in entries if skill.code in entry.skills]
        if len(able) > 1:
            yield Spread(
                skill=skill,
                people=len(able),
                balances={
                    kind: (
                        min(entry.shares[kind].balance for entry in able),
                        max(entry.shares[kind].balance for entry in able),
                    )
                    for kind in KINDS
                },
            )


def owed_before(day):
    """What is owed to each by the ledger, as far as everybody's plans before a day are published; else up to today."""
    today = nights.local(clock.now()).date()
    ends = dict(
        Plan.objects.filter(state=Plan.State.PUBLISHED)
        .order_by()
        .values_list("organisation")
        .annotate(last=Max("last_day"))
    )
    employers = Employment.objects.between(today, day).filter(kind=Employment.Kind.EMPLOYEE)
    yesterday = today - nights.ONE_DAY
    published = min(
        (ends.get(pk, yesterday) for pk in employers.order_by().values_list("organisation", flat=True)),
        default=yesterday,
    )
    known = ledger(min(day, max(today, published + nights.ONE_DAY)))
    return known.owed() if known else {}
