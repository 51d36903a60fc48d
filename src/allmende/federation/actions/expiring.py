from datetime import datetime, timedelta

from django.db import transaction

from allmende.federation.models import RawRecord
from allmende.lib.actors import Actor

# Long enough for a better reader to come; after that the bytes, which may hold personal data, are of no use.
KEPT_FOR = timedelta(days=365)


@transaction.atomic
def expire_raw_bytes(*, by: Actor, now: datetime) -> int:
    """Forget raw bytes that have lain unchanged for a year; findings, digest and the published values stay."""
    return RawRecord.objects.filter(changed_at__lt=now - KEPT_FOR, content__isnull=False).update(content=None)
