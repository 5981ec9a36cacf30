"""For administrators: when reminders go out, and what became of those that did."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reminders import delivery
from reminders.models import Digest, Reminder, ReminderPolicy


@admin.register(ReminderPolicy)
class ReminderPolicyAdmin(admin.ModelAdmin):
    list_display = ["__str__", "days_before", "on_the_day", "overdue_every_days"]


class ReminderInline(admin.TabularInline):
    model = Reminder
    fields = ["deadline", "due_on", "occasion", "created_at"]
    readonly_fields = ["deadline", "due_on", "occasion", "created_at"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Digest)
class DigestAdmin(admin.ModelAdmin):
    list_display = [
        "user",
        "day",
        "kind",
        "status",
        "attempts",
        "last_attempt_at",
        "sent_at",
        "last_error",
    ]
    list_filter = ["status", "kind", "day"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__name"]
    date_hierarchy = "day"
    inlines = [ReminderInline]
    actions = ["send_again"]

    @admin.action(description=_("Send again what was given up"))
    def send_again(self, request: HttpRequest, queryset: QuerySet[Digest]) -> None:
        """Put refused mails back into the outbox, after the address was mended."""
        count = sum(delivery.send_again(digest) for digest in queryset)
        text = ngettext(
            "%(count)d mail will be sent again.", "%(count)d mails will be sent again.", count
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """What went out is a record: to look at, not to change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
