"""More time: who asks, who answers, where the date goes, and what both sides see of it."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from accounts.errors import NotAllowed, TextRefused
from accounts.models import Role
from inspections import deadlines, extensions
from inspections.models import (
    Deadline,
    DeadlineKind,
    Extension,
    ExtensionDecision,
    News,
    NewsKind,
    Party,
    Stage,
)
from recommendations import publication
from tests.support.factories import make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 5, 20)
DUE = dt.date(2026, 6, 3)
LATER = dt.date(2026, 7, 1)
WHY = "The new system comes in June."


@pytest.fixture(autouse=True)
def _on_20_may_2026():
    with time_machine.travel("2026-05-20T10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    return make_inspection(Stage.FOLLOW_UP, lead=lead, team=[make_user(Role.INSPECTOR)])


@pytest.fixture
def force_lead(inspection):
    return make_user(Role.FORCE_LEAD, force=inspection.force)


@pytest.fixture
def deadline(inspection):
    """Of recommendation 1: three months from publication on 3 March 2026."""
    recommendation = make_recommendation(inspection, stem="Mend the Records of Alphatown.")
    publication.count_from(inspection, dt.date(2026, 3, 3))
    recommendation.refresh_from_db()
    return recommendation.deadline


def ask(deadline, force_lead, wanted_on=LATER, reason=WHY):
    return extensions.ask(deadline, wanted_on=wanted_on, reason=reason, by=force_lead)


def told(kind):
    return list(News.objects.filter(kind=kind).values_list("party", "label", "subject_id"))


def test_asking_moves_nothing_and_tells_the_inspectorate(deadline, force_lead):
    extension = ask(deadline, force_lead)
    deadline.refresh_from_db()
    assert (deadline.due_on, deadline.moved_on) == (DUE, None)
    assert (extension.from_on, extension.wanted_on, extension.reason) == (DUE, LATER, WHY)
    assert list(Extension.objects.undecided()) == [extension]
    assert told(NewsKind.EXTENSION_ASKED) == [(Party.INSPECTORATE, "Recommendation 1", deadline.pk)]


def test_what_is_agreed_moves_the_date_and_keeps_the_first_on_show(deadline, force_lead, lead):
    extension = extensions.agree(ask(deadline, force_lead), by=lead, answer="Until then.")
    deadline.refresh_from_db()
    assert (deadline.first_due_on, deadline.due_on, deadline.moved_on) == (DUE, LATER, TODAY)
    assert (extension.decision, extension.agreed_on, extension.decided_by) == (
        ExtensionDecision.AGREED,
        LATER,
        lead,
    )
    assert told(NewsKind.EXTENSION_DECIDED) == [(Party.FORCE, "Recommendation 1", deadline.pk)]
    assert not Extension.objects.undecided().exists()


def test_a_lead_may_agree_to_another_day_than_the_one_asked_for(deadline, force_lead, lead):
    between = dt.date(2026, 6, 17)
    extensions.agree(ask(deadline, force_lead), by=lead, agreed_on=between)
    deadline.refresh_from_db()
    assert deadline.due_on == between


def test_a_second_extension_goes_on_from_the_first(deadline, force_lead, lead):
    extensions.agree(ask(deadline, force_lead), by=lead)
    with pytest.raises(extensions.UnusableDate):
        ask(deadline, force_lead, wanted_on=LATER)
    second = ask(deadline, force_lead, wanted_on=dt.date(2026, 8, 1))
    assert second.from_on == LATER
    extensions.agree(second, by=lead)
    deadline.refresh_from_db()
    assert (deadline.first_due_on, deadline.due_on) == (DUE, dt.date(2026, 8, 1))


def test_a_refusal_says_why_and_leaves_the_date(deadline, force_lead, lead):
    extension = ask(deadline, force_lead)
    with pytest.raises(extensions.NoReason):
        extensions.refuse(extension, by=lead, answer="  ")
    refused = extensions.refuse(extension, by=lead, answer="You had three months.")
    deadline.refresh_from_db()
    assert (deadline.due_on, deadline.moved_on) == (DUE, None)
    assert (refused.decision, refused.answer) == ("refused", "You had three months.")
    assert [party for party, *_ in told(NewsKind.EXTENSION_DECIDED)] == [Party.FORCE]
    ask(deadline, force_lead)  # it may ask again


def test_the_force_takes_its_wish_back(deadline, force_lead, lead, inspection):
    extension = ask(deadline, force_lead)
    for nobody in (lead, make_user(Role.FORCE_LEAD), make_user(Role.FORCE_VIEWER)):
        with pytest.raises(NotAllowed):
            extensions.withdraw(extension, by=nobody)
    colleague = make_user(Role.FORCE_LEAD, force=inspection.force)
    assert extensions.withdraw(extension, by=colleague).decision == "withdrawn"
    with pytest.raises(extensions.AlreadyDecided, match="withdrawn"):
        extensions.agree(extension, by=lead)


def test_there_is_one_wish_at_a_time_and_one_answer_to_it(deadline, force_lead, lead):
    extension = ask(deadline, force_lead)
    with pytest.raises(extensions.AlreadyAsked):
        ask(deadline, force_lead)
    extensions.agree(extension, by=lead)
    for answer in (
        lambda: extensions.agree(extension, by=lead),
        lambda: extensions.refuse(extension, by=lead, answer="No."),
        lambda: extensions.withdraw(extension, by=force_lead),
    ):
        with pytest.raises(extensions.AlreadyDecided):
            answer()


def test_only_those_who_answer_for_it_ask(deadline, inspection, lead):
    for user in (
        lead,
        make_user(Role.MANAGER),
        make_user(Role.FORCE_LEAD),
        make_user(Role.FORCE_VIEWER, force=inspection.force),
        make_user(Role.FORCE_ASSESSOR, force=inspection.force),
    ):
        assert not extensions.may_ask(deadline, user)
        with pytest.raises(NotAllowed):
            ask(deadline, user)


def test_only_its_lead_or_a_manager_answers(deadline, inspection, force_lead):
    extension = ask(deadline, force_lead)
    for user in (
        force_lead,
        inspection.team.get(is_lead=False).user,
        make_user(Role.LEAD_INSPECTOR),
        make_user(Role.ADMINISTRATOR),
    ):
        with pytest.raises(NotAllowed):
            extensions.agree(extension, by=user)
        with pytest.raises(NotAllowed):
            extensions.refuse(extension, by=user, answer="No.")
    extensions.agree(extension, by=make_user(Role.MANAGER))


def test_the_inspectorate_does_not_extend_its_own_date_for_itself(deadline, inspection, lead):
    revisit = inspection.deadlines.get(kind=DeadlineKind.REVISIT)
    extension = ask(revisit, lead, wanted_on=dt.date(2026, 10, 1))
    with pytest.raises(NotAllowed, match="Somebody else"):
        extensions.agree(extension, by=lead)
    extensions.agree(extension, by=make_user(Role.MANAGER))
    assert [party for party, *_ in told(NewsKind.EXTENSION_DECIDED)] == [Party.INSPECTORATE]


def test_the_commissioner_asks_for_more_time_to_comment(deadline, inspection, lead, force_lead):
    comments = inspection.deadlines.get(kind=DeadlineKind.PCC_COMMENTS)
    office = make_user(Role.FORCE_VIEWER, force=inspection.force, works_for_commissioner=True)
    viewer = make_user(Role.FORCE_VIEWER, force=inspection.force)
    for user in (viewer, force_lead):
        with pytest.raises(NotAllowed):
            ask(comments, user)
    extensions.agree(ask(comments, office), by=lead)
    assert [party for party, *_ in told(NewsKind.EXTENSION_DECIDED)] == [Party.COMMISSIONER]


def test_a_date_that_is_over_can_be_extended_to_one_that_is_not(deadline, force_lead):
    with time_machine.travel("2026-06-20T10:00:00+00:00", tick=False):
        for over in (DUE, dt.date(2026, 6, 19)):
            with pytest.raises(extensions.UnusableDate):
                ask(deadline, force_lead, wanted_on=over)
        assert ask(deadline, force_lead, wanted_on=dt.date(2026, 6, 20)).from_on == DUE


def test_what_is_met_or_no_longer_wanted_is_not_extended(deadline, force_lead, lead):
    extension = ask(deadline, force_lead)
    deadlines.meet(deadline, by=force_lead)
    assert not Extension.objects.undecided().exists()
    with pytest.raises(extensions.NotExtensible):
        extensions.agree(extension, by=lead)
    deadlines.reopen(deadline, by=lead)
    assert list(Extension.objects.undecided()) == [extension]
    deadlines.lapse(deadline)
    with pytest.raises(extensions.NotExtensible):
        extensions.agree(extension, by=lead)


def test_a_reason_is_needed_and_names_nobody(deadline, force_lead):
    with pytest.raises(extensions.NoReason):
        ask(deadline, force_lead, reason=" ")
    with pytest.raises(TextRefused):
        ask(deadline, force_lead, reason="We wait for john.smith@example.com to answer.")
    assert not Extension.objects.exists()


def test_a_self_assessment_moves_with_the_date_of_its_inspection(lead):
    inspection = make_inspection(
        Stage.SELF_ASSESSMENT,
        lead=lead,
        self_assessment_due=dt.date(2026, 6, 1),
        fieldwork_start=dt.date(2026, 6, 15),
        fieldwork_end=dt.date(2026, 6, 26),
    )
    deadline = deadlines.set_deadline(
        inspection,
        DeadlineKind.SELF_ASSESSMENT,
        label="Self-assessment",
        responsible=Party.FORCE,
        due_on=dt.date(2026, 6, 1),
    )
    force_lead = make_user(Role.FORCE_LEAD, force=inspection.force)
    with pytest.raises(extensions.UnusableDate):
        ask(deadline, force_lead, wanted_on=dt.date(2026, 6, 16))
    extensions.agree(ask(deadline, force_lead, wanted_on=dt.date(2026, 6, 8)), by=lead)
    inspection.refresh_from_db()
    assert inspection.self_assessment_due == dt.date(2026, 6, 8)


def test_the_database_itself_moves_no_counted_date_without_an_extension(deadline):
    for change in ({"due_on": LATER}, {"first_due_on": LATER}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Deadline.objects.filter(pk=deadline.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inspections_deadline SET due_on = due_on + 1 WHERE id = %s", [deadline.pk]
        )
