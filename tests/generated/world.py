"""A small world in which every address has an object to show, and every text says who may read it.

The inspections of one force stand at different stages; each person of the cast looks at all of them. Texts that
not everybody may read carry a mark, so that a leak through any page, list, figure or API answer can be found by
searching the answer for marks that its reader must not see.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from accounts.models import Force, Role, User
from cases import figures
from cases.models import (
    Answer,
    CaseFile,
    CommonTheme,
    ConfirmedFragment,
    Finding,
    IndicatorAnswer,
    SampleDraw,
    SavedFilter,
    TaggedFinding,
    UrgentReferral,
)
from cases.models import Route as CaseRoute
from inspections.models import Deadline, DeadlineKind, Framework, Inspection, Side, Stage
from recommendations.models import Recommendation
from reports import public
from reports.compilation import compile_document
from reports.figure_check.questions import name_of, open_questions
from reports.models import (
    BuildStatus,
    Publication,
    ReportBuild,
    ReportSection,
    SectionKind,
    ThematicBuild,
)
from reports.sections import places
from tests.generated.follow_up_world import NOTHING, follow_up
from tests.generated.report_world import around_the_report, corrected, thematic
from tests.generated.routes import Route
from tests.support.factories import (
    make_audit,
    make_case,
    make_force,
    make_framework,
    make_inspection,
    make_reading,
    make_recommendation,
    make_user,
)

STAGES = {
    "self_assessment": Stage.SELF_ASSESSMENT,
    "fieldwork": Stage.FIELDWORK,
    "drafting": Stage.DRAFTING,
    "factual_accuracy": Stage.FACTUAL_ACCURACY,
    "published": Stage.PUBLISHED,
}
# Everybody who looks: name, roles, and where they stand: in the team, outside it, in the force, in another force.
CAST: dict[str, tuple[Role, str]] = {
    "inspector": (Role.INSPECTOR, "team"),
    "lead": (Role.LEAD_INSPECTOR, "lead"),
    "second_reader": (
        Role.INSPECTOR,
        "team",
    ),  # asked, in each inspection, to read the case a second time
    "manager": (Role.MANAGER, "inspectorate"),
    "administrator": (Role.ADMINISTRATOR, "inspectorate"),
    "outside_inspector": (Role.INSPECTOR, "inspectorate"),
    "outside_lead": (Role.LEAD_INSPECTOR, "inspectorate"),
    "force_lead": (Role.FORCE_LEAD, "force"),
    "force_assessor": (Role.FORCE_ASSESSOR, "force"),
    "force_viewer": (Role.FORCE_VIEWER, "force"),
    "other_force_lead": (Role.FORCE_LEAD, "other_force"),
    "other_force_assessor": (Role.FORCE_ASSESSOR, "other_force"),
    "other_force_viewer": (Role.FORCE_VIEWER, "other_force"),
}
ANONYMOUS = "anonymous"
EVERYBODY = [ANONYMOUS, *CAST]
OTHER_FORCE = [who for who in CAST if who.startswith("other_force")]
OWN_FORCE = [who for who in CAST if who.startswith("force")]


@dataclass
class Example:
    """One inspection at one stage, with one object of each kind."""

    stage: str
    inspection: Inspection
    objects: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class World:
    people: dict[str, User]
    force: Force
    framework: Framework
    examples: dict[str, Example]
    sessions: dict[str, str]
    # Of all clients, because it makes the whole chain of middleware.
    handler: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))

    def client(self, who: str) -> Client:
        """A browser in which `who` is signed in, and which remembers nothing of earlier requests."""
        client = Client(headers={"accept-language": "en"})
        client.handler = self.handler
        if who != ANONYMOUS:
            client.cookies["sessionid"] = self.sessions[who]
        return client

    def paths(self, route: Route) -> dict[str, str]:
        """The addresses of `route`, by the stage of the inspection; "" if it is about none."""
        if not route.arguments:
            return {"": route.path({})}
        if route.is_admin or route.is_sign_in:
            return {"": route.path(self._other_values(route))}
        found = {}
        for stage, example in self.examples.items():
            values = {name: self._value(route, name, example) for name in route.arguments}
            if None not in values.values():
                found[stage] = route.path(values)
        assert found, f"no example has an object for {route}; add one to tests/generated/world.py"
        return found

    def _value(self, route: Route, argument: str, example: Example) -> Any:
        noun = route.noun_before(argument)
        if noun == "inspections" and LOOKING_BACK.search(route.template):
            noun = "looking back"
        if noun == "comments" and "/accuracy/" in route.template:
            noun = "accuracy comments"
        exact = f"{noun} {argument}"
        noun = exact if exact in example.objects else noun
        assert noun in example.objects, (
            f"{route}: nothing stands for <{argument}> after “{noun}”; add it to tests/generated/world.py"
        )
        found = example.objects[noun]
        return found.pk if isinstance(found, models.Model) else found

    def _other_values(self, route: Route) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for argument in route.arguments:
            values[argument] = OF_LIBRARIES.get(argument, "1")
            if argument == "object_id" and not route.template.startswith("/admin/r/"):
                _, app, model = route.template.strip("/").split("/")[:3]
                row = apps.get_model(app, model)._default_manager.first()
                values[argument] = row.pk if row else 1
        return values


# A sentence of every report that no table bears out.
CONTRADICTED = "Seven cases were graded good."
# Pages of an inspection that looks back at an earlier one.
LOOKING_BACK = re.compile(r"/(review|then-and-now)/")
# Arguments of the addresses that django-allauth and Django's admin bring.
OF_LIBRARIES = {"app_label": "accounts", "url": "nothing-here", "key": "set-password"}
# The move that leads on from each stage.
MOVES = {
    "self_assessment": "begin_fieldwork",
    "fieldwork": "begin_drafting",
    "drafting": "send_for_factual_accuracy",
    "factual_accuracy": "return_to_drafting",
    "published": "begin_follow_up",
}


def mark(stage: str, what: str) -> str:
    """The text that stands for `what` in the inspection at `stage`."""
    return f"MARK-{stage}-{what}-KRAM".replace("_", "-")


CASE_MARKS = ["case", "summary", "ours", "ours-finding", "theirs", "theirs-finding", "excluded"]


def build() -> World:
    """Make the world; the caller holds the transaction that takes it away again."""
    force, other = make_force("Marchshire Police"), make_force("Elsewhere Police")
    places = {"force": force, "other_force": other}
    people = {
        who: make_user(
            role,
            force=places.get(place),
            email=f"{who}@assay.example",
            name=who.replace("_", " ").title(),
        )
        for who, (role, place) in CAST.items()
    }
    framework = make_framework(quota=1)
    world = World(people, force, framework, {}, {})
    for stage in STAGES:
        world.examples[stage] = _example(world, stage)
    _other_forces_own(other, framework)
    for who, user in people.items():
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        world.sessions[who] = client.cookies["sessionid"].value
    return world


def _example(world: World, stage: str) -> Example:
    people = world.people
    inspection = make_inspection(
        STAGES[stage],
        force=world.force,
        framework=world.framework,
        team=[people["inspector"], people["second_reader"]],
        lead=people["lead"],
        self_assessment_due=datetime.date(2026, 1, 26),
        created_by=people["lead"],
    )
    example = Example(stage, inspection)
    case = _cases(example, world)
    recommendation = _recommendation(example)
    deadline = _deadlines(example, recommendation)
    for place in places(inspection):
        ReportSection.objects.create(
            inspection=inspection,
            framework=world.framework,
            kind=place.kind,
            theme=place.theme,
            body=mark(stage, "section")
            + (f"\n\n{CONTRADICTED}" if place.kind == SectionKind.CONTEXT else ""),
        )
    if stage != "self_assessment":
        example.objects |= _around_the_case(example, world, case)
    draw = SampleDraw.objects.create(
        inspection=inspection,
        seed="5eed",
        eligible={"alpha": [mark(stage, "eligible")]},
        eligible_sha256="0" * 64,
        drawn={"alpha": [mark(stage, "eligible")]},
        drawn_by=people["force_lead"],
    )
    example.objects = {"referrals": None, "themes": None, "views": None, **example.objects}
    example.objects |= {
        "draw": draw,
        "inspections": inspection,
        "forces": world.force,
        "frameworks": world.framework,
        "cases": case,
        "audits": case.audits.filter(side=Side.INSPECTORATE).first(),
        "recommendations": recommendation,
        "deadlines": deadline,
        "people": people["inspector"],
        "sections": "summary",
        "move": MOVES[stage],
        "template": "csv",
        "export": "csv",
        "record": "csv",
        "builds": _build(example),
    }
    publication = _publication(example) if stage == "published" else None
    example.objects |= {"reports": publication, "publications": publication, **NOTHING}
    example.objects |= {
        "published": public.slug(inspection) if publication else None,
        "versions number": 1,
        # The name of a file, after the address of a report or of one of its versions.
        "<slug:slug>": "report.pdf",
        "<int:number>": "report.pdf",
    }

    def say(what: str) -> str:
        return mark(stage, what)

    example.objects |= around_the_report(world, stage, inspection, case, say)
    [question] = open_questions(inspection)
    example.objects |= {"thematic": None, "tables": None, "figures name": name_of(question)}
    if stage == "published":
        corrected(world, inspection, say)
        report = example.objects["thematic"] = thematic(world, inspection)
        example.objects["builds made_pk"] = ThematicBuild.objects.create(
            report=report, requested_by=people["manager"], status=BuildStatus.DONE,
            finished_at=timezone.now(), **MADE,
        )  # fmt: skip
        example.objects["tables"] = "about"
        example.objects |= follow_up(world, recommendation, recommendation.deadline, say)
    return example


def _cases(example: Example, world: World) -> CaseFile:
    """Three cases: one of the force's sample, graded by both; one selected by inspectors; one excluded."""
    stage, inspection = example.stage, example.inspection
    later = stage in {"drafting", "factual_accuracy", "published"}
    case = make_case(
        inspection, reference=mark(stage, "case"), summary=mark(stage, "summary"), area="alpha"
    )
    make_audit(
        case,
        Side.FORCE,
        "bad",
        by=world.people["force_assessor"],
        reason=mark(stage, "theirs"),
        findings={"theme-alpha": mark(stage, "theirs-finding")},
        **_parts(stage, "theirs"),
    )
    ours = make_audit(
        case,
        Side.INSPECTORATE,
        "good",
        submitted=later,
        by=world.people["inspector"],
        reason=mark(stage, "ours"),
        findings={"theme-alpha": mark(stage, "ours-finding")},
        **_parts(stage, "ours"),
    )
    for audit, whose in ((case.audits.get(side=Side.FORCE), "theirs"), (ours, "ours")):
        IndicatorAnswer.objects.create(
            audit=audit,
            framework_id=audit.framework_id,
            indicator=case.area.indicators.all()[0],
            answer=Answer.NOT_MET,
            note=mark(stage, f"{whose}-note"),
        )
    if stage != "self_assessment":  # before fieldwork, inspectors select nothing
        selected = make_case(
            inspection,
            reference=mark(stage, "selected"),
            summary=mark(stage, "selected-summary"),
            area="beta",
            route=CaseRoute.SELECTED,
        )
        make_audit(
            selected,
            Side.INSPECTORATE,
            "fair",
            by=world.people["inspector"],
            reason=mark(stage, "ours-selected"),
            findings={"theme-beta": mark(stage, "ours-selected")},
        )
    make_case(
        inspection,
        area="gamma",
        excluded_at=datetime.datetime(2026, 2, 4, 12, tzinfo=datetime.UTC),
        excluded_by=world.people["lead"],
        excluded_reason=mark(stage, "excluded"),
    )
    return case


