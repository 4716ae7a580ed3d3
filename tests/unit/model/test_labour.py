"""Who could work at home, counted by hand."""

import numpy as np
import pandas as pd
import pytest

from comarca.errors import ParameterError, UnknownTownError
from comarca.model.labour import COLUMNS, LabourParams, LabourPools, available_labour
from comarca.model.matrices import FlowMatrix, TravelMatrix
from comarca.model.region import Region, typed_frame

TOWNS = ("ash", "birch", "city")
MINUTES = np.array([[0, 20, 45], [20, 0, 31], [45, 31, 0]], dtype=float)
PARAMS = LabourParams(
    unemployed_share=0.5,
    long_commute_min=30,
    commuter_share=0.1,
    inactive_share=0.05,
    adult_share=0.6,
)


def region(labour_rows=None, **columns):
    towns = {
        "town_id": list(TOWNS),
        "name": list(TOWNS),
        "lat": [0.0, 1.0, 2.0],
        "lon": [0.0, 0.0, 0.0],
        "population": [1_000, 500, 9_000],
        "labour_force": [400, 310, 5_000],
        "unemployed": [40, 10, 100],
    }
    rows = labour_rows or [
        ("ash", "basic", 270, 30, 2.0),
        ("ash", "secondary", 90, 10, 3.0),
        ("birch", "basic", 300, 10, 2.0),
        ("city", "higher", 4_900, 100, 9.0),
    ]
    names = ["town_id", "skill", "workers", "unemployed", "wage_per_h"]
    return Region(
        name="paper",
        towns=typed_frame("towns", pd.DataFrame(towns | columns)),
        tables={"labour": typed_frame("labour", pd.DataFrame(rows, columns=names))},
    )


def flows(persons=((200, 60, 100), (0, 250, 50), (0, 0, 4_900)), towns=TOWNS):
    return FlowMatrix(towns, np.array(persons))


def travel(minutes=MINUTES, towns=TOWNS):
    return TravelMatrix(towns, "bus", minutes, 2 * minutes, "table")


def groups(pools):
    return {(row.town_id, row.skill, row.kind): row.workers for row in pools.frame.itertuples()}


def test_pools_counted_by_hand():
    """
    Half the unemployed; a tenth of those who go more than half an hour; a twentieth of the adults.

    Ash: 100 go 45 minutes, the 60 who go 20 do not count; 7.5 and 2.5 of 10 by skill make 7 and 2;
    600 adults less 400 leave 200, a twentieth of them by skill 7 and 2. Birch: 50 go 31 minutes;
    its labour force exceeds its 300 adults.
    """
    assert groups(available_labour(region(), flows(), travel(), PARAMS)) == {
        ("ash", "basic", "unemployed"): 15,
        ("ash", "secondary", "unemployed"): 5,
        ("birch", "basic", "unemployed"): 5,
        ("city", "higher", "unemployed"): 50,
        ("ash", "basic", "commuter"): 7,
        ("ash", "secondary", "commuter"): 2,
        ("birch", "basic", "commuter"): 5,
        ("ash", "basic", "inactive"): 7,
        ("ash", "secondary", "inactive"): 2,
        ("city", "higher", "inactive"): 20,
    }


def test_commuters_save_the_mean_way_there_and_back():
    """With both ways long, 60 go 40 km and 100 go 90 km: 71.25 km on average, twice a day."""
    params = PARAMS.model_copy(update={"long_commute_min": 10})
    frame = available_labour(region(), flows(), travel(), params).frame
    ash = frame[(frame["town_id"] == "ash") & (frame["kind"] == "commuter")].iloc[0]

    assert ash["saved_km_per_day"] == pytest.approx(2 * (60 * 40 + 100 * 90) / 160)
    assert ash["saved_min_per_day"] == pytest.approx(2 * (60 * 20 + 100 * 45) / 160)
    assert (frame.loc[frame["kind"] != "commuter", "saved_km_per_day"] == 0).all()


