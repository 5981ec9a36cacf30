"""What recommendations say of the cases is held against the tables as everything else in the report is."""

import pytest
from django.urls import reverse

from accounts.models import Role
from inspections import stages
from inspections.models import Stage
from recommendations import drafting
from reports import guards
from reports.figure_check import questions
from reports.figure_check.outcomes import Verdict
from tests.reports.material import make_reportable_inspection
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db
WRONG = "Nobody had called back in 60 of the 61 cases that were inadequate."


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    made = make_reportable_inspection(Stage.DRAFTING, lead=lead)
    reword(made, lead, 1, "Improve.")  # numbers them all in the order of their themes
    return made


def reword(inspection, lead, number, stem, points=()):
    row = inspection.recommendations.get(number=number)
    return drafting.edit(
        row,
        version=row.version,
        theme=row.theme,
        timescale=row.timescale,
        stem=stem,
        points=points,
        by=lead,
    )


def test_a_recommendation_that_contradicts_the_tables_keeps_the_draft_from_the_force(
    inspection, lead
):
    assert questions.open_questions(inspection) == []
    reword(inspection, lead, 3, WRONG)
    (found,) = questions.open_questions(inspection)
    assert (found.passage.title, found.sentence) == ("Recommendation 3", WRONG)
    assert found.verdict in questions.FLAGGED
    with pytest.raises(stages.NotYet, match="states a figure"):
        stages.move(inspection, "send_for_factual_accuracy", by=lead)


def test_its_points_are_read_too_and_agree_if_they_say_what_was_counted(inspection, lead):
    cases = inspection.cases.count()
    points = [f"reads all {cases} cases again", f"does so in {cases + 1} cases"]
    reword(inspection, lead, 2, "We recommend that within six months the force:", points)
    found = questions.of_draft(inspection)
    assert [each.passage.title for each in found.open] == ["Recommendation 2"]
    assert found.open[0].verdict in {Verdict.DISAGREES, Verdict.CANNOT_PLACE}


@pytest.mark.parametrize(
    "stem",
    [
        "We recommend that, within three months, the force improves how it records what children say.",
        "Within 28 days of this report the force should review its 24-hour cover.",
        "The force should start a training day of six hours for all 40 sergeants by 1 April 2027.",
    ],
)
def test_times_and_other_numbers_are_no_counts(inspection, lead, stem):
    reword(inspection, lead, 1, stem)
    assert questions.open_questions(inspection) == []


def test_a_reason_settles_it_whatever_number_the_recommendation_gets(inspection, lead):
    reword(inspection, lead, 3, WRONG)
    (found,) = questions.open_questions(inspection)
    name = questions.name_of(found)
    first = inspection.recommendations.get(number=1)
    drafting.remove(first, version=first.version, by=lead)
    (found,) = questions.open_questions(inspection)
    assert found.passage.title == "Recommendation 2"
    questions.confirm(inspection, name, reason="Counted by hand.", by=lead)
    first = inspection.recommendations.get(number=1)
    drafting.remove(first, version=first.version, by=lead)
    checked = questions.of_draft(inspection)
    assert checked.open == []
    assert checked.answered[0].found.passage.title == "Recommendation 1"
    reword(inspection, lead, 1, WRONG.replace("60", "59"))
    assert len(questions.open_questions(inspection)) == 1


def test_the_page_leads_to_the_recommendation(client, inspection, lead):
    row = reword(inspection, lead, 3, WRONG)
    client.force_login(lead)
    page = client.get(reverse("reports:checks", args=[inspection.pk])).content.decode()
    assert f'href="{row.get_absolute_url()}"' in page and "Recommendation 3" in page
    (found,) = questions.open_questions(inspection)
    address = reverse("reports:confirm_figure", args=[inspection.pk, questions.name_of(found)])
    assert row.get_absolute_url() in client.get(address).content.decode()
    client.post(address, {"reason": "Counted by hand."})
    assert not [each for each in guards.of_draft(inspection) if "states a figure" in each.text]
