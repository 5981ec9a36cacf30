"""Short ways to have a person, a force, a framework, an inspection, a case … in the database.

Rows are made as a loader or a verb would leave them; a test about a verb calls that verb itself.
"""

from __future__ import annotations

import datetime
import functools
import itertools
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Force, Nation, Role, User
from cases.models import Audit, AuditStatus, CaseFile, Finding, Reading, Route
from inspections.models import (
    PUBLISHED_STAGES,
    Area,
    ColourRole,
    DelayCause,
    EventType,
    Fact,
    FactKind,
    FollowUpRule,
    Framework,
    GlossaryTerm,
    Grade,
    Indicator,
    Inspection,
    InspectionKind,
    Side,
    Stage,
    TeamMember,
    Theme,
    Timescale,
    TimeUnit,
    Wait,
)
from recommendations.models import Recommendation, RecommendationPoint

_number = itertools.count(1)
PASSWORD = "a-long-enough-test-password"


@functools.cache
def _password_hash() -> str:
    return make_password(PASSWORD)


def make_force(name: str = "", **fields: Any) -> Force:
    """A force with a name and code nobody else has."""
    n = next(_number)
    fields.setdefault("nation", Nation.ENGLAND)
    fields.setdefault("code", f"F{n}")
    return Force.objects.create(name=name or f"Force {n} Police", **fields)


def make_user(*roles: Role, force: Force | None = None, **fields: Any) -> User:
    """A person with `roles` (an inspector unless told); one with a force's role gets a force unless given one."""
    n = next(_number)
    chosen = [role.value for role in (roles or (Role.INSPECTOR,))]
    if force is None and chosen[0].startswith("force_"):
        force = make_force()
    fields.setdefault("email", f"person{n}@assay.example")
    fields.setdefault("name", f"Person {n}")
    user = User(roles=chosen, force=force, **fields)
    user.password = _password_hash()  # hashing takes longer than the rest of a test
    user.save()
    return user


GRADES = [
    ("good", "Good", "G", "strong"),
    ("fair", "Fair", "F", "weak"),
    ("bad", "Bad", "B", "poor"),
]


def make_framework(
    quota: int = 1,
    grades: list[tuple[str, str, str, str]] | None = None,
    indicators: int = 2,
) -> Framework:
    """A small framework: a scale, three areas (`quota` sample cases in each), three themes, four timescales.

    Its last area has facts of every kind and a wait.
    """
    n = next(_number)
    framework = Framework.objects.create(
        code=f"framework-{n}",
        version="1",
        title=f"Framework {n}",
        kinds=[kind.value for kind in InspectionKind],
        digest="0" * 64,
    )
    for order, (code, label, letter, role) in enumerate(grades or GRADES, start=1):
        Grade.objects.create(
            framework=framework,
            code=code,
            label=label,
            letter=letter,
            order=order,
            colour_role=ColourRole(role),
            description=f"What {label.lower()} means.",
        )
    for order, word in enumerate(("alpha", "beta", "gamma"), start=1):
        area = Area.objects.create(
            framework=framework, code=word, label=f"Area {word}", order=order, sample_quota=quota
        )
        for number in range(1, indicators + 1):
            Indicator.objects.create(
                framework=framework,
                area=area,
                code=f"{word}-{number}",
                text=f"Look for {word} {number}.",
                order=number,
            )
        Theme.objects.create(
            framework=framework, code=f"theme-{word}", label=f"Theme {word}", order=order
        )
    _add_facts(framework, area)
    for order, (code, label, unit, amount) in enumerate(
        [
            ("immediately", "Immediately", TimeUnit.DAYS, 0),
            ("three-months", "Within three months", TimeUnit.MONTHS, 3),
            ("six-months", "Within six months", TimeUnit.MONTHS, 6),
            ("none", "No stated timescale", TimeUnit.NONE, None),
        ],
        start=1,
    ):
        Timescale.objects.create(
            framework=framework, code=code, label=label, order=order, unit=unit, amount=amount
        )
    rules = [
        ("update", "Update on what was immediate", "force", TimeUnit.WEEKS, ["immediately"]),
        ("action_plan", "Action plan", "force", TimeUnit.WEEKS, ["three-months", "six-months"]),
        (
            "revisit",
            "Revisit",
            "inspectorate",
            TimeUnit.MONTHS,
            ["immediately", "three-months", "six-months"],
        ),
        ("pcc_comments", "Comments of the commissioner", "commissioner", TimeUnit.WEEKS, []),
    ]
    for order, (kind, label, who, unit, codes) in enumerate(rules, start=1):
        FollowUpRule.objects.create(
            framework=framework,
            code=kind.replace("_", "-"),
            kind=kind,
            label=label,
            order=order,
            responsible=who,
            unit=unit,
            amount=6,
            timescale_codes=codes,
        )
    GlossaryTerm.objects.create(framework=framework, term="Child", definition="Someone under 18.")
    return framework


