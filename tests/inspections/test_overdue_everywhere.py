"""The same number of what is overdue on every page, in the API, the files and the mails: open, and over."""

import csv
import datetime as dt
import io
import re

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from inspections import deadlines
from inspections.models import Deadline, DeadlineKind, Party, Stage
from recommendations.models import Outcome, ProgressStatus
from reminders import messages, outbox
from reminders.models import Digest
from tests.support.factories import make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 10)
# Days from today; what is met or lapsed was due before, too, and counts nowhere.
OPEN_DAYS = (-200, -30, -1, 0, 1, 25, 90)
OVERDUE = 3


@pytest.fixture(autouse=True)
def _on_10_june_2026():
    with time_machine.travel("2026-06-10T10:00:00+00:00", tick=False):
        yield


def recommend(inspection, days, **fields):
    """A recommendation with its deadline so many days from today."""
    recommendation = make_recommendation(inspection, **fields)
    recommendation.deadline = deadlines.set_deadline(
        inspection,
        DeadlineKind.RECOMMENDATION,
        label=f"Recommendation {recommendation.number}: act",
        responsible=Party.FORCE,
        due_on=TODAY + dt.timedelta(days),
        subject_id=recommendation.pk,
    )
    recommendation.save()
    return recommendation.deadline


@pytest.fixture
def scene():
    """Two forces with three overdue recommendations each, beside met, lapsed and later ones; and the others' dates."""
    lead = make_user(Role.LEAD_INSPECTOR)
    first = make_inspection(Stage.FOLLOW_UP, lead=lead)
    second = make_inspection(Stage.FOLLOW_UP, framework=first.framework)
    for inspection in (first, second):
        for days in OPEN_DAYS:
            recommend(inspection, days)
        deadlines.meet(
            recommend(inspection, -50, progress_status=ProgressStatus.COMPLETE), by=None, on=TODAY
        )
        settled = {"outcome": Outcome.NO_LONGER_APPLICABLE, "settled_on": TODAY}
        deadlines.lapse(recommend(inspection, -50, **settled))
    for number, party in enumerate((Party.INSPECTORATE, Party.COMMISSIONER)):
        deadlines.set_deadline(
            first,
            DeadlineKind.FOLLOW_UP,
            label="Something else",
            responsible=party,
            due_on=TODAY - dt.timedelta(5),
            follow_up_rule=first.framework.follow_up_rules.all()[number],
        )
    return first, second, lead


def number_in(client, pattern, name, *args, query=""):
    text = " ".join(client.get(f"{reverse(name, args=args)}{query}").text.split())
    found = re.search(pattern, text)
    assert found, f"{pattern} is not on {name}"
    return int(found[1])


def on_list(client, query=""):
    return number_in(client, r"([\d,]+) overdue, \d+ due this week", "deadlines:list", query=query)


def in_api(client, query=""):
    answer = client.get(f"/api/v1/deadlines/?group=overdue{query}")
    return answer.json()["count"]


def in_file(client, query=""):
    address = reverse("deadlines:export", args=["csv"])
    text = b"".join(client.get(f"{address}?{query}").streaming_content).decode("utf-8-sig")
    return sum(row["Group"] == "Overdue" for row in csv.DictReader(io.StringIO(text)))


def of_recommendations_file(client):
    address = f"{reverse('recommendations:export', args=['csv'])}?overdue=on"
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return len(list(csv.DictReader(io.StringIO(text))))


def test_a_manager_reads_one_number_wherever_they_look(client, scene):
    first, second, _lead = scene
    client.force_login(make_user(Role.MANAGER))
    all_of_it = Deadline.objects.overdue(TODAY).count()
    assert all_of_it == 2 * OVERDUE + 2
    assert on_list(client) == in_api(client) == in_file(client) == all_of_it
    assert in_file(client, "group=overdue") == all_of_it

    home = client.get(reverse("home")).text
    by_party = [int(found) for found in re.findall(r">(\d+) deadlines?<", home)]
    assert sorted(by_party) == [1, 1, 2 * OVERDUE]

    for inspection, here in ((first, OVERDUE + 2), (second, OVERDUE)):
        force = inspection.force_id
        query = f"force={force}"
        assert on_list(client, f"?{query}") == in_api(client, f"&{query}") == here
        assert in_file(client, query) == here
        assert number_in(client, r"(\d+) overdue, \d+ due this", "forces:detail", force) == here
        column = rf'group=overdue&amp;force={force}"[^>]*>(\d+)<'
        assert number_in(client, column, "forces:list") == here

    of_recommendations = on_list(client, "?kind=recommendation")
    assert of_recommendations == 2 * OVERDUE
    assert number_in(client, r"(\d+) overdue,", "recommendations:tracker") == of_recommendations
    board = number_in(client, r"(\d+) overdue,", "recommendations:board", first.force_id)
    assert board == OVERDUE
    assert of_recommendations_file(client) == of_recommendations


def test_a_force_lead_reads_one_number_on_pages_and_in_the_mail(client, scene):
    first, _second, _lead = scene
    user = make_user(Role.FORCE_LEAD, force=first.force)
    client.force_login(user)
    here = OVERDUE + 2
    assert on_list(client) == in_api(client) == in_file(client) == here
    assert (
        number_in(client, r"(\d+) overdue, \d+ due this", "forces:detail", first.force_id) == here
    )
    board = number_in(client, r"(\d+) overdue,", "recommendations:board", first.force_id)
    theirs = on_list(client, "?responsible=force")
    assert board == theirs == OVERDUE
    assert client.get(reverse("home")).text.count("overdue, was due") == theirs

    outbox.plan(TODAY)
    mail = messages.compose(Digest.objects.get(user=user), TODAY)
    found = re.search(r"(\d+) are overdue\.", mail.body)
    assert found
    assert int(found[1]) == here
    assert mail.body.count("was due") == theirs
