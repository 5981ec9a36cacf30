"""Texts that look personal are refused until somebody says why they are not; what they said stays on record (rule 9).

A fragment is confirmed for one place (a case, an audit, a section of a report): there it passes from then on, anywhere
else the question is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import TextRefused
from accounts.models import User
from cases.models import Audit, CaseFile, ConfirmedFragment
from cases.personal_data.detection import suspicions
from cases.personal_data.suspicion import Suspicion
from inspections.models import Inspection

LONGEST_FRAGMENT = 300
REASON = "personal_data_reason"


@dataclass(frozen=True)
class Place:
    """What a text belongs to. `name` says within the inspection which it is, and never changes: “case 12”.

    settings.TEXT_PLACES knows what people call it and its page.
    """

    inspection: Inspection
    name: str
    case: CaseFile | None = None

    @classmethod
    def of_case(cls, case: CaseFile) -> Place:
        """The place of texts about a case that everybody who may open the case may read."""
        return cls(case.inspection, f"case {case.pk}", case)

    @classmethod
    def of_audit(cls, audit: Audit) -> Place:
        """The place of one audit's texts; who may not read the audit is not told what was confirmed there."""
        return cls(audit.case.inspection, f"audit {audit.pk}", audit.case)


class LooksPersonal(TextRefused):
    """Texts look as if they held personal data; `fields` says which and what, by name, `texts` what they were."""

    fields: dict[str, list[Suspicion]]

    def __init__(
        self, fields: dict[str, list[Suspicion]], texts: Mapping[str, str] | None = None
    ) -> None:
        every = [suspicion for found in fields.values() for suspicion in found]
        super().__init__(sentence(every), fields, texts or {})

    def about(self, name: str) -> str:
        return sentence(self.fields[name])


def sentence(found: list[Suspicion]) -> str:
    """Return what to tell the person about one field."""
    return _(
        "This looks like personal data: %(what)s. Take it out, or say why it is not personal data"
    ) % {"what": ", ".join(list(dict.fromkeys(str(suspicion) for suspicion in found))[:3])}


def says_something(reason: str) -> bool:
    """Whether a person can read anything in `reason`: a letter or a digit, not just spaces, dots or hidden marks."""
    return any(character.isalnum() for character in reason)


def unresolved(texts: Mapping[str, str], place: Place) -> dict[str, list[Suspicion]]:
    """Return what looks personal in `texts`, by name, save what was confirmed for this place before.

    One query, and only if anything looks personal at all.
    """
    found = {name: those for name, text in texts.items() if (those := suspicions(text))}
    if not found:
        return {}
    known = confirmed_at(place)
    open_ones = {
        name: [each for each in those if _key(each) not in known] for name, those in found.items()
    }
    return {name: those for name, those in open_ones.items() if those}


def check(
    texts: Mapping[str, str],
    *,
    place: Place,
    by: User,
    reason: str = "",
) -> None:
    """Raise LooksPersonal for what looks personal in `texts` and was not confirmed for `place`.

    With a `reason` that says something it is recorded instead as confirmed by `by`; call it in the transaction that
    saves the texts. The reason is a text, too: what looks personal in it, other than the fragments that it is about, is
    refused as the field “personal_data_reason”.
    """
    found = unresolved(texts, place)
    if not found:
        return
    if not says_something(reason):
        raise LooksPersonal(found, texts)
    _check_reason(reason, found.values())
    record(found, place=place, by=by, reason=reason)


def check_all(texts: Sequence[tuple[Place, Mapping[str, str]]], *, by: User, reason: str) -> None:
    """Do as `check` for many new places at once, where nothing can have been confirmed before; two queries at most."""
    found = [
        (place, {name: those for name, text in each.items() if (those := suspicions(text))})
        for place, each in texts
    ]
    every = [(place, those) for place, those in found if those]
    if not every:
        return
    if not says_something(reason):
        raise LooksPersonal(every[0][1], dict(texts[0][1]))
    _check_reason(reason, [each for _place, those in every for each in those.values()])
    rows = [row for place, those in every for row in _rows(those, place, by, reason)]
    with transaction.atomic():
        ConfirmedFragment.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def check_named(
    texts: Mapping[str, str], inspection: Inspection, place: str, *, by: User, reason: str = ""
) -> None:
    """Do as `check`, for apps that know a place by its name only (settings.TEXT_CHECK)."""
    check(texts, place=Place(inspection, place), by=by, reason=reason)


def _check_reason(reason: str, about: Iterable[list[Suspicion]]) -> None:
    spoken_of = {each.found.casefold() for those in about for each in those}
    own = [each for each in suspicions(reason) if each.found.casefold() not in spoken_of]
    if own:
        raise LooksPersonal({REASON: own}, {REASON: reason})


def record(
    found: Mapping[str, Iterable[Suspicion]], *, place: Place, by: User, reason: str
) -> None:
    """Keep that `by` says of each of these, at this place, that it is not personal data, and why.

    Two people at once: the first one's word stands.
    """
    rows = _rows(found, place, by, reason)
    with transaction.atomic():
        ConfirmedFragment.objects.bulk_create(rows, ignore_conflicts=True)


def _rows(
    found: Mapping[str, Iterable[Suspicion]], place: Place, by: User, reason: str
) -> list[ConfirmedFragment]:
    """Describe what is confirmed, each fragment of a place once, wherever in its texts it stands."""
    rows = {
        _key(each): ConfirmedFragment(
            inspection=place.inspection,
            case=place.case,
            place=place.name,
            field=name[:100],
            kind=each.kind.value,
            fragment=each.found[:LONGEST_FRAGMENT],
            reason=reason.strip(),
            confirmed_by=by,
        )
        for name, those in found.items()
        for each in those
    }
    return list(rows.values())


def confirmed_at(place: Place) -> set[tuple[str, str]]:
    """Return what was confirmed for `place` so far, as kind and fragment."""
    rows = ConfirmedFragment.objects.filter(inspection=place.inspection, place=place.name)
    return set(rows.values_list("kind", "fragment"))


def _key(each: Suspicion) -> tuple[str, str]:
    return each.kind.value, each.found[:LONGEST_FRAGMENT]
