"""Figures are counted once, from what is submitted, and agree with each other and with a count of one's own."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import figures
from cases.figures import Figures, FiguresDisagree, Row
from cases.models import Audit, AuditStatus, CaseFile, Reading, Route
from inspections.models import Side, Stage
from tests.support.factories import make_audit, make_case

GRADES = ["good", "fair", "bad"]
one_case = st.fixed_dictionaries(
    {
        "area": st.sampled_from(["alpha", "beta", "gamma"]),
        "route": st.sampled_from(list(Route)),
        "excluded": st.sampled_from([False, False, False, True]),
        # the grade, and whether it is submitted, a draft, a draft that was submitted once, or moderated to another
        "ours": st.none() | st.tuples(st.sampled_from(GRADES), st.sampled_from("sdrm")),
        "theirs": st.none() | st.tuples(st.sampled_from(GRADES), st.sampled_from("sd")),
        # a further reading by the inspector: asked for, or submitted
        "reading": st.sampled_from([None, None, "asked", "submitted"]),
    }
)


def put(place, cases):
    CaseFile.objects.filter(inspection=place.inspection).delete()
    for each in cases:
        case = make_case(place.inspection, area=each["area"], route=each["route"])
        for side, audit in ((Side.INSPECTORATE, each["ours"]), (Side.FORCE, each["theirs"])):
            if audit is None or (side == Side.FORCE and each["route"] == Route.SELECTED):
                continue
            more = {"first_submitted_at": timezone.now()} if audit[1] == "r" else {}
            made = make_audit(case, side, audit[0], submitted=audit[1] in "sm", **more)
            if audit[1] == "m":
                moderate(made)
        if each["reading"]:
            make_audit(
                case,
                grade="bad",
                reading=Reading.SECOND,
                reader=place.inspector,
                submitted=each["reading"] == "submitted",
            )
        if each["excluded"]:
            case.excluded_at, case.excluded_reason = timezone.now(), "Sealed."
            case.save()


def moderate(audit):
    audit.final_grade = audit.framework.grades.get(code="fair")
    audit.status, audit.moderated_at = AuditStatus.MODERATED, timezone.now()
    audit.moderation_reason = "Read again by two."
    audit.save()


def by_sql(query, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


# Cases that somebody has yet to read blind are told to nobody by a draft report: the whole team reads it.
BLIND = """NOT EXISTS (
    SELECT 1 FROM cases_audit x
    WHERE x.case_id = c.id AND x.reading <> 'main' AND x.first_submitted_at IS NULL
)"""
OURS = "a.side = 'inspectorate' AND a.reading = 'main' AND a.status IN ('submitted', 'moderated')"
COUNT = f"""
    SELECT {{what}}, g.code, count(*)
    FROM cases_casefile c JOIN cases_audit a ON a.case_id = c.id AND {OURS}
    JOIN inspections_grade g ON g.id = a.final_grade_id JOIN inspections_area r ON r.id = c.area_id
    WHERE c.inspection_id = %s AND c.excluded_at IS NULL AND {BLIND} GROUP BY 1, 2
"""
# Of cases that the inspectorate has submitted once: a draft report is read during the fieldwork (rule 3).
FORCE_COUNT = f"""
    SELECT 'force', g.code, count(*) FROM cases_casefile c
    JOIN cases_audit a ON a.case_id = c.id AND a.side = 'force' AND a.status = 'submitted'
    JOIN cases_audit b ON b.case_id = c.id AND b.side = 'inspectorate' AND b.reading = 'main'
        AND b.first_submitted_at IS NOT NULL
    JOIN inspections_grade g ON g.id = a.final_grade_id
    WHERE c.inspection_id = %s AND c.excluded_at IS NULL AND {BLIND} GROUP BY 1, 2
"""
MATRIX = f"""
    SELECT {{what}} h.code, g.code, count(*) FROM cases_casefile c
    JOIN inspections_area r ON r.id = c.area_id
    JOIN cases_audit a ON a.case_id = c.id AND {OURS}
    JOIN cases_audit b ON b.case_id = c.id AND b.side = 'force' AND b.status = 'submitted'
    JOIN inspections_grade g ON g.id = a.final_grade_id JOIN inspections_grade h ON h.id = b.final_grade_id
    WHERE c.inspection_id = %s AND c.excluded_at IS NULL AND {BLIND} GROUP BY {{columns}}
