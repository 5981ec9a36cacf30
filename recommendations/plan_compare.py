"""What differs between two versions of an action plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

PARTS = ("text", "owner", "partner", "starts_on", "due_on", "points")


@dataclass(frozen=True)
class ActionChange:
    """One action in both versions; `before` is None if it is new, `after` if it was taken out."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def number(self) -> str:
        """What people call the action: “4.2”."""
        return str((self.after or self.before or {})["number"])

    @property
    def differs(self) -> list[str]:
        """Which of `PARTS` differ; none of an action that is new or gone."""
        if self.before is None or self.after is None:
            return []
        return [part for part in PARTS if self.before[part] != self.after[part]]

    @property
    def kind(self) -> str:
        """“added”, “removed”, “changed” or “same”."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "changed" if self.differs else "same"


@dataclass(frozen=True)
class RecommendationChange:
    """What two versions say about one recommendation."""

    number: int
    actions: list[ActionChange]
    gap_before: dict[str, Any] | None
    gap_after: dict[str, Any] | None

    @property
    def gap_changed(self) -> bool:
        return self.gap_before != self.gap_after

    @property
    def changed(self) -> bool:
        return self.gap_changed or any(each.kind != "same" for each in self.actions)


def compare(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> list[RecommendationChange]:
    """Return for each recommendation of either content (`PlanVersion.content`) what became of each action."""
    old = {part["recommendation"]: part for part in before}
    new = {part["recommendation"]: part for part in after}
    return [
        _recommendation(number, old.get(number), new.get(number)) for number in sorted({*old, *new})
    ]


def _recommendation(
    number: int, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> RecommendationChange:
    old = {action["id"]: action for action in (before or {"actions": []})["actions"]}
    new = {action["id"]: action for action in (after or {"actions": []})["actions"]}
    actions = [ActionChange(old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new])]
    return RecommendationChange(
        number,
        sorted(actions, key=_order),
        (before or {}).get("gap"),
        (after or {}).get("gap"),
    )


def _order(change: ActionChange) -> tuple[int, ...]:
    return tuple(int(part) for part in change.number.split("."))


def with_dates(content: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return `content` with its dates as dates, for a page."""
    return [{**part, "actions": [_dated(action) for action in part["actions"]]} for part in content]


def _dated(action: dict[str, Any]) -> dict[str, Any]:
    return {
        **action,
        **{
            part: dt.date.fromisoformat(action[part]) if action[part] else None
            for part in ("starts_on", "due_on")
        },
    }
