"""Texts that look personal are refused until somebody says why they are not; what they said stays on record (rule 9).

A fragment is confirmed for one place (a case, an audit, a section of a report): there it passes from then on, anywhere
else the question is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import TextRefused
from accounts.models import User
from cases.models import Audit, CaseFile, ConfirmedFragment
from cases.personal_data.detection import suspicions
from cases.personal_data.suspicion import Suspicion
from inspections.models import Inspection

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def sentence(found: list[Suspicion]) -> str:
    """Return what to tell the person about one field."""
    return _(
        "This looks like personal data: %(what)s. Take it out, or say why it is not personal data"
    ) % {"what": ", ".join(str(suspicion) for suspicion in found[:3])}


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
    place: Place | None = None,
    by: User | None = None,
    reason: str = "",
    confirmed: bool = False,
) -> None:
    """Raise LooksPersonal for what looks personal in `texts` and was not confirmed for `place`.

    With a `reason` that says something it is recorded instead as confirmed by `by`; call it in the transaction that
    saves the texts. The reason is a text, too: what looks personal in it, other than the fragments that it is about, is
    refused as the field “personal_data_reason”.
    """
    if place is None or by is None:  # TODO goes when the last caller names its place
        if not confirmed:
            found = {name: those for name, text in texts.items() if (those := suspicions(text))}
            if found:
                raise LooksPersonal(found, texts)
        return
    found = unresolved(texts, place)
    if not found:
        return
    if not says_something(reason):
        raise LooksPersonal(found, texts)
    spoken_of = {each.found.casefold() for those in found.values() for each in those}
    own = [each for each in suspicions(reason) if each.found.casefold() not in spoken_of]
    if own:
        raise LooksPersonal({REASON: own}, {**texts, REASON: reason})
    record(found, place=place, by=by, reason=reason)


def record(
    found: Mapping[str, Iterable[Suspicion]], *, place: Place, by: User, reason: str
) -> None:
    """Keep that `by` says of each of these, at this place, that it is not personal data, and why.

    Two people at once: the first one's word stands.
    """
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
    with transaction.atomic():
        ConfirmedFragment.objects.bulk_create(rows.values(), ignore_conflicts=True)


def confirmed_at(place: Place) -> set[tuple[str, str]]:
    """Return what was confirmed for `place` so far, as kind and fragment."""
    rows = ConfirmedFragment.objects.filter(inspection=place.inspection, place=place.name)
    return set(rows.values_list("kind", "fragment"))


def _key(each: Suspicion) -> tuple[str, str]:
    return each.kind.value, each.found[:LONGEST_FRAGMENT]
