"""The whole job through the pages of a demo that was started for real: from a plan to a published report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from playwright.sync_api import Browser

from tests.journeys import steps
from tests.journeys.material import (
    EXCLUDED,
    FRAMEWORK,
    GRADED_BY_INSPECTORS,
    GRADES,
    IMMEDIATE,
    IN_SHORT,
    POINTS,
    SAMPLE,
    SELECTED,
    Case,
)
from tests.support.counts import Counted, Rows, pages_of
from tests.support.demo import DemoRun
from tests.support.journey import Office, Person, received
from tests.support.mail import MailServer

PASSWORD = "a password for the journey"
LONDON = ZoneInfo("Europe/London")
COUNTED = ["headline", "by_route", "by_area", "matrix", "force_sample", "sample"]


def in_words(day: dt.date) -> str:
    """Return a date as every page, mail and report writes it."""
    return f"{day.day} {day:%B %Y}"


@dataclass
class Published:
    """What is left of the job once the demo has been stopped: its folder, and what people took away."""

    home: Path
    port: int
    mail: MailServer
    inspection: int
    name: str
    published_on: dt.date
    pdf: bytes
    sha256_on_the_page: str
    figures_page: str
    counts: dict[str, list[int] | Rows]

    def run(self, **environment: str) -> DemoRun:
        """Start the same copy of Assay again."""
        return DemoRun(
            self.home,
            port=self.port,
            EMAIL_URL=self.mail.url,
            ASSAY_DEMO_PASSWORD=PASSWORD,
            **environment,
        )


def do_the_whole_job(browser: Browser, folder: Path, mail: MailServer) -> Published:
    """Start a demo in `folder`, take one inspection from its plan to its published report, and stop the demo."""
    demo = DemoRun(folder / "home", EMAIL_URL=mail.url, ASSAY_DEMO_PASSWORD=PASSWORD)
    with demo:
        demo.wait_until_ready()
        demo.run("python", "manage.py", "load_framework", str(FRAMEWORK))
        office = Office(browser, demo.address, PASSWORD)
        with office.person("lead") as lead, office.person("force.lead") as force_lead:
            with office.person("force.assessor") as assessor:
                inspection = the_force_grades_its_sample(lead, assessor)
            with office.person_on_record("inspector", folder / "received.har") as inspector:
                inspectors_draft_without_seeing_that(inspector, inspection)
            nothing_of_the_force_was_received(folder / "received.har")
            with office.person("inspector") as inspector:
                inspectors_submit_and_see_both_sides(inspector, inspection)
            the_lead_drafts_the_report(lead, inspection)
            the_force_checks_the_draft(lead, force_lead, inspection)
            with office.person("manager") as manager:
                return a_manager_publishes(manager, force_lead, inspection, demo, mail)


def the_force_grades_its_sample(lead: Person, assessor: Person) -> str:
    """The lead plans the inspection, the assessor puts in cases and grades them; return its address."""
    inspection = steps.plans_an_inspection(lead, dt.datetime.now(LONDON).date())
    steps.moves_the_inspection(lead, inspection, "Open the self-assessment", "Self-assessment")
    steps.puts_in_the_sample(assessor, inspection, SAMPLE)
    names = ", ".join(case.reference for case in SAMPLE)
    steps.is_told_why_not_yet(
        lead,
        inspection,
        "Begin fieldwork",
        f"The force has not submitted its audits of 5 cases: {names}.",
    )
    for case in SAMPLE:
        steps.grades_as_force(assessor, inspection, case)
    steps.hands_in(assessor, inspection)
    steps.moves_the_inspection(lead, inspection, "Begin fieldwork", "Fieldwork")
    return inspection


def inspectors_draft_without_seeing_that(inspector: Person, inspection: str) -> None:
    """An inspector looks at every page, selects a case, and writes drafts, with the browser on record."""
    steps.selects_a_case(inspector, inspection, SELECTED)
    for case in GRADED_BY_INSPECTORS:
        steps.drafts_as_inspector(inspector, inspection, case)
    looks_everywhere(inspector, inspection, SAMPLE)
    steps.opens_the_case(inspector, inspection, EXCLUDED)  # of which there is no draft
    inspector.follow("The case and its history")
    inspector.does_not_read(*GRADES)


def nothing_of_the_force_was_received(record: Path) -> None:
    """Search everything that the inspector's browser was sent, shown or not."""
    answers = received(record)
    for case in (
        GRADED_BY_INSPECTORS
    ):  # what they wrote themselves came back, so the record holds what was shown
        assert any(case.inspectors_reason in text for _url, text in answers)
    for url, text in answers:
        assert traces_of_the_force(text, SAMPLE) == [], url


def inspectors_submit_and_see_both_sides(inspector: Person, inspection: str) -> None:
    """With each submission the force's audit of that case comes to light, and of no other."""
    hidden = list(SAMPLE)
    for case in GRADED_BY_INSPECTORS:
        steps.submits_as_inspector(inspector, inspection, case)
        if case in hidden:
            inspector.reads(case.force_reason, case.force_finding, case.inspectors_reason)
            hidden.remove(case)
        assert traces_of_the_force(inspector.source, hidden) == []
    looks_everywhere(inspector, inspection, hidden)


