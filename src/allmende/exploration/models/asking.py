from django.db import models
from django.db.models import Q

from allmende.exploration.models.cases import Case
from allmende.exploration.models.frozen import CasePart
from allmende.exploration.models.research import Candidate
from allmende.exploration.states import INQUIRY, QUESTIONNAIRE
from allmende.lib.ids import new_public_id
from allmende.mail.states import LETTER
from allmende.organisations.models import Organisation

ANSWER_KINDS = [
    ("yes_no", "ja oder nein"),
    ("choice", "eines von mehreren"),
    ("number", "Zahl"),
    ("money", "Betrag in Euro, netto"),
    ("date", "Datum"),
    ("text", "Text"),
]


class QuestionSet(models.Model):
    """One version of the questions for a topic, as the editors have written it on the desk.

    What comes with the software lies in `content/questions/`; the latest version here takes its place. Codes stay,
    versions count up, and none is ever changed.
    """

    journal_type = "question_set"

    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    # [{"code", "text", "hint", "kind", "choices", "is_required", "prefill"}] in order.
    questions = models.JSONField(default=list)
    # False: from this version on the set is offered to nobody any more.
    is_current = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)

    class Meta:
        verbose_name = "Fragensammlung"
        verbose_name_plural = "Fragensammlungen"
        ordering = ["title", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="question_set_version_once"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(title=""), name="question_set_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class Questionnaire(CasePart):
    """One questionnaire of a case: the same text, questions and deadline for all. Once sent, it stays as it was.

    A further round is a further questionnaire.
    """

    journal_type = "questionnaire"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="questionnaires")
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=QUESTIONNAIRE.choices, default="draft")
    introduction = models.TextField("Anschreiben", blank=True)
    # The last moment at which an answer counts.
    deadline = models.DateTimeField("Antwort bis", null=True)
    # The deadline that the digest covers: one may be granted to all that is longer.
    deadline_as_sent = models.DateTimeField(null=True)
    questions_until = models.DateTimeField("Fragen bis", null=True)
    # Hash of canonical JSON of text, questions and deadline as sent.
    digest = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=60, blank=True)
    reminded_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    lock_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "Fragebogen"
        verbose_name_plural = "Fragebögen"
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="questionnaire_once_a_round"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(sent_at__isnull=False, deadline__isnull=False) & ~Q(digest=""),
                name="questionnaire_sent_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}, Fragebogen {self.round}"


class Question(CasePart):
    """A question of one questionnaire, copied from a set or the town's own."""

    CASE = "questionnaire__case"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    # `set code/version:question code` where it comes from a set, "" for an own one.
    origin = models.CharField(max_length=130, blank=True)
    text = models.TextField("Frage")
    hint = models.TextField("Hinweis", blank=True)
    kind = models.CharField("Art der Antwort", max_length=8, choices=ANSWER_KINDS, default="text")
    choices = models.JSONField(default=list)
    is_required = models.BooleanField("muss beantwortet werden", default=False)
    # The criterion of the need (public id) that the answer speaks to.
    criterion = models.CharField(max_length=10, blank=True)
    # Code of `exploration.prefills`: which of a company's own entries is shown beside the question; "" none.
    prefill = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "Frage"
        verbose_name_plural = "Fragen"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "position"], name="question_once_a_position")
        ]

    def __str__(self) -> str:
        return self.text


