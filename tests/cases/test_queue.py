"""Which case comes next for a person, and how far they and their side are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import queue, sampling
from cases.models import Audit, Reading, Route
from cases.queue import Progress
from inspections.models import Side, Stage
from tests.support.factories import make_audit, make_case


def cases(place, *references, **more):
    return [make_case(place.inspection, reference=name, **more) for name in references]


def assign(case, user):
    case.assigned_to = user
    case.save()
    return case


def ask_for_reading(case, reader, reading=Reading.SECOND):
    return Audit.objects.create(
        case=case,
        framework_id=case.framework_id,
        route=case.route,
        side=Side.INSPECTORATE,
        reading=reading,
        reader=reader,
        version=1,
    )


def order_for(place, user, after=""):
    """References in the order in which they come up if `user` submits each that does."""
    found = []
    while (case := queue.next_case(place.inspection, user, after=after)) is not None:
        found.append(case.reference)
        after = case.reference
        reading = Audit.objects.filter(case=case, reader=user, status="draft").first()
        if reading:
            reading.delete()
        else:
            Audit.objects.main().filter(case=case, side=Side.INSPECTORATE).delete()
            make_audit(case, by=user)
    return found


def test_my_own_cases_come_first_then_those_of_nobody_and_never_somebody_elses(place):
    one, two, three, four, five = cases(place, "A-1", "A-2", "A-3", "A-4", "A-5")
    assign(four, place.inspector)
    assign(two, place.inspector)
    assign(three, place.lead)
    assert order_for(place, place.inspector) == ["A-2", "A-4", "A-5", "A-1"]
    assert order_for(place, place.lead) == ["A-3"]
    assert one.reference == "A-1"
    assert five.assigned_to is None


def test_the_next_case_comes_after_the_one_that_was_graded_and_then_from_the_start(place):
    for case in cases(place, "A-1", "A-2", "A-3"):
        assign(case, place.inspector)
    assert order_for(place, place.inspector, after="A-2") == ["A-3", "A-1", "A-2"]


def test_an_unassigned_case_that_somebody_else_has_begun_is_left_to_them(place):
    one, two = cases(place, "A-1", "A-2")
    make_audit(one, by=place.lead, submitted=False)
    assert queue.next_case(place.inspection, place.inspector) == two
    assert queue.next_case(place.inspection, place.lead) == one


def test_a_draft_that_somebody_else_began_is_mine_once_the_case_is_assigned_to_me(place):
    [one] = cases(place, "A-1")
    make_audit(one, by=place.lead, submitted=False)
    assign(one, place.inspector)
    assert queue.next_case(place.inspection, place.inspector) == one
    assert queue.next_case(place.inspection, place.lead) is None


def test_a_further_reading_that_i_was_asked_for_is_my_case_until_it_is_submitted(place):
    one, two = cases(place, "A-1", "A-2")
    make_audit(two, by=place.lead)
    reading = ask_for_reading(two, place.inspector)
    assert queue.next_case(place.inspection, place.inspector) == two
    assert queue.my_progress(place.inspection, place.inspector) == Progress(0, 1)
    Audit.objects.filter(pk=reading.pk).update(
        status="submitted",
        grade=one.inspection.framework.grades.first(),
        final_grade=one.inspection.framework.grades.first(),
        reason="Because.",
        submitted_at="2026-02-03T10:00Z",
        first_submitted_at="2026-02-03T10:00Z",
    )
    assert queue.next_case(place.inspection, place.inspector) == one
    assert queue.my_progress(place.inspection, place.inspector) == Progress(1, 1)


def test_who_reads_a_case_once_more_is_not_offered_its_first_audit_as_well(place):
    [one] = cases(place, "A-1")
    reading = ask_for_reading(one, place.inspector)
    assert queue.next_case(place.inspection, place.inspector) == one
    Audit.objects.filter(pk=reading.pk).update(
        status="submitted",
        grade=one.inspection.framework.grades.first(),
        final_grade=one.inspection.framework.grades.first(),
        reason="Because.",
        submitted_at="2026-02-03T10:00Z",
        first_submitted_at="2026-02-03T10:00Z",
    )
    assert queue.next_case(place.inspection, place.inspector) is None
    assert queue.next_case(place.inspection, place.lead) == one


def test_a_further_reading_is_no_progress_of_the_inspectorate(place):
    [one] = cases(place, "A-1")
    reading = make_audit(one, by=place.lead, submitted=True, reading="second", reader=place.lead)
    assert reading.is_submitted
    assert queue.progress(place.inspection, Side.INSPECTORATE, place.inspector) == Progress(0, 1)


def test_excluded_cases_wait_for_nobody(place):
    one, two = cases(place, "A-1", "A-2")
    assign(one, place.inspector)
    sampling.exclude(one, reason="Sealed.", by=place.lead)
    assert queue.next_case(place.inspection, place.inspector) == two
    assert queue.my_progress(place.inspection, place.inspector) == Progress(0, 0)


def test_my_progress_counts_my_cases_and_the_sample_counts_all(place):
    one, two, three, four = cases(place, "A-1", "A-2", "A-3", "A-4", route=Route.SELECTED)
    for case in (one, two, three):
        assign(case, place.inspector)
    make_audit(one, by=place.lead)
    make_audit(two, by=place.inspector, submitted=False)
    make_audit(four, by=place.inspector)
    mine, sample = queue.standing(place.inspection, Side.INSPECTORATE, place.inspector)
    assert mine == queue.my_progress(place.inspection, place.inspector) == Progress(1, 3)
    assert sample == Progress(2, 4)
    assert sample == queue.progress(place.inspection, Side.INSPECTORATE, place.inspector)
    assert queue.standing(place.inspection, Side.INSPECTORATE, place.lead).mine == Progress(0, 0)


def test_the_force_grades_in_order_whoever_of_the_inspectors_has_a_case(place):
    place.at(Stage.SELF_ASSESSMENT)
    one, two = cases(place, "A-1", "A-2")
    assign(one, place.inspector)
    assert queue.next_case(place.inspection, place.assessor) == one
    assert queue.next_case(place.inspection, place.assessor, after="A-1") == two
    assert queue.standing(place.inspection, Side.FORCE, place.assessor) == (
        Progress(0, 0),
        Progress(0, 2),
    )


@pytest.mark.parametrize("size", [3, 30])
def test_the_next_case_and_both_progresses_take_two_queries_in_any_inspection(place, size):
    for number in range(size):
        case = make_case(place.inspection, reference=f"A-{number}")
        if number % 2:
            assign(case, place.inspector)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert queue.next_case(place.inspection, place.inspector, after="A-1")
        queue.standing(place.inspection, Side.INSPECTORATE, place.inspector)
    assert len(queries) == 3  # and one that asks whether they are of the team
