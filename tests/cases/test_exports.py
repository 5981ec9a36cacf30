"""The list of cases as a file: the same cases in the same order, with what the same person may read."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Access
from cases import reading_record
from cases.models import CaseFile, IndicatorAnswer, Route
from config import spreadsheets
from inspections.models import Side, Stage
from tests.support.factories import make_audit, make_case


def address(place, kind, query=""):
    return reverse("cases:export", args=[place.inspection.pk, kind]) + query


def read_csv(client, place, user, query=""):
    client.force_login(user)
    response = client.get(address(place, "csv", query))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read_xlsx(client, place, user, query=""):
    client.force_login(user)
    response = client.get(address(place, "xlsx", query))
    assert response.status_code == 200
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.fixture
def many(place):
    """Seventy cases, more than a page, every second one graded."""
    for number in range(70):
        area = ("alpha", "beta", "gamma")[number % 3]
        route = Route.SELECTED if number % 5 == 0 else Route.SELF_ASSESSED
        case = make_case(
            place.inspection, reference=f"N-{number:03}", area=area, route=route,
            opened_on=dt.date(2025, 1, 1) + dt.timedelta(number), summary=f"Case no. {number}",
        )  # fmt: skip
        if number % 2:
            make_audit(case, grade=("good", "fair", "bad")[number % 3], by=place.inspector)
        if route == Route.SELF_ASSESSED:
            make_audit(case, Side.FORCE, ("bad", "good")[number % 2])
    return place


@pytest.mark.parametrize(
    "query",
    ["", "?area=beta&sort=-reference", "?state=graded&sort=grade", "?q=N-00&sort=area", "?page=2"],
)
@pytest.mark.parametrize("person", ["inspector", "viewer"])
def test_both_files_hold_what_the_list_shows_in_its_order(client, many, query, person):
    user = getattr(many, person)
    from_csv, from_xlsx = (read(client, many, user, query) for read in (read_csv, read_xlsx))
    shown: list[str] = []
    for page in (1, 2):
        tail = query if "page=" in query else f"{query or '?'}&page={page}"
        response = client.get(
            reverse("cases:list", args=[many.inspection.pk])
            + tail.replace("page=2", f"page={page}")
        )
        text = response.content.decode()
        references = [c.reference for c in CaseFile.objects.all() if f">{c.reference}</a>" in text]
        shown += [one for one in references if one not in shown]
    assert {row["Reference"] for row in from_csv} == set(shown)
    assert [row["Reference"] for row in from_csv] == [row["Reference"] for row in from_xlsx]
    assert len(from_csv) == len(shown) > 0
    if "-reference" in query:
        assert [row["Reference"] for row in from_csv] == sorted(shown, reverse=True)


def test_numbers_and_dates_are_real_and_words_are_those_of_the_page(client, many):
    row = next(r for r in read_xlsx(client, many, many.lead) if r["Reference"] == "N-001")
    assert row["Area"] == "Area beta"
    assert row["Route"] == "Self-assessed by the force"
    assert (row["Inspectorate"], row["Force"], row["State"]) == ("Fair", "Good", "Submitted")
    assert row["Steps between the grades"] == 1
    assert row["Date opened"].date() == dt.date(2025, 1, 2)
    submitted = timezone.localtime(
        CaseFile.objects.get(reference="N-001").audits.first().submitted_at
    )
    assert row["Submitted"] == submitted.replace(tzinfo=None, second=0, microsecond=0)
    assert row["Summary"] == "Case no. 1"
    assert row["Urgent referrals"] == 0
    row = next(r for r in read_xlsx(client, many, many.lead) if r["Reference"] == "N-002")
    assert (row["Inspectorate"], row["Force"], row["State"]) == (None, None, "Not graded")
    assert row["Steps between the grades"] is None


def test_a_force_gets_its_own_sample_and_its_own_grades(client, many):
    rows = read_csv(client, many, many.viewer)
    assert {row["Route"] for row in rows} == {"Self-assessed by the force"}
    assert "Inspectorate" not in rows[0]
    assert "Assigned to" not in rows[0]
    many.at(Stage.FACTUAL_ACCURACY)
    assert len(read_csv(client, many, many.viewer)) == 70


def test_answers_to_indicators_come_along_if_asked_for(client, place):
    case = make_case(place.inspection, reference="A-1", area="alpha")
    audit = make_audit(case, by=place.inspector)
    indicator = place.framework.indicators.get(code="alpha-2")
    IndicatorAnswer.objects.create(
        audit=audit, framework=place.framework, indicator=indicator, answer="partly", note="Secret"
    )
    (row,) = read_csv(client, place, place.lead, "?indicators=1")
    assert (row["alpha-1"], row["alpha-2"]) == ("", "Partly met")
    assert list(reading_record.readers(case).values_list("subject", flat=True)) == [
        reading_record.CASE,
        reading_record.EXPORT,
    ]
    assert "alpha-2" not in read_csv(client, place, place.lead)[0]


def test_hostile_texts_become_no_formula(client, place):
    formula = '=HYPERLINK("http://example.test","click")'
    make_case(place.inspection, reference="A-1", summary=formula)
    (from_csv,) = read_csv(client, place, place.lead)
    assert from_csv["Summary"] == f"'{formula}"
    client.force_login(place.lead)
    content = client.get(address(place, "xlsx")).content
    found = [c for row in load_workbook(io.BytesIO(content)).worksheets[0] for c in row]
    assert [c.data_type for c in found if c.value == formula] == ["s"]
    assert not [c for c in found if c.data_type == "f"]


def test_who_may_not_open_the_inspection_gets_no_file(client, place):
    make_case(place.inspection)
    for user in (place.outsider, place.administrator, place.other_force):
        client.force_login(user)
        for kind in ("csv", "xlsx"):
            assert client.get(address(place, kind)).status_code == 404
    client.force_login(place.lead)
    assert client.get(address(place, "pdf")).status_code == 404


def test_a_workbook_has_a_limit_and_a_sentence_says_to_take_the_csv_file(
    client, place, monkeypatch
):
    monkeypatch.setattr(spreadsheets, "MOST_IN_XLSX", 2)
    for number in range(3):
        make_case(place.inspection, reference=f"A-{number}")
    client.force_login(place.lead)
    response = client.get(address(place, "xlsx", "?q=A-"), follow=True)
    assert response.redirect_chain == [
        (reverse("cases:list", args=[place.inspection.pk]) + "?q=A-", 302)
    ]
    assert "Take the CSV file" in response.content.decode()
    assert len(read_csv(client, place, place.lead)) == 3
    assert len(read_xlsx(client, place, place.lead, "?q=A-1")) == 1


def test_a_file_takes_as_many_queries_for_fifty_cases_as_for_one_and_leaves_a_trace(client, place):
    make_audit(make_case(place.inspection))
    client.force_login(place.lead)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            b"".join(client.get(address(place, "csv")))
        return len(captured)

    queries()
    before = queries()
    for _number in range(49):
        make_audit(make_case(place.inspection))
    assert queries() == before <= 14
    noted = Access.objects.filter(user=place.lead, subject=reading_record.EXPORT)
    assert [one.subject_id for one in noted] == [place.inspection.pk] * 3
