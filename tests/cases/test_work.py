"""What waits for each person because of cases."""

import datetime as dt

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
    assert titles(place.assessor) == []


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


def test_one_inspection_and_ten_take_the_same_query(db, django_assert_num_queries):
    place = make_place()
    for _ in range(10):
        other = make_place()
        make_case(other.inspection)
        other.inspection.team.create(user=place.inspector)
    with django_assert_num_queries(1):
        assert len(work_for(place.inspector, TODAY)) == 10


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
