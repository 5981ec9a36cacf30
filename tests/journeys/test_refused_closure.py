"""A force calls a recommendation ready for closure, and the inspectorate does not agree: first questions, then a no."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from accounts.models import Role
from inspections.models import Deadline, Stage
from recommendations import publication
from recommendations.models import ProgressStatus, Recommendation
from tests.journeys.steps import is_told_why_not_yet
from tests.support.factories import (
    PASSWORD,
    make_force,
    make_inspection,
    make_recommendation,
    make_user,
)
from tests.support.journey import Office, Person
from tests.support.stack import assert_accessible

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]
QUESTIONS = "Which records did you read, and from which months?"
ANSWER = "Forty records of May and June. Each names who decided and why."
REFUSAL = "In three of the ten records that we read nobody had written down why."


@pytest.fixture
def recommendation(db) -> Recommendation:
    force = make_force("Eastmere Police")
    lead = make_user(Role.LEAD_INSPECTOR, name="Lead", email="lead@assay.example")
    make_user(Role.FORCE_LEAD, force=force, name="Answerer", email="force.lead@assay.example")
    inspection = make_inspection(Stage.FOLLOW_UP, force=force, lead=lead)
    recommendation = make_recommendation(inspection, points=["writing down each decision"])
    publication.set_deadlines(inspection, inspection.published_on)
    return recommendation


def test_a_closure_is_questioned_then_refused_and_stays_owed(
    recommendation: Recommendation, browser: Browser, live_server
) -> None:
    office = Office(browser, live_server.url, PASSWORD)
    page = f"/recommendations/{recommendation.pk}/"
    with office.person("force.lead") as force_lead:
        calls_it_ready(force_lead, page, "Every record now says why.")
    with office.person("lead") as lead:
        opens_it_from_home(lead)
        lead.reads("Every record now says why.", "records.txt")
        assert_accessible(lead.page)
        decides(lead, "Return it with questions", QUESTIONS)
        lead.reads("Recommendation 1 is returned with your questions.", QUESTIONS)
    with office.person("force.lead") as force_lead:
        force_lead.open(page)
        force_lead.reads(QUESTIONS)
        calls_it_ready(force_lead, page, ANSWER)
    assert Recommendation.objects.ready_for_closure().exists()
    assert not Deadline.objects.open().filter(recommendation=recommendation).exists()

    with office.person("lead") as lead:
        opens_it_from_home(lead)
        lead.reads(ANSWER, QUESTIONS)
        decides(lead, "Partly implemented", REFUSAL)
        lead.reads("Recommendation 1 is judged.", REFUSAL)
        lead.open("/follow-up/")
        lead.does_not_read("ready for closure: 1")
        is_told_why_not_yet(
            lead,
            f"/inspections/{recommendation.inspection_id}/",
            "Close the inspection",
            "Recommendation 1 is not implemented yet, and no later one has taken its place.",
            "1 deadline has not been met.",
        )
    with office.person("force.lead") as force_lead:
        force_lead.open(page)
        force_lead.reads("Partly implemented", REFUSAL, "Overdue", "was due 3 June 2026")
    recommendation.refresh_from_db()
    assert recommendation.progress_status == ProgressStatus.IN_PROGRESS
    assert recommendation.settled_on is None


def calls_it_ready(force_lead: Person, page: str, summary: str) -> None:
    force_lead.open(page)
    force_lead.choose("Ready for closure")
    force_lead.fill("What has been done", summary)
    if not Recommendation.objects.get().evidence.exists():
        force_lead.page.get_by_label("Evidence", exact=True).set_input_files(
            {"name": "records.txt", "mimeType": "text/plain", "buffer": b"40 records read.\n"}
        )
        force_lead.choose("writing down each decision")
    force_lead.press("Save progress")
    force_lead.reads(summary)


def opens_it_from_home(lead: Person) -> None:
    """What waits stands on “Your work”, and leads over the queue to the page on which it is judged."""
    lead.open("/")
    lead.follow("Judge 1 recommendation that is ready for closure")
    lead.reads("Recommendations ready for closure: 1")
    lead.follow("Recommendation 1:", exact=False)


def decides(lead: Person, conclusion: str, words: str) -> None:
    lead.choose(conclusion)
    lead.fill("Finding, or your questions", words)
    lead.press("Save and tell the force")
