"""A mypy plugin: `request.user` is a User.

django-stubs says User or AnonymousUser. Here LoginRequiredMiddleware and the API's default permission stand before
every view, and the few that they let through (sign-in, the health check) do not look at the user.
"""

from collections.abc import Callable

from mypy.plugin import AttributeContext, Plugin
from mypy.types import Instance, Type
from mypy_django_plugin.lib.helpers import get_typechecker_api, lookup_fully_qualified_typeinfo

USER = "accounts.models.User"
REQUESTS = {"django.http.request.HttpRequest.user", "rest_framework.request.Request.user"}


def _user(context: AttributeContext) -> Type:
    info = lookup_fully_qualified_typeinfo(get_typechecker_api(context), USER)
    return Instance(info, []) if info else context.default_attr_type


class SignedIn(Plugin):
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return _user if fullname in REQUESTS else None


def plugin(version: str) -> type[Plugin]:
    return SignedIn
