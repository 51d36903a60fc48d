from django.db import models
from django.db.models import Q

from allmende.demand.models.needs import Need
from allmende.demand.states import JOINING, JOINT_NEED
from allmende.lib.ids import new_public_id
from allmende.organisations.models import Organisation


class JointNeed(models.Model):
    """Several towns go on together: one leads, others join with a need of their own until a day."""

    journal_type = "joint_need"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    title = models.CharField("Titel", max_length=200)
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="joint_needs_led")
    state = models.CharField(max_length=8, choices=JOINT_NEED.choices, default="open")
    purpose = models.TextField("Was gemeinsam werden soll")
    join_until = models.DateField("Beitritt bis")
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True)
    lock_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "gemeinsamer Bedarf"
        verbose_name_plural = "gemeinsame Bedarfe"
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(purpose=""), name="joint_need_says_what"),
        ]

    def __str__(self) -> str:
        return self.title


class Joining(models.Model):
    """A town's need as part of a joint one, from the invitation on. The leading town's need is one of them."""

    journal_type = "joining"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    joint = models.ForeignKey(JointNeed, on_delete=models.PROTECT, related_name="joinings")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="joinings")
    state = models.CharField(max_length=12, choices=JOINING.choices, default="invited")
    invited_at = models.DateTimeField()
    invited_by = models.CharField(max_length=60)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = "Beitritt zu einem gemeinsamen Bedarf"
        verbose_name_plural = "Beitritte zu gemeinsamen Bedarfen"
        constraints = [
            models.UniqueConstraint(fields=["joint", "need"], name="joining_once"),
            models.UniqueConstraint(
                fields=["need"], condition=Q(state="joined"), name="need_is_part_of_one_joint_need"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need} in „{self.joint}“"
