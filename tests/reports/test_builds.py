"""Draft PDFs made by a real worker, which may die at any moment."""

import contextlib
import functools
import hashlib
import itertools
import logging
import random

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Role
from inspections.models import Stage
from reports import builds, drafted, jobs, pdf
from reports.models import BuildStatus, ReportBuild
from reports.progress import CHECK, COUNT, LAY_OUT
from tests.reports.material import make_reportable_inspection
from tests.support.factories import make_inspection, make_user
from tests.support.stack import wait_until


@pytest.fixture
def lead(db):
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    return make_reportable_inspection(Stage.DRAFTING, lead=lead)


def status_of(build):
    return ReportBuild.objects.values_list("status", flat=True).get(pk=build.pk)


class WorkerElsewhere:
    """Another connection that holds a build's lock, as the worker that makes it does."""

    def __init__(self, build):
        self.connection = connection.Database.connect(**connection.get_connection_params())
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [builds.LOCK_SPACE + build.pk])

    def die(self):
        self.connection.close()


class AtTheFirstPage(logging.Handler):
    """Does `act` once, as soon as WeasyPrint says that it lays out a page."""

    def __init__(self, act):
        super().__init__()
        self.act = act

    def filter(self, record):
        if record.args and self.act:
            act, self.act = self.act, None
            act()
        return True

    @contextlib.contextmanager
    def at_page_one(self):
        log = logging.getLogger("weasyprint.progress")
        log.addFilter(self.filter)
        try:
            yield
        finally:
            log.removeFilter(self.filter)


@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_the_draft_that_somebody_asked_for(celery_worker, inspection, lead):
    celery_worker.start()
    build = builds.request_build(inspection, by=lead)
    wait_until(lambda: status_of(build) == BuildStatus.DONE, what=celery_worker.log())
    build.refresh_from_db()
    assert build.sha256 == hashlib.sha256(build.pdf).hexdigest()
    assert (build.pages or 0) > 8
    assert build.step == CHECK
    assert build.attempts == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_is_replaced_and_exactly_one_pdf_comes_of_it(
    celery_worker, inspection, lead
):
    celery_worker.start()
    build = builds.request_build(inspection, by=lead)
    wait_until(lambda: status_of(build) == BuildStatus.RUNNING, what=celery_worker.log())
    celery_worker.kill()
    assert status_of(build) == BuildStatus.RUNNING
    wait_until(lambda: not builds._is_held(build.pk), what="the lock to go with the worker")
    celery_worker.start()
    assert builds.sweep() == 1
    wait_until(lambda: status_of(build) == BuildStatus.DONE, what=celery_worker.log())
    assert ReportBuild.objects.filter(inspection=inspection).count() == 1
    build.refresh_from_db()
    assert build.attempts == 2
    assert builds.sweep() == 0


@pytest.mark.django_db(transaction=True)
def test_killed_at_ten_random_moments_one_right_pdf_comes_of_each_build(
    celery_worker, inspection, lead
):
    right = pdf.make(drafted.document(inspection)).sha256
    chance = random.Random(20260303)
    ReportBuild.objects.all().delete()
    celery_worker.start()
    for _moment in range(10):
        build = builds.request_build(inspection, by=lead)
        _kill_in_the_middle(celery_worker, build, looks=chance.randrange(30))
        celery_worker.start()
        builds.sweep()
        wait_until(functools.partial(is_done, build), what=celery_worker.log())
        assert list(ReportBuild.objects.values_list("pk", "sha256")) == [(build.pk, right)]
        assert builds.sweep() == 0
        build.delete()  # or the next one would be the same, and nothing would be made


def is_done(build):
    return status_of(build) == BuildStatus.DONE


def _kill_in_the_middle(celery_worker, build, *, looks):
    """Kill the worker after it has been looked at so often since it began."""
    wait_until(lambda: status_of(build) != BuildStatus.QUEUED, what=celery_worker.log())
    counted = itertools.count()
    wait_until(lambda: next(counted) >= looks)
    celery_worker.kill()
    wait_until(lambda: not builds._is_held(build.pk), what="the lock to go with the worker")


