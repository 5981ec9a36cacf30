"""The life of an inspection: who may move it, what stands in the way, what a move brings about."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Role
from inspections import dates, stages
from inspections.deadlines import set_deadline
from inspections.history import events
from inspections.models import PUBLISHED_STAGES, DeadlineKind, Inspection, Party, Side, Stage
from inspections.stages import TRANSITIONS, NotAllowed, NotYet
from tests.support.factories import make_framework, make_inspection, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def _no_other_guards(settings):
    """Leave this app's own guard alone, so that a test can move an inspection without its cases and its report."""
    settings.STAGE_GUARDS = []


def test_opening_the_self_assessment_gives_the_force_its_deadline(lead):
    due = dt.date(2026, 1, 20)
    inspection = make_inspection(Stage.PLANNED, lead=lead, self_assessment_due=due)
    moved = stages.move(inspection, "open_self_assessment", by=lead, note="Agreed by phone.")
    assert moved.stage == Stage.SELF_ASSESSMENT
    deadline = moved.deadlines.get()
    assert (deadline.kind, deadline.responsible, deadline.due_on, deadline.met_on) == (
        DeadlineKind.SELF_ASSESSMENT,
        Side.FORCE,
        due,
        None,
    )
    change = moved.stage_changes.get()
    assert (change.transition, change.from_stage, change.to_stage, change.by, change.note) == (
        "open_self_assessment",
        "planned",
        "self_assessment",
        lead,
        "Agreed by phone.",
    )


def test_a_self_assessment_without_a_date_is_not_opened(lead):
    inspection = make_inspection(Stage.PLANNED, lead=lead)
    with pytest.raises(NotYet) as not_yet:
        stages.move(inspection, "open_self_assessment", by=lead)
    assert not_yet.value.reasons == ["No date is set by which the self-assessment is due."]
    assert not inspection.stage_changes.exists()


def test_nothing_leaves_planning_without_a_lead(manager):
    inspection = make_inspection(Stage.PLANNED, self_assessment_due=dt.date(2026, 1, 20))
    with pytest.raises(NotYet, match="Nobody leads"):
        stages.move(inspection, "open_self_assessment", by=manager)


@pytest.mark.usefixtures("_no_other_guards")
def test_beginning_fieldwork_meets_the_self_assessments_deadline(lead):
    inspection = make_inspection(Stage.SELF_ASSESSMENT, lead=lead)
    deadline = set_deadline(
        inspection,
        DeadlineKind.SELF_ASSESSMENT,
        label="Self-assessment",
        responsible=Side.FORCE,
        due_on=dt.date(2026, 1, 20),
    )
    stages.move(inspection, "begin_fieldwork", by=lead)
    deadline.refresh_from_db()
    assert (deadline.met_on, deadline.met_by) == (dates.today(), lead)


@pytest.mark.usefixtures("_no_other_guards")
def test_a_framework_without_a_sample_goes_straight_to_fieldwork(lead):
    inspection = make_inspection(Stage.PLANNED, lead=lead, framework=make_framework(quota=0))
    assert [move.code for move, _ in stages.available(inspection, lead)] == ["begin_fieldwork"]
    assert stages.move(inspection, "begin_fieldwork", by=lead).stage == Stage.FIELDWORK


def test_a_framework_with_a_sample_does_not_skip_the_self_assessment(lead):
    inspection = make_inspection(Stage.PLANNED, lead=lead)
    assert [move.code for move, _ in stages.available(inspection, lead)] == ["open_self_assessment"]
    with pytest.raises(NotYet):
        stages.move(inspection, "begin_fieldwork", by=lead)


@pytest.mark.usefixtures("_no_other_guards")
def test_publishing_sets_the_date_and_only_a_manager_does_it(lead, manager):
    inspection = make_inspection(Stage.FACTUAL_ACCURACY, lead=lead)
    with pytest.raises(NotAllowed):
        stages.move(inspection, "publish", by=lead)
    moved = stages.move(inspection, "publish", by=manager, published_on=dt.date(2026, 3, 3))
    assert (moved.stage, moved.published_on) == (Stage.PUBLISHED, dt.date(2026, 3, 3))


@pytest.mark.usefixtures("_no_other_guards")
def test_the_draft_can_come_back_from_the_factual_accuracy_check(lead):
    inspection = make_inspection(Stage.FACTUAL_ACCURACY, lead=lead)
    assert stages.move(inspection, "return_to_drafting", by=lead).stage == Stage.DRAFTING


