"""What files keep of a person: what they uploaded. Erased with the account is nothing: rows name an id, and the files
are their organisation's."""

from collections.abc import Sequence

from allmende.accounts.models import User
from allmende.accounts.personal import PersonalData
from allmende.files.models import StoredFile


def export(user: User) -> Sequence[PersonalData]:
    """Files that the person uploaded and that were not removed, the latest last."""
    rows = StoredFile.objects.filter(uploaded_by=user.public_id).exclude(state="removed").order_by("at", "pk")
    return (
        PersonalData(
            "files",
            "Hochgeladene Dateien",
            [
                {
                    "Name": each.name,
                    "Art": each.get_kind_display(),
                    "hochgeladen am": each.at,
                    "Stand": each.verdict,
                }
                for each in rows
            ],
        ),
    )
