"""The recommendations of the benchmark are made as publication, the rules of dates and the constraints want them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from accounts.models import Role
from benchmarks.follow_up import AN_INSPECTION, write_recommendations
from inspections import dates
from inspections.models import Deadline, DeadlineKind
from recommendations.models import Action, Recommendation
from tests.support.factories import make_force, make_framework, make_user

pytestmark = pytest.mark.django_db


def test_dates_are_counted_as_publication_counts_them():
    make_framework()
    for _number in range(2):
        force = make_force()
        make_user(Role.FORCE_LEAD, force=force)
        make_user(Role.FORCE_ASSESSOR, force=force)
    make_user(Role.LEAD_INSPECTOR)
    today = dt.date(2026, 11, 30)
    made = write_recommendations(200, today)
    connection.check_constraints()

    assert len(made) == 200 / AN_INSPECTION
    assert made[-1].published_on == today
    assert Recommendation.objects.count() == 200
    assert Action.objects.filter(deadline__kind=DeadlineKind.ACTION).count() == 80
    for deadline in Deadline.objects.exclude(kind=DeadlineKind.ACTION):
        assert deadline.counts_from == deadline.inspection.published_on
        assert deadline.amount is not None
        first = dates.add(deadline.counts_from, deadline.unit, deadline.amount)
        assert deadline.first_due_on == first
        agreed = deadline.extensions.first()
        assert deadline.due_on == (agreed.agreed_on if agreed else first)
    for recommendation in Recommendation.objects.select_related("deadline"):
        assert recommendation.deadline
        assert recommendation.deadline.subject_id == recommendation.pk
        if recommendation.settled_on:
            assert recommendation.deadline.met_on
