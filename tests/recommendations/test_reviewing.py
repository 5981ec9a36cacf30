"""A review or re-inspection takes up what an earlier inspection recommended."""

import datetime as dt
import re

import pytest

from accounts.errors import NotAllowed
from accounts.models import Role
from cases import figures
from inspections import planning, stages
from inspections.models import Deadline, DeadlineKind, InspectionKind, Stage
from recommendations import guards, judging, publication, reviewing, then_and_now
from recommendations.models import Judgement, Recommendation, ReviewedCase
from reports import sections
from reports.document import Document
from reports.guards import doubts
from tests.reports.material import published
from tests.support.factories import (
    make_audit,
    make_case,
    make_force,
    make_framework,
    make_inspection,
    make_recommendation,
    make_user,
)

pytestmark = pytest.mark.django_db
FINDING = "Seen in the files."


@pytest.fixture
def force():
    return make_force()


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def earlier(force, lead):
    inspection = make_inspection(Stage.FOLLOW_UP, force=force, lead=lead)
    for points in ((), ("of visits", "of meetings")):
        make_recommendation(inspection, points=points)
    publication.count_from(inspection, inspection.published_on)
    return inspection


@pytest.fixture
def review(earlier, lead):
    return make_inspection(
        Stage.DRAFTING,
        force=earlier.force,
        framework=earlier.framework,
        lead=lead,
        parent=earlier,
        kind=InspectionKind.POST_INSPECTION_REVIEW,
        fieldwork_start=dt.date(2026, 8, 3),
        fieldwork_end=dt.date(2026, 8, 14),
    )


def number(inspection, wanted):
    return Recommendation.objects.get(inspection=inspection, number=wanted)


def test_no_review_is_sent_before_it_has_judged_everything_that_is_open(earlier, review, lead):
    missing = guards.guard(review, "send_for_factual_accuracy")
    assert missing == ["Earlier recommendations 1, 2 have not been judged in this review."]
    judging.judge(number(earlier, 2), outcome="implemented", finding=FINDING, by=lead)
    assert guards.guard(review, "publish") == [
        "Earlier recommendation 1 has not been judged in this review."
    ]
    reviewing.judge(number(earlier, 1), review, outcome="partly", finding=FINDING, by=lead)
    assert guards.guard(review, "publish") == []
    assert guards.guard(review, "begin_drafting") == []


def test_an_inspection_closes_only_when_every_recommendation_has_its_final_judgement(earlier, lead):
    assert guards.guard(earlier, "close") == ["Recommendations 1, 2 have not been judged."]
    judging.judge(number(earlier, 1), outcome="partly", finding=FINDING, by=lead)
    judging.judge(number(earlier, 2), outcome="implemented", finding=FINDING, by=lead)
    assert guards.guard(earlier, "close") == [
        "Recommendation 1 is not implemented yet, and no later one has taken its place."
    ]
    judging.judge(number(earlier, 1), outcome="no_longer_applicable", finding=FINDING, by=lead)
    assert guards.guard(earlier, "close") == []


def test_carried_forward_it_is_recommended_again_in_the_same_words(earlier, review, lead):
    old = number(earlier, 2)
    framework = review.framework
    theme, timescale = framework.themes.last(), framework.timescales.get(code="six-months")
    judgement = reviewing.judge(
        old, review, outcome="partly", finding=FINDING, by=lead, carry_to=(theme, timescale)
    )

    new = review.recommendations.get()
    assert judgement.continued_by == new
    assert (new.stem, new.theme, new.timescale) == (old.stem, theme, timescale)
    assert [point.text for point in new.points.all()] == ["of visits", "of meetings"]


def test_nothing_is_carried_forward_if_the_judgement_is_refused(earlier, review, lead):
    framework = review.framework
    parts = (framework.themes.last(), framework.timescales.last())
    with pytest.raises(judging.NoSuccessor):
        reviewing.judge(
            number(earlier, 1),
            review,
            outcome="implemented",
            finding=FINDING,
            by=lead,
            carry_to=parts,
        )
    assert not review.recommendations.exists()


def test_a_successor_that_is_removed_from_the_draft_leaves_the_old_one_owed(earlier, review, lead):
    later = make_recommendation(review)
    old = number(earlier, 1)
    judgement = reviewing.judge(
        old, review, outcome="partly", finding=FINDING, by=lead, successor=later
    )
    later.delete()
    judging.take_effect(review, by=lead)

    old.refresh_from_db()
    assert (old.outcome, old.settled_on) == ("partly", None)
    judgement.refresh_from_db()
    assert judgement.continued_by is None


