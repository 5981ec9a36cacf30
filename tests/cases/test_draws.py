"""The random draw of the force's sample can be repeated by anybody, and is fair."""

import hashlib
import io
import random
import threading
from collections import Counter
from typing import Any

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.errors import NotAllowed
from cases import draws, sampling
from cases.imports import ImportErrors
from cases.models import CaseFile, Route, SampleDraw
from inspections.models import Stage
from tests.cases.conftest import make_place
from tests.support.factories import make_case

SEED = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def place(db):
    """An inspection that waits for a sample of two cases in each area."""
    return make_place(Stage.SELF_ASSESSMENT)


def references(prefix, count):
    return [f"{prefix}-{number:03}" for number in range(count)]


def eligible(count=20):
    return {area: references(area[:1].upper(), count) for area in ("alpha", "beta", "gamma")}


def draw(place, listed=None, by=None, **more):
    return draws.draw(place.inspection, listed or eligible(), by=by or place.assessor, **more)


# -- What is drawn ---------------------------------------------------------------------------------------------------


def test_a_draw_puts_the_missing_cases_into_the_sample_and_records_how(place):
    make_case(place.inspection, area="beta", reference="OWN-1")
    drawn = draw(place)
    assert {area: len(names) for area, names in drawn.drawn.items()} == {
        "alpha": 2,
        "beta": 1,
        "gamma": 2,
    }
    there = CaseFile.objects.exclude(reference="OWN-1")
    assert {(case.area.code, case.reference) for case in there} == {
        (area, name) for area, names in drawn.drawn.items() for name in names
    }
    assert {(case.route, case.added_by) for case in there} == {
        (Route.SELF_ASSESSED, place.assessor)
    }
    assert drawn.drawn_by == place.assessor
    assert len(drawn.seed) == 32
    assert drawn.seed != draw(make_place(Stage.SELF_ASSESSMENT)).seed


def test_the_rule_is_the_one_that_is_written_down(place):
    drawn = draw(place, seed=SEED)
    ranked = sorted(
        eligible()["beta"],
        key=lambda name: hashlib.sha256(f"{SEED}:beta:{name}".encode()).hexdigest(),
    )
    assert drawn.drawn["beta"] == ranked[:2]
    lines = sorted(f"{area}:{name}" for area, names in eligible().items() for name in names)
    text = "".join(f"{line}\n" for line in lines)
    assert drawn.eligible_sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_the_order_of_the_list_makes_no_difference(place):
    shuffled = {area: names[:] for area, names in eligible().items()}
    for names in shuffled.values():
        random.Random(7).shuffle(names)
    shuffled = dict(reversed(shuffled.items()))
    first = draw(place, seed=SEED)
    second = draw(make_place(Stage.SELF_ASSESSMENT), shuffled, seed=SEED)
    assert first.drawn == second.drawn
    assert first.eligible_sha256 == second.eligible_sha256


def test_another_seed_draws_others_and_an_area_does_not_depend_on_another(db):
    wanted = {"alpha": 5, "beta": 5}
    listed = {"alpha": references("A", 50), "beta": references("A", 50)}
    one, other = (draws.lowest(seed, listed, wanted) for seed in ("a" * 32, "b" * 32))
    assert one != other
    assert one["alpha"] != one["beta"]  # although the lists are the same
    alone = draws.lowest("a" * 32, {"alpha": listed["alpha"]}, {"alpha": 9})
    assert alone["alpha"][:5] == one["alpha"]


