"""How a framework says in its file which words reports use and avoid, and how they call grades and case types."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from inspections.framework_files import Checker, Choice, Code, Entry, ListOf, Record, Text

ONCE = "once"  # how often a report says the force's full name before it calls it otherwise
HOUSE_STYLE = ListOf(
    Record(
        {"prefer": Text(200)},
        {
            "avoid": (ListOf(Text(60)), []),
            "force_name": (Choice([ONCE]), ""),
            "why": (Text(300), ""),
        },
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
        if not rule.get("avoid") and not rule.get("force_name"):
            checker.add(
                rule.line_of("prefer"),
                rule.path_of("prefer"),
                _("Say which words to avoid, or how often the force’s full name may stand."),
            )
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
            {
                "avoid": list(rule["avoid"]),
                "force_name": rule["force_name"],
                "prefer": rule["prefer"],
                "why": rule["why"],
            }
            for rule in definition["house_style"]
        ],
        "names": names,
    }