@pytest.mark.usefixtures("_no_other_guards")
def test_a_draft_that_is_sent_asks_the_force_for_its_reply(lead, manager):
    inspection = make_inspection(Stage.DRAFTING, lead=lead)
    with time_machine.travel("2026-02-02T10:00:00+00:00", tick=False):
        sent = stages.move(inspection, "send_for_factual_accuracy", by=lead)
        reply = sent.deadlines.get()
        assert (reply.kind, reply.responsible, reply.due_on, reply.counts_from) == (
            DeadlineKind.FACTUAL_ACCURACY,
            Party.FORCE,
            dt.date(2026, 3, 2),  # 28 days
            dt.date(2026, 2, 2),
        )
        stages.move(sent, "return_to_drafting", by=lead)
    reply.refresh_from_db()
    assert (reply.met_on, reply.lapsed_on) == (None, dt.date(2026, 2, 2))
    with time_machine.travel("2026-02-20T10:00:00+00:00", tick=False):
        stages.move(sent, "send_for_factual_accuracy", by=lead)  # the same deadline, counted anew
        reply.refresh_from_db()
        assert (reply.lapsed_on, reply.first_due_on, reply.due_on) == (
            *(None, dt.date(2026, 3, 20), dt.date(2026, 3, 20)),
        )
        force_lead = make_user(Role.FORCE_LEAD, force=inspection.force)
        stages.deadlines.mark_as_done(reply, by=force_lead, note="Sent.")
        stages.move(sent, "publish", by=manager)
    reply.refresh_from_db()
    assert (reply.met_on, reply.lapsed_on) == (dt.date(2026, 2, 20), None)


@pytest.mark.usefixtures("_no_other_guards")
def test_after_publication_nobody_waits_for_the_reply(lead, manager):
    inspection = make_inspection(Stage.DRAFTING, lead=lead)
    stages.move(inspection, "send_for_factual_accuracy", by=lead)
    stages.move(inspection, "publish", by=manager)
    assert inspection.deadlines.get().lapsed_on == dates.today()
    assert not inspection.deadlines.open().exists()


@pytest.mark.usefixtures("_no_other_guards")
def test_nothing_closes_while_a_deadline_is_open(lead):
    inspection = make_inspection(Stage.FOLLOW_UP, lead=lead)
    deadline = set_deadline(
        inspection,
        DeadlineKind.FOLLOW_UP,
        label="Revisit",
        responsible=Side.INSPECTORATE,
        due_on=dt.date(2026, 9, 3),
        follow_up_rule=inspection.framework.follow_up_rules.first(),
    )
    with pytest.raises(NotYet, match="1 deadline has not been met"):
        stages.move(inspection, "close", by=lead)
    stages.deadlines.meet(deadline, by=lead)
    assert stages.move(inspection, "close", by=lead).stage == Stage.CLOSED


@pytest.mark.parametrize(("days", "closes"), [(-1, True), (0, False)])
def test_once_their_time_is_over_nobody_waits_for_what_the_commissioner_says(lead, days, closes):
    inspection = make_inspection(Stage.FOLLOW_UP, lead=lead)
    deadline = set_deadline(
        inspection,
        DeadlineKind.PCC_COMMENTS,
        label="Comments",
        responsible=Party.COMMISSIONER,
        due_on=dates.today() + dt.timedelta(days),
        follow_up_rule=inspection.framework.follow_up_rules.first(),
    )
    if not closes:
        with pytest.raises(NotYet, match="1 deadline has not been met"):
            stages.move(inspection, "close", by=lead)
        return
    stages.move(inspection, "close", by=lead)
    deadline.refresh_from_db()
    assert deadline.lapsed_on == dates.today()


def test_guards_of_other_apps_are_asked(lead):
    inspection = make_inspection(Stage.SELF_ASSESSMENT, lead=lead)
    (transition, reasons), _ = stages.available(inspection, lead)
    assert transition.code == "begin_fieldwork"
    assert reasons  # the sample is empty, say the cases


@pytest.mark.parametrize("code", TRANSITIONS)
def test_nobody_else_moves_an_inspection(code):
    lead = make_user(Role.LEAD_INSPECTOR)
    inspector, stranger = make_user(Role.INSPECTOR), make_user(Role.LEAD_INSPECTOR)
    inspection = make_inspection(TRANSITIONS[code].from_stages[0], lead=lead, team=[inspector])
    force_lead = make_user(Role.FORCE_LEAD, force=inspection.force)
    for somebody in (inspector, stranger, force_lead, make_user(Role.ADMINISTRATOR)):
        with pytest.raises(NotAllowed):
            stages.move(inspection, code, by=somebody)
    assert stages.available(inspection, inspector) == []


def test_a_lead_who_lost_the_role_leads_no_more(lead):
    inspection = make_inspection(Stage.PLANNED, lead=lead, self_assessment_due=dt.date(2026, 1, 2))
    lead.roles = [Role.INSPECTOR.value]
    lead.save()
    with pytest.raises(NotAllowed):
        stages.move(inspection, "open_self_assessment", by=lead)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(codes=st.lists(st.sampled_from(sorted(TRANSITIONS)), max_size=15))
