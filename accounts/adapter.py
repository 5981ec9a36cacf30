"""How django-allauth behaves here: nobody signs up by themselves, and it speaks plainly."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("Enter a correct email address and password"),
        "enter_current_password": _("The current password is not correct"),
        "incorrect_password": _("The password is not correct"),
        "too_many_login_attempts": _("Too many attempts to sign in. Try again later"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator adds people."""
        return False
