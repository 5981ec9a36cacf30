"""The random draw of the force's sample: from its list of eligible cases, so that anybody can repeat it.

How it is drawn. Every reference gets a number: the SHA-256, in hexadecimal digits, of the text “seed:area:reference”
in UTF-8, `area` being the area's code and the reference written as in the list. In each area, of which the sample
lacks n cases, the n references with the lowest numbers are drawn (all of them, if there are fewer).

The seed is 32 hexadecimal digits from the server's source of randomness (`secrets`), made after the list has been
read. The list is recorded without references that are in the inspection already; its SHA-256 is that of a text with
one line “area:reference” for each, sorted by their characters' code points, each line ended by a line feed. So the
order in which the force lists its cases makes no difference, and no area makes a difference to another one.
docs/sampling.md says how to repeat a draw without Assay.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from cases import sampling, uploads
from cases.imports import AREA, REFERENCE, ImportErrors
from cases.models import Route, SampleDraw
from cases.sampling import NewCase
from cases.uploads import Problem
from inspections.models import Area, Inspection

COLUMNS = (REFERENCE, AREA)
Eligible = Mapping[str, Iterable[str]]  # references by the code of their area


class NothingToDraw(DomainError):
    """The sample is full, or the list has no case of an area that lacks one."""


class Repeated(NamedTuple):
    """What came of repeating a draw: whether its list is the one of the checksum, and what is drawn from it."""

    list_is_the_same: bool
    drawn: dict[str, list[str]]
    drawn_is_the_same: bool

    @property
    def agrees(self) -> bool:
        return self.list_is_the_same and self.drawn_is_the_same


@dataclass(frozen=True)
class Prospect:
    """What a draw would do in one area: cases that it lacks, that the list offers, and that would be drawn."""

    area: Area
    missing: int
    offered: int

    @property
    def drawn(self) -> int:
        return min(self.missing, self.offered)

    @property
    def still_missing(self) -> int:
        return self.missing - self.drawn


def may_draw(inspection: Inspection, user: User) -> bool:
    """Whether `user` may draw the sample now: whoever may put cases into it, if the framework sets a quota."""
    return (
        sampling.may_add(inspection, user) == Route.SELF_ASSESSED
        and sampling.room_in_sample(inspection) is not None
    )


def number_of(seed: str, area: str, reference: str) -> str:
    """Return the number by which a reference is ranked: 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}:{area}:{reference}".encode()).hexdigest()


