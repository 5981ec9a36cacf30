"""One side grades one case: save a draft, submit it, reopen it with a reason.

Whoever saves says which version they read. The row count of a conditional UPDATE decides between two people: one of
them gets StaleAudit, with the other's words in it (domain rule 5). Database triggers keep every earlier state (rule 4).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import audit_rows, personal_data
from cases.content import Contents, GivenAnswer, NewFinding, UnfitContent, check_fit, plain
from cases.models import Audit, AuditStatus, CaseFile, Route
from cases.personal_data import LooksPersonal
from inspections import dates, methodology, team
from inspections.models import Grade, Side, Stage

__all__ = ["NewFinding", "UnfitContent"]

# New grades are given in fieldwork; later on, only what was reopened is graded again.
STAGES_OF_INSPECTORATE = [Stage.FIELDWORK, Stage.DRAFTING, Stage.FACTUAL_ACCURACY]


class StaleAudit(Conflict):
    """Somebody saved or submitted the audit since it was read; `current` is how it stands now."""

    def __init__(self, current: Audit) -> None:
        super().__init__(_("Somebody else changed this audit after you opened it."))
        self.current = current


class NotReady(DomainError):
    """Something stands between a draft and its submission; `problems` says what, by the names of `cases.content`."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(". ".join(problems.values()) + ".")
        self.problems = dict(problems)

    @property
    def missing(self) -> list[str]:
        """The parts that lack something ("grade", "reason")."""
        return list(self.problems)


class OtherScale(DomainError):
    """The grade or theme belongs to another framework than the case (rule 1)."""


class NeedsReason(DomainError):
    """An audit is reopened only with a reason (rule 4)."""


def side_of(user: User) -> Side:
    """Whose word the word of `user` is."""
    return Side.FORCE if user.is_force else Side.INSPECTORATE