def test_every_case_has_the_same_chance():
    """A chi-square test over 4,000 fixed seeds; its 0.1 per cent bound for 19 degrees of freedom is 43.8."""
    names, times, size = references("A", 20), 4000, 3
    counts: Counter[str] = Counter()
    for seed in range(times):
        drawn = draws.lowest(f"{seed:032x}", {"alpha": names}, {"alpha": size})["alpha"]
        assert len(set(drawn)) == size
        counts.update(drawn)
    expected = times * size / len(names)
    # what is drawn in one go is drawn without replacement, which makes the counts a little more alike
    chi_square = sum((counts[name] - expected) ** 2 / expected for name in names) * 19 / 17
    assert chi_square < 43.8
    pairs: Counter[Any] = Counter()
    for seed in range(times):
        first, second = draws.lowest(f"{seed:032x}", {"alpha": names[:5]}, {"alpha": 2})["alpha"]
        pairs[first, second] += 1
    assert len(pairs) == 20
    assert sum((count - times / 20) ** 2 / (times / 20) for count in pairs.values()) < 43.8


@pytest.mark.parametrize("there", [0, 1, 2])
def test_no_draw_exceeds_the_quota(place, there):
    for number in range(there):
        make_case(place.inspection, area="alpha", reference=f"OWN-{number}")
    drawn = draw(place)
    assert len(drawn.drawn.get("alpha", [])) == 2 - there
    assert CaseFile.objects.filter(area__code="alpha").count() == 2
    with pytest.raises(draws.NothingToDraw, match="complete"):
        draw(place)


def test_references_that_are_there_already_are_left_out_of_the_list(place):
    make_case(place.inspection, area="alpha", reference="a-001")
    listed = {"alpha": ["A-001", "A-002"]}
    drawn = draw(place, listed)
    assert drawn.eligible == {"alpha": ["A-002"]}
    assert drawn.drawn["alpha"] == ["A-002"]
    with pytest.raises(draws.NothingToDraw, match="lacks 4 cases"):
        draw(place, listed)


def test_what_a_draw_would_do_is_known_before(place):
    make_case(place.inspection, area="alpha", reference="OWN-1")
    listed = {"alpha": references("A", 9), "beta": ["B-1"]}
    found = {each.area.code: each for each in draws.prospects(place.inspection, listed)}
    assert [(p.missing, p.offered, p.drawn, p.still_missing) for p in found.values()] == [
        (1, 9, 1, 0),
        (2, 1, 1, 1),
        (2, 0, 0, 2),
    ]
    assert draw(place, listed).drawn == {
        "alpha": draws.lowest(SampleDraw.objects.get().seed, listed, {"alpha": 1})["alpha"],
        "beta": ["B-1"],
        "gamma": [],
    }


def test_a_case_that_the_lead_excluded_is_drawn_anew_from_the_same_list(place):
    drawn = draw(place)
    gone = CaseFile.objects.get(reference=drawn.drawn["alpha"][0])
    sampling.exclude(gone, reason="Sealed.", by=place.lead)
    again = draw(place)
    assert [len(names) for names in again.drawn.values()] == [1]
    assert gone.reference not in again.eligible["alpha"]


def test_only_the_force_draws_and_only_in_its_self_assessment(place):
    for person in (
        *(place.lead, place.inspector, place.manager, place.administrator),
        *(place.viewer, place.other_force),
    ):
        with pytest.raises(NotAllowed):
            draw(place, by=person)
    place.at(Stage.FIELDWORK)
    for person in (place.assessor, place.inspector):
        with pytest.raises(NotAllowed):
            draw(place, by=person)


def test_a_framework_without_quotas_has_nothing_to_draw(db):
    place = make_place(Stage.SELF_ASSESSMENT, quota=0)
    with pytest.raises(NotAllowed):
        draw(place)


