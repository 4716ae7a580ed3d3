"""Areas without the dominant core, nested, and by skill."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comarca.commuting import AreaParams, areas_by_skill, delineate_areas, nested_areas
from comarca.errors import ParameterError, UnknownTownError
from comarca.model.matrices import FlowMatrix

SMALL = AreaParams(
    min_workers=100,
    target_workers=1_000,
    min_self_containment=0.6,
    target_self_containment=0.75,
)
# Half of Ash, Birch and Elm work in the metropolis; the rest of Ash and Birch among themselves.
METROPOLIS = FlowMatrix(
    ("metro", "ash", "birch", "elm"),
    np.array(
        [
            [9_000, 10, 0, 10],
            [300, 200, 100, 0],
            [300, 100, 200, 0],
            [200, 0, 10, 190],
        ]
    ),
)


def test_the_metropolis_holds_areas_that_stand_without_it():
    nested = nested_areas(METROPOLIS, SMALL)
    assert nested.core == "metro"
    assert len(nested.with_core.partition.areas) == 1
    assert nested.within.partition.area_of == {
        "metro": None,
        "ash": "birch",
        "birch": "birch",
        "elm": "elm",
    }
    assert (
        nested.summary().splitlines()[1] == "the area of metro holds 2 areas that stand without it"
    )


@st.composite
def tables(draw):
    n_towns = draw(st.integers(2, 9))
    random = np.random.default_rng(draw(st.integers(0, 2**31)))
    persons = random.poisson(random.gamma(0.3, 30, (n_towns, n_towns)))
    persons += np.diag(random.poisson(random.gamma(0.6, 200, n_towns)))
    return FlowMatrix(tuple(f"town{town}" for town in range(n_towns)), persons)


@given(tables())
def test_inner_areas_lie_within_outer_ones(flows):
    nested = nested_areas(flows, SMALL)
    frame = nested.to_frame().dropna(subset="within")
    assert nested.core not in set(frame["town_id"])
    outer = frame.fillna({"with_core": ""}).groupby("within")["with_core"].nunique()
    assert (outer <= 1).all()


def test_an_unknown_core_is_refused():
    with pytest.raises(UnknownTownError):
        nested_areas(METROPOLIS, core="metropolis")
    with pytest.raises(ParameterError, match="no towns"):
        nested_areas(FlowMatrix((), np.zeros((0, 0))))


def test_less_mobile_groups_have_smaller_areas():
    """Twelve towns in a row; of the basic one in six works next door, of the higher one in two."""
    n_towns, workers = 12, 600
    ids = tuple(f"town{town:02}" for town in range(n_towns))
    beside = np.eye(n_towns, k=1) + np.eye(n_towns, k=-1)

    def going_next_door(share: float) -> FlowMatrix:
        out = workers * share * beside / beside.sum(axis=1, keepdims=True)
        return FlowMatrix(ids, np.rint(out) + np.diag(workers - np.rint(out).sum(axis=1)))

    by_skill = areas_by_skill(
        {"higher": going_next_door(1 / 2), "basic": going_next_door(1 / 6)}, SMALL
    )
    assert list(by_skill) == ["basic", "higher"]
    basic, higher = (len(areas.partition.areas) for areas in by_skill.values())
    assert basic > higher >= 1


def test_sizes_are_shared_out_among_skills():
    half = FlowMatrix(METROPOLIS.town_ids, METROPOLIS.persons)
    by_skill = areas_by_skill({"basic": half, "secondary": half}, SMALL)
    assert by_skill["basic"].params.min_workers == 50
    twice = FlowMatrix(METROPOLIS.town_ids, METROPOLIS.persons * 2)
    together = delineate_areas(twice, SMALL)
    assert dict(by_skill["basic"].partition.area_of) == dict(together.partition.area_of)