def _add_facts(framework: Framework, area: Area) -> None:
    """Facts of every kind and a wait between two of them, types of events, and causes of delay."""
    kinds = [
        ("asked", "Adult asked", FactKind.MOMENT, []),
        ("arrived", "Adult arrived", FactKind.MOMENT, []),
        ("told", "Parents told", FactKind.YES_NO, []),
        ("times", "Earlier times", FactKind.NUMBER, []),
        ("level", "Level of risk", FactKind.CHOICE, ["High", "Low"]),
    ]
    facts = [
        Fact.objects.create(
            framework=framework, area=area, code=code, label=label, kind=kind, options=options, order=order
        )
        for order, (code, label, kind, options) in enumerate(kinds, start=1)
    ]  # fmt: skip
    Wait.objects.create(
        framework=framework, area=area, code="wait", label="Wait for the adult", order=1, start=facts[0], end=facts[1]
    )  # fmt: skip
    for part, words in (
        (EventType, ("Report", "First visit")),
        (DelayCause, ("No staff", "Other")),
    ):
        for order, word in enumerate(words, start=1):
            code = word.lower().replace(" ", "-")
            part.objects.create(framework=framework, code=code, label=word, order=order)


def make_inspection(
    stage: Stage = Stage.FIELDWORK,
    *,
    force: Force | None = None,
    framework: Framework | None = None,
    team: Iterable[User] = (),
    lead: User | None = None,
    **fields: Any,
) -> Inspection:
    """An inspection that stands at `stage`, with `team` and `lead` in its team."""
    fields.setdefault("kind", InspectionKind.FULL)
    fields.setdefault("fieldwork_start", datetime.date(2026, 2, 2))
    fields.setdefault("fieldwork_end", datetime.date(2026, 2, 13))
    if stage in PUBLISHED_STAGES:
        fields.setdefault("published_on", datetime.date(2026, 3, 3))
        fields.setdefault("counts_from", fields["published_on"])
    inspection = Inspection.objects.create(
        force=force or make_force(),
        framework=framework or make_framework(),
        stage=stage,
        **fields,
    )
    for member in team:
        TeamMember.objects.create(inspection=inspection, user=member)
    if lead is not None:
        TeamMember.objects.create(inspection=inspection, user=lead, is_lead=True)
    return inspection


def make_case(
    inspection: Inspection,
    *,
    area: str | Area = "",
    route: Route = Route.SELF_ASSESSED,
    **fields: Any,
) -> CaseFile:
    """A case of `inspection`, in its framework's first area unless one (or its code) is given."""
    areas = inspection.framework.areas.all()
    if not isinstance(area, Area):
        area = areas.get(code=area) if area else areas[0]
    fields.setdefault("reference", f"CASE-{next(_number):04}")
    return CaseFile.objects.create(
        inspection=inspection,
        framework_id=inspection.framework_id,
        area=area,
        route=route,
        **fields,
    )


def make_audit(
    case: CaseFile,
    side: Side = Side.INSPECTORATE,
    grade: str = "",
    *,
    submitted: bool = True,
    by: User | None = None,
    findings: dict[str, str] | None = None,
    **fields: Any,
) -> Audit:
    """An audit of `case` by `side` with the grade of that code (the best, unless given), submitted unless told."""
    grades = case.inspection.framework.grades.all()
    chosen = grades.get(code=grade) if grade else grades[0]
    fields.setdefault("reason", "Because of what the file shows.")
    fields.setdefault("version", 1)
    if submitted:
        moment = timezone.now()
        fields.setdefault("submitted_at", moment)
        fields.setdefault("first_submitted_at", moment)
    audit = Audit.objects.create(
        case=case,
        framework_id=case.framework_id,
        route=case.route,
        side=side,
        status=AuditStatus.SUBMITTED if submitted else AuditStatus.DRAFT,
        grade=chosen,
        final_grade=chosen if submitted else None,
        updated_by=by,
        submitted_by=by if submitted else None,
        **fields,
    )
    for code, text in (findings or {}).items():
        theme = case.inspection.framework.themes.get(code=code)
        Finding.objects.create(audit=audit, framework_id=case.framework_id, theme=theme, text=text)
    return audit


def make_reading(
    case: CaseFile,
    reader: User,
    *,
    by: User | None = None,
    reading: Reading = Reading.SECOND,
    grade: str = "",
    **fields: Any,
) -> Audit:
    """A further reading of `case` that `reader` was asked for; submitted with the grade of that code, if given."""
    chosen = case.inspection.framework.grades.get(code=grade) if grade else None
    if chosen:
        moment = timezone.now()
        fields = {
            "reason": "Because of what the second look shows.",
            "status": AuditStatus.SUBMITTED,
            "submitted_at": moment,
            "first_submitted_at": moment,
            "submitted_by": reader,
            **fields,
        }
    return Audit.objects.create(
        case=case,
        framework_id=case.framework_id,
        route=case.route,
        side=Side.INSPECTORATE,
        reading=reading,
        reader=reader,
        requested_by=by,
        version=1,
        grade=chosen,
        final_grade=chosen,
        **fields,
    )


def make_recommendation(
    inspection: Inspection,
    *,
    theme: str = "theme-alpha",
    timescale: str = "three-months",
    stem: str = "We recommend that the force improves its records.",
    points: Iterable[str] = (),
    **fields: Any,
) -> Recommendation:
    """A recommendation of `inspection`; it has no deadline until publication gives it one."""
    framework = inspection.framework
    fields.setdefault("number", inspection.recommendations.count() + 1)
    recommendation = Recommendation.objects.create(
        inspection=inspection,
        framework=framework,
        theme=framework.themes.get(code=theme),
        timescale=framework.timescales.get(code=timescale),
        stem=stem,
        **fields,
    )
    for order, text in enumerate(points, start=1):
        RecommendationPoint.objects.create(recommendation=recommendation, order=order, text=text)
    return recommendation
