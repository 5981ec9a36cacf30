"""No page and no API answer asks the database more often because there is more to show."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Force, LocalAuthority, PolicingArea, User
from cases.models import Audit, AuditStatus, CaseFile, Finding
from cases.models import Route as CaseRoute
from inspections.models import (
    Deadline,
    DeadlineKind,
    Inspection,
    InspectionKind,
    Side,
    Stage,
    StageChange,
    TeamMember,
)
from recommendations.models import ProgressUpdate, Recommendation, RecommendationPoint
from reports.models import Publication
from tests.generated import follow_up_world
from tests.generated.routes import Route, routes
from tests.generated.world import STAGES, World

# The pages are counted once, before all tests of this file; two processes would do it twice.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("lists"),
    pytest.mark.timeout(1200),  # the first test of the file waits for every page, twice
]
MORE = 50
READERS = ["lead", "force_lead", "administrator"]  # a team’s lists, a force’s, nobody’s cases
LOOKED_AT = ["fieldwork", "published"]
PAGES = [route for route in routes() if not route.is_sign_in]

Counts = dict[tuple[str, str], int]


@pytest.fixture(scope="module")
def counted(world: World) -> Iterator[dict[str, tuple[Counts, Counts]]]:
    """Queries by route, then by reader and address: before and after there is much more of everything."""
    for route in PAGES:  # fills what a process keeps, so that the first reader does not pay for it
        world.client("lead").get(next(iter(world.paths(route).values())))
    before = {str(route): _count(route, world) for route in PAGES}
    _grow(world)
    connection.check_constraints()  # once, and not at the end of each test
    after = {str(route): _count(route, world) for route in PAGES}
    yield {name: (before[name], after[name]) for name in before}


@pytest.mark.parametrize("route", PAGES, ids=str)
def test_fifty_rows_take_no_more_queries_than_one(
    route: Route, counted: dict[str, tuple[Counts, Counts]]
) -> None:
    before, after = counted[str(route)]
    assert before.keys() == after.keys()
    more = {key: f"{before[key]}, then {after[key]}" for key in before if after[key] > before[key]}
    assert not more


def _count(route: Route, world: World) -> Counts:
    counts: Counts = {}
    for stage, path in world.paths(route).items():
        if stage and stage not in LOOKED_AT:
            continue
        for who in _readers(route):
            client = world.client(who)
            with CaptureQueriesContext(connection) as queries:
                response = client.get(path)
                b"".join(response)  # a streamed file asks as it goes
            if response.status_code == 200:
                counts[who, path] = len(queries)
    return counts


def _readers(route: Route) -> list[str]:
    """Who looks: administrators at lists and their own pages only, since they open nothing of an inspection's."""
    if route.is_admin:
        return ["administrator"]
    return READERS[:2] if "inspections" in route.template and route.arguments else READERS


def _grow(world: World) -> None:
    """Add fifty of everything that a page could list, half of them in the inspections that are looked at."""
    _more_forces(world)
    _more_people(world)
    for stage in LOOKED_AT:
        _more_in(world.examples[stage].inspection, world)
    for stage in (Stage.FIELDWORK, Stage.PUBLISHED):
        _more_inspections(world, stage)


def _more_forces(world: World) -> None:
    Force.objects.bulk_create(
        Force(name=f"Force no. {n}", code=f"more-{n}", nation=world.force.nation)
        for n in range(MORE)
    )
    for model in (LocalAuthority, PolicingArea):
        model.objects.bulk_create(model(force=world.force, name=f"Place {n}") for n in range(MORE))


def _more_people(world: World) -> None:
    User.objects.bulk_create(
        User(name=f"More {n}", email=f"more{n}@assay.example", roles=["inspector"])
        for n in range(MORE)
    )
    inspectors = User.objects.filter(email__startswith="more")
    TeamMember.objects.bulk_create(
        TeamMember(inspection=world.examples[stage].inspection, user=user)
        for stage in LOOKED_AT
        for user in inspectors
    )


