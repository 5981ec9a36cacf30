"""What each role reads through the API: what it reads on pages, and the same number of queries for many rows."""

import datetime
import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import LocalAuthority, Role
from cases.models import Route
from inspections import dates
from inspections.deadlines import set_deadline
from inspections.models import DeadlineKind, Side, Stage
from recommendations.models import ProgressUpdate
from reports.models import Publication
from tests.support.factories import (
    make_audit,
    make_case,
    make_force,
    make_inspection,
    make_recommendation,
    make_user,
)

pytestmark = pytest.mark.django_db


def ids(client, noun, query=""):
    return [row["id"] for row in client.get(f"/api/v1/{noun}/?{query}").json()["results"]]


def test_me_says_who_the_token_stands_for(api):
    lead = make_user(Role.FORCE_LEAD, name="Lowri")
    me = api(lead).get("/api/v1/me/").json()
    assert me == {
        "id": lead.pk,
        "name": "Lowri",
        "email": lead.email,
        "roles": ["force_lead"],
        "force": {"id": lead.force.pk, "name": lead.force.name, "code": lead.force.code},
    }
    assert api(make_user()).get("/api/v1/me/").json()["force"] is None


def test_a_force_has_its_facts(api):
    force = make_force(officers=1, staff=2, pcsos=3, workforce_as_of=datetime.date(2026, 1, 1))
    LocalAuthority.objects.create(force=force, name="Marchton", judgment="Good")
    found = api(make_user()).get(f"/api/v1/forces/{force.pk}/").json()
    assert found["workforce_total"] == 6
    assert found["local_authorities"] == [
        {"name": "Marchton", "judgment": "Good", "judgment_date": None}
    ]


def test_a_force_person_sees_only_their_own_force(api):
    viewer = make_user(Role.FORCE_VIEWER)
    other = make_force()
    assert ids(api(viewer), "forces") == [viewer.force.pk]
    assert api(viewer).get(f"/api/v1/forces/{other.pk}/").status_code == 404


def test_a_framework_holds_the_whole_methodology(api):
    inspection = make_inspection()
    path = f"/api/v1/frameworks/{inspection.framework_id}/"
    found = api(make_user(Role.FORCE_VIEWER)).get(path).json()
    assert [grade["code"] for grade in found["grades"]] == ["good", "fair", "bad"]
    assert found["grades"][0]["rank"] == 1
    assert [area["sample_quota"] for area in found["areas"]] == [1, 1, 1]
    assert len(found["areas"][0]["indicators"]) == 2
    assert found["timescales"][-1] == {
        "code": "none",
        "label": "No stated timescale",
        "unit": "none",
        "amount": None,
    }
    assert found["follow_up_rules"][0]["timescale_codes"] == ["immediately"]


def test_inspections_are_those_of_the_pages(api):
    force, inspector = make_force(), make_user()
    planned = make_inspection(Stage.PLANNED, force=force)
    ours = make_inspection(Stage.FIELDWORK, force=force, team=[inspector])
    published = make_inspection(Stage.PUBLISHED)
    every = {planned.pk, ours.pk, published.pk}
    assert set(ids(api(make_user(Role.MANAGER)), "inspections")) == every
    assert set(ids(api(make_user(Role.ADMINISTRATOR)), "inspections")) == every
    assert set(ids(api(inspector), "inspections")) == {ours.pk, published.pk}
    assert ids(api(make_user(Role.FORCE_LEAD, force=force)), "inspections") == [ours.pk]
    assert ids(api(make_user(Role.MANAGER)), "inspections", "stage=planned&stage=published") == [
        published.pk,
        planned.pk,
    ]


def test_recommendations_are_read_from_the_factual_accuracy_check_on(api):
    force = make_force()
    viewer = api(make_user(Role.FORCE_VIEWER, force=force))
    inspection = make_inspection(Stage.DRAFTING, force=force)
    recommendation = make_recommendation(inspection, points=["First.", "Second."])
    assert ids(viewer, "recommendations") == []
    inspection.stage = Stage.FACTUAL_ACCURACY
    inspection.save()
    found = viewer.get(f"/api/v1/recommendations/{recommendation.pk}/").json()
    assert found["points"] == ["First.", "Second."]
    assert (found["deadline"], found["due_on"]) == (None, None)
    assert found["timescale"]["code"] == "three-months"


