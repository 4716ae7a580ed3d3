"""Redrawings against plain ways to the same answer: one delineation after the other, and loops."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from comarca.commuting import (
    AreaParams,
    AreaStability,
    SweepGrid,
    delineate_areas,
    stability_of_areas,
    sweep_parameters,
)
from comarca.commuting.areas.outcome import Outcome
from comarca.commuting.stability.redrawing import Lot, basis_of, redraw, resampled
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix
from stability_world import SMALL, random_flows


def line_of(n_towns: int, town_ids: tuple[str, ...]) -> Contiguity:
    beside = np.abs(np.subtract.outer(np.arange(n_towns), np.arange(n_towns))) == 1
    return Contiguity(town_ids=town_ids, adjacent=sparse.csr_array(beside), source="table")


def chances(seed: int, draws: int) -> list[np.random.SeedSequence]:
    return np.random.SeedSequence(seed).spawn(draws + 1)[1:]


def together(labels: list[object]) -> np.ndarray:
    """Whether two towns bear the same label, and any."""
    return np.array([[a is not None and a == b for b in labels] for a in labels])


@pytest.mark.parametrize("is_contiguous", [False, True])
def test_each_redrawing_is_a_delineation_of_the_flows_drawn(is_contiguous):
    flows = random_flows(11)
    contiguity = line_of(len(flows.town_ids), flows.town_ids) if is_contiguous else None
    sure = stability_of_areas(flows, SMALL, draws=12, seed=7, contiguity=contiguity)
    for number, chance in enumerate(chances(7, 12)):
        drawn = FlowMatrix(flows.town_ids, resampled(flows.persons.astype(float), chance))
        areas = delineate_areas(drawn, SMALL, contiguity=contiguity)
        naive = together([areas.partition.area_of[town] for town in flows.town_ids])
        ours = together([None if h < 0 else h for h in sure.head[number].tolist()])
        assert (naive == ours).all()
        assert_same_outcome(sure.redrawings.iloc[number], figures_of(areas))


def figures_of(areas) -> dict[str, object]:
    """What an outcome tells, from the delineation's own tables."""
    quality, status = areas.quality(), list(areas.partition.status_of.values())
    figures = dict.fromkeys(Outcome._fields, np.nan) | {
        "n_areas": len(areas.partition.areas),
        "reserve_assigned": len(set(areas.trace().query("type == 'assigned'")["town_id"])),
        "without_area": sum(area is None for area in areas.partition.area_of.values()),
        "below_rule": 0,
        "status": areas.status,
    }
    assert figures["without_area"] == status.count("unassigned") + status.count("no-flow")
    if len(quality):
        inside, residents, jobs = (quality[name] for name in ("inside", "residents", "jobs"))
        figures |= {
            "self_containment_supply": inside.sum() / residents.sum(),
            "self_containment_demand": inside.sum() / jobs.sum(),
            "least_self_containment": quality[
                ["self_containment_supply", "self_containment_demand"]
            ].min(axis=None),
            "alone_share": (quality["n_towns"] == 1).sum() / quality["n_towns"].sum(),
            "largest_share": residents.max() / residents.sum(),
            "below_rule": int((quality["validity"] < 1).sum()),
        }
    return figures


def assert_same_outcome(ours: pd.Series, theirs: dict[str, object]) -> None:
    for name in Outcome._fields:
        expected = theirs[name]
        if isinstance(expected, str):
            assert ours[name] == expected
        else:
            assert ours[name] == pytest.approx(expected, rel=1e-12, nan_ok=True), name


WORLDS = st.integers(2, 7).flatmap(
    lambda n: st.lists(
        st.lists(st.sampled_from([0, 0, 0, 1, 3, 20, 150]), min_size=n, max_size=n),
        min_size=n,
        max_size=n,
    )
)


