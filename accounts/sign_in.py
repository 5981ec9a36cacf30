"""Sign-in, as django-allauth does it, in our words: its forms, and whom a failed attempt counts against."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.core.internal.httpkit import get_client_ip
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
)
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.forms import PlainErrors


def typed_address(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the e-mail address that somebody tries to sign in with, so that lockout counts it in any case."""
    typed = (credentials or {}).get("email") or request.POST.get("login") or ""
    return str(typed).strip().lower()


def client_address(request: HttpRequest) -> str | None:
    """Return the IP address that an attempt to sign in came from, as django-allauth's rate limits see it."""
    return get_client_ip(request)


class LoginForm(PlainErrors, allauth.LoginForm):
    required_messages = {
        "login": _("Enter your email address"),
        "password": _("Enter your password"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Email address")
        self.fields["login"].error_messages["invalid"] = EMAIL_EXAMPLE
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""


EMAIL_EXAMPLE = _("Enter an email address in the correct format, like name@example.com")


class ResetPasswordForm(PlainErrors, allauth.ResetPasswordForm):
    required_messages = {"email": _("Enter your email address")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email address")
        self.fields["email"].error_messages["invalid"] = EMAIL_EXAMPLE


class NewPassword(PlainErrors):
    """Mixin for the forms that ask for a new password twice."""

    required_messages = {
        "oldpassword": _("Enter your current password"),
        "password1": _("Enter a new password"),
        "password2": _("Enter the new password again"),
    }
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = self.labels[name]
            field.help_text = ""
        self.fields["password1"].help_text = _password_hint()  # type: ignore[attr-defined]


def _password_hint() -> str:
    """Say in one sentence what the password validators of the settings demand."""
    lengths = [
        validator.min_length
        for validator in get_default_password_validators()
        if isinstance(validator, MinimumLengthValidator)
    ]
    return gettext(
        "Use %(length)d characters or more, nothing common, and nothing like your name or address."
    ) % {"length": max(lengths, default=1)}


class ChangePasswordForm(NewPassword, allauth.ChangePasswordForm):
    pass


class SetPasswordForm(NewPassword, allauth.SetPasswordForm):
    pass


class ResetPasswordKeyForm(NewPassword, allauth.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(PlainErrors, allauth.ReauthenticateForm):
    required_messages = {"password": _("Enter your password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
