"""The nouns of follow-up: recommendations, action plans, progress with its evidence, judgements."""

from recommendations.models.plans import (
    Action,
    ActionPlan,
    ActionPlanQuerySet,
    ActionQuerySet,
    PlanComment,
    PlanDecision,
    PlanVersion,
    PlanVersionQuerySet,
)
from recommendations.models.progress import (
    Audience,
    CommissionerComment,
    Evidence,
    EvidenceQuerySet,
    ImmediateUpdate,
    ProgressUpdate,
    Remark,
    RemarkQuerySet,
)
from recommendations.models.recommendations import (
    SETTLING_OUTCOMES,
    Ask,
    Outcome,
    ProgressStatus,
    Recommendation,
    RecommendationPoint,
    RecommendationQuerySet,
)
from recommendations.models.reviews import Judgement, JudgementQuerySet, ReviewedCase

__all__ = [
    "SETTLING_OUTCOMES",
    "Action",
    "ActionPlan",
    "ActionPlanQuerySet",
    "ActionQuerySet",
    "Ask",
    "Audience",
    "CommissionerComment",
    "Evidence",
    "EvidenceQuerySet",
    "ImmediateUpdate",
    "Judgement",
    "JudgementQuerySet",
    "Outcome",
    "PlanComment",
    "PlanDecision",
    "PlanVersion",
    "PlanVersionQuerySet",
    "ProgressStatus",
    "ProgressUpdate",
    "Recommendation",
    "RecommendationPoint",
    "RecommendationQuerySet",
    "Remark",
    "RemarkQuerySet",
    "ReviewedCase",
]
