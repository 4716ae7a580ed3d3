"""People who moved on paper."""

from comarca.demography import DiagnosisParams, diagnose
from people_world import people_region

YEARS = (1990, 1995, 2000, 2005, 2010)


def region_with(series, places=None):
    counts = [
        (town, year, persons)
        for town, values in series.items()
        for year, persons in zip(YEARS, values, strict=True)
        if persons is not None
    ]
    return people_region(counts, places)


EXCHANGED = {
    "ash": (10_000, 10_000, 12_000, 12_000, 12_000),
    "birch": (8_000, 8_000, 6_100, 6_100, 6_100),
    "cedar": (5_000, 5_000, 5_000, 5_000, 5_000),
}


def test_a_jump_shared_out_to_a_neighbour_is_suspected():
    found = diagnose(region_with(EXCHANGED)).boundary_changes

    assert found[["town_id", "year_from", "year_to", "neighbour_ids"]].to_numpy().tolist() == [
        ["ash", 1995, 2000, "birch"],
        ["birch", 1995, 2000, "ash"],
    ]
    assert found["jump_persons"].round().tolist() == [2_000, -1_900]


def test_a_jump_far_away_makes_up_for_nothing():
    places = {"ash": (47.0, 20.0), "birch": (49.0, 20.0), "cedar": (47.1, 20.0)}

    assert diagnose(region_with(EXCHANGED, places)).boundary_changes.empty
    wide = DiagnosisParams(boundary_km=300)
    assert len(diagnose(region_with(EXCHANGED, places), wide).boundary_changes) == 2


def test_a_jump_that_nobody_makes_up_for_is_growth():
    grown = {**EXCHANGED, "birch": (8_000,) * 5}

    assert diagnose(region_with(grown)).boundary_changes.empty


def test_a_new_municipality_is_traced_to_the_old_one():
    series = {
        "ash": (10_000, 10_100, 7_000, 7_070, 7_141),
        "birch": (None, None, 3_100, 3_131, 3_162),
        "cedar": (5_000, 5_050, 5_101, 5_152, 5_203),
    }

    found = diagnose(region_with(series)).boundary_changes.set_index("town_id")

    assert found.loc["birch", "neighbour_ids"] == "ash"
    assert found["is_first_count"].all()


def test_steady_growth_beside_steady_loss_is_no_boundary_change():
    series = {
        "ash": (10_000, 11_000, 12_100, 13_310, 14_641),
        "birch": (10_000, 9_000, 8_100, 7_290, 6_561),
    }

    assert diagnose(region_with(series)).boundary_changes.empty


def test_a_town_that_is_always_restless_shows_no_break():
    series = {
        "ash": (10_000, 13_000, 9_000, 12_500, 9_500),
        "birch": (10_000, 10_000, 12_000, 12_000, 12_000),
    }

    assert diagnose(region_with(series)).boundary_changes.empty
