"""Indices depend on shares alone, whatever industries are called and jobs are counted in."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comarca.industry.concentration import ellison_glaeser, hoover_concentration
from comarca.industry.shift_share import dynamic_shift_share, shift_share
from comarca.industry.specialisation import (
    effective_industries,
    gini,
    herfindahl,
    hoover,
    krugman,
    location_quotients,
    shares,
    theil,
)
from comarca.industry.stages import stages_of

COUNTS = st.lists(st.integers(0, 10**6), min_size=5, max_size=5).filter(any)
POSITIVE = st.lists(st.integers(1, 10**6), min_size=5, max_size=5)
SCALE = st.floats(1e-3, 1e3)
AGAINST = (krugman, hoover, gini, theil)
ALONE = (herfindahl, effective_industries)
YEARLY = st.lists(st.floats(0, 1), min_size=12, max_size=12)


@given(COUNTS, POSITIVE, SCALE, SCALE)
def test_counting_in_thousands_changes_no_index(town, reference, own, other):
    for index in AGAINST:
        scaled = index(np.array(town) * own, np.array(reference) * other)
        assert scaled == pytest.approx(index(town, reference), abs=1e-9)
    for index in ALONE:
        assert index(np.array(town) * own) == pytest.approx(index(town), abs=1e-9)


@given(COUNTS, POSITIVE, st.permutations(range(5)))
def test_the_order_of_industries_changes_no_index(town, reference, order):
    moved, beside = np.array(town)[list(order)], np.array(reference)[list(order)]

    for index in AGAINST:
        assert index(moved, beside) == pytest.approx(index(town, reference), abs=1e-9)
    for index in ALONE:
        assert index(moved) == pytest.approx(index(town), abs=1e-9)


@given(COUNTS, POSITIVE)
def test_indices_stay_within_their_ranges(town, reference):
    assert 0 <= float(krugman(town, reference)) <= 2 + 1e-12
    assert 0 <= float(hoover(town, reference)) <= 1 + 1e-12
    assert 1 / 5 - 1e-12 <= float(herfindahl(town)) <= 1 + 1e-12
    assert -1e-12 <= float(gini(town, reference)) <= 1 - 1 / 5 + 1e-12
    assert float(theil(town, reference)) >= -1e-12
    assert 1 - 1e-12 <= float(effective_industries(town)) <= 5 + 1e-9


@given(POSITIVE)
def test_a_town_like_its_reference_is_not_specialised(counts):
    twice = 2 * np.array(counts)

    assert location_quotients(counts, twice) == pytest.approx(np.ones(5))
    for index in AGAINST:
        assert float(index(counts, twice)) == pytest.approx(0, abs=1e-12)


@given(COUNTS, POSITIVE)
def test_quotients_weighted_by_the_reference_average_one(town, reference):
    quotients = location_quotients(town, reference)

    assert float(quotients @ shares(reference)) == pytest.approx(1)


@given(COUNTS, COUNTS, POSITIVE, POSITIVE, SCALE)
def test_parts_of_a_change_are_the_change_in_any_unit(before, after, then, now, unit):
    parts = shift_share(before, after, then, now)
    scaled = shift_share(
        np.array(before) * unit, np.array(after) * unit, np.array(then) * 7, np.array(now) * 7
    )

    assert float(parts.change) == pytest.approx(sum(after) - sum(before), abs=1e-3)
    for name in ("reference", "mix", "local"):
        part = float(getattr(parts, name))
        assert float(getattr(scaled, name)) == pytest.approx(part * unit, rel=1e-6, abs=1e-3 * unit)


@given(st.lists(POSITIVE, min_size=4, max_size=4), st.lists(POSITIVE, min_size=4, max_size=4))
def test_step_by_step_is_the_sum_of_steps(town, reference):
    whole = dynamic_shift_share(town, reference)
    steps = [
        shift_share(town[at], town[at + 1], reference[at], reference[at + 1]) for at in range(3)
    ]

    assert float(whole.local) == pytest.approx(sum(float(one.local) for one in steps))
    assert float(whole.change) == pytest.approx(sum(town[-1]) - sum(town[0]), abs=1e-3)


@given(st.lists(POSITIVE, min_size=6, max_size=6), st.permutations(range(6)), SCALE)
def test_concentration_does_not_mind_names_of_towns_or_units(towns, order, unit):
    persons = np.array(towns)
    plants = np.full(5, 0.1)
    moved = persons[list(order)] * unit

    assert hoover_concentration(moved) == pytest.approx(hoover_concentration(persons))
    assert ellison_glaeser(moved, plants) == pytest.approx(ellison_glaeser(persons, plants))


@given(YEARLY, YEARLY, st.integers(-500, 500))
def test_stages_do_not_mind_which_century_it_is(m, g, years):
    first = range(2000, 2012)
    there = stages_of([year + years for year in first], m, g)

    assert [one.stage for one in there] == [one.stage for one in stages_of(list(first), m, g)]


@given(YEARLY, YEARLY)
def test_a_town_that_deindustrialises_lost_both_shares(m, g):
    found = stages_of(list(range(2000, 2012)), m, g)

    for before, now in pairwise(found):
        if now.stage == "deindustrialising":
            assert now.employment_share < before.employment_share
            assert now.output_share < before.output_share
        if now.stage in ("industrialising", "reindustrialising"):
            assert now.employment_share > before.employment_share
