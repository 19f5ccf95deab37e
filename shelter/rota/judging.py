"""What the law finds in somebody's time, and what one more stint would change about it. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from shelter import nights
from shelter.rota.law import FOR_EVERYBODY, LAW, STRICT, Finding, Rule
from shelter.rota.timeline import Stint, Timeline


def rules_for(*, is_protected: bool) -> Sequence[Rule]:
    """All rules for whom the law of working time protects, else those that hold for everybody."""
    return LAW if is_protected else FOR_EVERYBODY


def findings(timeline: Timeline, rules: Iterable[Rule] = LAW) -> list[Finding]:
    """Everything found against the rules, by day."""
    found = [finding for rule in rules for finding in rule.check(timeline)]
    return sorted(found, key=lambda finding: finding.day)


def told_once(found: Sequence[Finding]) -> list[Finding]:
    """What goes on from one day to the next only on its first day, as people read it."""
    known = {(finding.rule, finding.day) for finding in found}
    first = {
        (finding.rule, finding.day): finding
        for finding in found
        if (finding.rule, finding.day - nights.ONE_DAY) not in known
    }
    return list(first.values())


def against(timeline: Timeline, stint: Stint, *, is_protected: bool) -> list[Finding]:
    """What of the law one more stint would break that is not broken without it; the same found once more counts."""
    rules = STRICT if is_protected else FOR_EVERYBODY
    known = Counter(map(as_found, findings(timeline, rules)))
    new = []
    for finding in findings(timeline.beside(stint), rules):
        if known[as_found(finding)]:
            known[as_found(finding)] -= 1
        else:
            new.append(finding)
    return new


def as_found(finding: Finding) -> tuple[str, date, str]:
    """A finding as it is told apart from others: by rule, day and figures."""
    return finding.rule, finding.day, repr(sorted(finding.facts.items()))
