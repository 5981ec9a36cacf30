"""Everything that both sides said and did, in one list."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from inspections.models import Extension, ExtensionDecision, Stage
from recommendations import plans, progress, remarks
from recommendations.evidence import Proof, Upload
from recommendations.models import (
    Action,
    ActionPlan,
    ImmediateUpdate,
    Judgement,
    PlanComment,
    PlanVersion,
    Remark,
)
from recommendations.publication import set_deadlines
from recommendations.timeline import entries
from tests.recommendations.planning import complete, make_world, submit
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db


def at(day: int, month: int = 4) -> dt.datetime:
    return timezone.make_aware(dt.datetime(2026, month, day, 12))


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def force():
    return make_force()


@pytest.fixture
def force_lead(force):
    return make_user(Role.FORCE_LEAD, force=force, name="Helen Marsh")


@pytest.fixture
def manager():
    return make_user(Role.MANAGER, name="Ruth Bell")


@pytest.fixture
def recommendation(force):
    inspection = make_inspection(Stage.FOLLOW_UP, force=force)
    recommendation = make_recommendation(inspection, points=["of meetings", "of visits"])
    set_deadlines(inspection, inspection.published_on)
    recommendation.refresh_from_db()
    return recommendation


def say_and_do_everything(recommendation, force_lead, manager) -> None:
    """One of each, on a day of its own."""
    plan = ActionPlan.objects.create(inspection=recommendation.inspection)
    version = PlanVersion.objects.create(
        plan=plan, number=1, content=[], submitted_by=force_lead, submitted_at=at(1)
    )
    PlanComment.objects.create(
        version=version, recommendation=recommendation, text="Who trains them?"
    )
    PlanVersion.objects.filter(pk=version.pk).update(
        decision="returned", decided_by=manager, decided_at=at(2)
    )
    ImmediateUpdate.objects.create(
        inspection=recommendation.inspection,
        accounts={str(recommendation.number): "Done on the day."},
        by=force_lead,
        at=at(3),
    )
    point = recommendation.points.all()[0]
    progress.report(
        recommendation,
        status="complete",
        note="Meetings are noted.",
        about=progress.Subject(point=point),
        proof=Proof([Upload(io.BytesIO(b"minutes"), "minutes.txt")], points=[point]),
        by=force_lead,
        at=at(4),
    )
    remarks.write(recommendation, text="Which meetings?", by=manager, at=at(5))
    remarks.write(recommendation, text="They seem slow.", by=manager, private=True, at=at(6))
    Extension.objects.create(
        deadline=recommendation.deadline,
        from_on=dt.date(2026, 6, 3),
        wanted_on=dt.date(2026, 9, 1),
        agreed_on=dt.date(2026, 8, 1),
        reason="The system is late.",
        asked_by=force_lead,
        asked_at=at(7),
        decision=ExtensionDecision.AGREED,
        answer="Until summer.",
        decided_by=manager,
        decided_at=at(8),
    )
    type(recommendation.deadline).objects.filter(pk=recommendation.deadline_id).update(
        due_on=dt.date(2026, 8, 1)
    )
    progress.report(recommendation, status="complete", note="All done.", by=force_lead, at=at(9))
    Judgement.objects.create(
        recommendation=recommendation,
        outcome="partly",
        finding="Visits are not noted.",
        by=manager,
        at=at(10),
        took_effect_at=at(10),
    )


def test_it_tells_everything_newest_first(recommendation, force_lead, manager):
    say_and_do_everything(recommendation, force_lead, manager)
    recommendation.refresh_from_db()

    found = [(entry.title, entry.text) for entry in entries(recommendation, manager)]

    assert found == [
        ("Judged: Partly implemented", "Visits are not noted."),
        ("Ready for closure", "All done."),
        ("Extension agreed", "The new date is 1 August 2026.\nUntil summer."),
        ("Extension asked for", "From 3 June 2026 to 1 September 2026.\nThe system is late."),
        ("Note", "They seem slow."),
        ("Discussion", "Which meetings?"),
        ("Point 1: done", "Meetings are noted."),
        ("Update on what was immediate", "Done on the day."),
        ("Action plan returned, version 1", "Who trains them?"),
        ("Action plan submitted, version 1", ""),
        ("Report published", "The recommendation was to be carried out by 3 June 2026."),
    ]


def test_the_other_side_reads_all_but_the_notes(recommendation, force_lead, manager):
    say_and_do_everything(recommendation, force_lead, manager)
    recommendation.refresh_from_db()

    of_force = entries(recommendation, force_lead)

    assert "Note" not in [entry.title for entry in of_force]
    assert len(of_force) == 10
    assert [file.name for entry in of_force for file in entry.evidence] == ["minutes.txt"]


def test_what_a_review_found_waits_for_its_report(recommendation, force, force_lead, manager):
    review = make_inspection(
        Stage.DRAFTING, force=force, framework=recommendation.framework,
        kind="post_inspection_review", parent=recommendation.inspection,
    )  # fmt: skip
    Judgement.objects.create(
        recommendation=recommendation,
        outcome="partly",
        finding="Visits are not noted.",
        made_in=review,
        by=manager,
        at=at(10),
    )

    assert len(entries(recommendation, force_lead)) == 1
    judged = entries(recommendation, manager)[0]
    assert judged.title == "Judged: Partly implemented"
    assert "not published yet" in judged.about


def test_a_corrected_day_of_publication_shows_as_a_move(recommendation, force_lead):
    set_deadlines(recommendation.inspection, dt.date(2026, 3, 10))
    recommendation.refresh_from_db()

    moved = entries(recommendation, force_lead)[0]

    assert moved.title == "Deadline moved"
    assert moved.text.startswith("From 3 June 2026 to 10 June 2026.")


def test_it_costs_the_same_however_much_has_happened(recommendation, force_lead, manager):
    say_and_do_everything(recommendation, force_lead, manager)
    recommendation.refresh_from_db()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            entries(recommendation, manager)
        return len(captured)

    queries()  # with it the inspection and the deadline are at hand
    before = queries()
    for number in range(5):
        remarks.write(recommendation, text=f"And {number}?", by=manager)
        progress.report(
            recommendation,
            status="in_progress",
            note=str(number),
            proof=Proof([Upload(io.BytesIO(b"text %d" % number), "notes.txt")]),
            by=force_lead,
        )
    assert queries() == before


def test_what_a_force_drafts_of_an_action_stays_its_own(world):
    complete(world)
    submit(world)
    action = Action.objects.get(recommendation=world.plain)
    progress.report(
        world.plain,
        status="in_progress",
        note="Begun.",
        about=progress.Subject(action=action),
        by=world.lead,
    )
    draft = plans.Content("Our own thoughts.", owner=world.assessor)
    plans.edit(action, draft, version=action.version, by=world.lead)

    for reader in (world.inspector, world.commissioner, world.lead):
        [said] = [one for one in entries(world.plain, reader) if one.text == "Begun."]
        assert said.about == "Do it."


def test_a_note_of_the_force_is_not_for_the_office_of_its_commissioner(world):
    remarks.write(world.plain, text="They press us.", by=world.lead, private=True)
    remarks.write(world.plain, text="Which cases?", by=world.lead)

    def reads(user):
        found = Remark.objects.visible_to(user)
        return sorted(found.values_list("text", flat=True))

    assert reads(world.viewer) == ["They press us.", "Which cases?"]
    assert reads(world.commissioner) == ["Which cases?"]
