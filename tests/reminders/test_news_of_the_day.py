"""Who hears what the other side has done."""

import pytest
from django.utils import timezone

from accounts.models import Role, User
from inspections import news
from inspections.models import NewsKind, Party
from tests.reminders.conftest import (
    FORCE_LEAD,
    LEAD,
    TODAY,
    days,
    joined_before,
    make_deadline,
    person,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_news_is_one_line_of_the_day_for_the_other_side_and_not_for_who_did_it(
    world, sweep, mail_server
):
    second = person("second", Role.FORCE_LEAD, force=world.force)
    joined_before()
    deadline = make_deadline(world.inspection, TODAY + days(300), label="Improve the records")
    news.tell(
        world.inspection,
        Party.FORCE,
        NewsKind.EXTENSION_DECIDED,
        label=deadline.label,
        by=second,
        subject_id=deadline.pk,
    )

    assert sweep(TODAY) == [(FORCE_LEAD, "news", "news")]
    assert sweep(TODAY) == sweep(TODAY + days(1)) == sweep(TODAY + days(89)) == []
    [mail] = mail_server.messages
    assert mail["Subject"] == "Assay: 1 piece of news"
    assert "An extension was decided: Improve the records" in text_of(mail)
    assert f"/deadlines/{deadline.pk}/" in text_of(mail)
    assert "attention" not in text_of(mail)


def test_news_waits_out_an_outage_and_misses_nobody(world, sweep, mail_server):
    joined_before()
    for party in (Party.FORCE, Party.INSPECTORATE):
        news.tell(world.inspection, party, NewsKind.DATES_CORRECTED, label="Dates", by=None)

    assert sweep(TODAY + days(9)) == [
        (FORCE_LEAD, "news", "news"),
        (LEAD, "news", "news"),
    ]


def test_who_joins_later_or_left_hears_no_old_news(world, sweep, mail_server):
    joined_before()
    news.tell(world.inspection, Party.FORCE, NewsKind.DATES_CORRECTED, label="Dates", by=None)
    User.objects.filter(pk=world.force_lead.pk).update(is_active=False)
    new = person("new", Role.FORCE_LEAD, force=world.force)
    User.objects.filter(pk=new.pk).update(date_joined=timezone.now() + days(1))

    assert sweep(TODAY + days(2)) == []


def test_a_lead_who_asks_for_more_time_has_a_manager_to_answer(world, sweep, mail_server):
    person("manager", Role.MANAGER)
    joined_before()
    deadline = make_deadline(world.inspection, TODAY + days(300), responsible=Party.INSPECTORATE)
    news.tell(
        world.inspection,
        Party.INSPECTORATE,
        NewsKind.EXTENSION_ASKED,
        label=deadline.label,
        by=world.lead,
        subject_id=deadline.pk,
    )

    assert sweep(TODAY) == [("manager@assay.example", "news", "news")]
