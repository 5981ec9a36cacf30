"""The policies that administrators have set, ready to be asked by kind of deadline."""

from __future__ import annotations

from reminders.models import ClimbsTo, ReminderPolicy
from reminders.occasions import Policy

# Until an administrator says otherwise: one further step up after a fortnight, and after four weeks.
USUAL = Policy(climbs=((ClimbsTo.LEADS.value, 14), (ClimbsTo.MANAGERS.value, 28)))


class Policies:
    """What is said when about each kind of deadline; read in two queries."""

    def __init__(self) -> None:
        rows = ReminderPolicy.objects.prefetch_related("escalations")
        self._by_kind = {row.kind: _policy(row) for row in rows}
        self._by_kind.setdefault("", USUAL)

    def of(self, kind: str) -> Policy:
        """Return the policy of `kind`, or the one for every kind that has none of its own."""
        return self._by_kind.get(kind) or self.usual

    @property
    def usual(self) -> Policy:
        """What holds for every kind without a policy of its own, and for news, which has no kind."""
        return self._by_kind[""]

    @property
    def horizon_days(self) -> int:
        """How many days before its due date any deadline has its first occasion."""
        return max(policy.horizon_days for policy in self._by_kind.values())

    @property
    def longest_silence_days(self) -> int:
        """How far back one has to look to know whether somebody was told since a deadline's latest occasion."""
        return max(
            policy.horizon_days + policy.overdue_every_days for policy in self._by_kind.values()
        )


def _policy(row: ReminderPolicy) -> Policy:
    return Policy(
        days_before=tuple(row.days_before),
        on_the_day=row.on_the_day,
        overdue_every_days=row.overdue_every_days,
        working_days_only=row.working_days_only,
        climbs=tuple((each.to, each.after_days) for each in row.escalations.all()),
    )
