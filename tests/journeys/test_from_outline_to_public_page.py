"""From an empty outline to a public page: four people in their browsers, and a reader whom nobody knows.

An inspector writes, the lead directs and approves, the force's lead checks, a manager publishes; anybody reads it.
What is published is then corrected, and the first version stays where it was.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from accounts.models import Role
from cases.models import Route
from inspections import frameworks
from inspections.models import Inspection, Side, Stage
from reports.models import FileKind, Publication
from tests.journeys.material import FRAMEWORK, IMMEDIATE, WITHIN_THREE_MONTHS
from tests.journeys.steps import (
    approves_the_report,
    is_told_why_not_yet,
    makes_a_draft_pdf,
    moves_the_inspection,
    recommends,
)
from tests.reports import read_back
from tests.support.counts import pages_of
from tests.support.factories import (
    PASSWORD,
    make_audit,
    make_case,
    make_force,
    make_inspection,
    make_user,
)
from tests.support.journey import Office, Person
from tests.support.stack import assert_accessible, follow, watch_page

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]
SENDING = "Send the draft for the factual accuracy check"
GRADED = {  # area: how many cases of each grade, best first
    "missing": (3, 2, 1, 0),
    "custody": (0, 1, 2, 8),
    "online": (1, 0, 2, 0),
}
IN_CUSTODY = "cases of children in custody to be inadequate"
POSTS = "The control room has 40 posts."
DECISIONS = f"""## Supervisors decide fast and write little down

