"""The force accounts for what was immediate; the commissioner comments."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from cases.personal_data import LooksPersonal
from inspections.models import Deadline, DeadlineKind, News, NewsKind, Party, Stage
from recommendations import commissioner, immediate
from recommendations.models import CommissionerComment, ImmediateUpdate
from tests.recommendations.planning import make_world
from tests.support.factories import make_inspection, make_recommendation

pytestmark = pytest.mark.django_db
MOMENT = timezone.make_aware(dt.datetime(2026, 4, 10, 9, 30))


@pytest.fixture
def world():
    return make_world()


def met(world, kind):
    return Deadline.objects.get(inspection=world.inspection, kind=kind).met_on


def test_the_update_is_about_what_was_immediate_and_meets_its_deadline(world):
    assert list(immediate.recommendations(world.inspection)) == [world.immediate]

    update = immediate.send(
        world.inspection, {1: " Seen. ", 3: "Not asked."}, seen=0, by=world.lead, at=MOMENT
    )

    assert update.accounts == {"1": "Seen."}
    assert met(world, DeadlineKind.UPDATE) == dt.date(2026, 4, 10)
    assert met(world, DeadlineKind.ACTION_PLAN) is None
    news = News.objects.get()
    assert (news.kind, news.party) == (NewsKind.UPDATE_SENT, Party.INSPECTORATE)


def test_the_first_update_says_something_about_each(world):
    second = make_recommendation(world.inspection, timescale="immediately")
    with pytest.raises(immediate.IncompleteUpdate) as incomplete:
        immediate.send(world.inspection, {1: "Seen."}, seen=0, by=world.lead)
    assert incomplete.value.numbers == [second.number]
    assert met(world, DeadlineKind.UPDATE) is None


def test_a_later_update_adds_to_what_was_sent_and_changes_none_of_it(world):
    first = immediate.send(world.inspection, {1: "Seen."}, seen=0, by=world.lead, at=MOMENT)
    immediate.send(world.inspection, {1: "And heard."}, seen=first.pk, by=world.lead)

    said = [update.accounts["1"] for update in world.inspection.immediate_updates.all()]
    assert said == ["And heard.", "Seen."]
    assert met(world, DeadlineKind.UPDATE) == dt.date(2026, 4, 10)
    with pytest.raises(DatabaseError), transaction.atomic():
        ImmediateUpdate.objects.update(note="Rewritten.")


def test_who_did_not_see_the_last_update_is_told(world):
    first = immediate.send(world.inspection, {1: "Seen."}, seen=0, by=world.lead)
    with pytest.raises(immediate.StaleUpdate) as stale:
        immediate.send(world.inspection, {1: "Mine."}, seen=0, by=world.lead)
    assert stale.value.current == first


@pytest.mark.parametrize("who", ["assessor", "viewer", "commissioner", "inspector", "stranger"])
def test_only_the_forces_lead_sends_the_update(world, who):
    with pytest.raises(NotAllowed):
        immediate.send(world.inspection, {1: "Seen."}, seen=0, by=getattr(world, who))


def test_no_update_is_sent_once_the_inspection_is_closed(world):
    inspection = make_inspection(Stage.CLOSED, force=world.inspection.force)
    make_recommendation(inspection, timescale="immediately")
    with pytest.raises(immediate.NotReporting):
        immediate.send(inspection, {1: "Seen."}, seen=0, by=world.lead)


def test_comments_of_the_commissioner_meet_their_deadline_and_tell_both_sides(world):
    commissioner.comment(world.inspection, " Read. ", seen=0, by=world.commissioner, at=MOMENT)

    assert CommissionerComment.objects.get().text == "Read."
    assert met(world, DeadlineKind.PCC_COMMENTS) == dt.date(2026, 4, 10)
    assert {news.party for news in News.objects.all()} == {Party.FORCE, Party.INSPECTORATE}


@pytest.mark.parametrize("who", ["lead", "assessor", "viewer", "inspector", "stranger"])
def test_nobody_else_speaks_for_the_commissioner(world, who):
    with pytest.raises(NotAllowed):
        commissioner.comment(world.inspection, "Read.", seen=0, by=getattr(world, who))


def test_there_is_nothing_to_comment_on_before_publication(world):
    inspection = make_inspection(Stage.FACTUAL_ACCURACY, force=world.inspection.force)
    with pytest.raises(commissioner.NotPublished):
        commissioner.comment(inspection, "Read.", seen=0, by=world.commissioner)


def test_later_comments_add_to_the_first_and_a_colleagues_are_seen_before(world):
    first = commissioner.comment(world.inspection, "Read.", seen=0, by=world.commissioner)
    with pytest.raises(commissioner.StaleComments):
        commissioner.comment(world.inspection, "Mine.", seen=0, by=world.commissioner)
    commissioner.comment(world.inspection, "More.", seen=first.pk, by=world.commissioner)
    assert CommissionerComment.objects.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        CommissionerComment.objects.update(text="Rewritten.")


def test_words_that_look_personal_are_not_sent(world):
    with pytest.raises(LooksPersonal) as refused:
        immediate.send(world.inspection, {1: "Ring 07700 900123."}, seen=0, by=world.lead)
    assert list(refused.value.fields) == ["account-1"]
    with pytest.raises(LooksPersonal):
        commissioner.comment(world.inspection, "Ring 07700 900123.", seen=0, by=world.commissioner)
    assert not News.objects.exists()


def test_another_force_sees_neither(world):
    immediate.send(world.inspection, {1: "Seen."}, seen=0, by=world.lead)
    commissioner.comment(world.inspection, "Read.", seen=0, by=world.commissioner)
    for model in (ImmediateUpdate, CommissionerComment):
        for user in (world.lead, world.commissioner, world.inspector):
            assert model.objects.visible_to(user).count() == 1
        assert not model.objects.visible_to(world.stranger).exists()
