"""What a person was told, as Assay itself shows it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from inspections import deadlines
from inspections.models import News, NewsKind, Party, Side, Stage, TeamMember
from reminders import inbox
from reminders.models import Channel, Digest, DigestStatus, Preference, Reason, Reminder
from tests.reminders.conftest import NOON, TODAY, days, make_deadline
from tests.support.factories import make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db


def tell(user, *about, day=TODAY, status=DigestStatus.SENT, occasion="on_the_day", **fields):
    """A message to `user` about deadlines and news, as the outbox leaves it once it is sent."""
    fields.setdefault("attempts", 1)
    sent_at = None
    if status == DigestStatus.SENT:
        sent_at = timezone.make_aware(dt.datetime.combine(day, dt.time(6, 30)))
    digest = Digest.objects.create(
        user=user,
        day=day,
        status=status,
        sent_at=sent_at,
        message_id=f"<{user.pk}-{day}-{status}@assay.example>",
        **fields,
    )
    for each in about:
        if isinstance(each, News):
            Reminder.objects.create(
                user=user, digest=digest, news=each, occasion="news", reason=Reason.NEWS
            )
        else:
            Reminder.objects.create(
                user=user, digest=digest, deadline=each, due_on=each.due_on, occasion=occasion
            )
    return digest


def make_news(inspection, label="Recommendation 4", kind=NewsKind.DATES_CORRECTED):
    return News.objects.create(inspection=inspection, party=Party.FORCE, kind=kind, label=label)


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def as_force_lead(client, world, at):
    at(NOON)
    client.force_login(world.force_lead)
    return world.force_lead


def test_messages_are_listed_with_what_they_are_about_newest_first(client, world, as_force_lead):
    late, today = make_deadline(world.inspection, TODAY - days(9)), make_deadline(world.inspection)
    soon = make_deadline(world.inspection, TODAY + days(5))
    tell(as_force_lead, late, day=TODAY - days(1), occasion="overdue:7")
    tell(as_force_lead, late, today, soon, make_news(world.inspection))

    page = text_of(client.get("/messages/"))

    assert "1 overdue, 1 due today, 1 due soon, 1 piece of news" in page
    assert f"{late.label} (and 3 more)" in page
    assert page.index("3 June 2026") < page.index("2 June 2026")
    assert "2 messages are unread." in page


def test_the_header_of_every_page_counts_what_is_unread(client, world, as_force_lead):
    digest = tell(as_force_lead, make_deadline(world.inspection))

    assert '1<span class="govuk-visually-hidden"> unread' in text_of(client.get("/deadlines/"))
    client.get(f"/messages/{digest.pk}/")
    assert "assay-header__count" not in text_of(client.get("/deadlines/"))


def test_a_message_is_read_once_it_has_been_opened(client, world, as_force_lead):
    deadline = make_deadline(world.inspection, TODAY - days(8), label="Train the custody staff")
    digest = tell(as_force_lead, deadline, make_news(world.inspection, "The inspection"))

    page = text_of(client.get(f"/messages/{digest.pk}/"))

    assert "Train the custody staff" in page
    assert f'href="{deadline.get_absolute_url()}"' in page
    assert "8 days overdue" in page
    assert "The date of publication was corrected: The inspection" in page
    assert "you answer for it" in page
    digest.refresh_from_db()
    assert digest.read_at is not None


def test_a_message_says_how_things_stand_by_now(client, world, as_force_lead):
    deadline = make_deadline(world.inspection, TODAY - days(8))
    digest = tell(as_force_lead, deadline)
    deadlines.meet(deadline, by=as_force_lead)

    page = text_of(client.get(f"/messages/{digest.pk}/"))

    assert "26 May 2026" in page  # as it was told
    assert "Met" in page
    assert "days overdue" not in page


def test_everything_is_marked_as_read_at_once(client, world, as_force_lead):
    for number in range(3):
        tell(as_force_lead, make_deadline(world.inspection), day=TODAY - days(number))
    other = tell(world.lead, make_deadline(world.inspection, responsible=Side.INSPECTORATE))

    page = text_of(client.post("/messages/read/", follow=True))

    assert "3 messages marked as read." in page
    assert inbox.unread_count(as_force_lead) == 0
    other.refresh_from_db()
    assert other.read_at is None
    assert client.get("/messages/read/").status_code == 405


def test_only_unread_messages_are_shown_if_one_asks(client, world, as_force_lead):
    read = tell(as_force_lead, make_deadline(world.inspection))
    tell(as_force_lead, make_deadline(world.inspection, TODAY - days(3)), day=TODAY - days(1))
    inbox.mark_as_read(read)

    page = text_of(client.get("/messages/?unread=1"))

    assert "1 overdue" in page
    assert "1 due today" not in page


def test_nobody_opens_the_messages_of_somebody_else(client, world):
    digest = tell(world.force_lead, make_deadline(world.inspection))
    for user in (world.lead, make_user(Role.MANAGER), make_user(Role.ADMINISTRATOR)):
        client.force_login(user)
        assert client.get(f"/messages/{digest.pk}/").status_code == 404
        assert "No messages" in text_of(client.get("/messages/"))


def test_what_still_waits_to_be_sent_is_not_a_message_yet(client, world, as_force_lead):
    deadline = make_deadline(world.inspection)
    digest = tell(as_force_lead, deadline, status=DigestStatus.QUEUED, attempts=0)

    assert client.get(f"/messages/{digest.pk}/").status_code == 404
    assert inbox.unread_count(as_force_lead) == 0
    Digest.objects.update(attempts=1)  # a server keeps it waiting: it need not be waited for here
    assert client.get(f"/messages/{digest.pk}/").status_code == 200


def test_what_could_not_be_mailed_can_be_read_here(client, world, as_force_lead):
    digest = tell(as_force_lead, make_deadline(world.inspection), status=DigestStatus.FAILED)

    assert "could not be mailed" in text_of(client.get(f"/messages/{digest.pk}/"))


def test_who_wants_mail_only_is_not_counted_unread_mails(world):
    Preference.objects.create(user=world.force_lead, channel=Channel.MAIL)
    tell(world.force_lead, make_deadline(world.inspection))
    assert inbox.unread_count(world.force_lead) == 0

    tell(
        world.force_lead,
        make_deadline(world.inspection),
        status=DigestStatus.FAILED,
        day=TODAY - days(1),
    )
    assert inbox.unread_count(world.force_lead) == 1


def test_the_words_of_what_one_may_no_longer_read_are_left_out(client, world):
    unpublished = make_inspection(Stage.FACTUAL_ACCURACY, lead=world.lead)
    secret = make_deadline(
        unpublished, label="A draft that is secret", responsible=Side.INSPECTORATE
    )
    digest = tell(world.lead, secret)
    TeamMember.objects.filter(inspection=unpublished).delete()
    client.force_login(world.lead)

    page = text_of(client.get(f"/messages/{digest.pk}/"))

    assert "A draft that is secret" not in page
    assert "A draft that is secret" not in text_of(client.get("/messages/"))
    assert "1 more thing was told, which you may no longer read." in page


def test_reading_takes_as_many_queries_for_many_lines(client, world, as_force_lead):
    few = tell(as_force_lead, make_deadline(world.inspection), day=TODAY)
    many = tell(
        as_force_lead,
        *[make_deadline(make_inspection(Stage.FOLLOW_UP, force=world.force)) for _ in range(6)],
        *[make_news(world.inspection) for _ in range(3)],
        day=TODAY - days(1),
    )
    for digest in (few, many):
        client.get(f"/messages/{digest.pk}/")

    def queries(path):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    assert queries(f"/messages/{few.pk}/") == queries(f"/messages/{many.pk}/")
    both = queries("/messages/")
    Digest.objects.filter(pk=many.pk).update(status=DigestStatus.CANCELLED)
    assert queries("/messages/") == both


def test_unread_messages_wait_on_the_first_page(client, world, as_force_lead):
    tell(as_force_lead, make_deadline(world.inspection))

    page = text_of(client.get("/"))

    assert "Read your messages" in page
    assert "1 unread message" in page


def test_a_force_learns_nothing_of_another_from_its_messages(client, world):
    stranger = make_user(Role.FORCE_LEAD, force=make_force())
    digest = tell(stranger, make_deadline(world.inspection, label="Not theirs"))
    client.force_login(stranger)

    assert "Not theirs" not in text_of(client.get(f"/messages/{digest.pk}/"))
