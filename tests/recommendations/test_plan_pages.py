"""The action plan through its pages, scripts or not."""

import re

import pytest
from django.urls import reverse

from accounts.models import Role
from inspections.models import Inspection, Stage
from recommendations import plan_versions, plans
from recommendations.models import Action, PlanGap, PlanVersion
from tests.recommendations.planning import act, complete, make_world, plan, submit
from tests.support.factories import make_inspection, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def lead(client, world):
    client.force_login(world.lead)
    return client


def address(name, *args):
    return reverse(f"recommendations:{name}", args=args)


def typed(world, **changes):
    return {
        "text": "Train the teams.",
        "points": ["1"],
        "owner": world.assessor.pk,
        "partner": "",
        "starts_on": "2026-03-09",
        "due_on": "2026-05-29",
        **changes,
    }


def test_the_plan_shows_what_is_not_answered_yet(lead, world):
    act(world, world.pointed, points=world.pointed.points.filter(order=1))

    page = lead.get(address("plan", world.inspection.pk)).text

    assert "Answered by 2.1" in page
    assert page.count("Not answered yet") == 2, "point 2, and recommendation 3"
    assert "2 things are still missing" in page
    assert "The update on what was immediate answers it" in page


def test_an_action_is_added_and_changed(lead, world):
    add = address("plan_action_add", world.inspection.pk, world.pointed.pk)

    response = lead.post(add, typed(world))

    assert response.url == address("plan", world.inspection.pk) + "#recommendation-2"
    action = Action.objects.get()
    assert (action.owner, [point.order for point in action.points.all()]) == (world.assessor, [1])
    page = lead.get(address("plan_action", action.pk)).text
    assert ">\r\nTrain the teams.</textarea>" in page or ">Train the teams.</textarea>" in page
    lead.post(address("plan_action", action.pk), typed(world, version=1, points=["1", "2"]))
    assert Action.objects.get().points.count() == 2
    assert lead.post(add, {**typed(world), "then": "another"}).url == add


def test_errors_keep_what_was_typed(lead, world):
    response = lead.post(
        address("plan_action_add", world.inspection.pk, world.pointed.pk),
        typed(world, text=" ", partner="A charity for it", due_on="2026-01-01"),
    )

    for error in (
        "Enter what the force will do",
        "Select an owner or enter a partner, not both",
        "Due date must not be before the start",
    ):
        assert error in response.text
    assert 'value="A charity for it"' in response.text
    assert not Action.objects.exists()


def test_the_second_of_two_savers_sees_both_and_can_save_knowingly(lead, world):
    action = act(world, world.pointed, "First.")
    plans.edit(action, plans.Content("Theirs."), version=1, by=world.assessor)
    page = address("plan_action", action.pk)

    response = lead.post(page, typed(world, version=1, text="Mine."))

    assert response.status_code == 409
    assert "Daniel Okafor saved this action" in response.text
    assert "Theirs." in response.text
    assert response.text.count("Mine.") == 2, "beside theirs, and still in the form"
    [version] = re.findall(r'name="version" value="(\d+)"', response.text)
    assert lead.post(page, typed(world, version=version, text="Mine.")).status_code == 302
    assert Action.objects.get().text == "Mine."


def test_what_was_typed_about_an_action_taken_out_meanwhile_can_be_added(lead, world):
    action = act(world, world.pointed)
    plans.remove(action, version=1, by=world.assessor)

    response = lead.post(address("plan_action", action.pk), typed(world, version=1))

    assert response.status_code == 409
    assert "took this action out of the plan in the meantime" in response.text
    assert "Train the teams." in response.text
    add = address("plan_action_add", world.inspection.pk, world.pointed.pk)
    assert f'action="{add}"' in response.text


def test_pressing_save_twice_is_no_conflict(lead, world):
    action = act(world, world.pointed)
    for _ in range(2):
        response = lead.post(address("plan_action", action.pk), typed(world, version=1))
        assert response.status_code == 302


def test_what_was_typed_before_the_closure_stays_on_the_page(lead, world):
    Inspection.objects.filter(pk=world.inspection.pk).update(stage=Stage.CLOSED)
    add = address("plan_action_add", world.inspection.pk, world.pointed.pk)

    response = lead.post(add, typed(world))

    assert response.status_code == 409
    assert "Train the teams." in response.text
    assert lead.get(add).status_code == 403


