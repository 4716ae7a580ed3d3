"""The comparison of a world that was computed on paper first; see ``tests/compare_world.py``."""

from math import inf, isnan

import numpy as np
import pandas as pd
import pytest

from comarca.errors import ParameterError, PlanningError, UnknownTownError
from comarca.model.labour import COLUMNS, LabourPools
from compare_world import (
    KM,
    PARAMS,
    PRICES,
    compare,
    empty_plan,
    freight_plan,
    pools,
    region,
    route,
    stop,
    table,
    travel,
    workshop,
)


def amounts(comparison, regime, town):
    """Amounts of one town by party and term."""
    rows = comparison.ledgers[
        (comparison.ledgers["regime"] == regime) & (comparison.ledgers["town_id"] == town)
    ]
    return {(row.party, row.term): row.amount_per_year for row in rows.itertuples()}


def by_party(comparison, regime):
    rows = comparison.ledgers[comparison.ledgers["regime"] == regime]
    return rows.groupby("party")["amount_per_year"].sum().to_dict()


def costs(comparison, regime, town):
    frame = comparison.cost_to_serve
    rows = frame[(frame["regime"] == regime) & (frame["town_id"] == town)]
    return dict(zip(rows["component"], rows["amount_per_worker_day"], strict=True))


def even(comparison, town):
    return comparison.break_even.set_index("town_id").loc[town]


def test_freight_ledger_of_ash():
    found = amounts(compare(), "freight", "ash")

    assert found == pytest.approx(
        {
            ("household", "workshop wage after tax"): 10 * 1_600 * 3 * 0.9,
            ("household", "own time given up"): -4 * 1_600 * 2 * 0.5,
            ("household", "present wage after tax"): -6 * 1_600 * 2 * 0.9,
            ("household", "fares saved"): 6 * 40 * 200 * 0.1,
            ("household", "time on the road saved"): 6 * 200 * 0.5 * 2,
            ("town", "income tax of workshop wages"): 10 * 480,
            ("town", "rent of premises"): 300,
            ("enterprise", "value added by workshops"): 10 * 6_000,
            ("enterprise", "workshop wages"): -10 * 4_800,
            ("enterprise", "supervision"): -4_800,
            ("enterprise", "renovation, yearly share"): -1_100,
            ("enterprise", "rent of premises"): -300,
            # 1.6 t x 30 km of 0.8 t x 2 x 30 km + 0.4 t x 2 x 100 km: three eighths of 25,600
            ("enterprise", "freight"): -9_600,
            ("enterprise", "opening of bases, yearly share"): -1_100,
            ("elsewhere", "income tax of present wages"): -6 * 320,
            ("elsewhere", "value added by present jobs"): -6 * 4_000,
            ("elsewhere", "present wages"): 6 * 3_200,
        }
    )


def test_freight_ledgers_sum_to_the_value_of_the_plan():
    assert sum(by_party(compare(), "freight").values()) == pytest.approx(19_850, abs=0.005)


def test_commuting_ledger_holds_those_who_can_reach_the_base():
    """Birch lies 100 minutes away, beyond the limit of 60: its people stay as today."""
    comparison = compare()

    assert amounts(comparison, "commuting", "birch") == {}
    assert by_party(comparison, "commuting") == pytest.approx(
        {
            "household": 6 * 1_040 + 4 * 1_320,
            "enterprise": 10 * 1_200 - 2_400 - 1_650,
            "elsewhere": 6 * (480 - 320 - 800) + 4 * 480,
        }
    )
    assert comparison.headline["commuting_feasible_workers"] == 10
    assert comparison.headline["commuting_net_benefit_per_year"] == pytest.approx(17_550)


