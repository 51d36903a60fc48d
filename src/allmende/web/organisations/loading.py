"""Find what an address names, as far as the actor may know of it; a stranger gets 404 and learns nothing."""

from django.http import Http404, HttpRequest, QueryDict

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.organisations.models import Membership, Organisation
from allmende.organisations.queries import visible_to
from allmende.organisations.rules import is_member, is_staff
from allmende.web.components.parts import Crumb


def organisation_of(actor: Actor, public_id: str) -> Organisation:
    """An organisation that the actor belongs to, or that staff looks at."""
    found = (
        visible_to(actor, is_staff=is_staff(actor)).filter(public_id=public_id).first()
        if is_public_id(public_id)
        else None
    )
    if found is None or not (is_member(actor, found) or is_staff(actor)):
        raise Http404("Diese Organisation gibt es nicht, oder Sie gehören nicht zu ihr.")
    return found


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, even where that is nothing at all; None where it is only looked at."""
    return request.POST if request.method == "POST" else None


def member_of(organisation: Organisation, public_id: str) -> User:
    """A person with a role in the organisation; 404 for anybody else."""
    held = (
        Membership.objects.filter(organisation=organisation, ended_at=None, user__public_id=public_id)
        .select_related("user")
        .first()
    )
    if held is None:
        raise Http404("Diese Person gehört nicht zur Organisation.")
    return held.user


def crumbs(organisation: Organisation, *steps: str) -> list[Crumb]:
    """Start, my work, the organisation, and what follows."""
    first = [Crumb("Start", "/"), Crumb("Meine Arbeit", "/mein")]
    if not steps:
        return [*first, Crumb(organisation.name)]
    home = Crumb(organisation.name, f"/organisation/{organisation.public_id}")
    return [*first, home, *(Crumb(step) for step in steps)]