def test_of_two_draws_at_once_the_second_finds_the_sample_full(transactional_db):
    place = make_place(Stage.SELF_ASSESSMENT)
    start, outcomes = threading.Barrier(2), []

    def draw_too(person):
        start.wait()
        try:
            draw(place, by=person)
            outcomes.append("drawn")
        except draws.NothingToDraw:
            outcomes.append("full")
        finally:
            connection.close()

    people = (place.assessor, place.force_lead)
    threads = [threading.Thread(target=draw_too, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["drawn", "full"]
    assert CaseFile.objects.count() == 6
    assert SampleDraw.objects.count() == 1


# -- The list --------------------------------------------------------------------------------------------------------


def read(place, text):
    return draws.read_list(place.inspection, io.BytesIO(text.encode()))


def problems(place, text):
    with pytest.raises(ImportErrors) as refused:
        read(place, text)
    return refused.value.problems


def test_the_list_is_read_by_code_or_label_of_the_area(place):
    text = "Area,Reference,Officer\nalpha,A-1,x\nArea BETA,B-1,y\nAlpha,A-2,\n"
    assert read(place, text) == {"alpha": ["A-1", "A-2"], "beta": ["B-1"]}


def test_everything_that_is_wrong_with_the_list_is_said_by_row_and_column(place):
    text = "reference,area\nA-1,alpha\n,alpha\nA-2,\nA-3,delta\nAnna Jones,beta\na-1,beta\n"
    found = problems(place, text)
    assert [(problem.row, problem.column) for problem in found] == [
        (3, "reference"),
        (4, "area"),
        (5, "area"),
        (6, "reference"),
        (7, "reference"),
    ]
    assert "Row 2 of this file has the same reference" in found[-1].sentence


def test_a_list_that_cannot_be_read_is_refused_as_such(place):
    assert "Missing: area" in problems(place, "reference\nA-1\n")[0].sentence
    assert "empty" in problems(place, "")[0].sentence
    assert "no cases" in problems(place, "reference,area\n")[0].sentence


def test_the_text_of_a_list_is_read_back_and_nothing_else_is(place):
    assert draws.read_text(place.inspection, draws.as_text(eligible())) == eligible()
    for text in ("delta:A-1", "alpha:Anna", "alpha", "alpha:=1"):
        with pytest.raises(ImportErrors):
            draws.read_text(place.inspection, text)


# -- Repeating it ----------------------------------------------------------------------------------------------------


def test_a_draw_is_repeated_from_what_was_recorded(place):
    drawn = SampleDraw.objects.get(pk=draw(place).pk)
    assert draws.repeat(drawn).agrees
    out = io.StringIO()
    call_command("repeat_draw", drawn.pk, stdout=out)
    assert "agrees" in out.getvalue()
    for name in drawn.drawn["alpha"]:
        assert name in out.getvalue()


@pytest.mark.parametrize("changed", ["seed", "eligible", "drawn", "eligible_sha256"])
def test_a_record_that_somebody_bent_is_found_out(place, changed):
    drawn = draw(place, seed=SEED)
    value = {
        "seed": "f" * 32,
        "eligible": {**drawn.eligible, "alpha": drawn.eligible["alpha"][1:]},
        "drawn": {**drawn.drawn, "alpha": ["A-000", "A-001"]},
        "eligible_sha256": "0" * 64,
    }[changed]
    with pgtrigger.ignore("cases.SampleDraw:append_only"):
        SampleDraw.objects.update(**{changed: value})
    drawn.refresh_from_db()
    assert not draws.repeat(drawn).agrees
    with pytest.raises(CommandError, match="does not agree"):
        call_command("repeat_draw", drawn.pk, stdout=io.StringIO())


def test_a_draw_that_does_not_exist_is_said_plainly(db):
    with pytest.raises(CommandError, match="no draw 999"):
        call_command("repeat_draw", 999)


def test_the_list_of_somebody_else_is_compared_with_the_recorded_one(place, tmp_path):
    drawn = draw(place)
    theirs = tmp_path / "list.txt"
    theirs.write_text(draws.as_text(eligible()))
    out = io.StringIO()
    call_command("repeat_draw", drawn.pk, list=str(theirs), stdout=out)
    assert "agrees" in out.getvalue()
    theirs.write_text("alpha:A-1\n")
    with pytest.raises(CommandError, match="does not agree"):
        call_command("repeat_draw", drawn.pk, list=str(theirs), stdout=io.StringIO())
