"""The work of a day in a browser that runs no scripts."""

from __future__ import annotations

import pytest

from accounts.models import Role
from cases.models import Audit, AuditStatus, CaseFile
from inspections.models import Side, Stage
from reports.models import ReportSection
from tests.journeys.material import imported_file
from tests.support.counts import pages_of
from tests.support.factories import (
    PASSWORD,
    make_case,
    make_force,
    make_framework,
    make_inspection,
    make_recommendation,
    make_user,
)
from tests.support.journey import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def signed_in(new_page, live_server):
    """Return a function that signs a person in with scripts switched off."""

    def sign_in(user, **options) -> Person:
        page = new_page(java_script_enabled=False, **options)
        somebody = Person(page, live_server.url, user.email)
        somebody.sign_in(PASSWORD)
        return somebody

    return sign_in


def test_an_inspector_grades_a_case(signed_in):
    inspector = make_user(Role.INSPECTOR)
    inspection = make_inspection(Stage.FIELDWORK, team=[inspector])
    case, following = (make_case(inspection, reference=f"CASE-{n}") for n in (1, 2))
    somebody = signed_in(inspector)
    somebody.open(f"/cases/{case.pk}/audit/")
    somebody.press("Submit")
    somebody.reads("There is a problem", "Select a grade", "Enter the reason for the grade")
    _finds(somebody, 0, "Strength", "The log is complete.")
    somebody.press("Add another finding")
    _finds(somebody, 1, "Weakness", "Nobody called back.")
    somebody.press("Add another event")
    somebody.page.get_by_label("What happened").nth(0).fill("Report")
    for part, number in (("Day", "3"), ("Month", "2"), ("Year", "2026")):
        somebody.page.get_by_label(part, exact=True).nth(0).fill(number)
    somebody.page.get_by_role("radiogroup").nth(0).get_by_label("Not recorded").check()
    somebody.choose("Fair")
    somebody.fill("Reason for the grade", "Help came late.")
    somebody.press("Save draft")
    somebody.reads(f"The draft of {case.reference} is saved.")
    assert somebody.page.get_by_label("Fair", exact=True).is_checked()
    assert somebody.page.get_by_label("Remove this finding").count() == 3  # the last is empty
    somebody.page.get_by_label("Remove this finding").nth(1).check()
    somebody.press("Submit")
    somebody.reads(f"The audit of {case.reference} is submitted.", "The log is complete.")
    somebody.press("Next case")
    somebody.reads(f"Audit of case {following.reference}", "1 of 2")
    audit = Audit.objects.get(case=case, side=Side.INSPECTORATE)
    assert (audit.status, audit.grade.code) == (AuditStatus.SUBMITTED, "fair")
    assert audit.reason == "Help came late."
    assert [row.text for row in audit.findings.all()] == ["The log is complete."]
    assert audit.timeline[0]["on"] == "2026-02-03"
    assert audit.answers.get().answer == "not_recorded"


def _finds(somebody, number, kind, text):
    """Write into the finding with that number, from 0."""
    page = somebody.page
    page.get_by_label("Theme", exact=True).nth(number).select_option(label="Theme alpha")
    page.get_by_label("Kind", exact=True).nth(number).select_option(label=kind)
    page.get_by_label("What was found", exact=True).nth(number).fill(text)


def test_the_second_of_two_inspectors_chooses_whose_text_stays(signed_in):
    first, second = make_user(Role.INSPECTOR), make_user(Role.INSPECTOR)
    case = make_case(make_inspection(Stage.FIELDWORK, team=[first, second]))
    people = [signed_in(first), signed_in(second)]
    for somebody in people:
        somebody.open(f"/cases/{case.pk}/audit/")
    people[0].fill("Reason for the grade", "The first one's words.")
    people[0].press("Save draft")
    people[1].fill("Reason for the grade", "The second one's words.")
    people[1].press("Save draft", expects=409)
    people[1].reads("The first one's words.", "Yours is not saved yet")
    people[1].press("Save what I chose", expects=409)
    people[1].reads("There is a problem", "Choose one version: Reason for the grade")
    people[1].page.get_by_role("group", name="Reason for the grade").get_by_label("Yours").check()
    people[1].press("Save what I chose")
    people[1].reads("is saved.")
    assert Audit.objects.get().reason == "The second one's words."