def _parts(stage: str, whose: str) -> dict[str, Any]:
    event = {"what": mark(stage, f"{whose}-event"), "on": "2026-01-05", "at": "", "cause": ""}
    return {
        "timeline": [{**event, "precision": "day"}],
        "people": [{"kind": "child", "age": 9, "sex": "female"}],
    }


def _around_the_case(example: Example, world: World, case: CaseFile) -> dict[str, Any]:
    """What inspectors do besides grading: a reading asked for, a referral, a theme that cases have in common."""
    stage, people = example.stage, world.people
    make_reading(case, people["second_reader"], by=people["lead"])
    finding = Finding.objects.get(audit__case=case, audit__side=Side.INSPECTORATE)
    theme = CommonTheme.objects.create(
        inspection=example.inspection,
        framework=world.framework,
        area=case.area,
        kind="weakness",
        title=mark(stage, "common-theme"),
        created_by=people["lead"],
    )
    TaggedFinding.objects.create(common_theme=theme, finding=finding, tagged_by=people["lead"])
    ConfirmedFragment.objects.create(
        inspection=example.inspection,
        case=case,
        place=f"case {case.pk}",
        field="reason",
        kind="postcode",
        fragment=mark(stage, "fragment"),
        reason=mark(stage, "fragment-reason"),
        confirmed_by=people["inspector"],
    )
    raised_at = datetime.datetime(2026, 2, 3, 12, tzinfo=datetime.UTC)
    referral = UrgentReferral.objects.create(
        case=case,
        concern=mark(stage, "referral"),
        must_act="The duty inspector",
        raised_by=people["inspector"],
        raised_at=raised_at,
        acknowledge_by=raised_at + datetime.timedelta(hours=4),
        answer_by=raised_at + datetime.timedelta(hours=24),
    )
    saved = SavedFilter.objects.create(
        user=people["inspector"], inspection=example.inspection, name="Mine", query="assigned=me"
    )
    return {"referrals": referral, "themes": theme, "views": saved}


