"""What people call the texts of plans, updates and comments where texts that were confirmed are listed (rule 9)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from inspections.free_text import numbers
from inspections.models import Inspection
from recommendations.models import Action, ActionPlan, Recommendation


def describe(
    inspection: Inspection, names: Iterable[str], user: User
) -> dict[str, tuple[str, str]]:
    """Return title and address of each place in `names` that belongs to the follow-up and is open to `user`."""
    names = list(names)
    found = _of_plan(inspection, names, user)
    for kind, title, address in (
        ("update", _("Update on what was immediate"), "recommendations:update"),
        ("commissioner", _("Comments of the commissioner"), "recommendations:pcc_comments"),
    ):
        if inspection.is_published and inspection.pk in numbers(names, kind):
            found[f"{kind} {inspection.pk}"] = (title, reverse(address, args=[inspection.pk]))
    return found


def _of_plan(inspection: Inspection, names: list[str], user: User) -> dict[str, tuple[str, str]]:
    address = reverse("recommendations:plan", args=[inspection.pk])
    found: dict[str, tuple[str, str]] = {}
    plans, actions = numbers(names, "plan"), numbers(names, "action")
    gaps = numbers(names, "plan-gap")
    if plans:
        for plan in ActionPlan.objects.visible_to(user).filter(pk__in=plans, inspection=inspection):
            found[f"plan {plan.pk}"] = (_("Action plan"), address)
    if actions:
        own = Action.objects.visible_to(user).filter(pk__in=actions, plan__inspection=inspection)
        for action in own.select_related("recommendation"):
            title = _("Action %(number)s of the plan") % {"number": action.number}
            found[f"action {action.pk}"] = (title, address)
    if gaps and ActionPlan.objects.visible_to(user).filter(inspection=inspection).exists():
        for each in Recommendation.objects.visible_to(user).filter(
            pk__in=gaps, inspection=inspection
        ):
            title = _("Why nothing is planned for recommendation %(number)d") % {
                "number": each.number
            }
            found[f"plan-gap {each.pk}"] = (title, address)
    return found
