"""The draft of a report: its sections in their order, what the team says of them, and the cases that it tells."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import User
from cases.models import CaseFile
from config.clock import now
from inspections.models import Framework, Inspection, SectionKind, Stage, Theme


class SectionStatus(models.TextChoices):
    """How far a section is: its author says when it can be read, a lead when it stands."""

    WRITING = "writing", _("Being written")
    READY = "ready", _("Ready to be read")
    AGREED = "agreed", _("Agreed")


def drafts_visible_to(user: User) -> models.QuerySet[Inspection]:
    """Inspections whose draft `user` may read: the inspectorate those it works on, a force its own while it checks it.

    What a force reads after publication is what was published, not the draft of a correction.
    """
    inspections = Inspection.objects.with_content_visible_to(user)
    return inspections.filter(stage=Stage.FACTUAL_ACCURACY) if user.is_force else inspections


class ReportSectionQuerySet(models.QuerySet["ReportSection"]):
    def visible_to(self, user: User) -> ReportSectionQuerySet:
        """Sections of drafts that `user` may read."""
        return self.filter(inspection__in=drafts_visible_to(user))


@track_every_change()
class ReportSection(models.Model):
    """The inspectors' text for one section of an inspection's report, as Markdown.

    `version` 0 is a section that has an author, but that nobody has written yet. What the outline of the framework
    asks for says which of `earlier` (what the earlier inspection found), `summary` and `body` are used.
    """

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="report_sections"
    )
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(_("section"), max_length=15, choices=SectionKind)
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    earlier = models.TextField(_("what the earlier inspection found"), blank=True)
    summary = models.TextField(_("summary of the section"), blank=True)
    body = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(
        _("status"), max_length=8, choices=SectionStatus, default=SectionStatus.WRITING
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = ReportSectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "kind", "theme"],
                name="report_section_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="report_section_of_a_theme",
                condition=Q(kind=SectionKind.THEME, theme__isnull=False)
                | (~Q(kind=SectionKind.THEME) & Q(theme__isnull=True)),
            ),
        ]


class ReportOrder(models.Model):
    """The order that the team gave to the sections of one report, by their keys; without a row, the framework's."""

    inspection = models.OneToOneField(
        Inspection, on_delete=models.CASCADE, related_name="report_order"
    )
    keys = ArrayField(models.CharField(max_length=60), verbose_name=_("sections in order"))
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)


class SectionCommentQuerySet(models.QuerySet["SectionComment"]):
    def visible_to(self, user: User) -> SectionCommentQuerySet:
        """The inspectorate's own, of drafts that `user` may read; never a force's to see."""
        if user.is_force:
            return self.none()
        return self.filter(inspection__in=drafts_visible_to(user))


class SectionComment(models.Model):
    """What one colleague says to another about a section of the draft, until somebody settles it."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="section_comments"
    )
    section_key = models.CharField(_("section"), max_length=60)
    text = models.TextField(_("comment"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = SectionCommentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="section_comment_settled_by_somebody",
                condition=Q(settled_by__isnull=True, settled_at__isnull=True)
                | Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
        ]


class FigureConfirmation(models.Model):
    """Somebody looked at a sentence that states a count, and says why it stands although no figure agrees with it.

    It holds for these very words in this section, about the same cases, against the same counts; once one of them
    changes, the question is asked again. `holds_for` is the name of all that (`figure_check.questions.name_of`).
    """

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="figure_confirmations"
    )
    section_key = models.CharField(_("section"), max_length=60)
    sentence = models.TextField(_("sentence"))
    holds_for = models.CharField(max_length=20, blank=True, editable=False)
    reason = models.TextField(_("why it stands"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="figure_confirmed_with_a_reason", condition=~Q(reason="") & ~Q(sentence="")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stands", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class CaseExampleQuerySet(models.QuerySet["CaseExample"]):
    def visible_to(self, user: User) -> CaseExampleQuerySet:
        """Those of drafts that the inspectorate works on; for a force the released ones, while it checks its draft."""
        found = self.filter(inspection__in=drafts_visible_to(user))
        return found.filter(released_at__isnull=False) if user.is_force else found

    def released(self) -> CaseExampleQuerySet:
        """Those that a lead released for the report, and whose case still counts."""
        return self.filter(released_at__isnull=False, case__excluded_at__isnull=True)


@track_every_change()
class CaseExample(models.Model):
    """An anonymised account of a case, good or poor, for the findings section of one theme.

    A case is told once; whoever tells it again says why (`told_again`), and the report says so, too.
    """

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="case_examples"
    )
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    case = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="examples")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    good = models.BooleanField(
        _("what it shows"), choices=[(True, _("Good practice")), (False, _("Poor practice"))]
    )
    text = models.TextField(_("account"))
    told_again = models.TextField(_("why this case is told again"), blank=True)
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(auto_now=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    objects = CaseExampleQuerySet.as_manager()

    class Meta:
        ordering = ["theme__order", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="case_told_once_unless_said", condition=Q(told_again="")
            ),
            models.CheckConstraint(
                name="case_example_released_by_somebody",
                condition=Q(released_by__isnull=True, released_at__isnull=True)
                | Q(released_by__isnull=False, released_at__isnull=False),
            ),
            models.CheckConstraint(name="case_example_has_a_text", condition=~Q(text="")),
        ]
