"""A case goes back to the force at once: who raises, acknowledges and answers, by when, and each of it once."""

import datetime as dt
import threading
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role, User
from cases import referrals
from cases.models import Reading, UrgentReferral
from cases.personal_data import LooksPersonal
from inspections import dates, deadline_groups, deadlines, stages
from inspections.models import Deadline, DeadlineKind, Stage, TeamMember
from tests.cases.conftest import make_place
from tests.support.factories import make_audit, make_case, make_user

LONDON = ZoneInfo("Europe/London")
NOW = dt.datetime(2026, 3, 3, 13, 32, 40, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _on_3_march_2026():
    with time_machine.travel(NOW, tick=False):
        yield


def refer(place, case=None, by=None, **words):
    return referrals.raise_(
        case or make_case(place.inspection),
        **{"concern": "Still at the home.", "must_act": "The duty inspector", **words},
        by=by or place.inspector,
    )


def deadlines_of(referral):
    rows = Deadline.objects.filter(subject_id=referral.pk, kind__startswith="referral")
    return {row.kind: row for row in rows}


def test_it_is_due_within_the_hours_of_the_framework_to_the_full_minute(place):
    referral = refer(place)

    found = deadlines_of(referral)
    assert found["referral_acknowledgement"].due_at == referral.acknowledge_by
    assert found["referral_answer"].due_at == referral.answer_by
    assert referral.acknowledge_by == dt.datetime(2026, 3, 3, 17, 33, tzinfo=dt.UTC)
    assert referral.answer_by == dt.datetime(2026, 3, 4, 13, 33, tzinfo=dt.UTC)
    assert [row.due_on for row in found.values()] == [dt.date(2026, 3, 3), dt.date(2026, 3, 4)]
    assert {row.responsible for row in found.values()} == {"force"}


def test_the_labels_of_its_deadlines_say_when_and_not_what(place):
    referral = refer(place, concern="Child A is at the home.", must_act="The control room")

    for row in deadlines_of(referral).values():
        assert "3 March 2026, 13:32" in row.label
        for secret in (referral.case.reference, "Child A", "control room", "Area"):
            assert secret not in row.label


# Hours around both changes of the clocks, and any other.
MOMENTS = st.one_of(
    st.datetimes(dt.datetime(2026, 3, 27), dt.datetime(2026, 3, 31), timezones=st.just(dt.UTC)),
    st.datetimes(dt.datetime(2026, 10, 23), dt.datetime(2026, 10, 27), timezones=st.just(dt.UTC)),
    st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 1, 1), timezones=st.just(dt.UTC)),
)


@settings(deadline=None)
@given(moment=MOMENTS, hours=st.integers(1, 100), as_london=st.booleans())
def test_hours_are_elapsed_hours_whatever_the_clocks_do(moment, hours, as_london):
    shown = moment.astimezone(LONDON) if as_london else moment

    due = dates.after_hours(shown, hours)

    late = due - (moment + dt.timedelta(hours=hours))
    assert dt.timedelta(0) <= late < dt.timedelta(minutes=1)
    assert (due.second, due.microsecond) == (0, 0)


@settings(deadline=None)
@given(moment=MOMENTS)
def test_the_clock_of_assay_knows_both_hours_when_the_clocks_go_back(moment):
    with time_machine.travel(moment, tick=False):
        assert dates.now().astimezone(dt.UTC) == timezone.now()


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moment=MOMENTS, hours=st.integers(1, 30), later=st.integers(-200, 200))
def test_one_definition_of_overdue_by_the_minute_for_database_and_python(
    place, moment, hours, later
):
    with transaction.atomic():
        deadline = deadlines.set_deadline(
            place.inspection,
            DeadlineKind.REFERRAL_ANSWER,
            label="Answer",
            responsible="force",
            due_at=dates.after_hours(moment, hours),
            subject_id=1,
        )
        assert deadline.due_at is not None
        now = (deadline.due_at + dt.timedelta(minutes=later, seconds=1)).astimezone(LONDON)
        today = now.date()
        every = Deadline.objects.all()

        assert every.overdue(today, now).exists() == (later >= 0)
        group = deadline_groups.group_of(deadline, today, now)
        assert (group == "overdue") == (later >= 0)
        for name in deadline_groups.GROUPS:
            assert deadline_groups.in_group(every, name, today, now).exists() == (name == group)
        counts = deadline_groups.count_groups(every, today, now)
        assert counts == {name: int(name == group) for name in deadline_groups.GROUPS}
        transaction.set_rollback(True)


