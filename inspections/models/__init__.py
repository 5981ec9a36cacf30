"""The nouns of inspections: frameworks, inspections, deadlines."""

from inspections.models.deadlines import Deadline, DeadlineKind, DeadlineQuerySet, Side
from inspections.models.frameworks import (
    Area,
    ColourRole,
    FollowUpRule,
    Framework,
    GlossaryTerm,
    Grade,
    Indicator,
    InspectionKind,
    Theme,
    Timescale,
    TimeUnit,
)
from inspections.models.inspections import (
    PUBLISHED_STAGES,
    Inspection,
    InspectionQuerySet,
    Stage,
    StageChange,
    TeamMember,
)

__all__ = [
    "PUBLISHED_STAGES",
    "Area",
    "ColourRole",
    "Deadline",
    "DeadlineKind",
    "DeadlineQuerySet",
    "FollowUpRule",
    "Framework",
    "GlossaryTerm",
    "Grade",
    "Indicator",
    "Inspection",
    "InspectionKind",
    "InspectionQuerySet",
    "Side",
    "Stage",
    "StageChange",
    "TeamMember",
    "Theme",
    "TimeUnit",
    "Timescale",
]
