"""How tables of births, deaths and migration become rates of a step."""

import numpy as np
import pandas as pd
import pytest

from comarca.demography.projection import ProjectionParams, tables
from comarca.demography.projection.schedules import middles, migration_shape
from comarca.model.region import typed_frame

PARAMS = ProjectionParams(years=10)
SHAPE = migration_shape(5, PARAMS)
PEOPLE = np.full((2, 21), 100.0)


def moves_of(rows):
    return tables.migration(typed_frame("migration", rows), PEOPLE, 2020, SHAPE, PARAMS)


def banded(values):
    """Rows of five-year bands from birth on."""
    n = len(values)
    return pd.DataFrame(
        {
            "year": 2020,
            "age_from": [5 * at for at in range(n)],
            "age_to": [5 * at + 4 for at in range(n)],
            "net_rate": values,
        }
    )


def test_rates_by_age_take_the_shape_of_the_model_schedule():
    """Noise around the schedule is smoothed away; twice the level stays twice the level."""
    noise = np.random.default_rng(4).normal(1, 0.15, 16)
    true = 0.01 * SHAPE[:16]

    moves = moves_of(banded(-true * noise))

    fitted = moves.migration[0, 0, :16] / 5
    assert (fitted < 0).all()
    assert np.abs(fitted + true).max() < np.abs(true * noise - true).max()


def test_rates_of_both_signs_are_used_as_told():
    told = np.tile([0.01, -0.02], 8)

    moves = moves_of(banded(told))

    assert moves.migration[0, 0, :16] == pytest.approx(5 * told)
    assert moves.migration[0, 0, 16:] == pytest.approx(0)  # nobody told of them


def test_a_total_rate_moves_so_many_of_all():
    moves = moves_of(pd.DataFrame({"year": [2020], "net_rate": [-0.01]}))

    leaving = -(moves.migration[0] * PEOPLE).sum()
    assert leaving == pytest.approx(0.01 * 5 * PEOPLE.sum())
    young = moves.migration[0, 0, 4]
    assert young == moves.migration[0, 0].min()


def test_persons_of_bands_are_spread_over_their_years():
    rows = pd.DataFrame(
        {
            "town_id": "ash",
            "year": 2020,
            "sex": "female",
            "age_from": [10, 20],
            "age_to": [19, 29],
            "net_persons": [20.0, -40.0],
        }
    )

    moves = moves_of(rows)

    assert moves.migrants[0, 0, 2:6].tolist() == [50, 50, -100, -100]
    assert moves.migrants[0, 1].tolist() == [0] * 21


def test_deaths_fall_after_the_last_year_told():
    """By one per cent a year: from the middle of the first step to that of the second, by five."""
    survival = tables.survival(None, 2020, PARAMS)

    fall = (1 - survival[1]) / (1 - survival[0])
    assert fall == pytest.approx(np.exp(-0.05), rel=1e-9)


def test_children_a_woman_bears_add_up_to_the_total():
    births = tables.fertility(None, 2020, PARAMS)

    assert 5 * births[0].sum() == pytest.approx(PARAMS.total_fertility)
    mean = (births[0] * middles(5)).sum() / births[0].sum()
    assert mean == pytest.approx(PARAMS.mean_age_of_mothers, abs=0.3)


def test_death_rates_of_one_sex_leave_the_other_assumed():
    rows = typed_frame(
        "mortality", pd.DataFrame({"year": [2020], "sex": ["female"], "life_expectancy": [85.0]})
    )

    told, assumed = tables.survival(rows, 2020, PARAMS), tables.survival(None, 2020, PARAMS)

    assert (told[0, 0] >= assumed[0, 0]).all()
    assert told[0, 1] == pytest.approx(assumed[0, 1])
