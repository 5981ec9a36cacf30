"""The private calendar feed: who reads what, at an address that is kept as a hash and can be revoked."""

import datetime as dt
import io
import logging
import re

import pytest
from django.urls import reverse
from icalendar import Calendar

from accounts.models import Role
from config.log_filters import without_secrets
from inspections import dates, deadlines
from inspections.models import Deadline, DeadlineKind, Side, Stage
from reminders import feeds
from reminders.models import CalendarFeed
from tests.support.factories import make_inspection, make_user

pytestmark = pytest.mark.django_db


def due(inspection, days=10, label="Recommendation 1: what nobody may read here", **more):
    values = {"kind": DeadlineKind.RECOMMENDATION, "responsible": Side.FORCE, **more}
    return deadlines.set_deadline(
        inspection,
        label=label,
        due_on=dates.today() + dt.timedelta(days),
        subject_id=inspection.deadlines.count() + 1,
        **values,
    )


@pytest.fixture
def inspection():
    return make_inspection(Stage.FOLLOW_UP)


def address(user):
    return reverse("messages:calendar", args=[feeds.open_feed(user, name="Outlook")])


def read(client, user):
    answer = client.get(address(user))
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_person_makes_an_address_reads_it_without_sign_in_and_revokes_it(client, inspection):
    user = make_user(Role.FORCE_LEAD, force=inspection.force)
    due(inspection)
    client.force_login(user)
    page = reverse("messages:feeds")
    text = client.post(page, {"name": "Apple"}).text
    found = re.search(r"http[^<\s]+(/calendar/[\w-]+\.ics)", text)
    assert found
    assert found[1] not in client.get(page).text  # shown once
    feed = CalendarFeed.objects.get()
    assert feed.digest not in found[1]
    client.logout()
    answer = client.get(found[1])
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    feed.refresh_from_db()
    assert feed.last_read_at
    client.force_login(user)
    revoke = reverse("messages:revoke_feed", args=[feed.pk])
    assert client.get(revoke).status_code == 200
    assert client.get(found[1]).status_code == 200
    client.post(revoke)
    assert client.get(found[1]).status_code == 404
    assert client.post(revoke).status_code == 404


def test_an_event_is_a_whole_day_with_kind_force_and_link_and_no_words_of_anybody(
    client, inspection
):
    deadline = due(inspection)
    (event,) = read(client, make_user(Role.FORCE_LEAD, force=inspection.force))
    link = reverse("deadlines:detail", args=[deadline.pk])
    assert event["SUMMARY"] == f"Recommendation: {inspection.force}"
    assert event["URL"].endswith(link)
    assert event["DESCRIPTION"].endswith(link)
    assert event["DTSTART"].dt == deadline.due_on
    assert event["DTEND"].dt == deadline.due_on + dt.timedelta(1)
    assert b"nobody may read" not in event.to_ical()


def test_long_and_awkward_names_are_written_as_the_format_wants_them(client, inspection):
    force = inspection.force
    force.name = "Ýork; Police, of the East \\ and of the very far North-West of the country"
    force.save()
    due(inspection)
    user = make_user(Role.FORCE_LEAD, force=force)
    content = client.get(address(user)).content
    assert max(len(line) for line in content.split(b"\r\n")) <= feeds.LONGEST_LINE
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["SUMMARY"] == f"Recommendation: {force.name}"


