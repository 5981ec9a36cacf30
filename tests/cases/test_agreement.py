"""Agreement is what another implementation computes, and says nothing where numbers are too small to mean anything."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases import agreement, figures
from cases.agreement import LEAST_FOR_KAPPA, LEAST_FOR_SHARE, weighted_kappa
from cases.models import Route
from inspections.models import Side
from tests.support.factories import make_audit, make_case


def matrices(low=2, high=5, most=200):
    return st.integers(low, high).flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, most), min_size=size, max_size=size),
            min_size=size,
            max_size=size,
        )
    )


@given(matrices())
@example([[5, 0], [0, 0]])
@example([[0, 0], [0, 0]])
@example([[0, 7], [0, 0]])
@example([[10, 0, 0], [0, 10, 0], [0, 0, 10]])
@example([[0, 0, 9], [0, 0, 0], [9, 0, 0]])
@example([[3, 4, 0], [0, 0, 0], [0, 0, 0]])
@settings(max_examples=300, deadline=None)
def test_kappa_and_its_interval_equal_those_of_statsmodels(matrix):
    from statsmodels.stats.inter_rater import cohens_kappa

    ours = weighted_kappa(matrix)
    total = sum(map(sum, matrix))
    used = {i for i, row in enumerate(matrix) if sum(row)} | {
        j for j, column in enumerate(zip(*matrix, strict=True)) if sum(column)
    }
    if not total or len(used) < 2:
        assert ours is None  # everything in one cell of the diagonal, or nothing anywhere
        return
    theirs = cohens_kappa(matrix, wt="linear")
    assert ours is not None
    assert ours.value == pytest.approx(theirs.kappa, abs=1e-9)
    error = math.sqrt(max(theirs.var_kappa, 0))
    # the root of what rounding left of zero is not zero: compare the squares there
    assert ours.standard_error**2 == pytest.approx(error**2, abs=1e-9)
    if error > 1e-6:
        assert ours.low == pytest.approx(max(theirs.kappa_low, -1), abs=1e-6)
        assert ours.high == pytest.approx(min(theirs.kappa_upp, 1), abs=1e-6)


@given(matrices(low=1))
@settings(max_examples=200, deadline=None)
def test_every_number_of_any_matrix_is_one_that_can_be(matrix):
    found = agreement.of("all", "", matrix)
    assert found.same + found.force_higher + found.force_lower == found.compared
    mirrored = agreement.of("all", "", [list(column) for column in zip(*matrix, strict=True)])
    assert (mirrored.force_higher, mirrored.force_lower) == (found.force_lower, found.force_higher)
    if found.share is not None:
        assert 0 <= found.share <= 1
    if found.kappa is not None:
        assert -1 <= found.kappa.low <= found.kappa.value <= found.kappa.high <= 1
        assert mirrored.kappa is not None
        assert mirrored.kappa.value == pytest.approx(found.kappa.value)
        if found.same == found.compared:
            assert found.kappa.value == found.kappa.low == found.kappa.high == 1


def test_the_worked_example_of_a_textbook():
    """Two raters, three grades: computed by hand from 1 - sum(|i-j| n) N / sum(|i-j| rows columns)."""
    matrix = [[11, 3, 1], [1, 8, 3], [0, 2, 14]]
    found = weighted_kappa(matrix)
    assert found is not None
    seen = 3 + 2 * 1 + 1 + 3 + 2
    rows, columns = [15, 12, 16], [12, 13, 18]
    chance = sum(abs(i - j) * rows[i] * columns[j] for i in range(3) for j in range(3))
    assert found.value == pytest.approx(1 - seen * 43 / chance)
    assert found.low < found.value < found.high < 1


@pytest.mark.parametrize(
    ("cases", "share", "kappa"),
    [
        (LEAST_FOR_SHARE - 1, False, False),
        (LEAST_FOR_SHARE, True, False),
        (LEAST_FOR_KAPPA - 1, True, False),
        (LEAST_FOR_KAPPA, True, True),
    ],
)
def test_too_few_cases_say_nothing(cases, share, kappa):
    found = agreement.of("all", "", [[cases - 2, 1], [0, 1]])
    assert (found.share is not None, found.kappa is not None) == (share, kappa)


def test_kappa_is_undefined_where_both_gave_one_grade_to_every_case():
    found = agreement.of("all", "", [[30, 0], [0, 0]])
    assert found.kappa is None
    assert found.has_enough_for_kappa
    assert found.share == 1


def test_areas_add_up_to_all_cases(place):
    for number in range(12):
        case = make_case(place.inspection, area=["alpha", "beta"][number % 2])
        make_audit(case, grade=["good", "fair", "bad"][number % 3])
        make_audit(case, Side.FORCE, ["good", "fair"][number % 2])
    make_audit(make_case(place.inspection, route=Route.SELECTED))
    found = figures.for_inspection(place.inspection, place.manager)
    all_cases, areas = agreement.overall(found), agreement.by_area(found)
    assert all_cases.compared == found.compared == 12
    for name in ("compared", "same", "force_higher", "force_lower"):
        assert sum(getattr(area, name) for area in areas) == getattr(all_cases, name)
    assert all_cases.force_higher == found.force_higher
    assert all_cases.force_lower == found.force_lower