def test_wages_are_those_of_town_and_skill():
    frame = available_labour(region(), flows(), travel(), PARAMS).frame

    assert set(frame.loc[frame["skill"] == "secondary", "present_wage_per_h"]) == {3.0}


def test_a_tenth_of_thirty_is_three():
    """0.1 x 30 is a hair above or below 3 in floating point; it counts as three."""
    assert groups(
        available_labour(
            region([("ash", "basic", 30, 30, 2.0)]),
            flows(((0, 0, 30), (0, 0, 0), (0, 0, 0))),
            travel(),
            PARAMS.model_copy(update={"unemployed_share": 0.1, "inactive_share": 0.0}),
        )
    ) == {("ash", "basic", "unemployed"): 3, ("ash", "basic", "commuter"): 3}


def test_a_town_without_workers_still_has_its_unemployed_and_inactive():
    """Skills of the inactive are then those of the unemployed."""
    found = groups(
        available_labour(
            region([("ash", "basic", 0, 30, 2.0), ("ash", "secondary", 0, 10, 3.0)]),
            flows(((0, 0, 0), (0, 0, 0), (0, 0, 0))),
            travel(),
            PARAMS,
        )
    )

    assert found["ash", "basic", "unemployed"] == 15
    assert found["ash", "basic", "inactive"] == 7  # three quarters of 200 / 20


def test_a_way_that_does_not_exist_is_no_long_commute():
    minutes = np.where(MINUTES == 45, np.inf, MINUTES)
    found = groups(available_labour(region(), flows(), travel(minutes), PARAMS))

    assert ("ash", "basic", "commuter") not in found


def test_town_order_of_the_matrices_does_not_matter():
    order = [2, 0, 1]
    towns = tuple(TOWNS[at] for at in order)
    turned = available_labour(
        region(),
        flows(np.array([[200, 60, 100], [0, 250, 50], [0, 0, 4_900]])[np.ix_(order, order)], towns),
        travel(MINUTES[np.ix_(order, order)], towns),
        PARAMS,
    )

    pd.testing.assert_frame_equal(
        turned.frame, available_labour(region(), flows(), travel(), PARAMS).frame
    )


@pytest.mark.parametrize("which", ["flows", "travel"])
def test_a_town_missing_in_a_matrix_is_named(which):
    small = ("ash", "city")
    matrices = {"flows": flows(), "travel": travel()} | (
        {"flows": flows(((1, 0), (0, 1)), small)}
        if which == "flows"
        else {"travel": travel(MINUTES[:2, :2], small)}
    )

    with pytest.raises(UnknownTownError, match="birch"):
        available_labour(region(), matrices["flows"], matrices["travel"], PARAMS)


def test_a_region_that_was_not_completed_is_refused():
    bare = Region(name="bare", towns=region().towns)

    with pytest.raises(ParameterError, match="complete"):
        available_labour(bare, flows(), travel(), PARAMS)


def test_the_labour_table_is_left_as_it_was():
    given = region()
    before = given.tables["labour"].copy()

    available_labour(given, flows(), travel(), PARAMS)

    pd.testing.assert_frame_equal(given.tables["labour"], before)


def test_summary_and_groups_of_one_town():
    pools = available_labour(region(), flows(), travel(), PARAMS)

    assert pools.summary() == (
        "118 could work at home in 3 towns: 14 commuter, 29 inactive, 75 unemployed"
    )
    assert pools.of_town("birch")["workers"].sum() == 10


def test_nobody_is_told_as_nobody():
    nobody = LabourPools(pd.DataFrame(columns=list(COLUMNS)))

    assert nobody.summary() == "0 could work at home in 0 towns: nobody"


def test_pools_refuse_a_group_that_stands_twice_and_a_missing_column():
    row = ("ash", "basic", "inactive", 3, 2.0, 0.0, 0.0)

    with pytest.raises(ParameterError, match="more than once"):
        LabourPools(pd.DataFrame([row, row], columns=list(COLUMNS)))
    with pytest.raises(ParameterError, match="workers"):
        LabourPools(pd.DataFrame([row], columns=list(COLUMNS)).drop(columns="workers"))
