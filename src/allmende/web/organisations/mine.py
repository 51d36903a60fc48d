"""What organisations say to a person on /mein: what waits for them, and what they have begun."""

from datetime import UTC, datetime

from django.db.models import Count

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.organisations.models import Claim, JoinRequest, Organisation
from allmende.organisations.queries import claims_of, confirmed_addresses, invitations_to
from allmende.web.components.parts import Section, Task
from allmende.web.components.templatetags.formats import counted


def sections(actor: Actor) -> list[Section]:
    """Invitations, applications and who asks to join; the way to register for whoever has no organisation."""
    user = User.objects.filter(public_id=actor.id).first()
    if user is None:
        return []
    waiting = [*_invitations(user), *_claims(actor), *_requests(actor), *_asked_to_join(actor)]
    is_new = not waiting and not any(place for _, place in actor.roles)
    new = Task("Für eine Kommune oder eine andere Organisation anmelden", "optional", "/organisationen/neu")
    return [Section("Organisationen", [new] if is_new else waiting)]


def _invitations(user: User) -> list[Task]:
    waiting = invitations_to(confirmed_addresses(user), now=datetime.now(UTC))
    return [Task(f"{each.organisation.name} lädt Sie ein", "open", "/einladungen") for each in waiting]


def _claims(actor: Actor) -> list[Task]:
    running = claims_of(actor).filter(state__in=["open", "code_sent"])
    return [_claim(each) for each in running]


def _claim(claim: Claim) -> Task:
    region = claim.organisation.region
    href = (
        f"/kommunen/{region.key}/uebernehmen" if region else f"/organisation/{claim.organisation.public_id}"
    )
    if claim.code_holds(datetime.now(UTC)):
        return Task(f"Code für {claim.organisation.name} eingeben", "open", href, "Der Brief ist unterwegs.")
    return Task(f"Anmeldung von {claim.organisation.name}", "begun", href, "Wir prüfen sie.")


def _requests(actor: Actor) -> list[Task]:
    asked = JoinRequest.objects.filter(user__public_id=actor.id, state="open").select_related(
        "organisation__region"
    )
    return [
        Task(
            f"Anfrage an {each.organisation.name}",
            "begun",
            f"/kommunen/{each.organisation.region.key}/uebernehmen" if each.organisation.region else "",
            "Die Organisation entscheidet.",
        )
        for each in asked
    ]


def _asked_to_join(actor: Actor) -> list[Task]:
    managed = {place for role, place in actor.roles if role == "organisation_admin" and place}
    waiting = Organisation.objects.filter(public_id__in=managed, join_requests__state="open")
    numbered = waiting.annotate(number=Count("join_requests")).order_by("name")
    return [
        Task(
            f"{counted(each.number, 'Person möchte,Personen möchten')} bei {each.name} mitarbeiten",
            "open",
            f"/organisation/{each.public_id}",
        )
        for each in numbered
    ]