def test_what_looks_personal_is_asked_about_and_kept(lead, world):
    add = address("plan_action_add", world.inspection.pk, world.pointed.pk)
    text = "Ring 07700 900123."

    response = lead.post(add, typed(world, text=text))
    assert "This looks like personal data" in response.text
    assert text in response.text

    confirmed = typed(world, text=text, confirmed_reason="The public helpline.")
    assert lead.post(add, confirmed).status_code == 302
    assert Action.objects.get().text == text


def test_an_action_is_taken_out_after_a_question_and_put_back(lead, world):
    action = act(world, world.pointed)
    assert "Take action 2.1 out" in lead.get(address("plan_action_remove", action.pk)).text

    lead.post(address("plan_action_remove", action.pk), {"version": 1})
    page = lead.get(address("plan", world.inspection.pk)).text
    assert "1 action was taken out" in page

    lead.post(address("plan_action_put_back", action.pk))
    assert Action.objects.standing().count() == 1


def test_why_nothing_is_planned_is_said_and_two_people_keep_theirs(lead, world):
    why = address("plan_gap", world.inspection.pk, world.pointed.pk)
    assert "Select the points" in lead.post(why, {"reason": "Partners do.", "version": 0}).text
    said = {"reason": "Partners do.", "points": ["2"], "version": 0}
    assert lead.post(why, said).status_code == 302

    response = lead.post(why, {**said, "reason": "Mine."})

    assert response.status_code == 409
    assert "Partners do." in response.text
    assert "Mine." in response.text
    assert PlanGap.objects.get().reason == "Partners do."


def test_the_plan_is_submitted_from_the_page_that_says_what_is_missing(lead, world):
    act(world, world.pointed)
    page = address("plan_submit", world.inspection.pk)
    assert "Recommendation 3 has no action" in lead.get(page).text
    act(world, world.plain)

    shown = lead.get(page).text
    [version] = re.findall(r'name="version" value="(\d+)"', shown)
    for _ in range(2):  # the button pressed twice
        response = lead.post(page, {"version": version, "note": "As agreed."})
        assert response.status_code == 302

    assert PlanVersion.objects.get().note == "As agreed."
    shown = lead.get(address("plan", world.inspection.pk)).text
    assert "Version 1 waits for the inspectorate" in shown


def test_a_note_is_kept_when_the_plan_changed_before_it_was_sent(lead, world):
    read = complete(world).version
    act(world, world.plain, "One more.")

    response = lead.post(
        address("plan_submit", world.inspection.pk), {"version": read, "note": "As agreed."}
    )

    assert response.status_code == 409
    assert "Somebody changed the plan in the meantime" in response.text
    assert "As agreed." in response.text
    assert f'name="version" value="{plan(world).version}"' in response.text


def test_the_inspectorate_returns_a_version_with_comments_and_the_force_reads_them(client, world):
    complete(world)
    submit(world)
    client.force_login(world.inspector)
    version = address("plan_version", world.inspection.pk, 1)
    nothing = client.post(version, {"decision": "return"})
    assert "Say what the force should change" in nothing.text

    response = client.post(version, {"decision": "return", "comment-3": "By when?"})

    assert response.url == address("plan", world.inspection.pk)
    client.force_login(world.lead)
    page = client.get(address("plan", world.inspection.pk)).text
    assert "Returned" in page
    assert "By when?" in page


def test_an_answer_given_meanwhile_stands_and_ones_own_words_stay_on_the_page(client, world):
    complete(world)
    submitted = submit(world)
    plan_versions.accept(submitted, by=make_user(Role.MANAGER, name="Grace Adeyemi"))
    client.force_login(world.inspector)

    response = client.post(
        address("plan_version", world.inspection.pk, 1),
        {"decision": "return", "answer": "Not yet."},
    )

    assert response.status_code == 409
    assert "Grace Adeyemi has answered this version already: accepted." in response.text
    assert "Not yet." in response.text


def test_versions_and_the_draft_are_compared(lead, world):
    complete(world)
    plan_versions.return_(submit(world), by=world.inspector, answer="More.")
    act(world, world.plain, "Publish the measures.")

    page = lead.get(address("plan_compare", world.inspection.pk)).text

    assert "From version 1 to the draft." in page
    assert "Publish the measures." in page
    assert "Action 3.2" in page
    submit(world)
    compared = lead.get(address("plan_compare", world.inspection.pk), {"from": "1", "to": "2"})
    assert "Action 3.2" in compared.text
    assert lead.get(address("plan_compare", world.inspection.pk), {"from": "9"}).status_code == 404


