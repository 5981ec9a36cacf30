"""What the list of cases can be narrowed by: the words of the filter and what a person may ask for.

The parameters of the address are a contract: other pages link to the cases behind a number by them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import lists
from cases.lists import (
    COUNTED,
    EVER,
    EXCLUDED,
    FORCE_DIFFERS,
    GRADED,
    ME,
    NOBODY,
    NOT_GRADED,
    OPEN,
    READING_DIFFERS,
)
from cases.models import Answer, AuditStatus, CommonTheme, FindingKind, Route
from config.forms import GovForm
from inspections import methodology, team
from inspections.models import Inspection, Side

Choice = tuple[str, str | Promise]
ANY: Choice = ("", _("Any"))
STATES: list[Choice] = [
    (NOT_GRADED, _("Not graded")),
    (AuditStatus.DRAFT.value, _("Draft")),
    (AuditStatus.SUBMITTED.value, _("Submitted")),
    (AuditStatus.MODERATED.value, _("Moderated")),
    (GRADED, _("Submitted or moderated")),
    (EXCLUDED, _("Excluded")),
    (COUNTED, _("Not excluded")),
]
INDICATOR_SHOWN = 90  # characters of an indicator's text; the list would be too wide with all


class CaseFilter(GovForm):
    """Narrows the cases of an inspection; whoever may not know a thing has no field to ask for it.

    `more` are the fields that fold away until one of them is used.
    """

    more = ("indicator", "answer", "theme", "finding", "common_theme")

    q = forms.CharField(label=_("Reference or words"), required=False, max_length=100)
    state = forms.ChoiceField(choices=[ANY, *STATES], label=_("State"), required=False)

    def __init__(self, data: Any, *, inspection: Inspection, user: User) -> None:
        super().__init__(data)
        self.inspection, self.user = inspection, user
        framework = methodology.of(inspection.framework)
        sides, main = lists.sides_shown(inspection, user), lists.main_side(inspection, user)
        if len(sides) > 1:
            whose = _("inspectorate’s audit") if main == Side.INSPECTORATE else _("force’s audit")
            self.fields["state"].label = format_lazy("{} ({})", _("State"), whose)
        self._choose("area", _("Area"), framework.areas)
        if user.is_inspectorate:
            self._choose_text("assigned", _("Assigned to"), self._people())
        for side, name, label in (
            (Side.INSPECTORATE, "grade", _("Inspectorate’s final grade")),
            (Side.FORCE, "force_grade", _("Force’s grade")),
        ):
            if side in sides:
                self._choose(name, label, framework.grades)
        self._add_what_differs(sides)
        if user.is_inspectorate or user.is_force_lead or user.is_force_assessor:
            self._choose_text(
                "urgent",
                _("Urgent referral"),
                [(OPEN, _("Not answered yet")), (EVER, _("Answered or not"))],
            )
        self._choose_text("route", _("Route"), Route.choices)
        self._choose(
            "indicator",
            _("Indicator"),
            framework.indicators,
            text=lambda one: f"{one.code}: {Truncator(one.text).chars(INDICATOR_SHOWN)}",
        )
        self._choose_text("answer", _("Answer"), Answer.choices)
        self._choose("theme", _("Theme of a finding"), framework.themes)
        self._choose_text("finding", _("Kind of finding"), FindingKind.choices)
        self._add_common_themes()

    @property
    def wanted(self) -> dict[str, Any]:
        """What the list is to be narrowed by; a choice that makes no sense is left aside."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def saved(self) -> dict[str, str]:
        """The parameters of the address that say the same, without what makes no sense."""
        return {name: str(self.data[name]).strip() for name in self.wanted}

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"]).strip()

    def _add_what_differs(self, sides: list[Side]) -> None:
        choices: list[Choice] = []
        if len(sides) > 1:
            choices.append((FORCE_DIFFERS, _("Force and inspectorate differ")))
        if self.user.is_inspectorate:
            choices.append((READING_DIFFERS, _("A second reading differs")))
        if choices:
            self._choose_text("disagreement", _("Disagreement"), choices)

    def _add_common_themes(self) -> None:
        """Common themes are the inspectorate's; the field is there once there is one to choose."""
        if self.user.is_force:
            return
        found = CommonTheme.objects.visible_to(self.user).filter(inspection=self.inspection)
        themes = [(str(key), title) for key, title in found.values_list("pk", "title")]
        if themes:
            self._add("common_theme", _("Common theme"), themes, int)

    def _people(self) -> list[Choice]:
        members = self.inspection.team.order_by("user__name").values_list("user", "user__name")
        chosen = [(str(key), name) for key, name in members]
        mine: list[Choice] = []
        if team.works_on(self.inspection, self.user):
            mine = [(ME, _("Me"))]
        return [*mine, (NOBODY, _("Nobody")), *chosen]

    def _choose(
        self,
        name: str,
        label: str | Promise,
        objects: Iterable[Any],
        text: Callable[[Any], str] = str,
    ) -> None:
        """Add a field that offers `objects` of the framework by their codes."""
        by_code = {one.code: one for one in objects}
        choices = [(code, text(one)) for code, one in by_code.items()]
        self._add(name, label, choices, by_code.__getitem__)

    def _choose_text(self, name: str, label: str | Promise, choices: Iterable[Choice]) -> None:
        self._add(name, label, choices, str)

    def _add(
        self,
        name: str,
        label: str | Promise,
        choices: Iterable[Choice],
        coerce: Callable[[str], Any],
    ) -> None:
        self.fields[name] = forms.TypedChoiceField(
            label=label,  # type: ignore[arg-type]
            required=False,
            choices=[ANY, *choices],
            coerce=coerce,
            empty_value=None,
            error_messages={"invalid_choice": _("Select one from the list")},
        )


class SaveFilterForm(GovForm):
    """The name under which somebody keeps a view of the list."""

    required_messages = {"name": _("Enter a name for this view")}
    name = forms.CharField(label=_("Name of this view"), max_length=60)

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if not name.isprintable():
            raise ValidationError(gettext_now("Enter a name without control characters"))
        return name
