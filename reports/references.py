"""What a report's text refers to by name, so that nobody types it: `[[figure cases]]`, `[[recommendation 4]]`.

A figure is the count that the report's own document has of it (`reports.quoted`): in a draft it follows the cases, in a
published report it stands as it was frozen. Every copy of a report resolves references here, so all say the same.

    [[figure KEY]]                        the number; below ten in words
    [[figure KEY digits]]                 the number in figures
    [[figure KEY|case was|cases were]]    the number, and the words that go with one and with several
    [[recommendation 4]]  [[example 3]]   “recommendation 4”, “example 3”
    [[section KEY]]                       the title of the section

What numbers refer to follows when the numbers change (`reports.renumbering`). A reference to what is gone is then
`[[recommendation removed]]` or `[[example removed-17]]`, which leads nowhere whatever gets its number.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.tally import in_words
from config import numbers
from reports.document import Document
from reports.quoted import Quoted, catalogue

REFERENCE = re.compile(r"(?<!\\)\[\[([^\[\]\n]{1,300})\]\]")
WORDED = re.compile(
    r"\s*(?P<kind>figure|recommendation|section|example)\s+(?P<target>[\w.-]+)(?P<digits>\s+digits)?\s*"
    r"(?:\|(?P<one>[^|]+)\|(?P<many>[^|]+))?"
)
# What stands in the place of a number once its recommendation is gone; an example may come back, so its key is kept.
REMOVED = "removed"
# No name of a footnote is longer: each “[^” without an end would have the whole text read to its end.
NOTE = r"\[\^([^\]\s]{1,100})\]"
NOTE_USED = re.compile(rf"{NOTE}(?!:)")
NOTE_WRITTEN = re.compile(rf"^ {{0,3}}{NOTE}:", re.MULTILINE)
NOTE_IN_NOTE = re.compile(rf"^ {{0,3}}{NOTE}:[^\n]*?(?P<inner>{NOTE})", re.MULTILINE)
# What may open a line or a sentence without being a word of it.
BLOCK = re.compile(r"[ \t]*(?:(?P<item>[-*+]|\d{1,9}[.)])|#{1,6}|>|\[\^[^\]\s]+\]:)(?=[ \t]|$)")
OPENING = "*_\"'“‘(["
BLANK_LINE = re.compile(r"\n[ \t]*\n$")
CLOSING = "*_\"'”’)]"
FAR_ENOUGH = (
    3000  # characters that are looked back over for the beginning of a sentence, or of a list
)
# After a “none” stands a verb, a comma or an “of”; before a noun it is “no”.
AFTER_NONE = re.compile(r"[*_\s]*(?:$|[^\w\s*_]|(?:of|was|were|is|are|has|had|have|did|could)\b)")


class Reference(NamedTuple):
    """One reference as it was typed, and where; `kind` is empty if it is not one that there is."""

    start: int
    end: int
    source: str
    kind: str
    target: str
    digits: bool
    forms: tuple[str, str] | None


class Resolved(NamedTuple):
    """What a reader reads for a reference; `anchor` is the place in the report that it leads to, if any.

    `value` is the count that a figure stands for.
    """

    words: str
    anchor: str = ""
    value: int | None = None


class Problem(NamedTuple):
    """A reference that leads nowhere: where it stands, what was typed, and why, in a sentence."""

    start: int
    source: str
    why: str

    def __str__(self) -> str:
        return self.why


def parse(text: str) -> list[Reference]:
    """Return the references of `text`, in order, with their positions (characters)."""
    found = []
    for match in REFERENCE.finditer(text):
        worded = WORDED.fullmatch(match[1])
        only_figures = bool(worded and (worded["digits"] or worded["one"]))
        if worded is None or (only_figures and worded["kind"] != "figure"):
            found.append(Reference(match.start(), match.end(), match[0], "", "", False, None))
            continue
        forms = (worded["one"].strip(), worded["many"].strip()) if worded["one"] else None
        found.append(
            Reference(
                match.start(),
                match.end(),
                match[0],
                worded["kind"],
                worded["target"],
                bool(worded["digits"]),
                forms,
            )
        )
    return found


def retargeted(text: str, kind: str, targets: Mapping[str, str]) -> str:
    """Return `text` with each reference of `kind` led to what `targets` has for its target, all of them at once.

    Numbers are found however they were typed (“04”); what `targets` does not have stays as it was typed.
    """
    parts, at = [], 0
    for match in REFERENCE.finditer(text):
        worded = WORDED.fullmatch(match[1])
        if worded is None or worded["kind"] != kind:
            continue
        number = numbers.whole(worded["target"])
        target = targets.get(worded["target"] if number is None else str(number))
        if target is not None:
            start, end = (match.start(1) + each for each in worded.span("target"))
            parts += [text[at:start], target]
            at = end
    return "".join([*parts, text[at:]])


class References:
    """What the references in the texts of one document say. The language is the active one."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @functools.cached_property
    def quoted(self) -> dict[str, Quoted]:
        """Every count of the document by its key."""
        return catalogue(self.document)

    def resolve(self, reference: Reference, text: str) -> Resolved | None:
        """Return what `reference`, which stands in `text`, says; None if it leads nowhere."""
        resolve = {
            "figure": self._figure,
            "recommendation": self._recommendation,
            "section": self._section,
            "example": self._example,
        }.get(reference.kind)
        said = resolve(reference, text) if resolve else None
        if said and not reference.digits and begins_sentence(text, reference.start):
            return said._replace(words=said.words[:1].upper() + said.words[1:])
        return said

    def _figure(self, reference: Reference, text: str) -> Resolved | None:
        quoted = self.quoted.get(reference.target)
        if quoted is None:
            return None
        number = f"{quoted.value:,}" if reference.digits else in_words(quoted.value)
        if reference.forms:
            number = f"{number} {reference.forms[0 if quoted.value == 1 else 1]}"
        elif not quoted.value and not reference.digits and AFTER_NONE.match(text, reference.end):
            number = pgettext("number", "none")
        return Resolved(number, value=quoted.value)

    def _recommendation(self, reference: Reference, text: str) -> Resolved | None:
        number = _number(reference.target)
        if number not in self.document.recommendations:
            return None
        words = _("recommendation %(number)d") % {"number": number}
        return Resolved(words, f"recommendation-{number}")

    def _example(self, reference: Reference, text: str) -> Resolved | None:
        number = _number(reference.target)
        if number not in self.document.examples:
            return None
        return Resolved(_("example %(number)d") % {"number": number}, f"example-{number}")

    def _section(self, reference: Reference, text: str) -> Resolved | None:
        for section in self.document.sections:
            if section.key == reference.target:
                return Resolved(_("“%(title)s”") % {"title": section.title}, section.key)
        return None

    def replace(self, text: str, put: Callable[[Resolved], str]) -> str:
        """Return `text` with what `put` makes of each reference in its place; those that lead nowhere stay."""
        parts, at = [], 0
        for reference in parse(text):
            said = self.resolve(reference, text)
            if said is not None:
                parts += [text[at : reference.start], put(said)]
                at = reference.end
        return "".join([*parts, text[at:]])

    def plain(self, text: str) -> str:
        """Return `text`, still Markdown, with words in the place of its references."""
        return self.replace(text, lambda said: said.words)

    def problems(self, text: str) -> list[Problem]:
        """Return the references and footnotes of `text` that lead nowhere, in order."""
        found = [
            Problem(reference.start, reference.source, _why(reference))
            for reference in parse(text)
            if self.resolve(reference, text) is None
        ]
        return sorted([*found, *_notes(text)])