def lowest(seed: str, eligible: Eligible, wanted: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the drawn references by area, those with the lowest numbers first: `wanted` of each area at most."""
    return {
        area: sorted(set(eligible.get(area, ())), key=lambda name: number_of(seed, area, name))[:n]
        for area, n in wanted.items()
        if n > 0
    }


def as_text(eligible: Eligible) -> str:
    """Return the list as the text whose SHA-256 is recorded: sorted lines “area:reference”."""
    lines = {f"{area}:{name}\n" for area, names in eligible.items() for name in names}
    return "".join(sorted(lines))


def checksum(eligible: Eligible) -> str:
    """Return the SHA-256 of `as_text`, in hexadecimal digits."""
    return hashlib.sha256(as_text(eligible).encode()).hexdigest()


def read_list(inspection: Inspection, upload: IO[bytes]) -> dict[str, list[str]]:
    """Read the eligible references by area from a CSV or XLSX file. Raises ImportErrors with all that is wrong."""
    try:
        rows = uploads.read_table(upload, columns=COLUMNS, required=COLUMNS)
    except uploads.Unreadable as unreadable:
        raise ImportErrors([unreadable.problem]) from unreadable
    areas = sampling.areas_by_name(inspection.framework.areas.all())
    eligible: dict[str, list[str]] = {}
    problems: list[Problem] = []
    rows_by_reference: dict[str, int] = {}
    for number, values in rows:
        found = _problems(values, areas, rows_by_reference, number)
        problems += found
        if not found:
            code = areas[values[AREA].casefold()].code
            eligible.setdefault(code, []).append(values[REFERENCE])
    if problems:
        raise ImportErrors(problems)
    return eligible


def read_text(inspection: Inspection, text: str) -> dict[str, list[str]]:
    """Read the list from what `as_text` wrote. Raises ImportErrors."""
    areas = set(inspection.framework.areas.values_list("code", flat=True))
    eligible: dict[str, list[str]] = {}
    for number, line in enumerate(text.splitlines()[: uploads.MAX_ROWS + 1], start=1):
        area, _colon, reference = line.partition(":")
        if area not in areas or not sampling.REFERENCE.fullmatch(reference):
            raise ImportErrors([Problem(number, "", _("This line is no area and reference."))])
        eligible.setdefault(area, []).append(reference)
    return eligible


def without_taken(
    inspection: Inspection, eligible: Eligible
) -> tuple[dict[str, list[str]], list[str]]:
    """Return the list without the references that the inspection has already, and those references."""
    taken = sampling.taken_references(inspection)
    left, out = {}, []
    for area, names in eligible.items():
        left[area] = sorted({name for name in names if name.upper() not in taken})
        out += [name for name in names if name.upper() in taken]
    return left, sorted(out)


def prospects(inspection: Inspection, eligible: Eligible) -> list[Prospect]:
    """Return what a draw from `eligible` would do now, for each area of which the sample takes cases."""
    left, _taken = without_taken(inspection, eligible)
    room: Counter[int] = sampling.room_in_sample(inspection) or Counter()
    return [
        Prospect(area, max(0, room[area.pk]), len(left.get(area.code, ())))
        for area in inspection.framework.areas.all()
        if area.sample_quota
    ]


def draw(
    inspection: Inspection, eligible: Eligible, by: User, seed: str | None = None
) -> SampleDraw:
    """Draw what the sample lacks in each area, put it in, and record seed, list and outcome, all in one transaction.

    The inspection's row is locked: of two draws at once the second finds the sample full. `seed` is made here unless
    given (to set up a demo, or a test). Raises NotAllowed, NothingToDraw, or CaseRefused for a reference that cannot
    be one.
    """
    with transaction.atomic():
        inspection = sampling.locked(inspection)
        if not may_draw(inspection, by):
            raise NotAllowed(_("You cannot draw the sample of this inspection at this stage."))
        areas = {area.code: area for area in inspection.framework.areas.all()}
        room: Counter[int] = sampling.room_in_sample(inspection) or Counter()
        left, _taken = without_taken(inspection, eligible)
        seed = seed or secrets.token_hex(16)
        drawn = lowest(seed, left, {code: room[area.pk] for code, area in areas.items()})
        chosen = [NewCase(name, areas[code]) for code, names in drawn.items() for name in names]
        if not chosen:
            raise NothingToDraw(_why_nothing(room))
        sampling.add_cases(inspection, chosen, route=Route.SELF_ASSESSED, by=by)
        return SampleDraw.objects.create(
            inspection=inspection,
            seed=seed,
            eligible=left,
            eligible_sha256=checksum(left),
            drawn=drawn,
            drawn_by=by,
        )


def repeat(recorded: SampleDraw) -> Repeated:
    """Draw again from the recorded list with the recorded seed, and say whether the same comes out."""
    wanted = {area: len(names) for area, names in recorded.drawn.items()}
    drawn = lowest(recorded.seed, recorded.eligible, wanted)
    return Repeated(
        checksum(recorded.eligible) == recorded.eligible_sha256,
        drawn,
        drawn == {area: names for area, names in recorded.drawn.items() if names},
    )


def _why_nothing(room: Counter[int]) -> str:
    missing = sum(number for number in room.values() if number > 0)
    if not missing:
        return _("The sample is complete: there is nothing to draw.")
    return ngettext(
        "The sample lacks %(count)d case, and the list has none of its area that is not in the sample already.",
        "The sample lacks %(count)d cases, and the list has none of their areas that is not in the sample already.",
        missing,
    ) % {"count": missing}


def _problems(
    values: dict[str, str],
    areas: dict[str, Area],
    rows_by_reference: dict[str, int],
    number: int,
) -> list[Problem]:
    """Return what is wrong with one row of the list; remember its reference."""
    found = []
    for column in COLUMNS:
        if not values[column]:
            found.append(Problem(number, column, _("Enter the %(column)s") % {"column": column}))
    name = values[AREA]
    if name and name.casefold() not in areas:
        sentence = _("“%(name)s” is not an area of this framework") % {"name": name[:60]}
        found.append(Problem(number, AREA, sentence))
    reference = values[REFERENCE]
    if reference and not sampling.REFERENCE.fullmatch(reference):
        found.append(Problem(number, REFERENCE, sampling.what_a_reference_is()))
    first = rows_by_reference.setdefault(reference.upper(), number)
    if reference and first != number:
        sentence = _("Row %(row)d of this file has the same reference") % {"row": first}
        found.append(Problem(number, REFERENCE, sentence))
    return found
