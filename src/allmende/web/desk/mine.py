"""What the desk says on /mein."""

from allmende.lib.actors import Actor
from allmende.organisations.rules import is_staff
from allmende.web.components.parts import Section, Task
from allmende.web.components.templatetags.formats import counted
from allmende.web.desk.queues import QUEUES


def sections(actor: Actor) -> list[Section]:
    """How much waits at the desk; nothing for whoever has no desk. One query for each queue."""
    if not is_staff(actor):
        return []
    number = sum(queue.waiting(actor) for queue in QUEUES if queue.may(actor))
    words = counted(number, "Eintrag wartet in der Redaktion,Einträge warten in der Redaktion")
    return [Section("Redaktion", [Task(words, "open", "/redaktion")] if number else [])]
