"""Plans made by hand, so that a report can be looked at without computing one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from comarca.model.comparison import (
    BREAK_EVEN_COLUMNS,
    COST_COLUMNS,
    LEDGER_COLUMNS,
    REACH_COLUMNS,
    Comparison,
)
from comarca.model.completion import CompletionParams, complete
from comarca.model.freight_plan import FreightPlan, Route, Stop, Trip, WorkerGroup, Workshop
from comarca.model.labour import COLUMNS, LabourPools
from comarca.model.matrices import FlowMatrix, TravelMatrix
from comarca.model.partition import Area, Partition
from comarca.model.plan import Manifest, Plan
from comarca.model.prices import Prices
from comarca.model.region import Region, typed_frame

TOWNS = (
    ("01", "Ash", 17.00, -96.70, 52_000),
    ("02", "Birch", 17.15, -96.60, 9_400),
    ("03", "Cedar", 17.05, -96.45, 6_100),
    ("04", "Dogwood", 16.80, -96.75, 30_500),
    ("05", "Elm", 16.72, -96.55, 3_200),
    ("06", "Fir", 16.95, -97.00, 1_150),
    ("07", "Gorse", 16.60, -97.05, 480),
)


def region_of(towns: Any = TOWNS, *, name: str = "Seven Trees", currency: str = "MXN") -> Region:
    rows = pd.DataFrame(list(towns), columns=["town_id", "name", "lat", "lon", "population"])
    return Region(
        name=name,
        towns=typed_frame("towns", rows),
        country="MX",
        currency=currency,
        price_year=2024,
        usd_exchange_rate=18.3,
        sources=("Seven towns made by hand for the tests",),
    )


def plan_for(
    region: Region, *, heads: int = 2, bases: int = 2, shops: int = 3, flows_observed: bool = False
) -> Plan:
    """A plausible plan: towns to the nearest large town, workshops in the largest others."""
    prices = Prices.for_region(region)
    params = CompletionParams.for_region(region, n_bases=bases)
    completion = complete(region, params, prices)
    travel = _travel(region)
    people = region.towns["population"].astype(float)
    largest = [str(town) for town in people.sort_values(ascending=False, kind="stable").index]
    areas = _areas(region, travel, largest[:heads])
    freight = _freight(completion.region, travel, largest, bases, shops)
    return Plan(
        completion=completion,
        growth=pd.DataFrame(
            {
                "town_id": largest[:3],
                "year_from": 1990,
                "year_to": 2020,
                "persons_from": 1_000.0,
                "persons_to": 1_500.0,
                "growth_multiple": 1.5,
                "annual_rate": 0.0136,
            }
        ),
        size_class_of={town: "small" if people[town] < 10_000 else "large" for town in largest},
        flows=FlowMatrix(
            region.town_ids,
            sparse.eye_array(region.n_towns, format="csr"),
            is_observed=flows_observed,
        ),
        pools=LabourPools(pd.DataFrame({column: [] for column in COLUMNS})),
        areas=areas,
        freight=freight,
        comparison=_comparison(freight, completion.region, travel),
        assumed=(*completion.assumed, *prices.defaults_used()),
        manifest=Manifest(
            inputs={"table towns": "ab" * 32},
            parameters={"study": {"seed": 1}},
            seed=1,
            versions={"comarca": "0.1.0", "python": "3.11"},
            created="2026-11-23T01:30:00+00:00",
        ),
    )


def small_plan(**choices: Any) -> Plan:
    return plan_for(region_of(), **choices)


def empty_plan(status: Any = "empty", notes: tuple[str, ...] = ()) -> Plan:
    """No workshop pays, or none is possible."""
    plan = small_plan()
    towns = plan.region.town_ids
    freight = FreightPlan(
        partition=Partition(
            origin="freight",
            area_of=dict.fromkeys(towns),
            status_of=dict.fromkeys(towns, "untied"),
            areas=(),
        ),
        bases=(),
        workshops=(),
        routes=(),
        terms={},
        value=0.0,
        bound=0.0,
        status=status,
        notes=notes,
    )
    frames = {
        "ledgers": pd.DataFrame(columns=list(LEDGER_COLUMNS)),
        "cost_to_serve": pd.DataFrame(columns=list(COST_COLUMNS)),
        "break_even": pd.DataFrame(columns=list(BREAK_EVEN_COLUMNS)),
    }
    return replace(
        plan, freight=freight, comparison=replace(plan.comparison, **frames, headline={})
    )


def _travel(region: Region) -> TravelMatrix:
    lat = region.towns["lat"].to_numpy(dtype=float)
    lon = region.towns["lon"].to_numpy(dtype=float)
    east = (lon[:, None] - lon[None, :] + 180) % 360 - 180
    km = np.hypot(east * np.cos(np.radians(lat.mean())), lat[:, None] - lat[None, :]) * 111.2
    return TravelMatrix(region.town_ids, "truck", km * 1.3 / 45 * 60, km * 1.3, "circle")


def _nearest(travel: TravelMatrix, heads: list[str]) -> dict[str, str]:
    at = travel.positions(heads)
    nearest = travel.distance_km[:, at].argmin(axis=1)
    return {town: heads[i] for town, i in zip(travel.town_ids, nearest, strict=True)}


def _areas(region: Region, travel: TravelMatrix, heads: list[str]) -> Partition:
    head_of = _nearest(travel, heads)
    return Partition(
        origin="commuting",
        area_of=head_of,
        status_of={t: "core" if head_of[t] == t else "member" for t in region.town_ids},
        areas=tuple(
            Area(
                area_id=head,
                name=region.name_of(head),
                head_town_id=head,
                quality={
                    "self_containment_supply": 0.81,
                    "self_containment_demand": 0.77,
                    "workers": 12_345.0,
                },
            )
            for head in heads
        ),
    )


def _freight(
    region: Region, travel: TravelMatrix, largest: list[str], bases: int, shops: int
) -> FreightPlan:
    seats = largest[:bases]
    base_of = _nearest(travel, seats)
    places = largest[bases : bases + shops]
    processes = region.tables["processes"]
    kinds = ("sewing", "harness", "furniture", "crafts")
    workshops = []
    for i, town in enumerate(places):
        base = f"base-{base_of[town]}"
        process = f"{kinds[i % 4]}-{base}"
        assert process in set(processes["process_id"])
        groups = (
            WorkerGroup(skill="basic", kind="unemployed", workers=6 + i % 7),
            WorkerGroup(skill="secondary", kind="commuter", workers=3),
        )
        workshops.append(
            Workshop(
                facility_id=f"building-{town}",
                town_id=town,
                base_id=base,
                process_id=process,
                groups=groups,
                input_t_per_day=0.061 * (1 + i % 5),
                output_t_per_day=0.058 * (1 + i % 5),
            )
        )
    routes = tuple(
        _route(f"R{n}", seat, [w for w in workshops if w.base_id == f"base-{seat}"], travel)
        for n, seat in enumerate(seats, start=1)
        if any(w.base_id == f"base-{seat}" for w in workshops)
    )
    used = sorted({w.base_id for w in workshops})
    tied = {w.town_id: w.base_id for w in workshops} | {b.removeprefix("base-"): b for b in used}
    return FreightPlan(
        partition=Partition(
            origin="freight",
            area_of={town: tied.get(town) for town in region.town_ids},
            status_of={town: "tied" if town in tied else "untied" for town in region.town_ids},
            areas=tuple(
                Area(
                    area_id=base,
                    name=region.name_of(base.removeprefix("base-")),
                    head_town_id=base.removeprefix("base-"),
                    quality={"jobs": float(sum(w.workers for w in workshops if w.base_id == base))},
                )
                for base in used
            ),
        ),
        bases=tuple(used),
        workshops=tuple(workshops),
        routes=routes,
        terms={"work done": 2_345_678.0, "freight": -345_678.0},
        value=2_000_000.0,
        bound=2_150_000.0,
        status="feasible",
        notes=("stopped after 500 iterations",),
    )


def _route(route_id: str, seat: str, shops: list[Workshop], travel: TravelMatrix) -> Route:
    at, clock, stops, km = seat, 35.0, [], 0.0
    load = sum(w.input_t_per_day for w in shops)
    start = load
    for shop in sorted(shops, key=lambda w: float(_leg(travel, seat, w.town_id)[1])):
        leg_km, leg_min = _leg(travel, at, shop.town_id)
        clock, km = clock + leg_min, km + leg_km
        load += shop.output_t_per_day - shop.input_t_per_day
        stops.append(
            Stop(
                facility_id=shop.facility_id,
                arrive_min=clock,
                leave_min=clock + 15,
                delivered_t=shop.input_t_per_day,
                collected_t=shop.output_t_per_day,
                load_t=load,
                load_m3=load / 0.2,
            )
        )
        clock, at = clock + 15, shop.town_id
    leg_km, leg_min = _leg(travel, at, seat)
    trip = Trip(
        start_min=35.0,
        end_min=clock + leg_min,
        start_load_t=start,
        distance_km=km + leg_km,
        stops=tuple(stops),
    )
    return Route(
        route_id=route_id,
        base_id=f"base-{seat}",
        vehicle_id="light-truck",
        trips=(trip,),
        duty_h=(clock + leg_min) / 60,
        distance_km=km + leg_km,
        cost_per_day=1_234.5,
    )


def _leg(travel: TravelMatrix, origin: str, destination: str) -> tuple[float, float]:
    i, j = travel.positions([origin, destination])
    return float(travel.distance_km[i, j]), float(travel.time_min[i, j])


def _comparison(freight: FreightPlan, region: Region, travel: TravelMatrix) -> Comparison:
    ledgers, costs, even = [], [], []
    for shop in freight.workshops:
        town, n = shop.town_id, shop.workers
        km = _leg(travel, shop.base_id.removeprefix("base-"), town)[0]
        ledgers += [
            (town, "commuting", "household", "workshop wage after tax", 81_000.0 * n),
            (town, "commuting", "household", "fares", -700.0 * km * n),
            (town, "commuting", "elsewhere", "income tax of workshop wages", 4_300.0 * n),
            (town, "commuting", "enterprise", "value added by workshops", 26_000.0 * n),
            (town, "freight", "household", "workshop wage after tax", 81_000.0 * n),
            (town, "freight", "household", "own time given up", -30_000.0 * n),
            (town, "freight", "town", "income tax of workshop wages", 4_300.0 * n),
            (town, "freight", "town", "rent of premises", 25_000.0),
            (town, "freight", "enterprise", "value added by workshops", 26_000.0 * n),
            (town, "freight", "enterprise", "freight", -150.0 * km * n),
            (town, "freight", "enterprise", "rent of premises", -25_000.0),
        ]
        costs += [
            (town, shop.base_id, "commuting", "fares", 2.9 * km),
            (town, shop.base_id, "commuting", "time on the road", 1.4 * km),
            (town, shop.base_id, "freight", "freight", 0.9 * km + 12),
            (town, shop.base_id, "freight", "premises", 21.0),
        ]
        for process in ("sewing", "harness", "furniture", "crafts"):
            own = region.tables["processes"].set_index("process_id")["labour_h_per_t"]
            hours = float(own[f"{process}-{shop.base_id}"])
            even.append(
                (
                    f"{process}-{shop.base_id}",
                    town,
                    shop.base_id,
                    hours,
                    31.0 + km / 5,
                    22.0,
                    80.0 * 31 / hours,
                    120.0 + km,
                    hours > 31 + km / 5,
                )
            )
    reach = [
        (base, regime, limit, towns, people, km2)
        for base in freight.bases
        for regime, limit, towns, people, km2 in (
            ("commuting", 45.0, 4, 71_000.0, 2_300.0),
            ("freight", 240.0, 7, 102_830.0, 9_900.0),
        )
    ]
    return Comparison(
        ledgers=pd.DataFrame(ledgers, columns=list(LEDGER_COLUMNS)),
        cost_to_serve=pd.DataFrame(costs, columns=list(COST_COLUMNS)),
        break_even=pd.DataFrame(even, columns=list(BREAK_EVEN_COLUMNS)),
        reach=pd.DataFrame(reach, columns=list(REACH_COLUMNS)),
        headline=HEADLINE,
    )


HEADLINE = {
    "jobs_brought_home": 30.0,
    "commuters_brought_home": 9.0,
    "unemployed_employed": 21.0,
    "inactive_employed": 0.0,
    "family_saving_per_year": 31_400.0,
    "fares_saved_per_commuter_year": 21_400.0,
    "time_value_saved_per_commuter_year": 10_000.0,
    "hours_saved_per_commuter_year": 312.0,
    "household_gain_per_worker_year": 44_100.0,
    "cost_per_job_once": 55_200.0,
    "cost_per_job_year": 12_870.0,
    "freight_per_job_year": 4_321.0,
    "supervision_per_job_year": 5_432.0,
    "premises_per_job_year": 3_117.0,
    "opening_per_job_year": 0.0,
    "enterprise_gain_per_job_year": 6_789.0,
    "tax_kept_in_towns_per_year": 116_100.0,
    "rent_to_towns_per_year": 75_000.0,
    "reach_ratio_people": 1.45,
    "reach_ratio_towns": 1.75,
    "reach_ratio_area": float("nan"),
}
