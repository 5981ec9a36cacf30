"""What an inspector types to judge a recommendation, in its own follow-up or in a review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Force
from cases.models import CaseFile
from config import numbers
from config.forms import GovForm
from inspections.free_text import FreeTextForm
from inspections.models import Inspection, Theme, Timescale
from recommendations.judging import Standing
from recommendations.models import SETTLING_OUTCOMES, Judgement, Outcome, Recommendation
from recommendations.queue import KINDS

RETURN = "return"
WORDS_LENGTH = 5000


class QueueFilter(GovForm):
    """Narrows what forces have sent."""

    kind = forms.ChoiceField(
        choices=[("", _("Everything")), *KINDS.items()], label=_("What"), required=False
    )
    force = forms.ModelChoiceField(
        Force.objects.all(), label=_("Force"), required=False, empty_label=_("Any")
    )


class StandingField(forms.CharField):
    """Up to where the person had read when the page was made, hidden in the form (rule 5)."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Standing):
            return f"{value.request or ''}:{value.judgement or ''}"
        return value

    def clean(self, value: Any) -> Standing | None:
        """Return what the page knew; None if somebody changed the field, which then proves nothing."""
        parts = str(value or "").split(":")
        read = [numbers.whole(part) if part else None for part in parts]
        if len(parts) != 2 or any(
            part and key is None for part, key in zip(parts, read, strict=True)
        ):
            return None
        return Standing(*read)


class JudgeForm(FreeTextForm):
    """A judgement of a recommendation, or its way back to the force with questions."""

    required_messages = {
        "decision": _("Select what you conclude"),
        "words": _("Enter the finding, or your questions"),
    }

    decision = forms.ChoiceField(label=_("What do you conclude?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Finding, or your questions"),
        help_text=_(
            "What you base this on. The force reads it, and it stays on record. Name no child."
        ),
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    seen = StandingField()
    field_order = ["decision", "words"]

    def __init__(self, *args: Any, may_return: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = list(Outcome.choices)
        if may_return:
            choices.append((RETURN, _("Return it with questions")))
        else:
            self.fields["words"].label = gettext("Finding")
            self.fields["words"].error_messages["required"] = gettext("Enter the finding")
        decision = self.fields["decision"]
        decision.choices = choices  # type: ignore[attr-defined]
        decision.choice_hints = {  # type: ignore[attr-defined]
            Outcome.IMPLEMENTED.value: gettext("Nothing more is owed."),
            Outcome.PARTLY.value: gettext("The rest stays owed, and the date counts again."),
            Outcome.NOT_IMPLEMENTED.value: gettext("It stays owed, and the date counts again."),
            Outcome.NO_LONGER_APPLICABLE.value: gettext("Nothing more is owed; its date ends."),
            RETURN: gettext("No judgement yet: the force answers and asks again."),
        }

    def field_of(self, name: str) -> str:
        """Both verbs' texts are typed into the same box."""
        return "words" if name in ("finding", "questions") else super().field_of(name)


class Next:
    """What becomes of a recommendation that is not, or only partly, implemented."""

    OWED = "owed"
    CARRY = "carry"
    REPLACE = "replace"


class EarlierForm(FreeTextForm):
    """What a review makes of one earlier recommendation."""

    required_messages = {
        "outcome": _("Select what you conclude"),
        "finding": _("Enter the finding"),
    }

    outcome = forms.ChoiceField(
        label=_("What do you conclude?"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    finding = forms.CharField(
        label=_("Finding"),
        help_text=_(
            "What the evidence and the cases show. The force reads it with the draft. Name no child."
        ),
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    then = forms.ChoiceField(
        label=_("If it is not, or only partly, implemented: what becomes of it?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (Next.OWED, _("It stays owed as it is, and its date counts again")),
            (Next.CARRY, _("Carry it forward: recommend the same again in this report")),
            (Next.REPLACE, _("Replace it with a recommendation of this report")),
        ],
    )
    theme = forms.ModelChoiceField(
        Theme.objects.none(),
        label=_("Carried forward: theme"),
        required=False,
        empty_label=_("Choose one"),
    )
    timescale = forms.ModelChoiceField(
        Timescale.objects.none(),
        label=_("Carried forward: timescale"),
        required=False,
        empty_label=_("Choose one"),
    )
    successor = forms.ModelChoiceField(
        Recommendation.objects.none(),
        label=_("Replaced by"),
        required=False,
        empty_label=_("Choose one"),
    )
    seen = StandingField()
    field_order = ["outcome", "finding", "then", "theme", "timescale", "successor"]

    def __init__(
        self,
        *args: Any,
        review: Inspection,
        recommendation: Recommendation,
        may_continue: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not may_continue:
            for name in ("then", "theme", "timescale", "successor"):
                del self.fields[name]
            return
        framework = review.framework
        themes, timescales = framework.themes.all(), framework.timescales.all()
        own = review.recommendations.order_by("number")
        self.fields["theme"].queryset = themes  # type: ignore[attr-defined]
        self.fields["timescale"].queryset = timescales  # type: ignore[attr-defined]
        self.fields["successor"].queryset = own  # type: ignore[attr-defined]
        self.fields["theme"].initial = themes.filter(code=recommendation.theme.code).first()
        self.fields["timescale"].initial = timescales.filter(
            code=recommendation.timescale.code
        ).first()

    def clean(self) -> dict[str, Any]:
        """Leave aside what becomes of a recommendation on which nothing more is owed; ask for what is missing."""
        data = super().clean()
        if data.get("outcome") in SETTLING_OUTCOMES or "then" not in self.fields:
            data["then"] = Next.OWED
        then = data.get("then") or Next.OWED
        data["then"] = then
        if then == Next.CARRY:
            for name in ("theme", "timescale"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, gettext("Select one for what is carried forward"))
        if then == Next.REPLACE and not data.get("successor") and "successor" not in self.errors:
            self.add_error("successor", gettext("Select the recommendation that replaces it"))
        return data


def initial_of(last: Judgement | None) -> dict[str, Any]:
    """Return what `EarlierForm` shows before anything is typed: what the review said last."""
    if last is None:
        return {"then": Next.OWED}
    return {
        "outcome": last.outcome,
        "finding": last.finding,
        "then": Next.REPLACE if last.continued_by_id else Next.OWED,
        "successor": last.continued_by_id,
    }


class TiedCasesForm(GovForm):
    """Which cases of the review were looked at because of one earlier recommendation."""

    cases = forms.ModelMultipleChoiceField(
        CaseFile.objects.none(),
        label=_("Cases looked at because of this recommendation"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, offered: list[CaseFile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cases"]
        pks = [case.pk for case in offered]
        field.queryset = CaseFile.objects.filter(pk__in=pks)  # type: ignore[attr-defined]
        field.choices = [  # type: ignore[attr-defined]
            (case.pk, f"{case.reference}, {case.area.label}") for case in offered
        ]
