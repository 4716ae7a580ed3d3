"""
Compiling what the design of an agglomeration needs, before its clock starts.

A machine compiles once; with a limit of a few seconds all of them would go into it.
"""

from __future__ import annotations

import time
from math import inf

import numpy as np

from comarca.freight.patterns.knapsack import prepare_patterns
from comarca.freight.problem import Base, Facility, FreightProblem, Options, Process, Vehicle
from comarca.freight.routing.solving import prepare_search
from comarca.freight.trips.pricing import Pricer, TripPrices
from comarca.model.prices import Prices

LOADING = "Loading the search; the first time on a machine compiles it"


def prepare_freight() -> float:
    """
    Compile the search for trips and rounds where this machine has not done so before.

    Returns
    -------
    float
        Seconds it took by the clock: a minute the first time, tenths of a second after that.
    """
    begin = time.monotonic()
    prepare_search()
    problem = _two_premises()
    [truck] = problem.vehicles
    pricer = Pricer(problem, 0, 0, truck, np.arange(2))
    pricer.search(
        TripPrices(
            visit=np.full(2, 100.0),
            worker=np.ones(2),
            time=np.zeros((1, pricer.grid.classes + 1)),
            number=np.zeros(1),
        ),
        most_trips=1,
    )
    prepare_patterns()
    return time.monotonic() - begin


def _two_premises() -> FreightProblem:
    """A base, a truck, and a process for two towns, a quarter of an hour from one another."""
    ones = np.ones(2, dtype=np.int64)
    apart = np.where(np.eye(3, dtype=bool), 0.0, 15.0)
    return FreightProblem(
        towns=("a", "b", "c"),
        bases=(Base(base_id="a", name="a", town=0, opening_per_year=0.0, capacity_t_per_day=inf),),
        processes=(
            Process(
                process_id="p",
                name="p",
                base=0,
                skill_rank=0,
                input_t=0.1,
                output_t=0.1,
                density_t_per_m3=1.0,
                m2_per_worker=1.0,
                storage_m2=0.0,
                longest_wait=1,
                min_workers=1,
                max_workers=3,
                wage_per_h=1.0,
                value_added_per_h=1.0,
                worth=1.0,
            ),
        ),
        facilities=tuple(
            Facility(
                facility_id=name,
                town=town,
                floor_m2=9.0,
                renovation_cost=0.0,
                annual_rent=0.0,
                cost_per_year=0.0,
            )
            for town, name in enumerate("bc", start=1)
        ),
        groups=(),
        vehicles=(
            Vehicle(
                vehicle_id="t",
                payload_t=1.0,
                volume_m3=5.0,
                cost_per_km=1.0,
                cost_per_h=1.0,
                fixed_per_day=1.0,
                shift_min=480.0,
                number=inf,
                base=None,
            ),
        ),
        programmes=(),
        options=Options(
            facility=np.arange(2),
            process=np.zeros(2, dtype=np.intp),
            least=ones,
            most=3 * ones,
            visits=ones,
            every_days=ones,
        ),
        time_min=apart,
        distance_km=apart,
        prices=Prices(),
        loading_min=10.0,
        stop_min=10.0,
        start_min=360.0,
        open_min=420.0,
        close_min=1_080.0,
        notes=(),
    )
