"""What one side has done that another has to be told of."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.clock import now
from inspections.models.frameworks import Party
from inspections.models.inspections import Inspection


class NewsKind(models.TextChoices):
    """What happened; the words are those of the message about it."""

    EXTENSION_ASKED = "extension_asked", _("An extension was asked for")
    EXTENSION_DECIDED = "extension_decided", _("An extension was decided")
    START_IN_DOUBT = "start_in_doubt", _("The day from which timescales count has to be confirmed")
    DATES_CORRECTED = "dates_corrected", _("The date of publication was corrected")
    PLAN_SUBMITTED = "plan_submitted", _("An action plan was submitted")
    PLAN_ACCEPTED = "plan_accepted", _("The action plan was accepted")
    PLAN_RETURNED = "plan_returned", _("The action plan was returned")
    UPDATE_SENT = "update_sent", _("The update on what was immediate was sent")
    CLOSURE_ASKED = "closure_asked", _("A recommendation is ready for closure")
    CLOSURE_RETURNED = "closure_returned", _("A recommendation was returned with questions")
    JUDGED = "judged", _("A recommendation was judged")
    REMARK = "remark", _("Somebody wrote about a recommendation")
    PCC_COMMENTED = "pcc_commented", _("The police and crime commissioner commented")
    DRAFT_SENT = "draft_sent", _("A draft report is there to be checked")
    DRAFT_CHECKED = "draft_checked", _("The force has checked the draft report")
    DRAFT_ANSWERED = "draft_answered", _("What the force said of the draft was answered")
    NOT_PUBLISHED = "not_published", _("A report could not be published when it was due to be")
    REPORT_CORRECTED = "report_corrected", _("A published report was corrected")


# Which page each kind opens, and whether that takes the subject or the inspection.
_PAGES = {
    NewsKind.EXTENSION_ASKED: ("deadlines:detail", True),
    NewsKind.EXTENSION_DECIDED: ("deadlines:detail", True),
    NewsKind.START_IN_DOUBT: ("inspections:start", False),
    NewsKind.DATES_CORRECTED: ("inspections:detail", False),
    NewsKind.PLAN_SUBMITTED: ("recommendations:plan", False),
    NewsKind.PLAN_ACCEPTED: ("recommendations:plan", False),
    NewsKind.PLAN_RETURNED: ("recommendations:plan", False),
    NewsKind.UPDATE_SENT: ("recommendations:update", False),
    NewsKind.CLOSURE_ASKED: ("recommendations:detail", True),
    NewsKind.CLOSURE_RETURNED: ("recommendations:detail", True),
    NewsKind.JUDGED: ("recommendations:detail", True),
    NewsKind.REMARK: ("recommendations:detail", True),
    NewsKind.PCC_COMMENTED: ("recommendations:pcc_comments", False),
    NewsKind.DRAFT_SENT: ("reports:accuracy", False),
    NewsKind.DRAFT_CHECKED: ("reports:accuracy", False),
    NewsKind.DRAFT_ANSWERED: ("reports:accuracy", False),
    NewsKind.NOT_PUBLISHED: ("reports:approval", False),
    NewsKind.REPORT_CORRECTED: ("reports:outline", False),
}


class News(models.Model):
    """One thing that happened and that a party has to be told of: a row first, a message second (`reminders`).

    `label` says what it is about in words that may stand in a mail: no case material, nothing that somebody wrote.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="news")
    kind = models.CharField(_("what"), max_length=20, choices=NewsKind)
    party = models.CharField(_("who is told"), max_length=12, choices=Party)
    subject_id = models.BigIntegerField(null=True, blank=True)
    label = models.CharField(_("what it is about"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("when"), default=now)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"], name="news_by_time")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.label}"

    def get_absolute_url(self) -> str:
        """The page on which one sees what happened."""
        name, of_subject = _PAGES[NewsKind(self.kind)]
        return reverse(name, args=[self.subject_id if of_subject else self.inspection_id])
