"""The words by which a framework's grades and areas are known in running text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.document import Document
from reports.figure_check import english

# Too common to tell one area from another.
COMMON = {
    english.stem(word)
    for word in english.words(
        "child children police case cases at risk of a an for to the by and or than in with force taken inspector "
        "inspectors management protection"
    )
}
ALTERNATIVES = re.compile(r"[(),;]")


@dataclass(frozen=True)
class AreaName:
    """One way to name an area: the stems of its words, and those of them that tell it from others.

    `certain` names are said as they are; of others each of the telling words has to be there.
    """

    area: str
    stems: tuple[str, ...]
    telling: frozenset[str]
    certain: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """How grades (longest form first) and areas are named; stems, not words."""

    grades: tuple[tuple[tuple[str, ...], str], ...]
    areas: tuple[AreaName, ...]
    force: frozenset[str]


def of(document: Document, names: Mapping[str, Sequence[str]] | None = None) -> Vocabulary:
    """Return the vocabulary of `document`; `names` are further names of grades and areas by code."""
    names = names or {}
    grades: dict[tuple[str, ...], str] = {}
    for grade in document.figures.grades:
        for said in (grade.label, *names.get(grade.code, ())):
            grades.setdefault(stems(said), grade.code)
    areas: list[AreaName] = []
    for row in document.figures.by_area:
        for part in ALTERNATIVES.split(row.label):
            if name := _named(row.code, part, certain=False):
                areas.append(name)
        for said in names.get(row.code, ()):
            if name := _named(row.code, said, certain=True):
                areas.append(name)
    return Vocabulary(
        grades=tuple(sorted(grades.items(), key=lambda item: -len(item[0]))),
        areas=tuple(areas),
        force=frozenset(document.force.casefold().split()) - {"police", "force", "the"},
    )


def stems(words: str) -> tuple[str, ...]:
    """Return the stems of the words of `words`, in order."""
    return tuple(english.stem(word) for word in re.findall(r"[\w’']+", words))


def _named(area: str, words: str, *, certain: bool) -> AreaName | None:
    found = stems(words)
    telling = frozenset(found) - COMMON
    return AreaName(area, found, telling, certain) if telling or len(found) > 1 else None


def areas_in(
    stemmed: Sequence[str], near: Sequence[bool], vocabulary: Vocabulary
) -> tuple[set[str], set[str]]:
    """Return the areas that are surely named among `stemmed`, and those that may be.

    `near` says of each place whether cases or children are spoken of right beside it: a single word names an area
    only there.
    """
    sure: dict[str, frozenset[str]] = {}
    perhaps: set[str] = set()
    for name in vocabulary.areas:
        places = _places(name.stems, stemmed)
        if name.certain:
            if places is not None:
                sure[name.area] = sure.get(name.area, frozenset()) | set(name.stems)
            continue
        here = name.telling & set(stemmed)
        if (
            places is not None
            and len(name.stems) > 1
            or here == name.telling
            and len(name.telling) > 1
        ):
            sure[name.area] = sure.get(name.area, frozenset()) | set(name.stems)
        elif here and (len(name.telling) > 1 or _any_near(here, stemmed, near)):
            single = here == name.telling and _any_near(here, stemmed, near)
            if single and _tells(name, vocabulary):
                sure[name.area] = sure.get(name.area, frozenset()) | set(name.stems)
            else:
                perhaps.add(name.area)
    # “Other than domestic abuse” names domestic abuse, too, and means the other.
    kept = {
        area
        for area, telling in sure.items()
        if not any(telling < other for which, other in sure.items() if which != area)
    }
    return kept, perhaps - kept


def _places(form: Sequence[str], stemmed: Sequence[str]) -> int | None:
    width = len(form)
    for at in range(len(stemmed) - width + 1):
        if tuple(stemmed[at : at + width]) == tuple(form):
            return at
    return None


def _any_near(words: frozenset[str], stemmed: Sequence[str], near: Sequence[bool]) -> bool:
    return any(near[at] for at, each in enumerate(stemmed) if each in words)


def _tells(name: AreaName, vocabulary: Vocabulary) -> bool:
    return not any(
        name.telling & other.telling for other in vocabulary.areas if other.area != name.area
    )
