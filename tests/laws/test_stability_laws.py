"""What must hold of any answer about how sure areas are."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from comarca.commuting import (
    AreaParams,
    AreaRanges,
    AreaStability,
    delineate_areas,
    stability_of_areas,
)
from comarca.commuting.stability.redrawing import Lot, basis_of, redraw
from comarca.io import read_flow_table
from comarca.model.matrices import FlowMatrix
from stability_world import SMALL, random_flows

PARAMETERS = ("min_workers", "target_workers", "min_self_containment", "target_self_containment")
HELD = {name: (getattr(SMALL, name),) * 2 for name in PARAMETERS}


@pytest.fixture(scope="module")
def sardinia(shared_dir: Path) -> FlowMatrix:
    folder = shared_dir / "reference" / "labour_market_areas" / "flows"
    return read_flow_table(folder / "sardinia.csv").flows


@pytest.fixture(scope="module")
def sure_of_sardinia(sardinia: FlowMatrix) -> AreaStability:
    return stability_of_areas(sardinia, draws=60)


def test_without_noise_all_is_certain():
    """Ranges without width draw the areas as counted, every time."""
    sure = stability_of_areas(
        random_flows(1), SMALL, draws=5, vary=["parameters"], ranges=AreaRanges(**HELD)
    )
    towns, areas = sure.towns(), sure.areas()
    assert (towns["certainty"] == 1).all()
    assert towns["alternative"].isna().all()
    assert (towns["alternative_share"] == 0).all()
    assert (towns["mates_kept"].dropna() == 1).all()
    assert (areas[["certainty", "recurrence", "persistence", "core_together"]] == 1).all(axis=None)
    assert set(sure.co_membership().data) == {1}
    assert (sure.redrawings["n_areas"] == sure.outcome.n_areas).all()


def test_many_more_people_are_more_certain(sardinia, sure_of_sardinia):
    """
    A thousand times the people, in areas a thousand times the size: chance cancels out, but for
    the towns whose links to two areas are equal as counted.
    """
    params = AreaParams(min_workers=1_000_000, target_workers=10_000_000)
    many = FlowMatrix(sardinia.town_ids, sardinia.persons * 1_000)
    sure = stability_of_areas(many, params, draws=20)
    few = sure_of_sardinia.reference.partition.area_of
    assert dict(sure.reference.partition.area_of) == dict(few)
    assert sure.certainty.mean() > 0.95 > 0.9 > sure_of_sardinia.certainty.mean()


def test_co_membership_is_symmetric_with_a_unit_diagonal(sure_of_sardinia):
    pairs = sure_of_sardinia.co_membership()
    assert (pairs != pairs.T).nnz == 0
    assert (pairs.diagonal() == 1).all()
    assert 0 < pairs.data.min() <= pairs.data.max() == 1


def test_a_row_of_co_membership_adds_up_to_the_size_of_the_area(sure_of_sardinia):
    head = sure_of_sardinia.head
    sizes = np.array([np.bincount(heads)[heads] for heads in head])
    np.testing.assert_allclose(sure_of_sardinia.co_membership().sum(axis=1), sizes.mean(axis=0))


def test_shares_of_a_town_add_up_to_one_at_most(sure_of_sardinia):
    towns = sure_of_sardinia.towns()
    total = towns["certainty"] + towns["alternative_share"] + towns["share_without_area"]
    assert (total <= 1 + 1e-12).all()
    assert (towns["alternative"].isna() == (towns["alternative_share"] == 0)).all()
    assert (towns["alternative"] != towns["area_id"]).all()


def test_an_area_recurs_as_often_as_its_head_is_certain(sure_of_sardinia):
    certainty = sure_of_sardinia.towns()["certainty"]
    recurrence = sure_of_sardinia.areas()["recurrence"]
    assert recurrence.to_dict() == certainty[recurrence.index].to_dict()
    head = sure_of_sardinia.head
    recurs = {
        area: np.mean([(heads == sure_of_sardinia.town_ids.index(area)).any() for heads in head])
        for area in recurrence.index
    }
    assert recurrence.to_dict() == pytest.approx(recurs)


def test_the_areas_told_of_are_those_of_one_delineation(sardinia, sure_of_sardinia):
    drawn = delineate_areas(sardinia)
    assert sure_of_sardinia.towns()["area_id"].to_dict() == dict(drawn.partition.area_of)


@pytest.mark.parametrize("vary", [["flows"], ["parameters"], ["flows", "parameters"]])
def test_the_same_seed_gives_the_same_answer_with_one_thread_or_two(vary):
    flows = random_flows(8)
    ranges = {} if "parameters" not in vary else {"ranges": AreaRanges(**HELD | WIDE)}
    one, two = (
        stability_of_areas(flows, SMALL, draws=50, seed=5, vary=vary, threads=threads, **ranges)
        for threads in (1, 2)
    )
    assert (one.head == two.head).all()
    pd.testing.assert_frame_equal(one.redrawings, two.redrawings)


WIDE = {"min_workers": (200, 800), "target_self_containment": (0.7, 0.9)}


def test_another_seed_gives_another_answer():
    flows = random_flows(8)
    one, other = (stability_of_areas(flows, SMALL, draws=20, seed=seed) for seed in (1, 2))
    assert (one.head != other.head).any()


def test_more_draws_begin_with_the_same_ones():
    """Each draw has a chance of its own, so a longer run goes on where a shorter one ended."""
    flows = random_flows(8)
    few, many = (stability_of_areas(flows, SMALL, draws=draws, seed=3) for draws in (7, 21))
    assert (many.head[:7] == few.head).all()


def test_a_latin_hypercube_has_one_set_in_each_part_of_each_range():
    sure = stability_of_areas(
        random_flows(1), SMALL, draws=10, vary=["parameters"], ranges=AreaRanges(**HELD | WIDE)
    )
    for name, (low, high) in WIDE.items():
        parts = np.floor((sure.redrawings[name] - low) / (high - low) * 10)
        assert sorted(parts) == list(range(10))
    assert (sure.redrawings["target_workers"] == SMALL.target_workers).all()


def test_what_a_process_is_sent_survives_the_way():
    basis = basis_of(random_flows(2), contiguity=None, centres=(), borders=None)
    lots = [Lot(SMALL, chance) for chance in np.random.SeedSequence(1).spawn(3)]
    sent = pickle.loads(pickle.dumps(partial(redraw, basis)))  # noqa: S301 - our own
    for here, there in zip(redraw(basis, lots), sent(lots), strict=True):
        assert (here.head == there.head).all()
        assert here.outcome == there.outcome


@pytest.mark.slow
def test_processes_give_the_same_answer():
    flows = random_flows(8)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        there = stability_of_areas(flows, SMALL, draws=8, seed=2, executor=executor)
    here = stability_of_areas(flows, SMALL, draws=8, seed=2, threads=1)
    assert (here.head == there.head).all()
    pd.testing.assert_frame_equal(here.redrawings, there.redrawings)
