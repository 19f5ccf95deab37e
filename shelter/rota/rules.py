"""Who may plan whom, and what may be planned; each rule raises one refusal."""

from shelter import clock, nights
from shelter.models import Role
from shelter.rota import errors, law
from shelter.rota.models import Employment, Plan


def plans_own_people(by, organisation):
    """A planner plans the people of their organisation; the coordinator may act for any, the clock for all."""
    if (
        by.is_clock
        or by.has_any({Role.COORDINATOR})
        or organisation.code in by.organisations_as({Role.PLANNER})
    ):
        return
    raise errors.NotYourPeople(organisation=organisation.name)


PLANNERS = frozenset({Role.PLANNER, Role.COORDINATOR})
# Who reads the rota of all: planners, and the leads whose night it is.
READERS = PLANNERS | {Role.NIGHT_LEAD}


def may_set_for_all(by):
    """Terms of the whole house are the coordinator's."""
    if not sees_all(by):
        raise errors.NotForAll()


def may_stop(by, proposal):
    """A proposal for one organisation is its planners'; one for everybody's people the coordinator's."""
    if proposal.organisation is not None:
        plans_own_people(by, proposal.organisation)
    else:
        may_set_for_all(by)


def sees_all(by):
    return by.is_clock or by.has_any({Role.COORDINATOR})


def sees_names_of(by, organisation):
    """Whether somebody reads the names of an organisation's people: who plans it or leads its nights; of all who
    coordinates.
    """
    return sees_all(by) or organisation.code in by.organisations_as(READERS)


def may_answer_swap(by, swap, verb):
    """Whom it was asked of says yes or no, who asked takes it back, who plans approves, refuses or undoes."""
    own = {"agree": swap.taker, "refuse": swap.taker, "withdraw": swap.giver}.get(verb)
    if own is not None and by.person == own:
        return
    if verb in ("agree", "withdraw") or not by.has_any(PLANNERS):
        raise errors.NotYourPeople(organisation=swap.given.plan.organisation.name)
    plans_own_people(by, swap.given.plan.organisation)


def plans_person(by, person):
    """Somebody's own affairs are theirs; else they are planned by whom they work for."""
    if by.is_clock or by.has_any({Role.COORDINATOR}) or by.person == person:
        return
    today = nights.local(clock.now()).date()
    homes = Employment.objects.from_day(today).filter(person=person).select_related("organisation")
    codes = {employment.organisation.code: employment.organisation.name for employment in homes}
    if not by.organisations_as({Role.PLANNER}) & set(codes):
        raise errors.NotYourPeople(organisation=", ".join(codes.values()) or "–")


def are_colleagues(given, taker):
    """Whom a program may ask to take a shift: who works for the same organisation, as the pages offer them."""
    homes = Employment.objects.on(given.shift.day).filter(person=taker)
    if not homes.filter(organisation=given.plan.organisation_id).exists():
        raise errors.OnlyColleagues()


def plan_is_open(plan):
    if plan.state not in Plan.OPEN:
        raise errors.PlanIsFixed()


def is_not_over(shift):
    if shift.end <= clock.now():
        raise errors.ShiftIsOver()


def nothing_is_broken(findings):
    """What would break the law is refused in its own words, each sentence once."""
    if findings:
        sentences = dict.fromkeys(map(law.explain, findings))
        raise errors.BreaksRules(findings=" ".join(sentences), number=len(findings))


def there_is_a_reason(reason):
    if not reason.strip():
        raise errors.ReasonIsMissing()
