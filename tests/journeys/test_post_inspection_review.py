"""A post-inspection review of the South Wales kind: six earlier recommendations, each of them judged.

The revisit is planned from its deadline; the force reads what inspectors make of it once it checks the draft; with the
report the judgements take effect, and what goes on does so under a recommendation of the review.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from accounts.models import Role
from demo import source
from inspections import frameworks
from inspections.models import Deadline, DeadlineKind, Framework, Inspection, Stage, Theme
from recommendations import drafting, publication
from recommendations.models import Judgement, Recommendation
from reports import sections
from tests.journeys.steps import (
    approves_the_report,
    is_told_why_not_yet,
    moves_the_inspection,
    replies_about_the_draft,
)
from tests.support.factories import (
    PASSWORD,
    make_audit,
    make_case,
    make_force,
    make_inspection,
    make_recommendation,
    make_user,
)
from tests.support.journey import Office, Person
from tests.support.stack import assert_accessible

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]
GOES_ON = "The force should carry on until all of it is done, and report how far it is."


def facts(key: str) -> source.InspectionFacts:
    """What is published about an inspection, as the demo tells it."""
    return next(each for each in source.inspections(dt.date(2026, 1, 1)) if each.key == key)


@pytest.fixture
def earlier(db) -> Inspection:
    """The earlier inspection, published, with its six recommendations; everybody who has to do with it."""
    for name in ("ncpi-2015", "pir-2016"):
        frameworks.load(settings.BASE_DIR / "inspections" / "frameworks" / f"{name}.yaml")
    force = make_force("South Wales Police")
    lead = make_user(Role.LEAD_INSPECTOR, name="Lead", email="lead@assay.example")
    make_user(Role.FORCE_LEAD, force=force, name="Answerer", email="force.lead@assay.example")
    make_user(Role.MANAGER, name="Manager", email="manager@assay.example")
    inspection = make_inspection(
        Stage.FOLLOW_UP, force=force, framework=Framework.objects.get(code="ncpi"), lead=lead
    )
    for one in facts("south-wales-2015").recommendations:
        make_recommendation(
            inspection,
            theme=one.theme,
            timescale=one.timescale,
            stem=one.stem,
            points=one.points,
        )
    publication.count_from(inspection, inspection.published_on)
    owed_by_the_force = inspection.deadlines.exclude(
        kind__in=[DeadlineKind.REVISIT, DeadlineKind.RECOMMENDATION]
    )
    owed_by_the_force.update(met_on=dt.date(2026, 4, 1))
    return inspection


def test_each_of_the_six_earlier_recommendations_is_judged_and_takes_effect_with_the_report(
    earlier: Inspection, browser: Browser, live_server
) -> None:
    office = Office(browser, live_server.url, PASSWORD)
    with office.person("lead") as lead:
        address = plans_the_revisit(lead, earlier)
        review = Inspection.objects.get(parent=earlier)
        bring_in_cases(review)
        moves_the_inspection(lead, address, "Begin fieldwork", "Fieldwork")
        assert not Deadline.objects.open().filter(kind=DeadlineKind.REVISIT).exists()
        judges_in_fieldwork(lead, address, review)
        moves_the_inspection(lead, address, "Begin drafting", "Drafting")
        is_told_why_not_yet(
            lead,
            address,
            "Send the draft for the factual accuracy check",
            "Earlier recommendations 2, 3, 4, 5, 6 have not been judged in this review.",
        )
        judges_while_drafting(lead, address, review)
        write_sections(review)
        moves_the_inspection(
            lead, address, "Send the draft for the factual accuracy check", "Factual accuracy check"
        )

    with office.person("force.lead") as force_lead:
        force_lead.open(address)
        force_lead.turn_to("Review")
        force_lead.reads("6 of 6", "Partly implemented", "Not implemented", "Implemented")
        force_lead.follow("5.", exact=False)
        force_lead.reads("Seen for recommendation 5.")
        assert not force_lead.page.get_by_role("button", name="Save this judgement").count()
        replies_about_the_draft(force_lead, address)
    with office.person("lead") as lead:
        approves_the_report(lead, address)

    assert not Recommendation.objects.filter(inspection=earlier, settled_on__isnull=False)
    with office.person("manager") as manager:
        manager.open(address)
        manager.press("Publish the report")
        manager.press("Publish now")
        manager.reads("has been published.")
    took_effect(earlier, review)

    with office.person("lead") as lead:
        then_and_now(lead, address)
        lead.open(f"/recommendations/{number(earlier, 5).pk}/")
        lead.reads("Seen for recommendation 5.", "Not implemented")
        moves_the_inspection(lead, f"/inspections/{earlier.pk}/", "Close the inspection", "Closed")


def number(inspection: Inspection, wanted: int) -> Recommendation:
    return Recommendation.objects.get(inspection=inspection, number=wanted)


def plans_the_revisit(lead: Person, earlier: Inspection) -> str:
    """From the deadline of the revisit to a review whose form knows the rest; return its address."""
    revisit = Deadline.objects.get(inspection=earlier, kind=DeadlineKind.REVISIT)
    lead.open(f"/deadlines/{revisit.pk}/")
    lead.press("Plan the revisit")  # a link that looks like a button
    lead.fill_date("Fieldwork starts", revisit.due_on)
    lead.fill_date("Fieldwork ends", revisit.due_on + dt.timedelta(days=11))
    lead.press("Plan this inspection")
    lead.reads("The inspection is planned.", "Looks back at")
    return lead.page.url


def bring_in_cases(review: Inspection) -> None:
    """The 24 cases that the published review counts, each with its grade."""
    for row in facts("south-wales-2016").rows:
        case = make_case(review, area=row.area, route="selected")
        make_audit(case, grade=row.inspectorate_grade or "")


def judges_in_fieldwork(lead: Person, address: str, review: Inspection) -> None:
    """Take up the first one: tie a case to it, see what the form asks for, judge it implemented."""
    lead.open(address)
    lead.turn_to("Review")
    lead.reads("0 of 6", "Not judged yet")
    assert_accessible(lead.page)
    lead.press("Judge recommendation 1")
    lead.reads("has not said that it is ready for closure", "Once the report is being drafted")
    case = review.cases.filter(area__code="missing").first()
    assert case
    lead.page.get_by_text("Choose the cases").click()
    lead.choose(f"{case.reference}, {case.area.label}")
    lead.press("Save these cases")
    lead.reads("The cases are saved.", case.reference)
    lead.press("Save this judgement")
    lead.reads("Select what you conclude", "Enter the finding")
    assert_accessible(lead.page)
    judges(lead, 1, "Implemented")


def judges(lead: Person, wanted: int, outcome: str) -> None:
    lead.choose(outcome)
    lead.fill("Finding", f"Seen for recommendation {wanted}.")
    lead.press("Save this judgement")
    lead.reads(f"Recommendation {wanted} is judged.", f"{wanted} of 6")


def judges_while_drafting(lead: Person, address: str, review: Inspection) -> None:
    """Judge the other five: four go on under the review's own recommendation, one is carried forward."""
    framework = review.framework
    drafting.add(
        review,
        theme=Theme.objects.get(framework=framework, code="leadership"),
        timescale=framework.timescales.get(code="none"),
        stem=GOES_ON,
        by=review.team.get().user,
    )
    lead.open(address)
    lead.turn_to("Review")
    for wanted, outcome in ((2, "Partly implemented"), (3, "Partly implemented"), (4, "Not implemented")):  # fmt: skip
        lead.press(f"Judge recommendation {wanted}")
        replaces(lead)
        judges(lead, wanted, outcome)
    lead.press("Judge recommendation 5")
    lead.choose("Carry it forward: recommend the same again in this report")
    assert_accessible(lead.page)
    judges(lead, 5, "Not implemented")
    lead.press("Judge recommendation 6")
    replaces(lead)
    judges(lead, 6, "Partly implemented")
    lead.turn_to("Recommendations")
    lead.reads(GOES_ON, number(review.parent, 5).stem)


