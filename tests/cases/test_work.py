"""What waits for each person because of cases."""

import datetime as dt
from typing import Any

import pytest
import time_machine

from accounts.models import User
from accounts.work import Urgency, WorkItem
from cases import referrals
from cases.models import Reading
from cases.overview import progress_of
from cases.work import work_for
from inspections.models import Side, Stage
from tests.cases.conftest import make_place
from tests.support.factories import make_audit, make_case

TODAY = dt.date(2026, 2, 3)


def titles(user):
    return [str(item.title) for item in work_for(user, TODAY)]


def test_the_force_puts_in_its_sample_and_grades_it(db):
    place = make_place(Stage.SELF_ASSESSMENT, quota=1)
    place.inspection.self_assessment_due = dt.date(2026, 2, 9)
    place.inspection.save()
    assert titles(place.assessor) == ["Put in the sample: 0 of 3 cases are there"]
    cases = [make_case(place.inspection, area=area) for area in ("alpha", "beta", "gamma")]
    make_audit(cases[0], Side.FORCE)
    for person in (place.assessor, place.force_lead):
        (item,) = work_for(person, TODAY)
        assert str(item.title) == "Grade 2 cases of the sample"
        assert item.due_on == dt.date(2026, 2, 9)
    assert titles(place.viewer) == titles(place.other_force) == []
    for case in cases[1:]:
        make_audit(case, Side.FORCE)
    assert titles(place.assessor) == ["Hand in the self-assessment"]


def test_inspectors_see_what_is_left_in_the_inspections_of_their_teams(db):
    place = make_place()
    make_audit(make_case(place.inspection))
    make_case(place.inspection)
    make_audit(make_case(place.inspection), submitted=False)
    (item,) = work_for(place.inspector, TODAY)
    assert str(item.title) == "Grade 2 cases"
    assert "1 of 3 graded" in str(item.detail)
    assert item.due_on == place.inspection.fieldwork_end
    for person in (place.outsider, place.manager, place.administrator, place.force_lead):
        assert titles(person) == []


def test_one_inspection_and_ten_take_the_same_queries(db, django_assert_num_queries):
    place = make_place()
    for _ in range(10):
        other = make_place()
        make_case(other.inspection)
        other.inspection.team.create(user=place.inspector)
    with django_assert_num_queries(2):
        assert len(work_for(place.inspector, TODAY)) == 10


def test_what_is_assigned_to_an_inspector_comes_by_its_own_number(db):
    place = make_place()
    for person in (place.inspector, place.inspector, place.lead, None):
        make_case(place.inspection, assigned_to=person)
    make_audit(make_case(place.inspection, assigned_to=place.inspector))
    (item,) = work_for(place.inspector, TODAY)
    assert str(item.title) == "Grade 2 cases that are assigned to you"
    assert item.url.endswith("?assigned=me")
    assert "1 of 5 graded" in str(item.detail)


def test_a_further_reading_makes_no_case_graded(db):
    place = make_place()
    case = make_case(place.inspection)
    make_audit(case, reading=Reading.CALIBRATION, reader=place.lead)
    assert titles(place.inspector) == ["Grade 1 case"]


@pytest.fixture
def referred(db):
    """A case was referred three hours ago; the framework gives 4 and 24 hours."""
    place: Any = make_place()
    place.at = lambda hours: time_machine.travel(RAISED + dt.timedelta(hours=hours), tick=False)
    with place.at(0):
        place.referral = referrals.raise_(
            make_case(place.inspection, reference="NM-7"),
            concern="Still there.",
            must_act="You",
            by=place.inspector,
        )
    return place


RAISED = dt.datetime(2026, 2, 3, 9, 30, tzinfo=dt.UTC)


def urgent(user):
    return [item for item in work_for(user, TODAY) if item.urgency == Urgency.URGENT]


def test_an_urgent_referral_stands_first_for_the_force_with_its_next_moment(referred):
    with referred.at(1):
        (item,) = urgent(referred.force_lead)
        assert str(item.title) == "Acknowledge the urgent referral of case NM-7"
        assert item.due_at == RAISED + dt.timedelta(hours=4)
        late = WorkItem("Overdue", "/", due_on=dt.date(2026, 1, 1))
        assert item.urgency_on(TODAY) < late.urgency_on(TODAY)
        (item,) = urgent(referred.assessor)
        assert str(item.title).startswith("A lead of your force must answer")
        referrals.acknowledge(referred.referral, by=referred.force_lead)
        (item,) = urgent(referred.force_lead)
        assert str(item.title) == "Answer the urgent referral of case NM-7"
        assert item.due_at == RAISED + dt.timedelta(hours=24)
        referrals.answer(referred.referral, "Seen.", by=referred.force_lead)
        assert urgent(referred.force_lead) == []


def test_what_is_late_climbs_to_managers_and_to_those_who_look_after_it(referred):
    watching = (referred.manager, referred.lead, referred.inspector)
    with referred.at(3.9):
        assert [urgent(person) for person in watching] == [[], [], []]
    with referred.at(4.1):
        for person in watching:
            (item,) = urgent(person)
            assert "has not answered the urgent referral of case NM-7" in str(item.title)
        referrals.acknowledge(referred.referral, by=referred.force_lead)
        assert [urgent(person) for person in watching] == [[], [], []]
    with referred.at(24.1):
        assert all(urgent(person) for person in watching)


def test_managers_see_at_once_what_reaches_nobody(referred):
    User.objects.filter(pk=referred.force_lead.pk).update(is_active=False)
    with referred.at(1):
        assert len(urgent(referred.manager)) == 1
        assert urgent(referred.lead) == []


def test_nobody_else_is_told_of_a_referral(referred):
    with referred.at(30):
        for person in (
            *(referred.viewer, referred.other_force, referred.outsider, referred.administrator),
        ):
            assert urgent(person) == []


def test_the_home_page_shows_the_hours_that_are_left(client, referred):
    client.force_login(referred.force_lead)
    with referred.at(0.5):
        page = client.get("/").text
    assert page.index("urgent referral of case NM-7") < page.index("assay-footer")
    assert "in 3 hours, 3 February 2026, 13:30" in page
    with referred.at(6):
        assert "2 hours overdue, was due 3 February 2026, 13:30" in client.get("/").text


def test_the_overview_shows_each_side_only_the_progress_that_it_may_know(db):
    place = make_place()
    make_audit(make_case(place.inspection), Side.FORCE)
    make_audit(make_case(place.inspection))

    def bars(user):
        return {
            bar["label"]: (bar["done"], bar["total"]) for bar in progress_of(place.inspection, user)
        }

    both = {"Graded by the force": (1, 2), "Graded by inspectors": (1, 2)}
    assert bars(place.inspector) == bars(place.manager) == both
    assert bars(place.viewer) == {"Graded by the force": (1, 2)}
    assert bars(place.administrator) == bars(place.outsider) == {}
    place.at(Stage.FACTUAL_ACCURACY)
    assert bars(place.viewer) == both
