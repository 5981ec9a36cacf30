"""Declared mappings between frameworks: which grades, areas and themes are set side by side (domain rule 1)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspections.models.frameworks import Area, ColourRole, FrameworkPart, Grade, Theme


class Comparison(models.Model):
    """A mapping that the inspectorate declared, loaded by `manage.py load_comparison FILE`.

    Every figure that uses it prints its title and its `caveat`. A mapping that changed is another one, with a code of
    its own, so that what was counted by it stays explained.
    """

    code = models.SlugField(_("code"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    caveat = models.TextField(_("caveat"))
    digest = models.CharField(_("SHA-256 of the loaded definition"), max_length=64)
    loaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="comparison_has_a_caveat", condition=~Q(caveat="")),
        ]

    def __str__(self) -> str:
        return self.title


class ComparedAs(models.TextChoices):
    """What a line of a comparison stands for."""

    GRADE = "grade", _("Grade")
    AREA = "area", _("Area of practice")
    THEME = "theme", _("Theme")


class ComparisonLine(FrameworkPart):
    """One step, area or theme of the comparison; `letter` and `colour_role` are those of a step, best first."""

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(_("kind"), max_length=5, choices=ComparedAs)
    letter = models.CharField(_("letter"), max_length=3, blank=True)
    colour_role = models.CharField(
        _("colour role"), max_length=10, choices=ColourRole, blank=True, default=""
    )

    class Meta:
        ordering = ["comparison", "kind", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "kind", "code"], name="comparison_line_code_once"
            ),
            models.UniqueConstraint(
                fields=["comparison", "kind", "order"], name="comparison_line_order_once"
            ),
            models.CheckConstraint(
                name="comparison_step_has_its_letter_and_colour",
                condition=(Q(kind=ComparedAs.GRADE) & ~Q(letter="") & ~Q(colour_role=""))
                | (~Q(kind=ComparedAs.GRADE) & Q(letter="", colour_role="")),
            ),
        ]


class ComparedPart(models.Model):
    """A grade, area or theme of one framework that counts as `line`; each counts once in a comparison."""

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="parts")
    line = models.ForeignKey(ComparisonLine, on_delete=models.CASCADE, related_name="parts")
    grade = models.ForeignKey(
        Grade, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comparison", "grade"], name="grade_compared_once"),
            models.UniqueConstraint(fields=["comparison", "area"], name="area_compared_once"),
            models.UniqueConstraint(fields=["comparison", "theme"], name="theme_compared_once"),
            models.CheckConstraint(
                name="compared_part_is_one_thing",
                condition=Q(grade__isnull=False, area__isnull=True, theme__isnull=True)
                | Q(grade__isnull=True, area__isnull=False, theme__isnull=True)
                | Q(grade__isnull=True, area__isnull=True, theme__isnull=False),
            ),
        ]
