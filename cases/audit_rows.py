"""The rows of one audit, written in as few statements as can be: `grading` decides whether they may be."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from accounts.models import User
from cases.content import Contents, plain
from cases.models import (
    Audit,
    AuditQuerySet,
    AuditStatus,
    CaseFile,
    CaseFileQuerySet,
    Finding,
    IndicatorAnswer,
    Reading,
)
from inspections import team
from inspections.methodology import Methodology
from inspections.models import Side


@dataclass(frozen=True)
class Row:
    """What is to be written: by whom, when, and whether it is submitted at once."""

    case: CaseFile
    contents: Contents
    parts: Methodology
    by: User
    moment: dt.datetime
    submitting: bool


class Standing(NamedTuple):
    """How the audit that is to be saved stands now."""

    pk: int
    keys: list[str]  # of its findings
    answered: list[int]  # indicators


def own_audits(side: Side, user: User) -> AuditQuerySet:
    """Audits that are `user`'s to write, of all cases: first a reading of one's own, then the side's own audit.

    Somebody who reads blind must not meet the audit of the side.
    """
    return (
        Audit.objects.filter(side=side)
        .filter(Q(reading=Reading.MAIN) | Q(reader=user))
        .order_by(F("reader").asc(nulls_last=True))
    )


def with_standing(cases: CaseFileQuerySet, side: Side, user: User) -> CaseFileQuerySet:
    """Let `cases` bring along what saving by `user` needs to know, so that it asks nothing else."""
    own = _standings(side, user).filter(case=OuterRef("pk")).values("standing")[:1]
    place = team.places(user).filter(inspection=OuterRef("inspection"))[:1]
    return cases.annotate(standing=Subquery(own), place_in_team=Subquery(place))


def _standings(side: Side, user: User) -> QuerySet[Any, Any]:
    keys = Finding.objects.filter(audit=OuterRef("pk")).order_by().values("key")
    answered = IndicatorAnswer.objects.filter(audit=OuterRef("pk")).order_by().values("indicator")
    return (
        own_audits(side, user)
        .annotate(keys=ArraySubquery(keys), answered=ArraySubquery(answered))
        .values(standing=JSONObject(pk="pk", keys="keys", answered="answered"))
    )


def standing_of(case: CaseFile, side: Side, by: User) -> Standing | None:
    """Return how the audit stands: once what the case brought along, else what the database says now."""
    if "standing" in case.__dict__:
        found = case.__dict__.pop("standing")
    else:
        row = _standings(side, by).filter(case=case).first()
        found = row["standing"] if row else None
    return Standing(**found) if found else None


def submission(by: User, moment: dt.datetime) -> dict[str, Any]:
    """Return what changes in a row that is submitted, besides its final grade."""
    return {
        "status": AuditStatus.SUBMITTED,
        "submitted_by": by,
        "submitted_at": moment,
        "first_submitted_at": Coalesce("first_submitted_at", Value(moment)),
        "change_reason": "",
    }


def create(new: Row, side: Side) -> int:
    """Write the first version of a side's own audit; return its primary key. Raises IntegrityError if there is one."""
    case, contents = new.case, new.contents
    grade = new.parts.grade(contents.grade)
    audit = Audit(
        case_id=case.pk,
        framework_id=case.framework_id,
        route=case.route,
        side=side,
        grade=grade,
        reason=contents.reason,
        timeline=list(contents.timeline),
        people=list(contents.people),
        facts=dict(contents.facts),
        version=1,
        updated_by=new.by,
    )
    if new.submitting:
        audit.status, audit.final_grade, audit.submitted_by = AuditStatus.SUBMITTED, grade, new.by
        audit.submitted_at = audit.first_submitted_at = new.moment
    audit.save(force_insert=True)
    return int(audit.pk)


def update(pk: int, version: int, new: Row, left_out: set[str]) -> bool:
    """Write the next version of a draft; False if it is not at `version`, or no draft, any more."""
    contents, grade = new.contents, new.parts.grade(new.contents.grade)
    kept = {
        "timeline": list(contents.timeline),
        "people": list(contents.people),
        "facts": dict(contents.facts),
    }
    changes: dict[str, Any] = {name: value for name, value in kept.items() if name not in left_out}
    if new.submitting:
        changes |= {"final_grade": grade, **submission(new.by, new.moment)}
    won = Audit.objects.filter(pk=pk, version=version, status=AuditStatus.DRAFT).update(
        grade=grade,
        reason=contents.reason,
        version=F("version") + 1,
        updated_by=new.by,
        updated_at=new.moment,
        **changes,
    )
    return bool(won)


def write_answers(pk: int, new: Row, standing: Standing | None) -> None:
    """Write the answers in one statement; rows that stay the same leave no trace in the history."""
    codes = {each.code: each.pk for each in new.parts.indicators_of(new.case.area_id)}
    before = standing.answered if standing else []
    IndicatorAnswer.objects.bulk_create(
        [
            IndicatorAnswer(
                audit_id=pk,
                framework_id=new.case.framework_id,
                indicator_id=codes[code],
                answer=given.answer,
                note=plain(given.note),
            )
            for code, given in new.contents.answers.items()
            if given.answer or given.note.strip() or codes[code] in before
        ],
        update_conflicts=True,
        unique_fields=["audit", "indicator"],
        update_fields=["answer", "note"],
    )


def write_findings(pk: int, new: Row, standing: Standing | None) -> None:
    """Write the findings in one statement, and delete those that are no more among them (the history keeps them)."""
    themes = {theme.code: theme.pk for theme in new.parts.themes}
    findings = new.contents.findings
    Finding.objects.bulk_create(
        [
            Finding(
                audit_id=pk,
                framework_id=new.case.framework_id,
                theme_id=themes.get(finding.theme_code),
                kind=finding.kind,
                text=plain(finding.text),
                indicators=list(finding.indicators),
                key=finding.key,
                position=position,
            )
            for position, finding in enumerate(findings)
        ],
        update_conflicts=True,
        unique_fields=["audit", "key"],
        update_fields=["theme", "kind", "text", "indicators", "position"],
    )
    gone = set(standing.keys if standing else []) - {finding.key for finding in findings}
    if gone:
        Finding.objects.filter(audit=pk, key__in=gone).delete()