def test_no_order_of_moves_breaks_what_must_hold(settings, manager, codes):
    settings.STAGE_GUARDS = []
    lead = make_user(Role.LEAD_INSPECTOR)
    inspection = make_inspection(Stage.PLANNED, lead=lead, self_assessment_due=dt.date(2026, 1, 2))
    made = 0
    for code in codes:
        before = inspection.stage
        try:
            inspection = stages.move(inspection, code, by=manager)
            made += 1
            assert before in TRANSITIONS[code].from_stages
            assert inspection.stage == TRANSITIONS[code].to_stage
        except NotYet:
            inspection.refresh_from_db()
            assert inspection.stage == before
        assert (inspection.published_on is not None) == (inspection.stage in PUBLISHED_STAGES)
    assert inspection.stage_changes.count() == made


@pytest.mark.django_db(transaction=True)
def test_two_people_who_move_at_once_move_it_once(settings):
    settings.STAGE_GUARDS = []
    lead, manager = make_user(Role.LEAD_INSPECTOR), make_user(Role.MANAGER)
    inspection = make_inspection(Stage.FIELDWORK, lead=lead)
    results, barrier = [], threading.Barrier(2)

    def run(user):
        try:
            barrier.wait()
            results.append(stages.move(inspection, "begin_drafting", by=user).stage)
        except NotYet as not_yet:
            results.append(not_yet.reasons)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[user]) for user in (lead, manager)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == sorted(
        [str(Stage.DRAFTING), "['This inspection is now at the stage “Drafting”.']"]
    )
    assert inspection.stage_changes.count() == 1


@pytest.mark.usefixtures("_no_other_guards")
def test_the_page_asks_before_it_moves(client, lead):
    inspection = make_inspection(Stage.FIELDWORK, lead=lead)
    client.force_login(lead)
    address = reverse("inspections:move", args=[inspection.pk, "begin_drafting"])
    assert "from “Fieldwork” to “Drafting”" in client.get(address).text
    assert Inspection.objects.get().stage == Stage.FIELDWORK
    response = client.post(address, {"note": "All graded."}, follow=True)
    assert "The inspection is now at the stage “Drafting”." in response.text
    assert Inspection.objects.get().stage_changes.get().note == "All graded."
    again = client.post(address, {"note": ""}, follow=True)
    assert "This inspection is now at the stage “Drafting”." in again.text


def test_the_page_says_why_not_yet(client, lead):
    inspection = make_inspection(Stage.PLANNED, lead=lead)
    client.force_login(lead)
    address = reverse("inspections:move", args=[inspection.pk, "open_self_assessment"])
    for response in (client.get(address), client.post(address)):
        assert "No date is set by which the self-assessment is due." in response.text
        assert 'action="open' not in response.text
    overview = client.get(inspection.get_absolute_url())
    assert "No date is set by which the self-assessment is due." in overview.text


def test_the_page_refuses_others(client, lead):
    inspector = make_user(Role.INSPECTOR)
    inspection = make_inspection(Stage.FIELDWORK, lead=lead, team=[inspector])
    address = reverse("inspections:move", args=[inspection.pk, "begin_drafting"])
    client.force_login(inspector)
    assert client.post(address).status_code == 403
    client.force_login(make_user(Role.INSPECTOR))
    assert client.post(address).status_code == 404
    client.force_login(lead)
    nowhere = reverse("inspections:move", args=[inspection.pk, "nowhere"])
    assert client.get(nowhere).status_code == 404


def test_fieldwork_begins_without_the_whole_sample_only_for_a_reason_that_the_history_keeps(lead):
    inspection = make_inspection(Stage.SELF_ASSESSMENT, lead=lead)
    set_deadline(
        inspection,
        DeadlineKind.SELF_ASSESSMENT,
        label="Self-assessment",
        responsible=Side.FORCE,
        due_on=dt.date(2026, 1, 20),
    )
    with pytest.raises(NotYet, match="lacks"):
        stages.move(inspection, "begin_fieldwork", by=lead)
    with pytest.raises(NotYet, match="must say why"):
        stages.move(inspection, "begin_fieldwork_regardless", by=lead, note="  ")
    why = "The force holds too few such cases."
    moved = stages.move(inspection, "begin_fieldwork_regardless", by=lead, note=why)
    assert moved.stage == Stage.FIELDWORK
    assert moved.stage_changes.get().note == why
    force_person = make_user(Role.FORCE_LEAD, force=inspection.force)
    assert why in [event.text for event in events(inspection, lead)]
    assert why not in [event.text for event in events(inspection, force_person)]
    assert moved.deadlines.get().met_on is not None
    assert why not in moved.deadlines.get().met_note


def test_the_page_of_a_move_that_needs_a_reason_asks_for_it_at_the_field(client, lead):
    inspection = make_inspection(Stage.SELF_ASSESSMENT, lead=lead)
    client.force_login(lead)
    address = reverse("inspections:move", args=[inspection.pk, "begin_fieldwork_regardless"])
    answer = client.post(address, {"note": ""})
    assert "Enter why" in answer.content.decode()
    client.post(address, {"note": "They cannot send more."})
    inspection.refresh_from_db()
    assert inspection.stage == Stage.FIELDWORK
