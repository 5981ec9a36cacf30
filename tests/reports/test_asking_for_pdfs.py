"""Asking for a PDF: one row for all who ask at once, whatever ends meanwhile."""

import threading

import pytest
from django.db import IntegrityError, connection

from accounts.models import Role
from inspections.models import Stage
from reports import builds, jobs
from reports.models import BuildStatus, ReportBuild
from tests.support.factories import make_inspection, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    return make_inspection(Stage.DRAFTING, lead=lead)


def elsewhere(act):
    """Run `act` on a connection of its own, and wait for it."""

    def run():
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_two_people_who_ask_at_once_get_one_row(inspection, lead):
    people, barrier, found = [lead, make_user(Role.MANAGER)], threading.Barrier(2), []

    def ask(user):
        try:
            barrier.wait()
            found.append(builds.request_build(inspection, by=user).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [ReportBuild.objects.get().pk] * 2


def test_a_row_that_ends_between_asking_and_looking_makes_way_for_a_new_one(inspection, lead):
    first = builds.request_build(inspection, by=lead)
    looked: list[str] = []

    def end_it_first(execute, sql, params, many, context):
        if sql.startswith("SELECT") and '"reports_reportbuild"' in sql and not looked:
            looked.append(sql)
            elsewhere(lambda: builds.cancel(first, by=lead))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(end_it_first):
        second = builds._jobs.ask(inspection=inspection, publication=None, requested_by=lead)
    first.refresh_from_db()
    assert (first.status, second.status) == (BuildStatus.CANCELLED, BuildStatus.QUEUED)
    assert looked


def test_a_row_that_can_never_be_written_is_not_asked_for_for_ever():
    nowhere = {"inspection_id": 0, "publication": None, "requested_by": None}
    with pytest.raises(IntegrityError):
        jobs._kinds[builds._jobs.name].ask(**nowhere)