def _more_inspections(world: World, stage: Stage) -> None:
    published_on = datetime.date(2026, 3, 4) if stage == Stage.PUBLISHED else None
    made = Inspection.objects.bulk_create(
        Inspection(
            force=world.force,
            framework=world.framework,
            kind=InspectionKind.FULL,
            stage=stage,
            fieldwork_start=datetime.date(2026, 1, 5) - datetime.timedelta(days=n),
            fieldwork_end=datetime.date(2026, 2, 5),
            published_on=published_on,
        )
        for n in range(MORE)
    )
    TeamMember.objects.bulk_create(
        TeamMember(inspection=inspection, user=world.people["lead"], is_lead=True)
        for inspection in made
    )
    if published_on:
        pattern = Publication.objects.defer("pdf").first()
        assert pattern
        Publication.objects.bulk_create(
            Publication(
                inspection=inspection,
                published_on=published_on,
                document=pattern.document,
                pdf=b"%PDF",
                sha256="0" * 64,
                pages=1,
            )
            for inspection in made
        )


def _more_in(inspection: Inspection, world: World) -> None:
    framework, lead = world.framework, world.people["lead"]
    areas, themes = list(framework.areas.all()), list(framework.themes.all())
    grades = list(framework.grades.all())
    moment = datetime.datetime(2026, 2, 10, 12, tzinfo=datetime.UTC)
    cases = CaseFile.objects.bulk_create(
        CaseFile(
            inspection=inspection,
            framework=framework,
            reference=f"MORE-{n:03}",
            area=areas[n % len(areas)],
            route=CaseRoute.SELF_ASSESSED,
            added_by=lead,
        )
        for n in range(MORE)
    )
    audits = Audit.objects.bulk_create(
        Audit(
            case=case,
            framework=framework,
            route=case.route,
            side=side,
            status=AuditStatus.SUBMITTED,
            grade=grades[n % len(grades)],
            reason="More.",
            version=1,
            updated_by=lead,
            submitted_by=lead,
            submitted_at=moment,
            first_submitted_at=moment,
        )
        for n, case in enumerate(cases)
        for side in Side
    )
    Finding.objects.bulk_create(
        Finding(audit=audit, framework=framework, theme=theme, text="More.")
        for audit in audits
        for theme in themes
    )
    StageChange.objects.bulk_create(
        StageChange(
            inspection=inspection,
            transition="begin_drafting",
            from_stage=Stage.FIELDWORK,
            to_stage=Stage.DRAFTING,
            by=lead,
        )
        for _ in range(MORE)
    )
    _more_recommendations(inspection, world)


def _more_recommendations(inspection: Inspection, world: World) -> None:
    themes = list(world.framework.themes.all())
    timescales = list(world.framework.timescales.all())
    numbers = count(100)
    made = Recommendation.objects.bulk_create(
        Recommendation(
            inspection=inspection,
            framework=world.framework,
            number=next(numbers),
            theme=themes[n % len(themes)],
            timescale=timescales[n % len(timescales)],
            stem=f"More {n}.",
        )
        for n in range(MORE)
    )
    RecommendationPoint.objects.bulk_create(
        RecommendationPoint(recommendation=recommendation, order=order, text="More.")
        for recommendation in made
        for order in range(3)
    )
    if inspection.is_published:
        for recommendation in made:
            recommendation.deadline = Deadline.objects.create(
                inspection=inspection,
                kind=DeadlineKind.RECOMMENDATION,
                subject_id=recommendation.pk,
                label=recommendation.stem,
                responsible=Side.FORCE,
                due_on=datetime.date(2026, 6, 3),
                first_due_on=datetime.date(2026, 6, 3),
            )
        Recommendation.objects.bulk_update(made, ["deadline"])
        for recommendation in [*made, *inspection.recommendations.all()[:1]]:
            ProgressUpdate.objects.bulk_create(
                ProgressUpdate(
                    recommendation=recommendation,
                    status="in_progress",
                    note="More.",
                    by=world.people["force_lead"],
                )
                for _ in range(3)
            )
        follow_up_world.more(world, made, MORE)


def test_the_larger_world_shows_more(counted: object, world: World) -> None:
    body = world.client("lead").get("/api/v1/cases/?page_size=200").json()
    assert body["count"] > len(STAGES) + 2 * MORE
