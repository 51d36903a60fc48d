from django.db import models
from django.db.models import Q

from allmende.catalogue.models import Offer, Solution
from allmende.demand.models.needs import Need
from allmende.demand.states import RESPONSE
from allmende.lib.ids import new_public_id
from allmende.organisations.models import Organisation


class NeedResponse(models.Model):
    """A provider says what of its own fits a need. No bid, no price: the town reads it and decides whether to talk.

    The town's contact is given only by the town's own act: `contact` is what it chose to write, None until then.
    """

    journal_type = "need_response"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="responses")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="need_responses")
    solution = models.ForeignKey(Solution, null=True, on_delete=models.PROTECT, related_name="need_responses")
    offer = models.ForeignKey(Offer, null=True, on_delete=models.PROTECT, related_name="need_responses")
    state = models.CharField(max_length=12, choices=RESPONSE.choices, default="sent")
    text = models.TextField("Was passt und warum")
    # Edition of the need that was answered, so that a later one can be told.
    edition_number = models.PositiveIntegerField()
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=60)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)
    answer = models.TextField("Antwort der Kommune", blank=True)
    contact = models.TextField("Kontakt, den die Kommune nennt", null=True)
    contact_given_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "Antwort auf einen Bedarf"
        verbose_name_plural = "Antworten auf Bedarfe"
        constraints = [
            models.UniqueConstraint(
                fields=["need", "organisation"],
                condition=~Q(state="taken_back"),
                name="need_response_once_a_provider",
            ),
            models.CheckConstraint(
                condition=Q(contact__isnull=True, contact_given_at=None)
                | Q(contact__isnull=False, contact_given_at__isnull=False),
                name="need_response_contact_given_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} zu „{self.need}“"
