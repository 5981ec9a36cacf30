"""A framework: one version of the inspection methodology, as data that never changes once it is used."""

from __future__ import annotations

from collections.abc import Set

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class InspectionKind(models.TextChoices):
    FULL = "full", _("Inspection")
    POST_INSPECTION_REVIEW = "post_inspection_review", _("Post-inspection review")
    RE_INSPECTION = "re_inspection", _("Re-inspection")


class SectionKind(models.TextChoices):
    """Sections that a report can have, in the usual order; `THEME` stands for one findings section a theme."""

    SUMMARY = "summary", _("Summary")
    CONTEXT = "context", _("Context for the force")
    CASE_ANALYSIS = "case_analysis", _("Case file analysis")
    THEME = "theme", _("Findings")
    CONCLUSION = "conclusion", _("Conclusion")
    METHOD = "method", _("How we inspected")


class SectionPart(models.TextChoices):
    """Texts that a section can have, in reading order; a review looks back before it says what it found."""

    EARLIER = "earlier", _("What the earlier inspection found")
    SUMMARY = "summary", _("Summary of this section")
    BODY = "body", _("Text")


class ColourRole(models.TextChoices):
    """What a grade means to the eye; the style sheets give each role its colour."""

    STRONG = "strong", _("Strong")
    SOUND = "sound", _("Sound")
    WEAK = "weak", _("Weak")
    POOR = "poor", _("Poor")


class TimeUnit(models.TextChoices):
    NONE = "none", _("no date")
    DAYS = "days", _("days")
    WEEKS = "weeks", _("weeks")
    MONTHS = "months", _("calendar months")


def frozen_once_used(framework_column: str = "framework_id") -> pgtrigger.Trigger:
    """A trigger that refuses any change to a row of a framework that an inspection uses (domain, “Framework”)."""
    operation = pgtrigger.Update | pgtrigger.Delete
    if framework_column != "id":
        operation = operation | pgtrigger.Insert
    return pgtrigger.Trigger(
        name="frozen_once_used",
        when=pgtrigger.Before,
        operation=operation,
        func=f"""
            IF EXISTS (
                SELECT 1 FROM inspections_inspection
                WHERE framework_id IN (NEW.{framework_column}, OLD.{framework_column})
            ) THEN
                RAISE EXCEPTION 'an inspection uses this framework, so it can no longer change'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,  # noqa: S608
    )


class Framework(models.Model):
    """A version of the methodology. Its parts hang from it; loaded by `manage.py load_framework FILE`."""

    code = models.SlugField(_("code"))
    version = models.CharField(_("version"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    kinds = ArrayField(
        models.CharField(max_length=30, choices=InspectionKind),
        verbose_name=_("kinds of inspection"),
    )
    referral_acknowledge_hours = models.PositiveSmallIntegerField(
        _("hours to acknowledge an urgent referral"), default=4
    )
    referral_answer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an urgent referral"), default=24
    )
    accuracy_unit = models.CharField(
        _("unit of the time for the factual accuracy check"),
        max_length=6,
        choices=TimeUnit,
        default=TimeUnit.DAYS,
    )
    accuracy_amount = models.PositiveSmallIntegerField(
        _("time for the factual accuracy check"), default=28
    )
    # How its reports are made up, and the words that they use and avoid: `reports.outlines`, `reports.house_style`.
    outlines = models.JSONField(_("outlines of reports"), default=dict, blank=True)
    house_style = models.JSONField(_("house style"), default=list, blank=True)
    digest = models.CharField(_("SHA-256 of the loaded definition"), max_length=64)
    loaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)

    class Meta:
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="framework_version_once"),
            models.CheckConstraint(
                name="framework_referral_hours_in_order",
                condition=Q(
                    referral_acknowledge_hours__gt=0,
                    referral_answer_hours__gte=F("referral_acknowledge_hours"),
                ),
            ),
            models.CheckConstraint(
                name="framework_gives_time_for_the_accuracy_check",
                condition=~Q(accuracy_unit=TimeUnit.NONE) & Q(accuracy_amount__gt=0),
            ),
        ]
        triggers = [frozen_once_used("id")]

    def __str__(self) -> str:
        return self.title


class FrameworkPart(models.Model):
    """What grades, areas, themes and the rest have in common: a code, words and a place in the order."""

    code = models.SlugField(_("code"))
    label = models.CharField(_("label"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label


class Grade(FrameworkPart):
    """One step of a framework's scale. `order` is its rank: 1 is the best."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="grades")
    letter = models.CharField(_("letter"), max_length=3)
    colour_role = models.CharField(_("colour role"), max_length=10, choices=ColourRole)
    description = models.TextField(_("what it means"), blank=True)

    class Meta:
        ordering = ["framework", "order"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="grade_code_once"),
            models.UniqueConstraint(fields=["framework", "order"], name="grade_rank_once"),
            # what an audit's foreign key refers to, so that a grade is always of its own framework (rule 1)
            models.UniqueConstraint(fields=["id", "framework"], name="grade_with_framework"),
        ]
        triggers = [frozen_once_used()]


class Area(FrameworkPart):
    """An area of practice (a case type), with how many such cases the force puts in its sample."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="areas")
    sample_quota = models.PositiveSmallIntegerField(_("cases in the force’s sample"), default=0)

    class Meta:
        ordering = ["framework", "order"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="area_code_once"),
            models.UniqueConstraint(fields=["framework", "order"], name="area_order_once"),
            models.UniqueConstraint(fields=["id", "framework"], name="area_with_framework"),
        ]
        triggers = [frozen_once_used()]


class Indicator(models.Model):
    """What an inspector looks for in a case of one area."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="indicators")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="indicators")
    code = models.SlugField(_("code"))
    text = models.TextField(_("text"))
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        ordering = ["area", "order"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="indicator_code_once"),
            models.UniqueConstraint(fields=["id", "framework"], name="indicator_with_framework"),
        ]
        triggers = [frozen_once_used()]

    def __str__(self) -> str:
        return self.text


