"""`allmende role grant|end|list`: who may do what, from the command line; the way to the first administrator."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand, CommandError

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import end_role, grant_role
from allmende.organisations.models import Membership, Organisation
from allmende.organisations.roles import ROLES

OPERATOR = Actor.program("command line")


class Command(BaseCommand):
    help = "Rollen vergeben, beenden und zeigen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True, metavar="grant|end|list")
        for step, text in (("grant", "eine Rolle vergeben"), ("end", "eine Rolle beenden")):
            one = steps.add_parser(step, help=text)
            one.add_argument("email", help="Adresse des Kontos; anlegen: allmende createsuperuser")
            one.add_argument("role", choices=list(ROLES))
            one.add_argument(
                "--organisation", help="Kennung der Organisation, wenn die Rolle zu einer gehört"
            )
        steps.add_parser("list", help="alle Rollen und wer sie hat")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['step']}")(options)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal

    def _grant(self, options: dict[str, Any]) -> None:
        user = _user(options["email"])
        organisation = _organisation(options["organisation"])
        grant_role(options["role"], user=user, organisation=organisation, by=OPERATOR, now=datetime.now(UTC))
        # Whoever can type this vouches for the address: signing in asks for a confirmed one.
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
        self.stdout.write(f"{user.email} hat jetzt die Rolle „{ROLES[options['role']].label}“.")

    def _end(self, options: dict[str, Any]) -> None:
        held = Membership.objects.filter(
            user=_user(options["email"]),
            role=options["role"],
            organisation=_organisation(options["organisation"]),
            ended_at=None,
        ).first()
        if held is None:
            raise Refused("Diese Rolle hat das Konto nicht.")
        end_role(held, by=OPERATOR, now=datetime.now(UTC))
        self.stdout.write("Die Rolle ist beendet.")

    def _list(self, options: dict[str, Any]) -> None:
        for role in ROLES.values():
            self.stdout.write(f"{role.code} ({role.label}): {role.description}")
            for held in Membership.objects.filter(role=role.code, ended_at=None).select_related(
                "user", "organisation"
            ):
                self.stdout.write(
                    f"  {held.user.email}{f', {held.organisation}' if held.organisation else ''}"
                )


def _user(email: str) -> User:
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise Refused(f"Ein Konto „{email}“ gibt es nicht. Legen Sie es an: allmende createsuperuser")
    return user


def _organisation(public_id: str | None) -> Organisation | None:
    if not public_id:
        return None
    organisation = Organisation.objects.filter(public_id=public_id).first()
    if organisation is None:
        raise Refused(f"Eine Organisation mit der Kennung „{public_id}“ gibt es nicht.")
    return organisation