def test_tax_goes_where_the_rule_says():
    """At the residence, commuting to the base leaves the tax of the wage in the town."""
    plan = freight_plan()  # what is taxed where moves no net benefit
    at_home = PRICES.model_copy(update={"tax_rule": "residence"})
    comparison = compare(prices=at_home, freight=plan)

    town = amounts(comparison, "commuting", "ash")
    assert town["town", "income tax of wages at the base"] == pytest.approx(4_800)
    assert town["town", "income tax of present wages"] == pytest.approx(-1_920)
    assert comparison.headline["tax_kept_in_towns_per_year"] == pytest.approx(7_200 - 1_920)
    assert compare().headline["tax_kept_in_towns_per_year"] == pytest.approx(7_200)


def test_a_base_in_the_workers_own_town_pays_its_tax_there():
    """Whoever lives in the base's town has the workplace's tax at home under either rule."""
    plan = freight_plan(
        workshops=(workshop("hall", "city", [("unemployed", 2)]),),
        routes=(route(stop("hall", 0.16), cost_per_day=10),),
        value=2 * 4_400 - 960 - 1_650 - 2_000,
    )
    premises = table(
        "facilities", facility_id=["hall"], town_id=["city"], floor_m2=[90], renovation_cost=[0]
    )
    people = pools()
    people.frame.loc[len(people.frame)] = ["city", "basic", "unemployed", 9, 2.0, 0.0, 0.0]

    comparison = compare(freight=plan, region=region(facilities=premises), pools=people)

    assert ("town", "income tax of wages at the base") in amounts(comparison, "commuting", "city")


def test_cost_to_serve_of_a_worker_day():
    comparison = compare()

    assert costs(comparison, "commuting", "ash") == pytest.approx(
        {"fares": 6, "time on the road": 1, "supervision": 1.2, "opening of bases": 0.55}
    )
    assert costs(comparison, "freight", "ash") == pytest.approx(
        {
            "freight": 4.8,
            "supervision": 2.4,
            "renovation": 0.55,
            "rent": 0.15,
            "opening of bases": 0.55,
        }
    )


def test_no_way_to_the_base_has_no_cost_rather_than_none():
    km = np.where(KM >= 100, inf, KM)
    comparison = compare(
        travel={"bus": travel("bus", km), "car": travel("car"), "truck": travel("truck")}
    )

    assert costs(comparison, "commuting", "birch") == {}
    assert costs(comparison, "freight", "birch")["freight"] == pytest.approx(16)
    assert even(comparison, "birch")["commuting_per_worker_day"] == inf
    assert even(comparison, "birch")["break_even_h_per_t"] == 0
    assert even(comparison, "birch")["is_freight_cheaper"]


def test_break_even_of_ash():
    """
    The trip: 60 km at 0.5 and an hour and a half at 6, with 90 of 480 minutes of 20 a day.

    It carries 0.7 t. Commuting costs 60 x 0.1 and an hour at 1; the workshop 0.05 x 24 more
    supervision and 1,100 of renovation over 2,000 worker-days.
    """
    row = even(compare(), "ash")

    trip = 30 + 9 + 3.75
    assert row["commuting_per_worker_day"] == pytest.approx(7)
    assert row["break_even_h_per_t"] == pytest.approx(8 * trip / (0.7 * (7 - 1.2 - 0.55)))
    assert row["break_even_flat_h_per_t"] == pytest.approx(8 * 36 / (0.7 * 7))
    assert row["freight_per_worker_day"] == pytest.approx(8 / 70 * trip + 1.75)
    assert row["is_freight_cheaper"]


def test_five_people_in_birch_cannot_fill_a_daily_trip():
    """A trip of 100 + 23 + 230/480 x 20 shared by five costs more than their commuting."""
    row = even(compare(), "birch")

    assert row["break_even_h_per_t"] == inf
    assert row["break_even_flat_h_per_t"] == pytest.approx(8 * 120 / (0.7 * (20 + 10 / 3)))
    assert not row["is_freight_cheaper"]


def test_break_even_of_towns_the_plan_leaves_out():
    """With no plan at all, ash could still employ its twenty, and birch its five."""
    found = compare(freight=empty_plan()).break_even.set_index("town_id")

    assert list(found.index) == ["ash", "birch"]
    trip, overhead = 30 + 9 + 3.75, 1.2 + 1_100 / (20 * 200)
    assert found.loc["ash", "break_even_h_per_t"] == pytest.approx(
        8 * trip / (0.7 * (7 - overhead))
    )