def looks_everywhere(inspector: Person, inspection: str, hidden: list[Case]) -> None:
    """Open every page of the inspection, and the list sorted and narrowed by what the force might have said."""
    inspector.open(inspection)
    for part in ("Sample", "Figures", "History", "Report", "Cases"):
        inspector.turn_to(part)
        assert traces_of_the_force(inspector.source, hidden) == []
    list_of_cases = inspector.page.url
    for question in ("?q=Own+view", "?force_grade=good", "?sort=-grade"):
        inspector.open(list_of_cases + question)
        assert traces_of_the_force(inspector.source, hidden) == []
        if "force_grade" in question:
            inspector.does_not_read(*(case.reference for case in hidden))
    for case in hidden:
        steps.opens_the_case(inspector, inspection, case)
        inspector.follow("The case and its history")
        inspector.does_not_read("Force: audit submitted")
        assert traces_of_the_force(inspector.source, hidden) == []


def traces_of_the_force(text: str, cases: list[Case]) -> list[str]:
    """Return the words of the force's audits of `cases` that `text` holds."""
    words = [word for case in cases for word in (case.force_reason, case.force_finding)]
    return [word for word in words if word in text]


def the_lead_drafts_the_report(lead: Person, inspection: str) -> None:
    """A case is left over: the lead excludes it, and then may go on to sections, recommendations and a draft PDF."""
    waiting = "1 case lacks a submitted audit of the inspectorate: JY-05."
    steps.is_told_why_not_yet(lead, inspection, "Begin drafting", waiting)
    steps.excludes(lead, inspection, EXCLUDED)
    steps.moves_the_inspection(lead, inspection, "Begin drafting", "Drafting")
    sending = "Send the draft for the factual accuracy check"
    steps.is_told_why_not_yet(lead, inspection, sending, "“Summary” has no text.")
    steps.recommends(lead, inspection)
    steps.writes_the_report(lead, inspection)
    for text in pages_of(steps.makes_a_draft_pdf(lead, inspection)):
        assert "draft" in text


def the_force_checks_the_draft(lead: Person, force_lead: Person, inspection: str) -> None:
    """The force learns what inspectors found when the draft is sent, and not before."""
    graded = GRADED_BY_INSPECTORS[0]
    steps.opens_the_case(force_lead, inspection, graded)
    force_lead.reads(graded.force_reason)
    assert graded.inspectors_reason not in force_lead.source
    sending = "Send the draft for the factual accuracy check"
    steps.moves_the_inspection(lead, inspection, sending, "Factual accuracy check")
    steps.opens_the_case(force_lead, inspection, graded)
    force_lead.reads(graded.force_reason, graded.inspectors_reason)
    force_lead.turn_to("Report")
    force_lead.follow("Read the draft as a page")
    force_lead.reads("not published", "knows its children", IMMEDIATE, *POINTS)
    steps.replies_about_the_draft(force_lead, inspection)
    steps.approves_the_report(lead, inspection)


def a_manager_publishes(
    manager: Person, force_lead: Person, inspection: str, demo: DemoRun, mail: MailServer
) -> Published:
    """A manager publishes, and the force's lead finds the report and its dates."""
    report = steps.publishes(manager, inspection)
    pdf = manager.download("Download PDF")
    sha256 = manager.page.locator("code.assay-hash").first.text_content() or ""
    name = manager.page.get_by_role("heading", level=1).inner_text().strip()
    manager.open(inspection)
    manager.turn_to("Figures")
    number = int(inspection.rstrip("/").rpartition("/")[2])
    counted = Counted(demo.run("printenv", "DATABASE_URL").strip(), number)
    statement = "SELECT published_on FROM inspections_inspection WHERE id = %(inspection)s"
    [(published_on,)] = counted.ask(statement)
    assert published_on == dt.datetime.now(LONDON).date()
    finds_report_and_dates(force_lead, name, published_on)
    assert force_lead.page.url == report
    assert force_lead.download("Download PDF") == pdf
    return Published(
        demo.home,
        demo.port,
        mail,
        number,
        name,
        published_on,
        pdf,
        sha256,
        manager.source,
        {what: getattr(counted, what)() for what in COUNTED},
    )


def finds_report_and_dates(force_lead: Person, name: str, published_on: dt.date) -> None:
    """The force's lead looks at what is due when, and opens the report."""
    within_three_months = in_words(months_after(published_on, 3))
    force_lead.go_to("Deadlines")
    force_lead.reads(in_words(published_on), within_three_months)
    force_lead.follow(f"Recommendation 2: {IN_SHORT}")
    force_lead.reads(within_three_months, f"3 months from publication on {in_words(published_on)}.")
    force_lead.go_to("Reports")
    force_lead.follow(name)


def months_after(day: dt.date, months: int) -> dt.date:
    """Rule 6, as somebody else wrote it: calendar months, clamped to the month's end."""
    return day + relativedelta(months=months)
