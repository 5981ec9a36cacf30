"""What a test wants to know of a page: its forms with their fields, its ids, its error summary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import tinyhtml5
from django.core.files.uploadedfile import SimpleUploadedFile

TEXT_KINDS = {"text", "email", "password", "number", "search", "url", "tel", "textarea", "date"}
CHOICE_KINDS = {"radio", "select", "checkbox"}


@dataclass
class Form:
    """A form of a page: where it goes, and its fields by name with the values that may be chosen."""

    action: str
    method: str
    kinds: dict[str, str] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, text: str, *, everything: bool = False) -> dict[str, Any]:
        """Data to send: `text` in every box to type in; the first choice, unless `everything` is to be `text`."""
        data: dict[str, Any] = {}
        for name, kind in self.kinds.items():
            if kind == "file":
                content = text.encode("utf-8", "replace")
                data[name] = SimpleUploadedFile("x.csv", content, content_type="text/csv")
            elif kind in TEXT_KINDS or everything:
                data[name] = text
            else:
                data[name] = next((value for value in self.values[name] if value), "")
        return data

    def empty(self) -> dict[str, str]:
        """Data to send: nothing typed and nothing chosen, but what the page itself hides in the form."""
        return {
            name: self.values[name][0] if kind in {"hidden", "button"} else ""
            for name, kind in self.kinds.items()
            if kind not in {"file", "radio", "checkbox"}
        }


class Page:
    def __init__(self, html: str) -> None:
        self.tree = tinyhtml5.parse(html, namespace_html_elements=False)

    def forms(self) -> list[Form]:
        return [_form(element) for element in self.tree.iter("form")]

    def ids(self) -> set[str]:
        return {element.get("id", "") for element in self.tree.iter()}

    def with_class(self, name: str) -> Iterator[Element]:
        """Elements of that class, save what only scripts may show one day (`template`)."""
        kept_back = {inner for each in self.tree.iter("template") for inner in each.iter()}
        for element in self.tree.iter():
            if name in element.get("class", "").split() and element not in kept_back:
                yield element

    def error_links(self) -> list[str]:
        """Where the links of the error summary lead."""
        return [
            link.get("href", "")
            for summary in self.with_class("govuk-error-summary")
            for link in summary.iter("a")
        ]

    @property
    def title(self) -> str:
        return " ".join("".join(element.itertext()) for element in self.tree.iter("title")).strip()

    def shape(self) -> frozenset[tuple[str, str, str]]:
        """The kinds of elements that the page is made of, whatever they say."""
        return frozenset(
            (element.tag, element.get("class", ""), element.get("type", ""))
            for element in self.tree.iter()
            if isinstance(element.tag, str)
        )


def _form(element: Element) -> Form:
    form = Form(element.get("action", ""), element.get("method", "get").lower())
    for control in element.iter():
        name = control.get("name")
        if not name or control.tag not in {"input", "textarea", "select", "button"}:
            continue
        kind = control.tag if control.tag != "input" else control.get("type", "text")
        form.kinds.setdefault(name, kind)
        form.values.setdefault(name, []).extend(_values(control))
    return form


def _values(control: Element) -> list[str]:
    if control.tag == "select":
        return [option.get("value", "") for option in control.iter("option")]
    return [control.get("value", "")]