def _recommendation(example: Example) -> Recommendation:
    text = mark(example.stage, "recommendation")
    return make_recommendation(example.inspection, stem=text, points=[f"{text} point"])


def _deadlines(example: Example, recommendation: Recommendation) -> Deadline:
    if example.stage != "published":
        return Deadline.objects.create(
            inspection=example.inspection,
            kind=DeadlineKind.SELF_ASSESSMENT,
            label="Self-assessment",
            responsible=Side.FORCE,
            due_on=datetime.date(2026, 1, 26),
            first_due_on=datetime.date(2026, 1, 26),
        )
    recommendation.deadline = Deadline.objects.create(
        inspection=example.inspection,
        kind=DeadlineKind.RECOMMENDATION,
        subject_id=recommendation.pk,
        label=recommendation.stem,
        responsible=Side.FORCE,
        due_on=datetime.date(2026, 6, 3),
        first_due_on=datetime.date(2026, 6, 3),
    )
    recommendation.save(update_fields=["deadline"])
    return Deadline.objects.create(
        inspection=example.inspection,
        kind=DeadlineKind.ACTION_PLAN,
        follow_up_rule=example.inspection.framework.follow_up_rules.get(code="action-plan"),
        label="Action plan",
        responsible=Side.FORCE,
        due_on=datetime.date(2026, 4, 14),
        first_due_on=datetime.date(2026, 4, 14),
    )


PDF = b"%PDF-1.7 nothing but a beginning"
MADE = {"pdf": PDF, "sha256": hashlib.sha256(PDF).hexdigest(), "pages": 1}


def _build(example: Example) -> ReportBuild:
    return ReportBuild.objects.create(
        inspection=example.inspection, status=BuildStatus.DONE, **MADE
    )


def _publication(example: Example) -> Publication:
    inspection = example.inspection
    return Publication.objects.create(
        inspection=inspection,
        published_on=inspection.published_on,
        document=compile_document(inspection, figures.for_report(inspection)).to_json(),
        **MADE,
    )


def _other_forces_own(force: Force, framework: Framework) -> None:
    """Something for the other force to see, so that its lists are not empty for the wrong reason."""
    inspection = make_inspection(Stage.FIELDWORK, force=force, framework=framework)
    make_audit(make_case(inspection), Side.FORCE, "good", reason="Their own reason.")
