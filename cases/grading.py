"""One side grades one case: save a draft, submit it, reopen it with a reason.

Whoever saves says which version they read. The row count of a conditional UPDATE decides between two people: one of
them gets StaleAudit, with the other's words in it (domain rule 5). Database triggers keep every earlier state (rule 4).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import IntegrityError, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from cases.models import Audit, AuditStatus, CaseFile, Finding, Route
from inspections import dates, team
from inspections.models import Grade, Side, Stage, Theme

REASON_LENGTH = 5000
FINDING_LENGTH = 10_000
# New grades are given in fieldwork; later on, only what was reopened is graded again.
STAGES_OF_INSPECTORATE = [Stage.FIELDWORK, Stage.DRAFTING, Stage.FACTUAL_ACCURACY]


class StaleAudit(Conflict):
    """Somebody saved or submitted the audit since it was read; `current` is how it stands now."""

    def __init__(self, current: Audit) -> None:
        super().__init__(_("Somebody else changed this audit after you opened it."))
        self.current = current


class NotReady(DomainError):
    """The audit lacks something without which it cannot be submitted; `missing` names it ("grade", "reason")."""

    def __init__(self, missing: list[str]) -> None:
        sentences = {"grade": _("Select a grade"), "reason": _("Enter the reason for the grade")}
        super().__init__(". ".join(sentences[name] for name in missing) + ".")
        self.missing = missing


class OtherScale(DomainError):
    """The grade or theme belongs to another framework than the case (rule 1)."""


class NeedsReason(DomainError):
    """An audit is reopened only with a reason (rule 4)."""


def side_of(user: User) -> Side:
    """Whose word the word of `user` is."""
    return Side.FORCE if user.is_force else Side.INSPECTORATE


def may_grade(case: CaseFile, user: User) -> Side | None:
    """Return the side for which `user` may grade `case` at this stage; None if they may not.

    A force's assessors and leads grade its own sample during the self-assessment; inspectors of the team grade from
    fieldwork until publication. Nobody grades an excluded case.
    """
    inspection = case.inspection
    if case.excluded_at is not None:
        return None
    if user.is_force:
        may = (
            inspection.stage == Stage.SELF_ASSESSMENT
            and user.force_id == inspection.force_id
            and case.route == Route.SELF_ASSESSED
            and (user.is_force_assessor or user.is_force_lead)
        )
        return Side.FORCE if may else None
    if inspection.stage in STAGES_OF_INSPECTORATE and team.works_on(inspection, user):
        return Side.INSPECTORATE
    return None


def save(
    case: CaseFile,
    *,
    side: Side,
    by: User,
    version: int,
    grade: Grade | None = None,
    reason: str = "",
    findings: Mapping[str, str] | None = None,
    personal_data_confirmed: bool = False,
) -> Audit:
    """Save the draft audit of `case` for `side` and return it with its new version.

    `version` is the one that `by` read; 0 if there was no audit yet. `findings` holds texts by theme code; a theme
    left out keeps its text. Raises NotAllowed, StaleAudit, OtherScale or LooksPersonal (rule 9).
    """
    findings = findings or {}
    if may_grade(case, by) != side:
        raise NotAllowed(_("You cannot grade this case at this stage."))
    if grade is not None and grade.framework_id != case.framework_id:
        raise OtherScale(_("This grade is not one of the framework’s scale."))
    themes = {theme.code: theme for theme in case.inspection.framework.themes.all()}
    if not findings.keys() <= themes.keys():
        raise OtherScale(_("This theme is not one of the framework’s."))
    personal_data.check({"reason": reason, **findings}, confirmed=personal_data_confirmed)
    try:
        with transaction.atomic():
            if version == 0:
                audit = _create(case, side, by, grade, reason)
            else:
                audit = _update(case, side, by, version, grade, reason)
            _write_findings(audit, themes, findings)
    except IntegrityError:
        current = Audit.objects.main().filter(case=case, side=side).first()
        if current is None:
            raise
        raise StaleAudit(current) from None
    return audit


def submit(audit: Audit, *, by: User, version: int) -> Audit:
    """Submit a draft, after which its grade counts in every figure.

    Raises NotAllowed, StaleAudit if somebody saved or submitted it since `version` was read, and NotReady, naming
    what is missing, if it has no grade or no reason.
    """
    with transaction.atomic():
        case = _locked_case(audit.case_id)
        if may_grade(case, by) != audit.side:
            raise NotAllowed(_("You cannot grade this case at this stage."))
        moment = dates.now()
        won = (
            Audit.objects.filter(pk=audit.pk, version=version, status=AuditStatus.DRAFT)
            .exclude(grade=None)
            .exclude(reason="")
            .update(
                status=AuditStatus.SUBMITTED,
                final_grade=F("grade"),
                version=F("version") + 1,
                submitted_by=by,
                submitted_at=moment,
                first_submitted_at=Coalesce("first_submitted_at", Value(moment)),
                updated_by=by,
                updated_at=moment,
                change_reason="",
            )
        )
    audit = _reread(audit)
    if won:
        return audit
    if audit.version != version or audit.is_submitted:
        raise StaleAudit(audit)
    raise NotReady([name for name in ("grade", "reason") if not getattr(audit, name)])


def may_reopen(audit: Audit, user: User) -> bool:
    """Whether `user` may reopen a submitted audit: who submitted it, or the lead of that side, while it may grade."""
    if not audit.is_submitted or may_grade(audit.case, user) != audit.side:
        return False
    if audit.submitted_by_id == user.pk:
        return True
    if audit.side == Side.FORCE:
        return user.is_force_lead
    return team.leads(audit.case.inspection, user)


def reopen(audit: Audit, *, by: User, reason: str, personal_data_confirmed: bool = False) -> Audit:
    """Make a submitted audit a draft again; its grade counts no more until it is submitted anew.

    What was submitted stays on record, with who reopened it, when and why (rule 4). Raises NotAllowed, NeedsReason
    or LooksPersonal (rule 9).
    """
    if not reason.strip():
        raise NeedsReason(_("Enter why the audit is reopened"))
    personal_data.check({"reason": reason}, confirmed=personal_data_confirmed)
    with transaction.atomic():
        case = _locked_case(audit.case_id)
        current = Audit.objects.get(pk=audit.pk)
        current.case = case
        if not may_reopen(current, by):
            raise NotAllowed(_("You cannot reopen this audit."))
        won = Audit.objects.filter(pk=audit.pk, version=current.version).update(
            status=AuditStatus.DRAFT,
            final_grade=None,
            moderated_by=None,
            moderated_at=None,
            moderation_reason="",
            version=F("version") + 1,
            submitted_by=None,
            submitted_at=None,
            updated_by=by,
            updated_at=dates.now(),
            change_reason=reason.strip(),
        )
    audit = _reread(audit)
    if not won:
        raise StaleAudit(audit)
    return audit


def _create(case: CaseFile, side: Side, by: User, grade: Grade | None, reason: str) -> Audit:
    return Audit.objects.create(
        case=case,
        framework_id=case.framework_id,
        route=case.route,
        side=side,
        grade=grade,
        reason=reason.strip(),
        version=1,
        updated_by=by,
    )


def _update(
    case: CaseFile, side: Side, by: User, version: int, grade: Grade | None, reason: str
) -> Audit:
    audits = Audit.objects.main().filter(case=case, side=side)
    won = audits.filter(version=version, status=AuditStatus.DRAFT).update(
        grade=grade,
        reason=reason.strip(),
        version=F("version") + 1,
        updated_by=by,
        updated_at=dates.now(),
    )
    current = audits.annotate(
        themes_written=ArrayAgg("findings__theme", filter=Q(findings__isnull=False), default=[])
    ).first()
    if current is None:
        raise NotAllowed(_("There is no such audit."))
    if not won:
        raise StaleAudit(current)
    return current


def _write_findings(audit: Audit, themes: dict[str, Theme], findings: Mapping[str, str]) -> None:
    """Write the texts in one statement; rows whose text stays the same leave no trace in the history."""
    written = getattr(audit, "themes_written", [])
    texts = {themes[code].pk: text.strip() for code, text in findings.items()}
    Finding.objects.bulk_create(
        [
            Finding(
                audit=audit,
                framework_id=audit.framework_id,
                theme_id=theme,
                text=text,
                key=f"theme-{theme}",
            )
            for theme, text in texts.items()
            if text or theme in written
        ],
        update_conflicts=True,
        unique_fields=["audit", "key"],
        update_fields=["text"],
    )


def _locked_case(pk: int) -> CaseFile:
    """Return the case with its inspection's row locked, so that no stage move comes in between."""
    return (
        CaseFile.objects.select_related("inspection")
        .select_for_update(of=("inspection",), no_key=True)
        .get(pk=pk)
    )


def _reread(audit: Audit) -> Audit:
    return Audit.objects.select_related(
        "grade", "updated_by", "submitted_by", "case__inspection"
    ).get(pk=audit.pk)
