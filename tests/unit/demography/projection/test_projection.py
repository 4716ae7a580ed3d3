"""Projections of small regions."""

import numpy as np
import pandas as pd
import pytest

from comarca.demography.projection import ProjectionParams, project_population
from comarca.demography.projection.trends import past_trends
from comarca.errors import ParameterError
from comarca.examples import four_towns
from people_world import aged_region, people_region, region_of

QUICK = {"draws": 60, "years": 20}
STILL = {
    "fertility_sd": 0,
    "mortality_sd": 0,
    "drift_sd": 0,
    "drift_sd_small": 0,
    "drift_sd_region": 0,
}


def counted(years, **towns):
    """Rows of town, year, persons."""
    return [
        (town, year, persons)
        for town, values in towns.items()
        for year, persons in zip(years, values, strict=True)
    ]


def projected(region, **given):
    return project_population(region, ProjectionParams(**(QUICK | given)))


def course(found, town):
    return found.towns[found.towns["town_id"] == town].set_index("year")["persons"]


def fives(town, year, per_group, groups=17):
    """A town with as many of either sex in each of 17 age groups, 80 and more the last."""
    return [
        {
            "town_id": town,
            "year": year,
            "sex": sex,
            "age_from": 5 * group,
            "age_to": 5 * group + 4 if group < groups - 1 else None,
            "persons": per_group,
        }
        for sex in ("female", "male")
        for group in range(groups)
    ]


def test_every_town_has_a_row_a_step_that_the_changes_explain():
    found = projected(four_towns())

    assert len(found.towns) == 4 * 5
    steps = found.changes.groupby("town_id")[["births", "deaths", "net_migrants"]].sum()
    for town in ("ash", "birch", "cedar", "dale"):
        ends = course(found, town)
        told = steps.loc[town]
        assert ends[2040] - ends[2020] == pytest.approx(
            told["births"] - told["deaths"] + told["net_migrants"]
        )


def test_a_projection_begins_with_what_was_counted():
    found = projected(four_towns())

    assert course(found, "ash")[2020] == pytest.approx(40_000)
    assert found.persons[:, 0].sum() == pytest.approx(68_000)


def test_ages_are_told_band_by_band():
    ages = projected(four_towns()).ages()

    assert ages["age_to"].isna().sum() == 4 * 5 * 2
    assert ages.groupby("town_id")["persons"].sum().loc["ash"] > 0
    assert set(ages["sex"]) == {"female", "male"}


def test_without_shocks_every_future_is_the_course():
    found = projected(four_towns(), **STILL, learns_from_past=False)

    for column in ("low_95", "median", "high_95"):
        assert found.towns[column].to_numpy() == pytest.approx(found.towns["persons"].to_numpy())


def test_the_fan_widens_and_holds_the_course():
    found = projected(four_towns(), draws=400)

    ash = found.towns[found.towns["town_id"] == "ash"]
    widths = (ash["high_80"] - ash["low_80"]).to_numpy()
    assert (np.diff(widths) > 0).all()
    inside = (ash["low_80"] <= ash["persons"]) & (ash["persons"] <= ash["high_80"])
    assert inside[1:].all()
    assert (ash["low_95"] <= ash["low_80"]).all()


def test_a_town_has_the_same_future_whatever_the_order_of_the_towns():
    region = four_towns()
    turned = type(region)(
        name=region.name, towns=region.towns.iloc[::-1], tables=dict(region.tables)
    )

    one, other = projected(region), projected(turned)

    columns = ["town_id", "year", "persons", "low_80", "high_80"]
    pd.testing.assert_frame_equal(
        one.towns[columns].sort_values(["town_id", "year"], ignore_index=True),
        other.towns[columns].sort_values(["town_id", "year"], ignore_index=True),
    )


