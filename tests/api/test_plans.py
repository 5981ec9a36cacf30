"""What forces and commissioners send, through the API."""

import pytest

from recommendations import commissioner, immediate, plan_versions
from tests.recommendations.planning import act, complete, make_world, submit

pytestmark = pytest.mark.django_db
VERSIONS, UPDATES, COMMENTS = (
    f"/api/v1/{name}/" for name in ("action-plans", "immediate-updates", "commissioner-comments")
)


@pytest.fixture
def world():
    return make_world()


def test_a_version_is_read_with_its_actions_and_the_answer_to_it(api, world):
    complete(world)
    plan_versions.return_(submit(world), by=world.inspector, comments={3: "By when?"})
    act(world, world.plain, "A later thought.")

    [version] = api(world.inspector).get(VERSIONS).json()["results"]

    assert (version["inspection"], version["number"]) == (world.inspection.pk, 1)
    assert version["decision"] == "returned"
    assert version["comments"] == [{"recommendation": 3, "text": "By when?"}]
    [pointed, plain] = version["content"]
    assert pointed["actions"][0]["points"] == [1, 2]
    assert [action["text"] for action in plain["actions"]] == ["Do it."], "no draft"


def test_versions_are_found_by_inspection_and_by_answer(api, world):
    complete(world)
    submit(world)
    client = api(world.inspector)
    for query, count in (
        (f"inspection={world.inspection.pk}", 1),
        ("inspection=0", 0),
        (f"force={world.inspection.force_id}", 1),
        ("decision=none", 1),
        ("decision=accepted", 0),
    ):
        assert client.get(f"{VERSIONS}?{query}").json()["count"] == count, query


def test_updates_and_comments_are_read(api, world):
    immediate.send(world.inspection, {1: "Seen."}, seen=0, by=world.lead)
    commissioner.comment(world.inspection, "Read.", seen=0, by=world.commissioner)

    [update] = api(world.inspector).get(UPDATES).json()["results"]
    [comment] = api(world.lead).get(COMMENTS).json()["results"]

    assert update["accounts"] == {"1": "Seen."}
    assert comment["text"] == "Read."


def test_another_force_reads_none_of_it(api, world):
    complete(world)
    version = submit(world)
    update = immediate.send(world.inspection, {1: "Seen."}, seen=0, by=world.lead)
    comments = commissioner.comment(world.inspection, "Read.", seen=0, by=world.commissioner)
    client = api(world.stranger)
    for address, one in ((VERSIONS, version), (UPDATES, update), (COMMENTS, comments)):
        assert client.get(address).json()["count"] == 0
        assert client.get(f"{address}{one.pk}/").status_code == 404
