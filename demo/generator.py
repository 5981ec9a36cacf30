"""Makes a data set of any size, the same each time for the same seed, to see how Assay fares when it is full."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from accounts.models import Force, LocalAuthority, Nation, Role, User
from demo import source
from demo.casework import Auditors, Methodology, write_cases
from demo.followup import write_follow_up
from demo.source import Row
from demo.texts import Texts
from inspections.models import Framework, Inspection, InspectionKind, Stage, TeamMember

FIRST_FIELDWORK = datetime.date(2014, 4, 1)
DAYS_OF_FIELDWORK = 14
DAYS_TO_PUBLICATION = 120
# How often the best, the second … grade falls to a case; the force is kinder.
GRADE_BY_RANK = [5, 6, 4, 2]
GRADE_BY_RANK_OF_FORCE = [10, 4, 2, 1]


class AlreadyGenerated(Exception):
    """The database already holds a generated data set; two of them would not be the data set of any seed."""


@dataclass(frozen=True)
class Size:
    forces: int
    inspections: int
    cases: int


@dataclass(frozen=True)
class Staff:
    """The generated people, force persons by the force's code."""

    inspectors: list[User]
    leads: list[User]
    manager: User
    force_leads: dict[str, User]
    assessors: dict[str, User]


def generate(seed: int, size: Size, *, today: datetime.date) -> None:
    """Make `size` of everything in one transaction; the newest inspections are still under way on `today`.

    The same seed, size and day make the same data. Frameworks must have been loaded; they are used as they are.
    Nobody who is generated can sign in. Raises AlreadyGenerated where generated data are found.
    """
    if User.objects.filter(email__endswith="@generated.assay.example").exists():
        raise AlreadyGenerated("This database already holds generated data; use an empty one.")
    chance = random.Random(seed)  # noqa: S311  it makes demonstration data, no secrets
    with transaction.atomic():
        forces = _forces(chance, size.forces)
        staff = _staff(chance, forces)
        methodologies = [
            Methodology(framework)
            for framework in Framework.objects.filter(kinds__contains=[InspectionKind.FULL]).order_by("code", "version")
        ]  # fmt: skip
        texts = Texts()
        sizes = _shares(chance, size.cases, size.inspections)
        starts = _fieldwork_starts(size.inspections, today)
        for number, (start, cases) in enumerate(zip(starts, sizes, strict=True)):
            force = forces[number % len(forces)]
            _inspection(
                chance, force, start, cases, chance.choice(methodologies), staff, texts, today
            )
            _settle(number)


def _settle(number: int) -> None:
    """Keep PostgreSQL fast while one transaction fills empty tables with inspection `number` (from 0).

    Foreign keys are checked at commit: let the queue of checks grow, and every savepoint that fails inside a trigger
    walks through all of it, so they are checked now. And without statistics they would be checked by whatever index
    comes first; so each time the data have doubled, statistics are taken.
    """
    connection.check_constraints()
    if (number + 1).bit_count() == 1:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _forces(chance: random.Random, number: int) -> list[Force]:
    words = source.load("generated")
    names = [
        f"{first}{second}" for first in words["force_first"] for second in words["force_second"]
    ]
    forces = [
        Force(
            name=f"{name} {chance.choice(words['kinds_of_force'])}",
            code=f"G{count:02}",
            nation=chance.choices(list(Nation), weights=[9, 1])[0],
            languages="English",
            population=chance.randrange(300_000, 3_000_000, 100),
            population_note="generated",
            officers=chance.randrange(900, 8_000),
            staff=chance.randrange(400, 4_000),
            pcsos=chance.randrange(80, 600),
            workforce_as_of=datetime.date(2026, 3, 31),
            workforce_source="generated",
        )
        for count, name in enumerate(chance.sample(names, number), start=1)
    ]
    Force.objects.bulk_create(forces)
    LocalAuthority.objects.bulk_create(
        LocalAuthority(force=force, name=f"{force.name.split()[0]} {part}")
        for force in forces
        for part in ("North", "South")
    )
    return forces