def test_a_force_assessor_imports_cases(signed_in):
    force = make_force()
    assessor = make_user(Role.FORCE_ASSESSOR, force=force)
    inspection = make_inspection(
        Stage.SELF_ASSESSMENT, force=force, framework=make_framework(quota=2)
    )
    somebody = signed_in(assessor)
    somebody.open(f"/inspections/{inspection.pk}/sample/")
    somebody.press("Import cases")
    somebody.attach("File", "cases.csv", imported_file(["CASE-1,Area alpha", "CASE-2,Nowhere"]))
    somebody.press("Import")
    somebody.reads("Nothing was imported", "“Nowhere” is not an area of this framework")
    assert not CaseFile.objects.exists()
    somebody.attach("File", "cases.csv", imported_file(["CASE-1,Area alpha", "CASE-2,Area beta"]))
    somebody.press("Import")
    somebody.reads("2 cases are added.")
    assert CaseFile.objects.count() == 2


def test_a_lead_narrows_the_list_of_cases_and_takes_a_filter_away_again(signed_in):
    lead = make_user(Role.LEAD_INSPECTOR)
    inspection = make_inspection(Stage.FIELDWORK, lead=lead)
    alpha, beta = (make_case(inspection, area=area) for area in ("alpha", "beta"))
    somebody = signed_in(lead)
    somebody.open(f"/inspections/{inspection.pk}/cases/")
    somebody.reads(alpha.reference, beta.reference)
    somebody.select("Area", "Area beta")
    somebody.press("Apply filters")
    somebody.does_not_read(alpha.reference)
    somebody.follow("Clear filters")
    somebody.reads(alpha.reference, beta.reference)


def test_a_lead_writes_a_section_and_waits_for_the_draft_pdf(signed_in, celery_worker):
    lead = make_user(Role.LEAD_INSPECTOR)
    inspection = make_inspection(Stage.DRAFTING, lead=lead)
    somebody = signed_in(lead)
    somebody.open(f"/inspections/{inspection.pk}/report/")
    somebody.follow("Summary")
    somebody.fill("Text", "Police **listen**.")
    somebody.press("Preview")
    somebody.reads("Preview, not saved", "Police listen.")
    assert not ReportSection.objects.exists()
    somebody.press("Save")
    somebody.press("Make a draft PDF")
    somebody.reads("Waiting for a worker", "This page reloads itself.")
    celery_worker.start()
    somebody.waits_for_button("Download the draft PDF")
    text = " ".join(pages_of(somebody.download("Download the draft PDF")))
    assert "Police listen." in text


def test_a_force_lead_reports_progress(signed_in):
    force = make_force()
    force_lead = make_user(Role.FORCE_LEAD, force=force)
    recommendation = make_recommendation(make_inspection(Stage.FOLLOW_UP, force=force))
    somebody = signed_in(force_lead)
    somebody.open(f"/recommendations/{recommendation.pk}/")
    somebody.press("Save progress")
    somebody.reads("There is a problem", "Enter what has been done")
    somebody.choose("In progress")
    somebody.fill("What has been done", "Supervisors were trained.")
    somebody.press("Save progress")
    somebody.reads("Supervisors were trained.")
    assert recommendation.progress.get().note == "Supervisors were trained."


def test_all_parts_of_assay_can_be_reached_on_a_phone(signed_in):
    somebody = signed_in(make_user(Role.MANAGER), viewport={"width": 390, "height": 800})
    for part in ("Inspections", "Recommendations", "Deadlines", "Reports", "Forces"):
        somebody.go_to(part)
        assert somebody.page.get_by_role("heading", level=1).is_visible()
