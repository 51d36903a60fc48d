"""What companies were asked, the proof that it went out, and what they answered; silence too."""

from typing import Any

from allmende.exploration.models import Case, Inquiry, Questionnaire
from allmende.exploration.record.parts import rows


def questionnaires(found: Case) -> list[dict[str, Any]]:
    sent = found.questionnaires.order_by("round").prefetch_related(
        "questions",
        "inquiries__answers__question",
        "inquiries__letters",
        "inquiries__candidate",
        "inquiries__organisation",
        "asked_back__inquiry",
    )
    return [_questionnaire(each) for each in sent]


def _questionnaire(each: Questionnaire) -> dict[str, Any]:
    fields = (
        "round",
        "state",
        "introduction",
        "deadline",
        "deadline_as_sent",
        "questions_until",
        "digest",
        "sent_at",
        "sent_by",
        "reminded_at",
        "closed_at",
    )
    asked = ("position", "origin", "text", "hint", "kind", "choices", "is_required", "criterion", "prefill")
    back = ("text", "asked_at", "answer", "shared_text", "answered_at", "answered_by")
    return {
        "id": each.public_id,
        **rows.of(each, *fields),
        "questions": [
            {"id": one.public_id, **rows.of(one, *asked)}
            for one in sorted(each.questions.all(), key=lambda one: one.position)
        ],
        "inquiries": [_inquiry(one) for one in sorted(each.inquiries.all(), key=lambda one: one.pk)],
        "asked_back": [
            {"id": one.public_id, **rows.of(one, "inquiry.public_id", *back)}
            for one in sorted(each.asked_back.all(), key=lambda one: one.pk)
        ],
    }


def _inquiry(each: Inquiry) -> dict[str, Any]:
    """Without what a company typed and never sent: that is not the town's."""
    fields = (
        "candidate.public_id",
        "organisation.public_id",
        "company_name",
        "size_class",
        "email",
        "state",
        "letter",
        "sent_at",
        "bounced_at",
        "opened_at",
        "answered_at",
        "answered_by",
        "declined_reason",
        "thanked_at",
    )
    posted = ("kind", "to", "letter", "message_id", "state", "written_at", "sent_at", "ended_at", "error")
    answered = ("question.public_id", "value", "remark", "is_confidential", "changed_at")
    answers = sorted(each.answers.all(), key=lambda one: one.question.position)
    return {
        "id": each.public_id,
        **rows.of(each, *fields),
        "letters": [rows.of(one, *posted) for one in sorted(each.letters.all(), key=lambda one: one.pk)],
        "answers": [rows.of(one, *answered) for one in answers],
    }
