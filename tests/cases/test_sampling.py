"""Cases come in by the route that is open to a person at that stage, within the quota."""

import datetime as dt
import threading

import pytest
from django.db import connection

from accounts.errors import NotAllowed
from cases import sampling
from cases.models import CaseFile, Route
from cases.personal_data import LooksPersonal
from cases.sampling import CaseRefused
from inspections.models import Stage
from tests.cases.conftest import make_place
from tests.support.factories import make_case, make_framework


def add(place, by, reference="A-1", area=None, **more):
    area = area or place.framework.areas.all()[0]
    return sampling.add_case(place.inspection, reference=reference, area=area, by=by, **more)


def test_the_force_puts_in_its_sample_during_the_self_assessment(place):
    place.at(Stage.SELF_ASSESSMENT)
    for number, person in enumerate((place.assessor, place.force_lead)):
        assert add(place, person, f"A-{number}").route == Route.SELF_ASSESSED


def test_inspectors_of_the_team_select_cases_in_fieldwork(place):
    case = add(place, place.inspector)
    assert case.route == Route.SELECTED
    assert case.added_by == place.inspector


@pytest.mark.parametrize("stage", list(Stage))
def test_nobody_else_adds_a_case_at_any_stage(place, stage):
    if stage in (Stage.PUBLISHED, Stage.FOLLOW_UP, Stage.CLOSED):
        place.inspection.published_on = dt.date(2026, 3, 3)
    place.at(stage)
    allowed = {
        Stage.SELF_ASSESSMENT: ("assessor", "force_lead"),
        Stage.FIELDWORK: ("lead", "inspector"),
    }
    for name in (
        *("lead", "inspector", "outsider", "manager", "administrator"),
        *("force_lead", "assessor", "viewer", "other_force"),
    ):
        if name in allowed.get(stage, ()):
            continue
        with pytest.raises(NotAllowed):
            add(place, getattr(place, name))


def test_a_route_that_is_not_open_is_refused(place):
    with pytest.raises(NotAllowed):
        add(place, place.inspector, route=Route.SELF_ASSESSED)


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "=1+1",
        "-1",
        "@A1",
        "Anna Jones",
        "A" * 41 + "1",
        "A\n1",
        "A\u202e1",
        " A1",
        "A1;drop",
        "ä1",
    ],
)
def test_a_reference_that_names_somebody_or_starts_a_formula_is_refused(place, reference):
    with pytest.raises(CaseRefused) as refused:
        add(place, place.inspector, reference)
    assert refused.value.field == "reference"


def test_a_reference_comes_in_once_whatever_its_case(place):
    add(place, place.inspector, "gw-1")
    with pytest.raises(CaseRefused, match="GW-1"):
        add(place, place.inspector, "GW-1")


def test_the_sample_takes_no_more_than_its_quota(place):
    place.at(Stage.SELF_ASSESSMENT)
    add(place, place.assessor, "A-1")
    add(place, place.assessor, "A-2")
    with pytest.raises(CaseRefused, match="takes 2 cases") as refused:
        add(place, place.assessor, "A-3")
    assert refused.value.field == "area"


def test_an_excluded_case_leaves_room_for_another_in_the_sample(place):
    place.at(Stage.SELF_ASSESSMENT)
    first = add(place, place.assessor, "A-1")
    add(place, place.assessor, "A-2")
    sampling.exclude(first, reason="The file is sealed.", by=place.lead)
    assert add(place, place.assessor, "A-3")


def test_a_framework_without_quotas_sets_no_limit_of_its_own(db):
    place = make_place(Stage.SELF_ASSESSMENT, quota=0)
    for number in range(3):
        add(place, place.assessor, f"A-{number}")


def test_an_area_of_another_framework_is_refused(place):
    with pytest.raises(CaseRefused) as refused:
        add(place, place.inspector, area=make_framework().areas.all()[0])
    assert refused.value.field == "area"


@pytest.mark.parametrize("day", [dt.date(1989, 12, 31), dt.date(2999, 1, 1)])
def test_a_case_was_opened_in_the_past(place, day):
    with pytest.raises(CaseRefused) as refused:
        add(place, place.inspector, opened_on=day)
    assert refused.value.field == "opened_on"


def test_a_summary_that_looks_personal_needs_a_word_that_it_is_not(place):
    with pytest.raises(LooksPersonal) as refused:
        add(place, place.inspector, summary="Her mail is jo@example.org")
    assert list(refused.value.fields) == ["summary"]
    assert add(
        place,
        place.inspector,
        summary="Mail: jo@example.org",
        personal_data_reason="It is the office’s",
    )


def test_two_people_at_once_cannot_exceed_the_quota(transactional_db):
    place = make_place(Stage.SELF_ASSESSMENT, quota=1)
    outcomes = []
    start = threading.Barrier(2)

    def put_in(reference, person):
        start.wait()
        try:
            add(place, person, reference)
            outcomes.append("added")
        except CaseRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    people = [("A-1", place.assessor), ("A-2", place.force_lead)]
    threads = [threading.Thread(target=put_in, args=args) for args in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["added", "refused"]
    assert CaseFile.objects.count() == 1


def test_the_lead_excludes_a_case_with_a_reason_and_includes_it_again(place):
    case = make_case(place.inspection)
    case = sampling.exclude(case, reason=" Outside the period. ", by=place.lead)
    assert (case.excluded_by, case.excluded_reason) == (place.lead, "Outside the period.")
    again = sampling.exclude(case, reason="Another reason.", by=place.lead)
    assert again.excluded_reason == "Outside the period."
    case = sampling.include(case, by=place.lead)
    assert case.excluded_at is None
    assert case.excluded_reason == ""


def test_a_case_is_not_excluded_without_a_reason(place):
    with pytest.raises(sampling.NeedsReason):
        sampling.exclude(make_case(place.inspection), reason="  ", by=place.lead)


def test_only_the_lead_of_the_inspection_excludes(place):
    case = make_case(place.inspection)
    for person in (
        *(place.inspector, place.outsider, place.manager, place.administrator),
        *(place.force_lead, place.assessor),
    ):
        with pytest.raises(NotAllowed):
            sampling.exclude(case, reason="No.", by=person)
        with pytest.raises(NotAllowed):
            sampling.include(case, by=person)


def test_after_publication_nothing_is_excluded(place):
    case = make_case(place.inspection)
    place.inspection.published_on = dt.date(2026, 3, 3)
    place.at(Stage.PUBLISHED)
    with pytest.raises(NotAllowed):
        sampling.exclude(case, reason="Too late.", by=place.lead)
