"""Who may plan whom, and what may be planned; each rule raises one refusal."""

from shelter.models import Role
from shelter.rota import errors, law
from shelter.rota.models import Plan


def plans_own_people(by, organisation):
    """A planner plans the people of their organisation; the coordinator may act for any, the clock for all."""
    if by.is_clock or by.has_any({Role.COORDINATOR}) or organisation.code in by.organisations:
        return
    raise errors.NotYourPeople(organisation=organisation.name)


def plan_is_open(plan):
    if plan.state not in Plan.OPEN:
        raise errors.PlanIsFixed()


def nothing_is_broken(findings):
    """What would break the law is refused in its own words, each sentence once."""
    if findings:
        sentences = dict.fromkeys(map(law.explain, findings))
        raise errors.BreaksRules(findings=" ".join(sentences), number=len(findings))


def there_is_a_reason(reason):
    if not reason.strip():
        raise errors.ReasonIsMissing()
