"""How a framework says in its file which words reports use and avoid, and how they call grades and case types."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from inspections.framework_files import Checker, Code, Entry, ListOf, Record, Text

HOUSE_STYLE = ListOf(
    Record(
        {"avoid": ListOf(Text(60), least=1), "prefer": Text(200)},
        {"why": (Text(300), "")},
    )
)
NAMES = ListOf(Record({"of": Code(), "also": ListOf(Text(100), least=1)}))


def check(checker: Checker, definition: Entry) -> None:
    """Note what is wrong with the wording: names of nothing, and words that are avoided twice."""
    known = {
        each.get("code") for part in ("grades", "areas") for each in definition.get(part) or []
    }
    for name in definition.get("names") or []:
        if name.get("of") and name["of"] not in known:
            checker.add(
                name.line_of("of"),
                name.path_of("of"),
                _("“%(code)s” is no grade and no area of this framework.") % {"code": name["of"]},
            )
    seen: set[str] = set()
    for rule in definition.get("house_style") or []:
        words = [word.casefold() for word in rule.get("avoid") or [] if word]
        if seen & set(words):
            checker.add(
                rule.line_of("avoid"),
                rule.path_of("avoid"),
                _("“%(word)s” is avoided already.") % {"word": sorted(seen & set(words))[0]},
            )
        seen |= set(words)


def stored(definition: Entry) -> dict[str, Any]:
    """Return the checked wording as the framework keeps it."""
    names: dict[str, list[str]] = {}
    for name in definition["names"]:
        names.setdefault(name["of"], []).extend(name["also"])
    return {
        "rules": [
            {"avoid": list(rule["avoid"]), "prefer": rule["prefer"], "why": rule["why"]}
            for rule in definition["house_style"]
        ],
        "names": names,
    }