@pytest.mark.django_db(transaction=True)
def test_a_lost_message_is_sent_again_by_beat_s_sweep(celery_worker, inspection, lead):
    build = ReportBuild.objects.create(inspection=inspection, requested_by=lead)
    assert builds.sweep() == 0  # it may still be on its way
    ReportBuild.objects.filter(pk=build.pk).update(requested_at=timezone.now() - jobs.RESEND_AFTER)
    celery_worker.start()
    assert builds.sweep() == 1
    wait_until(lambda: status_of(build) == BuildStatus.DONE, what=celery_worker.log())


@pytest.mark.django_db(transaction=True)
def test_a_build_that_a_worker_is_at_is_not_begun_a_second_time(inspection, lead):
    build = ReportBuild.objects.create(
        inspection=inspection, status=BuildStatus.RUNNING, attempts=1, requested_by=lead
    )
    other = WorkerElsewhere(build)
    try:
        assert builds.sweep() == 0
        builds.run_build(build.pk)
        build.refresh_from_db()
        assert (build.status, build.attempts) == (BuildStatus.RUNNING, 1)
    finally:
        other.die()
    wait_until(lambda: not builds._is_held(build.pk))
    builds.run_build(build.pk)
    build.refresh_from_db()
    assert (build.status, build.attempts) == (BuildStatus.DONE, 2)


@pytest.mark.django_db(transaction=True)
def test_the_same_message_twice_makes_one_pdf(inspection, lead):
    build = ReportBuild.objects.create(inspection=inspection, requested_by=lead)
    builds.run_build(build.pk)
    finished = ReportBuild.objects.get(pk=build.pk).finished_at
    builds.run_build(build.pk)
    build.refresh_from_db()
    assert (build.finished_at, build.attempts) == (finished, 1)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_three_times_is_not_sent_a_fourth(inspection, lead):
    build = ReportBuild.objects.create(
        inspection=inspection,
        status=BuildStatus.RUNNING,
        attempts=jobs.ATTEMPTS,
        requested_by=lead,
    )
    builds.run_build(build.pk)
    build.refresh_from_db()
    assert build.status == BuildStatus.FAILED
    assert build.error == "The worker stopped 3 times while it made this PDF."


@pytest.mark.django_db(transaction=True)
def test_an_error_is_tried_three_times_and_then_told_in_plain_words(
    inspection, lead, settings, tmp_path
):
    build = ReportBuild.objects.create(inspection=inspection, requested_by=lead)
    # A real fault: the template of the report is not where it was.
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}, settings.TEMPLATES[1]]
    for attempt in range(1, jobs.ATTEMPTS + 1):
        builds.run_build(build.pk)
        build.refresh_from_db()
        assert build.attempts == attempt
    assert build.status == BuildStatus.FAILED
    assert build.error == "The PDF could not be made in 3 attempts."
    assert builds.sweep() == 0


def test_who_asks_while_one_is_being_made_gets_that_one(inspection, lead):
    first = builds.request_build(inspection, by=lead)
    assert builds.request_build(inspection, by=lead) == first


def test_only_the_team_and_managers_ask_for_a_draft_and_only_before_publication(inspection, lead):
    builds.request_build(inspection, by=make_user(Role.MANAGER))
    others = [
        make_user(Role.INSPECTOR),
        make_user(Role.ADMINISTRATOR),
        make_user(Role.FORCE_LEAD, force=inspection.force),
    ]
    for other in others:
        with pytest.raises(NotAllowed):
            builds.request_build(inspection, by=other)
    with pytest.raises(NotAllowed):
        builds.request_build(make_inspection(Stage.PUBLISHED, lead=lead), by=lead)


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_has_not_changed_is_not_made_again(inspection, lead):
    first = builds.request_build(inspection, by=lead)
    builds.run_build(first.pk)
    assert builds.request_build(inspection, by=lead) == first
    first.refresh_from_db()
    # Two who ask for the same content at once, before either is made, still get one layout and equal files.
    late = ReportBuild.objects.create(inspection=inspection, requested_by=lead)
    builds.run_build(late.pk)
    late.refresh_from_db()
    assert (late.status, late.sha256, late.step) == (BuildStatus.DONE, first.sha256, COUNT)
    section = inspection.report_sections.get(kind="context")
    section.body = "Something else."
    section.save()
    other = builds.request_build(inspection, by=lead)
    assert other.status == BuildStatus.QUEUED
    builds.run_build(other.pk)
    other.refresh_from_db()
    assert other.content_hash != first.content_hash


