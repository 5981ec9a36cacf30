"""What the Deadlines page, its calendar and its files are narrowed by."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Force, User
from config import numbers
from config.forms import DateField, GovForm
from inspections import dates
from inspections.deadline_groups import GROUPS, in_group
from inspections.models import Deadline, DeadlineKind, DeadlineQuerySet, Inspection, Party

ANY = [("", _("Any"))]
ME, NOBODY = "me", "nobody"
MET, LAPSED, ALL = "met", "lapsed", "all"
GROUP_NAMES = {
    "overdue": _("Overdue"),
    "this_week": _("This week"),
    "next_30_days": _("Next 30 days"),
    "later": _("Later"),
    MET: _("Met"),
    LAPSED: _("No longer wanted"),
}


class DeadlineFilter(GovForm):
    """Narrows deadlines; without a choice of group, the list shows the open ones.

    A force person has no force to choose. Of which inspection, and by which person, can be chosen once a force is:
    nobody looks for one among thousands.
    """

    more: tuple[str, ...] = ("due_from", "due_to")

    group = forms.ChoiceField(
        choices=[
            ("", _("All open ones")),
            *GROUP_NAMES.items(),
            (ALL, _("All, whatever became of them")),
        ],
        label=_("When"),
        required=False,
    )
    force = forms.ModelChoiceField(
        Force.objects.all(),
        label=_("Force"),
        required=False,
        empty_label=_("Any"),
        help_text=_("With one chosen, you can narrow by its inspections and people."),
    )
    inspection = forms.ModelChoiceField(
        Inspection.objects.none(), label=_("Inspection"), required=False, empty_label=_("Any")
    )
    kind = forms.ChoiceField(choices=[*ANY, *DeadlineKind.choices], label=_("Kind"), required=False)
    responsible = forms.ChoiceField(
        choices=[*ANY, *Party.choices], label=_("Who must act"), required=False
    )
    owner = forms.ChoiceField(
        label=_("Owner"),
        required=False,
        help_text=_("Who sees to it, where somebody is named."),
    )
    due_from = DateField(label=_("Due from"), required=False)
    due_to = DateField(label=_("Due until"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        force: Any = user.force_id if user.is_force else self.data.get("force", "")
        if user.is_force:
            del self.fields["force"]
        inspections = Inspection.objects.visible_to(user).select_related("force")
        chosen = self.data.get("inspection", "")
        if force or chosen:
            within = inspections.filter(_of_force(force) | _is(chosen))
            self.fields["inspection"].queryset = within  # type: ignore[attr-defined]
        else:
            del self.fields["inspection"]
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            *ANY,
            (ME, _("Me")),
            (NOBODY, _("Nobody named")),
            *self._owners(user, force),
        ]

    def _owners(self, user: User, force: Any) -> list[tuple[str, str]]:
        """People who see to deadlines of the chosen force, and whoever is chosen already."""
        owned = (
            Deadline.objects.visible_to(user)
            .filter(_of_force(force, "inspection__") | _is(self.data.get("owner", ""), "owner"))
            .filter(owner__isnull=False)
        )
        people = User.objects.filter(pk__in=owned.order_by().values("owner")).exclude(pk=user.pk)
        return [(str(pk), name) for pk, name in people.order_by("name").values_list("pk", "name")]


def _of_force(force: Any, before: str = "") -> Q:
    return _is(str(force), f"{before}force")


def _is(key: str, name: str = "pk") -> Q:
    number = numbers.whole(key)
    return Q(pk__in=[]) if number is None else Q(**{name: number})


def narrow(deadlines: DeadlineQuerySet, form: DeadlineFilter, user: User) -> DeadlineQuerySet:
    """Return those of `deadlines` that the filter wants, but for the group; nonsense is left aside."""
    form.is_valid()
    wanted = form.cleaned_data
    if wanted.get("force"):
        deadlines = deadlines.filter(inspection__force=wanted["force"])
    for name in ("inspection", "kind", "responsible"):
        if wanted.get(name):
            deadlines = deadlines.filter(**{name: wanted[name]})
    if owner := wanted.get("owner"):
        owners = {ME: Q(owner=user), NOBODY: Q(owner__isnull=True)}
        deadlines = deadlines.filter(owners[owner] if owner in owners else Q(owner=owner))
    if wanted.get("due_from"):
        deadlines = deadlines.filter(due_on__gte=wanted["due_from"])
    if wanted.get("due_to"):
        deadlines = deadlines.filter(due_on__lte=wanted["due_to"])
    return deadlines


def of_group(deadlines: DeadlineQuerySet, group: str, now: dt.datetime) -> DeadlineQuerySet:
    """Return those of `group`, or all open ones: the earliest first; what is done with, the latest first."""
    if group == ALL:
        return deadlines.order_by("due_on", "pk")
    if group == MET:
        return deadlines.filter(met_on__isnull=False).order_by("-met_on", "-pk")
    if group == LAPSED:
        return deadlines.filter(lapsed_on__isnull=False).order_by("-lapsed_on", "-pk")
    if group in GROUPS:
        deadlines = in_group(deadlines, group, now.date(), now)
    return deadlines.open().order_by("due_on", "pk")


def shown(form: DeadlineFilter, user: User, now: dt.datetime | None = None) -> DeadlineQuerySet:
    """Return the deadlines that the list shows with this filter, in its order, over all its pages."""
    narrowed = narrow(Deadline.objects.visible_to(user), form, user)
    return of_group(narrowed, form.cleaned_data.get("group", ""), now or dates.now())