Nine of the cases of children in custody were graded inadequate. {POSTS}"""
TOLD = "A child was held overnight. Nobody asked whether a bed was free elsewhere, so the child stayed in a cell."
NOTICE = "The number of posts in the control room was given as 48. It is 46."


@dataclass
class Desk:
    """The inspection, and who works on it."""

    inspection: Inspection
    lead: Person
    inspector: Person
    force_lead: Person
    manager: Person

    @property
    def address(self) -> str:
        return f"/inspections/{self.inspection.pk}/"

    def report(self, somebody: Person, page: str = "Outline") -> None:
        """Open a page of the report."""
        somebody.open(self.address)
        somebody.turn_to("Report")
        if page != "Outline":
            somebody.turn_within_to(page)


@pytest.fixture
def inspection(db) -> Inspection:
    """An inspection in drafting, every case of it graded and not a word written."""
    framework = frameworks.load(FRAMEWORK)
    force = make_force("Northmoor Police")
    lead = make_user(Role.LEAD_INSPECTOR, name="Lena Lead", email="lead@assay.example")
    inspector = make_user(Role.INSPECTOR, name="Ines Inspector", email="inspector@assay.example")
    make_user(Role.MANAGER, name="Mona Manager", email="manager@assay.example")
    make_user(
        Role.FORCE_LEAD, force=force, name="Frank Forcelead", email="force.lead@assay.example"
    )
    made = make_inspection(
        Stage.DRAFTING, force=force, framework=framework, lead=lead, team=[inspector]
    )
    grades = [grade.code for grade in framework.grades.all()]
    for area, counts in GRADED.items():
        for grade, count in zip(grades, counts, strict=True):
            for n in range(count):
                route = Route.SELECTED if n > 3 else Route.SELF_ASSESSED
                reference = f"{area[:2]}-{grade[:2]}-{n + 1}".upper()
                case = make_case(made, area=area, route=route, reference=reference)
                make_audit(case, grade=grade, by=inspector)
                if route == Route.SELF_ASSESSED:
                    make_audit(case, Side.FORCE, grade=grades[max(0, grades.index(grade) - 1)])
    return made


@pytest.fixture
def desk(inspection: Inspection, browser: Browser, live_server) -> Iterator[Desk]:
    """The four of them, each signed in at a browser of their own."""
    office = Office(browser, live_server.url, PASSWORD)
    with ExitStack() as stack:
        names = ("lead", "inspector", "force.lead", "manager")
        yield Desk(inspection, *(stack.enter_context(office.person(name)) for name in names))


@contextmanager
def stranger(browser: Browser, desk: Desk, **options) -> Iterator[Person]:
    """Somebody who has never signed in; no cookie is set on them."""
    problems: list[str] = []
    context, page = watch_page(browser, problems, **options)
    yield Person(page, desk.lead.address, "reader@elsewhere.example")
    assert context.cookies() == []
    context.close()
    assert not problems, problems


def test_four_people_take_a_report_from_its_empty_outline_to_its_corrected_public_page(
    desk: Desk, browser: Browser, celery_worker
) -> None:
    celery_worker.start()
    recommends(desk.lead, desk.address)
    the_lead_plans_the_writing(desk)
    the_inspector_writes_a_section(desk)
    a_colleague_comments(desk)
    a_case_is_told(desk)
    the_rest_is_written(desk)
    a_wrong_count_is_found_and_mended(desk)
    a_draft_is_made_as_pdf(desk)
    moves_the_inspection(desk.lead, desk.address, SENDING, "Factual accuracy check")
    the_force_checks_the_draft(desk)
    the_team_answers_and_mends(desk)
    two_people_publish(desk)
    everybody_reads_it(desk, browser)
    the_report_is_corrected(desk)
    everybody_reads_the_correction(desk, browser)


def the_lead_plans_the_writing(desk: Desk) -> None:
    """Put one section before another, and say who writes what."""
    lead = desk.lead
    desk.report(lead)
    lead.reads("“Summary” has no text.", "No text yet")
    assert_accessible(lead.page)
    lead.press("Up Decisions and supervision")
    lead.reads("“Decisions and supervision” has moved up.")
    order = lead.page.locator("#sections tbody tr th, #sections tbody tr td:first-child")
    titles = [" ".join(title.split()) for title in order.all_inner_texts()]
    assert titles.index("Decisions and supervision") < titles.index("First contact")
    lead.follow("Say who writes which section")
    for title in ("Summary", "Decisions and supervision"):
        lead.select(title, "Ines Inspector")
    assert_accessible(lead.page)
    lead.press("Save")
    lead.reads("The authors have been saved.", "Ines Inspector")


def the_inspector_writes_a_section(desk: Desk) -> None:
    """Find it under “Your work”; insert a count and a reference, add a footnote; it saves itself."""
    inspector = desk.inspector
    inspector.go_to("Your work")
    inspector.reads("2 sections are yours to write")
    inspector.follow("Write the report", exact=False)
    inspector.follow("Summary")
    page = inspector.page
    expect(page.locator("form[data-ready]")).to_have_count(1)
    page.get_by_label("Text", exact=True).fill(
        "## Children wait too long in custody\n\nInspectors judged "
    )
    inserts(inspector, "inadequate custody", "Cases graded Inadequate: Children in custody")
    page.keyboard.insert_text(f" {IN_CUSTODY}.[^1] What the force must do at once is ")
    inserts(inspector, "refer to a recommendation", IMMEDIATE[:40])
    page.keyboard.insert_text(".\n\n[^1]: Each file was read from its first page to its last.")
    expect(page.locator("[data-save-state]")).to_contain_text("Saved at")
    preview = page.locator("[data-preview-text]")
    expect(preview).to_contain_text(f"Inspectors judged eight {IN_CUSTODY}")
    expect(preview).to_contain_text("recommendation 1.")
    expect(preview).to_contain_text("Each file was read")
    assert_accessible(page)
    inspector.keep_picture()
    inspector.press("Save and mark as ready")
    inspector.reads("Ready to be read")


def inserts(somebody: Person, words: str, label: str) -> None:
    """Find something in the picker, and put it where the text is being written."""
    page = somebody.page
    page.get_by_label("Find", exact=True).fill(words)
    page.locator(".assay-picker").get_by_role("button", name=f"Insert {label}").first.click()


def a_colleague_comments(desk: Desk) -> None:
    """The lead asks something about the section, its author settles it."""
    desk.report(desk.lead)
    desk.lead.follow("Summary")
    desk.lead.fill("Add a comment", "Is that all of custody, or only the force’s sample?")
    desk.lead.press("Comment")
    desk.lead.reads("Your comment has been added.")
    desk.inspector.go_to("Your work")
    desk.inspector.reads("1 comment on your sections")
    desk.report(desk.inspector)
    desk.inspector.follow("Summary")
    desk.inspector.reads("Is that all of custody")
    follow(desk.inspector.page.get_by_role("button", name=re.compile("^Settle")))
    desk.inspector.reads("The comment is settled.", "No comment is open.")


def a_case_is_told(desk: Desk) -> None:
    """The inspector of a case tells of it without saying whose it is; the lead releases that."""
    inspector = desk.inspector
    inspector.open(f"{desk.address}cases/")
    inspector.follow("CU-IN-1")
    if not inspector.page.get_by_role("button", name="Make an example", exact=True).count():
        inspector.follow("The case and its history")
    inspector.press("Make an example")
    inspector.select("Section of the report", "Decisions and supervision")
    inspector.choose("Poor practice")
    inspector.fill("What happened", TOLD)
    assert_accessible(inspector.page)
    inspector.press("Save")
    inspector.reads("A lead can release it now.", "Not released")
    desk.report(desk.lead, "Case examples")
    desk.lead.follow(TOLD[:40], exact=False)
    desk.lead.press("Release for the report")
    desk.lead.reads("the report tells it", "Released by")


def the_rest_is_written(desk: Desk) -> None:
    """The inspector writes the findings, and types a count; the lead leaves out what has nothing to say."""
    desk.report(desk.inspector)
    writes(desk.inspector, "Decisions and supervision", DECISIONS)
    desk.report(desk.lead)
    for title in (
        "Context for the force",
        "Case file analysis",
        "First contact",
        "Conclusion",
        "How we inspected",
    ):
        desk.lead.follow(title)
        desk.lead.choose("This section goes without a text")
        desk.lead.press("Save")


def writes(somebody: Person, title: str, text: str) -> None:
    """Write a section, beginning on the outline and ending there."""
    somebody.follow(title)
    expect(somebody.page.locator("form[data-ready]")).to_have_count(1)
    somebody.fill("Text", text)
    somebody.press("Save")
    somebody.reads(f"“{title}” has been saved.")


def a_wrong_count_is_found_and_mended(desk: Desk) -> None:
    """What was typed contradicts the tables: the draft goes nowhere until it quotes the count instead."""
    desk.report(desk.inspector, "Checks")
    desk.inspector.reads("Nine of the cases of children in custody", "8")
    assert_accessible(desk.inspector.page)
    desk.lead.open(desk.address)
    desk.lead.reads(f"{SENDING}: not yet, because")
    desk.report(desk.inspector)
    mended = DECISIONS.replace("Nine of the cases", "[[figure cases.custody.inadequate]] of the cases")  # fmt: skip
    writes(desk.inspector, "Decisions and supervision", mended)
    desk.report(desk.inspector, "Checks")
    desk.inspector.does_not_read("Nine of the cases")


def a_draft_is_made_as_pdf(desk: Desk) -> None:
    """The lead asks for a PDF, watches it being made, and takes it away."""
    text = " ".join(pages_of(makes_a_draft_pdf(desk.lead, desk.address)))
    assert "Official – sensitive: draft" in text
    assert f"Inspectors judged eight {IN_CUSTODY}" in text
    assert "Eight of the cases of children in custody" in text
    assert "Nobody asked whether a bed was free elsewhere" in text


def the_force_checks_the_draft(desk: Desk) -> None:
    """The force's lead reads a copy marked as theirs, comments on two passages, and replies."""
    force_lead = desk.force_lead
    desk.report(force_lead, "Factual accuracy")
    mark = force_lead.page.locator(".assay-draft-mark")
    expect(mark).to_contain_text("Official – sensitive: draft")
    expect(mark).to_contain_text("This copy is for Frank Forcelead, opened on")
    assert_accessible(force_lead.page)
    comments(force_lead, "Decisions and supervision", POSTS, "It has 48 posts.")
    comments(
        force_lead,
        "Summary",
        f"Inspectors judged eight {IN_CUSTODY}",
        "We make it seven: one of them was handed to another force.",
    )
    force_lead.press("Send our reply")
    force_lead.reads("2 comments on it")
    force_lead.press("Send reply")
    force_lead.reads("The inspectorate has your reply.", "Not answered yet")


