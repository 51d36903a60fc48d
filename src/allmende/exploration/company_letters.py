"""What companies read: every letter of a market exploration, in words. Pure: a questionnaire in, subject and text out.

Each says that it is no tender, who asks, by when, and where to answer. But for the link they are the same for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from allmende.exploration.deadlines import told
from allmende.exploration.models import Questionnaire
from allmende.exploration.wording import NO_TENDER

# Where the link of the letter goes; only `sealed` puts an address there.
LINK = "{link}"
_BY_LINK = (
    "Mit diesem Link antworten Sie ohne Konto. Er gilt nur für Ihr Unternehmen: Geben Sie ihn nur an Menschen weiter, "
    "die für Sie antworten."
)
_BY_ACCOUNT = "Melden Sie sich dafür mit Ihrem Konto an."
_NO_REPLY = (
    "Antworten Sie bitte nicht auf diese E-Mail, sondern über den Link. So bekommen alle dieselben Auskünfte, und "
    "Ihre Antwort steht in der Akte."
)


@dataclass(frozen=True)
class Words:
    """A letter to all: the subject, and paragraphs that are the same for everybody."""

    subject: str
    paragraphs: tuple[str, ...]


def town_of(questionnaire: Questionnaire) -> str:
    return questionnaire.case.organisation.name


def asking(questionnaire: Questionnaire, number: int) -> Words:
    """The letter that goes out first; `number` of questions."""
    assert questionnaire.deadline is not None  # noqa: S101  # checked before anything is sent
    what = "eine Frage" if number == 1 else f"{number} Fragen"
    return Words(
        f"Markterkundung: {questionnaire.case.title}",
        (
            f"{town_of(questionnaire)} erkundet den Markt und bittet Sie, {what} zu beantworten.",
            questionnaire.introduction,
            f"Antworten Sie bis {told(questionnaire.deadline)}. Bis dahin können Sie Ihre Antworten ändern.",
            *_questions_until(questionnaire),
            "Zum Fragebogen:",
            LINK,
        ),
    )


def _questions_until(questionnaire: Questionnaire) -> list[str]:
    until = questionnaire.questions_until or questionnaire.deadline
    assert until is not None  # noqa: S101  # as above
    return [
        f"Fragen stellen Sie auf derselben Seite bis {told(until)}. Die Antwort lesen alle, die gefragt sind, ohne zu "
        "erfahren, wer gefragt hat."
    ]


def reminder(questionnaire: Questionnaire) -> Words:
    assert questionnaire.deadline is not None  # noqa: S101  # it was sent
    return Words(
        f"Noch bis {told(questionnaire.deadline)}: {questionnaire.case.title}",
        (
            f"{town_of(questionnaire)} hat Sie in einer Markterkundung etwas gefragt und noch keine Antwort von Ihnen.",
            f"Sie können bis {told(questionnaire.deadline)} antworten. Passt es nicht, sagen Sie mit einem Satz ab: "
            "Auch das hilft.",
            "Zum Fragebogen:",
            LINK,
        ),
    )


def longer(questionnaire: Questionnaire) -> Words:
    assert questionnaire.deadline is not None  # noqa: S101  # it was sent
    return Words(
        f"Mehr Zeit für Ihre Antwort: {questionnaire.case.title}",
        (
            f"{town_of(questionnaire)} hat die Frist für alle verlängert, die gefragt sind.",
            f"Sie können jetzt bis {told(questionnaire.deadline)} antworten und Ihre Antworten ändern. Haben Sie schon "
            "geantwortet, müssen Sie nichts tun.",
            "Zum Fragebogen:",
            LINK,
        ),
    )


def shared_answer(questionnaire: Questionnaire, question: str, answer: str) -> Words:
    """A question of one company and its answer, for all. `question` is what all may read of it."""
    return Words(
        f"Frage und Antwort: {questionnaire.case.title}",
        (
            "Ein Unternehmen hat etwas gefragt. Die Antwort geht an alle, die gefragt sind.",
            f"Frage: {question}",
            f"Antwort: {answer}",
            "Alle Fragen und Antworten stehen auch hier:",
            LINK,
        ),
    )


def statement(questionnaire: Questionnaire, text: str) -> Words:
    """What the town tells all without having been asked."""
    return Words(
        f"Hinweis an alle: {questionnaire.case.title}",
        (
            f"{town_of(questionnaire)} teilt allen, die gefragt sind, etwas mit.",
            text,
            "Alle Hinweise, Fragen und Antworten stehen auch hier:",
            LINK,
        ),
    )


def receipt(questionnaire: Questionnaire) -> Words:
    assert questionnaire.deadline is not None  # noqa: S101  # it was sent
    return Words(
        f"Ihre Antworten sind eingegangen: {questionnaire.case.title}",
        (
            f"Ihre Antworten an {town_of(questionnaire)} sind gespeichert. Danke.",
            f"Sie können sie bis {told(questionnaire.deadline)} ansehen und ändern:",
            LINK,
        ),
    )


def thanks(questionnaire: Questionnaire, result: Sequence[str], words: str) -> Words:
    """`result`: what became of it, in whole sentences without the name of anybody else; `words`: the town's own."""
    return Words(
        f"Danke für Ihre Mitwirkung: {questionnaire.case.title}",
        (
            f"{town_of(questionnaire)} hat die Antworten der Markterkundung ausgewertet und dankt Ihnen.",
            *result,
            *([words] if words else []),
            "Daraus folgt noch kein Auftrag. Schreibt die Kommune den Auftrag aus, können Sie sich wie alle anderen "
            "bewerben.",
            "Was Sie geantwortet haben, können Sie hier nachlesen:",
            LINK,
        ),
    )


def sealed(words: Words, questionnaire: Questionnaire, *, link: str, is_personal: bool, origin: str) -> str:
    """The text of one letter. `link`: the whole address; `origin`: a sentence that says whence the address comes."""
    lines = [link if each == LINK else each for each in words.paragraphs]
    closing = (
        _BY_LINK if is_personal else _BY_ACCOUNT,
        NO_TENDER,
        _NO_REPLY,
        f"{origin} Ihre Angaben gehören zur Akte der Markterkundung und werden mit ihr gelöscht.",
    )
    return (
        "\n\n".join(
            ("Guten Tag,", *lines, *closing, f"Freundliche Grüße\n{town_of(questionnaire)}\nüber Allmende")
        )
        + "\n"
    )
