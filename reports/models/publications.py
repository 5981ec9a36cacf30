"""What was published, for ever: the document, its PDF and the other copies of it; and what leads there."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.clock import now
from inspections.models import PUBLISHED_STAGES, Inspection
from reports.models.sections import drafts_visible_to


class ReportWords(Func):
    """The words of a document's title and sections, for search: the first of them, because PostgreSQL takes no more."""

    template = (
        "to_tsvector('english', coalesce(%(expressions)s ->> 'title', '') || ' ' || "
        "left(jsonb_path_query_array(%(expressions)s, '$.sections[*].*')::text, 400000))"
    )
    output_field = SearchVectorField()


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user: User) -> PublicationQuerySet:
        """A force reads its own; the inspectorate reads every publication."""
        published = self.public()
        if user.is_force:
            return published.filter(inspection__force=user.force_id)
        return published

    def public(self) -> PublicationQuerySet:
        """What everybody may read, signed in or not: every version of every published report."""
        return self.filter(inspection__stage__in=PUBLISHED_STAGES)

    def last_versions(self) -> PublicationQuerySet:
        """The last version of each report."""
        later = Publication.objects.filter(
            inspection=OuterRef("inspection"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))

    def saying(self, words: str) -> PublicationQuerySet:
        """Those whose title or sections have these words, as a search engine understands them."""
        query = SearchQuery(words, config="english", search_type="websearch")
        return self.alias(words=ReportWords("document")).filter(words=query)


class Publication(models.Model):
    """What was published: the frozen document, and its PDF with the hash that proves it (rule 10).

    The document is frozen in the transaction that publishes; a worker adds the PDF and the other copies
    (`PublishedFile`), once. A database trigger refuses every other change. A correction is a further version;
    `published_on` stays the day of the first one, from which timescales count, `published_at` is each version's own.
    """

    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="publications"
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    published_on = models.DateField(_("published on"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(auto_now_add=True)
    document = models.JSONField(_("document"))
    pdf = models.BinaryField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_on", "-pk"]
        indexes = [GinIndex(ReportWords("document"), name="publication_words")]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "number"], name="publication_number_once"
            ),
            models.CheckConstraint(
                name="publication_pdf_with_its_hash",
                condition=Q(pdf__isnull=True, pages__isnull=True, sha256="")
                | (Q(pdf__isnull=False, pages__isnull=False) & ~Q(sha256="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.pdf IS NOT NULL
                        OR ROW(NEW.inspection_id, NEW.number, NEW.published_on, NEW.published_by_id,
                               NEW.published_at, NEW.document)
                           IS DISTINCT FROM
                           ROW(OLD.inspection_id, OLD.number, OLD.published_on, OLD.published_by_id,
                               OLD.published_at, OLD.document)
                    THEN
                        RAISE EXCEPTION 'a published report never changes'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class FileKind(models.TextChoices):
    """The copies of a published report beside its PDF."""

    HTML = "html", _("Web page")
    JSON = "json", _("All data (JSON)")
    FIGURES = "figures", _("Figures (CSV)")
    RECOMMENDATIONS = "recommendations", _("Recommendations (CSV)")
    TABLES = "tables", _("Tables (XLSX)")
    DOCX = "docx", _("Word document")


class PublishedFile(models.Model):
    """One copy of a published report, made of its frozen document and never changed."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(_("kind"), max_length=15, choices=FileKind)
    content = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "kind"], name="published_file_once"),
            models.CheckConstraint(
                name="published_file_with_its_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class Correction(models.Model):
    """A version of a published report that says what it corrects (rule 10): open until it is published or dropped.

    While it is open the team may change the draft again, and what was published stays as it is.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="corrections")
    notice = models.TextField(_("what it corrects"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(default=now)
    publication = models.OneToOneField(
        Publication,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
    )
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection"],
                name="correction_one_at_a_time",
                condition=Q(publication__isnull=True, dropped_at__isnull=True),
            ),
            models.CheckConstraint(name="correction_says_what", condition=~Q(notice="")),
            models.CheckConstraint(
                name="correction_dropped_by_somebody",
                condition=Q(dropped_by__isnull=True, dropped_at__isnull=True)
                | Q(dropped_by__isnull=False, dropped_at__isnull=False, publication__isnull=True),
            ),
        ]


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def visible_to(self, user: User) -> ApprovalQuerySet:
        """The inspectorate's business alone."""
        if user.is_force:
            return self.none()
        return self.filter(inspection__in=drafts_visible_to(user))

    def standing(self) -> ApprovalQuerySet:
        """Those that nobody withdrew and that have not led to a publication yet."""
        return self.filter(withdrawn_at__isnull=True, publication__isnull=True)


class Approval(models.Model):
    """A draft is approved by a lead, then by a manager, who is somebody else; then it is published, at once or later.

    `digest` is the SHA-256 of the document that was approved: an approval holds for that content alone. `publish_at` is
    the minute that the manager chose; a sweep publishes then, or says in `refused` why it could not.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="approvals")
    digest = models.CharField(max_length=64)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lead_at = models.DateTimeField(default=now)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    manager_at = models.DateTimeField(null=True, blank=True)
    publish_at = models.DateTimeField(_("to be published at"), null=True, blank=True)
    refused = models.TextField(_("why it was not published"), blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, null=True, blank=True, related_name="approval"
    )

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-lead_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection"],
                name="approval_one_at_a_time",
                condition=Q(withdrawn_at__isnull=True, publication__isnull=True),
            ),
            models.CheckConstraint(
                name="approval_by_two_people",
                condition=Q(manager__isnull=True) | ~Q(manager=F("lead")),
            ),
            models.CheckConstraint(
                name="approval_by_a_manager_has_its_moment",
                condition=Q(manager__isnull=True, manager_at__isnull=True, publish_at__isnull=True)
                | Q(manager__isnull=False, manager_at__isnull=False),
            ),
            models.CheckConstraint(
                name="approval_published_by_two",
                condition=Q(publication__isnull=True)
                | Q(manager__isnull=False, withdrawn_at__isnull=True),
            ),
        ]
