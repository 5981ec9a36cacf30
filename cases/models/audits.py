"""Audits: what one side says of one case, and the further readings that a lead asks for."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import User
from cases.models.counting import triggers_of
from cases.models.files import SEARCH_LANGUAGE, CaseFile, Route
from inspections.models import Framework, Grade, Side
from inspections.models.inspections import FORCE_SEES_FINDINGS_STAGES


class Reading(models.TextChoices):
    """Whether an audit is its side's own, or a further reading by one inspector, blind to all others.

    Only MAIN audits count in figures.
    """

    MAIN = "main", _("Audit")
    SECOND = "second", _("Second reading")
    CALIBRATION = "calibration", _("Calibration")


class AuditStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    MODERATED = "moderated", _("Moderated")


SUBMITTED_STATUSES = [AuditStatus.SUBMITTED.value, AuditStatus.MODERATED.value]


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, user: User) -> AuditQuerySet:
        """Audits that `user` may read. This is where blindness lives (rule 3).

        The inspectorate reads the force's audit of a case only once the inspectorate's own audit of that case has
        been submitted, and so it does further readings; those of a calibration only once nobody owes theirs. Whoever
        was asked for a further reading reads no other audit of that case before submitting it. The force reads the
        inspectorate's own audit only once submitted and from the factual accuracy check on, and no further reading.
        """
        return self.filter(case__in=CaseFile.objects.visible_to(user)).readable_by(user)

    def readable_by(self, user: User) -> AuditQuerySet:
        """The part of `visible_to` that is about audits, for where the cases are known to be visible already.

        In a subquery over thousands of cases, asking for the cases once more would take most of the time. So would
        asking of each audit whether its reader has yet to read it: the cases that they owe are looked up once.
        """
        if user.is_force:
            return self.filter(
                Q(side=Side.FORCE)
                | Q(
                    side=Side.INSPECTORATE,
                    reading=Reading.MAIN,
                    status__in=SUBMITTED_STATUSES,
                    case__inspection__stage__in=FORCE_SEES_FINDINGS_STAGES,
                )
            )
        of_case = Audit.objects.filter(case=OuterRef("case"), side=Side.INSPECTORATE)
        ours_was_submitted = Q(Exists(of_case.main().filter(first_submitted_at__isnull=False)))
        somebody_calibrates = Q(
            Exists(of_case.filter(reading=Reading.CALIBRATION, first_submitted_at__isnull=True))
        )
        to_read_blind = Q(case__in=Audit.objects.unfinished_readings_of(user).values("case"))
        opened = Q(status__in=SUBMITTED_STATUSES) & ours_was_submitted
        others = (
            Q(side=Side.INSPECTORATE, reading=Reading.MAIN)
            | (~Q(reading=Reading.CALIBRATION) & opened)
            | (Q(reading=Reading.CALIBRATION) & opened & ~somebody_calibrates)
        )
        return self.filter(Q(reader=user) | (~to_read_blind & others))

    def unfinished_readings_of(self, user: User) -> AuditQuerySet:
        """Second readings and calibrations that `user` was asked for and has not submitted."""
        return self.filter(reader=user, first_submitted_at__isnull=True).exclude(
            reading=Reading.MAIN
        )

    def submitted(self) -> AuditQuerySet:
        """Audits that are submitted, moderated ones among them."""
        return self.filter(status__in=SUBMITTED_STATUSES)

    def main(self) -> AuditQuerySet:
        """Each side's own audits, without second readings and calibrations."""
        return self.filter(reading=Reading.MAIN)


@track_every_change()
class Audit(models.Model):
    """One side's graded judgement of one case, or a further reading of it by one inspector.

    `grade` is what its author gave, `final_grade` what counts: the same once submitted, until a lead settles another.
    `timeline`, `people` and `facts` are read and written whole; `cases.content` says what they hold.

    `version` counts saves: whoever saves must say which version they read, so that nobody overwrites another
    person's words unseen (rule 5). A database trigger keeps every earlier state in the event table (rule 4).
    """

    case = models.ForeignKey(CaseFile, on_delete=models.CASCADE, related_name="audits")
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    route = models.CharField(max_length=15, choices=Route)  # the case's, tied to it by the database
    side = models.CharField(_("side"), max_length=12, choices=Side)
    status = models.CharField(
        _("status"), max_length=10, choices=AuditStatus, default=AuditStatus.DRAFT
    )
    grade = models.ForeignKey(
        Grade, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason for the grade"), blank=True)
    reading = models.CharField(_("reading"), max_length=12, choices=Reading, default=Reading.MAIN)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    final_grade = models.ForeignKey(
        Grade, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    moderated_at = models.DateTimeField(_("moderated"), null=True, blank=True)
    moderation_reason = models.TextField(_("why this grade is final"), blank=True)
    timeline = models.JSONField(_("timeline"), default=list, blank=True)
    people = models.JSONField(_("children and suspects"), default=list, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    first_submitted_at = models.DateTimeField(_("first submitted"), null=True, blank=True)
    change_reason = models.TextField(_("why it was reopened"), blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(SearchVector("reason", config=SEARCH_LANGUAGE), name="audit_reason_words"),
            models.Index(
                fields=["reader"], name="audit_reading", condition=~Q(reading=Reading.MAIN)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "side"],
                name="audit_once_per_case_and_side",
                condition=Q(reading=Reading.MAIN),
            ),
            models.UniqueConstraint(
                fields=["case", "reader"],
                name="audit_reading_once_per_reader",
                condition=~Q(reading=Reading.MAIN),
            ),
            models.CheckConstraint(
                name="audit_reading_has_a_reader",
                condition=Q(reading=Reading.MAIN, reader__isnull=True)
                | (~Q(reading=Reading.MAIN) & Q(reader__isnull=False, side=Side.INSPECTORATE)),
            ),
            models.CheckConstraint(
                name="audit_final_grade_is_the_one_given_or_moderated",
                condition=Q(status=AuditStatus.DRAFT, final_grade__isnull=True)
                | Q(status=AuditStatus.SUBMITTED, final_grade=F("grade"))
                | (
                    Q(
                        status=AuditStatus.MODERATED,
                        final_grade__isnull=False,
                        moderated_at__isnull=False,
                        reading=Reading.MAIN,
                        side=Side.INSPECTORATE,
                    )
                    & ~Q(moderation_reason="")
                ),
            ),
            models.UniqueConstraint(fields=["id", "framework"], name="audit_with_framework"),
            models.CheckConstraint(
                name="audit_by_force_only_of_its_sample",
                condition=Q(side=Side.INSPECTORATE) | Q(route=Route.SELF_ASSESSED),
            ),
            models.CheckConstraint(
                name="audit_submitted_is_complete",
                condition=Q(status=AuditStatus.DRAFT)
                | (
                    Q(
                        grade__isnull=False,
                        submitted_at__isnull=False,
                        first_submitted_at__isnull=False,
                    )
                    & ~Q(reason="")
                ),
            ),
        ]
        triggers = triggers_of("audit")

    def __str__(self) -> str:
        return f"{self.case_id} {self.side}"

    @property
    def is_submitted(self) -> bool:
        return self.status in SUBMITTED_STATUSES

    @property
    def is_read_blind(self) -> bool:
        """Whether it is a further reading whose reader has yet to submit it, and so reads no other audit."""
        return self.reading != Reading.MAIN and self.first_submitted_at is None
