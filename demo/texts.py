"""The invented words of case files and audits, taken in turn so that they come out the same each time."""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from inspections.models import ColourRole

DATA = Path(__file__).parent / "data"

# Three moods serve every scale: a framework says by its colour roles which grades are the good and the poor ones.
MOODS = {
    ColourRole.STRONG.value: "strong",
    ColourRole.SOUND.value: "strong",
    ColourRole.WEAK.value: "weak",
    ColourRole.POOR.value: "poor",
}


@functools.cache
def _source() -> dict[str, Any]:
    source: dict[str, Any] = yaml.safe_load((DATA / "texts.yaml").read_text(encoding="utf-8"))
    return source


class Texts:
    """Hands out summaries, reasons and findings; two fresh instances hand out the same in the same order."""

    def __init__(self) -> None:
        self._findings = _source()["findings"]
        self._topics = {
            area: topic for topic in _source()["topics"].values() for area in topic["areas"]
        }
        self._taken: Counter[tuple[str, ...]] = Counter()

    def summary(self, area: str) -> str:
        """What a case of the area with this code is about."""
        return self._next(self._topics[area]["summaries"], "summary", area)

    def selection(self) -> str:
        """Why inspectors selected a case."""
        return self._next(_source()["selection"], "selection")

    def reason(self, area: str, colour_role: str) -> str:
        """Why a case of this area got a grade of this colour role."""
        mood = MOODS[colour_role]
        return self._next(self._topics[area][mood], "reason", area, mood)

    def themes(self, area: str) -> list[str]:
        """Codes of the themes under which an audit of this area records something."""
        themes: list[str] = self._topics[area]["themes"]
        return themes

    def finding(self, theme: str, colour_role: str) -> str:
        """What was found under this theme in a case with a grade of this colour role."""
        mood = MOODS[colour_role]
        return self._next(self._findings[theme][mood], "finding", theme, mood)

    def _next(self, pool: list[str], *key: str) -> str:
        text = pool[self._taken[key] % len(pool)]
        self._taken[key] += 1
        return text
