from datetime import datetime

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.models import Origin
from allmende.jobs.actions import enqueue
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import require

# Written precedence between kinds of origin; a smaller number wins.
RANKS = {"owner": 10, "editorial": 20, "federation": 30, "harvest": 40, "community": 50}


@transaction.atomic
def know_origin(
    code: str,
    *,
    label: str,
    kind: str,
    by: Actor,
    now: datetime,
    rank: int | None = None,
    website_url: str = "",
    licence: str = "",
    attribution: str = "",
) -> Origin:
    """Add an origin or bring it up to date; writes nothing where all is as told."""
    require(rules.may_hand_in(by))
    return note_origin(
        code,
        label=label,
        kind=kind,
        by=by,
        now=now,
        rank=rank,
        website_url=website_url,
        licence=licence,
        attribution=attribution,
    )


def note_origin(
    code: str,
    *,
    label: str,
    kind: str,
    by: Actor,
    now: datetime,
    rank: int | None = None,
    website_url: str = "",
    licence: str = "",
    attribution: str = "",
) -> Origin:
    """The same, for actions that have asked for the right."""
    told = {
        "label": label,
        "kind": kind,
        "rank": RANKS[kind] if rank is None else rank,
        "website_url": website_url,
        "licence": licence,
        "attribution": attribution,
    }
    origin, created = Origin.objects.get_or_create(code=code, defaults=told)
    changed = [name for name, value in told.items() if getattr(origin, name) != value]
    if changed:
        for name in changed:
            setattr(origin, name, told[name])
        origin.save(update_fields=changed)
    if "rank" in changed and not created:
        enqueue("allmende.catalogue.tasks.publish_again", origin.public_id)
    if created or changed:
        record("catalogue.origin_known", subject=origin, by=by, now=now)
    return origin
