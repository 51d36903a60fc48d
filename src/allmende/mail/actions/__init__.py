"""Every write about letters, as verbs."""

from allmende.mail.actions.delivering import deliver
from allmende.mail.actions.ending import give_up_waiting, trust_again
from allmende.mail.actions.keeping import forget, forget_receiver
from allmende.mail.actions.receiving import receive
from allmende.mail.actions.sending import send
from allmende.mail.actions.writing import write

__all__ = [
    "deliver",
    "forget",
    "forget_receiver",
    "give_up_waiting",
    "receive",
    "send",
    "trust_again",
    "write",
]
