"""Publication turns timescales into dates."""

import datetime as dt

import pytest

from accounts.models import Role
from inspections import dates
from inspections.models import (
    Deadline,
    DeadlineKind,
    Extension,
    ExtensionDecision,
    Side,
    Stage,
    TimeUnit,
)
from recommendations.publication import how_dated, set_deadlines
from tests.support.factories import make_framework, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db
PUBLISHED = dt.date(2026, 3, 3)


def published(day=PUBLISHED, **fields):
    return make_inspection(Stage.PUBLISHED, published_on=day, **fields)


@pytest.mark.parametrize(
    ("timescale", "published_on", "due_on"),
    [
        ("immediately", PUBLISHED, PUBLISHED),
        ("three-months", PUBLISHED, dt.date(2026, 6, 3)),
        ("six-months", PUBLISHED, dt.date(2026, 9, 3)),
        ("three-months", dt.date(2026, 11, 30), dt.date(2027, 2, 28)),
        ("three-months", dt.date(2027, 11, 30), dt.date(2028, 2, 29)),
        ("six-months", dt.date(2026, 8, 31), dt.date(2027, 2, 28)),
        # across the changes of the clocks, which do not move dates
        ("six-months", dt.date(2026, 3, 29), dt.date(2026, 9, 29)),
        ("three-months", dt.date(2026, 10, 25), dt.date(2027, 1, 25)),
    ],
)
def test_a_timescale_counts_calendar_months_from_publication(timescale, published_on, due_on):
    inspection = published(published_on)
    recommendation = make_recommendation(inspection, timescale=timescale, stem="Do this.")

    set_deadlines(inspection, published_on)

    recommendation.refresh_from_db()
    deadline = recommendation.deadline
    assert (deadline.due_on, deadline.first_due_on) == (due_on, due_on)
    assert (deadline.kind, deadline.responsible) == (DeadlineKind.RECOMMENDATION, Side.FORCE)
    assert deadline.subject_id == recommendation.pk
    assert deadline.label == f"Recommendation {recommendation.number}: Do this."
    assert deadline.get_absolute_url() == recommendation.get_absolute_url()


def label_of(**fields):
    inspection = published()
    recommendation = make_recommendation(inspection, **fields)
    set_deadlines(inspection, PUBLISHED)
    recommendation.refresh_from_db()
    return recommendation.deadline.label


def test_a_stem_that_only_leads_to_its_points_brings_the_first_of_them_into_the_label():
    stem = "We recommend that the force:"

    several = label_of(stem=stem, points=["improves its records;", "trains its staff."])
    assert several == "Recommendation 1: We recommend that the force: improves its records; …"
    one = label_of(stem=stem, points=["improves its records."])
    assert one == "Recommendation 1: We recommend that the force: improves its records."
    assert label_of(stem=stem) == "Recommendation 1: We recommend that the force:"


def test_a_timescale_without_a_date_gets_no_deadline():
    inspection = published()
    recommendation = make_recommendation(inspection, timescale="none")

    set_deadlines(inspection, PUBLISHED)

    recommendation.refresh_from_db()
    assert recommendation.deadline is None
    assert not Deadline.objects.exists()
    assert how_dated(recommendation) == "The report states no timescale, so there is no date."


def test_done_twice_it_leaves_one_deadline_each():
    inspection = published()
    for _ in range(3):
        make_recommendation(inspection)

    set_deadlines(inspection, PUBLISHED)
    set_deadlines(inspection, PUBLISHED)

    assert Deadline.objects.count() == 3


def test_a_long_recommendation_gets_a_short_label_that_ends_with_a_whole_word():
    inspection = published()
    make_recommendation(inspection, stem="Improve\neverything " * 100)

    set_deadlines(inspection, PUBLISHED)

    label = Deadline.objects.get().label
    assert 150 < len(label) <= 160 and "\n" not in label
    assert label.endswith((" Improve…", " everything…"))


@pytest.mark.parametrize(
    ("timescale", "words"),
    [
        ("immediately", "On publication, 3 March 2026."),
        ("three-months", "3 months from publication on 3 March 2026."),
        ("ten-days", "10 days from publication on 3 March 2026."),
        ("one-week", "1 week from publication on 3 March 2026."),
    ],
)
def test_it_says_how_the_date_came_about(timescale, words):
    framework = make_framework()
    for order, (code, unit, amount) in enumerate(
        [("ten-days", TimeUnit.DAYS, 10), ("one-week", TimeUnit.WEEKS, 1)], start=5
    ):
        framework.timescales.create(code=code, label=code, order=order, unit=unit, amount=amount)
    inspection = published(framework=framework)
    recommendation = make_recommendation(inspection, timescale=timescale)
    set_deadlines(inspection, PUBLISHED)
    recommendation.refresh_from_db()

    assert how_dated(recommendation) == words


def test_it_says_that_a_date_was_assumed_and_what_it_was_at_first():
    inspection = published(published_on_assumed=True)
    recommendation = make_recommendation(inspection)
    set_deadlines(inspection, PUBLISHED)
    recommendation.refresh_from_db()
    Extension.objects.create(
        deadline=recommendation.deadline,
        from_on=dt.date(2026, 6, 3),
        wanted_on=dt.date(2026, 7, 1),
        reason="Late.",
        asked_by=make_user(Role.FORCE_LEAD, force=inspection.force),
        decision=ExtensionDecision.AGREED,
        agreed_on=dt.date(2026, 7, 1),
        decided_by=make_user(Role.MANAGER),
        decided_at=dates.now(),
    )
    Deadline.objects.update(due_on=dt.date(2026, 7, 1))
    recommendation.refresh_from_db()

    assert how_dated(recommendation) == (
        "3 months from publication on 3 March 2026. The date of publication is assumed. "
        "First due on 3 June 2026; an extension was agreed."
    )


def test_before_publication_there_is_nothing_to_say():
    assert how_dated(make_recommendation(make_inspection(Stage.DRAFTING))) == ""
