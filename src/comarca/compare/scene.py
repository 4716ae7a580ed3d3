"""Look-ups by id that every part of the comparison shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from comarca.compare.params import CompareParams
from comarca.errors import ParameterError, UnknownTownError
from comarca.model.freight_plan import FreightPlan, WorkerGroup, Workshop
from comarca.model.labour import LabourPools
from comarca.model.matrices import SKILLS, FlowMatrix, Mode, TravelMatrix
from comarca.model.partition import Partition
from comarca.model.prices import Prices
from comarca.model.region import Region

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Today:
    """What a group of a town's workers earns and travels now; there and back, a day."""

    wage_per_h: float
    km_per_day: float
    min_per_day: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Scene:
    """
    The region, the plan and its prices, with rows found by id.

    Parameters
    ----------
    region, flows, pools, travel, areas, freight, prices, params
        As in :func:`comarca.compare.compare_regimes`.

    Raises
    ------
    ParameterError
        When the travel matrix of the trucks or of the commuters is missing.
    """

    region: Region
    flows: FlowMatrix
    pools: LabourPools
    travel: Mapping[Mode, TravelMatrix]
    areas: Partition
    freight: FreightPlan
    prices: Prices
    params: CompareParams

    def __post_init__(self) -> None:
        for mode in ("truck", self.params.commuter_mode):
            if mode not in self.travel:
                raise ParameterError(
                    f"travel by {mode} is missing; given are {', '.join(self.travel) or 'none'}."
                )

    @cached_property
    def enterprises(self) -> Mapping[str, Row]:
        """Rows of ``enterprises`` by id."""
        return _rows(self.region, "enterprises", "enterprise_id")

    @cached_property
    def processes(self) -> Mapping[str, Row]:
        """Rows of ``processes`` by id."""
        return _rows(self.region, "processes", "process_id")

    @cached_property
    def facilities(self) -> Mapping[str, Row]:
        """Rows of ``facilities`` by id."""
        return _rows(self.region, "facilities", "facility_id")

    @cached_property
    def vehicles(self) -> Mapping[str, Row]:
        """Rows of ``vehicles`` by id."""
        return _rows(self.region, "vehicles", "vehicle_id")

    @cached_property
    def programmes(self) -> Mapping[str, Row]:
        """Rows of ``programmes`` by id."""
        return _rows(self.region, "programmes", "programme_id")

    @cached_property
    def candidate_bases(self) -> tuple[str, ...]:
        """Enterprises that may be bases: not ruled out, and with at least one process."""
        with_work = {str(row["enterprise_id"]) for row in self.processes.values()}
        return tuple(
            base_id
            for base_id, row in self.enterprises.items()
            if base_id in with_work
            and (pd.isna(row["candidate_base"]) or bool(row["candidate_base"]))
        )

    @cached_property
    def _today(self) -> Mapping[tuple[str, ...], Today]:
        columns = ("town_id", "skill", "kind")
        groups = self.pools.frame[list(columns)].astype(str).itertuples(index=False, name=None)
        wage, km, minutes = (
            self.pools.frame[name].to_numpy(dtype=np.float64)
            for name in ("present_wage_per_h", "saved_km_per_day", "saved_min_per_day")
        )
        return {
            group: Today(
                wage_per_h=float(wage[at]),
                km_per_day=float(km[at]),
                min_per_day=float(minutes[at]),
            )
            for at, group in enumerate(groups)
        }

    @cached_property
    def _able(self) -> Mapping[tuple[str, str], tuple[float, float]]:
        """By town and skill asked for: persons able to do such work, and their wages, summed."""
        able: dict[tuple[str, str], tuple[float, float]] = {}
        workers = self.pools.frame["workers"].to_numpy(dtype=np.float64)
        for (group, today), count in zip(self._today.items(), workers, strict=True):
            town_id, skill, _ = group
            for asked in SKILLS[: SKILLS.index(skill) + 1]:
                persons, wages = able.get((town_id, asked), (0.0, 0.0))
                able[town_id, asked] = (
                    persons + count,
                    wages + count * today.wage_per_h,
                )
        return able

    def mean_wage_per_h(self, town_id: str, skill: str) -> float:
        """Present wage of those in a town who have at least a skill, mean over persons."""
        persons, wages = self._able[town_id, skill]
        return wages / persons

    def vehicles_at(self, base_id: str) -> tuple[Row, ...]:
        """Vehicle types that may run from a base."""
        return tuple(
            row
            for row in self.vehicles.values()
            if pd.isna(row["base"]) or str(row["base"]) == base_id
        )

    def town_of(self, base_id: str) -> str:
        """Town a base stands in."""
        return str(_row(self.enterprises, base_id)["town_id"])

    def process(self, workshop: Workshop) -> Row:
        """Process a workshop works on."""
        return _row(self.processes, workshop.process_id)

    def facility(self, workshop: Workshop) -> Row:
        """Premises a workshop stands in."""
        return _row(self.facilities, workshop.facility_id)

    def today(self, town_id: str, group: WorkerGroup) -> Today:
        """
        What a group of a town earns and travels now.

        Raises
        ------
        ParameterError
            When nobody of that kind is available in the town.
        """
        key = (town_id, group.skill, group.kind)
        if key not in self._today:
            raise ParameterError(
                f'the plan employs {group.skill} {group.kind} workers of "{town_id}", where the '
                "labour pools hold none."
            )
        return self._today[key]

    def journey(self, mode: Mode, origin: str, destination: str) -> tuple[float, float]:
        """Minutes and kilometres of one way; ``inf`` where there is none."""
        travel = self.travel[mode]
        at = tuple(travel.positions((origin, destination)))
        return float(travel.time_min[at]), float(travel.distance_km[at])

    def commute(self, workshop: Workshop) -> tuple[float, float]:
        """Minutes and kilometres one way from a workshop's town to its base, as people travel."""
        base_town = self.town_of(workshop.base_id)
        return self.journey(self.params.commuter_mode, workshop.town_id, base_town)

    def can_commute(self, workshop: Workshop) -> bool:
        """Whether a workshop's workers could reach the base within the daily limit."""
        return self.commute(workshop)[0] <= self.params.daily_limit_min

    def groups(self) -> Iterator[tuple[Workshop, WorkerGroup]]:
        """Every group of workers of the plan, with its workshop."""
        for workshop in self.freight.workshops:
            for group in workshop.groups:
                yield workshop, group


def amount(value: Any) -> float:
    """An optional cost of the tables; blank means that none is asked."""
    return 0.0 if pd.isna(value) else float(value)


def _rows(region: Region, table: str, key: str) -> Mapping[str, Row]:
    frame = region.table(table)
    if frame is None:
        raise ParameterError(f"the region has no {table}; complete it before comparing.")
    records = frame.to_dict("records")
    return {str(row[key]): {str(name): row[name] for name in row} for row in records}


def _row(rows: Mapping[str, Row], row_id: str) -> Row:
    if row_id not in rows:
        raise UnknownTownError(row_id, list(rows))
    return rows[row_id]
