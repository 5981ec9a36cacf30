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
    IMMEDIATE,
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
        inspection = the_force_grades_its_sample(office)
        inspectors_grade_without_seeing_that(office, inspection, folder / "received.har")
        the_lead_drafts_the_report(office, inspection)
        the_force_checks_the_draft(office, inspection)
        return a_manager_publishes(office, inspection, demo, mail)


def the_force_grades_its_sample(office: Office) -> str:
    """The lead plans the inspection, the assessor puts in cases and grades them; return its address."""
    with office.person("lead") as lead, office.person("force.assessor") as assessor:
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
        steps.moves_the_inspection(lead, inspection, "Begin fieldwork", "Fieldwork")
    return inspection


def inspectors_grade_without_seeing_that(office: Office, inspection: str, record: Path) -> None:
    """Everything is drafted with the browser on record, so that nothing of the force can have been there unseen."""
    with office.person_on_record("inspector", record) as inspector:
        looks_everywhere(inspector, inspection)
        steps.selects_a_case(inspector, inspection, SELECTED)
        for case in GRADED_BY_INSPECTORS:
            steps.drafts_as_inspector(inspector, inspection, case)
        looks_everywhere(inspector, inspection)
    answers = received(record)
    assert sum("/cases/" in url for url, _text in answers) > len(GRADED_BY_INSPECTORS)
    for url, text in answers:
        assert traces_of_the_force(text, SAMPLE) == [], url

    with office.person("inspector") as inspector:
        hidden = list(SAMPLE)
        for case in GRADED_BY_INSPECTORS:
            steps.submits_as_inspector(inspector, inspection, case)
            if case in hidden:
                inspector.reads(case.force_reason, case.force_finding, case.inspectors_reason)
                hidden.remove(case)
            assert traces_of_the_force(inspector.source, hidden) == []
        looks_everywhere(inspector, inspection, hidden)


def looks_everywhere(inspector: Person, inspection: str, hidden: list[Case] = SAMPLE) -> None:
    """Open every page of the inspection, and the list sorted and narrowed by what the force might have said."""
    inspector.open(inspection)
    for part in ("Sample", "Figures", "History", "Report", "Cases"):
        inspector.turn_to(part)
        assert traces_of_the_force(inspector.source, hidden) == []
    list_of_cases = inspector.page.url
    for question in ("?q=Own+view", "?force_grade=good", "?sort=force_grade", "?sort=-force_grade"):
        inspector.open(list_of_cases + question)
        assert traces_of_the_force(inspector.source, hidden) == []
    for case in hidden:
        inspector.open(list_of_cases)
        inspector.follow(case.reference)
        inspector.does_not_read("What the audits say")
        assert traces_of_the_force(inspector.source, hidden) == []


def traces_of_the_force(text: str, cases: list[Case]) -> list[str]:
    """Return the words of the force's audits of `cases` that `text` holds."""
    words = [word for case in cases for word in (case.force_reason, case.force_finding)]
    return [word for word in words if word in text]


def the_lead_drafts_the_report(office: Office, inspection: str) -> None:
    """A case is left over: the lead excludes it, and then may go on to sections, recommendations and a draft PDF."""
    with office.person("lead") as lead:
        waiting = "1 case lacks a submitted audit of the inspectorate: JY-05."
        steps.is_told_why_not_yet(lead, inspection, "Begin drafting", waiting)
        steps.excludes(lead, inspection, EXCLUDED)
        steps.moves_the_inspection(lead, inspection, "Begin drafting", "Drafting")
        steps.is_told_why_not_yet(
            lead,
            inspection,
            "Send the draft for the factual accuracy check",
            "“Summary” has no text.",
        )
        steps.recommends(lead, inspection)
        steps.writes_the_report(lead, inspection)
        for text in pages_of(steps.makes_a_draft_pdf(lead, inspection)):
            assert "Draft" in text


def the_force_checks_the_draft(office: Office, inspection: str) -> None:
    """The force learns what inspectors found when the draft is sent, and not before."""
    graded = GRADED_BY_INSPECTORS[0]
    with office.person("force.lead") as force_lead, office.person("lead") as lead:
        steps.opens_the_case(force_lead, inspection, graded)
        force_lead.reads(graded.force_reason)
        assert graded.inspectors_reason not in force_lead.source
        steps.moves_the_inspection(
            lead,
            inspection,
            "Send the draft for the factual accuracy check",
            "Factual accuracy check",
        )
        steps.opens_the_case(force_lead, inspection, graded)
        force_lead.reads(graded.force_reason, graded.inspectors_reason)
        force_lead.turn_to("Report")
        force_lead.follow("Read the draft as a page")
        force_lead.reads("not published", "knows its children", IMMEDIATE, *POINTS)


def a_manager_publishes(
    office: Office, inspection: str, demo: DemoRun, mail: MailServer
) -> Published:
    """A manager publishes, and the force's lead finds the report and its dates."""
    number = int(inspection.rstrip("/").rpartition("/")[2])
    with office.person("manager") as manager:
        report = steps.publishes(manager, inspection)
        pdf = manager.download("Download PDF")
        sha256 = manager.page.locator("code.assay-hash").inner_text()
        name = manager.page.get_by_role("heading", level=1).inner_text().strip()
        manager.open(inspection)
        manager.turn_to("Figures")
        figures_page = manager.source
    counted = Counted(demo.run("printenv", "DATABASE_URL").strip(), number)
    [(published_on,)] = counted.ask(
        "SELECT published_on FROM inspections_inspection WHERE id = %(inspection)s"
    )
    assert published_on == dt.datetime.now(LONDON).date()
    with office.person("force.lead") as force_lead:
        force_lead.go_to("Deadlines")
        force_lead.reads(in_words(published_on), in_words(months_after(published_on, 3)))
        force_lead.go_to("Reports")
        force_lead.open(report)
        assert force_lead.download("Download PDF") == pdf
    counts = {
        name: getattr(counted, name)()
        for name in (
            "grades",
            "headline",
            "by_route",
            "by_area",
            "matrix",
            "force_sample",
            "sample",
        )
    }
    return Published(
        demo.home, demo.port, mail, number, name, published_on, pdf, sha256, figures_page, counts
    )


def months_after(day: dt.date, months: int) -> dt.date:
    """Rule 6, as somebody else wrote it: calendar months, clamped to the month's end."""
    return day + relativedelta(months=months)
