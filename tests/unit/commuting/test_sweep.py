"""What parameters do to areas, in worlds small enough to work out by hand."""

import numpy as np
import pandas as pd
import pytest

from comarca.commuting import AreaParams, AreaRanges, SweepGrid, sweep_parameters
from comarca.commuting.areas.outcome import Outcome
from comarca.commuting.stability.area_sweep import AreaSweep
from comarca.commuting.stability.importance import explained_shares
from comarca.errors import ParameterError
from stability_world import AS_GIVEN, BETWEEN, SMALL, random_flows

SIZES = SweepGrid(min_workers=(50, 90, 150), target_self_containment=(0.7, 0.75))


def test_every_combination_is_a_row():
    sweep = sweep_parameters(BETWEEN, AS_GIVEN, grid=SIZES)
    assert sweep.table["min_workers"].to_list() == [50, 50, 90, 90, 150, 150]
    assert sweep.table["target_self_containment"].to_list() == [0.7, 0.75] * 3
    assert sweep.table["n_areas"].to_list() == [2, 2, 2, 2, 1, 1]
    assert sweep.outcome.n_areas == 2
    assert sweep.n_left_out == 0


def test_effects_and_influence_by_hand():
    """Only the least size decides: two areas at 50 and 90, one at 150."""
    sweep = sweep_parameters(BETWEEN, AS_GIVEN, grid=SIZES)
    effects = sweep.effects().set_index(["parameter", "value"])
    assert effects["mean"].to_list() == [2, 2, 1, 5 / 3, 5 / 3]
    assert effects["n_sets"].to_list() == [2, 2, 2, 3, 3]
    influence = sweep.influence()
    assert influence.index.to_list() == ["min_workers", "target_self_containment"]
    assert influence["share_of_variance"].to_list() == pytest.approx([1, 0], abs=1e-12)
    assert influence.loc["min_workers", ["at_lowest", "at_highest"]].to_list() == [2, 1]


def test_summary_says_what_decides():
    assert sweep_parameters(BETWEEN, AS_GIVEN, grid=SIZES).summary() == (
        "6 parameter sets: 1 to 2 areas; as given 2\n"
        "working residents who work inside their area: 99.7% to 100.0%; as given 99.7%\n"
        "what decides the number of areas (share of its variance):\n"
        "  min_workers: 100%; 2.0 areas at its lowest value, 1.0 at its highest\n"
        "  target_self_containment: 0%; 1.7 areas at its lowest value, 1.7 at its highest"
    )


def test_contradictory_combinations_are_left_out_and_counted():
    grid = SweepGrid(min_workers=(500, 2_000), target_workers=(1_000, 3_000))
    sweep = sweep_parameters(BETWEEN, AS_GIVEN, grid=grid)
    assert len(sweep.table) == 3
    assert sweep.n_left_out == 1
    assert "1 contradictory combination left out" in sweep.summary()


def test_a_grid_of_contradictions_alone_is_refused():
    with pytest.raises(ParameterError, match="every combination of the grid contradicts itself"):
        sweep_parameters(BETWEEN, AS_GIVEN, grid=SweepGrid(min_workers=(2_000, 3_000)))


def test_a_parameter_outside_the_grid_stays_as_it_is():
    """Asked to exchange 50 persons, Ash and Birch may join nobody."""
    params = AS_GIVEN.model_copy(update={"min_workers": 150.0})
    sweep = sweep_parameters(BETWEEN, params, grid=SweepGrid(min_flow=(0, 50)))
    assert sweep.table["without_area"].to_list() == [0, 2]
    assert next(iter(sweep.table)) == "min_flow"


