"""Where audits of a case differ a lead settles the final grade with a reason; every earlier grade stays on record."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Role
from cases import figures, grading, moderation, personal_data, readings
from cases.models import Audit, AuditStatus, Reading
from inspections.models import Side, Stage, TeamMember
from tests.support.factories import make_audit, make_case, make_framework, make_user

WHY = "The log shows that the child was seen on the first day."


@pytest.fixture
def second(place):
    user = make_user(Role.INSPECTOR, name="Second Reader")
    TeamMember.objects.create(inspection=place.inspection, user=user)
    return user


def graded(place, reference, ours, theirs="", again="", by=None):
    """A case with the inspectorate's grade, and the force's and a second reader's where they are given."""
    case = make_case(place.inspection, reference=reference)
    if theirs:
        make_audit(case, Side.FORCE, theirs, by=place.assessor, reason=f"Force on {reference}.")
    make_audit(case, grade=ours, by=place.inspector, reason=f"First on {reference}.")
    if again:
        read_again(case, again, by)
    return case


def read_again(case, grade, by):
    return make_audit(
        case,
        grade=grade,
        by=by,
        reading=Reading.SECOND,
        reader=by,
        reason=f"Second on {case.reference}.",
    )


def main_of(case):
    return Audit.objects.main().get(case=case, side=Side.INSPECTORATE)


def settle(case, grade, by, reason=WHY, **options):
    audit = main_of(case)
    chosen = case.inspection.framework.grades.get(code=grade)
    return moderation.settle(audit, chosen, reason, by=by, **{"version": audit.version, **options})


def queue(place, user=None, **wanted):
    found = moderation.queue(place.inspection, user or place.lead, **wanted)
    return [case.reference for case in found]


# -- The queue ----------------------------------------------------------------------------------------------------


def test_the_largest_difference_stands_first(place, second):
    graded(place, "A-1", "good", theirs="fair")
    graded(place, "A-2", "good", theirs="good")
    graded(place, "A-3", "bad", theirs="good")
    graded(place, "A-4", "fair", theirs="fair", again="bad", by=second)
    assert queue(place) == ["A-3", "A-4", "A-1"]
    steps = {c.reference: (c.force_steps, c.reading_steps) for c in
             moderation.queue(place.inspection, place.lead)}  # fmt: skip
    assert steps == {"A-3": (2, 0), "A-4": (0, 1), "A-1": (1, 0)}


def test_the_queue_is_narrowed_by_what_differs_and_whether_it_is_settled(place, second):
    graded(place, "A-1", "good", theirs="fair")
    both = graded(place, "A-2", "good", theirs="bad", again="fair", by=second)
    assert queue(place, kind=moderation.FORCE) == ["A-2", "A-1"]
    assert queue(place, kind=moderation.READING) == ["A-2"]
    assert moderation.counts(place.inspection, place.lead) == (2, 1, 0)
    settle(both, "fair", place.lead)
    assert queue(place, state=moderation.SETTLED) == ["A-2"]
    assert queue(place, state=moderation.OPEN) == ["A-1"]
    assert moderation.counts(place.inspection, place.lead) == (1, 0, 1)


def test_only_submitted_audits_are_compared(place, second):
    ours = make_case(place.inspection, reference="A-1")
    make_audit(ours, Side.FORCE, "good", by=place.assessor)
    make_audit(ours, grade="bad", submitted=False, by=place.inspector)
    theirs = make_case(place.inspection, reference="A-2")
    make_audit(theirs, Side.FORCE, "good", submitted=False, by=place.assessor)
    make_audit(theirs, grade="bad", by=place.inspector)
    again = graded(place, "A-3", "good")
    make_audit(again, grade="bad", submitted=False, by=second, reading="second", reader=second)
    assert queue(place) == []


def test_an_excluded_case_waits_for_nobody(place):
    case = graded(place, "A-1", "good", theirs="bad")
    case.excluded_at, case.excluded_reason = timezone.now(), "Not ours."
    case.save()
    assert queue(place) == []


def test_who_has_yet_to_read_a_case_blind_does_not_find_it_here(place, second):
    case = graded(place, "A-1", "good", theirs="bad")
    graded(place, "A-2", "good", theirs="bad")
    readings.ask(case, second, by=place.lead)
    assert queue(place, second) == ["A-2"]
    assert moderation.counts(place.inspection, second).force == 1
    assert queue(place) == ["A-1", "A-2"]


@pytest.mark.parametrize("person", ["force_lead", "assessor", "administrator", "outsider"])
def test_nobody_else_has_a_queue(place, person):
    graded(place, "A-1", "good", theirs="bad")
    place.at(Stage.FACTUAL_ACCURACY)
    assert queue(place, getattr(place, person)) == []


# -- Settling -----------------------------------------------------------------------------------------------------


