"""What people do in the journey, one function each."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import expect

from tests.journeys.material import (
    DECISIONS,
    IMMEDIATE,
    POINTS,
    SUMMARY,
    WHY_EXCLUDED,
    WITHIN_THREE_MONTHS,
    Case,
    sample_as_csv,
)
from tests.support.journey import Person

FORCE = "Northmoor Police"


# -- The lead inspector ---------------------------------------------------------------------------------------------


def plans_an_inspection(lead: Person, today: dt.date) -> str:
    """Plan an inspection by the small methodology, put the inspector on its team; return its address."""
    lead.go_to("Inspections")
    lead.press("Plan an inspection")
    lead.select("Which force is to be inspected?", FORCE)
    lead.press("Continue")
    lead.choose("Small methodology of a test")
    lead.choose("Inspection")
    lead.fill_date("Self-assessment due", today + dt.timedelta(days=7))
    lead.fill_date("Fieldwork starts", today + dt.timedelta(days=7))
    lead.fill_date("Fieldwork ends", today + dt.timedelta(days=18))
    lead.press("Plan this inspection")
    lead.reads("The inspection is planned.")
    inspection = lead.page.url
    lead.turn_to("People")
    lead.page.get_by_label("Inspector", exact=True).select_option(index=1)
    lead.press("Add to the team")
    lead.reads("is on the team")
    return inspection


def moves_the_inspection(somebody: Person, inspection: str, move: str, stage: str) -> None:
    """Make the next move, which nothing stands in the way of."""
    somebody.open(inspection)
    somebody.press(move)
    somebody.press(move)  # on the page that says what will happen
    somebody.reads(f"The inspection is now at the stage “{stage}”.")


def is_told_why_not_yet(somebody: Person, inspection: str, move: str, *reasons: str) -> None:
    """Find on the overview that the next move cannot happen yet, and why."""
    somebody.open(inspection)
    somebody.reads(f"{move}: not yet, because", *reasons)
    assert not somebody.page.get_by_role("button", name=move, exact=True).count()


def excludes(lead: Person, inspection: str, case: Case) -> None:
    """Take a case out of the count, and say why."""
    opens_the_case(lead, inspection, case)
    lead.follow("The case and its history")
    lead.press("Exclude this case")
    lead.fill("Why is this case excluded?", WHY_EXCLUDED)
    lead.press("Exclude the case")
    lead.reads("This case is excluded and counts in no figure.", WHY_EXCLUDED)


def writes_the_report(lead: Person, inspection: str) -> None:
    """Write two sections; leave out the others."""
    lead.open(inspection)
    lead.turn_to("Report")
    lead.reads("“Summary” has no text.")
    _writes_section(lead, "Summary", SUMMARY)
    _writes_section(lead, "Decisions and supervision", DECISIONS)
    for title in (
        "Context for the force",
        "Case file analysis",
        "First contact",
        "Conclusion",
        "How we inspected",
    ):
        lead.follow(title)
        lead.choose("This section goes without a text")
        lead.press("Save")
    lead.reads("Nothing is missing. The draft can go to the force for the factual accuracy check.")


def _writes_section(lead: Person, title: str, text: str) -> None:
    lead.follow(title)
    lead.fill("Text", text)
    # Beside it the scripts of the page show it as it will read.
    expect(lead.page.locator("[data-preview-text]")).to_contain_text(text.split()[0])
    lead.press("Save")
    lead.reads(f"“{title}” has been saved.")


def recommends(lead: Person, inspection: str) -> None:
    """Write a recommendation that is due at once, and one that is due within three months."""
    lead.open(inspection)
    lead.turn_to("Recommendations")
    lead.press("Add a recommendation")
    lead.select("Theme", "First contact")
    lead.fill("Recommendation", IMMEDIATE)
    lead.choose("Immediately")
    lead.press("Save and add another")
    lead.select("Theme", "Decisions and supervision")
    lead.fill("Recommendation", WITHIN_THREE_MONTHS)
    lead.fill("Points", "\n".join(POINTS))
    lead.choose("Within three months")
    lead.press("Save")
    lead.reads(IMMEDIATE, WITHIN_THREE_MONTHS, *POINTS)


def makes_a_draft_pdf(lead: Person, inspection: str) -> bytes:
    """Ask for a PDF of the draft, wait for the worker, download it."""
    lead.open(inspection)
    lead.turn_to("Report")
    lead.press("Make a draft PDF")
    lead.waits_for_button("Download the draft PDF")
    return lead.download("Download the draft PDF")


# -- The force ------------------------------------------------------------------------------------------------------


def puts_in_the_sample(assessor: Person, inspection: str, cases: list[Case]) -> None:
    """Add the first case by the form, the others from a file; a file that is wrong brings in nothing."""
    first, *others = cases
    assessor.open(inspection)
    assessor.turn_to("Sample")
    assessor.press("Add a case")
    assessor.fill("Reference", first.reference)
    assessor.choose(first.area)
    assessor.fill("Summary", "A child of twelve who went missing from a placement three times.")
    assessor.press("Add the case")
    imports(assessor, sample_as_csv([others[0]._replace(area="Horses"), *others[1:]]))
    assessor.reads("Nothing was imported", "“Horses” is not an area of this framework")
    assessor.turn_to("Sample")
    imports(assessor, sample_as_csv(others))
    assessor.turn_to("Cases")
    assessor.reads(*(case.reference for case in cases))


def imports(somebody: Person, file: bytes) -> None:
    """Import a file of cases from the page of the sample."""
    somebody.press("Import cases")
    somebody.attach("File", "sample.csv", file)
    somebody.press("Import")


def hands_in(assessor: Person, inspection: str) -> None:
    """Hand in the sample with its grades, which nobody of the force can change after that."""
    assessor.open(inspection)
    assessor.turn_to("Sample")
    assessor.press("Hand in the self-assessment")
    assessor.press("Hand in the self-assessment")
    assessor.reads("The self-assessment is handed in.")
    assessor.does_not_read("Add a case")


# -- Both sides -----------------------------------------------------------------------------------------------------


def opens_the_case(somebody: Person, inspection: str, case: Case) -> None:
    """Find a case in the list of cases, and open it."""
    somebody.open(f"{inspection}cases/")
    somebody.follow(case.reference)


def grades_as_force(assessor: Person, inspection: str, case: Case) -> None:
    """Grade a case of the force's sample and submit it."""
    opens_the_case(assessor, inspection, case)
    assert case.force_grade
    _writes_the_audit(assessor, case.force_grade, case.force_reason, case.force_finding)
    assessor.press("Submit")
    assessor.reads(f"The audit of {case.reference} is submitted.", case.force_reason)


