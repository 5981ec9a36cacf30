"""From the force's grade to the final one: nobody reads before their time, a lead settles, the figures follow.

While somebody is blind their browser is on record: the words of the others stand in nothing that it received, neither
in pages nor in files nor in answers of the API.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from accounts.models import Role
from cases.models import Audit, CaseFile
from inspections.models import Inspection, Stage
from tests.support.addresses import addresses
from tests.support.factories import (
    PASSWORD,
    make_case,
    make_force,
    make_framework,
    make_inspection,
    make_user,
)
from tests.support.journey import Office, Person, received
from tests.support.stack import assert_accessible

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]

FORCE_SAYS = "Own view: officers saw the child within the hour."
FIRST_SAYS = "Seen first: supervision came late and left no trace."
SECOND_SAYS = "Seen again: the delay was explained in the log."
WHY_FINAL = "The log explains the delay, but nobody planned what came after it."


@pytest.fixture
def case(db) -> CaseFile:
    """A case of a force's sample, with everybody who has to do with it."""
    force = make_force("Eastmere Police")
    team = [
        make_user(Role.INSPECTOR, name=name, email=f"{name.lower()}@assay.example")
        for name in ("First", "Second")
    ]
    lead = make_user(Role.LEAD_INSPECTOR, name="Lead", email="lead@assay.example")
    make_user(Role.FORCE_ASSESSOR, force=force, name="Assessor", email="assessor@assay.example")
    inspection = make_inspection(
        Stage.SELF_ASSESSMENT, force=force, framework=make_framework(), team=team, lead=lead
    )
    return make_case(inspection, area="alpha", reference="MO-1")


def test_three_grades_of_one_case_become_a_final_one_and_nobody_reads_before_their_time(
    case: CaseFile, browser: Browser, live_server, tmp_path: Path
) -> None:
    office = Office(browser, live_server.url, PASSWORD)
    with office.person("assessor") as assessor:
        grades(assessor, case, "Good", FORCE_SAYS)
    Inspection.objects.update(stage=Stage.FIELDWORK)

    with office.person_on_record("first", tmp_path / "first.har") as first:
        writes(first, case, "Bad", FIRST_SAYS)
        first.press("Save draft")
        looks_everywhere(first, case)
    assert_not_received(tmp_path / "first.har", FORCE_SAYS, but=FIRST_SAYS)

    with office.person("first") as first:
        submits(first, case)
        first.reads(FORCE_SAYS, FIRST_SAYS, "Differs")  # both stand side by side
    with office.person("lead") as lead:
        asks_for_a_second_reading(lead, case)

    with office.person_on_record("second", tmp_path / "second.har") as second:
        second.reads("Give a second reading of 1 case")
        second.follow("Give a second reading of 1 case")
        second.reads("You read this case blind")
        writes(second, case, "Fair", SECOND_SAYS)
        second.press("Save draft")
        looks_everywhere(second, case)
    assert_not_received(tmp_path / "second.har", FORCE_SAYS, FIRST_SAYS, but=SECOND_SAYS)

    with office.person("second") as second:
        submits(second, case)
        second.reads(FORCE_SAYS, FIRST_SAYS, SECOND_SAYS, "Second reading by Second")
    with office.person("lead") as lead:
        settles(lead, case)
        figures_follow(lead, case)


def grades(somebody: Person, case: CaseFile, grade: str, reason: str) -> None:
    """Grade the case and submit it."""
    writes(somebody, case, grade, reason)
    somebody.press("Submit")
    somebody.reads("The audit of MO-1 is submitted.")


def writes(somebody: Person, case: CaseFile, grade: str, reason: str) -> None:
    somebody.open(f"/cases/{case.pk}/audit/")
    somebody.choose(grade)
    somebody.fill("Reason for the grade", reason)


def submits(somebody: Person, case: CaseFile) -> None:
    somebody.open(f"/cases/{case.pk}/audit/")
    somebody.press("Submit")
    somebody.reads("The audit of MO-1 is submitted.")


def looks_everywhere(somebody: Person, case: CaseFile) -> None:
    """Open the pages that lead to the case, and fetch every address at which something of it may stand."""
    inspection = f"/inspections/{case.inspection_id}/"
    for page in ("", "cases/", "cases/moderation/", "cases/calibration/", "figures/"):
        somebody.open(inspection + page)
    somebody.open(f"/cases/{case.pk}/")
    words = [FORCE_SAYS, FIRST_SAYS, SECOND_SAYS]
    somebody.fetch([one for one in addresses(case) if "/audit/" not in one])
    for said in words:
        somebody.open(f"{inspection}cases/?q={said.split()[-1]}")


def assert_not_received(record: Path, *words: str, but: str) -> None:
    """Search everything that a browser received, shown or not; `but` is what it must have, or the record is empty."""
    answers = received(record)
    assert any("/api/v1/" in url for url, _text in answers)
    assert any(but in text for _url, text in answers)
    found = [(url, word) for url, text in answers for word in words if word in text]
    assert not found


def asks_for_a_second_reading(lead: Person, case: CaseFile) -> None:
    lead.open(f"/cases/{case.pk}/")
    lead.press("Ask for a second reading")
    lead.reads("Who cannot read it blind")
    assert_accessible(lead.page)
    lead.choose("Second")
    lead.press("Ask for a second reading")
    lead.reads("Second is asked for a second reading of MO-1.", "Not begun")
    assert_accessible(lead.page)
    overview = f"/inspections/{case.inspection_id}/"
    lead.open(overview)
    lead.reads("1 further reading is not submitted: MO-1 (Second).")


def settles(lead: Person, case: CaseFile) -> None:
    """Find the case in the queue, and settle a grade that nobody but the second reader gave."""
    inspection = f"/inspections/{case.inspection_id}/"
    lead.open(inspection)
    lead.reads("A second reading disagrees on 1 case, whose final grade is not settled: MO-1.")
    lead.open(f"{inspection}cases/moderation/")
    lead.reads("2 steps", "Open")
    assert_accessible(lead.page)
    lead.follow("MO-1")
    lead.reads(FORCE_SAYS, FIRST_SAYS, SECOND_SAYS)
    assert_accessible(lead.page)
    lead.press("Settle the final grade")
    lead.reads("Select the final grade", "Enter why this grade is final")
    assert_accessible(lead.page)
    lead.choose("Fair")
    lead.fill("Why is this grade final?", WHY_FINAL)
    lead.press("Settle the final grade")
    lead.reads("The final grade of MO-1 is settled: Fair.", WHY_FINAL, "Every grade on record")
    assert_accessible(lead.page)
    lead.open(f"{inspection}cases/moderation/?state=settled")
    lead.reads("MO-1")


def figures_follow(lead: Person, case: CaseFile) -> None:
    """The figures count the final grade; the grades that were given stay."""
    answer = lead.fetch([f"/api/v1/inspections/{case.inspection_id}/figures/"])
    [figures] = answer.values()
    assert '"counts":[0,1,0]' in figures.replace(" ", "")
    lead.open(f"/inspections/{case.inspection_id}/figures/")
    lead.reads("Fair")
    given = Audit.objects.filter(case=case).order_by("pk")
    assert [audit.grade.code for audit in given if audit.grade] == ["good", "bad", "fair"]
