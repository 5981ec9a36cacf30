"""What administrators do: people with their roles, and forces with their facts."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessFailureLog, AccessLog
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from accounts.models import Force, LocalAuthority, PolicingArea, Role, User

admin.site.site_header = _("Assay administration")
admin.site.site_title = _("Assay")
admin.site.index_title = _("Administration")
# One sign-in page, with its lock against guessing.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# What libraries bring along. Roles are all there is; nobody edits others' addresses, second factors or tokens.
admin.site.unregister([Group, EmailAddress, Authenticator, AuthToken, AccessFailureLog, AccessLog])


class PersonForm(forms.ModelForm):
    """A person's roles as boxes to tick; the model says which of them go together."""

    roles = forms.MultipleChoiceField(
        choices=Role.choices,
        label=_("Roles"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Inspector, lead inspector, manager and administrator belong to the inspectorate; the others need a force."
        ),
        error_messages={"required": _("Tick at least one role.")},
    )

    class Meta:
        model = User
        fields = ["name", "email", "roles", "force", "is_active"]

    def __init__(self, *args: Any, acting: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acting = acting
        self.instance.roles = self.instance.roles or []  # constraints look at it before it is set

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        themselves = self.acting is not None and self.acting.pk == self.instance.pk
        keeps = Role.ADMINISTRATOR.value in data.get("roles", []) and data.get("is_active")
        if themselves and not keeps:
            raise ValidationError(
                gettext("You cannot take your own administration away; another administrator can.")
            )
        return data


@admin.register(User)
class PersonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """People. Nobody types a password for another: a new person asks for a link to set their own."""

    form = PersonForm
    list_display = ["name", "email", "role_names", "force", "is_active", "last_login"]
    list_filter = ["is_active", ("last_login", admin.EmptyFieldListFilter), "force"]
    list_select_related = ["force"]
    search_fields = ["name", "email", "force__name"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "email", "roles", "force", "is_active"],
                "description": _(
                    "A new person opens the sign-in page, chooses “I have forgotten my password” and sets one by the "
                    "link that is mailed to them."
                ),
            },
        ),
        (_("On record"), {"fields": ["last_login", "date_joined"]}),
    ]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        base = super().get_form(request, *args, **kwargs)

        class ActingForm(base):  # type: ignore[valid-type, misc]
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, acting=request.user, **kwargs)

        return ActingForm

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        # django-allauth remembers every address that asked for a link, and lets people in by any of them.
        EmailAddress.objects.filter(user=obj).exclude(email=obj.email).delete()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: their grades and words keep their name. Who leaves may no longer sign in."""
        return False


class LocalAuthorityInline(admin.TabularInline):  # type: ignore[type-arg]
    model = LocalAuthority
    extra = 0


class PolicingAreaInline(admin.TabularInline):  # type: ignore[type-arg]
    model = PolicingArea
    extra = 0


@admin.register(Force)
class ForceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "code", "nation", "population", "workforce_as_of"]
    list_filter = ["nation"]
    search_fields = ["name", "code"]
    inlines = [LocalAuthorityInline, PolicingAreaInline]


@admin.register(AuthToken)
class TokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """API tokens, to be taken away; `manage.py api_token` makes them."""

    list_display = ["user", "created", "expiry"]
    list_select_related = ["user"]
    fields = ["user", "created", "expiry"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