def test_the_seed_decides():
    first, again = projected(four_towns(), seed=1), projected(four_towns(), seed=1)
    other = projected(four_towns(), seed=2)

    assert first.towns["low_80"].tolist() == again.towns["low_80"].tolist()
    assert first.towns["low_80"].tolist() != other.towns["low_80"].tolist()
    assert first.towns["persons"].tolist() == other.towns["persons"].tolist()


@pytest.mark.parametrize("width", [1, 5])
def test_growth_of_the_past_goes_on_for_as_long(width):
    """A town alone with its trend keeps it: 1 % a year over ten years more."""
    counts = [(t, y, p) for t in ("ash", "birch") for y, p in ((2010, 10_000), (2020, 11_046))]

    found = projected(people_region(counts), age_width=width, years=10)

    assert course(found, "ash")[2030] / 11_046 == pytest.approx(1.1046, rel=1e-4)


def test_years_and_fives_agree():
    counts = [(t, y, p) for t in ("ash", "birch") for y, p in ((2010, 10_000), (2020, 9_500))]

    fives_, years_ = (projected(people_region(counts), age_width=w) for w in (5, 1))

    assert course(fives_, "ash")[2040] == pytest.approx(course(years_, "ash")[2040], rel=0.02)


def test_small_towns_are_drawn_to_what_is_usual():
    counts = [
        ("ash", 2010, 100_000),
        ("ash", 2020, 110_517),
        ("birch", 2010, 500),
        ("birch", 2020, 250),
    ]
    totals = pd.DataFrame(counts, columns=["town_id", "year", "persons"]).assign(basis=None)
    params = ProjectionParams(trend_kept=1.0, trend_half_persons=1_000)

    trends = past_trends(totals, ("ash", "birch"), np.array([110_517.0, 250.0]), 2020, params)

    usual = (0.01 - np.log(2) / 10) / 2
    assert trends.expected[0] == pytest.approx(0.01, abs=0.001)
    share = 250 / 1_250
    assert trends.expected[1] == pytest.approx(usual + share * (-np.log(2) / 10 - usual))
    assert trends.sd_of(np.array([100.0, 1e6]))[0] > trends.sd_of(np.array([100.0, 1e6]))[1]


def test_how_trends_hold_is_learned_from_the_past():
    """Half of a departure persists in this world, whatever the size."""
    rng = np.random.default_rng(2)
    rows = []
    for n in range(300):
        size, departure = 10 ** rng.uniform(3, 5), rng.normal(0, 0.01)
        later = 0.5 * departure + rng.normal(0, 0.002)
        counts = np.exp(np.log(size) + np.array([0, 10 * departure, 10 * departure + 10 * later]))
        rows += [(f"t{n}", y, p) for y, p in zip((2000, 2010, 2020), counts, strict=True)]
    totals = pd.DataFrame(rows, columns=["town_id", "year", "persons"]).assign(basis=None)
    last = totals[totals["year"] == 2020]

    trends = past_trends(
        totals, tuple(last["town_id"]), last["persons"].to_numpy(), 2020, ProjectionParams()
    )

    assert trends.n_learned == 300
    assert trends.kept == pytest.approx(0.5, abs=0.1)
    assert trends.half_persons <= 500
    assert trends.sd == pytest.approx(0.002, rel=0.3)


def test_no_count_after_the_base_year_is_looked_at():
    counts = [
        ("ash", 2000, 10_000),
        ("ash", 2010, 9_000),
        ("birch", 2000, 9_000),
        ("birch", 2010, 9_900),
    ]
    later = [*counts, ("ash", 2020, 40_000), ("birch", 2020, 10)]

    known = projected(people_region(counts))
    again = projected(people_region(later), base_year=2010)

    assert known.towns["persons"].tolist() == again.towns["persons"].tolist()


