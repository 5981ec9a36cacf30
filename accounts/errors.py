"""What every refusal of a verb has in common, so that page and API can answer it alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A verb was refused; the message is a sentence for the person who asked."""


class NotAllowed(DomainError):
    """This person may not do this."""


class Conflict(DomainError):
    """Somebody else changed it in the meantime (rule 5)."""


class TextRefused(DomainError):
    """Texts hold what they should not; `fields` says which and what, by name, `texts` how they read (rule 9)."""

    def __init__(
        self, sentence: str, fields: dict[str, list[Any]], texts: Mapping[str, str]
    ) -> None:
        super().__init__(sentence)
        self.fields, self.texts = fields, texts

    def about(self, name: str) -> str:
        """Return the sentence for one of `fields` alone."""
        return str(self)
