"""Who gets what at every address: compared with access.yaml, which people review.

After a change that was meant: `ASSAY_WRITE_ACCESS=1 pytest tests/generated/test_every_url_as_every_role.py`
writes the table again; read the difference line by line before committing it.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from django.urls import reverse

from accounts.models import INSPECTORATE_ROLES
from tests.generated.routes import Route, routes
from tests.generated.world import ANONYMOUS, CAST, EVERYBODY, OTHER_FORCE, OWN_FORCE, World

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("access.yaml")
WRITE = bool(os.environ.get("ASSAY_WRITE_ACCESS"))
SIGN_IN = "sign in"
ALL = routes()
# What a force may not see of another is everything that has an address of its own, save the methodology.
# A calendar program has no password: whoever knows the secret of a feed's address reads it.
BY_SECRET = "/calendar/<"
# A list as a file holds what its list holds: the search for secrets looks into it.
LISTS_AS_FILES = ("/deadlines/export/", "/recommendations/export/", "/messages/record/")
PUBLIC = "/published/"
NO_SECRET = ("/api/v1/frameworks/", BY_SECRET, PUBLIC, *LISTS_AS_FILES)
OPEN_TO_ANYBODY = ("/healthz", "/accounts/", "/admin/login/", BY_SECRET, PUBLIC)
FORCES_OWN = [
    route
    for route in ALL
    if route.arguments and not route.is_sign_in and not route.template.startswith(NO_SECRET)
]
BEHIND_SIGN_IN = [route for route in ALL if not route.template.startswith(OPEN_TO_ANYBODY)]

Outcomes = dict[str, dict[str, dict[str, str]]]


@pytest.fixture(scope="module")
def table() -> Iterator[dict[str, Any]]:
    """The committed table; in writing mode an empty one that is written when all is done."""
    if not WRITE:
        yield yaml.safe_load(TABLE.read_text()) if TABLE.exists() else {}
        return
    rows: dict[str, Any] = {}
    yield rows
    _write(rows)


@pytest.mark.parametrize("route", ALL, ids=str)
def test_everybody_gets_what_the_table_says(
    route: Route, world: World, table: dict[str, Any]
) -> None:
    found = _condensed(_outcomes(route, world))
    if WRITE:
        table[str(route)] = found
    assert not [status for status in _all_statuses(found) if status.startswith("5")], found
    assert str(route) in table, f"{route} is not in access.yaml; see the head of this file"
    assert found == table[str(route)]


@pytest.mark.parametrize("route", FORCES_OWN, ids=str)
def test_another_force_opens_nothing_and_changes_nothing(
    route: Route, table: dict[str, Any]
) -> None:
    for who, found in _said_of(route, table):
        if who in OTHER_FORCE:
            assert set(found.values()) <= {"404", "403", "405", SIGN_IN}, f"{who}: {found}"


@pytest.mark.parametrize("route", BEHIND_SIGN_IN, ids=str)
def test_nobody_reads_or_changes_anything_without_signing_in(
    route: Route, table: dict[str, Any]
) -> None:
    for who, found in _said_of(route, table):
        if who == ANONYMOUS:
            assert set(found.values()) <= {SIGN_IN, "401", "404"}, found


def _said_of(route: Route, table: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """What the table says that each person gets at each stage; the test above holds the table to the answers."""
    for methods in table[str(route)].values():
        for who in EVERYBODY:
            yield (
                who,
                {
                    method: next(
                        status for status, words in people.items() if who in _members(words)
                    )
                    for method, people in methods.items()
                },
            )


def _members(words: str) -> set[str]:
    return {who for word in words.split() for who in GROUPS.get(word, [word])}


def test_the_table_lists_no_address_that_is_gone(table: dict[str, Any]) -> None:
    assert set(table) <= {str(route) for route in ALL}


def _outcomes(route: Route, world: World) -> Outcomes:
    """Ask for `route` as everybody with GET and with an empty POST: status by stage, method and person."""
    return {
        stage: {
            method: {who: _status(world, who, method, path, route) for who in EVERYBODY}
            for method in ("GET", "POST")
        }
        for stage, path in world.paths(route).items()
    }


def _status(world: World, who: str, method: str, path: str, route: Route) -> str:
    client = world.client(who)
    client.raise_request_exception = False
    with transaction.atomic():
        if method == "GET":
            response = client.get(path)
        elif route.is_api:
            response = client.post(path, {}, content_type="application/json")
        else:
            response = client.post(path)
        transaction.set_rollback(True)
    if response.status_code >= 500 and response.exc_info:
        return f"{response.status_code} {response.exc_info[1]!r}"
    location = response.headers.get("Location", "")
    if location.startswith((reverse("account_login"), reverse("admin:login"))):
        return SIGN_IN
    return str(response.status_code)


def _condensed(outcomes: Outcomes) -> dict[str, dict[str, dict[str, str]]]:
    """The same, as people can read it: stages of like outcome together, people by what they get."""
    alike: dict[str, list[str]] = defaultdict(list)
    for stage, methods in outcomes.items():
        alike[yaml.safe_dump(methods)].append(stage)
    condensed = {}
    for dumped, stages in alike.items():
        title = "every stage" if len(stages) > 1 and len(alike) == 1 else ", ".join(stages)
        condensed[title or "always"] = {
            method: _people_by_status(statuses)
            for method, statuses in yaml.safe_load(dumped).items()
        }
    return condensed


# How the table calls several people with one word.
GROUPS = {
    "everybody": EVERYBODY,
    "all-but-administrator": [who for who in EVERYBODY if who != "administrator"],
    "signed-in": list(CAST),
    "inspectorate": [who for who, (role, _) in CAST.items() if role in INSPECTORATE_ROLES],
    "team": ["inspector", "lead", "second_reader"],
    "outsiders": ["outside_inspector", "outside_lead"],
    "own-force": OWN_FORCE,
    "other-force": OTHER_FORCE,
}


def _people_by_status(statuses: dict[str, str]) -> dict[str, str]:
    people = defaultdict(list)
    for who in EVERYBODY:
        people[statuses[who]].append(who)
    return {status: " ".join(_in_groups(people[status])) for status in sorted(people)}


def _in_groups(people: list[str]) -> list[str]:
    words = []
    for group, members in GROUPS.items():
        if set(members) <= set(people):
            words.append(group)
            people = [who for who in people if who not in members]
    return words + people


def _all_statuses(condensed: dict[str, dict[str, dict[str, str]]]) -> list[str]:
    return [
        status
        for methods in condensed.values()
        for statuses in methods.values()
        for status in statuses
    ]


def _write(rows: dict[str, Any]) -> None:
    groups = "".join(f"#   {name}: {' '.join(who)}\n" for name, who in GROUPS.items())
    head = (
        "# Who gets what at every address: the status of GET and of an empty POST, by the stage of the inspection.\n"
        "# Written by tests/generated/test_every_url_as_every_role.py (its head says how); reviewed by people.\n"
        f"# Groups of people:\n{groups}"
    )
    text = yaml.safe_dump(
        rows, sort_keys=False, default_flow_style=None, width=200, allow_unicode=True
    )
    TABLE.write_text(head + text)