def test_cases_of_the_review_are_tied_to_what_they_were_looked_at_for(earlier, review, lead):
    old = number(earlier, 1)
    first, second, third = (make_case(review) for _ in range(3))
    reviewing.tie_cases(review, old, [first, second], by=lead)
    reviewing.tie_cases(review, old, [second, third], by=lead)

    assert set(reviewing.cases_of(review, old, lead)) == {second, third}
    rows = reviewing.earlier(review, lead)
    assert [len(row.cases) for row in rows] == [2, 0]
    with pytest.raises(reviewing.NotOfThisReview):
        reviewing.tie_cases(review, old, [make_case(earlier)], by=lead)
    with pytest.raises(NotAllowed):
        reviewing.tie_cases(review, old, [], by=make_user(Role.LEAD_INSPECTOR))
    assert ReviewedCase.objects.count() == 2


def test_the_force_reads_what_the_review_says_once_it_checks_the_draft(earlier, review, lead):
    force_lead = make_user(Role.FORCE_LEAD, force=earlier.force)
    reviewing.judge(number(earlier, 1), review, outcome="partly", finding=FINDING, by=lead)
    assert not reviewing.may_read(review, force_lead)
    review.stage = Stage.FACTUAL_ACCURACY
    review.save()

    assert reviewing.may_read(review, force_lead)
    judged = [row.judgement for row in reviewing.earlier(review, force_lead)]
    assert judged == [Judgement.objects.get(), None]
    assert not reviewing.may_read(earlier, force_lead)


def test_its_report_published_the_judgements_take_effect_with_it(earlier, review, lead):
    later = make_recommendation(review)
    judged = {1: ("implemented", None), 2: ("not_implemented", later)}
    for wanted, (outcome, successor) in judged.items():
        reviewing.judge(
            number(earlier, wanted),
            review,
            outcome=outcome,
            finding=FINDING,
            by=lead,
            successor=successor,
        )
    for place in sections.places(review):
        sections.save_section(review, place, body="Nothing more.", version=0, by=lead)
    stages.move(review, "send_for_factual_accuracy", by=lead)
    report = published(review, by=make_user(Role.MANAGER), published_on=dt.date(2026, 9, 1))

    first, second = number(earlier, 1), number(earlier, 2)
    assert first.settled_on == second.settled_on == dt.date(2026, 9, 1)
    assert second.continued_by == later
    assert first.deadline.met_on == dt.date(2026, 9, 1)
    assert second.deadline.lapsed_on == dt.date(2026, 9, 1)
    later.refresh_from_db()
    assert later.deadline.counts_from == dt.date(2026, 9, 1)
    assert guards.guard(earlier, "close") == []
    printed = Document.from_json(report.document).earlier.judgements
    assert [(one.number, one.outcome, one.continued_by) for one in printed] == [
        (1, "Implemented", None),
        (2, "Not implemented", later.number),
    ]


def test_a_finding_that_looks_personal_is_pointed_out_before_publication(earlier, review, lead):
    words = "Write to jo@example.org about it."
    recommendation = number(earlier, 1)
    Judgement.objects.create(
        recommendation=recommendation, outcome="partly", finding=words, made_in=review, by=lead
    )
    found = doubts(review, lead)
    assert [doubt.url for doubt in found] == [one(review, recommendation)]


def test_coming_back_meets_the_revisit(earlier, lead):
    revisit = Deadline.objects.get(inspection=earlier, kind=DeadlineKind.REVISIT)
    assert revisit.met_on is None
    again = planning.plan(
        force=earlier.force,
        framework=make_framework(quota=0),
        kind=InspectionKind.RE_INSPECTION,
        fieldwork_start=dt.date(2026, 8, 3),
        fieldwork_end=dt.date(2026, 8, 14),
        parent=earlier,
        by=lead,
    )
    revisit.refresh_from_db()
    assert revisit.met_on is None, "planned is not done"
    stages.move(again, "begin_fieldwork", by=lead)
    revisit.refresh_from_db()
    assert revisit.met_on is not None


def test_grades_then_and_now_stand_side_by_side_only_on_one_scale(earlier, review, lead):
    make_audit(make_case(earlier, area="alpha"), grade="bad")
    make_audit(make_case(review, area="alpha"), grade="good")
    same = then_and_now.compare(earlier, review, lead)
    assert same.same_scale
    alpha = same.areas[0]
    assert (alpha.then.counts, alpha.now.counts) == ((0, 0, 1), (1, 0, 0))
    assert same.then == figures.for_report(earlier)

    other = make_inspection(
        Stage.PUBLISHED,
        force=earlier.force,
        parent=earlier,
        kind=InspectionKind.RE_INSPECTION,
        framework=make_framework(),
    )
    assert not then_and_now.compare(earlier, other, lead).same_scale


