"""Every address of Assay, read from the URL resolver, so that a new page is tested from the day it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern

PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """One URL pattern: its name ("" if it has none), its whole template, the names of its arguments, its view."""

    name: str
    template: str
    arguments: tuple[str, ...]
    view: Any

    def __str__(self) -> str:
        return f"{self.template} ({self.name or 'no name'})"

    @property
    def is_admin(self) -> bool:
        return self.template.startswith("/admin/")

    @property
    def is_api(self) -> bool:
        return self.template.startswith("/api/")

    @property
    def is_sign_in(self) -> bool:
        """Whether it is a page about signing in, which says nothing about forces and cases."""
        return self.template.startswith("/accounts/")

    def noun_before(self, argument: str) -> str:
        """What the path says that `argument` is: “cases” in /cases/<int:pk>/, “template” in template.<slug:kind>."""
        parts = self.template.strip("/").split("/")
        place = next(i for i, part in enumerate(parts) if f"{argument}>" in part)
        before = parts[place].split("<")[0].strip(".")
        return before or parts[place - 1]

    def path(self, values: dict[str, Any]) -> str:
        """The address with the arguments filled in."""
        if self.name:
            return reverse(self.name, kwargs=values)
        return PLACEHOLDER.sub(lambda found: str(values[found[1]]), self.template)


def routes() -> list[Route]:
    """Return every URL pattern there is, in the order of the resolver."""
    return list(_walk(get_resolver().url_patterns, "/", "", ()))


def _walk(
    patterns: list[Any], prefix: str, namespace: str, outer: tuple[str, ...]
) -> Iterator[Route]:
    for entry in patterns:
        template = prefix + _template(entry.pattern)
        arguments = (*outer, *_arguments(entry.pattern))
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, template, inner, arguments)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else ""
            yield Route(name, template, arguments, entry.callback)


def _arguments(pattern: Any) -> list[str]:
    if isinstance(pattern, RegexPattern):
        return list(pattern.regex.groupindex)
    return list(pattern.converters)


def _template(pattern: Any) -> str:
    """Write a pattern as a route: that of a regular expression with <name> for its groups."""
    if not isinstance(pattern, RegexPattern):
        return str(pattern)
    text = re.sub(r"\(\?P<(\w+)>[^()]*\)", r"<\1>", str(pattern))
    return text.lstrip("^").rstrip("$").replace("\\Z", "").replace("\\", "")
