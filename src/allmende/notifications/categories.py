"""What people are told, sorted by what it is to them, and how often mail brings it: plain data."""

from dataclasses import dataclass

# In the site everything shows at once; a rate is that of the mail.
RATES = {"at_once": "sofort", "daily": "täglich", "weekly": "wöchentlich", "never": "nie"}
RATE_HINTS = {
    "at_once": "Einzeln, sobald es etwas Neues gibt.",
    "daily": "Gesammelt, jeden Morgen um 7 Uhr.",
    "weekly": "Gesammelt, montags um 7 Uhr.",
    "never": "Keine E-Mail. Die Nachricht steht nur hier.",
}


@dataclass(frozen=True)
class Category:
    """`usual` is the rate of whoever has not chosen, `rates` are those one can choose.

    `by_mail` False: it is told in the site only. `for_staff`: for whoever has a desk.
    """

    code: str
    title: str
    explanation: str
    usual: str
    by_mail: bool = True
    rates: tuple[str, ...] = tuple(RATES)
    for_staff: bool = False


CATEGORIES = {
    category.code: category
    for category in (
        Category(
            "tasks",
            "Was auf Sie wartet",
            "Etwas ist zu ändern, zu beantworten oder zu erneuern.",
            "at_once",
        ),
        Category(
            "decisions",
            "Entscheidungen",
            "Was die Redaktion zu Ihren Angeboten, Einträgen und Meldungen entschieden hat, und was zurückgezogen ist.",
            "at_once",
        ),
        Category(
            "roles",
            "Rollen und Vertretung",
            "Sie haben eine Rolle bekommen oder verloren, oder Sie vertreten jemanden.",
            "at_once",
        ),
        Category(
            "use",
            "Nutzung Ihrer Lösungen",
            "Eine Kommune bestätigt oder beendet die Nutzung einer Lösung, zu der Sie ein Angebot haben.",
            "daily",
        ),
        Category(
            "matches",
            "Passende Bedarfe",
            "Eine Kommune veröffentlicht einen Bedarf, zu dem ein Angebot Ihrer Organisation passt.",
            "daily",
        ),
        Category(
            "needs",
            "Bedarfe und Antworten",
            "Jemand antwortet auf Ihren Bedarf, ein Bedarf ändert sich, auf den Sie geantwortet haben, oder Kommunen "
            "gehen einen Bedarf gemeinsam an.",
            "at_once",
        ),
        Category(
            "cases",
            "Markterkundungen",
            "Was in einer Markterkundung geschieht, an der Sie mitwirken, zu der Ihr Unternehmen gefragt ist oder die "
            "Sie prüfen.",
            "at_once",
        ),
        Category(
            "searches",
            "Gespeicherte Suchen",
            "Zu einer Suche, die Sie gespeichert haben, gibt es neue Treffer.",
            "weekly",
        ),
        Category(
            "post",
            "Ihre Post",
            "Eine E-Mail, die Sie ausgelöst haben oder die an Sie ging, ist nicht angekommen.",
            "never",
            by_mail=False,
        ),
        # No news items: what waits is counted when the mail is written.
        Category(
            "desk",
            "Was am Schreibtisch wartet",
            "Wie viel in den Eingängen der Redaktion liegt, seit wann und was überfällig ist. Sie bekommen eine E-Mail "
            "um 7 Uhr: „täglich“ heißt hier an jedem Arbeitstag, „wöchentlich“ am ersten der Woche.",
            "daily",
            rates=("daily", "weekly", "never"),
            for_staff=True,
        ),
    )
}
