"""Reads YAML as a tree that still knows its lines, and checks it against a shape.

Nothing of YAML that a definition does not need is accepted: no aliases (a few lines of which can unfold to
gigabytes), no tags, no second document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

MAX_BYTES = 1_000_000
MAX_DEPTH = 8
STRING, INTEGER, NULL = (f"tag:yaml.org,2002:{name}" for name in ("str", "int", "null"))


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file: where (`field` is a path such as grades.2.label, counted from 1), and what."""

    file: str
    line: int
    field: str
    sentence: str

    def __str__(self) -> str:
        place = _("%(file)s, line %(line)d") % {"file": self.file, "line": self.line}
        return (
            f"{place}, {self.field}: {self.sentence}" if self.field else f"{place}: {self.sentence}"
        )


class Unreadable(Exception):
    """The file holds no YAML that we accept; nothing further can be said about it."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.sentence = line, sentence


class Entry(dict[str, Any]):
    """The values of one mapping, with the line of the mapping and of each of its fields."""

    def __init__(self, line: int, path: str) -> None:
        super().__init__()
        self.line, self.path = line, path
        self.lines: dict[str, int] = {}

    def path_of(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def line_of(self, name: str) -> int:
        return self.lines.get(name, self.line)


@dataclass(frozen=True)
class Text:
    max_length: int = 10_000


@dataclass(frozen=True)
class Code:
    pass


@dataclass(frozen=True)
class Whole:
    most: int
    least: int = 0


@dataclass(frozen=True)
class Choice:
    values: Sequence[str]


@dataclass(frozen=True)
class ListOf:
    item: Shape
    least: int = 0


@dataclass(frozen=True)
class Record:
    """A mapping: fields that it must have, and fields that it may have with what they are when left out."""

    required: dict[str, Shape]
    optional: dict[str, tuple[Shape, Any]] = field(default_factory=dict)


Shape = Text | Code | Whole | Choice | ListOf | Record


def read_tree(path: Path) -> yaml.Node:
    """Return the YAML tree of the file at `path`, with line marks. Raises Unreadable."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable(
            1, _("The file cannot be read: %(why)s.") % {"why": error.strerror}
        ) from error
    if len(content) > MAX_BYTES:
        raise Unreadable(1, _("The file is larger than 1 MB."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, _("The file is not UTF-8 text.")) from error
    try:
        _refuse_what_we_do_not_need(text)
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        sentence = _("This is not valid YAML: %(why)s.") % {"why": error.problem or error.context}
        raise Unreadable(mark.line + 1 if mark else 1, sentence) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Unreadable(line, _("There is a character that YAML does not allow.")) from error
    if tree is None:
        raise Unreadable(1, _("The file is empty."))
    return tree


def _refuse_what_we_do_not_need(text: str) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise Unreadable(line, _("Aliases (“*name”) are not allowed; write the text out."))
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) not in (None, "!"):
            raise Unreadable(line, _("Tags (“!name”) are not allowed."))
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise Unreadable(
                    line, _("A file holds one framework; a second document starts here.")
                )
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise Unreadable(line, _("This is nested deeper than any framework is."))


class Checker:
    """Turns a YAML tree into plain values of the wanted shape, and collects all that is wrong on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, line: int, path: str, sentence: str) -> None:
        self.problems.append(Problem(self.file, line, path, sentence))

    def value(self, node: yaml.Node, shape: Shape, path: str) -> Any:
        """Return the value of `node`; None (with a problem on record) if it does not have the shape."""
        match shape:
            case Record():
                return self._record(node, shape, path)
            case ListOf():
                return self._list(node, shape, path)
            case Whole():
                return self._whole(node, shape, path)
            case Text() | Code() | Choice():
                return self._text(node, shape, path)

    def _record(self, node: yaml.Node, shape: Record, path: str) -> Entry | None:
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            self.add(line, path, _("This must be a list of “name: value” fields."))
            return None
        entry, known = Entry(line, path), list(shape.required) + list(shape.optional)
        for key, value in node.value:
            name, key_line = str(key.value), key.start_mark.line + 1
            place = entry.path_of(name)
            if name not in known:
                self.add(key_line, place, _no_such_field(value, known))
            elif name in entry.lines:
                self.add(key_line, place, _("This field is here twice."))
            else:
                entry.lines[name] = key_line
                kind = shape.required.get(name) or shape.optional[name][0]
                if not (name in shape.optional and value.tag == NULL):
                    entry[name] = self.value(value, kind, place)
        for name in shape.required:
            if name not in entry.lines:
                self.add(line, entry.path_of(name), _("This field is missing."))
        for name, (_shape, default) in shape.optional.items():
            entry.setdefault(name, default)
        return entry

    def _list(self, node: yaml.Node, shape: ListOf, path: str) -> list[Any]:
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.SequenceNode):
            self.add(line, path, _("This must be a list: one “- …” line for each item."))
            return []
        if len(node.value) < shape.least:
            sentence = _("There must be at least %(least)d in this list.")
            self.add(line, path, sentence % {"least": shape.least})
        items = (
            self.value(item, shape.item, f"{path}.{number}")
            for number, item in enumerate(node.value, start=1)
        )
        return [item for item in items if item is not None]

    def _whole(self, node: yaml.Node, shape: Whole, path: str) -> int | None:
        plain = node.tag == INTEGER and re.fullmatch(r"[0-9]{1,9}", node.value)
        number = int(node.value) if plain else -1
        if not shape.least <= number <= shape.most:
            sentence = _("This must be a whole number from %(least)d to %(most)d.")
            self.add(
                node.start_mark.line + 1,
                path,
                sentence % {"least": shape.least, "most": shape.most},
            )
            return None
        return number

    def _text(self, node: yaml.Node, shape: Text | Code | Choice, path: str) -> str | None:
        sentence = _wrong_with_text(node, shape)
        if sentence:
            self.add(node.start_mark.line + 1, path, sentence)
            return None
        return str(node.value).strip()


def _no_such_field(value: yaml.Node, known: list[str]) -> str:
    sentence = _("There is no such field here; there are %(fields)s.") % {
        "fields": ", ".join(known)
    }
    if value.tag == NULL and value.start_mark.index == value.end_mark.index:
        # most often the second half of a text with a comma in it, between { and }
        sentence += " " + _("Is it part of a text with a comma? Then the text needs quotes.")
    return sentence


def _wrong_with_text(node: yaml.Node, shape: Text | Code | Choice) -> str:
    """Return what is wrong with the text of `node`, as a sentence; empty if nothing is."""
    if not isinstance(node, yaml.ScalarNode):
        return _("This must be a text.")
    text = str(node.value).strip()
    if not text or node.tag == NULL:
        return _("This field is empty.")
    if isinstance(shape, Choice):
        if text not in shape.values:
            return _("“%(text)s” is not one of %(values)s.") % {
                "text": text[:50],
                "values": ", ".join(shape.values),
            }
        return ""
    if node.tag != STRING:
        return _('This must be a text: write it in quotes, as in "%(text)s".') % {"text": text[:50]}
    if isinstance(shape, Code):
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) or len(text) > 50:
            return _(
                "“%(text)s” is no code: write up to 50 small letters and digits, with hyphens between them."
            ) % {"text": text[:50]}
    elif len(text) > shape.max_length:
        return _("This has %(length)d characters; at most %(most)d fit.") % {
            "length": len(text),
            "most": shape.max_length,
        }
    return ""
