"""The list of cases: filters, orders, pages, and the same few queries whatever its size."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import lists
from cases.models import Audit, AuditStatus, CaseFile, Route
from inspections.models import Side, Stage
from tests.support.factories import make_audit, make_case


def address(place, query=""):
    return reverse("cases:list", args=[place.inspection.pk]) + query


def references(client, place, user, query=""):
    client.force_login(user)
    response = client.get(address(place, query))
    assert response.status_code == 200
    return re.findall(
        r'<a class="govuk-link" href="/cases/\d+/[^"]*">([^<]+)</a>', response.content.decode()
    )


@pytest.fixture
def five(place):
    """Five cases: not graded, draft, submitted twice (one selected), excluded."""
    alpha = {"area": "alpha"}
    make_case(place.inspection, reference="C-1", summary="Bicycle", **alpha)
    make_audit(make_case(place.inspection, reference="C-2", **alpha), grade="fair", submitted=False)
    make_audit(make_case(place.inspection, reference="C-3", area="beta"), grade="bad")
    selected = make_case(place.inspection, reference="C-4", area="gamma", route=Route.SELECTED)
    make_audit(selected, grade="good")
    excluded = make_case(place.inspection, reference="C-5", area="beta")
    make_audit(excluded, grade="good")
    excluded.excluded_at, excluded.excluded_reason = timezone.now(), "Sealed."
    excluded.save()
    for reference, grade in (("C-1", "good"), ("C-3", "good"), ("C-2", "bad")):
        make_audit(CaseFile.objects.get(reference=reference), Side.FORCE, grade)
    return place


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "12345"),
        ("?state=not_graded", "1"),
        ("?state=draft", "2"),
        ("?state=submitted", "34"),
        ("?state=excluded", "5"),
        ("?state=counted", "1234"),
        ("?state=nonsense&sort=nonsense", "12345"),
        ("?area=beta", "35"),
        ("?route=selected", "4"),
        ("?grade=good", "45"),
        ("?grade=good&state=submitted", "4"),
        ("?grade=fair", ""),  # what a draft says does not count
        ("?state=graded", "34"),
        ("?state=moderated", ""),
        ("?force_grade=good", "3"),  # of C-1 nothing is known yet
        ("?force_grade=bad", ""),  # a draft of our own opens nothing
        ("?q=bicycles", "1"),
        ("?q=BICYCLE+-horse", "1"),
        ("?q=bicycle+-bicycle", ""),
        ("?q=c-4", "4"),
        ("?q=%25_", ""),
        ("?q=%00", "12345"),
        ("?sort=-reference", "54321"),
        ("?sort=grade", "45231"),
        ("?sort=-grade", "32451"),
        ("?sort=area&state=counted", "1234"),
        ("?sort=route", "41235"),
        ("?page=99", "12345"),
        ("?page=x", "12345"),
    ],
)
def test_inspectors_narrow_and_sort(client, five, query, expected):
    found = references(client, five, five.inspector, query)
    assert "".join(reference[-1] for reference in found if reference.startswith("C-")) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "1235"),
        ("?state=submitted", "123"),
        ("?grade=bad", "1235"),  # not theirs to ask
        ("?force_grade=good", "13"),
        ("?sort=grade", "1325"),
    ],
)
def test_a_force_narrows_and_sorts_by_its_own_grades(client, five, query, expected):
    found = references(client, five, five.viewer, query)
    assert "".join(reference[-1] for reference in found if reference.startswith("C-")) == expected


def test_a_case_that_waits_for_my_grade_opens_its_audit_and_others_open_to_read(client, five):
    client.force_login(five.inspector)
    page = client.get(address(five)).content.decode()
    links = dict(re.findall(r'href="/cases/\d+/(audit/)?">(C-\d)', page))
    found = {ref: audit for audit, ref in re.findall(r'href="/cases/\d+/(audit/)?">(C-\d)', page)}
    assert links
    assert found == {"C-1": "audit/", "C-2": "audit/", "C-3": "", "C-4": "", "C-5": ""}
    client.force_login(five.manager)
    assert "audit/" not in client.get(address(five)).content.decode()


def test_an_empty_inspection_says_what_will_be_here(client, place):
    client.force_login(place.inspector)
    assert "No cases yet" in client.get(address(place)).content.decode()
    assert "No case matches" in client.get(address(place, "?state=draft")).content.decode()


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def fill(place, number, route=Route.SELECTED):
    cases = CaseFile.objects.bulk_create(
        CaseFile(
            inspection=place.inspection,
            framework=place.framework,
            area=place.framework.areas.all()[number_ % 3],
            route=route,
            reference=f"N-{number_:05}",
        )
        for number_ in range(number)
    )
    grade, moment = place.framework.grades.first(), timezone.now()
    Audit.objects.bulk_create(
        Audit(
            case=case,
            framework=place.framework,
            route=case.route,
            side=Side.INSPECTORATE,
            status=AuditStatus.SUBMITTED,
            grade=grade,
            reason="x",
            version=1,
            submitted_at=moment,
            first_submitted_at=moment,
        )
        for case in cases[: number // 2]
    )


@pytest.mark.parametrize("person", ["inspector", "manager", "viewer"])
def test_one_case_and_fifty_take_the_same_queries(client, place, person):
    client.force_login(getattr(place, person))
    make_audit(make_case(place.inspection), Side.FORCE)
    make_audit(make_case(place.inspection, route=Route.SELECTED))
    pages = ["list", "sample", "figures"]
    before = [queries(client, reverse(f"cases:{p}", args=[place.inspection.pk])) for p in pages]
    for _ in range(49):
        make_audit(make_case(place.inspection))
    after = [queries(client, reverse(f"cases:{p}", args=[place.inspection.pk])) for p in pages]
    assert after == before
    assert max(after) <= 14


def test_a_thousand_of_more_cases_can_be_leafed_through(client, place):
    fill(place, 1_100)
    client.force_login(place.inspector)
    first = client.get(address(place)).content.decode()
    assert "1 to 50 of more than 1,000" in first
    assert (
        "951 to 1,000 of more than 1,000" in client.get(address(place, "?page=99")).content.decode()
    )


def test_the_list_is_about_the_inspectorates_audits_once_the_force_may_read_them(place):
    assert lists.main_side(place.inspection, place.viewer) == Side.FORCE
    place.at(Stage.FACTUAL_ACCURACY)
    assert lists.main_side(place.inspection, place.viewer) == Side.INSPECTORATE
    assert lists.main_side(place.inspection, place.inspector) == Side.INSPECTORATE
