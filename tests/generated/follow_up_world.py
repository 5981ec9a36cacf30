"""What has happened in the follow-up of the published inspection, for the world of these tests."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from django.core.files.base import ContentFile

from inspections.models import Deadline, Extension, Inspection, InspectionKind, Stage
from recommendations.models import (
    Action,
    ActionPlan,
    Ask,
    Audience,
    CommissionerComment,
    Evidence,
    ImmediateUpdate,
    Judgement,
    Outcome,
    PlanVersion,
    ProgressUpdate,
    Recommendation,
    Remark,
    ReviewedCase,
)
from reminders.models import CalendarFeed, Digest, DigestStatus, Reminder
from tests.support.factories import make_case, make_inspection, make_recommendation

# Noun of an address: there is no such thing unless the inspection is published.
NOTHING: dict[str, Any] = dict.fromkeys(
    [
        *("plan", "actions", "evidence", "extensions", "asks", "review", "looking back"),
        *("action-plans", "immediate-updates", "commissioner-comments"),
        *("messages", "calendar pk", "calendar secret"),
    ]
)
SECRET = "a-secret-of-the-calendar-feed-of-these-tests"


def follow_up(
    world: Any, recommendation: Recommendation, deadline: Deadline, say: Any
) -> dict[str, Any]:
    """Make one of everything and return it by the noun of its address; `say(what)` is the text that marks it."""
    people, inspection = world.people, recommendation.inspection
    update = ProgressUpdate.objects.create(
        recommendation=recommendation,
        status="in_progress",
        note=say("progress"),
        by=people["force_lead"],
    )
    for audience, what in (
        (Audience.BOTH, "remark"),
        (Audience.FORCE, "force-note"),
        (Audience.INSPECTORATE, "our-note"),
    ):
        by = people["force_lead" if audience == Audience.FORCE else "lead"]
        Remark.objects.create(
            recommendation=recommendation, audience=audience, text=say(what), by=by
        )
    extension = Extension.objects.create(
        deadline=deadline,
        from_on=deadline.due_on,
        wanted_on=deadline.due_on + datetime.timedelta(days=28),
        reason=say("extension"),
        asked_by=people["force_lead"],
    )
    action, submitted = _plan(inspection, recommendation, people, say)
    content = ContentFile(say("evidence").encode(), name="evidence")
    evidence = Evidence.objects.create(
        recommendation=recommendation,
        update=update,
        file=content,
        name=f"{say('evidence-name')}.txt",
        media_type="text/plain",
        size=content.size,
        sha256="0" * 64,
        uploaded_by=people["force_lead"],
    )
    ask = Ask.objects.create(title="Records", created_by=people["manager"])
    recommendation.ask = ask
    recommendation.save(update_fields=["ask"])
    return {
        "plan": 1,
        "actions": action,
        "evidence": evidence,
        "extensions": extension,
        "asks": ask,
        "review": recommendation,
        "looking back": _review(world, recommendation, say),
        "action-plans": submitted,
        **_said_by_others(inspection, people, say),
        **_messages(people, deadline),
    }


def _plan(
    inspection: Inspection, recommendation: Recommendation, people: dict[str, Any], say: Any
) -> tuple[Action, PlanVersion]:
    """A plan of which one version was submitted, and an action that has been added to it since."""
    plan = ActionPlan.objects.create(inspection=inspection, version=2)
    action = {"plan": plan, "recommendation": recommendation, "owner": people["force_lead"]}
    standing = Action.objects.create(text=say("plan"), submitted=True, **action)
    Action.objects.create(text=say("plan-draft"), **action)
    content = {
        "id": standing.pk,
        "number": f"{recommendation.number}.1",
        "text": standing.text,
        "owner": standing.owner.name if standing.owner else "",
        "partner": "",
        "starts_on": None,
        "due_on": "2026-05-01",
        "points": [],
    }
    submitted = PlanVersion.objects.create(
        plan=plan,
        number=1,
        content=[{"recommendation": recommendation.number, "actions": [content], "gap": None}],
        submitted_by=people["force_lead"],
    )
    return standing, submitted


def _said_by_others(inspection: Inspection, people: dict[str, Any], say: Any) -> dict[str, Any]:
    make_recommendation(inspection, timescale="immediately", stem="At once.")
    update = ImmediateUpdate.objects.create(
        inspection=inspection, accounts={}, note=say("update"), by=people["force_lead"]
    )
    comment = CommissionerComment.objects.create(
        inspection=inspection, text=say("commissioner"), by=people["force_viewer"]
    )
    return {"immediate-updates": update, "commissioner-comments": comment}


def _messages(people: dict[str, Any], deadline: Deadline) -> dict[str, Any]:
    """Messages, one of them given up, and a calendar feed, whose address opens without signing in."""
    for who, status in (("lead", DigestStatus.SENT), ("administrator", DigestStatus.FAILED)):
        other = Digest.objects.create(
            user=people[who],
            day=datetime.date(2026, 4, 7),
            message_id=f"<{who}@assay.example>",
            status=status,
            sent_at=datetime.datetime(2026, 4, 7, 6, tzinfo=datetime.UTC),
        )
        Reminder.objects.create(
            user=people[who],
            deadline=deadline,
            due_on=deadline.due_on,
            occasion="before:7",
            digest=other,
        )
    digest = Digest.objects.create(
        user=people["force_lead"],
        day=datetime.date(2026, 4, 7),
        message_id="<world@assay.example>",
        status=DigestStatus.SENT,
        sent_at=datetime.datetime(2026, 4, 7, 6, tzinfo=datetime.UTC),
    )
    Reminder.objects.create(
        user=people["force_lead"],
        deadline=deadline,
        due_on=deadline.due_on,
        occasion="before:7",
        digest=digest,
    )
    feed = CalendarFeed.objects.create(
        user=people["force_lead"],
        name="Telephone",
        digest=hashlib.sha256(SECRET.encode()).hexdigest(),
    )
    return {"messages": digest, "calendar pk": feed, "calendar secret": SECRET}


def _review(world: Any, recommendation: Recommendation, say: Any) -> Inspection:
    """A re-inspection that is being drafted, in which the recommendation has been judged."""
    review = make_inspection(
        Stage.DRAFTING,
        force=world.force,
        framework=world.framework,
        team=[world.people["inspector"]],
        lead=world.people["lead"],
        kind=InspectionKind.RE_INSPECTION,
        parent=recommendation.inspection,
        fieldwork_start=datetime.date(2026, 9, 7),
        fieldwork_end=datetime.date(2026, 9, 11),
    )
    case = make_case(review, route="selected", reference=say("reviewed-case"))
    ReviewedCase.objects.create(recommendation=recommendation, case=case, by=world.people["lead"])
    Judgement.objects.create(
        recommendation=recommendation,
        outcome=Outcome.PARTLY,
        finding=say("judgement"),
        made_in=review,
        by=world.people["lead"],
    )
    return review


def more(world: Any, recommendations: list[Recommendation], how_many: int) -> None:
    """Add much of everything to the follow-up of the inspection of `recommendations`, which are new."""
    people, first = world.people, recommendations[0]
    plan = ActionPlan.objects.get(inspection=first.inspection)
    earlier = Recommendation.objects.filter(inspection=first.inspection).order_by("number")[0]
    for recommendation in (earlier, first):
        Remark.objects.bulk_create(
            Remark(recommendation=recommendation, text="More.", by=people["lead"])
            for _ in range(how_many)
        )
        update = ProgressUpdate.objects.create(
            recommendation=recommendation,
            status="in_progress",
            note="More.",
            by=people["force_lead"],
        )
        Evidence.objects.bulk_create(
            Evidence(
                recommendation=recommendation,
                update=update,
                file=f"more/{recommendation.pk}-{n}",
                name=f"more-{n}.txt",
                media_type="text/plain",
                size=1,
                sha256="0" * 64,
                uploaded_by=people["force_lead"],
            )
            for n in range(how_many)
        )
    Action.objects.bulk_create(
        Action(
            plan=plan, recommendation=each, text="More.", owner=people["force_lead"], submitted=True
        )
        for each in recommendations
    )
    Extension.objects.bulk_create(
        Extension(
            deadline=each.deadline,
            from_on=each.deadline.due_on,
            wanted_on=each.deadline.due_on + datetime.timedelta(days=7),
            reason="More.",
            asked_by=people["force_lead"],
        )
        for each in recommendations
        if each.deadline
    )
    Judgement.objects.bulk_create(
        Judgement(
            recommendation=each,
            outcome=Outcome.PARTLY,
            finding="More.",
            by=people["lead"],
            took_effect_at=datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC),
        )
        for each in recommendations
    )
    _more_messages(people, first.deadline, how_many)


def _more_messages(people: dict[str, Any], deadline: Deadline | None, how_many: int) -> None:
    for who in ("lead", "force_lead", "administrator"):
        digests = Digest.objects.bulk_create(
            Digest(
                user=people[who],
                day=datetime.date(2025, 1, 1) + datetime.timedelta(days=n),
                message_id=f"<more-{who}-{n}@assay.example>",
                status=DigestStatus.SENT if n % 2 else DigestStatus.FAILED,
                sent_at=datetime.datetime(2026, 4, 7, 6, tzinfo=datetime.UTC),
            )
            for n in range(how_many)
        )
        Reminder.objects.bulk_create(
            Reminder(
                user=people[who],
                deadline=deadline,
                due_on=datetime.date(2026, 6, 3),
                occasion=f"overdue:{n}",
                digest=digest,
            )
            for n, digest in enumerate(digests)
        )
        CalendarFeed.objects.bulk_create(
            CalendarFeed(user=people[who], name="More", digest=f"{who}-{n}")
            for n in range(how_many)
        )
