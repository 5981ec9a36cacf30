"""The nouns of cases: case files, audits and what they hold, and the work around grading."""

from cases.models.audits import SUBMITTED_STATUSES, Audit, AuditQuerySet, AuditStatus, Reading
from cases.models.content import (
    Answer,
    CommonTheme,
    CommonThemeQuerySet,
    Finding,
    FindingKind,
    IndicatorAnswer,
    TaggedFinding,
)
from cases.models.counts import AnswerCount, GradeCount
from cases.models.files import SEARCH_LANGUAGE, CaseFile, CaseFileQuerySet, Route
from cases.models.work import (
    Calibration,
    ConfirmedFragment,
    SampleDraw,
    SampleDrawQuerySet,
    SavedFilter,
    UrgentReferral,
    UrgentReferralQuerySet,
)

__all__ = [
    "SEARCH_LANGUAGE",
    "SUBMITTED_STATUSES",
    "Answer",
    "AnswerCount",
    "Audit",
    "AuditQuerySet",
    "AuditStatus",
    "Calibration",
    "CaseFile",
    "CaseFileQuerySet",
    "CommonTheme",
    "CommonThemeQuerySet",
    "ConfirmedFragment",
    "Finding",
    "FindingKind",
    "GradeCount",
    "IndicatorAnswer",
    "Reading",
    "Route",
    "SampleDraw",
    "SampleDrawQuerySet",
    "SavedFilter",
    "TaggedFinding",
    "UrgentReferral",
    "UrgentReferralQuerySet",
]
