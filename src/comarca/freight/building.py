"""From a completed region to the freight problem, one kind of object a method."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor, inf
from typing import Any

import numpy as np
import pandas as pd

from comarca.errors import ParameterError, UnknownTownError
from comarca.freight.options import no_options, with_options
from comarca.freight.params import FreightParams
from comarca.freight.problem import (
    SKILL_RANK,
    WHOLE,
    Base,
    Facility,
    FreightProblem,
    Group,
    Process,
    Vehicle,
)
from comarca.freight.training import courses, learners
from comarca.model.labour import LabourPools
from comarca.model.matrices import TravelMatrix
from comarca.model.prices import (
    Prices,
    net,
    paid_by,
    value_added_per_h,
    worker_year,
    workshop_year,
)
from comarca.model.region import Region
from comarca.units import MIN_PER_H


def freight_problem(
    region: Region,
    pools: LabourPools,
    travel: TravelMatrix,
    prices: Prices,
    params: FreightParams,
) -> FreightProblem:
    """
    Put the freight problem of a region into numbers.

    Parameters
    ----------
    region
        Completed: enterprises, processes, vehicles and facilities are there.
    pools
        Who could work at home.
    travel
        Of a light truck; every base town and facility town is in it.
    prices
        What work, journeys and capital are worth.
    params
        Loading and stop times.

    Raises
    ------
    ParameterError
        When a table is absent: the region was not completed.
    UnknownTownError
        When travel times lack a town, or a process or vehicle names an unknown enterprise.
    """
    return _Building(region, pools, travel, prices, params).done()


class _Building:
    """The work of :func:`freight_problem`, one kind of object a method."""

    def __init__(
        self,
        region: Region,
        pools: LabourPools,
        travel: TravelMatrix,
        prices: Prices,
        params: FreightParams,
    ) -> None:
        self.region, self.pools, self.travel = region, pools, travel
        self.prices, self.params = prices, params
        self.programmes = courses(region, travel, params)

    def done(self) -> FreightProblem:
        processes = self._table("processes")
        bases = self._base_rows(processes)
        facilities = self._table("facilities")
        home_ids = list(dict.fromkeys(bases["town_id"].astype(str)))
        towns = tuple(dict.fromkeys([*home_ids, *facilities["town_id"].astype(str)]))
        self.position = {town: at for at, town in enumerate(towns)}
        at = self.travel.positions(towns)
        time_min = self.travel.time_min[np.ix_(at, at)].astype(np.float64)
        distance_km = self.travel.distance_km[np.ix_(at, at)].astype(np.float64)
        np.fill_diagonal(time_min, 0.0)
        np.fill_diagonal(distance_km, 0.0)
        self.base_at = {str(base): n for n, base in enumerate(bases["enterprise_id"])}
        self.base_towns = [self.position[town] for town in bases["town_id"].astype(str)]
        problem = FreightProblem(
            towns=towns,
            bases=self._bases(bases),
            processes=self._processes(processes),
            facilities=self._facilities(facilities),
            groups=self._groups(),
            vehicles=self._vehicles(),
            programmes=tuple(programme for programme, _ in self.programmes),
            options=no_options(),
            time_min=time_min,
            distance_km=distance_km,
            prices=self.prices,
            loading_min=self.params.loading_min,
            stop_min=self.params.stop_min,
            start_min=self.params.drivers_start_h * MIN_PER_H,
            open_min=self.params.workshops_open_h * MIN_PER_H,
            close_min=self.params.workshops_close_h * MIN_PER_H,
            notes=(),
        )
        return with_options(problem, self.region)

    def _table(self, name: str) -> pd.DataFrame:
        table = self.region.table(name)
        if table is None:
            raise ParameterError(f"the region has no table {name}; complete it first.")
        return table

    def _base_rows(self, processes: pd.DataFrame) -> pd.DataFrame:
        """Enterprises that have processes and are not ruled out as a base."""
        enterprises = self._table("enterprises")
        known = set(enterprises["enterprise_id"].astype(str))
        for enterprise in processes["enterprise_id"].astype(str):
            if enterprise not in known:
                raise UnknownTownError(enterprise, sorted(known))
        has_work = enterprises["enterprise_id"].isin(set(processes["enterprise_id"]))
        may_be = enterprises["candidate_base"].fillna(True).astype(bool)
        return enterprises[has_work & may_be]

    def _bases(self, rows: pd.DataFrame) -> tuple[Base, ...]:
        return tuple(
            Base(
                base_id=str(row["enterprise_id"]),
                name=str(row["name"]),
                town=self.position[str(row["town_id"])],
                opening_per_year=self.prices.annualised(_or(row["opening_cost"], 0.0)),
                capacity_t_per_day=_or(row["capacity_t_per_day"], inf),
            )
            for row in _records(rows)
        )

    def _processes(self, rows: pd.DataFrame) -> tuple[Process, ...]:
        """One of a base that may open; the others never leave it."""
        return tuple(
            self._process(row)
            for row in _records(rows)
            if str(row["enterprise_id"]) in self.base_at
        )

    def _process(self, row: Mapping[str, Any]) -> Process:
        hours, wage = self.prices.hours_per_day, float(row["wage_per_h"])
        labour = float(row["labour_h_per_t"])
        value = value_added_per_h(
            self.prices,
            wage_per_h=wage,
            labour_h_per_t=labour,
            value_per_t=None if pd.isna(row["value_per_t"]) else float(row["value_per_t"]),
        )
        wages = self.prices.hours_per_year * wage
        supervision = workshop_year(
            self.prices, wages_per_year=wages, renovation_cost=0.0, annual_rent=0.0
        )
        input_t = hours / labour
        output_t = input_t * float(row["output_share"])
        return Process(
            process_id=str(row["process_id"]),
            name=str(row["name"]),
            base=self.base_at[str(row["enterprise_id"])],
            skill_rank=SKILL_RANK[str(row["skill"])],
            input_t=input_t,
            output_t=output_t,
            density_t_per_m3=float(row["density_t_per_m3"]),
            m2_per_worker=float(row["m2_per_worker"]),
            storage_m2=_or(row["storage_m2_per_t"], 0.0) * (input_t + output_t),
            longest_wait=int(_or(row["visit_every_days"], 1)),
            min_workers=max(ceil(float(row["min_workers"]) - WHOLE), 1),
            max_workers=floor(float(row["input_t_per_day"]) / input_t + WHOLE),
            wage_per_h=wage,
            value_added_per_h=value,
            worth=self.prices.hours_per_year * value + net(supervision),
            supervision=-supervision["enterprise", "supervision"],
        )

    def _facilities(self, rows: pd.DataFrame) -> tuple[Facility, ...]:
        facilities = []
        for row in _records(rows):
            renovation, rent = float(row["renovation_cost"]), _or(row["annual_rent"], 0.0)
            ledger = workshop_year(
                self.prices, wages_per_year=0.0, renovation_cost=renovation, annual_rent=rent
            )
            facilities.append(
                Facility(
                    facility_id=str(row["facility_id"]),
                    town=self.position[str(row["town_id"])],
                    floor_m2=float(row["floor_m2"]),
                    renovation_cost=renovation,
                    annual_rent=rent,
                    cost_per_year=-net(ledger),
                    outlay_per_year=-paid_by(ledger, "enterprise"),
                )
            )
        return tuple(facilities)

    def _groups(self) -> tuple[Group, ...]:
        """Pools of towns that have a facility; what a worker gives up does not depend on wages."""
        groups: list[Group] = []
        for row in _records(self.pools.frame):
            if str(row["town_id"]) not in self.position or row["workers"] < 1:
                continue
            given_up = worker_year(
                self.prices,
                kind=row["kind"],
                wage_per_h=0.0,
                value_added_per_h=0.0,
                present_wage_per_h=float(row["present_wage_per_h"]),
                saved_km_per_day=float(row["saved_km_per_day"]),
                saved_min_per_day=float(row["saved_min_per_day"]),
            )
            groups.append(
                Group(
                    town=self.position[str(row["town_id"])],
                    skill=row["skill"],
                    kind=row["kind"],
                    skill_rank=SKILL_RANK[str(row["skill"])],
                    workers=int(row["workers"]),
                    present_wage_per_h=float(row["present_wage_per_h"]),
                    saved_km_per_day=float(row["saved_km_per_day"]),
                    saved_min_per_day=float(row["saved_min_per_day"]),
                    worth=net(given_up),
                )
            )
        towns = list(self.position)
        return (*groups, *learners(groups, self.programmes, towns, self.prices))

    def _vehicles(self) -> tuple[Vehicle, ...]:
        """Types of truck; one that stands at an enterprise which is no base is left out."""
        vehicles = []
        for row in _records(self._table("vehicles")):
            at = None if pd.isna(row["base"]) else self.base_at.get(str(row["base"]), -1)
            if at == -1:
                continue
            vehicles.append(
                Vehicle(
                    vehicle_id=str(row["vehicle_id"]),
                    payload_t=float(row["payload_t"]),
                    volume_m3=float(row["volume_m3"]),
                    cost_per_km=float(row["cost_per_km"]),
                    cost_per_h=float(row["cost_per_h"]),
                    fixed_per_day=float(row["fixed_per_day"]),
                    shift_min=float(row["shift_h"]) * MIN_PER_H,
                    number=_or(row["number"], inf),
                    base=at,
                )
            )
        return tuple(vehicles)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries; a table of a region is small."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _or(value: Any, otherwise: float) -> float:
    """A number, or what stands for a missing one."""
    return otherwise if pd.isna(value) else float(value)
