"""Who calls the API: a bearer token of a person or device, or the session of the pages."""

from django.db.models import F
from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions, permissions

from shelter.access import PUBLIC
from shelter.actions.team import digest_of
from shelter.actor import actor_from
from shelter.gate import require, roles_allowed
from shelter.models import Membership, Person, Token


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer foyer_…`; one query finds the person, their device and all they may do.

    `On-Behalf-Of: USERNAME` names the colleague whose act is written down; the log keeps both.
    """

    def authenticate(self, request):
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        digest = digest_of(text.strip())
        memberships = list(
            Membership.objects.now()
            .filter(person__tokens__digest=digest, person__tokens__revoked_at__isnull=True)
            .filter(person__is_active=True)
            .select_related("organisation", "person")
            .annotate(device=F("person__tokens__device"))
            .order_by("id")
        )
        person = memberships[0].person if memberships else _person_without_role(digest)
        device = memberships[0].device if memberships else ""
        actor = actor_from(
            memberships,
            person=person,
            source=f"api:{device}"[:40] if device else "api",
            on_behalf_of=_on_behalf_of(request),
        )
        return person, actor

    def authenticate_header(self, request):
        return "Bearer"


def _on_behalf_of(request):
    username = request.headers.get("On-Behalf-Of", "")
    if not username:
        return None
    colleague = Person.objects.filter(username=username.replace("\0", ""), is_active=True).first()
    if colleague is None:
        raise exceptions.ValidationError({"On-Behalf-Of": [_("There is no such colleague.")]})
    return colleague


def _person_without_role(digest):
    token = (
        Token.objects.filter(digest=digest, revoked_at__isnull=True, person__is_active=True)
        .select_related("person")
        .first()
    )
    if token is None:
        raise exceptions.AuthenticationFailed()
    return token.person


class PageSession(authentication.SessionAuthentication):
    """The session a page was opened with; writes need its CSRF token."""

    def authenticate(self, request):
        found = super().authenticate(request)
        if found is None:
            return None
        person, _auth = found
        memberships = Membership.objects.now().filter(person=person).select_related("organisation")
        return person, actor_from(memberships, person=person, source="api:page")


class DeclaredAccess(permissions.BasePermission):
    """The table of access, asked for the route and method of the call."""

    def has_permission(self, request, view):
        name = request.resolver_match.view_name
        allowed = roles_allowed(name, request.method)
        if allowed is None:
            raise exceptions.MethodNotAllowed(request.method)
        if allowed == PUBLIC:
            return True
        if request.user is None:
            raise exceptions.NotAuthenticated()
        require(request.auth, allowed)
        return True
