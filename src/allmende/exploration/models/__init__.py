"""A case and everything that is kept of it, by topic: the case itself, research, asking, judging, the record."""

from allmende.exploration.models.asking import (
    Answer,
    CompanyQuestion,
    Inquiry,
    InquiryLetter,
    Question,
    Questionnaire,
    QuestionSet,
)
from allmende.exploration.models.cases import (
    Case,
    CaseMember,
    ConflictDeclaration,
    Deviation,
    Sheet,
    StepPlan,
)
from allmende.exploration.models.judging import Involvement, MatrixEntry, ProcedureChoice, Talk, ValueEstimate
from allmende.exploration.models.records import AuditAccess, FrozenRecord
from allmende.exploration.models.research import (
    Candidate,
    CandidateDecision,
    LoggedSearch,
    Snapshot,
    SnapshotEntry,
)

__all__ = [
    "Answer",
    "AuditAccess",
    "Candidate",
    "CandidateDecision",
    "Case",
    "CaseMember",
    "CompanyQuestion",
    "ConflictDeclaration",
    "Deviation",
    "FrozenRecord",
    "Inquiry",
    "InquiryLetter",
    "Involvement",
    "LoggedSearch",
    "MatrixEntry",
    "ProcedureChoice",
    "Question",
    "QuestionSet",
    "Questionnaire",
    "Sheet",
    "Snapshot",
    "SnapshotEntry",
    "StepPlan",
    "Talk",
    "ValueEstimate",
]
