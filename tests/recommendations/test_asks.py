"""The same ask across forces: found by wording, confirmed by a person, with the dates each force was given."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import NotAllowed
from accounts.models import Role
from cases.personal_data import LooksPersonal
from inspections.models import Stage
from recommendations import asks, wording
from recommendations.models import Ask, Recommendation
from recommendations.publication import set_deadlines
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db
MARCH = dt.date(2026, 3, 3)
VISITS = "should write down every visit to a missing child on the day on which it was made"
CUSTODY = "must hold no child overnight at a police station without telling the local authority"


def told(stem, *, timescale="three-months", stage=Stage.FOLLOW_UP, force=None, points=()):
    fields = {"published_on": MARCH} if stage == Stage.FOLLOW_UP else {}
    inspection = make_inspection(stage, force=force or make_force(), **fields)
    made = make_recommendation(inspection, stem=stem, timescale=timescale, points=points)
    if stage == Stage.FOLLOW_UP:
        set_deadlines(inspection, MARCH)
    made.refresh_from_db()
    return made


@pytest.fixture
def inspector():
    return make_user(Role.INSPECTOR)


@pytest.fixture
def north():
    return told(f"Northmoor Police {VISITS}.")


def stems(found):
    return [each.recommendation.stem for each in found]


def test_candidates_are_like_it_the_nearest_first_and_of_other_forces(north, inspector):
    near = told(f"Southwold Constabulary {VISITS}.", timescale="six-months")
    less = told(f"The force {VISITS[:50]}, and tell the supervisor of it without any delay.")
    told(f"Eastby Police {CUSTODY}.")
    told(f"Northmoor Police {VISITS}.", force=north.inspection.force)
    told(f"Westlea Police {VISITS}.", stage=Stage.DRAFTING)
    found = asks.candidates(north, inspector)
    assert stems(found) == [near.stem, less.stem]
    assert 100 >= found[0].likeness > found[1].likeness >= 25


def test_looking_costs_two_queries_and_the_points_of_both_sides(north, inspector):
    for _number in range(15):
        told(f"Some Police {VISITS}.")
    assert north.inspection.force_id
    with CaptureQueriesContext(connection) as captured:
        assert len(asks.candidates(north, inspector)) == 15
    assert len(captured) == 4


def test_where_stems_say_little_the_points_under_them_tell_asks_apart(inspector):
    ours = told("Northmoor Police should make sure that:", points=[f"Staff {VISITS}."])
    other = told("Eastby Police should make sure that:", points=[f"It {CUSTODY}."])
    same = told("Southwold Constabulary should make sure that:", points=[f"Everybody {VISITS}."])
    assert stems(asks.candidates(ours, inspector)) == [same.stem, other.stem]
    others = Recommendation.objects.exclude(pk=ours.pk)
    assert stems(wording.alike(ours.stem, others)) == [other.stem, same.stem]


def test_nothing_is_like_an_empty_text(north, inspector):
    assert wording.alike("  ", Recommendation.objects.all()) == []


def test_a_person_confirms_which_of_them_ask_the_same(north, inspector):
    near, other = told(f"Southwold {VISITS}."), told(f"Eastby {VISITS}.", timescale="none")
    ask = asks.confirm(north, [near], title="Write down visits on the day", by=inspector)
    assert {each.pk for each in asks.of_ask(ask, inspector)} == {north.pk, near.pk}
    north.refresh_from_db()
    assert stems(asks.candidates(north, inspector)) == [other.stem]
    assert asks.confirm(other, [north], title="", by=inspector) == ask
    assert asks.timescales(asks.of_ask(ask, inspector)) == [
        ("Within three months", 2),
        ("No stated timescale", 1),
    ]


def test_recommendations_of_two_asks_are_not_thrown_together(north, inspector):
    one, two, three = (told(f"Force {number} {VISITS}.") for number in range(3))
    asks.confirm(north, [one], title="One", by=inspector)
    asks.confirm(two, [three], title="Two", by=inspector)
    with pytest.raises(asks.DifferentAsks):
        asks.confirm(north, [two], title="", by=inspector)


def test_an_ask_needs_two_published_recommendations_and_words(north, inspector):
    draft = told(f"Westlea {VISITS}.", stage=Stage.DRAFTING)
    with pytest.raises(asks.NothingChosen):
        asks.confirm(north, [], title="Words", by=inspector)
    with pytest.raises(asks.NothingChosen):
        asks.confirm(north, [draft], title="Words", by=make_user(Role.MANAGER))
    with pytest.raises(asks.NothingChosen):
        asks.confirm(north, [told(f"Southwold {VISITS}.")], title=" ", by=inspector)
    with pytest.raises(LooksPersonal):
        asks.confirm(
            north, [told(f"Eastby {VISITS}.")], title="Ring 020 7946 0018 at once", by=inspector
        )
    assert not Ask.objects.exists()


def test_an_ask_of_fewer_than_two_is_none(north, inspector):
    near = told(f"Southwold {VISITS}.")
    asks.confirm(north, [near], title="Words", by=inspector)
    asks.take_out(near, by=inspector)
    asks.take_out(near, by=inspector)
    north.refresh_from_db()
    assert north.ask is None
    assert not Ask.objects.exists()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.FORCE_LEAD, Role.FORCE_VIEWER])
def test_only_inspectors_and_managers_say_what_is_the_same(north, role, inspector):
    near, somebody = told(f"Southwold {VISITS}."), make_user(role)
    with pytest.raises(NotAllowed):
        asks.confirm(north, [near], title="Words", by=somebody)
    ask = asks.confirm(north, [near], title="Words", by=inspector)
    with pytest.raises(NotAllowed):
        asks.take_out(near, by=somebody)
    with pytest.raises(NotAllowed):
        asks.rename(ask, "Other words", by=somebody)


def test_a_force_reads_nothing_of_other_forces_here(north, inspector, client):
    near = told(f"Southwold {VISITS}.")
    ask = asks.confirm(north, [near], title="Words", by=inspector)
    client.force_login(make_user(Role.FORCE_LEAD, force=near.inspection.force))
    for address in ("asks/", f"asks/{ask.pk}/", f"{near.pk}/same-ask/"):
        assert client.get(f"/recommendations/{address}").status_code == 403
    assert client.post(f"/recommendations/{near.pk}/take-out/").status_code == 403


def test_from_words_to_a_confirmed_ask_and_back_on_the_pages(north, inspector, client):
    near = told(f"Southwold {VISITS}.", timescale="six-months")
    client.force_login(inspector)
    page = client.get("/recommendations/asks/", {"q": VISITS}).content.decode()
    assert f"/recommendations/{north.pk}/same-ask/" in page
    address = f"/recommendations/{north.pk}/same-ask/"
    assert f'value="{near.pk}"' in client.get(address).content.decode()
    refused = client.post(address, {"same": [near.pk], "title": ""}).content.decode()
    assert "Enter what is asked, in a few words" in refused
    assert re.search(rf'value="{near.pk}"[^>]* checked', refused)
    assert "Select at least one" in client.post(address, {"title": "Words"}).content.decode()
    done = client.post(address, {"same": [near.pk], "title": "Visits on the day"}, follow=True)
    ask = Ask.objects.get()
    said = done.content.decode()
    assert done.redirect_chain[-1][0] == f"/recommendations/asks/{ask.pk}/"
    assert "Within six months" in said
    assert "Within three months" in said
    assert "3 June 2026" in said
    assert "3 September 2026" in said
    client.post(f"/recommendations/asks/{ask.pk}/", {"title": "Visits at once"})
    assert "Visits at once" in client.get("/recommendations/asks/").content.decode()
    client.post(f"/recommendations/{near.pk}/take-out/", follow=True)
    assert not Ask.objects.exists()


def test_the_list_of_asks_costs_the_same_queries_however_many(inspector, client):
    client.force_login(inspector)

    def confirm_one(number):
        one, two = told(f"Force {number} {VISITS}."), told(f"Other {number} {VISITS}.")
        return asks.confirm(one, [two], title=f"Ask {number}", by=inspector)

    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    ask = confirm_one(0)
    before = queries("/recommendations/asks/"), queries(f"/recommendations/asks/{ask.pk}/")
    for number in range(1, 6):
        confirm_one(number)
    more = told(f"More {VISITS}.")
    asks.confirm(more, asks.of_ask(ask, inspector), title="", by=inspector)
    assert (
        queries("/recommendations/asks/"),
        queries(f"/recommendations/asks/{ask.pk}/"),
    ) == before


# -- The wording library on the page on which a recommendation is written -------------------------------------------


@pytest.fixture
def drafting(inspector):
    return make_inspection(Stage.DRAFTING, lead=inspector)


def typed(inspection, **more):
    framework = inspection.framework
    return {
        "theme": framework.themes.get(code="theme-beta").pk,
        "timescale": framework.timescales.get(code="none").pk,
        "stem": f"The force {VISITS}",
        "points": "mine",
        **more,
    }


def test_earlier_ones_like_what_is_typed_are_offered_and_nothing_is_saved(
    north, drafting, inspector, client
):
    client.force_login(inspector)
    address = f"/inspections/{drafting.pk}/recommendations/add/"
    page = client.post(address, typed(drafting, then="like")).content.decode()
    assert north.stem in page
    assert f"The force {VISITS}" in page
    assert "Error:" not in page
    assert not drafting.recommendations.exists()


def test_the_words_of_an_earlier_one_are_put_into_the_form(drafting, inspector, client):
    earlier = told(f"Northmoor Police {VISITS}.", points=("first point;", "second point"))
    client.force_login(inspector)
    mine = make_recommendation(drafting, version=1)
    for address in (
        f"/inspections/{drafting.pk}/recommendations/add/",
        f"/recommendations/{mine.pk}/edit/",
    ):
        page = client.post(address, typed(drafting, take=earlier.pk, version=1)).content.decode()
        box = page[page.index('name="points"') :]
        assert "first point;\nsecond point" in box[: box.index("</textarea>")]
        assert re.search(r'name="theme".*?selected[^>]*>\s*Theme beta', page, re.S)
    mine.refresh_from_db()
    assert mine.stem != earlier.stem


def test_the_same_words_are_offered_once_and_drafts_never(north, drafting, inspector):
    told(north.stem)
    told(f"Westlea Police {VISITS}.", stage=Stage.DRAFTING)
    found = wording.earlier_ones(VISITS, drafting, inspector)
    assert stems(found) == [north.stem]


def test_words_of_what_is_not_published_cannot_be_taken(drafting, inspector, client):
    draft = told("Secret words.", stage=Stage.DRAFTING)
    client.force_login(inspector)
    address = f"/inspections/{drafting.pk}/recommendations/add/"
    for key in (draft.pk, "0", "x", "9" * 30):
        assert (
            "Secret words." not in client.post(address, typed(drafting, take=key)).content.decode()
        )