@pytest.mark.django_db(transaction=True)
def test_a_cancelled_build_stops_where_it_is_and_leaves_no_pdf(inspection, lead):
    build = builds.request_build(inspection, by=lead)
    # While the first page is laid out, somebody presses the button.
    listener = AtTheFirstPage(lambda: builds.cancel(build, by=lead))
    with listener.at_page_one():
        builds.run_build(build.pk)
    build.refresh_from_db()
    assert (build.status, build.step, build.pdf) == (BuildStatus.CANCELLED, LAY_OUT, None)
    assert not builds._is_held(build.pk)
    assert builds.sweep() == 0
    assert not builds.cancel(build, by=lead)
    again = builds.request_build(inspection, by=lead)
    builds.run_build(again.pk)
    assert status_of(again) == BuildStatus.DONE


def rewrite(inspection, body):
    inspection.report_sections.filter(kind="context").update(body=body)


@pytest.mark.django_db(transaction=True)
def test_who_asks_while_an_earlier_draft_is_made_is_told_so_until_it_is_made_again(
    client, inspection, lead
):
    client.force_login(lead)
    build = builds.request_build(inspection, by=lead)
    address = reverse("reports:build_status", args=[inspection.pk, build.pk])
    outline = reverse("reports:outline", args=[inspection.pk])
    told = []

    def look():
        told.append(client.get(address).text)
        rewrite(inspection, "Something else.")
        asked = client.post(reverse("reports:build", args=[inspection.pk]), follow=True)
        assert asked.redirect_chain[0][0] == address
        told.extend([asked.text, client.get(outline).text])

    with AtTheFirstPage(look).at_page_one():
        builds.run_build(build.pk)
    before, meanwhile, listed = told
    assert "has changed since" not in before
    assert "it will be of an earlier draft. Once it is done, you can make a new one" in meanwhile
    assert "The report has changed since that PDF was begun." in listed
    made = client.get(address).text
    assert "it is of an earlier draft. Make a new one" in made
    assert "Make a new draft PDF" in made
    assert "The report has changed since that PDF was made." in client.get(outline).text

    again = builds.request_build(inspection, by=lead)
    assert again != build
    builds.run_build(again.pk)
    for page in (outline, reverse("reports:build_status", args=[inspection.pk, again.pk])):
        assert "has changed since" not in client.get(page).text


@pytest.mark.django_db(transaction=True)
def test_who_asks_for_what_is_made_already_gets_it_though_another_draft_is_under_way(
    inspection, lead
):
    first = builds.request_build(inspection, by=lead)
    builds.run_build(first.pk)
    as_it_was = inspection.report_sections.get(kind="context").body
    rewrite(inspection, "Something else.")
    second = builds.request_build(inspection, by=lead)
    assert second.status == BuildStatus.QUEUED
    rewrite(inspection, as_it_was)
    assert builds.request_build(inspection, by=lead) == first


@pytest.mark.django_db(transaction=True)
def test_a_build_that_waits_once_more_is_not_said_to_be_of_an_earlier_draft(inspection, lead):
    build = ReportBuild.objects.create(
        inspection=inspection, requested_by=lead, content_hash="0" * 64, step=LAY_OUT
    )
    assert builds.is_of_earlier_draft(build) is None
    build.status, build.step = BuildStatus.RUNNING, COUNT
    assert builds.is_of_earlier_draft(build) is None
    build.step = LAY_OUT
    assert builds.is_of_earlier_draft(build) is True
    build.status = BuildStatus.CANCELLED
    assert builds.is_of_earlier_draft(build) is None


def test_who_may_ask_for_a_draft_may_cancel_it_and_nobody_cancels_what_is_published(
    inspection, lead
):
    build = builds.request_build(inspection, by=lead)
    with pytest.raises(NotAllowed):
        builds.cancel(build, by=make_user(Role.INSPECTOR))
    assert builds.cancel(build, by=make_user(Role.MANAGER))
    assert status_of(build) == BuildStatus.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_loses_nothing(inspection, lead, caplog):
    from config.celery import app

    address = app.conf.broker_url
    app.conf.broker_url = "redis://127.0.0.1:1/0"
    app.amqp._producer_pool = None
    try:
        build = builds.request_build(inspection, by=lead)
    finally:
        app.conf.broker_url = address
        app.amqp._producer_pool = None
    assert status_of(build) == BuildStatus.QUEUED
    assert "waits for the broker" in caplog.text