class FactKind(models.TextChoices):
    """What kind of answer a fact of a case takes."""

    MOMENT = "moment", _("Date and time")
    YES_NO = "yes_no", _("Yes or no")
    NUMBER = "number", _("Number")
    CHOICE = "choice", _("Choice")


class Fact(FrameworkPart):
    """Something to record of each case of one area: in custody, when the child was detained."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="facts")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(_("kind"), max_length=10, choices=FactKind)
    options = ArrayField(
        models.CharField(max_length=200), verbose_name=_("choices"), default=list, blank=True
    )

    class Meta:
        ordering = ["area", "order"]
        constraints = [
            models.UniqueConstraint(fields=["area", "code"], name="fact_code_once"),
            models.CheckConstraint(
                name="fact_has_choices_if_it_is_one",
                condition=Q(kind=FactKind.CHOICE, options__len__gt=0)
                | (~Q(kind=FactKind.CHOICE) & Q(options__len=0)),
            ),
        ]
        triggers = [frozen_once_used()]


class Wait(FrameworkPart):
    """How long something took in a case of one area: from one of its moments to another."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="waits")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="waits")
    start = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="+")
    end = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["area", "order"]
        constraints = [
            models.UniqueConstraint(fields=["area", "code"], name="wait_code_once"),
        ]
        triggers = [frozen_once_used()]


class EventType(FrameworkPart):
    """Something that usually happens in a case, offered for its timeline: the report, the first visit."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="event_types")

    class Meta:
        ordering = ["framework", "order"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="event_type_code_once")
        ]
        triggers = [frozen_once_used()]


class DelayCause(FrameworkPart):
    """Why something in a case took long."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="delay_causes")

    class Meta:
        ordering = ["framework", "order"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="delay_cause_code_once")
        ]
        triggers = [frozen_once_used()]


class Theme(FrameworkPart):
    """A stage of a child's journey, and so a findings section of the report, in report order."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="themes")

    class Meta:
        ordering = ["framework", "order"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="theme_code_once"),
            models.UniqueConstraint(fields=["framework", "order"], name="theme_order_once"),
            models.UniqueConstraint(fields=["id", "framework"], name="theme_with_framework"),
        ]
        triggers = [frozen_once_used()]


class Timescale(FrameworkPart):
    """How long a force has for a recommendation; it becomes a date at publication (rule 6)."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="timescales")
    unit = models.CharField(_("unit"), max_length=6, choices=TimeUnit)
    amount = models.PositiveSmallIntegerField(_("amount"), null=True, blank=True)

    class Meta:
        ordering = ["framework", "order"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="timescale_code_once"),
            models.UniqueConstraint(fields=["id", "framework"], name="timescale_with_framework"),
            models.CheckConstraint(
                name="timescale_amount_unless_no_date",
                condition=Q(unit=TimeUnit.NONE, amount__isnull=True)
                | (~Q(unit=TimeUnit.NONE) & Q(amount__isnull=False)),
            ),
        ]
        triggers = [frozen_once_used()]


class Party(models.TextChoices):
    """Who has to act by a date, or has to be told of something."""

    FORCE = "force", _("Force")
    INSPECTORATE = "inspectorate", _("Inspectorate")
    COMMISSIONER = "commissioner", _("Police and crime commissioner")


class FollowUpKind(models.TextChoices):
    """What a follow-up is, and so on which page it is done."""

    UPDATE = "update", _("Update on what was immediate")
    ACTION_PLAN = "action_plan", _("Action plan")
    REVISIT = "revisit", _("Revisit")
    PCC_COMMENTS = "pcc_comments", _("Comments of the police and crime commissioner")
    OTHER = "other", _("Follow-up")


class FollowUpRule(FrameworkPart):
    """What is due after publication besides the recommendations themselves (rule 7).

    It applies to an inspection that has a recommendation with one of `timescale_codes`; to every one if there are none.
    """

    framework = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="follow_up_rules"
    )
    kind = models.CharField(
        _("what"), max_length=12, choices=FollowUpKind, default=FollowUpKind.OTHER
    )
    responsible = models.CharField(_("who"), max_length=12, choices=Party)
    unit = models.CharField(_("unit"), max_length=6, choices=TimeUnit)
    amount = models.PositiveSmallIntegerField(_("amount"))
    timescale_codes = ArrayField(
        models.SlugField(), verbose_name=_("applies to timescales"), default=list, blank=True
    )

    class Meta:
        ordering = ["framework", "order"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="follow_up_rule_code_once"),
            models.CheckConstraint(
                name="follow_up_rule_has_a_date", condition=~Q(unit=TimeUnit.NONE)
            ),
        ]
        triggers = [frozen_once_used()]

    def applies(self, used: Set[str]) -> bool:
        """Whether it applies to an inspection whose recommendations have the timescales `used`, by their codes."""
        return not self.timescale_codes or not used.isdisjoint(self.timescale_codes)


class GlossaryTerm(models.Model):
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="glossary")
    term = models.CharField(_("term"), max_length=200)
    definition = models.TextField(_("definition"))

    class Meta:
        ordering = ["framework", "term"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "term"], name="glossary_term_once")
        ]
        triggers = [frozen_once_used()]

    def __str__(self) -> str:
        return self.term