def replaces(lead: Person) -> None:
    lead.choose("Replace it with a recommendation of this report")
    box = lead.page.get_by_label("Replaced by", exact=True)
    option = box.locator("option", has_text=GOES_ON).first.get_attribute("value")
    box.select_option(value=option)


def write_sections(review: Inspection) -> None:
    lead = review.team.get().user
    for place in sections.places(review):
        sections.save_section(review, place, body="What was found.", version=0, by=lead)


def took_effect(earlier: Inspection, review: Inspection) -> None:
    review.refresh_from_db()
    judged = list(Recommendation.objects.filter(inspection=earlier).order_by("number"))
    assert [each.outcome for each in judged] == [
        "implemented",
        *["partly"] * 2,
        *["not_implemented"] * 2,
        "partly",
    ]
    assert {each.settled_on for each in judged} == {review.published_on}
    own = {each.stem: each for each in review.recommendations.all()}
    assert judged[0].continued_by is None
    assert judged[4].continued_by == own[judged[4].stem]
    assert {judged[place].continued_by for place in (1, 2, 3, 5)} == {own[GOES_ON]}
    assert own[judged[4].stem].deadline.counts_from == review.published_on
    assert Judgement.objects.filter(took_effect_at__isnull=False).count() == 6
    assert not Deadline.objects.open().filter(inspection=earlier).exists()


def then_and_now(lead: Person, address: str) -> None:
    """Grades stand side by side, and those of two scales in tables of their own."""
    lead.open(address)
    lead.turn_to("Follow-up")
    lead.page.get_by_role("navigation", name="Sections").get_by_role(
        "link", name="Then and now"
    ).click()
    lead.reads("No grades of single cases are known of the earlier inspection.")
    lead.reads("no grades of single cases are known of the earlier inspection", "24")
    assert_accessible(lead.page)