def comments(force_lead: Person, section: str, passage: str, text: str) -> None:
    """Comment on a passage of a section."""
    name = re.compile(f"^Comment on this section.*{section}")
    follow(force_lead.page.get_by_role("link", name=name))
    force_lead.fill("The words that you comment on", passage)
    force_lead.fill("What is not right, and what would be", text)
    force_lead.press("Save comment")
    force_lead.reads("Your comment has been saved.")


def the_team_answers_and_mends(desk: Desk) -> None:
    """One comment is accepted, the other is not; the draft is mended, and the force checks it once more."""
    inspector, lead = desk.inspector, desk.lead
    desk.report(lead, "Approval and publication")
    lead.reads("2 comments of the force have no answer.")
    assert not lead.page.get_by_role("button", name="Approve the report").count()
    desk.report(inspector, "Factual accuracy")
    for number, decision, answer in (
        (1, "Accepted", "The section says so now."),
        (2, "Not accepted", "The case was the force’s own until the day it was read."),
    ):
        follow(inspector.page.get_by_role("link", name=f"Answer to comment {number}"))
        inspector.reads(["It has 48 posts.", "We make it seven"][number - 1])
        inspector.choose(decision)
        inspector.fill("Answer to the force", answer)
        inspector.press("Save answer")
        inspector.reads("Your answer has been saved.", decision)
    lead.open(desk.address)
    lead.follow("Return to drafting")
    lead.press("Return to drafting")
    lead.reads("The inspection is now at the stage “Drafting”.")
    changes(inspector, desk, "40 posts", "48 posts")
    moves_the_inspection(lead, desk.address, SENDING, "Factual accuracy check")
    desk.report(desk.force_lead, "Factual accuracy")
    desk.force_lead.reads("Not accepted", "until the day it was read", "48 posts")
    desk.force_lead.press("Send our reply")
    desk.force_lead.press("Send reply")