def test_bulky_goods_fill_the_van_before_it_is_heavy():
    bulky = region()
    bulky.tables["processes"]["density_t_per_m3"] = 0.05  # 10 m3 hold half a tonne

    assert even(compare(region=bulky), "ash")["break_even_flat_h_per_t"] == pytest.approx(
        8 * 36 / (0.35 * 7)
    )


def test_the_better_of_two_trucks_counts():
    vans = table(
        "vehicles",
        vehicle_id=["van", "lorry", "not ours"],
        name=["Van", "Lorry", "Elsewhere"],
        payload_t=[1, 4, 40],
        volume_m3=[10, 40, 400],
        cost_per_km=[0.5, 1, 0],
        cost_per_h=[6, 6, 0],
        fixed_per_day=[20, 20, 0],
        shift_h=[8, 8, 8],
        base=[pd.NA, pd.NA, "other"],
    )

    row = even(compare(region=region(vehicles=vans)), "ash")

    assert row["break_even_flat_h_per_t"] == pytest.approx(8 * (60 + 6) / (2.8 * 7))


def test_reach():
    """A shift of 480 minutes less stop and loading leaves 225 minutes one way."""
    reach = compare().reach.set_index("regime")

    assert reach.loc["commuting by bus", ["towns", "people", "limit_min"]].tolist() == [
        2,
        12_000,
        60,
    ]
    assert reach.loc["freight", ["towns", "people", "limit_min"]].tolist() == [3, 13_000, 225]
    # A right triangle of 0.27 by 0.9 degrees at the equator
    degree_km = 111.195
    assert reach.loc["freight", "area_km2"] == pytest.approx(
        0.27 * 0.9 / 2 * degree_km**2, rel=1e-4
    )
    assert reach.loc["commuting by bus", "area_km2"] == 0


def test_headline_figures():
    headline = compare().headline

    assert headline == pytest.approx(
        {
            "jobs_brought_home": 15,
            "commuters_brought_home": 6,
            "unemployed_employed": 4,
            "inactive_employed": 5,
            "commuting_feasible_workers": 10,
            "works_in_own_town_today_share": 600 / 1_240,
            "works_in_own_town_planned_share": 615 / 1_249,
            "family_saving_per_year": 1_000,
            "fares_saved_per_commuter_year": 800,
            "time_value_saved_per_commuter_year": 200,
            "hours_saved_per_commuter_year": 200,
            "household_gain_per_worker_year": (6 * 2_440 + 4 * 2_720 + 5 * 2_720) / 15,
            "cost_per_job_once": (1_000 + 2_000 + 1_500) / 15,
            "cost_per_job_year": (25_600 + 7_200 + 3_300 + 300 + 1_650) / 15,
            "freight_per_job_year": 25_600 / 15,
            "supervision_per_job_year": 480,
            "training_per_job_year": 0,
            "premises_per_job_year": 240,
            "opening_per_job_year": 110,
            "enterprise_gain_per_job_year": (15 * 1_200 - 38_050) / 15,
            "tax_kept_in_towns_per_year": 7_200,
            "rent_to_towns_per_year": 300,
            "net_benefit_per_year": 19_850,
            "commuting_net_benefit_per_year": 17_550,
            "freight_cost_per_year": 25_600,
            "towns_tied_beyond_their_area": 1,
            "reach_ratio_people": 13 / 12,
            "reach_ratio_towns": 1.5,
            "reach_ratio_area": float("nan"),
        },
        nan_ok=True,
    )


def test_without_a_plan_nothing_changes_and_means_are_undefined():
    comparison = compare(freight=empty_plan())

    assert comparison.ledgers.empty
    assert comparison.headline["jobs_brought_home"] == 0
    undefined = {name for name, value in comparison.headline.items() if isnan(value)}
    assert {"family_saving_per_year", "cost_per_job_once", "cost_per_job_year"} <= undefined
    assert "nothing changes" in comparison.summary()