def test_tables_of_a_region_replace_what_is_assumed():
    rows = pd.DataFrame(fives("ash", 2020, 100) + fives("birch", 2020, 100))
    tables = {
        "fertility": pd.DataFrame({"year": [2020], "births_per_woman": [0.0]}),
        "mortality": pd.DataFrame(
            {"year": [2020, 2020], "sex": ["female", "male"], "life_expectancy": [80.0, 75.0]}
        ),
        "migration": pd.DataFrame({"year": [2020], "net_rate": [0.0]}),
    }

    found = projected(region_of(rows, tables=tables))

    assert (found.changes["births"] == 0).all()
    assert found.changes["net_migrants"].to_numpy() == pytest.approx(0)
    assert set(found.inputs["fertility_from"]) == {"region"}
    used = {default.setting for default in found.assumed}
    assert "ProjectionParams.total_fertility" not in used
    assert "ProjectionParams.mortality_decline" in used


def test_rows_of_a_town_win_over_those_of_all_towns():
    rows = pd.DataFrame(fives("ash", 2020, 100) + fives("birch", 2020, 100))
    births = pd.DataFrame(
        {"town_id": [None, "ash"], "year": [2020, 2020], "births_per_woman": [2.0, 4.0]}
    )

    found = projected(region_of(rows, tables={"fertility": births}), migration="none", years=5)

    born = found.changes.set_index("town_id")["births"]
    assert found.inputs["fertility_from"].tolist() == ["own", "region"]
    assert born["ash"] == pytest.approx(2 * born["birch"])


def test_births_by_age_are_counted_by_hand():
    """A hundred women in each group of five years; one birth in ten a year from 20 to 29."""
    rows = pd.DataFrame(fives("ash", 2020, 100) + fives("birch", 2020, 100))
    births = pd.DataFrame(
        {"year": [2020], "age_from": [20], "age_to": [29], "births_per_woman": [0.1]}
    )
    deaths = pd.DataFrame(
        {"year": 2020, "age_from": [0, 50], "age_to": [49, None], "death_rate": [0.0, 0.1]}
    )

    found = projected(
        region_of(rows, tables={"fertility": births, "mortality": deaths}),
        migration="none",
        years=5,
    )

    assert found.changes["births"].tolist() == pytest.approx([100, 100])


def test_migrants_told_in_persons_are_shared_out_and_add_up():
    rows = pd.DataFrame(fives("ash", 2020, 100) + fives("birch", 2020, 100))
    moves = pd.DataFrame({"town_id": ["ash"], "year": [2020], "net_persons": [-12.0]})

    found = projected(region_of(rows, tables={"migration": moves}), migration="none", years=5)

    net = found.changes.set_index("town_id")["net_migrants"]
    assert net["ash"] == pytest.approx(-60)
    assert net["birch"] == pytest.approx(0)


def test_rates_hold_until_the_next_year_told():
    rows = pd.DataFrame(fives("ash", 2020, 100) + fives("birch", 2020, 100))
    births = pd.DataFrame({"year": [2010, 2027], "births_per_woman": [2.0, 0.0]})

    found = projected(region_of(rows, tables={"fertility": births}), migration="none", years=10)

    born = found.changes[found.changes["town_id"] == "ash"]["births"].tolist()
    assert born[0] > 0
    assert born[1] == 0


def test_ages_of_others_are_borrowed_and_told():
    places = pd.DataFrame(fives("ash", 2010, 100))
    totals = pd.DataFrame(
        {"town_id": ["ash", "birch"], "year": 2020, "persons": [6_800.0, 500.0], "sex": None}
    )

    found = projected(region_of(pd.concat([places, totals])))

    assert found.inputs["ages_from"].tolist() == ["counted 2010", "region"]
    assert course(found, "ash")[2020] == pytest.approx(6_800)
    assert course(found, "birch")[2020] == pytest.approx(500)