def changes(somebody: Person, desk: Desk, was: str, becomes: str) -> None:
    """Change words of the findings."""
    desk.report(somebody)
    somebody.follow("Decisions and supervision")
    text = somebody.page.get_by_label("Text", exact=True).input_value()
    assert was in text
    desk.report(somebody)
    writes(somebody, "Decisions and supervision", text.replace(was, becomes))


def two_people_publish(desk: Desk) -> None:
    """The manager cannot approve, and cannot publish before the lead has; then both do what is theirs."""
    manager = desk.manager
    desk.report(manager, "Approval and publication")
    assert not manager.page.get_by_role("button", name="Approve the report").count()
    is_told_why_not_yet(manager, desk.address, "Publish the report", "lead")
    approves_the_report(desk.lead, desk.address)
    assert not desk.lead.page.get_by_role("button", name="Publish the report").count()
    manager.go_to("Your work")
    manager.reads("Lena Lead has approved it")
    manager.follow("Publish the report", exact=False)
    manager.reads("Lena Lead approved this report on", "Publishing cannot be undone.")
    assert_accessible(manager.page)
    manager.press("Publish now")
    manager.waits_for_button("Download PDF")


def everybody_reads_it(desk: Desk, browser: Browser) -> None:
    """A stranger finds the report, reads the count in words, and takes copies away that all say the same."""
    publication = Publication.objects.get()
    with stranger(browser, desk) as reader:
        reader.open("/published/")
        reader.fill("Words in the report", "custody")
        reader.press("Apply filters")
        reader.follow("Northmoor Police", exact=False)
        reader.reads(f"Inspectors judged eight {IN_CUSTODY}", WITHIN_THREE_MONTHS, "48 posts")
        reader.does_not_read("Official – sensitive")
        assert_accessible(reader.page)
        copies = takes_every_copy(reader)
        the_copies_agree(copies, reader.page.content().encode())
    assert hashlib.sha256(copies["report.pdf"]).hexdigest() == publication.sha256
    kept = {each.kind: each.sha256 for each in publication.files.all()}
    assert kept[FileKind.JSON] == hashlib.sha256(copies["report.json"]).hexdigest()
    with stranger(browser, desk, viewport={"width": 375, "height": 800}) as reader:
        reader.open("/published/")
        reader.follow("Northmoor Police", exact=False)
        wide = reader.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 375, f"the page is {wide} wide"


