"""
A world for the comparison, every figure of which can be computed on paper.

Everybody drives 60 km/h, so a kilometre is a minute. Ash lies 30 km from the city, birch 100 km,
and 120 km from each other. The base in the city sends sewing of 100 h/t to ten people in ash (six
who commute, four without work) and to five in birch who were outside the labour force.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from comarca.compare import CompareParams, compare_regimes
from comarca.model.comparison import Comparison
from comarca.model.freight_plan import FreightPlan, Route, Stop, Trip, WorkerGroup, Workshop
from comarca.model.labour import COLUMNS, LabourPools
from comarca.model.matrices import FlowMatrix, TravelMatrix
from comarca.model.partition import Area, Partition
from comarca.model.prices import Prices
from comarca.model.region import Region, typed_frame

TOWNS = ("city", "ash", "birch")
KM = np.array([[0, 30, 100], [30, 0, 120], [100, 120, 0]], dtype=float)

# A life of one year makes the yearly share of a cost 1.1 times the cost.
PRICES = Prices(
    refilled_share=0,
    hours_per_day=8,
    days_per_year=200,
    wage_basic_per_h=2,
    wage_secondary_per_h=4,
    wage_higher_per_h=8,
    margin_on_wage=0.25,
    value_of_time_share=0.5,
    own_time_share=0.5,
    commute_cost_per_km=0.1,
    income_tax_rate=0.1,
    tax_rule="workplace",
    supervision_share=0.1,
    discount_rate=0.1,
    renovation_life_years=1,
)
PARAMS = CompareParams(
    commuter_mode="bus",
    daily_limit_min=60,
    load_factor=0.7,
    base_supervision_share=0.05,
    stop_min=15,
    loading_min=15,
)


def table(which, /, **columns):
    """A table of the dictionary with these columns."""
    return typed_frame(which, pd.DataFrame(columns))


def region(**tables):
    """The region; a table given replaces its own."""
    towns = table(
        "towns",
        town_id=list(TOWNS),
        name=["City", "Ash", "Birch"],
        lat=[0.0, 0.27, 0.0],
        lon=[0.0, 0.0, 0.9],
        population=[10_000, 2_000, 1_000],
        labour_force=[5_000, 900, 400],
        unemployed=[100, 40, 20],
        jobs=[5_500, 500, 100],
    )
    own = {
        "labour": table(
            "labour",
            town_id=list(TOWNS),
            skill=["basic"] * 3,
            workers=[4_900, 860, 380],
            unemployed=[100, 40, 20],
            wage_per_h=[2.0, 2.0, 2.0],
        ),
        "enterprises": table(
            "enterprises",
            enterprise_id=["mill"],
            name=["Mill"],
            town_id=["city"],
            isic=["C"],
            jobs=[500],
            opening_cost=[1_500],
        ),
        "processes": table(
            "processes",
            process_id=["sew"],
            enterprise_id=["mill"],
            name=["Sewing"],
            labour_h_per_t=[100],
            input_t_per_day=[10],
            output_share=[1],
            density_t_per_m3=[0.5],
            skill=["basic"],
            wage_per_h=[3],
            m2_per_worker=[10],
            min_workers=[2],
        ),
        "vehicles": table(
            "vehicles",
            vehicle_id=["van"],
            name=["Van"],
            payload_t=[1],
            volume_m3=[10],
            cost_per_km=[0.5],
            cost_per_h=[6],
            fixed_per_day=[20],
            shift_h=[8],
        ),
        "facilities": table(
            "facilities",
            facility_id=["barn", "school"],
            town_id=["ash", "birch"],
            floor_m2=[500, 500],
            renovation_cost=[1_000, 2_000],
            annual_rent=[300, pd.NA],
        ),
    }
    return Region(name="paper", towns=towns, tables=own | tables)


def pools():
    """Who could work at home."""
    rows = [
        ("ash", "basic", "commuter", 12, 2.0, 40.0, 60.0),
        ("ash", "basic", "unemployed", 8, 2.0, 0.0, 0.0),
        ("birch", "basic", "inactive", 5, 2.0, 0.0, 0.0),
    ]
    return LabourPools(pd.DataFrame(rows, columns=list(COLUMNS)))


def travel(mode, km=KM):
    """A minute a kilometre."""
    return TravelMatrix(TOWNS, mode, km, km, "table")


def flows():
    """Ash keeps 500 of its 860 workers, birch 100 of its 380."""
    persons = np.array([[4_900, 0, 0], [360, 500, 0], [280, 0, 100]])
    return FlowMatrix(TOWNS, persons)


def areas():
    """City and ash make one commuting area; birch is in none."""
    return Partition(
        origin="commuting",
        area_of={"city": "1", "ash": "1", "birch": None},
        status_of={"city": "core", "ash": "member", "birch": "none"},
        areas=(Area(area_id="1", name="City", head_town_id="city"),),
    )


def stop(facility_id, tonnes):
    """A visit that sets down and takes up as much."""
    return Stop(
        facility_id=facility_id,
        arrive_min=0,
        leave_min=0,
        delivered_t=tonnes,
        collected_t=tonnes,
        load_t=0,
        load_m3=0,
    )


def route(*stops, cost_per_day, route_id="r1"):
    """One trip over these stops."""
    trip = Trip(start_min=15, end_min=300, start_load_t=1.2, distance_km=250, stops=stops)
    return Route(
        route_id=route_id,
        base_id="mill",
        vehicle_id="van",
        trips=(trip,),
        duty_h=5,
        distance_km=250,
        cost_per_day=cost_per_day,
    )


def workshop(facility_id, town_id, groups):
    """A workshop of sewing; 8 hours at 100 h/t are 0.08 t a worker."""
    tonnes = 0.08 * sum(workers for _, workers in groups)
    return Workshop(
        facility_id=facility_id,
        town_id=town_id,
        base_id="mill",
        process_id="sew",
        groups=tuple(
            WorkerGroup(skill="basic", kind=kind, workers=workers) for kind, workers in groups
        ),
        input_t_per_day=tonnes,
        output_t_per_day=tonnes,
    )


def freight_plan(**changes):
    """
    The plan. Its value, a year:

    commuters of ash    6 x (6,000 of new work - 4,000 of old + 800 fares + 200 time) = 18,000
    unemployed of ash   4 x (6,000 - 1,600 own time)                                  = 17,600
    inactive of birch   5 x (6,000 - 1,600)                                           = 22,000
    supervision         a tenth of 48,000 and of 24,000                               = -7,200
    renovation          1.1 x (1,000 + 2,000)                                         = -3,300
    opening             1.1 x 1,500                                                   = -1,650
    freight             200 days x 128                                                = -25,600
    """
    plan = FreightPlan(
        partition=Partition(
            origin="freight",
            area_of=dict.fromkeys(TOWNS, "mill"),
            status_of={"city": "base", "ash": "tied", "birch": "tied"},
            areas=(Area(area_id="mill", name="Mill", head_town_id="city"),),
        ),
        bases=("mill",),
        workshops=(
            workshop("barn", "ash", [("commuter", 6), ("unemployed", 4)]),
            workshop("school", "birch", [("inactive", 5)]),
        ),
        routes=(route(stop("barn", 0.8), stop("school", 0.4), cost_per_day=128),),
        terms={"all": 19_850},
        value=19_850,
        bound=20_000,
        status="feasible",
    )
    return replace(plan, **changes)


def empty_plan():
    """No workshop pays."""
    return FreightPlan(
        partition=Partition(
            origin="freight",
            area_of=dict.fromkeys(TOWNS),
            status_of=dict.fromkeys(TOWNS, "none"),
            areas=(),
        ),
        bases=(),
        workshops=(),
        routes=(),
        terms={},
        value=0,
        bound=0,
        status="empty",
    )


def compare(**changes) -> Comparison:
    """Compare the regimes of this world with some arguments replaced."""
    arguments = {
        "region": region(),
        "flows": flows(),
        "pools": pools(),
        "travel": {mode: travel(mode) for mode in ("bus", "car", "truck")},
        "areas": areas(),
        "freight": freight_plan(),
        "prices": PRICES,
        "params": PARAMS,
    }
    return compare_regimes(**(arguments | changes))
