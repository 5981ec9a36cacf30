"""For administrators: when reminders go out, and what became of those that did."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inspections.models import REFERRAL_KINDS, DeadlineKind
from reminders import delivery
from reminders.models import ClimbsTo, Digest, Escalation, Reminder, ReminderPolicy


class EscalationInline(admin.TabularInline):
    model = Escalation
    extra = 0
    max_num = len(ClimbsTo)


@admin.register(ReminderPolicy)
class ReminderPolicyAdmin(admin.ModelAdmin):
    list_display = [
        "__str__",
        "days_before",
        "on_the_day",
        "overdue_every_days",
        "working_days_only",
    ]
    inlines = [EscalationInline]

    def formfield_for_choice_field(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Urgent referrals are told at once, whatever a policy says: they can have none."""
        if db_field.name == "kind":
            kwargs["choices"] = [
                ("", _("Every other kind")),
                *(choice for choice in DeadlineKind.choices if choice[0] not in REFERRAL_KINDS),
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """The policy of a kind may go; the one for all that have none of their own stays."""
        if isinstance(obj, ReminderPolicy) and not obj.kind:
            return False
        return bool(super().has_delete_permission(request, obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Not many at once: the one that has to stay might be among them."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class ReminderInline(admin.TabularInline):
    model = Reminder
    fields = ["deadline", "due_on", "news", "occasion", "reason", "instead_of", "created_at"]
    readonly_fields = [
        "deadline",
        "due_on",
        "news",
        "occasion",
        "reason",
        "instead_of",
        "created_at",
    ]
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reminder]:
        """With what its columns name, in one query."""
        return super().get_queryset(request).select_related("deadline", "news", "instead_of")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Digest)
class DigestAdmin(admin.ModelAdmin):
    list_display = [
        "user",
        "day",
        "kind",
        "status",
        "by_mail",
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