def drafts_as_inspector(inspector: Person, inspection: str, case: Case) -> None:
    """Write the inspectorate's audit of a case and save it as a draft."""
    opens_the_case(inspector, inspection, case)
    assert case.inspectors_grade
    assert not inspector.page.get_by_role("radio", checked=True).count(), "somebody has graded it"
    finding = f"Inspectors read {case.reference} from its first page to its last."
    _writes_the_audit(inspector, case.inspectors_grade, case.inspectors_reason, finding)
    inspector.press("Save draft")
    inspector.reads(f"The draft of {case.reference} is saved.")


def submits_as_inspector(inspector: Person, inspection: str, case: Case) -> None:
    """Submit the draft of a case."""
    opens_the_case(inspector, inspection, case)
    inspector.press("Submit")
    inspector.reads(f"The audit of {case.reference} is submitted.", case.inspectors_reason)


def _writes_the_audit(somebody: Person, grade: str, reason: str, finding: str) -> None:
    somebody.select("Theme", "First contact")
    somebody.select("Kind", "Strength")
    somebody.fill("What was found", finding)
    somebody.choose(grade)
    somebody.fill("Reason for the grade", reason)


def selects_a_case(inspector: Person, inspection: str, case: Case) -> None:
    """Add a case that inspectors chose themselves."""
    inspector.open(inspection)
    inspector.turn_to("Sample")
    inspector.press("Add a case")
    inspector.fill("Reference", case.reference)
    inspector.choose(case.area)
    inspector.fill("Why do you select this case?", "To see how such a case is dealt with now.")
    inspector.press("Add the case")


def replies_about_the_draft(force_lead: Person, inspection: str) -> None:
    """Say for the force that it has checked the draft, and found nothing wrong."""
    force_lead.open(inspection)
    force_lead.turn_to("Report")
    force_lead.turn_within_to("Factual accuracy")
    force_lead.press("Send our reply")
    force_lead.press("Send reply")
    force_lead.reads("The inspectorate has your reply.")


def approves_the_report(lead: Person, inspection: str) -> None:
    """Approve the report as its lead; somebody else has to publish it."""
    lead.open(inspection)
    lead.turn_to("Report")
    lead.turn_within_to("Approval and publication")
    lead.press("Approve the report")
    lead.reads("You have approved the report.")


# -- The manager ----------------------------------------------------------------------------------------------------


def publishes(manager: Person, inspection: str) -> str:
    """Publish the report and wait for its PDF; return the address of the publication."""
    manager.open(inspection)
    manager.press("Publish the report")
    manager.reads("2 recommendations get their deadlines", "Publishing cannot be undone.")
    manager.press("Publish now")
    manager.reads("has been published. The PDF is being made.")
    manager.waits_for_button("Download PDF")
    return manager.page.url