def test_the_total_of_the_region_is_met_and_the_adjustment_told():
    found = projected(four_towns(), region_totals={2030: 70_000, 2040: 65_000})

    by_year = found.region.set_index("year")["persons"]
    assert by_year[2030] == pytest.approx(70_000)
    assert by_year[2040] == pytest.approx(65_000)
    ash = found.changes[found.changes["town_id"] == "ash"]
    told = ash["births"] - ash["deaths"] + ash["net_migrants"] + ash["adjustment"]
    assert np.diff(course(found, "ash")) == pytest.approx(told.to_numpy())


def test_a_town_that_loses_most_of_its_people_is_told():
    counts = [
        ("ash", 2010, 4_000),
        ("ash", 2020, 2_000),
        ("birch", 2010, 3_000),
        ("birch", 2020, 1_500),
    ]

    found = projected(people_region(counts), draws=200)

    emptying = found.depopulating().set_index("town_id")
    assert emptying.loc["ash", "half_year"] in (2030, 2035)
    last = found.towns[found.towns["year"] == 2040].set_index("town_id")
    assert last.loc["ash", "p_half"] > 0.8
    assert last.loc["birch", "p_school"] >= last.loc["ash", "p_school"]


def test_nobody_stays_nobody():
    counts = counted((2010, 2020), ash=(0, 0), birch=(100, 100))

    found = projected(people_region(counts))

    assert (course(found, "ash") == 0).all()
    assert np.isfinite(found.towns["persons"]).all()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"years": 7}, "a multiple of age_width"),
        ({"school_age_from": 20, "school_age_to": 15}, "no more than school_age_to"),
        ({"region_totals": {2030: -5}}, "persons above 0"),
        ({"draws": 1}, "draws"),
        ({"age_width": 3}, "age_width"),
    ],
)
def test_settings_that_make_no_sense_are_refused(given, told):
    with pytest.raises(ParameterError, match=told):
        ProjectionParams(**given)


def test_totals_of_years_not_projected_are_refused():
    with pytest.raises(ParameterError, match="years after 2020, up to 2040"):
        projected(four_towns(), region_totals={2090: 5})
    with pytest.raises(ParameterError, match=r"region_totals is 2031; .* at steps of 5"):
        projected(four_towns(), region_totals={2030: 70_000, 2031: 70_000}, age_width=5)


def test_without_any_count_the_base_year_must_be_told():
    towns_only = type(four_towns())(name="No counts", towns=four_towns().towns)

    with pytest.raises(ParameterError, match="base_year is missing"):
        projected(towns_only)

    found = projected(towns_only, base_year=2020)
    assert set(found.inputs["ages_from"]) == {"assumed"}
    assert set(found.inputs["migration_from"]) == {"none"}
    assert any("no past is known" in note for note in found.notes)


def test_a_base_year_before_every_count_is_refused():
    with pytest.raises(ParameterError, match="expected a year with a count"):
        projected(four_towns(), base_year=1990)


def test_a_base_year_between_counts_is_refused_for_todays_people_are_not_its_own():
    counts = [("ash", 2000, 1_200), ("ash", 2010, 1_100), ("ash", 2020, 1_000)]

    with pytest.raises(ParameterError, match=r"2015; expected a year with a count \(2000, 2010"):
        projected(people_region(counts), base_year=2015)


def test_towns_not_counted_in_the_base_year_are_told():
    counts = [("ash", 2000, 1_200), ("ash", 2020, 1_000), ("birch", 2000, 900)]

    found = projected(people_region(counts))

    assert any("of 1 town nobody was counted in the base year" in note for note in found.notes)


def test_the_summary_says_where_it_is_heading():
    told = projected(four_towns()).summary()

    assert told.startswith("4 towns, 68,000 people in 2020;")
    assert "births are assumed" in told


def test_counts_by_age_of_both_sexes_together_are_parted():
    bands = ((0, 19), (20, 29), (30, 49), (50, 64), (65, None))
    region = aged_region([("ash", 2020, None, 400, 100, 300, 100, 100)], bands)

    found = projected(region)

    women = found.persons[0, 0, 0].sum()
    assert 480 < women < 560