def plain(text: str, document: Document) -> str:
    """Return `text`, still Markdown, with its references to `document` in words."""
    return References(document).plain(text)


def problems(text: str, document: Document) -> list[Problem]:
    """Return what in `text` refers to something that `document` does not have."""
    return References(document).problems(text)


def _number(target: str) -> int:
    """Return a number as typed; 0, which nothing has, if it is none."""
    return numbers.whole(target) or 0


def _why(reference: Reference) -> str:
    if reference.target.split("-")[0] == REMOVED and reference.kind in {
        "recommendation",
        "example",
    }:
        return {
            "recommendation": _("“%(source)s”: it named a recommendation that was removed."),
            "example": _("“%(source)s”: it named a case example that was taken out of the report."),
        }[reference.kind] % {"source": reference.source}
    target = {"target": reference.target, "source": reference.source}
    return {
        "figure": _("“%(source)s”: there is no figure called “%(target)s”."),
        "recommendation": _("“%(source)s”: the report has no recommendation %(target)s."),
        "example": _("“%(source)s”: the report has no case example %(target)s."),
        "section": _("“%(source)s”: the report has no section called “%(target)s”."),
    }.get(
        reference.kind,
        _("“%(source)s” is no reference that Assay knows."),
    ) % target


def _notes(text: str) -> Iterator[Problem]:
    written = {match[1]: match for match in NOTE_WRITTEN.finditer(text)}
    for match in NOTE_IN_NOTE.finditer(text):
        why = _("A footnote cannot have a footnote: “%(source)s”.") % {"source": match["inner"]}
        yield Problem(match.start("inner"), match["inner"], why)
    used = {match[1]: match for match in NOTE_USED.finditer(text)}
    for name, match in used.items():
        if name not in written:
            why = _("Footnote “%(name)s” has no text.") % {"name": name}
            yield Problem(match.start(), match[0], why)
    for name, match in written.items():
        if name not in used:
            why = _("Nothing in the text leads to footnote “%(name)s”.") % {"name": name}
            yield Problem(match.start(), match[0].strip(), why)


def begins_sentence(text: str, at: int) -> bool:
    """Whether what stands at `at` of the Markdown `text` is the first word of a sentence.

    An item of a list goes on with the sentence that leads to the list by a colon.
    """
    before = text[max(0, at - FAR_ENOUGH) : at]
    line = before[before.rfind("\n") + 1 :]
    opened, item = 0, False
    while block := BLOCK.match(line, opened):
        opened, item = block.end(), item or bool(block["item"])
    said = line[opened:].rstrip(OPENING).strip()
    if not said:
        above = before[: len(before) - len(line)]
        if item:
            return not _leads_on(above)
        if opened or not above.strip() or BLANK_LINE.search(above):
            return True
        said = above.rstrip()
    said = said.rstrip(CLOSING)
    return bool(re.search(r"(?<!\b[a-zA-Z]\.[a-zA-Z])(?<!\bNo)[.!?]$", said))


def _leads_on(above: str) -> bool:
    """Whether the nearest line above a list ends with a colon."""
    for line in reversed(above.splitlines()):
        if line.strip() and not line.startswith((" ", "\t")) and not BLOCK.match(line):
            return line.rstrip().endswith(":")
    return False
