"""Who read a case is on record, and the record cannot be changed (domain rule 11)."""

import pytest
from django.db import InternalError, transaction

from accounts.models import Access, Role
from cases import reading_record
from inspections.models import Stage
from tests.cases.conftest import make_place
from tests.support.factories import make_case, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place(Stage.FIELDWORK)


def readings(case):
    return [(row.user, row.subject) for row in reading_record.readers(case)]


@pytest.mark.parametrize("address", ["/cases/{}/", "/cases/{}/audit/", "/api/v1/cases/{}/"])
def test_whoever_opens_a_case_is_on_record(client, place, address):
    case, other = make_case(place.inspection), make_case(place.inspection)
    client.force_login(place.inspector)

    assert client.get(address.format(case.pk)).status_code == 200

    assert readings(case) == [(place.inspector, reading_record.CASE)]
    assert readings(other) == []


def test_whoever_may_not_open_a_case_is_not_on_record_as_its_reader(client, place):
    case = make_case(place.inspection)
    client.force_login(make_user(Role.INSPECTOR))

    assert client.get(f"/cases/{case.pk}/").status_code == 404

    assert readings(case) == []


def test_a_page_of_cases_from_the_api_is_on_record_case_by_case(client, place):
    cases = [make_case(place.inspection) for _number in range(3)]
    client.force_login(place.inspector)

    client.get(f"/api/v1/cases/?inspection={place.inspection.pk}")

    assert [readings(case) for case in cases] == [[(place.inspector, reading_record.CASE)]] * 3


def test_taking_cases_away_as_a_file_is_on_record_with_each_of_them(client, place):
    case = make_case(place.inspection)
    client.force_login(place.inspector)

    list(client.get(f"/inspections/{place.inspection.pk}/cases/export.csv"))

    assert readings(case) == [(place.inspector, reading_record.EXPORT)]


def test_the_lead_reads_who_has_read_a_case_and_an_inspector_does_not(client, place):
    case = make_case(place.inspection)
    client.force_login(place.inspector)
    client.get(f"/cases/{case.pk}/")
    assert client.get(f"/cases/{case.pk}/readers/").status_code == 403

    client.force_login(place.lead)
    page = client.get(f"/cases/{case.pk}/readers/").text

    assert place.inspector.name in page
    assert "Opened the case" in page


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_record_can_not_be_changed(place, change):
    reading_record.opened(make_case(place.inspection), by=place.inspector)

    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        rows = Access.objects.all()
        rows.update(subject="nothing") if change == "update" else rows.delete()
