"""Administrators set the policy and see what became of each mail."""

import pytest

from accounts.models import Role
from reminders import outbox
from reminders.models import Digest, DigestStatus, ReminderPolicy
from tests.reminders.conftest import TODAY, make_deadline
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def test_an_administrator_changes_the_policy(client, admin):
    ReminderPolicy.objects.get_or_create(pk=1)
    address = "/admin/reminders/reminderpolicy/1/change/"
    assert client.get(address).status_code == 200

    response = client.post(address, {"days_before": "30, 14,3", "overdue_every_days": "10"})

    assert response.status_code == 302
    policy = outbox.current_policy()
    assert policy.days_before == (30, 14, 3)
    assert (policy.on_the_day, policy.overdue_every_days) == (False, 10)


@pytest.mark.parametrize(
    "wrong", [{"days_before": "0"}, {"days_before": "x"}, {"overdue_every_days": "0"}]
)
def test_a_policy_that_makes_no_sense_is_refused(client, admin, wrong):
    ReminderPolicy.objects.get_or_create(pk=1)
    data = {"days_before": "7", "overdue_every_days": "7", **wrong}

    response = client.post("/admin/reminders/reminderpolicy/1/change/", data)

    assert response.status_code == 200
    assert outbox.current_policy().days_before == (28, 7)


def test_there_is_one_policy_which_nobody_removes(client, admin):
    ReminderPolicy.objects.get_or_create(pk=1)

    assert client.get("/admin/reminders/reminderpolicy/").status_code == 200
    assert client.get("/admin/reminders/reminderpolicy/add/").status_code == 403
    assert client.get("/admin/reminders/reminderpolicy/1/delete/").status_code == 403


def test_a_mail_that_was_given_up_is_seen_and_sent_again(client, admin, world):
    make_deadline(world.inspection)
    outbox.plan(TODAY)
    Digest.objects.update(status=DigestStatus.FAILED, last_error="550 No such mailbox", attempts=1)
    digest = Digest.objects.get()

    page = client.get("/admin/reminders/digest/?status__exact=failed").content.decode()
    assert "550 No such mailbox" in page
    assert client.get(f"/admin/reminders/digest/{digest.pk}/change/").status_code == 200
    assert client.get(f"/admin/reminders/digest/{digest.pk}/delete/").status_code == 403
    client.post(
        "/admin/reminders/digest/", {"action": "send_again", "_selected_action": [digest.pk]}
    )

    digest.refresh_from_db()
    assert (digest.status, digest.last_error) == (DigestStatus.QUEUED, "")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LEAD_INSPECTOR, Role.FORCE_LEAD])
def test_nobody_else_may(client, role):
    client.force_login(make_user(role))

    assert client.get("/admin/reminders/digest/").status_code == 302
