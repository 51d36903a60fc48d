"""What changes the keys of documents."""

from datetime import datetime

from django.db import transaction

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import require
from allmende.lib.signing import Signer
from allmende.records import keys, rules


@transaction.atomic
def renew_key(*, by: Actor, now: datetime) -> Signer:
    """Documents are signed with another key from now on; what the former ones signed stays provable.

    The journal names both keys. Where it cannot be written, the new key is in use all the same and published with its
    day: a file knows no transaction.
    """
    require(rules.may_renew_keys(by))
    old, new = keys.renew(now=now)
    record(
        "records.key_renewed",
        subject=("record_key", new.name),
        by=by,
        now=now,
        data={"before": old, "public": new.public},
    )
    return new