def test_the_final_grade_counts_in_every_figure_and_the_grade_given_stays(place):
    case = graded(place, "A-1", "good", theirs="bad")
    audit = settle(case, "fair", place.lead)
    assert (audit.status, audit.grade.code, audit.final_grade.code) == (
        AuditStatus.MODERATED,
        "good",
        "fair",
    )
    assert (audit.moderated_by, audit.moderation_reason) == (place.lead, WHY)
    assert figures.for_inspection(place.inspection, place.lead).headline.counts == (0, 1, 0)


def test_a_lead_may_confirm_the_grade_that_was_given(place):
    case = graded(place, "A-1", "good", theirs="bad")
    assert settle(case, "good", place.lead).status == AuditStatus.MODERATED
    assert queue(place, state=moderation.OPEN) == []


def test_it_may_be_settled_again_and_every_grade_stays_on_record(place, second):
    case = graded(place, "A-1", "good", theirs="bad", again="bad", by=second)
    settle(case, "fair", place.lead)
    settle(case, "bad", place.lead, "A page was found.")
    audits = list(Audit.objects.visible_to(place.lead).filter(case=case))
    found = moderation.grades_on_record(case, audits)
    assert [(e.what, e.grade.code, e.by, e.reason) for e in found] == [
        ("Force: submitted", "bad", place.assessor.name, "Force on A-1."),
        ("Inspectorate: submitted", "good", place.inspector.name, "First on A-1."),
        ("Second reading: submitted", "bad", second.name, "Second on A-1."),
        ("Final grade settled", "fair", place.lead.name, WHY),
        ("Final grade settled", "bad", place.lead.name, "A page was found."),
    ]


def test_reopening_takes_a_settlement_back_and_leaves_it_on_record(place):
    case = graded(place, "A-1", "good", theirs="bad")
    settle(case, "fair", place.lead)
    audit = grading.reopen(main_of(case), by=place.lead, reason="Read the wrong file.")
    assert audit.final_grade is None
    assert audit.moderation_reason == ""
    grading.submit(audit, by=place.inspector, version=audit.version)
    assert main_of(case).final_grade.code == "good"
    assert queue(place, state=moderation.OPEN) == ["A-1"]
    found = moderation.grades_on_record(case, [main_of(case)])
    assert [e.what for e in found] == [
        "Inspectorate: submitted",
        "Final grade settled",
        "Inspectorate: reopened",
        "Inspectorate: submitted",
    ]


def test_only_a_lead_takes_a_settlement_back(place):
    case = graded(place, "A-1", "good", theirs="bad")
    audit = settle(case, "fair", place.lead)
    with pytest.raises(NotAllowed):
        grading.reopen(audit, by=place.inspector, reason="I still say good.")


def test_a_reading_that_disagrees_afterwards_opens_the_case_anew(place, second):
    case = graded(place, "A-1", "good", theirs="bad")
    settle(case, "fair", place.lead)
    agrees = read_again(case, "fair", second)
    assert queue(place, state=moderation.OPEN) == []
    Audit.objects.filter(pk=agrees.pk).update(
        grade=place.framework.grades.get(code="bad"),
        final_grade=place.framework.grades.get(code="bad"),
    )
    assert queue(place, state=moderation.OPEN) == ["A-1"]
    settle(case, "bad", place.lead)
    assert queue(place, state=moderation.OPEN) == []


def test_two_leads_never_overwrite_each_other_unseen(place):
    case = graded(place, "A-1", "good", theirs="bad")
    version = main_of(case).version
    settle(case, "fair", place.lead)
    with pytest.raises(grading.StaleAudit) as stale:
        settle(case, "bad", place.lead, version=version)
    assert stale.value.current.final_grade.code == "fair"


def test_nothing_is_settled_while_our_own_audit_is_not_submitted(place):
    case = make_case(place.inspection)
    make_audit(case, submitted=False, by=place.inspector)
    with pytest.raises(moderation.NotSubmitted):
        settle(case, "fair", place.lead)


@pytest.mark.parametrize("person", ["inspector", "manager", "outsider", "force_lead"])
def test_only_the_lead_of_the_inspection_settles(place, person):
    case = graded(place, "A-1", "good", theirs="bad")
    with pytest.raises(NotAllowed):
        settle(case, "fair", getattr(place, person))


@pytest.mark.parametrize("stage", [Stage.SELF_ASSESSMENT, Stage.FOLLOW_UP])
def test_nothing_is_settled_before_fieldwork_or_after_publication(place, stage):
    case = graded(place, "A-1", "good", theirs="bad")
    place.inspection.published_on = dt.date(2026, 3, 3) if stage == Stage.FOLLOW_UP else None
    place.at(stage)
    with pytest.raises(NotAllowed):
        settle(case, "fair", place.lead)