def _staff(chance: random.Random, forces: list[Force]) -> Staff:
    words = source.load("generated")
    nobody_knows = make_password(None)

    def person(address: str, role: Role, force: Force | None = None) -> User:
        name = f"{chance.choice(words['person_first'])} {chance.choice(words['person_second'])}"
        return User(email=f"{address}@generated.assay.example", name=name, roles=[role.value],
                    force=force, password=nobody_knows)  # fmt: skip

    def one_each(name: str, role: Role) -> dict[str, User]:
        return {force.code: person(f"{force.code.lower()}.{name}", role, force) for force in forces}

    staff = Staff(
        inspectors=[person(f"inspector-{count:02}", Role.INSPECTOR) for count in range(1, 31)],
        leads=[person(f"lead-{count:02}", Role.LEAD_INSPECTOR) for count in range(1, 11)],
        manager=person("manager", Role.MANAGER),
        force_leads=one_each("lead", Role.FORCE_LEAD),
        assessors=one_each("assessor", Role.FORCE_ASSESSOR),
    )
    User.objects.bulk_create(
        [*staff.inspectors, *staff.leads, staff.manager]
        + [*staff.force_leads.values(), *staff.assessors.values()]
    )
    return staff


def _shares(chance: random.Random, total: int, parts: int) -> list[int]:
    """Split `total` into `parts` whole numbers of similar size that add up to it."""
    weights = [chance.uniform(0.5, 1.5) for _part in range(parts)]
    shares = [int(total * weight / sum(weights)) for weight in weights]
    for number in range(total - sum(shares)):
        shares[number % parts] += 1
    return shares


def _fieldwork_starts(number: int, today: datetime.date) -> Iterator[datetime.date]:
    """Spread `number` inspections evenly from the first of the programme to a week ago."""
    last = today - datetime.timedelta(7)
    span = (last - FIRST_FIELDWORK).days
    for count in range(number):
        yield last - datetime.timedelta(span * (number - 1 - count) // max(number - 1, 1))


def _stage(start: datetime.date, today: datetime.date) -> Stage:
    """Return the stage that an inspection with this start would have reached by `today`."""
    days = (today - start).days
    if days <= DAYS_OF_FIELDWORK:
        return Stage.FIELDWORK
    if days <= DAYS_TO_PUBLICATION // 2:
        return Stage.DRAFTING
    if days <= DAYS_TO_PUBLICATION:
        return Stage.FACTUAL_ACCURACY
    return Stage.FOLLOW_UP


def _inspection(
    chance: random.Random,
    force: Force,
    start: datetime.date,
    cases: int,
    methodology: Methodology,
    staff: Staff,
    texts: Texts,
    today: datetime.date,
) -> None:
    stage = _stage(start, today)
    published = (
        start + datetime.timedelta(DAYS_TO_PUBLICATION) if stage == Stage.FOLLOW_UP else None
    )
    inspection = Inspection.objects.create(
        force=force,
        framework=methodology.framework,
        kind=InspectionKind.FULL,
        stage=stage,
        self_assessment_due=start - datetime.timedelta(7),
        fieldwork_start=start,
        fieldwork_end=start + datetime.timedelta(DAYS_OF_FIELDWORK - 1),
        published_on=published,
        counts_from=published,
        created_by=staff.manager,
    )
    lead, *others = [chance.choice(staff.leads), *chance.sample(staff.inspectors, 4)]
    TeamMember.objects.bulk_create(
        [TeamMember(inspection=inspection, user=lead, is_lead=True)]
        + [TeamMember(inspection=inspection, user=user) for user in others]
    )
    write_cases(
        inspection,
        make_rows(chance, cases, methodology, complete=stage != Stage.FIELDWORK),
        methodology=methodology,
        auditors=Auditors(force=staff.assessors[force.code], inspectors=[lead, *others]),
        texts=texts,
        graded_until=today,
        findings_per_audit=1,
    )
    if stage != Stage.FIELDWORK:
        write_follow_up(
            chance, inspection, methodology, by=lead, force_lead=staff.force_leads[force.code], today=today
        )  # fmt: skip


def make_rows(
    chance: random.Random, cases: int, methodology: Methodology, *, complete: bool
) -> list[Row]:
    """Return the force's sample by its quotas (as many as `cases` allows), the rest selected by inspectors."""
    grades = list(methodology.grades)
    ours, theirs = GRADE_BY_RANK[: len(grades)], GRADE_BY_RANK_OF_FORCE[: len(grades)]
    sample = [
        area.code for area in methodology.areas.values() for _case in range(area.sample_quota)
    ][:cases]
    selected = chance.choices(list(methodology.areas), k=cases - len(sample))
    rows = []
    for number, area in enumerate([*sample, *selected]):
        self_assessed = number < len(sample)
        rows.append(
            Row(
                area=area,
                self_assessed=self_assessed,
                force_grade=chance.choices(grades, theirs)[0] if self_assessed else None,
                inspectorate_grade=chance.choices(grades, ours)[0]
                if complete or chance.random() < 0.5
                else None,
            )
        )
    return rows
