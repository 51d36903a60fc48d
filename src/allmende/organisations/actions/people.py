"""Who acts: the account behind an actor."""

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.models import Organisation


def person(actor: Actor) -> User:
    """The account of a person who acts; `Refused` for programs and for nobody."""
    user = User.objects.filter(public_id=actor.id, is_active=True).first() if actor.kind == "person" else None
    if user is None:
        raise Refused("Melden Sie sich an. Das kann nur eine Person tun, die ein Konto hat.")
    return user


def locked(organisation: Organisation) -> Organisation:
    """The organisation as it is now, held until the transaction ends: changes of its people wait for each other."""
    return Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
