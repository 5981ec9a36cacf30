"""Deadlines as people look at them: overdue, this week, the next 30 days, later."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections import deadline_groups
from inspections.deadline_groups import DUE_SOON, GROUPS, groups, in_group
from inspections.models import Deadline, DeadlineKind, Stage
from tests.support.factories import make_inspection

TODAY = dt.date(2026, 6, 10)  # a Wednesday


def due(days, today=TODAY, **fields):
    return Deadline(due_on=today + dt.timedelta(days), **fields)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1)), st.integers(-60, 60))
@settings(max_examples=50, deadline=None)
def test_every_day_is_in_the_group_that_its_distance_says(today, days):
    sunday = deadline_groups.end_of_week(today)
    assert sunday.weekday() == 6
    assert 0 <= (sunday - today).days <= 6
    now = dt.datetime.combine(today, dt.time(12), dt.UTC)
    group = deadline_groups.group_of(due(days, today), today, now)
    if days < 0:
        assert group == "overdue"
    elif today + dt.timedelta(days) <= sunday:
        assert group == "this_week"
    else:
        assert group == ("next_30_days" if days <= 30 else "later")


@pytest.mark.django_db
def test_the_database_groups_as_python_does():
    inspection = make_inspection(Stage.FOLLOW_UP)
    for number, days in enumerate((-40, -1, 0, 4, 5, 30, 31, 400)):
        one = due(days, inspection=inspection, kind=DeadlineKind.RECOMMENDATION, subject_id=number)
        one.first_due_on = one.due_on
        one.save()
    over = {"met_on": TODAY}, {"lapsed_on": TODAY}
    for number, became in enumerate(over, start=100):
        one = due(-2, inspection=inspection, kind=DeadlineKind.RECOMMENDATION, **became)
        one.subject_id, one.first_due_on = number, one.due_on
        one.save()
    every = Deadline.objects.all()
    found = groups(every.open(), TODAY)._asdict()
    assert [len(found[name]) for name in GROUPS] == [2, 2, 2, 2]
    for name, rows in found.items():
        assert list(in_group(every, name, TODAY)) == rows
    assert list(every.overdue(TODAY)) == found["overdue"]
    assert deadline_groups.count_groups(every, TODAY) == dict.fromkeys(GROUPS, 2)
    assert set(DUE_SOON) < set(GROUPS)
