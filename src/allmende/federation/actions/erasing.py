from datetime import datetime

from django.db import transaction

from allmende.catalogue.actions import erase
from allmende.catalogue.models import Solution
from allmende.federation.models import RawRecord
from allmende.lib.actors import Actor


@transaction.atomic
def erase_everywhere(solution: Solution, *, reason: str, by: Actor, now: datetime) -> Solution:
    """Erase a solution, and with it the raw bytes and findings of every record that described it.

    The records keep their key and digest, so that the next harvest knows them and the gate refuses them.
    """
    records = list(RawRecord.objects.filter(listing__solution=solution).values_list("pk", flat=True))
    erased = erase(solution, reason=reason, by=by, now=now)
    RawRecord.objects.filter(pk__in=records).update(
        content=None, size=0, findings=[], decision="refused", reasons=["Diese Lösung wurde gelöscht."]
    )
    return erased
