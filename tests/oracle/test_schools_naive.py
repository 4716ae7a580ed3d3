"""Other schools of delineation against slow loops written from their published descriptions."""

from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from comarca.commuting import (
    CommutingZoneParams,
    FunctionalUrbanAreaParams,
    IntramaxParams,
    delineate_commuting_zones,
    delineate_functional_urban_areas,
    delineate_intramax,
)
from comarca.commuting.schools import proportional_flows
from comarca.model.matrices import FlowMatrix
from flow_worlds import groups, neighbourhoods, reference_flows, small_flows


def naive_intramax(T, beside=None):
    """Every pair of zones is judged anew at every step, from the zones' sums."""
    T = np.array(T, dtype=float)
    zones = [[town] for town in range(len(T))]
    total, steps = T.sum(), []

    def touch(one, other):
        return beside is None or any(beside[i][j] for i in one for j in other)

    while True:
        best = None
        for one, other in combinations(zones, 2):
            out, back = T[np.ix_(one, other)].sum(), T[np.ix_(other, one)].sum()
            objective = 0.0
            if touch(one, other):
                if out:
                    objective += total * out / (T[one].sum() * T[:, other].sum())
                if back:
                    objective += total * back / (T[other].sum() * T[:, one].sum())
            if objective and (best is None or objective > best[0]):
                best = (objective, one, other, out + back)
        if best is None:
            return steps
        objective, one, other, joined = best
        steps.append((one[0], other[0], objective, joined))
        one.extend(other)
        zones = [zone for zone in zones if zone is not other]


def steps_of(regions, flows):
    place = {town: position for position, town in enumerate(flows.town_ids)}
    rows = regions.fusions[["kept_town_id", "absorbed_town_id", "attraction", "joined"]]
    return [(place[kept], place[gone], value, joined) for kept, gone, value, joined in rows.values]


@given(small_flows())
@settings(max_examples=300)
def test_intramax_makes_the_same_fusions_as_judging_every_pair_anew(flows):
    """Ties included: zones are in the order of their first towns, and the first pair wins."""
    assert steps_of(delineate_intramax(flows), flows) == naive_intramax(flows.persons.toarray())


@given(small_flows(), st.data())
@settings(max_examples=300)
def test_intramax_with_neighbours_makes_the_same_fusions(flows, data):
    beside = data.draw(neighbourhoods(flows.town_ids))

    regions = delineate_intramax(flows, contiguity=beside)

    expected = naive_intramax(flows.persons.toarray(), beside.adjacent.toarray())
    assert steps_of(regions, flows) == expected


def test_intramax_of_sixty_towns_whose_rows_are_moved_about():
    """Many fusions in a room that holds few rows: what is written behind must not be lost."""
    random = np.random.default_rng(4)
    T = random.poisson(3, (60, 60)) * (random.random((60, 60)) < 0.5)
    flows = FlowMatrix(tuple(f"{town:02}" for town in range(60)), T)

    assert steps_of(delineate_intramax(flows), flows) == naive_intramax(T)


def naive_average_linkage(T, cut):
    """Clusters whose mean distance over all pairs of towns is least become one."""
    residents = [sum(row) for row in T]

    def distance(i, j):
        share = Fraction(int(T[i][j] + T[j][i]), int(min(residents[i], residents[j])))
        return 1 - min(share, Fraction("0.999"))

    clusters, heights = [[town] for town in range(len(T))], []
    while len(clusters) > 1:
        found = []
        for a, b in combinations(range(len(clusters)), 2):
            apart = [distance(i, j) for i in clusters[a] for j in clusters[b]]
            found.append((sum(apart) / len(apart), a, b))
        height, a, b = min(found)
        if height > Fraction(str(cut)):
            break
        heights.append(float(height))
        clusters[a] += clusters.pop(b)
    return {frozenset(cluster) for cluster in clusters}, heights


@given(st.integers(0, 10_000), st.integers(2, 9), st.sampled_from([0.5, 0.9, 0.98]))
@settings(max_examples=100)
def test_commuting_zones_are_those_of_average_linkage_by_its_definition(seed, n_towns, cut):
    random = np.random.default_rng(seed)
    T = random.integers(1, 50_000, (n_towns, n_towns)) * (random.random((n_towns,) * 2) < 0.6)
    np.fill_diagonal(T, random.integers(1, 200_000, n_towns))
    flows = FlowMatrix(tuple(map(str, range(n_towns))), T)

    zones = delineate_commuting_zones(flows, CommutingZoneParams(cut_height=cut))

    expected, heights = naive_average_linkage(T, cut)
    assert groups(zones.partition.area_of) == {
        frozenset(str(town) for town in cluster) for cluster in expected
    }
    ours = zones.fusions["distance"].to_numpy()
    np.testing.assert_allclose(ours[ours <= cut], heights, atol=1e-9)


