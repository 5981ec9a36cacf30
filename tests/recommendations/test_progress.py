"""The force reports how far it is."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from accounts.errors import NotAllowed
from accounts.models import Role
from cases.personal_data import LooksPersonal
from inspections import dates
from inspections.models import Stage
from recommendations import progress
from recommendations.models import ProgressStatus, ProgressUpdate
from recommendations.publication import set_deadlines
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db
COMPLETE, IN_PROGRESS = ProgressStatus.COMPLETE, ProgressStatus.IN_PROGRESS


@pytest.fixture
def force():
    return make_force()


@pytest.fixture
def force_lead(force):
    return make_user(Role.FORCE_LEAD, force=force)


@pytest.fixture
def recommendation(force):
    inspection = make_inspection(Stage.FOLLOW_UP, force=force)
    recommendation = make_recommendation(inspection)
    set_deadlines(inspection, inspection.published_on)
    recommendation.refresh_from_db()
    return recommendation


def test_a_report_is_kept_with_its_words_and_changes_the_status(recommendation, force_lead):
    progress.report(recommendation, status=IN_PROGRESS, note=" Begun. ", by=force_lead)
    progress.report(recommendation, status=IN_PROGRESS, note="Half done.", by=force_lead)

    recommendation.refresh_from_db()
    assert recommendation.progress_status == IN_PROGRESS
    assert [update.note for update in recommendation.progress.all()] == ["Half done.", "Begun."]
    assert recommendation.deadline.met_on is None


def test_reported_complete_its_deadline_is_met_today(recommendation, force_lead):
    progress.report(recommendation, status=COMPLETE, note="Done.", by=force_lead)

    recommendation.deadline.refresh_from_db()
    assert recommendation.deadline.met_on == dates.today()
    assert recommendation.deadline.met_by == force_lead


def test_taken_back_the_deadline_is_open_again(recommendation, force_lead):
    progress.report(recommendation, status=COMPLETE, note="Done.", by=force_lead)
    progress.report(recommendation, status=IN_PROGRESS, note="Not quite.", by=force_lead)

    recommendation.deadline.refresh_from_db()
    assert recommendation.deadline.met_on is None


def test_what_was_said_in_the_past_meets_the_deadline_on_its_london_day(recommendation, force_lead):
    # half past eleven in the evening, UTC, is the next day in a London summer
    moment = dt.datetime(2026, 5, 31, 23, 30, tzinfo=ZoneInfo("UTC"))

    progress.report(recommendation, status=COMPLETE, note="Done.", by=force_lead, at=moment)

    recommendation.deadline.refresh_from_db()
    assert recommendation.deadline.met_on == dt.date(2026, 6, 1)


def test_a_recommendation_without_a_date_can_be_reported_complete(force, force_lead):
    recommendation = make_recommendation(
        make_inspection(Stage.PUBLISHED, force=force), timescale="none"
    )

    progress.report(recommendation, status=COMPLETE, note="Done.", by=force_lead)

    recommendation.refresh_from_db()
    assert recommendation.progress_status == COMPLETE


@pytest.mark.parametrize("role", [Role.FORCE_ASSESSOR, Role.FORCE_VIEWER])
def test_others_of_the_force_do_not_report(recommendation, force, role):
    with pytest.raises(NotAllowed):
        progress.report(
            recommendation, status=COMPLETE, note="Done.", by=make_user(role, force=force)
        )


@pytest.mark.parametrize(
    "role", [Role.FORCE_LEAD, Role.LEAD_INSPECTOR, Role.MANAGER, Role.ADMINISTRATOR]
)
def test_nobody_from_outside_the_force_reports(recommendation, role):
    with pytest.raises(NotAllowed):
        progress.report(recommendation, status=COMPLETE, note="Done.", by=make_user(role))
    assert not ProgressUpdate.objects.exists()


@pytest.mark.parametrize("stage", [Stage.DRAFTING, Stage.FACTUAL_ACCURACY, Stage.CLOSED])
def test_nothing_is_reported_before_publication_or_after_closure(force, force_lead, stage):
    recommendation = make_recommendation(make_inspection(stage, force=force))

    assert not progress.may_report(recommendation, force_lead)
    with pytest.raises(progress.NotOpen):
        progress.report(recommendation, status=COMPLETE, note="Done.", by=force_lead)


def test_what_was_reported_cannot_be_changed_even_in_the_database(recommendation, force_lead):
    progress.report(recommendation, status=IN_PROGRESS, note="Begun.", by=force_lead)

    with pytest.raises(DatabaseError), transaction.atomic():
        ProgressUpdate.objects.update(note="Never said")
    with pytest.raises(DatabaseError), transaction.atomic():
        ProgressUpdate.objects.all().delete()


def test_what_looks_like_personal_data_is_kept_only_once_confirmed(recommendation, force_lead):
    words = {"status": IN_PROGRESS, "note": "Write to jo@example.org", "by": force_lead}

    with pytest.raises(LooksPersonal):
        progress.report(recommendation, **words)
    assert not ProgressUpdate.objects.exists()
    progress.report(recommendation, **words, personal_data_reason="It is the office’s")
    assert ProgressUpdate.objects.exists()
