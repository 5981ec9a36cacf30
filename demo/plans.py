"""What forces and commissioners of the demo sent after publication: plans in versions, updates, comments."""

from __future__ import annotations

import datetime
from typing import Any

from accounts.models import User
from demo import source
from demo.casework import at
from demo.source import InspectionFacts
from inspections.models import Inspection
from recommendations import commissioner, immediate, plan_versions, plans
from recommendations.models import ActionPlan, PlanGap, Recommendation


def write_plan(
    inspection: Inspection,
    facts: InspectionFacts,
    people: dict[str, User],
    today: datetime.date,
) -> None:
    """Send what `data/plans.yaml` says of this inspection, on the days given; nothing if it says nothing."""
    said = source.load("plans").get(facts.key)
    if said is not None:
        _Sender(inspection, facts, people, today).send(said)


class _Sender:
    def __init__(
        self,
        inspection: Inspection,
        facts: InspectionFacts,
        people: dict[str, User],
        today: datetime.date,
    ) -> None:
        self.inspection, self.people, self.today = inspection, people, today
        self.force_lead, self.lead = people[facts.force_lead], people[facts.lead]
        self.by_theme = {
            each.theme.code: each
            for each in Recommendation.objects.filter(inspection=inspection).select_related(
                "theme", "inspection"
            )
        }

    def send(self, said: dict[str, Any]) -> None:
        """Send the update and the comments, then the versions of the plan one after the other."""
        update, comments = said["update"], said["commissioner"]
        immediate.send(
            self.inspection,
            self._by_number(update["accounts"]),
            note=update["note"],
            seen=0,
            by=self.force_lead,
            at=self._at(update["date"]),
        )
        for each in said["rounds"]:
            self._round(each)
        commissioner.comment(
            self.inspection,
            comments["text"],
            seen=0,
            by=self.people[comments["by"]],
            at=self._at(comments["date"]),
        )

    def _round(self, said: dict[str, Any]) -> None:
        for each in said["add"]:
            self._add(each)
        for each in said.get("explain", []):
            recommendation = self.by_theme[each["theme"]]
            gap = PlanGap.objects.filter(recommendation=recommendation).first()
            plans.explain(
                recommendation,
                reason=each["reason"],
                points=self._points(recommendation, each),
                version=gap.version if gap else 0,
                by=self.force_lead,
            )
        if "submit" not in said:
            return
        plan = ActionPlan.objects.get(inspection=self.inspection)
        version = plan_versions.submit(
            plan,
            version=plan.version,
            note=said["submit"]["note"],
            by=self.force_lead,
            at=self._at(said["submit"]["date"]),
        )
        plan_versions.return_(
            version,
            answer=said["returned"]["answer"],
            comments=self._by_number(said["returned"]["comments"]),
            by=self.lead,
            at=self._at(said["returned"]["date"]),
        )

    def _add(self, said: dict[str, Any]) -> None:
        recommendation = self.by_theme[said["theme"]]
        content = plans.Content(
            text=said["text"],
            points=self._points(recommendation, said),
            owner=self.people[said["owner"]] if "owner" in said else None,
            partner=said.get("partner", ""),
            starts_on=self._day(said["start"]),
            due_on=self._day(said["due"]) if "due" in said else None,
        )
        plans.add(recommendation, content, by=self.force_lead)

    def _points(self, recommendation: Recommendation, said: dict[str, Any]) -> Any:
        return list(recommendation.points.filter(order__in=said.get("points", [])))

    def _by_number(self, said: dict[str, str]) -> dict[int, str]:
        return {self.by_theme[theme].number: text for theme, text in said.items()}

    def _day(self, days: int) -> datetime.date:
        return self.today + datetime.timedelta(days)

    def _at(self, days: int) -> datetime.datetime:
        return at(self._day(days), self.inspection.pk)