"""


def as_counted(rows, counted):
    """Turn rows of a table into what SQL returns: a line for each number that is not zero."""
    return sorted(
        (row.code, grade.code, count)
        for row in rows
        for grade, count in zip(counted.grades, row.counts, strict=True)
        if count
    )


@given(st.lists(one_case, max_size=12))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_table_equals_an_independent_count(place, cases):
    put(place, cases)
    counted, pk = figures.for_report(place.inspection), place.inspection.pk
    for what, rows in (("c.route", counted.by_route), ("r.code", counted.by_area)):
        assert as_counted(rows, counted) == sorted(by_sql(COUNT.format(what=what), pk))
    assert as_counted([counted.headline], counted) == sorted(by_sql(COUNT.format(what="'all'"), pk))
    assert as_counted([counted.force_sample], counted) == sorted(by_sql(FORCE_COUNT, pk))
    matrix = by_sql(MATRIX.format(what="", columns="1, 2"), pk)
    assert as_counted(counted.matrix, counted) == sorted(matrix)
    by_area = by_sql(MATRIX.format(what="r.code,", columns="1, 2, 3"), pk)
    assert sorted(
        (area.code, *line)
        for area in counted.matrix_by_area
        for line in as_counted(area.rows, counted)
    ) == sorted(by_area)
    assert counted.same + counted.force_higher + counted.force_lower == counted.compared
    assert counted.sample_totals.examined == counted.cases
    assert counted.graded + counted.not_graded == counted.cases
    assert Figures.from_dict(json.loads(json.dumps(counted.to_dict()))) == counted


@given(st.lists(one_case, max_size=10), st.sampled_from(list(Stage)))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_person_is_told_no_more_than_the_audits_that_they_may_read(place, cases, stage):
    place.inspection.published_on = dt.date(2026, 3, 3) if stage.position > 4 else None
    place.at(stage)
    put(place, cases)
    for person in (place.inspector, place.manager, place.force_lead, place.viewer):
        counted = figures.for_inspection(place.inspection, person)
        readable = (
            Audit.objects.visible_to(person).main().submitted().filter(case__excluded_at=None)
        )
        for side, shown in (
            (Side.INSPECTORATE, counted.headline),
            (Side.FORCE, counted.force_sample),
        ):
            codes = list(readable.filter(side=side).values_list("final_grade__code", flat=True))
            assert shown.counts == tuple(codes.count(grade.code) for grade in counted.grades)
        assert counted.cases == CaseFile.objects.visible_to(person).counted().count()


def test_people_without_access_are_told_nothing(place):
    make_audit(make_case(place.inspection))
    for person in (place.administrator, place.outsider, place.other_force):
        counted = figures.for_inspection(place.inspection, person)
        assert counted.cases == counted.graded == counted.force_sample.total == 0


def test_the_number_of_queries_does_not_grow(place, django_assert_num_queries):
    make_case(place.inspection)
    # the framework is read once a process, the team once a request
    for person in (place.lead, place.inspector):
        figures.for_inspection(place.inspection, person)
    for number in (1, 30):
        for _ in range(number):
            make_audit(make_case(place.inspection))
            make_audit(
                make_case(place.inspection),
                reading=Reading.SECOND,
                reader=place.inspector,
                submitted=False,
            )
        with django_assert_num_queries(2):
            figures.for_inspection(place.inspection, place.lead)
        with django_assert_num_queries(3):  # the readings that they owe are taken out again
            figures.for_inspection(place.inspection, place.inspector)
        with django_assert_num_queries(2):
            figures.for_report(place.inspection)
        place.inspection.refresh_from_db()


def test_an_inspection_without_cases_has_figures_of_zero(place):
    counted = figures.for_report(place.inspection)
    assert (counted.cases, counted.headline.counts) == (0, (0, 0, 0))


def test_tables_that_contradict_each_other_cannot_be_made(place):
    make_audit(make_case(place.inspection))
    good = figures.for_report(place.inspection).to_dict()
    for name in ("headline", "by_route", "by_area", "matrix"):
        bad = json.loads(json.dumps(good))
        row = bad[name] if name == "headline" else bad[name][0]
        row["counts"][2] += 1
        with pytest.raises(FiguresDisagree):
            Figures.from_dict(bad)
    with pytest.raises(FiguresDisagree):
        Figures.from_dict({**good, "cases": 7})
    bad = json.loads(json.dumps(good))
    bad["matrix_by_area"][0]["rows"][0]["counts"][0] += 1
    with pytest.raises(FiguresDisagree):
        Figures.from_dict(bad)


def test_figures_of_a_report_older_than_the_matrices_of_areas_can_still_be_read(place):
    make_audit(make_case(place.inspection))
    old = figures.for_report(place.inspection).to_dict()
    del old["matrix_by_area"]
    assert Figures.from_dict(old).matrix_by_area == ()


def test_a_moderated_case_counts_with_the_grade_that_the_lead_settled(place):
    audit = make_audit(make_case(place.inspection), grade="good")
    moderate(audit)
    assert figures.for_report(place.inspection).headline.counts == (0, 1, 0)


def test_a_case_that_an_inspector_has_yet_to_read_blind_is_not_graded_for_them(place):
    case = make_case(place.inspection)
    make_audit(case, grade="bad")
    make_audit(case, Side.FORCE, "good")
    make_audit(case, reading=Reading.CALIBRATION, reader=place.inspector, submitted=False)
    theirs = figures.for_inspection(place.inspection, place.inspector)
    assert (theirs.cases, theirs.graded, theirs.compared, theirs.force_sample.total) == (1, 0, 0, 0)
    others = figures.for_inspection(place.inspection, place.lead)
    assert (others.cases, others.graded, others.compared) == (1, 1, 1)


def test_a_four_grade_scale_is_counted_like_any_other(db):
    from tests.support.factories import make_framework, make_inspection

    four = [("a", "A", "A", "strong"), ("b", "B", "B", "sound"), ("c", "C", "C", "weak")]
    framework = make_framework(grades=[*four, ("d", "D", "D", "poor")])
    inspection = make_inspection(framework=framework)
    for code in "abbcd":
        make_audit(make_case(inspection), grade=code)
    assert figures.for_report(inspection).headline == Row("all", "", (1, 2, 1, 1))