def test_the_uid_stays_and_the_tag_changes_when_a_deadline_moves(client, inspection):
    deadline = due(inspection)
    where = address(make_user(Role.FORCE_LEAD, force=inspection.force))
    first = client.get(where)
    again = client.get(where, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(where).content == first.content
    Deadline.objects.filter(pk=deadline.pk).update(
        due_on=dates.today() + dt.timedelta(70), moved_on=dates.today()
    )
    moved = client.get(where, headers={"if-none-match": first["ETag"]})
    assert moved.status_code == 200
    uids = [
        [str(event["UID"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]
        for answer in (first, moved)
    ]
    assert uids[0] == uids[1]


def test_only_what_is_open_and_no_urgent_referral_is_in_it(client, inspection):
    user = make_user(Role.FORCE_LEAD, force=inspection.force)
    wanted = due(inspection, 1)
    deadlines.meet(due(inspection, 2), by=None)
    deadlines.lapse(due(inspection, 3))
    due(inspection, -800)
    deadlines.set_deadline(
        inspection,
        DeadlineKind.REFERRAL_ANSWER,
        label="Answer",
        responsible=Side.FORCE,
        due_at=dates.now() + dt.timedelta(hours=4),
        subject_id=99,
    )
    assert [event["DTSTART"].dt for event in read(client, user)] == [wanted.due_on]


def test_each_reads_their_own_part(client, inspection):
    lead = make_user(Role.LEAD_INSPECTOR)
    theirs = make_inspection(Stage.FOLLOW_UP, lead=lead, framework=inspection.framework)
    due(inspection, 1)
    due(theirs, 2)
    forces = {
        user: {str(event["SUMMARY"]).partition(": ")[2] for event in read(client, user)}
        for user in (
            make_user(Role.FORCE_VIEWER, force=inspection.force),
            *(lead, make_user(Role.INSPECTOR), make_user(Role.MANAGER)),
        )
    }
    both = {str(inspection.force), str(theirs.force)}
    assert list(forces.values()) == [{str(inspection.force)}, {str(theirs.force)}, set(), both]


def test_whoever_may_not_sign_in_reads_nothing_and_nobody_revokes_for_another(client, inspection):
    user, other = make_user(Role.MANAGER), make_user(Role.MANAGER)
    where = address(user)
    client.force_login(other)
    feed = user.calendar_feeds.get()
    assert client.post(reverse("messages:revoke_feed", args=[feed.pk])).status_code == 404
    user.is_active = False
    user.save()
    assert client.get(where).status_code == 404
    assert client.get(reverse("messages:calendar", args=["made-up"])).status_code == 404


def test_the_number_of_addresses_is_limited(client):
    user = make_user(Role.MANAGER)
    for _number in range(feeds.MOST_FEEDS):
        feeds.open_feed(user, name="Other")
    with pytest.raises(feeds.TooManyFeeds):
        feeds.open_feed(user, name="Other")
    client.force_login(user)
    text = client.post(reverse("messages:feeds"), {"name": "Other"}).text
    assert "Revoke one of your addresses first." in text


def test_ten_thousand_deadlines_take_as_few_queries_as_one(
    client, inspection, django_assert_max_num_queries
):
    user = make_user(Role.FORCE_LEAD, force=inspection.force)
    where = address(user)
    client.get(where)
    day = dates.today() + dt.timedelta(20)
    Deadline.objects.bulk_create(
        Deadline(
            inspection=inspection,
            kind=DeadlineKind.ACTION,
            subject_id=number,
            label="Action",
            responsible=Side.FORCE,
            due_on=day,
            first_due_on=day,
        )
        for number in range(feeds.MOST_EVENTS + 5)
    )
    with django_assert_max_num_queries(3):
        answer = client.get(where)
    assert answer.content.count(b"BEGIN:VEVENT") == feeds.MOST_EVENTS


def test_the_access_log_does_not_tell_the_address():
    assert without_secrets("GET /calendar/abc-D_1.ics HTTP/1.1") == (
        "GET /calendar/[secret].ics HTTP/1.1"
    )


def test_what_django_logs_of_an_address_that_is_not_there_does_not_tell_it_either(client):
    [console] = [each for each in logging.getLogger().handlers if each.name == "console"]
    written = io.StringIO()
    before = console.setStream(written)
    try:
        assert client.get("/calendar/abc-D_1.ics").status_code == 404
    finally:
        console.setStream(before)

    assert "Not Found: /calendar/[secret].ics" in written.getvalue()
    assert "abc-D_1" not in written.getvalue()


def test_a_date_at_the_end_of_all_time_spoils_nobodys_calendar(client, inspection):
    user = make_user(Role.FORCE_LEAD, force=inspection.force)
    near, far = due(inspection), due(inspection)
    Deadline.objects.filter(pk=far.pk).update(due_on=dt.date.max)

    [event] = read(client, user)

    assert event["UID"].startswith(f"deadline-{near.pk}@")
