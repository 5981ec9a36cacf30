"""The nouns of reports: the draft, its check by the force, what was published, and the PDFs that a worker makes."""

from inspections.models import SectionKind
from reports.models.builds import (
    ACTIVE_STATUSES,
    AccuracyRecord,
    BoardPaper,
    BuildStatus,
    Job,
    JobQuerySet,
    ReportBuild,
    ReportBuildQuerySet,
    done_has_its_pdf,
)
from reports.models.checking import (
    AccuracyComment,
    AccuracyCommentQuerySet,
    AccuracyDecision,
    AccuracyReply,
)
from reports.models.publications import (
    Approval,
    Correction,
    FileKind,
    Publication,
    PublicationQuerySet,
    PublishedFile,
)
from reports.models.sections import (
    CaseExample,
    CaseExampleQuerySet,
    FigureConfirmation,
    ReportOrder,
    ReportSection,
    ReportSectionQuerySet,
    SectionComment,
    SectionStatus,
    drafts_visible_to,
)
from reports.models.thematic import (
    ThematicBuild,
    ThematicBuildQuerySet,
    ThematicReport,
    ThematicReportQuerySet,
)

__all__ = [
    "ACTIVE_STATUSES",
    "AccuracyComment",
    "AccuracyCommentQuerySet",
    "AccuracyDecision",
    "AccuracyRecord",
    "AccuracyReply",
    "Approval",
    "BoardPaper",
    "BuildStatus",
    "CaseExample",
    "CaseExampleQuerySet",
    "Correction",
    "FigureConfirmation",
    "FileKind",
    "Job",
    "JobQuerySet",
    "Publication",
    "PublicationQuerySet",
    "PublishedFile",
    "ReportBuild",
    "ReportBuildQuerySet",
    "ReportOrder",
    "ReportSection",
    "ReportSectionQuerySet",
    "SectionComment",
    "SectionKind",
    "SectionStatus",
    "ThematicBuild",
    "ThematicBuildQuerySet",
    "ThematicReport",
    "ThematicReportQuerySet",
    "done_has_its_pdf",
    "drafts_visible_to",
]