def may_grade(case: CaseFile, user: User) -> Side | None:
    """Return the side for which `user` may grade `case` at this stage; None if they may not.

    A force's assessors and leads grade its own sample until they hand it in; inspectors of the team grade from
    fieldwork until publication. Nobody grades an excluded case.
    """
    inspection = case.inspection
    if case.excluded_at is not None:
        return None
    if user.is_force:
        may = (
            inspection.force_self_assesses
            and case.route == Route.SELF_ASSESSED
            and team.works_for_force(inspection, user)
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
    findings: Sequence[NewFinding] | None = None,
    answers: Mapping[str, tuple[str, str]] | None = None,
    timeline: Sequence[Mapping[str, Any]] | None = None,
    people: Sequence[Mapping[str, Any]] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Audit:
    """Save the draft audit of `case` for `side` and return it with its new version.

    `version` is the one that `by` read; 0 if there was no audit yet. A part that is None stays as it is; `findings`,
    `timeline`, `people` and `facts` are otherwise the whole of it, `answers` those that change, by indicator code.
    A draft is never refused for what looks like personal data: nothing that was typed may be lost. Raises NotAllowed,
    StaleAudit, OtherScale or UnfitContent.
    """
    if grade is not None and grade.framework_id != case.framework_id:
        raise OtherScale(_("This grade is not one of the framework’s scale."))
    contents = Contents(
        grade=grade.code if grade else "",
        reason=plain(reason),
        answers={code: GivenAnswer(*given) for code, given in (answers or {}).items()},
        findings=findings or (),
        timeline=timeline or (),
        people=people or (),
        facts=facts or {},
    )
    given = {
        "answers": answers,
        "findings": findings,
        "timeline": timeline,
        "people": people,
        "facts": facts,
    }
    left_out = {name for name, part in given.items() if part is None}
    recorded = _record(case, contents, left_out, side=side, by=by, version=version)
    return _reread(recorded.pk)


class Recorded(NamedTuple):
    """What is left to say after `record`: `refused` says why the draft, which is saved, was not submitted."""

    pk: int
    version: int
    at: dt.datetime
    refused: NotReady | LooksPersonal | None = None


def record(
    case: CaseFile,
    contents: Contents,
    *,
    by: User,
    version: int,
    submitting: bool = False,
    personal_data_reason: str = "",
) -> Recorded:
    """Save all of an audit by the side of `by` and, if `submitting`, submit it in the same transaction.

    What is not ready to be submitted, or holds what looks personal, is saved as a draft nonetheless. This takes fewer
    queries than `save` and `submit`. Raises NotAllowed, StaleAudit or UnfitContent.
    """
    side = side_of(by)
    if not submitting:
        return _record(case, contents, set(), side=side, by=by, version=version)
    facts = methodology.of(case.inspection.framework).facts_of(case.area_id)
    suspicious = any(personal_data.suspicions(text) for _name, text in contents.texts())
    if not suspicious and not contents.missing(facts):
        return _record(case, contents, set(), side=side, by=by, version=version, submitting=True)
    saved = _record(case, contents, set(), side=side, by=by, version=version)
    try:
        done = submit(
            _reread(saved.pk),
            by=by,
            version=saved.version,
            personal_data_reason=personal_data_reason,
        )
    except (NotReady, LooksPersonal) as refused:
        return saved._replace(refused=refused)
    return Recorded(done.pk, done.version, done.updated_at)


def _record(
    case: CaseFile,
    contents: Contents,
    left_out: set[str],
    *,
    side: Side,
    by: User,
    version: int,
    submitting: bool = False,
) -> Recorded:
    if may_grade(case, by) != side:
        raise NotAllowed(_("You cannot grade this case at this stage."))
    parts = methodology.of(case.inspection.framework)
    check_fit(contents, parts, case.area_id)
    standing = audit_rows.standing_of(case, side, by)
    new = audit_rows.Row(case, contents, parts, by, dates.now(), submitting)
    try:
        with transaction.atomic():
            if submitting:
                _recheck(case, by)
            if version == 0:
                if standing is not None:
                    raise StaleAudit(_reread(standing.pk))
                pk = audit_rows.create(new, side)
            elif standing is None:
                raise NotAllowed(_("There is no such audit."))
            else:
                pk = standing.pk
                if not audit_rows.update(pk, version, new, left_out):
                    raise StaleAudit(_reread(pk))
            audit_rows.write_answers(pk, new, standing)
            if "findings" not in left_out:
                audit_rows.write_findings(pk, new, standing)
    except IntegrityError:
        current = own_audit(case, by)
        if current is None or version:
            raise
        raise StaleAudit(current) from None
    return Recorded(pk, version + 1, new.moment)


def submit(audit: Audit, *, by: User, version: int, personal_data_reason: str = "") -> Audit:
    """Submit a draft, after which its grade counts in every figure.

    Raises NotAllowed, StaleAudit if somebody saved or submitted it since `version` was read, NotReady, naming what is
    missing, and LooksPersonal for fragments that nobody confirmed; a `personal_data_reason` confirms them (rule 9).
    """
    with transaction.atomic():
        case = _locked_case(audit.case_id)
        if may_grade(case, by) != audit.side or audit.reader_id not in (None, by.pk):
            raise NotAllowed(_("You cannot grade this case at this stage."))
        current = _reread(audit.pk)
        current.case = case
        if current.version != version or current.is_submitted:
            raise StaleAudit(current)
        parts = methodology.of(case.inspection.framework)
        contents = Contents.of(current, parts)
        if missing := contents.missing(parts.facts_of(case.area_id)):
            raise NotReady(missing)
        personal_data.check(
            dict(contents.texts()),
            place=personal_data.Place.of_audit(current),
            by=by,
            reason=personal_data_reason,
        )
        moment = dates.now()
        won = Audit.objects.filter(pk=audit.pk, version=version, status=AuditStatus.DRAFT).update(
            version=F("version") + 1,
            updated_by=by,
            updated_at=moment,
            final_grade=F("grade"),
            **audit_rows.submission(by, moment),
        )
    audit = _reread(audit.pk)
    if not won:
        raise StaleAudit(audit)
    return audit


def may_reopen(audit: Audit, user: User) -> bool:
    """Whether `user` may reopen a submitted audit: who submitted it, or the lead of that side, while it may grade.

    What a lead has settled only a lead reopens: it would take the settlement back.
    """
    if not audit.is_submitted or may_grade(audit.case, user) != audit.side:
        return False
    if audit.submitted_by_id == user.pk and audit.status != AuditStatus.MODERATED:
        return True
    if audit.side == Side.FORCE:
        return user.is_force_lead
    return team.leads(audit.case.inspection, user)


def reopen(audit: Audit, *, by: User, reason: str, personal_data_reason: str = "") -> Audit:
    """Make a submitted audit a draft again; its grade counts no more until it is submitted anew.

    What was submitted stays on record, with who reopened it, when and why (rule 4). Raises NotAllowed, NeedsReason
    or LooksPersonal (rule 9).
    """
    if not reason.strip():
        raise NeedsReason(_("Enter why the audit is reopened"))
    with transaction.atomic():
        case = _locked_case(audit.case_id)
        current = Audit.objects.get(pk=audit.pk)
        current.case = case
        if not may_reopen(current, by):
            raise NotAllowed(_("You cannot reopen this audit."))
        place = personal_data.Place.of_audit(current)
        personal_data.check({"reason": reason}, place=place, by=by, reason=personal_data_reason)
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
    audit = _reread(audit.pk)
    if not won:
        raise StaleAudit(audit)
    return audit


def own_audit(case: CaseFile, user: User) -> Audit | None:
    """Return the audit of `case` that is `user`'s to write; None if nobody has begun it.

    It is the further reading that they were asked for, if any, else their side's own audit.
    """
    audits = audit_rows.own_audits(side_of(user), user).filter(case=case)
    return audits.select_related("grade", "updated_by", "submitted_by", "reader").first()


def _recheck(case: CaseFile, by: User) -> None:
    """Lock the inspection, so that no stage move comes in between, and ask again whether `by` may grade."""
    locked = _locked_case(case.pk)
    case.inspection.stage, case.excluded_at = locked.inspection.stage, locked.excluded_at
    if may_grade(case, by) is None:
        raise NotAllowed(_("You cannot grade this case at this stage."))


def _locked_case(pk: int) -> CaseFile:
    """Return the case with its inspection's row locked, so that no stage move comes in between."""
    return (
        CaseFile.objects.select_related("inspection__framework")
        .select_for_update(of=("inspection",), no_key=True)
        .get(pk=pk)
    )


def _reread(pk: int) -> Audit:
    return Audit.objects.select_related(
        "grade", "updated_by", "submitted_by", "case__inspection__framework"
    ).get(pk=pk)
