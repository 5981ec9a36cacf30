"""Cases say plainly why a stage may not end yet."""

import pytest

from cases import moderation, readings, sampling
from cases.guards import guard
from cases.models import Route
from inspections import stages
from inspections.models import Side, Stage
from tests.cases.conftest import make_place
from tests.support.factories import make_audit, make_case


def test_fieldwork_waits_for_the_forces_sample_and_its_grades(db):
    place = make_place(Stage.SELF_ASSESSMENT, quota=1)
    first = make_case(place.inspection, area="alpha", reference="A-1")
    second = make_case(place.inspection, area="beta", reference="A-2")
    make_audit(first, Side.FORCE)
    make_audit(second, Side.FORCE, submitted=False)
    assert guard(place.inspection, "begin_fieldwork") == [
        "The force’s sample lacks 1 case of “Area gamma”.",
        "The force has not submitted its audit of 1 case: A-2.",
    ]
    with pytest.raises(stages.NotYet):
        stages.move(place.inspection, "begin_fieldwork", by=place.lead)
    make_audit(make_case(place.inspection, area="gamma"), Side.FORCE)
    sampling.exclude(second, reason="Sealed.", by=place.lead)
    make_audit(make_case(place.inspection, area="beta"), Side.FORCE)
    assert guard(place.inspection, "begin_fieldwork") == []
    stages.move(place.inspection, "begin_fieldwork", by=place.lead)


def test_a_framework_without_a_sample_needs_none(db):
    place = make_place(Stage.PLANNED, quota=0)
    assert guard(place.inspection, "begin_fieldwork") == []


def test_drafting_waits_for_an_audit_of_every_case_that_counts(place):
    cases = [
        make_case(place.inspection, reference=f"A-{number}", route=Route.SELECTED)
        for number in range(8)
    ]
    make_audit(cases[0])
    make_audit(cases[1], submitted=False)
    assert guard(place.inspection, "begin_drafting") == [
        "7 cases lack a submitted audit of the inspectorate: A-1, A-2, A-3, A-4, A-5 and 2 more. "
        "Submit it, or exclude the case with a reason."
    ]
    for case in cases[1:]:
        sampling.exclude(case, reason="Sealed.", by=place.lead)
    assert guard(place.inspection, "begin_drafting") == []


def test_the_forces_audit_is_no_audit_of_the_inspectorate(place):
    make_audit(make_case(place.inspection), Side.FORCE)
    assert guard(place.inspection, "begin_drafting")


def test_other_moves_are_no_business_of_cases(place):
    make_case(place.inspection)
    for code in stages.TRANSITIONS:
        if code not in ("begin_fieldwork", "begin_drafting"):
            assert guard(place.inspection, code) == []


def test_fieldwork_waits_for_readings_that_were_asked_for(place):
    case = make_case(place.inspection, reference="A-1")
    make_audit(case, grade="bad", by=place.inspector)
    readings.ask(case, place.lead, by=place.lead)
    assert guard(place.inspection, "begin_drafting") == [
        f"1 further reading is not submitted: A-1 ({place.lead.name})."
        " Have it submitted, or withdraw what was asked."
    ]


def test_fieldwork_waits_until_readings_that_disagree_are_settled(place):
    case = make_case(place.inspection, reference="A-1")
    make_audit(case, Side.FORCE, "fair", by=place.assessor)
    ours = make_audit(case, grade="bad", by=place.inspector)
    assert guard(place.inspection, "begin_drafting") == []  # that the force differs is no obstacle
    make_audit(case, grade="good", by=place.lead, reading="second", reader=place.lead)
    assert guard(place.inspection, "begin_drafting") == [
        "A second reading disagrees on 1 case, whose final grade is not settled: A-1."
    ]
    moderation.settle(
        ours, ours.grade, "The log bears it out.", by=place.lead, version=ours.version
    )
    assert guard(place.inspection, "begin_drafting") == []