@given(table=WORLDS, variant=st.sampled_from(["euro", "euro-r34", "classic"]), near=st.booleans())
@settings(max_examples=60)
def test_an_outcome_tells_what_the_delineation_does(table, variant, near):
    """Worlds with towns of no flows, groups that dissolve, and areas that the reserve spoils."""
    ids = tuple(f"t{town}" for town in range(len(table)))
    flows = FlowMatrix(ids, np.array(table))
    params = AreaParams(min_workers=40, target_workers=200, variant=variant)
    contiguity = line_of(len(ids), ids) if near else None
    areas = delineate_areas(flows, params, contiguity=contiguity)
    basis = basis_of(flows, contiguity=contiguity, centres=(), borders=None)
    (drawn,) = redraw(basis, [Lot(params)])
    assert_same_outcome(pd.Series(drawn.outcome._asdict(), dtype=object), figures_of(areas))
    ours = [None if h < 0 else ids[basis.frame.order[h]] for h in drawn.head.tolist()]
    theirs = [areas.partition.area_of[ids[place]] for place in basis.frame.order]
    assert ours == theirs


def naive_tables(sure: AreaStability) -> tuple[dict, dict, np.ndarray]:
    """Certainties, best matches and co-membership by loops over sets of towns."""
    ids, draws = sure.town_ids, len(sure.head)
    counted: dict[str, set[str]] = {}
    for town, area in sure.reference.partition.area_of.items():
        if area is not None:
            counted.setdefault(area, set()).add(town)
    certain = dict.fromkeys(ids, 0.0)
    best = dict.fromkeys(counted, 0.0)
    pairs = np.zeros((len(ids), len(ids)))
    for heads in sure.head:
        named = {t: None if h < 0 else ids[h] for t, h in zip(ids, heads, strict=True)}
        drawn = [{t for t in ids if named[t] == head} for head in set(named.values()) - {None}]
        for town in ids:
            certain[town] += (named[town] == sure.reference.partition.area_of[town]) / draws
        for area, towns in counted.items():
            best[area] += max([len(towns & d) / len(towns | d) for d in drawn], default=0) / draws
        pairs += together(list(named.values())) / draws
    return certain, best, pairs


@pytest.mark.parametrize("seed", range(4))
def test_shares_by_loops_over_sets(seed):
    sure = stability_of_areas(random_flows(seed, 25), SMALL, draws=15, seed=seed)
    certain, best, pairs = naive_tables(sure)
    assert sure.towns()["certainty"].to_dict() == pytest.approx(certain)
    assert sure.areas()["persistence"].to_dict() == pytest.approx(best)
    np.testing.assert_allclose(sure.co_membership().toarray(), pairs, atol=1e-12)
    rare = sure.co_membership(0.5).toarray()
    np.testing.assert_allclose(rare, np.where(pairs >= 0.5 - 1e-12, pairs, 0), atol=1e-12)


def test_each_set_of_a_sweep_is_a_delineation():
    flows = random_flows(3)
    grid = SweepGrid(min_workers=(100, 500), target_self_containment=(0.7, 0.9), min_flow=(0, 5))
    sweep = sweep_parameters(flows, SMALL, grid=grid)
    assert len(sweep.table) == 8
    for _, row in sweep.table.iterrows():
        given_ = {name: row[name] for name in grid.values()}
        params = AreaParams(**(SMALL.model_dump() | given_))
        assert_same_outcome(row, figures_of(delineate_areas(flows, params)))


def test_blocks_of_draws_add_up(monkeypatch):
    """The room for counting is bounded by blocks; their size changes nothing."""
    whole = stability_of_areas(random_flows(6), SMALL, draws=10)
    towns, pairs = whole.towns(), whole.co_membership()
    monkeypatch.setattr("comarca.commuting.stability.membership._CELLS", 100)
    parts = stability_of_areas(random_flows(6), SMALL, draws=10)
    pd.testing.assert_frame_equal(parts.towns(), towns)
    assert (parts.co_membership() != pairs).nnz == 0