@pytest.mark.parametrize("name", ["sardinia", "belgium2011_flows", "us_county_flows"])
def test_commuting_zones_of_whole_countries_are_those_of_scipy(name: str, shared_dir: Path):
    """Heights and zones at every cut, though no matrix of all pairs is made."""
    flows = reference_flows(shared_dir, name)
    distance = 1 - proportional_flows(flows).toarray()
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")

    fusions = delineate_commuting_zones(flows).fusions

    np.testing.assert_allclose(fusions["distance"], tree[:, 2], atol=1e-10)
    for cut in (0.9, 0.96, 0.977, 0.98):
        ours = delineate_commuting_zones(flows, CommutingZoneParams(cut_height=cut))
        theirs = fcluster(tree, cut, "distance").tolist()
        assert groups(ours.partition.area_of) == groups(
            dict(zip(flows.town_ids, theirs, strict=True))
        )


def naive_urban_areas(T, cores, threshold, beside):
    """The published steps, town by town, in fractions."""
    everyone = range(len(T))
    residents = [int(sum(T[i])) for i in everyone]

    def share(towns, core):
        sent = sum(int(T[i][j]) for i in towns for j in core)
        living = sum(residents[i] for i in towns)
        return Fraction(sent, living) if living else Fraction(0)

    cores = [set(core) for core in cores]
    while True:
        links = [
            (a, b)
            for a in range(len(cores))
            for b in range(len(cores))
            if a != b and share(cores[a], cores[b]) >= threshold
        ]
        if not links:
            break
        for a, b in links:
            joined = cores[a] | cores[b]
            cores = [joined if core & joined else core for core in cores]
        cores = [set(core) for core in {frozenset(core) for core in cores}]
    jobs = [int(sum(T[i][j] for i in everyone)) for j in everyone]
    heads = [max(sorted(core), key=lambda town: jobs[town]) for core in cores]
    area = {town: head for core, head in zip(cores, heads, strict=True) for town in core}
    is_core = set(area)
    for town in everyone:
        if town not in is_core:
            shares = [(share([town], c), -h) for c, h in zip(cores, heads, strict=True)]
            largest, head = max(shares)
            if largest >= threshold:
                area[town] = -head
    if beside is not None:
        area = naive_neighbours(area, is_core, beside)
    return {head: {t for t in everyone if area.get(t) == head} for head in heads}


def naive_neighbours(area, is_core, beside):
    """Walk from each core over its own area; then fill single holes."""
    everyone = range(len(beside))
    reached = set(is_core)
    while True:
        more = {
            j
            for i in reached
            for j in everyone
            if beside[i][j] and j in area and area[j] == area[i] and j not in reached
        }
        if not more:
            break
        reached |= more
    kept = {town: head for town, head in area.items() if town in reached}
    filled = dict(kept)
    for town in everyone:
        around = {kept.get(j) for j in everyone if beside[town][j] and j != town}
        if town not in kept and len(around) == 1 and None not in around:
            filled[town] = around.pop()
    return filled


@given(
    flows=small_flows(n_most=9),
    n_cores=st.integers(1, 4),
    threshold=st.sampled_from(["0.15", "0.25", "0.4"]),
    data=st.data(),
)
@settings(max_examples=500)
def test_functional_urban_areas_are_those_of_the_published_steps(flows, n_cores, threshold, data):
    cores = [[town] for town in range(min(n_cores, len(flows.town_ids)))]
    near = data.draw(st.one_of(st.none(), neighbourhoods(flows.town_ids)))

    ours = delineate_functional_urban_areas(
        flows,
        [flows.town_ids[town] for (town,) in cores],
        FunctionalUrbanAreaParams(min_commuting_share=float(threshold)),
        contiguity=near,
    )

    beside = None if near is None else near.adjacent.toarray()
    expected = naive_urban_areas(flows.persons.toarray(), cores, Fraction(threshold), beside)
    assert {
        area.area_id: set(ours.partition.members(area.area_id)) for area in ours.partition.areas
    } == {
        flows.town_ids[head]: {flows.town_ids[town] for town in towns}
        for head, towns in expected.items()
    }


def test_intramax_regions_nest():
    """Fewer regions are unions of more."""
    random = np.random.default_rng(5)
    flows = FlowMatrix(tuple(f"{t:02}" for t in range(30)), random.poisson(2, (30, 30)))
    finer = groups(delineate_intramax(flows, IntramaxParams(n_areas=9)).partition.area_of)
    coarser = groups(delineate_intramax(flows, IntramaxParams(n_areas=4)).partition.area_of)

    assert all(sum(fine <= coarse for coarse in coarser) == 1 for fine in finer)