def takes_every_copy(reader: Person) -> dict[str, bytes]:
    """Download what the page offers; no answer sets a cookie."""
    links = reader.page.locator(".assay-public-downloads li a")
    taken = {}
    for link in links.all():
        address = link.get_attribute("href") or ""
        answer = reader.page.request.get(f"{reader.address}{address}")
        assert answer.ok
        assert "set-cookie" not in answer.headers
        taken[address.rpartition("/")[2]] = answer.body()
    return taken


def the_copies_agree(copies: dict[str, bytes], page: bytes) -> None:
    """Read each copy back, and hold its figures against those of the page."""
    tables = read_back.of_html(page)
    counted = [sum(column) for column in zip(*GRADED.values(), strict=True)]
    assert any(row[1:] == (*map(str, counted), str(sum(counted))) for t in tables for row in t)
    assert tables == read_back.of_json(copies["report.json"])
    assert tables == read_back.of_word(copies["report.docx"])
    assert tables == read_back.of_workbook(copies["tables.xlsx"])
    assert read_back.missing_in_pdf(copies["report.pdf"], tables) == []
    in_csv = {row["key"]: int(row["value"]) for row in read_back.csv_rows(copies["figures.csv"])}
    in_json = {row["key"]: row["value"] for row in json.loads(copies["report.json"])["figures"]}
    assert in_csv == in_json
    assert in_csv["cases.custody.inadequate"] == GRADED["custody"][-1] == 8
    said = f"Inspectors judged eight {IN_CUSTODY}"
    assert said in " ".join(pages_of(copies["report.pdf"]))
    assert len(read_back.csv_rows(copies["recommendations.csv"])) == 2


def the_report_is_corrected(desk: Desk) -> None:
    """The lead opens a correction, the inspector mends the text, two people publish version 2."""
    lead, manager = desk.lead, desk.manager
    desk.report(lead, "Approval and publication")
    lead.press("Correct the report")
    lead.fill("What is corrected", NOTICE)
    assert_accessible(lead.page)
    lead.press("Begin the correction")
    lead.reads("The team can change the text now.", NOTICE)
    changes(desk.inspector, desk, "48 posts", "46 posts")
    desk.report(manager, "Approval and publication")
    manager.reads("A correction is open", "It differs from version 1 in:")
    approves_the_report(lead, desk.address)
    desk.report(manager, "Approval and publication")
    manager.press("Publish the report")
    manager.reads("The day of publication and every deadline stay as they are.")
    manager.press("Publish now")
    manager.waits_for_button("Download PDF")


def everybody_reads_the_correction(desk: Desk, browser: Browser) -> None:
    """The new version says on page one what it corrects; the old one is where it was, and says that it is old."""
    with stranger(browser, desk) as reader:
        reader.open("/published/")
        reader.reads("Corrected: version 2")
        reader.follow("Northmoor Police", exact=False)
        reader.reads(NOTICE, "46 posts")
        new = takes_every_copy(reader)["report.pdf"]
        assert NOTICE in " ".join(pages_of(new)[0].split())
        reader.follow("Version 1")
        reader.reads("This is version 1 of the report.", "48 posts")
        assert_accessible(reader.page)
        old = takes_every_copy(reader)["report.pdf"]
    first, second = Publication.objects.order_by("number")
    assert hashlib.sha256(old).hexdigest() == first.sha256
    assert hashlib.sha256(new).hexdigest() == second.sha256
