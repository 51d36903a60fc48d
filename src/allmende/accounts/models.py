from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from allmende.lib.ids import new_public_id


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address, which is unique whatever its case."""

    journal_type = "account"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    email = models.EmailField("E-Mail-Adresse", unique=True)
    name = models.CharField("Name", max_length=200, blank=True)
    is_active = models.BooleanField("darf sich anmelden", default=True)
    is_staff = models.BooleanField("gehört zum Betrieb", default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    # An erased account keeps its row, without anything personal: other rows and the journal name its public id.
    erased_at = models.DateTimeField("gelöscht am", null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "Konto"
        verbose_name_plural = "Konten"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="account_email_unique_whatever_case"),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(is_active=False, is_staff=False, is_superuser=False, name=""),
                name="account_erased_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return "gelöschtes Konto" if self.erased_at else self.name or self.email

    # Wagtail and Django's own pages ask for these two.
    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.get_full_name()
