"""Who acts: a colleague with today's roles, or the clock. Passed to every action as `by`."""

from dataclasses import dataclass, field

from shelter.models import Membership, Person, Role


@dataclass(frozen=True)
class Actor:
    """`source` says from where (a screen, the API, the tick); `on_behalf_of` whose act is written down.

    `held` are the roles with the organisation each is held in, by code.
    """

    person: Person | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    held: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    source: str = ""
    on_behalf_of: Person | None = None

    @property
    def is_clock(self) -> bool:
        return self.person is None

    def has_any(self, roles) -> bool:
        return bool(self.roles & frozenset(roles))

    def organisations_as(self, roles) -> set[str]:
        """The organisations (codes) in which somebody has one of these roles."""
        return {code for role, code in self.held if role in roles}


CLOCK = Actor(source="tick")


def actor_for(person, *, day, source, on_behalf_of=None):
    """The person with the roles they hold on a day; no role at all for a stranger."""
    return actor_from(
        Membership.objects.on(day).filter(person=person).select_related("organisation"),
        person=person,
        source=source,
        on_behalf_of=on_behalf_of,
    )


def actor_from(memberships, *, person, source, on_behalf_of=None):
    memberships = list(memberships)
    return Actor(
        person=person,
        roles=frozenset(Role(membership.role).value for membership in memberships),
        held=frozenset(
            (Role(membership.role).value, membership.organisation.code) for membership in memberships
        ),
        source=source,
        on_behalf_of=on_behalf_of,
    )
