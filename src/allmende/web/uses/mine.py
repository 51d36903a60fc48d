"""What waits on /mein for those who work for a town."""

from allmende.catalogue.queries import uses_of
from allmende.catalogue.queries.missing import missing_of
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.web.components.parts import Section, Task
from allmende.web.uses.towns import belonging_to, speaking_for

MOST = 5
OWN = "/mein/nutzung"


def sections(actor: Actor) -> list[Section]:
    """Stating a use, what others say of the town, what was withdrawn, and what it has named."""
    if not belonging_to(actor):
        return []
    speaking = speaking_for(actor)
    tasks = [task for town in speaking for task in _of(town)]
    if speaking:
        tasks.append(
            Task("Nutzung angeben", "optional", OWN, "Welche Lösungen Ihre Kommune einsetzt und seit wann.")
        )
    tasks += [
        Task(
            f"Genannt: {missing.name}",
            "elsewhere",
            f"/fehlende-loesung/{missing.public_id}",
            "Die Redaktion prüft.",
        )
        for missing in missing_of(actor).filter(state="open")[:MOST]
    ]
    tasks.append(
        Task("Sagen, welche Lösung fehlt", "optional", "/fehlende-loesung", "Die Redaktion nimmt sie auf.")
    )
    return [Section("Nutzung in Ihrer Kommune", tasks)]


def _of(town: Organisation) -> list[Task]:
    told, others = uses_of(town)
    gone = [use for use in told if use.solution.state == "withdrawn" and use.state != "ended"]
    tasks = [
        Task(
            f"„{use.solution.name}“ ist zurückgezogen",
            "look",
            f"/loesungen/{use.solution.public_id}/nutzung",
            "Nutzen Sie die Lösung noch? Sonst beenden Sie Ihre Angabe.",
        )
        for use in gone[:MOST]
    ]
    number = others.values("solution").distinct().count()
    if number:
        what = "Eine Nutzung" if number == 1 else f"{number} Nutzungen"
        tasks.append(
            Task(f"{what} bestätigen oder berichtigen", "open", OWN, f"Andere sagen das über {town.name}.")
        )
    return tasks
