"""Telling the story. Told twice, it changes nothing."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from allmende.accounts.models import User
from allmende.catalogue.actions import confirm_use, end_use, know_origin, publish_offer, receive
from allmende.catalogue.models import ConfirmedUse, Listing, Offer, Solution
from allmende.demo.cases import explore
from allmende.demo.needs import need
from allmende.demo.preparing import prepare
from allmende.demo.showing import show
from allmende.demo.story import (
    FOLDER,
    offer_draft,
    profile_draft,
    regions,
    software_additions,
    solution_draft,
    story,
)
from allmende.demo.together import go_together, keep_own_rules
from allmende.federation.actions import add_source, change_source, run
from allmende.federation.models import Run, Source
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import (
    claim_town,
    for_region,
    grant_role,
    propose_domain,
    register,
    save_profile,
)
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for, claims_of, domains, profile_of
from allmende.organisations.roles import ROLES
from allmende.regions.actions import add_invented
from allmende.regions.models import Region

NARRATOR = Actor.program("demo")
PASSWORD = "Allmende-Demo-2026"  # noqa: S105  # printed on purpose: the demo has no secrets
EDITORS = "redaktion"

Say = Callable[[str], None]


def tell(*, now: datetime, say: Say, shared: Path | None) -> None:
    """Invent the district, harvest what is there, publish offers and uses. `shared`: a folder of real files, if any.

    Raises `Refused` outside of the demo: a real marketplace must never hold invented towns.
    """
    if not settings.DEMO:
        raise Refused("Die Demo-Geschichte wird nur erzählt, wenn ALLMENDE_DEMO=1 gesetzt ist.")
    towns = {region.key: region for region in add_invented(regions(), by=NARRATOR, now=now)}
    bodies = _organisations(towns, now)
    _people(towns, bodies, now)
    _begun(towns, now)
    say(
        f"{len(towns)} erfundene Regionen, {len(bodies)} erfundene Organisationen, {len(story()['people'])} Konten."
    )
    for current in _harvest(shared, now):
        counts = f"{current.seen} gesehen, {current.new} neu, {current.unreadable} zurückgestellt"
        say(f"Ernte {current.source.code}: {counts}.")
    _invented_solutions(now)
    _offers(bodies, now)
    _uses(towns, now)
    prepare(_solution, now)
    show(_solution, now)
    need(towns, now)
    keep_own_rules(towns, now)
    explore(towns, _solution, now)
    go_together(towns, now)
    say(f"{Solution.objects.filter(state='published').count()} Lösungen, {Offer.objects.count()} Angebote.")


def _organisations(towns: dict[str, Region], now: datetime) -> dict[str, Organisation]:
    for key, region in towns.items():
        if len(key) > len("99"):
            for_region(region, by=NARRATOR, now=now)
    bodies = {}
    for row in story()["organisations"]:
        known = Organisation.objects.filter(name=row["name"], is_invented=True).first()
        bodies[row["code"]] = known or register(
            row["name"], kind=row["kind"], is_invented=True, by=NARRATOR, now=now
        )
    return bodies


def _people(towns: dict[str, Region], bodies: dict[str, Organisation], now: datetime) -> None:
    for row in story()["people"]:
        user = User.objects.filter(email=row["email"]).first() or User.objects.create_user(
            row["email"],
            PASSWORD,
            name=row["name"],
            # Wagtail's back office is for those with a role on the platform.
            is_staff=row.get("role") in ROLES and ROLES[row["role"]].of_platform,
        )
        EmailAddress.objects.get_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
        organisation = bodies.get(row.get("organisation", ""))
        if "region" in row:
            organisation = for_region(towns[row["region"]], by=NARRATOR, now=now)
        if "role" in row:
            grant_role(row["role"], user=user, organisation=organisation, by=NARRATOR, now=now)


def _begun(towns: dict[str, Region], now: datetime) -> None:
    """What people of the story have begun: a town applied for, a domain named, a profile filled in."""
    for row in story()["claims"]:
        by = _actor(row["email"])
        region = towns[row["region"]]
        if not claims_of(by).filter(organisation__region=region).exists():
            claim_town(region, task=row["task"], by=by, now=now)
    for row in story()["domains"]:
        town = for_region(towns[row["region"]], by=NARRATOR, now=now)
        if not domains(town).exists():
            propose_domain(town, row["domain"], by=_actor(row["email"]), now=now)
    for row in story()["profiles"]:
        town = for_region(towns[row["region"]], by=NARRATOR, now=now)
        if profile_of(town) is None:
            draft = profile_draft(row)
            save_profile(draft, organisation=town, lock_version=0, by=_actor(row["email"]), now=now)


def _actor(email: str) -> Actor:
    return actor_for(User.objects.get(email=email))


def people() -> dict[str, Any]:
    """For the page that lists them: the password, and each account with its role and what to try."""
    rows = [{"role": "", **row} for row in story()["people"]]
    return {"password": PASSWORD, "people": rows}


def logins() -> list[str]:
    """What `make demo` prints."""
    lines = [f"  {row['email']:<34} {row['name']}" for row in story()["people"]]
    return [f"Anmelden unter /konto/anmelden mit dem Passwort {PASSWORD}:", *lines]


def _harvest(shared: Path | None, now: datetime) -> list[Run]:
    sources = [
        _source(
            EDITORS,
            name="Redaktion von Allmende",
            location=FOLDER / "software",
            format="publiccode",
            kind="editorial",
            licence="CC0-1.0",
            profile={"additions": software_additions()},
            now=now,
        )
    ]
    if shared and shared.is_dir():
        sources += _real_sources(shared, now)
    return [run(source, by=NARRATOR, now=now) for source in sources]


def _real_sources(shared: Path, now: datetime) -> list[Source]:
    """Real files beside the checkout; none of them is part of the project."""
    found = []
    for row in story()["real_sources"]:
        folder = shared / row["folder"]
        if folder.is_dir():
            found.append(
                _source(
                    row["code"],
                    name=row["name"],
                    location=folder,
                    format=row["format"],
                    kind=row["kind"],
                    licence=row["licence"],
                    profile=row.get("profile", {}),
                    website_url=row.get("website", ""),
                    now=now,
                )
            )
    return found


def _source(
    code: str,
    *,
    name: str,
    location: Path,
    format: str,  # noqa: A002
    kind: str,
    licence: str,
    profile: dict[str, Any],
    now: datetime,
    website_url: str = "",
) -> Source:
    known = Source.objects.filter(code=code).first()
    if known:
        return change_source(
            known,
            kind="directory",
            location=str(location),
            format=format,
            profile=profile,
            every_hours=24,
            by=NARRATOR,
            now=now,
        )
    return add_source(
        code,
        name=name,
        kind="directory",
        location=str(location),
        format=format,
        profile=profile,
        origin_kind=kind,
        licence=licence,
        website_url=website_url,
        every_hours=24,
        by=NARRATOR,
        now=now,
    )


def _invented_solutions(now: datetime) -> None:
    origin = know_origin("demo", label="Demo-Geschichte", kind="editorial", by=NARRATOR, now=now)
    for row in story()["solutions"]:
        receive(solution_draft(row), origin=origin, key=row["key"], by=NARRATOR, now=now)


def _solution(name: str) -> Solution | None:
    """`slug` of an invented solution, or `redaktion:slug` of an entry about real software."""
    origin, _, slug = name.rpartition(":")
    key = f"{slug}/publiccode.yml" if origin else slug
    listing = (
        Listing.objects.filter(origin__code=origin or "demo", key=key).select_related("solution").first()
    )
    return listing.solution if listing and listing.solution.state == "published" else None


@transaction.atomic
def _offers(bodies: dict[str, Organisation], now: datetime) -> None:
    parties = {code: body.public_id for code, body in bodies.items()}
    for row in story()["offers"]:
        solution = _solution(row["solution"])
        if solution and not Offer.objects.filter(solution=solution, title=row["title"]).exists():
            publish_offer(offer_draft(row, parties), solution=solution, by=NARRATOR, now=now)


@transaction.atomic
def _uses(towns: dict[str, Region], now: datetime) -> None:
    for row in story()["uses"]:
        solution = _solution(row["solution"])
        organisation = for_region(towns[row["region"]], by=NARRATOR, now=now)
        if (
            solution is None
            or ConfirmedUse.objects.filter(solution=solution, organisation=organisation).exists()
        ):
            continue
        begun = "productive" if row["state"] == "ended" else row["state"]
        use = confirm_use(
            solution,
            organisation=organisation,
            state=begun,
            since=row["since"],
            note=row.get("note", ""),
            by=NARRATOR,
            now=now,
        )
        if row["state"] == "ended":
            end_use(use, ended_on=row["ended_on"], by=NARRATOR, now=now)