def test_deadlines_are_found_by_group(api):
    force = make_force()
    lead = make_user(Role.FORCE_LEAD, force=force)
    inspection = make_inspection(Stage.PUBLISHED, force=force)
    rules = {rule.code: rule for rule in inspection.framework.follow_up_rules.all()}
    made = {
        code: set_deadline(
            inspection,
            DeadlineKind.FOLLOW_UP,
            label=code,
            responsible=Side.FORCE,
            due_on=dates.today() + datetime.timedelta(days=days),
            follow_up_rule=rules[code],
        ).pk
        for code, days in (("update", -1), ("action-plan", 0), ("revisit", 31))
    }
    client = api(lead)
    assert ids(client, "deadlines", "group=overdue") == [made["update"]]
    assert ids(client, "deadlines", "group=due_soon") == [made["action-plan"]]
    assert ids(client, "deadlines", "group=later") == [made["revisit"]]
    assert ids(client, "deadlines", "group=met") == []
    assert client.get("/api/v1/deadlines/?group=whenever").status_code == 400
    assert ids(api(make_user(Role.FORCE_LEAD)), "deadlines") == []


def test_a_publication_leads_to_its_pdf(api):
    inspection = make_inspection(Stage.PUBLISHED, published_on_assumed=True)
    pdf = b"%PDF-1.7"
    publication = Publication.objects.create(
        inspection=inspection, published_on=inspection.published_on, document={}
    )
    own = api(make_user(Role.FORCE_VIEWER, force=inspection.force))
    found = own.get(f"/api/v1/publications/{publication.pk}/").json()
    assert (found["pdf"], found["published_on_assumed"]) == (None, True)
    assert own.get(f"/api/v1/publications/{publication.pk}/pdf/").status_code == 404
    sha256 = hashlib.sha256(pdf).hexdigest()
    Publication.objects.filter(pk=publication.pk).update(pdf=pdf, sha256=sha256, pages=1)
    address = own.get(f"/api/v1/publications/{publication.pk}/").json()["pdf"]
    answer = own.get(address, headers={"accept": "application/pdf"})
    assert hashlib.sha256(answer.content).hexdigest() == sha256
    assert answer.headers["Content-Type"] == "application/pdf"
    other = api(make_user(Role.FORCE_VIEWER))
    assert ids(other, "publications") == []
    assert other.get(address).status_code == 404


def test_figures_are_those_of_the_figures_page(api):
    inspector = make_user()
    inspection = make_inspection(Stage.FIELDWORK, team=[inspector])
    make_audit(make_case(inspection), Side.INSPECTORATE, "bad")
    make_audit(make_case(inspection, area="beta", route=Route.SELECTED), grade="good")
    make_case(inspection, area="gamma")
    found = api(inspector).get(f"/api/v1/inspections/{inspection.pk}/figures/").json()
    assert (found["cases"], found["graded"], found["not_graded"]) == (3, 2, 1)
    assert found["headline"]["counts"] == [1, 0, 1]
    assert [row["total"] for row in found["by_route"]] == [1, 1]
    assert [row["counts"] for row in found["by_area"]] == [[0, 0, 1], [1, 0, 0], [0, 0, 0]]


def _fill(inspection, people, rows):
    area = inspection.framework.areas.get(code="alpha")
    for _ in range(rows):
        case = make_case(inspection, area=area)
        for side in Side:
            make_audit(case, side, by=people["inspector"], findings={"theme-alpha": "Text."})
        recommendation = make_recommendation(inspection, points=["One.", "Two."])
        deadline = set_deadline(
            inspection,
            DeadlineKind.RECOMMENDATION,
            label="x",
            responsible=Side.FORCE,
            due_on=dates.today(),
            subject_id=recommendation.pk,
        )
        recommendation.deadline = deadline
        recommendation.save()
        ProgressUpdate.objects.create(
            recommendation=recommendation, status="in_progress", note="x", by=people["force"]
        )
        other = make_inspection(
            Stage.PUBLISHED,
            force=inspection.force,
            framework=inspection.framework,
            team=[people["inspector"]],
        )
        Publication.objects.create(
            inspection=other,
            published_on=other.published_on,
            document={},
            pdf=b"x",
            sha256="0" * 64,
            pages=1,
        )


def test_fifty_rows_take_no_more_queries_than_one(api):
    force = make_force()
    people = {"inspector": make_user(), "force": make_user(Role.FORCE_LEAD, force=force)}
    inspection = make_inspection(Stage.PUBLISHED, force=force, team=[people["inspector"]])
    clients = {name: api(user) for name, user in people.items()}
    nouns = [
        *("forces", "frameworks", "inspections", "cases", "audits", "recommendations"),
        *("deadlines", "publications", f"inspections/{inspection.pk}/figures"),
    ]

    def queries():
        counts = {}
        for name, client in clients.items():
            for noun in nouns:
                with CaptureQueriesContext(connection) as captured:
                    assert client.get(f"/api/v1/{noun}/").status_code == 200
                counts[name, noun] = len(captured)
        return counts

    _fill(inspection, people, 1)
    queries()  # reads the framework, which a process does once
    before = queries()
    _fill(inspection, people, 49)
    assert queries() == before
    assert max(before.values()) <= 11, before
