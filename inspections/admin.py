"""Frameworks to read; they come from files, by `manage.py load_framework`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from inspections.models import (
    Area,
    FollowUpRule,
    Framework,
    GlossaryTerm,
    Grade,
    Inspection,
    Theme,
    Timescale,
)


class ReadOnly:
    """Nothing to add, change or delete here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PartInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    extra = 0


class GradeInline(PartInline):
    model = Grade
    fields = ["order", "code", "label", "letter", "colour_role"]


class AreaInline(PartInline):
    model = Area
    fields = ["order", "code", "label", "sample_quota"]


class ThemeInline(PartInline):
    model = Theme
    fields = ["order", "code", "label"]


class TimescaleInline(PartInline):
    model = Timescale
    fields = ["order", "code", "label", "unit", "amount"]


class FollowUpRuleInline(PartInline):
    model = FollowUpRule
    fields = ["order", "code", "label", "responsible", "unit", "amount", "timescale_codes"]


class GlossaryTermInline(PartInline):
    model = GlossaryTerm
    fields = ["term", "definition"]


@admin.register(Framework)
class FrameworkAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["title", "code", "version", "in_use", "loaded_at"]
    fields = ["title", "code", "version", "kinds", "in_use", "loaded_at", "digest"]
    readonly_fields = ["in_use"]
    inlines = [
        *(GradeInline, AreaInline, ThemeInline, TimescaleInline, FollowUpRuleInline),
        GlossaryTermInline,
    ]

    @admin.display(description=_("used by an inspection"), boolean=True)
    def in_use(self, framework: Framework) -> bool:
        return Inspection.objects.filter(framework=framework).exists()
