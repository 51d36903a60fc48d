"""Every write about letters, as verbs."""

from allmende.mail.actions.delivering import deliver
from allmende.mail.actions.sending import send

__all__ = ["deliver", "send"]
