"""A thematic report: the same figures across many inspections."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import User
from inspections.models import Comparison, Inspection
from reports.models.builds import ACTIVE_STATUSES, Job, JobQuerySet, done_has_its_pdf


class ThematicReportQuerySet(models.QuerySet["ThematicReport"]):
    def visible_to(self, user: User) -> ThematicReportQuerySet:
        """The inspectorate's own working papers: a force reads what is published."""
        return self.none() if user.is_force else self.all()


@track_every_change()
class ThematicReport(models.Model):
    """A choice of published inspections, and what is said about them together.

    Without a `comparison` all of them have to share a framework; with one, its declared mapping sets their grades,
    areas and themes side by side, and its caveat is printed.
    """

    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"), blank=True)
    comparison = models.ForeignKey(
        Comparison, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    inspections = models.ManyToManyField(Inspection, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ThematicReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.CheckConstraint(name="thematic_has_a_title", condition=~Q(title=""))]

    def __str__(self) -> str:
        return self.title


class ThematicBuildQuerySet(JobQuerySet["ThematicBuild"]):
    def visible_to(self, user: User) -> Self:
        """Those of thematic reports that `user` reads."""
        return self.filter(report__in=ThematicReport.objects.visible_to(user))


class ThematicBuild(Job):
    """One making of a thematic report's PDF."""

    report = models.ForeignKey(ThematicReport, on_delete=models.CASCADE, related_name="builds")

    objects = ThematicBuildQuerySet.as_manager()

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                name="thematic_build_one_at_a_time",
                condition=Q(status__in=ACTIVE_STATUSES),
            ),
            done_has_its_pdf("thematic_build_done_has_its_pdf"),
        ]
