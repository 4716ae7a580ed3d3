"""The effect of an opening in a region: who is compared, what is left aside, what is known."""

import numpy as np
import pandas as pd
import pytest

from comarca.demography.effects import (
    EffectParams,
    contributions,
    effect_of_opening,
    employment_panel,
    population_panel,
    rank_growth,
)
from comarca.errors import ParameterError
from comarca.model.region import Region, typed_frame
from effect_worlds import panel_of, region_with_university


def changed(region: Region, name: str, frame: pd.DataFrame) -> Region:
    return Region(
        name=region.name,
        towns=region.towns,
        tables={**region.tables, name: typed_frame(name, frame)},
    )


def test_towns_with_an_institution_of_their_own_are_no_donors():
    region = region_with_university()
    table = region.table("institutions")
    other = table.assign(institution_id="other", town_id="t01")
    found = effect_of_opening(changed(region, "institutions", pd.concat([table, other])), "t00")

    assert found.left_out["t01"] == "with such an event of their own"
    assert found.control is not None
    assert "t01" not in found.control.donors.index
    assert found.staggered is not None
    assert found.staggered.n_treated == 2


def test_near_towns_and_those_of_another_size_are_no_donors():
    region = region_with_university()
    params = EffectParams(distance_km=150, size_ratio=1.1)
    found = effect_of_opening(region, "t00", params=params)

    assert found.left_out["t01"] == "too near"  # a degree is 111 km
    assert "of another size" in found.left_out.values()


def test_a_misprint_of_the_town_is_left_out_and_told():
    region = region_with_university()
    table = region.table("population").copy()
    row = (table["town_id"] == "t00") & (table["year"] == 2010)
    table.loc[row, "persons"] = table.loc[row, "persons"] // 10
    found = effect_of_opening(changed(region, "population", table), "t00")

    assert 2010 not in found.years
    assert "people of Town 0 in 2010 is suspicious" in found.notes[0]
    assert found.status == "estimated"


def test_a_misprint_of_another_town_leaves_that_town_out():
    region = region_with_university()
    table = region.table("population").copy()
    row = (table["town_id"] == "t07") & (table["year"] == 1990)
    table.loc[row, "persons"] = table.loc[row, "persons"] * 10
    panel, notes = population_panel(changed(region, "population", table), "t00")

    assert panel is not None
    assert panel.left_out == {"t07": "a count is suspicious"}
    assert notes == ()


def test_counts_of_another_basis_are_not_compared():
    region = region_with_university()
    table = region.table("population").copy()
    table["basis"] = "municipality"
    table.loc[table["town_id"] == "t03", "basis"] = "locality"
    panel, _ = population_panel(changed(region, "population", table), "t00")

    assert panel is not None
    assert panel.left_out == {"t03": "not counted in every year"}


def test_a_town_that_was_never_counted_is_refused_not_guessed():
    region = region_with_university()
    table = region.table("population")
    without = table[table["town_id"] != "t00"]
    found = effect_of_opening(changed(region, "population", without), "t00")

    assert (found.status, found.reasons) == ("refused", ("Town 0 was never counted",))
    assert found.ranks == ()
    assert "Town 0 was never counted" in found.summary()


def test_jobs_at_several_levels_are_not_added_up():
    region = region_with_university()
    table = region.table("employment")
    parts = table.assign(isic="C10", persons=table["persons"] / 2)
    both = changed(region, "employment", pd.concat([table, parts]))

    with pytest.raises(ParameterError, match="several levels"):
        employment_panel(both, "t00")
    panel, _ = employment_panel(both, "t00", isic="C10")
    assert panel is not None
    assert panel.outcome == "jobs in C10"


def test_a_fit_that_does_not_follow_the_town_is_told_as_poor():
    """The town swings as no mixture of the others can."""
    region = region_with_university(effect=0.0)
    table = region.table("population").copy()
    own = table["town_id"] == "t00"
    swing = np.where(np.arange(own.sum()) % 2 == 0, 1.25, 0.8)
    table.loc[own, "persons"] = (table.loc[own, "persons"].to_numpy(float) * swing).round()
    found = effect_of_opening(changed(region, "population", table), "t00")

    assert found.status == "weak"
    assert "the mixture does not go as the town did before" in found.reasons


def test_growth_is_ranked_among_towns_of_like_size_at_the_beginning():
    panel = panel_of(
        {
            "t": [100.0, 150.0],
            "alike": [120.0, 240.0],
            "small": [10.0, 90.0],
            "slow": [90.0, 80.0],
            "with one": [100.0, 900.0],
        }
    )

    found = rank_growth(panel, "t", 2000, 2001, size_ratio=2, without=["with one"])

    assert (found.rank, found.n_towns, found.multiple) == (2, 3, 1.5)
    assert found.share_as_fast == pytest.approx(2 / 3)
    assert list(found.table["unit"]) == ["alike", "t", "slow"]
    assert "rank 2 of 3 towns" in found.summary()
    assert rank_growth(panel, "t", 2000, 2001).n_towns == 5


def test_years_that_were_not_counted_are_refused_together():
    with pytest.raises(ParameterError) as refusal:
        rank_growth(panel_of({"t": [1.0, 2.0]}), "t", 1990, 2020)

    assert len(refusal.value.faults) == 2


def test_each_of_the_six_ways_is_known_assumed_or_not_in_the_data():
    """2,000 students: 150 l a day make 109,500 m³ a year, 0.8 kg make 584 t; both are assumed."""
    found = contributions(region_with_university(), "t00", 2000)
    by_indicator = {one.indicator: one for one in found}

    assert {one.way for one in found} == {1, 2, 3, 4, 5, 6}
    water = by_indicator["Drinking water of the students"]
    waste = by_indicator["Solid waste of the students"]
    assert (water.value, water.known) == (pytest.approx(109_500), "assumed")
    assert (waste.value, waste.known) == (pytest.approx(584), "assumed")
    assert by_indicator["Students"].value == 2_000
    assert by_indicator["Land built on"].known == "not in the data"
    assert by_indicator["Land built on"].value is None
    jobs = by_indicator["Jobs in all industries, change from 1998 to 2020"]
    assert jobs.known == "known"


def test_students_that_one_institution_does_not_tell_are_not_zero():
    region = region_with_university()
    table = region.table("institutions")
    other = table.assign(institution_id="other", students=pd.NA)
    found = contributions(changed(region, "institutions", pd.concat([table, other])), "t00", 2000)

    assert {one.known for one in found if "tudent" in one.indicator} == {"not in the data"}


def test_a_ridge_correction_asks_for_three_counts_and_is_refused_with_two():
    found = effect_of_opening(
        region_with_university(), "t00", 1964, EffectParams(method="augmented")
    )

    assert found.status == "refused"
    assert "3 counts are needed" in found.reasons[0]