def test_a_lead_who_was_asked_to_read_the_case_blind_does_that_first(place):
    case = graded(place, "A-1", "good", theirs="bad")
    readings.ask(case, place.lead, by=place.lead)
    with pytest.raises(NotAllowed):
        settle(case, "fair", place.lead)


def test_a_settlement_wants_a_reason_that_names_nobody_and_a_grade_of_its_scale(place):
    case = graded(place, "A-1", "good", theirs="bad")
    with pytest.raises(moderation.NeedsReason):
        settle(case, "fair", place.lead, "  ")
    with pytest.raises(personal_data.LooksPersonal):
        settle(case, "fair", place.lead, "Ask anna@example.org.")
    settle(
        case, "fair", place.lead, "Ask desk@example.org.",
        personal_data_reason="The address of the force’s desk.",
    )  # fmt: skip
    other = make_audit(make_case(place.inspection), by=place.inspector)
    with pytest.raises(grading.OtherScale):
        moderation.settle(other, make_framework().grades.first(), WHY, by=place.lead, version=1)


# -- The pages ----------------------------------------------------------------------------------------------------


def test_a_lead_settles_on_a_page_that_shows_every_audit(client, place, second):
    case = graded(place, "A-1", "good", theirs="bad", again="fair", by=second)
    client.force_login(place.lead)
    url = reverse("cases:moderate", args=[case.pk])
    page = client.get(url).content.decode()
    for text in (
        "Force on A-1.",
        "First on A-1.",
        "Second on A-1.",
        "Second reading by Second Reader",
    ):
        assert text in page
    sent = {"version": main_of(case).version, "grade": "fair", "reason": WHY}
    page = client.post(url, sent, follow=True).content.decode()
    assert "The final grade of A-1 is settled: Fair." in page
    assert WHY in page
    assert main_of(case).final_grade.code == "fair"


def test_the_page_says_what_is_missing(client, place):
    case = graded(place, "A-1", "good", theirs="bad")
    client.force_login(place.lead)
    url = reverse("cases:moderate", args=[case.pk])
    page = client.post(url, {"version": 1}).content.decode()
    assert "Select the final grade" in page
    assert "Enter why this grade is final" in page


def test_a_lead_who_comes_second_reads_what_the_first_settled_and_keeps_their_words(client, place):
    case = graded(place, "A-1", "good", theirs="bad")
    version = main_of(case).version
    settle(case, "fair", place.lead, "Said first.")
    client.force_login(place.lead)
    url = reverse("cases:moderate", args=[case.pk])
    answer = client.post(url, {"version": version, "grade": "bad", "reason": "Said second."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Said first." in page
    assert "Said second." in page
    assert f'value="{main_of(case).version}"' in page
    assert main_of(case).final_grade.code == "fair"


def test_a_case_whose_audit_is_not_submitted_leads_back_to_it(client, place):
    case = make_case(place.inspection)
    client.force_login(place.lead)
    answer = client.get(reverse("cases:moderate", args=[case.pk]), follow=True)
    assert "nothing to settle yet" in answer.content.decode()


def test_the_queue_shows_grades_steps_and_readings_that_are_owed(client, place, second):
    graded(place, "A-1", "bad", theirs="good")
    asked = graded(place, "A-2", "good")
    readings.ask(asked, second, by=place.lead)
    client.force_login(place.lead)
    page = client.get(reverse("cases:moderation", args=[place.inspection.pk])).content.decode()
    for text in ("A-1", "2 steps", "Readings still owed", "A-2", "Second Reader", "Not begun"):
        assert text in page


@pytest.mark.parametrize("person", ["force_lead", "assessor", "viewer"])
def test_the_pages_of_moderation_are_not_for_a_force(client, place, person):
    place.at(Stage.FACTUAL_ACCURACY)
    case = graded(place, "A-1", "bad", theirs="good")
    client.force_login(getattr(place, person))
    assert client.get(reverse("cases:moderation", args=[place.inspection.pk])).status_code == 404
    assert client.get(reverse("cases:moderate", args=[case.pk])).status_code == 403


def test_the_queue_takes_the_same_queries_for_one_case_and_for_fifty(
    client, place, second, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(place.lead)
    url = reverse("cases:moderation", args=[place.inspection.pk])
    graded(place, "A-00", "bad", theirs="good", again="good", by=second)
    client.get(url)
    with django_assert_max_num_queries(20) as one:
        client.get(url)
    for number in range(1, 50):
        graded(place, f"A-{number:02}", "bad", theirs="good", again="good", by=second)
        readings.ask(make_case(place.inspection), second, by=place.lead)
    with django_assert_num_queries(len(one)):
        page = client.get(url).content.decode()
    assert "Showing 1 to 50 of 50" in page
