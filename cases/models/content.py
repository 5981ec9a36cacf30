"""What an audit holds besides its grade: answers to indicators, findings, and the common themes people see in them."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import User
from cases.models.audits import Audit
from cases.models.counting import triggers_of
from cases.models.files import SEARCH_LANGUAGE
from inspections.models import Area, Framework, Indicator, Inspection, Theme


class Answer(models.TextChoices):
    """How far a case shows what an indicator looks for. That nothing is recorded is a finding of its own."""

    MET = "met", _("Met")
    PARTLY = "partly", _("Partly met")
    NOT_MET = "not_met", _("Not met")
    NOT_RECORDED = "not_recorded", _("Not recorded")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


@track_every_change()
class IndicatorAnswer(models.Model):
    """What an audit answers to one indicator of its case's area; `answer` is empty while there is only a note."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="answers")
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(_("answer"), max_length=15, choices=Answer, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["indicator__order"]
        indexes = [
            GinIndex(SearchVector("note", config=SEARCH_LANGUAGE), name="answer_note_words"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "indicator"], name="answer_once_per_indicator"
            ),
            models.CheckConstraint(
                name="answer_is_one_of_the_five", condition=Q(answer__in=["", *Answer.values])
            ),
        ]
        triggers = triggers_of("answer")


def new_key() -> str:
    """Return a key for a finding that has none yet."""
    return secrets.token_hex(8)


class FindingKind(models.TextChoices):
    STRENGTH = "strength", _("Strength")
    WEAKNESS = "weakness", _("Weakness")
    CONCERN = "concern", _("Concern")


@track_every_change()
class Finding(models.Model):
    """One thing that an audit found, under one theme.

    `key` is made where the finding is first written (a browser, say) and stays, so that saving again finds the same
    row however the others moved; `position` is its place in the audit. `theme` and `kind` may be empty in drafts, and
    `kind` where a text is older than the three kinds.
    """

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="findings")
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=10, choices=FindingKind, blank=True)
    text = models.TextField(_("finding"), blank=True)
    indicators = ArrayField(
        models.SlugField(), verbose_name=_("indicators it rests on"), default=list, blank=True
    )
    key = models.SlugField(max_length=40, default=new_key)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [GinIndex(SearchVector("text", config=SEARCH_LANGUAGE), name="finding_words")]
        constraints = [
            models.UniqueConstraint(fields=["audit", "key"], name="finding_once_per_key"),
            models.CheckConstraint(
                name="finding_is_of_a_kind", condition=Q(kind__in=["", *FindingKind.values])
            ),
        ]

    def __str__(self) -> str:
        return self.text


class CommonThemeQuerySet(models.QuerySet["CommonTheme"]):
    def visible_to(self, user: User) -> CommonThemeQuerySet:
        """What inspectors gathered from the cases of an inspection is the inspectorate's own working paper."""
        if user.is_force:
            return self.none()
        return self.filter(inspection__in=Inspection.objects.with_content_visible_to(user))


@track_every_change()
class CommonTheme(models.Model):
    """What several cases have in common, in the words of people: findings are tagged with it."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="common_themes"
    )
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=FindingKind)
    title = models.CharField(_("what they have in common"), max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    findings = models.ManyToManyField(
        Finding, through="TaggedFinding", related_name="common_themes"
    )

    objects = CommonThemeQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "area", "title"],
                name="common_theme_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="common_theme_has_a_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title


@track_every_change()
class TaggedFinding(models.Model):
    """Somebody put a finding under a common theme."""

    common_theme = models.ForeignKey(CommonTheme, on_delete=models.CASCADE, related_name="tagged")
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="tagged")
    tagged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    tagged_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["common_theme", "finding"], name="finding_once_per_common_theme"
            )
        ]
