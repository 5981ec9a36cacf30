"""What the figure check asks about figures that were inserted, about notices, and again about what was confirmed."""

import pytest
from django.urls import reverse

from accounts.models import Role
from inspections.models import Side, Stage
from reports import corrections, drafted, guards
from reports.figure_check import questions
from reports.figure_check.outcomes import Verdict
from reports.models import ReportSection
from tests.reports.material import make_reportable_inspection, published
from tests.support.factories import make_audit, make_case, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    return make_reportable_inspection(Stage.DRAFTING, lead=lead)


def write(inspection, body):
    ReportSection.objects.filter(inspection=inspection, kind="summary").update(body=body)


def asked(inspection):
    return [(each.sentence, each.verdict) for each in questions.open_questions(inspection)]


@pytest.mark.parametrize(
    "text",
    [
        "[[figure recommendations]] cases were good.",
        "[[figure cases.good]] recommendations are made.",
        "[[figure cases.custody.good]] of the domestic abuse cases were good.",
        "[[figure force.good]] cases were graded good by inspectors.",
        "Of [[figure cases]] cases, [[figure same]] were good.",
        "We agreed with the force in [[figure force-higher]] cases.",
        "3[[figure cases.good digits]] cases were good.",
        "[[figure cases.good]]ty cases were good.",
        "[[figure cases.good]]-five cases were good.",
        "[[figure cases.good digits]]% of cases were good.",
        "[[figure cases.good digits]],000 cases were good.",
    ],
)
def test_a_figure_that_counts_something_else_than_the_words_around_it_is_asked_about(
    inspection, text
):
    write(inspection, text)
    assert len(asked(inspection)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[[figure cases.good]] of [[figure cases]] cases were good.",
        "[[figure cases.custody.good]] of the [[figure cases.custody]] custody cases were good.",
        "Of the cases in custody, [[figure cases.custody.inadequate]] were inadequate.",
        "The force graded [[figure force.good]] of its cases good.",
        "Both sides gave the same grade in [[figure same]] of [[figure compared]] cases.",
        "The force graded [[figure force-higher]] cases better than inspectors did, and [[figure force-lower]] worse.",
        "We make [[figure recommendations]] recommendations.",
        "Exploitation came out worst: [[figure cases.exploitation.inadequate]] of [[figure cases.exploitation]] cases "
        "were inadequate, and [[figure cases.custody.good]] custody cases were good.",
        "In [[figure cases.custody.inadequate]] cases nobody had asked for other accommodation.",
    ],
)
def test_a_figure_that_counts_what_its_sentence_says_is_not(inspection, text):
    write(inspection, text)
    assert asked(inspection) == []


def test_a_confirmed_count_is_asked_about_again_when_the_cases_change(inspection, lead):
    cases = drafted.document(inspection).figures.cases
    write(inspection, f"We examined {cases + 1} cases.")
    (found,) = questions.open_questions(inspection)
    questions.confirm(inspection, questions.name_of(found), reason="One was returned.", by=lead)
    assert asked(inspection) == []
    case = make_case(inspection, area=inspection.framework.areas.all()[0].code, reference="ZZ-1")
    make_audit(case, Side.INSPECTORATE, "good", by=lead)
    case = make_case(inspection, area=inspection.framework.areas.all()[0].code, reference="ZZ-2")
    make_audit(case, Side.INSPECTORATE, "good", by=lead)
    assert len(asked(inspection)) == 1


def test_a_confirmed_sentence_that_stands_a_second_time_is_asked_about_there(inspection, lead):
    once = "In seven cases nobody had called back."
    write(inspection, f"We looked at custody.\n\n{once}")
    (found,) = questions.open_questions(inspection)
    questions.confirm(inspection, questions.name_of(found), reason="Counted by hand.", by=lead)
    write(
        inspection, f"We looked at custody.\n\n{once}\n\nThen we read of domestic abuse.\n\n{once}"
    )
    assert [sentence for sentence, _verdict in asked(inspection)] == [once]


def test_a_confirmed_sentence_is_asked_about_again_under_another_heading(inspection, lead):
    once = "In seven cases nobody had called back."
    write(inspection, f"## Custody\n\n{once}")
    (found,) = questions.open_questions(inspection)
    questions.confirm(inspection, questions.name_of(found), reason="Counted by hand.", by=lead)
    assert asked(inspection) == []
    write(inspection, f"## Domestic abuse\n\n{once}")
    assert [sentence for sentence, _verdict in asked(inspection)] == [once]


def test_the_notice_of_a_correction_is_read_like_every_other_text(lead):
    inspection = make_reportable_inspection(lead=lead)
    published(inspection, by=make_user(Role.MANAGER))
    inspection.refresh_from_db()
    opened = corrections.open_one(inspection, notice="998 of the 61 cases were good.", by=lead)
    assert [verdict for _sentence, verdict in asked(inspection)] == [Verdict.DISAGREES]
    assert any("states a figure" in each.text for each in guards.before_approval(inspection))
    corrections.reword(opened, notice="A sentence on custody was put right.", by=lead)
    assert asked(inspection) == []


def test_the_page_of_checks_leads_to_the_notice(client, lead):
    inspection = make_reportable_inspection(lead=lead)
    published(inspection, by=make_user(Role.MANAGER))
    inspection.refresh_from_db()
    corrections.open_one(inspection, notice="998 of the 61 cases were good.", by=lead)
    client.force_login(lead)
    page = client.get(reverse("reports:checks", args=[inspection.pk])).content.decode()
    assert (
        f'href="{reverse("reports:correction", args=[inspection.pk])}"'
        in page.partition("<main")[2]
    )