def test_a_plan_without_commuters_has_no_family_saving():
    plan = freight_plan(
        workshops=(workshop("school", "birch", [("inactive", 5)]),),
        routes=(route(stop("school", 0.4), cost_per_day=80),),
        value=22_000 - 2_400 - 2_200 - 1_650 - 16_000,
    )

    assert isnan(compare(freight=plan).headline["family_saving_per_year"])


def test_summary_says_who_gains():
    assert compare().summary() == (
        "freight against today, a year: other employers and towns -6,720, enterprise -20,050, "
        "household +39,120, town +7,500\n"
        "people within freight reach: 1.08 times those within a commute"
    )


def test_a_base_nobody_can_reach_has_no_ratio():
    km = np.where(KM > 0, inf, 100)
    comparison = compare(
        travel={"bus": travel("bus", km), "truck": travel("truck")}, freight=empty_plan()
    )

    assert isnan(comparison.reach_ratio)
    assert "nan" not in comparison.summary()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prices": PRICES.model_copy(update={"margin_on_wage": 0.5})}, "19,850.00 a year, but"),
        ({"travel": {"bus": travel("bus")}}, "travel by truck is missing"),
        ({"travel": {"truck": travel("truck")}}, "travel by bus is missing"),
        (
            {"freight": freight_plan(workshops=(workshop("barn", "ash", [("inactive", 3)]),))},
            "basic inactive workers",
        ),
        (
            {"freight": freight_plan(routes=(route(stop("mine", 1), cost_per_day=1),))},
            'visits "mine"',
        ),
        ({"freight": freight_plan(routes=(route(cost_per_day=1),))}, "has no stops"),
    ],
)
def test_what_does_not_fit_is_refused(changes, words):
    with pytest.raises(ParameterError, match=words):
        compare(**changes)


def test_an_unknown_facility_is_refused_by_name():
    plan = freight_plan(workshops=(workshop("barm", "ash", [("unemployed", 4)]),), routes=())

    with pytest.raises(UnknownTownError, match="near names: barn"):
        compare(freight=plan)


def test_a_region_that_was_not_completed_is_refused():
    bare = region()
    bare = type(bare)(name="bare", towns=bare.towns)

    with pytest.raises(PlanningError, match="complete"):
        compare(region=bare)


def test_goods_of_no_distance_are_shared_by_weight():
    """Premises in towns no distance away: three quarters of the goods bear three quarters."""
    near = np.zeros((3, 3))
    plan = freight_plan(
        routes=(route(stop("barn", 0.9), stop("school", 0.3), cost_per_day=128),),
    )
    found = amounts(
        compare(travel={"bus": travel("bus"), "truck": travel("truck", near)}, freight=plan),
        "freight",
        "ash",
    )

    assert found["enterprise", "freight"] == pytest.approx(-25_600 * 0.75)


def test_params_come_from_the_defaults_of_other_stages():
    assert PARAMS.default_names()["daily_limit_min"] == "commuting.daily_limit_min"
    assert PARAMS.default_names()["stop_min"] == "freight.stop_min"


def test_break_even_values_time_by_the_wages_of_those_able_to_do_the_work():
    """Work that asks for secondary skill: 8 at wage 4 and 2 at wage 8 have a mean wage of 4.8."""
    skilled = region()
    skilled.tables["processes"]["skill"] = "secondary"
    rows = [
        ("ash", "basic", "unemployed", 50, 2.0, 0.0, 0.0),
        ("ash", "secondary", "unemployed", 8, 4.0, 0.0, 0.0),
        ("ash", "higher", "inactive", 2, 8.0, 0.0, 0.0),
    ]
    people = LabourPools(pd.DataFrame(rows, columns=list(COLUMNS)))

    found = compare(region=skilled, pools=people, freight=empty_plan())

    assert even(found, "ash")["commuting_per_worker_day"] == pytest.approx(6 + 0.5 * 4.8)
