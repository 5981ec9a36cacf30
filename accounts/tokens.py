"""Tokens with which a program uses the API in a person's name: shown once, kept as a hash, expiring."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from knox.models import get_token_model
from rest_framework.exceptions import AuthenticationFailed

from accounts.errors import DomainError
from accounts.models import User

DEFAULT_DAYS = 90
MAXIMUM_DAYS = 366


class NoToken(DomainError):
    """This person gets no token, or not for so long."""


def issue(user: User, *, days: int = DEFAULT_DAYS) -> tuple[str, datetime.datetime]:
    """Make a token that is valid for `days` days from now; return it and the moment (aware) at which it expires.

    Only its hash is kept, so this is the one time anybody can read it. Raises NoToken if the person may not sign
    in, or `days` is not between 1 and MAXIMUM_DAYS.
    """
    if not user.is_active:
        raise NoToken(_("%(person)s may not sign in, so gets no token.") % {"person": user})
    if not 1 <= days <= MAXIMUM_DAYS:
        raise NoToken(_("A token is valid for 1 to %(days)d days.") % {"days": MAXIMUM_DAYS})
    kept, token = get_token_model().objects.create(user=user, expiry=datetime.timedelta(days=days))
    return token, kept.expiry


class BearerAuthentication(TokenAuthentication):
    """Signs in whoever sends `Authorization: Bearer TOKEN`; refuses what cannot be a token at all."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, object]:
        if not token.isalnum():  # bytes: ASCII letters and digits only
            raise AuthenticationFailed(_("Invalid token."))
        return super().authenticate_credentials(token)