def test_a_deadline_cannot_have_another_day_than_its_moment(place):
    referral = refer(place)

    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.filter(subject_id=referral.pk).update(due_on=dt.date(2026, 3, 9))


def test_inspectors_of_the_team_refer_from_fieldwork_until_it_is_closed(place):
    case = make_case(place.inspection)
    may = {
        stage: referrals.may_raise(place.at(stage).cases.get(pk=case.pk), place.inspector)
        for stage in (Stage.FIELDWORK, Stage.DRAFTING, Stage.FACTUAL_ACCURACY)
    }
    assert all(may.values())
    for stage in (Stage.PLANNED, Stage.SELF_ASSESSMENT):
        place.at(stage)
        with pytest.raises(referrals.NotAllowed):
            refer(place, case)
    for stage, allowed in ((Stage.FOLLOW_UP, True), (Stage.CLOSED, False)):
        place.inspection.published_on = dt.date(2026, 3, 1)
        case.inspection = place.at(stage)
        assert referrals.may_raise(case, place.lead) is allowed


def test_nobody_else_refers(place):
    for person in (
        *(place.outsider, place.manager, place.administrator),
        *(place.force_lead, place.assessor, place.viewer, place.other_force),
    ):
        with pytest.raises(referrals.NotAllowed):
            refer(place, by=person)
    assert not UrgentReferral.objects.exists()


@pytest.mark.parametrize("words", [{"concern": " "}, {"must_act": ""}])
def test_it_says_what_is_feared_and_who_must_act(place, words):
    with pytest.raises(referrals.Incomplete) as refused:
        refer(place, **words)
    assert refused.value.missing == list(words)


def test_what_looks_personal_is_refused_and_leaves_nothing_behind(place):
    with pytest.raises(LooksPersonal) as refused:
        refer(place, concern="Telephone 01632 960 983.")
    assert list(refused.value.fields) == ["concern"]
    assert not UrgentReferral.objects.exists() and not Deadline.objects.exists()

    referral = refer(
        place, concern="Telephone 01632 960 983.", personal_data_reason="The control room’s number."
    )
    assert UrgentReferral.objects.get() == referral


def test_sent_twice_in_the_same_words_it_is_one_referral(place):
    case = make_case(place.inspection)

    first, again = refer(place, case), refer(place, case)
    other = refer(place, case, concern="And something else.")

    assert first == again != other
    referrals.answer(first, "Seen.", by=place.force_lead)
    assert refer(place, case) not in (first, other), "what was answered may come back"


def test_a_lead_of_the_force_acknowledges_and_answers(place):
    referral = refer(place)
    for person in (
        *(place.assessor, place.viewer, place.other_force, place.inspector, place.manager),
        *(place.lead, place.administrator),
    ):
        with pytest.raises(referrals.NotAllowed):
            referrals.acknowledge(referral, by=person)
        with pytest.raises(referrals.NotAllowed):
            referrals.answer(referral, "Seen.", by=person)

    acknowledged = referrals.acknowledge(referral, by=place.force_lead)
    assert (acknowledged.acknowledged_at, acknowledged.acknowledged_by) == (NOW, place.force_lead)
    found = deadlines_of(referral)
    assert found["referral_acknowledgement"].met_on == dt.date(2026, 3, 3)
    assert found["referral_answer"].met_on is None

    answered = referrals.answer(referral, " Both children were seen. ", by=place.force_lead)
    assert (answered.answer, answered.answered_by) == ("Both children were seen.", place.force_lead)
    assert deadlines_of(referral)["referral_answer"].met_by == place.force_lead


def test_an_answer_acknowledges_too(place):
    referral = referrals.answer(refer(place), "Seen.", by=place.force_lead)

    assert (referral.acknowledged_at, referral.acknowledged_by) == (NOW, place.force_lead)
    assert all(row.met_on for row in deadlines_of(referral).values())


def test_an_answer_says_something_and_names_nobody(place):
    referral = refer(place)
    with pytest.raises(referrals.Incomplete):
        referrals.answer(referral, "  ", by=place.force_lead)
    with pytest.raises(LooksPersonal):
        referrals.answer(referral, "Mail a.person@example.org.", by=place.force_lead)
    referral.refresh_from_db()
    assert (referral.answer, referral.answered_at, referral.acknowledged_at) == ("", None, None)
    assert not any(row.met_on for row in deadlines_of(referral).values())


