"""What organisations say to a person on /mein: what waits for them, and what they have begun."""

from datetime import UTC, datetime

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.organisations.models import Claim, JoinRequest, Organisation
from allmende.organisations.queries import claims_of, confirmed_addresses, invitations_to
from allmende.web.components.parts import Section, Task
from allmende.web.components.templatetags.formats import counted


def sections(actor: Actor) -> list[Section]:
    """Invitations and applications; then each organisation of the actor. Nothing where there is nothing."""
    user = User.objects.filter(public_id=actor.id).first()
    if user is None:
        return []
    waiting = [*_invitations(user), *_claims(actor), *_requests(actor)]
    found = [Section("Einladungen und Anmeldungen", waiting)] if waiting else []
    places = {place for _, place in actor.roles if place}
    organisations = list(Organisation.objects.filter(public_id__in=places).order_by("name"))
    if organisations:
        managed = {place for role, place in actor.roles if role == "organisation_admin" and place}
        open_requests = _open_requests(managed)
        tasks = [_organisation(each, open_requests.get(each.pk, 0)) for each in organisations]
        found.append(Section("Ihre Organisationen", tasks))
    elif not waiting:
        new = Task("Organisation anmelden oder Kommune übernehmen", "open", "/organisationen/neu")
        found.append(Section("Ihre Organisationen", [new]))
    return found


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


def _open_requests(managed: set[str]) -> dict[int, int]:
    counts: dict[int, int] = {}
    waiting = JoinRequest.objects.filter(organisation__public_id__in=managed, state="open")
    for pk in waiting.values_list("organisation_id", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    return counts


def _organisation(organisation: Organisation, requests: int) -> Task:
    href = f"/organisation/{organisation.public_id}"
    if requests:
        hint = f"{counted(requests, 'Person möchte,Personen möchten')} mitarbeiten."
        return Task(organisation.name, "open", href, hint)
    return Task(organisation.name, "done", href, "Mitglieder, Rollen und Abwesenheit")