@pytest.mark.parametrize("page", ["review", "then-and-now"])
def test_who_may_open_the_pages(client, earlier, review, lead, page):
    path = f"/inspections/{review.pk}/{page}/"

    def status(user):
        client.force_login(user)
        return client.get(path).status_code

    assert [status(user) for user in (lead, make_user(Role.MANAGER))] == [200, 200]
    force_lead = make_user(Role.FORCE_LEAD, force=earlier.force)
    for user in (force_lead, make_user(Role.INSPECTOR), make_user(Role.ADMINISTRATOR)):
        assert status(user) == 404
    review.stage = Stage.FACTUAL_ACCURACY
    review.save()
    assert status(force_lead) == 200
    assert status(make_user(Role.FORCE_LEAD)) == 404
    client.force_login(lead)
    assert client.get(f"/inspections/{earlier.pk}/{page}/").status_code == 404


def one(review, recommendation):
    return f"/inspections/{review.pk}/review/{recommendation.pk}/"


def test_judged_and_tied_on_the_page(client, earlier, review, lead):
    case, old = make_case(review), number(earlier, 1)
    client.force_login(lead)
    path = one(review, old)
    assert "No case has been tied" in client.get(path).content.decode()

    client.post(path, {"action": "tie", "cases": [case.pk]})
    assert reviewing.cases_of(review, old, lead) == [case]
    answer = client.post(
        path,
        {
            "action": "judge",
            "outcome": "partly",
            "finding": FINDING,
            "then": "carry",
            "theme": review.framework.themes.first().pk,
            "timescale": review.framework.timescales.first().pk,
            "seen": ":",
        },
    )
    assert answer.status_code == 302
    page = client.get(f"/inspections/{review.pk}/review/").content.decode()
    assert case.reference in page
    assert "goes on as recommendation 1" in page
    assert "Judge recommendation 2" in page


def test_the_page_asks_for_what_is_missing(client, earlier, review, lead):
    client.force_login(lead)
    path = one(review, number(earlier, 1))
    typed = {"action": "judge", "outcome": "partly", "finding": FINDING, "seen": ":"}

    page = client.post(path, {**typed, "then": "replace"}).content.decode()
    assert "Select the recommendation that replaces it" in page
    page = client.post(path, {**typed, "then": "carry"}).content.decode()
    assert "Select one for what is carried forward" in page
    assert not Judgement.objects.exists()


def test_two_who_judge_at_once_do_not_overwrite_each_other(client, earlier, review, lead):
    old = number(earlier, 1)
    reviewing.judge(old, review, outcome="implemented", finding="All there.", by=lead)
    client.force_login(lead)
    typed = {"action": "judge", "outcome": "partly", "finding": "Half.", "seen": ":"}

    answer = client.post(one(review, old), {**typed, "then": "owed"})
    assert answer.status_code == 409
    assert "All there." in answer.content.decode()
    assert Judgement.objects.count() == 1


def test_once_sent_to_the_force_nothing_is_judged_on_the_page(client, earlier, review, lead):
    review.stage = Stage.FACTUAL_ACCURACY
    review.save()
    client.force_login(lead)
    path = one(review, number(earlier, 1))

    assert "Save this judgement" not in client.get(path).content.decode()
    typed = {"action": "judge", "outcome": "implemented", "finding": FINDING, "seen": ":"}
    client.post(path, typed)
    assert not Judgement.objects.exists()


def test_a_revisit_is_planned_from_its_deadline_with_what_is_known_filled_in(client, earlier, lead):
    revisit = Deadline.objects.get(inspection=earlier, kind=DeadlineKind.REVISIT)
    client.force_login(lead)
    page = client.get(f"/deadlines/{revisit.pk}/").content.decode()
    href = f"/inspections/new/?force={earlier.force_id}&amp;parent={earlier.pk}"
    assert "Plan the revisit" in page
    assert href in page
    form = client.get(href.replace("&amp;", "&")).content.decode()
    assert f'<option value="{earlier.pk}" selected>' in form
    assert re.search(r'value="post_inspection_review"\s+checked', form)
    assert re.search(rf'name="framework"[^>]+value="{earlier.framework_id}"\s+checked', form)
    assert f'value="{revisit.due_on.year}"' in form

    for nonsense in ("x", "9" * 30, str(make_inspection(Stage.PUBLISHED).pk)):
        answer = client.get(f"/inspections/new/?force={earlier.force_id}&parent={nonsense}")
        assert answer.status_code == 200
        assert f'<option value="{earlier.pk}" selected>' not in answer.content.decode()
