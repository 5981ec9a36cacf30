"""The vocabulary of the check: words.yaml beside this file, and the names that Faker knows."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

SHORTEST_NAME = 3


@cache
def _file() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text("utf-8"))
    return read


@cache
def words(name: str) -> frozenset[str]:
    """Return one list of words.yaml, in lower case."""
    value = _file()[name]
    return frozenset(value if isinstance(value, list) else value.split())


@cache
def first_names() -> frozenset[str]:
    """First names in lower case, without those that are also ordinary words or places."""
    names = _of_faker("locales", ("first_names", "first_names_male", "first_names_female"))
    return (names | words("more_names")) - words("also_words") - words("never_alone") - not_names()


@cache
def doubtful_names() -> frozenset[str]:
    """First names in lower case that are ordinary words, too: “Grace”, “Will”. No month and no place is among them."""
    names = _of_faker("locales", ("first_names", "first_names_male", "first_names_female"))
    known = names | words("more_names")
    return (known & words("also_words")) - words("never_alone") - not_names()


@cache
def surnames() -> frozenset[str]:
    """Surnames in lower case, without ordinary words and places."""
    names = _of_faker("surname_locales", ("last_names",))
    return names - words("also_words") - words("never_alone") - not_names()


@cache
def not_names() -> frozenset[str]:
    """Words that are no name anywhere."""
    return words("never") | words("institutions")


def _of_faker(locales: str, attributes: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for locale in _file()[locales]:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for attribute in attributes:
            found.update(getattr(provider, attribute, ()))
    return frozenset(
        name.casefold() for name in found if name.isalpha() and len(name) >= SHORTEST_NAME
    )