def test_the_default_grid_spans_the_ranges():
    grid = SweepGrid.over(levels=3)
    assert grid.min_workers == (1_000, 2_250, 3_500)
    assert grid.min_flow is None
    assert SweepGrid.over().min_workers == (1_000, 1_830, 2_670, 3_500)
    assert SweepGrid.over().min_self_containment == (0.6, 0.633, 0.667, 0.7)
    held = SweepGrid.over(AreaRanges(target_workers=(9_000, 9_000)), levels=2)
    assert held.target_workers == (9_000,)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "the grid is empty"),
        ({"min_workers": ()}, "min_workers is empty; expected rising values, each once"),
        ({"min_workers": (2, 1)}, "min_workers is 2, 1; expected rising"),
        ({"min_workers": (1, 1)}, "min_workers is 1, 1; expected rising"),
        ({"min_workers": (0, 1)}, "min_workers.0 is 0"),
        ({"target_self_containment": (0.5, 1.5)}, "target_self_containment.1 is 1.5"),
        ({"repair": (1,)}, "repair is not a setting of SweepGrid"),
    ],
)
def test_a_grid_that_makes_no_sense_is_refused(given, told):
    with pytest.raises(ParameterError, match=told):
        SweepGrid(**given)


def test_one_level_is_no_sweep():
    with pytest.raises(ParameterError, match="levels is 1; expected 2 or more"):
        SweepGrid.over(levels=1)


def test_a_figure_nobody_computes_is_refused():
    sweep = sweep_parameters(BETWEEN, AS_GIVEN, grid=SIZES)
    for figure in ("areas", "status"):
        with pytest.raises(ParameterError, match=f'figure is "{figure}"; expected one of n_areas'):
            sweep.influence(figure)


def swept(n_areas: list[int], closure: list[float]) -> AreaSweep:
    """A sweep of one parameter with these results."""
    sizes = tuple(range(1, len(n_areas) + 1))
    nothing = dict.fromkeys(Outcome._fields, 0.0)
    table = pd.DataFrame(
        {"min_workers": sizes, **nothing} | {"n_areas": n_areas, "self_containment_supply": closure}
    )
    return AreaSweep(
        params=AreaParams(),
        grid=SweepGrid(min_workers=sizes),
        outcome=Outcome(**(nothing | {"n_areas": 1})),
        table=table,
    )


def test_frontier_by_hand():
    """Beaten: 2 (by 3, as many areas), 4 (by 1), 6 (same as 5), 7 (no areas)."""
    sweep = swept([9, 7, 7, 5, 4, 4, 0], [0.8, 0.7, 0.85, 0.79, 0.9, 0.9, np.nan])
    assert sweep.frontier()["min_workers"].to_list() == [1, 3, 5]


def test_nothing_decides_a_number_that_never_changes():
    assert swept([3, 3, 3], [0.5, 0.6, 0.7]).influence()["share_of_variance"].to_list() == [0]
    assert "what decides" not in swept([3, 3], [0.5, 0.6]).summary()


def test_no_areas_anywhere_is_told_without_shares():
    sweep = swept([0, 0], [np.nan, np.nan])
    assert sweep.summary() == "2 parameter sets: 0 to 0 areas; as given 1"
    assert np.isnan(sweep.headline()["self_containment_most"])
    assert sweep.influence("self_containment_supply")["share_of_variance"].to_list() == [0]
    assert sweep.frontier().empty


def test_additive_factors_share_the_variance_exactly():
    """Figure 3a + b over a, b in {0, 1}: variances 9/4 and 1/4."""
    a, b = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    assert explained_shares([a, b], 3.0 * a + b) == pytest.approx([0.9, 0.1])


def test_what_factors_do_together_is_nobodys():
    a, b = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    assert explained_shares([a, b], 1.0 * (a == b)) == pytest.approx([0, 0])


def test_entangled_factors_share_what_they_explain_alike():
    """Two factors that always go together each get half."""
    a = np.array([0, 0, 1, 1])
    assert explained_shares([a, a], 1.0 * a) == pytest.approx([0.5, 0.5])


def test_as_many_threads_as_one_wants():
    one = sweep_parameters(random_flows(4), SMALL, threads=1)
    two = sweep_parameters(random_flows(4), SMALL, threads=2)
    pd.testing.assert_frame_equal(one.table, two.table)
    assert len(one.table) == 240
    assert one.n_left_out == 16
