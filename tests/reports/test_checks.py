"""The checks of a draft: what it cannot be published with, and what somebody should look at again."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.errors import NotAllowed
from accounts.models import Role
from cases.models import Audit, Finding, FindingKind
from cases.personal_data import LooksPersonal
from inspections import stages
from inspections.models import Side, Stage
from reports import drafted, guards, house_style, traceability
from reports.figure_check import questions
from reports.figure_check.outcomes import Verdict
from reports.models import CaseExample, FigureConfirmation, ReportSection
from tests.reports.material import approved, make_reportable_inspection
from tests.support.factories import make_user
from tests.support.stack import assert_accessible, follow

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    return make_reportable_inspection(Stage.DRAFTING, lead=lead)


def write(inspection, body, **section):
    wanted = section or {"kind": "summary"}
    ReportSection.objects.filter(inspection=inspection, **wanted).update(body=body)


def totals(inspection):
    document = drafted.document(inspection)
    return document.figures.cases, document.figures.headline.counts


def checks_url(inspection):
    return reverse("reports:checks", args=[inspection.pk])


def test_a_report_whose_text_contradicts_its_counts_is_neither_sent_nor_published(inspection, lead):
    cases, counts = totals(inspection)
    write(inspection, f"Of {cases} cases, {counts[0] + 1} were good.")
    found = questions.of_draft(inspection)
    assert [each.verdict for each in found.open] == [Verdict.DISAGREES]
    assert found.open[0].counted == ((counts[0], "Good, all cases"),)
    assert any(
        "states a figure that no table has" in text for text in guards.guard(inspection, "publish")
    )
    with pytest.raises(stages.NotYet, match="states a figure"):
        stages.move(inspection, "send_for_factual_accuracy", by=lead)
    write(inspection, f"Of {cases} cases, {counts[0]} were good.")
    assert questions.open_questions(inspection) == []
    stages.move(inspection, "send_for_factual_accuracy", by=lead)
    assert approved(inspection)


def test_a_sentence_stands_by_a_reason_until_its_words_change(inspection, lead):
    write(inspection, "In seven cases nobody had called back.")
    asked = questions.open_questions(inspection)
    name = questions.name_of(asked[0])
    with pytest.raises(questions.NoReason):
        questions.confirm(inspection, name, reason="  ", by=lead)
    questions.confirm(inspection, name, reason="Counted by hand from the files.", by=lead)
    done = questions.of_draft(inspection)
    assert not done.open
    assert done.answered[0].confirmation.by == lead
    with pytest.raises(questions.NotAsked):
        questions.confirm(inspection, name, reason="Again.", by=lead)
    write(inspection, "In nine cases nobody had called back.")
    assert len(questions.open_questions(inspection)) == 1


def test_figures_that_were_inserted_follow_the_cases_and_are_never_asked_about(inspection):
    write(inspection, "[[figure cases.good]] of [[figure cases]] cases were good.")
    assert questions.of_draft(inspection).open == []
    assert questions.of_draft(inspection).agreeing >= 1
    write(inspection, "[[figure cases.good]] cases were inadequate.")
    assert [each.verdict for each in questions.open_questions(inspection)] == [Verdict.DISAGREES]


def test_only_the_team_confirms_and_only_while_it_is_open(inspection, lead):
    write(inspection, "In seven cases nobody had called back.")
    name = questions.name_of(questions.open_questions(inspection)[0])
    for other in (make_user(Role.INSPECTOR), make_user(Role.MANAGER)):
        with pytest.raises(NotAllowed):
            questions.confirm(inspection, name, reason="It is right.", by=other)
    inspection.stage = Stage.FIELDWORK
    inspection.save()
    with pytest.raises(NotAllowed):
        questions.confirm(inspection, name, reason="It is right.", by=lead)


def test_a_reason_names_nobody(inspection, lead):
    write(inspection, "In seven cases nobody had called back.")
    name = questions.name_of(questions.open_questions(inspection)[0])
    with pytest.raises(LooksPersonal):
        questions.confirm(
            inspection, name, reason="Counted by Mrs Jane Smith, 020 7946 0018.", by=lead
        )
    assert not FigureConfirmation.objects.exists()


def test_the_house_style_of_the_framework_is_remarked_and_forbids_nothing(inspection):
    name = inspection.force.name
    write(
        inspection, f"{name} trains staff and officers. {name} does it well, whilst others do not."
    )
    document = drafted.document(inspection)
    remarks = [
        (each.words, each.prefer)
        for each in house_style.remarks(document, inspection.framework)
        if each.passage.key == "summary"
    ]
    assert (name, "the force") in remarks
    assert ("staff and officers", "officers and staff") in remarks
    assert ("whilst", "while or among") in remarks
    assert guards.of_draft(inspection) == []
    inspection.framework.house_style = []
    assert house_style.remarks(document, inspection.framework) == []


def weakness(inspection, theme, grade, *, cases):
    audits = Audit.objects.filter(
        case__inspection=inspection, side=Side.INSPECTORATE, final_grade__code=grade
    ).order_by("pk")[:cases]
    for audit in audits:
        Finding.objects.create(
            audit=audit,
            framework=inspection.framework,
            theme=inspection.framework.themes.get(code=theme),
            kind=FindingKind.WEAKNESS,
            text="Nobody wrote it down.",
        )


def gaps(inspection, user):
    document = drafted.document(inspection)
    lines = traceability.lines(inspection, user)
    return [gap.text for gap in traceability.gaps(inspection, document, lines)]


def test_what_does_not_lead_from_weakness_to_recommendation_is_pointed_at(inspection, lead):
    inspection.recommendations.filter(theme__code="trusted-adult").delete()
    write(inspection, "The force needs to improve how children find a trusted adult.")
    number = inspection.recommendations.filter(theme__code="investigation")[0].number
    found = gaps(inspection, lead)
    assert any(text.startswith("The summary calls for better “Trusted adult”") for text in found)
    assert any(f"{number}" in text and "no weakness was found" in text for text in found)
    weakness(inspection, "investigation", "inadequate", cases=9)
    weakness(inspection, "decision-making", "inadequate", cases=9)
    write(inspection, "", theme__code="decision-making")
    found = gaps(inspection, lead)
    assert not any("“Investigation”, where no weakness" in text for text in found)
    assert any(text.startswith("“Decision-making” has no text, and ") for text in found)
    line = next(
        each for each in traceability.lines(inspection, lead) if each.theme.code == "investigation"
    )
    assert (line.weaknesses, line.cases, line.lowest) == (9, 9, 9)
    assert number in [each for each, _url in line.recommendations]


def test_a_case_that_is_told_twice_is_pointed_at(inspection, lead):
    case = inspection.cases.first()
    for again in ("", "Another theme."):
        CaseExample.objects.create(
            inspection=inspection,
            framework=inspection.framework,
            case=case,
            theme=inspection.framework.themes.first(),
            good=False,
            text="A child waited.",
            told_again=again,
            author=lead,
        )
    assert f"Case {case.reference} is told 2 times." in gaps(inspection, lead)


def test_the_page_shows_all_checks_and_takes_a_reason(client, inspection, lead):
    write(inspection, "In seven cases nobody had called back, whilst 99 cases were good.")
    client.force_login(lead)
    page = client.get(checks_url(inspection))
    assert "In seven cases nobody had called back" in page.text
    assert "whilst" in page.text
    name = questions.name_of(questions.open_questions(inspection)[0])
    url = reverse("reports:confirm_figure", args=[inspection.pk, name])
    assert "Enter why the sentence stands" in client.post(url, {"reason": ""}).text
    answer = client.post(url, {"reason": "Counted by hand."}, follow=True)
    assert "The sentence stands, with your reason." in answer.text
    assert "Counted by hand." in answer.text
    assert client.get(url).status_code == 302


def test_the_force_and_others_do_not_see_the_checks(client, inspection):
    inspection.stage = Stage.FACTUAL_ACCURACY
    inspection.save()
    for user in (
        make_user(Role.FORCE_LEAD, force=inspection.force),
        make_user(Role.INSPECTOR),
    ):
        client.force_login(user)
        assert client.get(checks_url(inspection)).status_code == 404
    client.force_login(make_user(Role.MANAGER))
    assert client.get(checks_url(inspection)).status_code == 200


def test_the_page_asks_a_fixed_number_of_questions(
    client, inspection, lead, django_assert_max_num_queries
):
    client.force_login(lead)
    for body in ("It works.", " ".join(f"In {n} cases nobody had called." for n in range(20, 60))):
        write(inspection, body)
        with django_assert_max_num_queries(55):
            client.get(checks_url(inspection))


def test_a_sentence_is_confirmed_in_a_browser(live_server, new_page, client, inspection, lead):
    write(inspection, "In seven cases nobody had called back.")
    client.force_login(lead)
    session = client.cookies["sessionid"].value
    page = new_page()
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(live_server.url + checks_url(inspection))
    assert_accessible(page)
    follow(page.get_by_role("link", name="Confirm"))
    assert_accessible(page)
    page.get_by_label("Why does the sentence stand?").fill("Counted by hand.")
    follow(page.get_by_role("button", name="The sentence stands"))
    expect(page.get_by_text("Counted by hand.")).to_be_visible()
