"""What the topic says on /mein."""

from allmende.lib.actors import Actor
from allmende.notifications.queries import news_of
from allmende.web.components.parts import Section, Task


def sections(actor: Actor) -> list[Section]:
    """How much is unread; one query."""
    unread = news_of(actor).filter(read_at=None).count()
    words = "Eine Nachricht ist ungelesen" if unread == 1 else f"{unread} Nachrichten sind ungelesen"
    tasks = [Task(words, "open", "/mein/nachrichten")] if unread else []
    return [Section("Nachrichten", tasks)]
