"""How a person wants to be told, and who is told while they are away."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from accounts.errors import NotAllowed
from accounts.models import Role, User
from inspections import team
from reminders.models import Channel, Preference


def possible_stand_ins(user: User) -> QuerySet[User]:
    """Who may be told instead of `user`: somebody who could act on it, or at least read all of it.

    Of a force its leads, of its commissioner's office the others there; of the inspectorate leads and managers, for an
    inspector other inspectors as well, and for somebody who is an administrator only, other administrators.
    """
    others = User.objects.filter(is_active=True, force=user.force_id).exclude(pk=user.pk)
    if user.is_force:
        if user.works_for_commissioner:
            return others.filter(works_for_commissioner=True)
        return others & team.force_leads()
    roles = [Role.LEAD_INSPECTOR, Role.MANAGER]
    if not (user.is_lead_inspector or user.is_manager):
        roles.append(Role.INSPECTOR if user.is_inspector else Role.ADMINISTRATOR)
    return others.filter(roles__overlap=[role.value for role in roles])


@transaction.atomic
def save(
    user: User,
    *,
    channel: Channel | str,
    away_from: dt.date | None = None,
    away_until: dt.date | None = None,
    stand_in: User | None = None,
) -> Preference:
    """Keep how `user` wants to be told; both dates (Europe/London, the last one included) and a stand-in, or none.

    What is overdue, and urgent referrals, are mailed whatever is chosen here. Raises NotAllowed if the stand-in is not
    one of `possible_stand_ins`, IntegrityError if dates and stand-in do not go together.
    """
    if stand_in is not None and not possible_stand_ins(user).filter(pk=stand_in.pk).exists():
        raise NotAllowed
    preference, _ = Preference.objects.update_or_create(
        user=user,
        defaults={
            "channel": Channel(channel),
            "away_from": away_from,
            "away_until": away_until,
            "stand_in": stand_in,
        },
    )
    return preference


def stands_in_for(user: User, today: dt.date) -> QuerySet[Preference]:
    """Return whom `user` is told for, now or soon."""
    return (
        Preference.objects.filter(stand_in=user, away_until__gte=today)
        .select_related("user")
        .order_by("away_from", "pk")
    )
