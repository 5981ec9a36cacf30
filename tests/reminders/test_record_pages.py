"""The record of every message: to whom, when, about what, why; each sees what is their business."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from inspections.models import DeadlineKind, Side, Stage
from reminders.models import DigestStatus, Reason, Reminder
from tests.reminders.conftest import TODAY, days, make_deadline
from tests.reminders.test_messages_pages import make_news, tell, text_of
from tests.support.factories import make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/messages/record/"


def page_for(client, user, address=ADDRESS):
    client.force_login(user)
    return text_of(client.get(address))


def test_the_record_says_to_whom_when_about_what_and_why(client, world):
    deadline = make_deadline(world.inspection, TODAY - days(14), label="Train the custody staff")
    tell(
        world.force_lead,
        deadline,
        make_news(world.inspection, "The inspection"),
        occasion="overdue:14",
    )

    page = page_for(client, make_user(Role.MANAGER))

    for words in (
        "Helen Marsh",
        "3 June 2026, 06:30",
        "Train the custody staff",
        "14 days overdue",
        "answers for it",
        "The date of publication was corrected: The inspection",
        "the other side has acted",
        "Sent",
    ):
        assert words in page, words


def test_it_names_for_whom_somebody_stood_in(client, world):
    other = make_user(Role.FORCE_LEAD, force=world.force, name="Jo Field")
    tell(other, make_deadline(world.inspection))
    Reminder.objects.update(reason=Reason.STAND_IN, instead_of=world.force_lead)

    assert "stands in for Helen Marsh" in page_for(client, make_user(Role.MANAGER))


def test_what_is_told_in_assay_only_is_no_mail(client, world):
    tell(world.force_lead, make_deadline(world.inspection), by_mail=False)

    assert "Told in Assay" in page_for(client, make_user(Role.MANAGER))


def test_everybody_sees_what_is_their_business(client, world):
    tell(world.force_lead, make_deadline(world.inspection, label="Northmoor’s"))
    elsewhere = make_inspection(Stage.FOLLOW_UP)
    stranger = make_user(Role.FORCE_LEAD, force=elsewhere.force, name="A stranger")
    tell(stranger, make_deadline(elsewhere, label="Of another force"))
    viewer = make_user(Role.FORCE_VIEWER, force=world.force)

    def seen(user):
        page = page_for(client, user)
        return "Northmoor’s" in page, "Of another force" in page

    assert seen(make_user(Role.MANAGER)) == (True, True)
    assert seen(make_user(Role.ADMINISTRATOR)) == (True, True)
    assert seen(world.lead) == (True, False)
    assert seen(world.force_lead) == (True, False)
    assert seen(stranger) == (False, True)
    assert seen(viewer) == (False, False)
    assert seen(make_user(Role.LEAD_INSPECTOR)) == (False, False)
    assert "A stranger" not in page_for(client, world.force_lead)


def test_a_force_lead_does_not_read_what_the_commissioners_office_is_told(client, world):
    viewer = make_user(
        Role.FORCE_VIEWER, force=world.force, works_for_commissioner=True, name="Of the PCC"
    )
    tell(viewer, make_deadline(world.inspection))

    assert "Of the PCC" not in page_for(client, world.force_lead)


def test_administrators_see_that_somebody_was_told_but_no_case_content(client, world):
    drafting = make_inspection(Stage.DRAFTING, lead=world.lead)
    tell(world.lead, make_deadline(drafting, label="A secret draft", responsible=Side.INSPECTORATE))

    page = page_for(client, make_user(Role.ADMINISTRATOR))

    assert "Owen Hartley" in page
    assert str(DeadlineKind.RECOMMENDATION.label) in page
    assert "A secret draft" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("person=marsh", {"Late", "Soon"}),
        ("person=LEAD%40ASSAY", {"Late", "Soon", "Ours"}),
        ("person=nobody", set()),
        ("kind=recommendation", {"Late", "Soon", "Ours"}),
        ("kind=news", {"The inspection"}),
        ("status=failed", {"Ours"}),
        ("since=2026-06-03", {"Late", "Soon", "The inspection"}),
        ("until=2026-06-02", {"Ours"}),
        ("status=nonsense&since=nonsense", {"Late", "Soon", "Ours", "The inspection"}),
    ],
)
def test_the_record_is_narrowed(client, world, query, found):
    late = make_deadline(world.inspection, TODAY - days(7), label="Late")
    soon = make_deadline(world.inspection, TODAY + days(7), label="Soon")
    ours = make_deadline(world.inspection, label="Ours", responsible=Side.INSPECTORATE)
    tell(world.force_lead, late, soon)
    tell(world.lead, ours, day=TODAY - days(1), status=DigestStatus.FAILED)
    tell(
        make_user(Role.FORCE_LEAD, force=world.force), make_news(world.inspection, "The inspection")
    )

    page = page_for(client, make_user(Role.MANAGER), f"{ADDRESS}?{query}")

    assert {name for name in ("Late", "Soon", "Ours") if f">{name}<" in page} | (
        {"The inspection"} if "corrected: The inspection" in page else set()
    ) == found


def test_the_record_is_narrowed_to_a_force(client, world):
    tell(world.force_lead, make_deadline(world.inspection, label="Northmoor’s"))
    elsewhere = make_inspection(Stage.FOLLOW_UP, force=make_force("Southmoor Police"))
    tell(world.lead, make_deadline(elsewhere, label="Of another force"))

    page = page_for(client, make_user(Role.MANAGER), f"{ADDRESS}?force={elsewhere.force_id}")

    assert "Of another force" in page
    assert "Northmoor’s" not in page


def test_the_record_is_taken_away_as_a_file(client, world):
    tell(world.force_lead, make_deadline(world.inspection, label="=Late"))
    client.force_login(make_user(Role.MANAGER))

    answer = client.get("/messages/record/csv/")

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Message,Day,Sent,To,Address,About")
    assert "2026-06-03,2026-06-03 06:30,Helen Marsh,force.lead@assay.example,'=Late" in lines[1]
    assert client.get("/messages/record/xlsx/").status_code == 200
    assert client.get("/messages/record/pdf/").status_code == 404


def test_a_deadline_says_who_was_told_of_it_when(client, world):
    deadline = make_deadline(world.inspection, label="Train the custody staff")
    tell(world.force_lead, deadline, day=TODAY - days(7), occasion="before:7")
    tell(world.force_lead, make_deadline(world.inspection), day=TODAY - days(6))

    page = page_for(client, world.lead, f"/deadlines/{deadline.pk}/messages/")

    assert "7 days before" in page
    assert "27 May 2026, 06:30" in page
    assert "28 May 2026" not in page


def test_who_may_not_know_of_a_deadline_learns_nothing_of_its_messages(client, world):
    deadline = make_deadline(world.inspection)
    client.force_login(make_user(Role.FORCE_LEAD, force=make_force()))

    assert client.get(f"/deadlines/{deadline.pk}/messages/").status_code == 404


def test_the_record_takes_as_many_queries_for_many_lines(client, world):
    client.force_login(make_user(Role.MANAGER))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ADDRESS).status_code == 200
        return len(captured)

    tell(world.force_lead, make_deadline(world.inspection), make_news(world.inspection))
    queries()
    few = queries()
    for number in range(5):
        other = make_inspection(Stage.FOLLOW_UP)
        tell(make_user(), make_deadline(other), make_news(other), day=TODAY - days(number))
    assert queries() == few
