"""The operator's page: what was not sent, and whether anything sends."""

import datetime as dt

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Role
from config.beat import HEARTBEAT_KEY
from reminders import delivery, operating, signs
from reminders.models import Digest, DigestStatus, ReminderPolicy
from tests.reminders.conftest import TODAY, make_deadline
from tests.reminders.test_messages_pages import make_news, tell, text_of
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/messages/outbox/"


@pytest.fixture
def admin(client):
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


@pytest.fixture
def beat():
    """Say that beat was alive just now, as it does itself; without a sign from whatever ran before."""
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client:
        client.set(HEARTBEAT_KEY, f"{timezone.now().timestamp():.3f}", ex=60)
        yield
        client.delete(HEARTBEAT_KEY)


def test_what_was_given_up_is_seen_with_the_words_of_the_server(client, admin, world):
    tell(
        world.force_lead,
        make_deadline(world.inspection),
        status=DigestStatus.FAILED,
        last_error="SMTPRecipientsRefused: 550 No such mailbox",
        last_attempt_at=timezone.now(),
    )

    page = text_of(client.get(ADDRESS))

    assert "550 No such mailbox" in page
    assert "Given up" in page
    assert world.force_lead.email in page
    assert f'href="/admin/accounts/user/{world.force_lead.pk}/change/"' in page


def test_it_says_when_a_mail_that_was_put_off_is_tried_next(client, admin, world):
    moment = timezone.now().replace(second=0, microsecond=0)
    digest = tell(
        world.force_lead,
        make_deadline(world.inspection),
        status=DigestStatus.QUEUED,
        last_error="451 Try again later",
        last_attempt_at=moment,
    )
    Digest.objects.update(attempts=3)
    digest.refresh_from_db()

    assert delivery.next_attempt(digest) == moment + dt.timedelta(minutes=4)
    assert "Put off" in text_of(client.get(ADDRESS))


def test_an_administrator_has_one_mail_tried_again(client, admin, world):
    digest = tell(world.force_lead, make_deadline(world.inspection), status=DigestStatus.FAILED)
    other = tell(world.lead, make_deadline(world.inspection), status=DigestStatus.FAILED)

    page = text_of(client.post(ADDRESS, {"digest": digest.pk}, follow=True))

    assert "1 mail is tried again now." in page
    digest.refresh_from_db()
    other.refresh_from_db()
    assert (digest.status, other.status) == (DigestStatus.QUEUED, DigestStatus.FAILED)


def test_an_administrator_has_all_of_them_tried_again_but_not_what_was_sent(client, admin, world):
    failed = tell(world.force_lead, make_deadline(world.inspection), status=DigestStatus.FAILED)
    put_off = tell(
        world.lead, make_deadline(world.inspection), status=DigestStatus.QUEUED, last_error="451"
    )
    sent = tell(make_user(), make_deadline(world.inspection))

    client.post(ADDRESS, {"digest": "all"})

    for digest in (failed, put_off, sent):
        digest.refresh_from_db()
    assert (failed.status, put_off.status, sent.status) == ("queued", "queued", "sent")
    assert (failed.last_error, put_off.last_error) == ("", "")


@pytest.mark.parametrize("nonsense", ["", "x", "0", "99999999999999999999999", "²", "1;2"])
def test_nonsense_is_no_mail(client, admin, nonsense):
    assert client.post(ADDRESS, {"digest": nonsense}).status_code == 302


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LEAD_INSPECTOR, Role.FORCE_LEAD])
def test_nobody_but_administrators_operates(client, world, role):
    digest = tell(world.force_lead, make_deadline(world.inspection), status=DigestStatus.FAILED)
    user = make_user(role)
    client.force_login(user)

    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {"digest": digest.pk}).status_code == 403
    with pytest.raises(NotAllowed):
        operating.try_again([digest.pk], by=user)


def test_it_says_that_the_scheduler_is_silent(client, admin):
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as server:
        server.delete(HEARTBEAT_KEY)

    assert "gives no sign of life" in text_of(client.get(ADDRESS))


def test_it_says_that_nothing_sweeps_though_the_scheduler_runs(client, admin, beat):
    cache.set(signs.LAST_SWEEP_KEY, timezone.now() - dt.timedelta(minutes=6))

    assert "No sweep has ended in the last five minutes." in text_of(client.get(ADDRESS))


def test_it_says_that_all_is_well(client, admin, beat):
    signs.note_sweep()

    page = text_of(client.get(ADDRESS))

    assert "ended less than a minute ago" in page
    assert "Nothing waits" in page
    assert "govuk-warning-text" not in page


def test_it_says_that_mails_wait_which_nothing_tries_to_send(client, admin, beat, world):
    signs.note_sweep()
    tell(world.force_lead, make_deadline(world.inspection), status=DigestStatus.QUEUED)
    Digest.objects.update(created_at=timezone.now() - dt.timedelta(minutes=20), attempts=0)

    assert "Mails wait that nothing has tried to send." in text_of(client.get(ADDRESS))


@pytest.mark.parametrize("policy_keeps_quiet", [True, False])
@pytest.mark.parametrize(
    ("moment", "is_late"),
    [
        ("2026-06-06T12:00:00Z", False),  # a Saturday
        ("2026-06-07T22:59:00Z", False),
        ("2026-06-07T23:10:00Z", False),  # Monday in London; the first sweep may not be over
        ("2026-06-07T23:16:00Z", True),
    ],
)
def test_what_waits_for_a_working_day_is_not_late(
    client, admin, world, at, moment, is_late, policy_keeps_quiet
):
    ReminderPolicy.objects.update_or_create(
        kind="", defaults={"working_days_only": policy_keeps_quiet}
    )
    tell(
        world.force_lead,
        make_deadline(world.inspection),
        make_news(world.inspection),
        status=DigestStatus.QUEUED,
    )
    Digest.objects.update(created_at=dt.datetime(2026, 6, 6, 1, tzinfo=dt.UTC), attempts=0)
    at(moment)

    found = operating.condition()
    assert found.mails_are_late == (is_late or not policy_keeps_quiet)
    assert found.held == (0 if found.mails_are_late else 1)
    at("2026-06-06T12:00:00Z")
    client.force_login(admin)
    assert ("For the next working day" in text_of(client.get(ADDRESS))) == policy_keeps_quiet


def test_given_up_mails_wait_on_the_first_page_of_administrators(client, admin, world):
    tell(world.force_lead, make_deadline(world.inspection), status=DigestStatus.FAILED, day=TODAY)

    assert "Mails that could not be sent" in text_of(client.get("/"))
