"""The OpenAPI document is true: whatever is asked as it says is answered as it says."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, models, transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.tokens import issue
from config.wsgi import application
from tests.generated.world import World

pytestmark = pytest.mark.django_db
READERS = ["inspector", "manager", "force_assessor", "other_force_lead"]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def document() -> dict[str, Any]:
    out = io.StringIO()
    call_command("spectacular", format="openapi-json", validate=True, fail_on_warn=True, stdout=out)
    return json.loads(out.getvalue())


schema = schemathesis.openapi.from_dict(document())
schema.app = application


def test_the_document_is_served_to_whoever_is_signed_in(world: World) -> None:
    served = world.client("force_viewer").get("/api/v1/schema/")
    assert served.json()["paths"].keys() == document()["paths"].keys()
    assert served.headers["Content-Type"].startswith("application/vnd.oai.openapi+json")


@pytest.fixture(scope="module")
def tokens(world: World) -> Iterator[dict[str, str]]:
    """A bearer token of each reader; requests leave the connection alone, which holds the world's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield {who: issue(world.people[who])[0] for who in READERS}
    for signal in signals:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_asked_is_answered_as_the_document_says(
    case: schemathesis.Case, world: World, tokens: dict[str, str]
) -> None:
    if "id" in case.path_parameters and hash(str(case.path_parameters["id"])) % 2:
        case.path_parameters["id"] = _existing(case.path, world)
    for token in tokens.values():
        with transaction.atomic():
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
            transaction.set_rollback(True)


def _existing(path: str, world: World) -> int:
    """The id of something that there is, so that not every answer is 404."""
    noun = path.strip("/").removeprefix("api/v1/").split("/")[0]
    early, late = (world.examples[stage].objects[noun] for stage in ("fieldwork", "published"))
    found: models.Model = early or late
    return found.pk
