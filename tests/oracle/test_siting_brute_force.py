"""Every set of sites and every load of a site, against the loops that bound and fill them."""

from itertools import chain, combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.freight.routing.location_tree import cost_of_location, keeps_capacities
from comarca.freight.routing.siting.knapsacks import (
    CLOSED,
    FREE,
    OPEN,
    Location,
    fill_sites,
    if_decided,
    if_taken,
    open_sites,
)
from comarca.freight.routing.siting.listing import list_sets
from comarca.freight.routing.siting.placing import NOWHERE, anneal_places


@st.composite
def locations(draw):
    """Up to five sites and six customers, of whom some stand for one another or may be left out."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_sites, n = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    weight, room = random.integers(0, 7, n), random.integers(1, 15, n_sites)
    cost = random.uniform(0, 20, (n_sites, n))
    cost[random.random(cost.shape) < 0.1] = np.inf
    _, group = np.unique(random.integers(0, n, n), return_inverse=True)
    is_required = random.random(group.max() + 1) < 0.8
    least = np.full(len(is_required), weight.sum())
    np.minimum.at(least, group, weight)
    return Location(
        cost,
        random.uniform(0, 30, n_sites),
        group,
        is_required,
        weight[:, None].astype(float),
        room[:, None].astype(float),
        weight,
        room,
        int(least[is_required].sum()),
    )


def subsets(things):
    return chain.from_iterable(combinations(things, size) for size in range(len(things) + 1))


def sets_that_hold_the_need(location, fixed, worth):
    """Worth of each, by the sites that are open."""
    return {
        chosen: sum(worth[list(chosen)])
        for chosen in subsets(range(len(worth)))
        if location.room[list(chosen)].sum() >= location.need
        and all(fixed[site] != CLOSED for site in chosen)
        and all(site in chosen for site in np.flatnonzero(fixed == OPEN))
    }


def decided(location, seed):
    """What is decided of each site, its worth, and a price of each group."""
    random = np.random.default_rng(seed)
    n_sites = len(location.opening)
    fixed = random.choice([FREE, OPEN, CLOSED], n_sites, p=[0.7, 0.15, 0.15])
    return fixed, random.uniform(-20, 20, n_sites), random.uniform(0, 25, len(location.is_required))


@given(locations(), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_sets_are_listed_once_each_cheapest_first(location, seed):
    fixed, worth, _ = decided(location, seed)

    listed = list(list_sets(location, fixed, worth))

    expected = sets_that_hold_the_need(location, fixed, worth)
    assert {tuple(np.flatnonzero(is_open)) for _, is_open in listed} == set(expected)
    assert len(listed) == len(expected)
    for total, is_open in listed:
        assert total == pytest.approx(expected[tuple(np.flatnonzero(is_open))])
    assert all(one <= next_one + 1e-9 for (one, _), (next_one, _) in pairwise(listed))


@given(locations(), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_the_sites_opened_are_the_best_of_all_sets(location, seed):
    fixed, worth, _ = decided(location, seed)
    is_open = np.zeros(len(worth), dtype=bool)
    opened, closed = np.empty(len(worth)), np.empty(len(worth))

    least = open_sites(location, fixed, worth, is_open)
    if_decided(location, fixed, worth, opened, closed)

    sets = sets_that_hold_the_need(location, fixed, worth)
    assert least == pytest.approx(min(sets.values(), default=np.inf))
    if sets:
        assert worth[is_open].sum() == pytest.approx(least)
    for site in range(len(worth)):
        with_it = [total for chosen, total in sets.items() if site in chosen]
        without = [total for chosen, total in sets.items() if site not in chosen]
        assert opened[site] == pytest.approx(min(with_it, default=np.inf))
        assert closed[site] == pytest.approx(min(without, default=np.inf))


@given(locations(), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_a_site_is_worth_its_best_load(location, seed):
    fixed, worth, price = decided(location, seed)
    n_sites, n = location.cost.shape
    takes, forced = np.zeros((n_sites, n), dtype=bool), np.empty((n_sites, n))

    fill_sites(location, location.cost, fixed, price, worth, takes)
    if_taken(location, location.cost, fixed, price, forced)

    for site in np.flatnonzero(fixed != CLOSED):
        gain = price[location.group] - location.cost[site]
        loads = [
            list(load)
            for load in subsets(np.flatnonzero(np.isfinite(gain)))
            if location.weight[list(load)].sum() <= location.room[site]
        ]
        worths = [location.opening[site] - gain[load].sum() for load in loads]
        assert worth[site] == pytest.approx(min(worths))
        assert location.opening[site] - gain[takes[site]].sum() == pytest.approx(min(worths))
        for at in range(n):
            with_it = [one for load, one in zip(loads, worths, strict=True) if at in load]
            assert forced[site, at] == pytest.approx(min(with_it, default=np.inf))


@given(locations(), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_an_annealed_plan_costs_what_it_is_told_to_and_fits(location, seed):
    n_groups = len(location.is_required)
    site, customer = np.full(n_groups, NOWHERE), np.zeros(n_groups, dtype=np.int64)
    customer[location.group] = np.arange(len(location.group))
    best_site, best_customer = site.copy(), customer.copy()
    is_open = np.ones(len(location.opening), dtype=bool)

    random = np.random.default_rng(seed)
    found = anneal_places(
        location, is_open, site, customer, best_site, best_customer, random, 2_000
    )

    if found < np.inf:
        depot = np.full(len(location.group), NOWHERE)
        served = best_site != NOWHERE
        depot[best_customer[served]] = best_site[served]
        assert (served | ~location.is_required).all()
        assert (location.group[best_customer[served]] == np.flatnonzero(served)).all()
        assert found == pytest.approx(cost_of_location(location, depot))
        assert keeps_capacities(location, depot)
