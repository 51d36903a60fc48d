"""Which editions name a document."""

from django.db.models import Q

from allmende.catalogue.models import Edition, Merge, Offer, Solution
from allmende.catalogue.queries.notices import is_hidden
from allmende.files.models import StoredFile


def is_named(file: StoredFile, solution: Solution) -> bool:
    """Whether an edition that was not redacted names it: of the entry, or of one that was merged with it."""
    partners = Merge.objects.filter(Q(target=solution) | Q(source=solution))
    ids = {
        public_id
        for pair in partners.values_list("source__public_id", "target__public_id")
        for public_id in pair
    }
    editions = Edition.objects.filter(
        subject_type=Solution.journal_type, subject_id__in=[solution.public_id, *ids]
    )
    return editions.filter(content__contains=f'"{file.public_id}"').exists()


def is_public_by_edition(file: StoredFile) -> bool:
    """Whether anybody may have it because an edition that anybody may read names it, whatever became of its offer."""
    offer = Offer.objects.select_related("solution").filter(public_id=file.about_id).first()
    if file.about_type != "offer" or offer is None:
        return False
    if is_hidden("solution", offer.solution.public_id) or is_hidden("offer", offer.public_id):
        return False
    return is_named(file, offer.solution)
