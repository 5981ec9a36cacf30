"""The primary navigation: which parts of Assay a person can go to, and which one they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


class Item(TypedDict):
    text: Any
    href: str
    active: bool


PARTS = [
    ("home", _("Your work")),
    ("inspections:list", _("Inspections")),
    ("recommendations:list", _("Recommendations")),
    ("deadlines:list", _("Deadlines")),
    ("reports:list", _("Reports")),
    ("forces:list", _("Forces")),
]
ADMINISTRATION = ("admin:index", _("Administration"))


def primary_navigation(request: HttpRequest, user: User) -> list[Item]:
    """Return the parts that `user` may open, in order; the one that `request` lies in is active."""
    parts = [*PARTS, ADMINISTRATION] if user.is_administrator else PARTS
    items: list[Item] = []
    for name, text in parts:
        href = reverse(name)
        active = request.path == href or (name != "home" and request.path.startswith(href))
        items.append({"text": text, "href": href, "active": active})
    return items
