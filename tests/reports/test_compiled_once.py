"""The pages before publication compile the report once, however many guards ask for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from inspections.models import Stage
from reports import drafted
from reports.models import ReportSection
from tests.reports.material import approved, make_reportable_inspection
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db
COMPILING = 'FROM "inspections_glossaryterm"'  # asked once for each document, and by nothing else
MOST_QUERIES = 70


@pytest.fixture
def inspection():
    return make_reportable_inspection(Stage.FACTUAL_ACCURACY)


@pytest.mark.parametrize("page", ["approval", "publish"])
@pytest.mark.parametrize("is_approved", [False, True])
def test_each_page_compiles_the_report_once(client, inspection, page, is_approved):
    if is_approved:
        approved(inspection)
    client.force_login(make_user(Role.MANAGER))
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(reverse(f"reports:{page}", args=[inspection.pk]))
    assert answer.status_code == 200
    assert len([one for one in captured if COMPILING in one["sql"]]) == 1
    assert len(captured) < MOST_QUERIES


def test_what_is_read_is_remembered_no_longer_than_the_page(inspection):
    with drafted.compiled_once():
        shown = drafted.document(inspection)
        ReportSection.objects.filter(inspection=inspection).update(body="Otherwise.")
        assert drafted.document(inspection) is shown
    assert drafted.document(inspection).section("summary").body == "Otherwise."


def test_every_inspection_has_its_own(inspection):
    other = make_reportable_inspection(Stage.DRAFTING, fieldwork_start=inspection.fieldwork_start)
    with drafted.compiled_once():
        assert drafted.document(inspection).title == str(inspection)
        drafted.document(other)
        ReportSection.objects.filter(inspection=other).update(body="Otherwise.")
        assert drafted.document(inspection).section("summary").body != "Otherwise."