@pytest.mark.parametrize("who", ["inspector", "commissioner"])
def test_others_read_what_was_submitted_and_never_the_draft(client, world, who):
    act(world, world.plain, "A first thought.")
    client.force_login(getattr(world, who))
    page = address("plan", world.inspection.pk)
    assert "No action plan yet" in client.get(page).text
    act(world, world.pointed)
    submit(world)
    act(world, world.plain, "A later thought.")

    shown = client.get(page).text

    assert "A first thought." in shown
    assert "A later thought." not in shown
    assert client.get(address("plan_compare", world.inspection.pk)).status_code == 404
    assert client.get(address("plan_version", world.inspection.pk, 1)).status_code == 200
    assert client.get(address("plan_submit", world.inspection.pk)).status_code == 403


def test_a_viewer_of_the_force_reads_the_draft_and_changes_nothing(client, world):
    action = act(world, world.plain, "A first thought.")
    client.force_login(world.viewer)
    page = client.get(address("plan", world.inspection.pk)).text
    assert "A first thought." in page
    assert "Take out" not in page
    for name in ("plan_action", "plan_action_remove"):
        assert client.get(address(name, action.pk)).status_code == 403
        assert client.post(address(name, action.pk), {"version": 1}).status_code == 403


def test_another_force_finds_nothing(client, world):
    action = act(world, world.plain)
    complete(world)
    submit(world)
    client.force_login(world.stranger)
    for path in (
        *(address(name, world.inspection.pk) for name in ("plan", "plan_submit", "plan_compare")),
        address("plan_version", world.inspection.pk, 1),
        address("plan_action_add", world.inspection.pk, world.plain.pk),
        address("plan_gap", world.inspection.pk, world.plain.pk),
        address("plan_action", action.pk),
        address("plan_action_remove", action.pk),
        address("update", world.inspection.pk),
        address("pcc_comments", world.inspection.pk),
    ):
        assert client.get(path).status_code == 404, path


def test_there_is_no_plan_before_publication(lead, world):
    inspection = make_inspection(Stage.FACTUAL_ACCURACY, force=world.inspection.force)
    for name in ("plan", "update", "pcc_comments"):
        assert lead.get(address(name, inspection.pk)).status_code == 404


def test_the_page_costs_the_same_however_long_the_plan(lead, world, django_assert_max_num_queries):
    complete(world)
    plan_versions.return_(submit(world), by=world.inspector, answer="More.")
    lead.get(address("plan", world.inspection.pk))
    for _ in range(5):
        act(world, world.plain)
    with django_assert_max_num_queries(24):
        assert lead.get(address("plan", world.inspection.pk)).status_code == 200


def test_the_update_is_sent_and_read(lead, world):
    page = address("update", world.inspection.pk)
    assert "Enter what was done about recommendation 1" in lead.post(page, {"note": "Kept."}).text
    for _ in range(2):
        response = lead.post(page, {"account-1": "Seen.", "seen": "0"})
        assert response.status_code == 302
    shown = lead.get(page).text
    assert "Seen." in shown
    assert "Add to the update" in shown


def test_an_update_sent_by_a_colleague_meanwhile_is_shown_beside_ones_own(lead, world, client):
    page = address("update", world.inspection.pk)
    colleague = make_user(Role.FORCE_LEAD, force=world.inspection.force, name="Ada Low")
    client.force_login(colleague)
    client.post(page, {"account-1": "Theirs.", "seen": "0"})
    client.force_login(world.lead)

    response = client.post(page, {"account-1": "Mine.", "seen": "0"})

    assert response.status_code == 409
    assert "Ada Low has sent an update in the meantime" in response.text
    assert "Theirs." in response.text
    assert "Mine." in response.text


def test_the_commissioners_office_comments_and_both_sides_read(client, world):
    page = address("pcc_comments", world.inspection.pk)
    client.force_login(world.commissioner)
    assert "Enter the commissioner" in client.post(page, {"text": " "}).text
    for _ in range(2):
        assert client.post(page, {"text": "We will watch.", "seen": "0"}).status_code == 302
    for user in (world.lead, world.viewer, world.inspector):
        client.force_login(user)
        shown = client.get(page).text
        assert "We will watch." in shown
        assert "Send the comments" not in shown
        assert client.post(page, {"text": "Mine."}).status_code == 403