def test_the_first_stands_and_the_second_reads_so(place):
    referral, second = refer(place), make_user(Role.FORCE_LEAD, force=place.force)
    referrals.acknowledge(referral, by=place.force_lead)
    with pytest.raises(referrals.AlreadyDone, match="3 March 2026, 13:32") as refused:
        referrals.acknowledge(referral, by=second)
    assert place.force_lead.name in str(refused.value)

    referrals.answer(referral, "Seen.", by=second)
    with pytest.raises(referrals.AlreadyDone) as refused:
        referrals.answer(referral, "Seen, too.", by=place.force_lead)
    assert (refused.value.referral.answer, refused.value.referral.answered_by) == ("Seen.", second)
    with pytest.raises(referrals.AlreadyDone):
        referrals.acknowledge(referral, by=second)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["acknowledge", "answer"])
def test_two_at_the_same_moment_are_one(verb):
    place = make_place()
    referral = refer(place)
    people = [place.force_lead, make_user(Role.FORCE_LEAD, force=place.force)]
    barrier, won, lost = threading.Barrier(2), [], []

    def act(person):
        try:
            barrier.wait()
            if verb == "acknowledge":
                referrals.acknowledge(referral, by=person)
            else:
                referrals.answer(referral, f"Seen by {person.pk}.", by=person)
            won.append(person)
        except referrals.AlreadyDone:
            lost.append(person)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == len(lost) == 1
    referral.refresh_from_db()
    assert referral.acknowledged_by == won[0]
    if verb == "answer":
        assert referral.answer == f"Seen by {won[0].pk}."


@pytest.mark.parametrize(
    "change",
    [
        {"concern": ""},
        {"must_act": ""},
        {"acknowledge_by": NOW},
        {"acknowledged_at": NOW},
        {"answered_at": NOW},
        {"answer": "Nobody said so."},
    ],
    ids=str,
)
def test_the_database_refuses_halves(place, change):
    referral = refer(place)

    with pytest.raises(IntegrityError), transaction.atomic():
        UrgentReferral.objects.filter(pk=referral.pk).update(**change)


def test_an_open_referral_keeps_the_inspection_from_being_closed(place):
    place.inspection.published_on = dt.date(2026, 3, 1)
    place.at(Stage.FOLLOW_UP)
    referral = refer(place)

    def objections():
        return stages.reasons_against(place.inspection, stages.TRANSITIONS["close"])

    assert any("2 deadlines have not been met" in each for each in objections())
    referrals.answer(referral, "Seen.", by=place.force_lead)
    assert not any("deadline" in each for each in objections())


def seen_by(user):
    return set(UrgentReferral.objects.visible_to(user))


def test_it_is_known_to_the_force_at_every_stage_and_to_no_other(place):
    case = make_case(place.inspection, route="selected")
    referral = refer(place, case)

    for stage in (Stage.FIELDWORK, Stage.DRAFTING):
        place.at(stage)
        for person in (
            *(place.force_lead, place.assessor, place.inspector, place.lead, place.manager),
        ):
            assert seen_by(person) == {referral}, (stage, person.role_names)
        for person in (place.viewer, place.other_force, place.outsider, place.administrator):
            assert seen_by(person) == set(), (stage, person.role_names)
            assert not Deadline.objects.visible_to(person).exists()
    assert Deadline.objects.visible_to(place.assessor).count() == 2


def test_who_has_yet_to_read_the_case_blind_does_not_learn_what_is_feared(place):
    case = make_case(place.inspection)
    reader = make_user(Role.INSPECTOR)
    TeamMember.objects.create(inspection=place.inspection, user=reader)
    for person in (reader, place.lead):
        make_audit(case, submitted=False, reading=Reading.SECOND, reader=person)
    refer(place, case)

    def hidden(user):
        return UrgentReferral.objects.visible_to(user).with_words_for(user).get().words_hidden

    assert hidden(reader)
    assert not hidden(place.lead), "somebody has to look after it"
    for person in (place.inspector, place.manager, place.force_lead, place.assessor):
        assert not hidden(person)
    reading = case.audits.get(reader=reader)
    make_submitted(reading)
    assert not hidden(reader)


def make_submitted(audit):
    audit.status, audit.final_grade = "submitted", audit.grade
    audit.submitted_at = audit.first_submitted_at = timezone.now()
    audit.save()


def test_a_force_without_a_lead_who_can_sign_in_cannot_answer(place):
    assert referrals.force_can_answer(place.inspection)
    User.objects.filter(pk=place.force_lead.pk).update(is_active=False)
    assert not referrals.force_can_answer(place.inspection)


def test_every_change_is_on_record(place):
    referral = refer(place)
    referrals.answer(referral, "Seen.", by=place.force_lead)

    events = UrgentReferral.pgh_event_model.objects.filter(pgh_obj=referral).order_by("pgh_id")
    assert [event.answer for event in events] == ["", "Seen."]
