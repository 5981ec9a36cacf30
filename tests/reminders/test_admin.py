"""Administrators set the policy and see what became of each mail."""

import pytest

from accounts.models import Role
from reminders import outbox
from reminders.models import Digest, DigestStatus, ReminderPolicy
from reminders.policies import Policies
from tests.reminders.conftest import TODAY, make_deadline
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


ADDRESS = "/admin/reminders/reminderpolicy/"


def form(*climbs, **values):
    """What the form of a policy sends; `climbs` are (to, days overdue)."""
    data = {
        "days_before": "28, 7",
        "overdue_every_days": "7",
        "escalations-TOTAL_FORMS": len(climbs),
        "escalations-INITIAL_FORMS": 0,
        **values,
    }
    for number, (to, after_days) in enumerate(climbs):
        data[f"escalations-{number}-to"] = to
        data[f"escalations-{number}-after_days"] = after_days
    return data


@pytest.fixture
def usual(admin):
    """The address of the policy for all that have none of their own."""
    return f"{ADDRESS}{ReminderPolicy.objects.get_or_create(kind='')[0].pk}/"


def test_an_administrator_changes_the_policy_and_to_whom_it_climbs(client, usual):
    ReminderPolicy.objects.get(kind="").escalations.all().delete()
    assert client.get(f"{usual}change/").status_code == 200

    data = form(
        ("leads", 3),
        ("managers", 9),
        days_before="30, 14,3",
        overdue_every_days="10",
        working_days_only="on",
    )
    response = client.post(f"{usual}change/", data)

    assert response.status_code == 302
    policy = Policies().usual
    assert policy.days_before == (30, 14, 3)
    assert (policy.on_the_day, policy.overdue_every_days) == (False, 10)
    assert policy.working_days_only
    assert policy.climbs == (("leads", 3), ("managers", 9))


@pytest.mark.parametrize(
    "wrong",
    [
        form(days_before="0"),
        form(days_before="x"),
        form(overdue_every_days="0"),
        form(("leads", 0)),
        form(("leads", 3), ("leads", 5)),
        form(("nobody", 3)),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(client, usual, wrong):
    before = Policies().usual

    response = client.post(f"{usual}change/", wrong)

    assert response.status_code == 200
    assert Policies().usual == before


def test_a_kind_may_have_a_policy_of_its_own_until_it_is_removed(client, usual):
    assert client.get(f"{ADDRESS}add/").status_code == 200
    added = client.post(f"{ADDRESS}add/", form(kind="action_plan", days_before="10"))
    assert added.status_code == 302
    assert Policies().of("action_plan").days_before == (10,)
    assert Policies().of("revisit") == Policies().usual
    assert client.post(f"{ADDRESS}add/", form(kind="action_plan")).status_code == 200, "only one"

    own = ReminderPolicy.objects.get(kind="action_plan")
    assert client.post(f"{ADDRESS}{own.pk}/delete/", {"post": "yes"}).status_code == 302
    assert Policies().of("action_plan") == Policies().usual


def test_the_policy_for_the_rest_stays_and_urgent_referrals_have_none(client, usual):
    page = client.get(ADDRESS)
    assert page.status_code == 200 and "delete_selected" not in page.text
    assert client.get(f"{usual}delete/").status_code == 403
    assert client.post(f"{ADDRESS}add/", form(kind="referral_answer")).status_code == 200
    assert not ReminderPolicy.objects.filter(kind="referral_answer").exists()


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