class Inquiry(CasePart):
    """One company is asked: to whom it went, what the post said, and whether an answer came.

    A company without an account answers by a personal link, and so does one whose address the town has entered
    (`email`). The address is personal data of the record: it goes with the case.
    """

    CASE = "questionnaire__case"

    journal_type = "inquiry"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="inquiries")
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="inquiries")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="inquiries"
    )
    company_name = models.CharField("Unternehmen", max_length=300)
    # Code of `company_size`, "" where it is not known: how many were asked, by size class.
    size_class = models.CharField("Größe", max_length=20, blank=True)
    email = models.CharField("E-Mail-Adresse", max_length=320, blank=True)
    state = models.CharField(max_length=10, choices=INQUIRY.choices, default="planned")
    # The letter that went out last (mail.Letter.public id); all of them stand in `InquiryLetter`.
    letter = models.CharField(max_length=100, blank=True)
    sent_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    # By whom: public id of an account, or "link".
    answered_by = models.CharField(max_length=60, blank=True)
    declined_reason = models.TextField(blank=True)
    thanked_at = models.DateTimeField(null=True)
    # What the company has typed and not sent yet, by public id of the question; the town never sees it.
    draft = models.JSONField(default=dict)
    draft_saved_at = models.DateTimeField(null=True)
    # Which open page has saved last: its own next save is no conflict.
    saved_from = models.CharField(max_length=40, blank=True)
    lock_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "Anfrage an ein Unternehmen"
        verbose_name_plural = "Anfragen an Unternehmen"
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "organisation"],
                condition=Q(organisation__isnull=False),
                name="inquiry_once_an_organisation",
            ),
            models.CheckConstraint(condition=~Q(company_name=""), name="inquiry_names_a_company"),
        ]

    def __str__(self) -> str:
        return self.company_name


class InquiryLetter(CasePart):
    """One e-mail to a company, as proof: to which address, when written, sent, or come back, and why.

    The post forgets a letter after its time; this stays with the case. The address is personal data and goes with it.
    """

    CASE = "inquiry__questionnaire__case"

    KINDS = [
        ("asking", "Anschreiben"),
        ("again", "Anschreiben an die berichtigte Adresse"),
        ("reminder", "Erinnerung"),
        ("deadline", "Verlängerung der Frist"),
        ("news", "Mitteilung an alle"),
        ("receipt", "Eingangsbestätigung"),
        ("thanks", "Dank und Ergebnis"),
    ]

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=10, choices=KINDS)
    to = models.CharField("an", max_length=320)
    # Public id and Message-ID of the letter.
    letter = models.CharField(max_length=10, unique=True)
    message_id = models.CharField(max_length=200)
    # Hash of the token in its personal link; "" where it has none, or where another address has taken its place.
    token_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField("Stand", max_length=10, choices=LETTER.choices, default="queued")
    written_at = models.DateTimeField("geschrieben am")
    sent_at = models.DateTimeField("verschickt am", null=True)
    ended_at = models.DateTimeField("gescheitert oder zurückgekommen am", null=True)
    # What the mail server said.
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = "E-Mail zu einer Anfrage"
        verbose_name_plural = "E-Mails zu Anfragen"
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["state"], name="inquiry_letter_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="inquiry_letter_token_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} an {self.inquiry}"


class Answer(CasePart):
    """An answer to one question; `value` None is "keine Angabe", never a no. Only the town sees confidential ones."""

    CASE = "inquiry__questionnaire__case"

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    value = models.JSONField(null=True)
    remark = models.TextField("Erläuterung", blank=True)
    is_confidential = models.BooleanField("vertraulich", default=False)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "Antwort"
        verbose_name_plural = "Antworten"
        constraints = [models.UniqueConstraint(fields=["inquiry", "question"], name="answer_once_a_question")]

    def __str__(self) -> str:
        return f"{self.inquiry}: {self.value}"


class CompanyQuestion(CasePart):
    """A company asks back; the answer goes to all, without the name of who asked."""

    CASE = "questionnaire__case"

    journal_type = "company_question"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="asked_back")
    inquiry = models.ForeignKey(Inquiry, null=True, on_delete=models.SET_NULL, related_name="asked_back")
    text = models.TextField("Frage")
    asked_at = models.DateTimeField()
    answer = models.TextField("Antwort", blank=True)
    # The question as all read it, without what gives away who asked.
    shared_text = models.TextField("Frage, wie alle sie lesen", blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = "Rückfrage eines Unternehmens"
        verbose_name_plural = "Rückfragen von Unternehmen"
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return self.text
