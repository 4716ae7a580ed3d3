"""
What stands in for tables that were not given.

A table that is present wins whole for the towns it names; the rest is assumed from ``defaults/``,
and every assumption used is recorded with what it stood in for. Nothing is assumed silently, and a
value that was given is never replaced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import model_validator

from comarca.errors import Fault, ParameterError, UnknownTownError
from comarca.model.parameters import (
    Assumption,
    DefaultUsed,
    Params,
    assumed,
    assumptions,
    contradiction,
    default_used,
)
from comarca.model.prices import Prices
from comarca.model.region import Region, typed_frame, values_of

SKILLS = ("basic", "secondary", "higher")
"""In rising order: whoever has one can do work that asks for an earlier one."""
ARCHETYPES = ("sewing", "harness", "furniture", "crafts")
# What ``Completion.assumed_rows`` names the rows of each table by.
_ROW_ID = {
    "labour": "town_id",
    "enterprises": "enterprise_id",
    "processes": "process_id",
    "vehicles": "vehicle_id",
    "facilities": "town_id",
}
_ROUNDING = 1e-9  # 0.7 and 0.3 are the whole, whatever their binary fractions sum to
_FILLED_BY = {
    "labour_force": "labour_force_share",
    "unemployed": "unemployment_rate",
    "jobs": "jobs_exponent",
}


class CompletionParams(Params):
    """
    Numbers that stand in for missing tables.

    Parameters
    ----------
    base_towns
        Towns whose enterprises may be bases, by id; empty = the ``n_bases`` largest towns. Where
        enterprises are given, it settles only those whose ``candidate_base`` is blank.
    labour_force_share, unemployment_rate
        Labour force over population, unemployed over labour force, in [0, 1].
    skill_basic_share, skill_secondary_share
        Shares of the labour force, in [0, 1]; the rest has higher education.
    jobs_exponent
        Jobs grow with this power of population, at least 1.
    n_bases
        How many of the largest towns are bases when none are named.
    manufacturing_share, sent_out_share
        Share of a base town's jobs in manufacturing, and of these that could be sent out.
    facility_min_population
        Population from which a town is taken to have a disused building.
    floor_m2_per_resident, floor_max_m2
        Its floor, m2 a resident and at most, m2.
    renovation_cost_per_m2, rent_per_m2
        Currency per m2, once; currency per m2 and year.
    truck_payload_t, truck_volume_m3, truck_cost_per_km, truck_fixed_per_day, truck_shift_h
        The light truck: t, m3, currency per km, currency per day used, h.
    driver_wage_multiple
        Cost of a truck's hour as a multiple of the secondary wage.
    """

    base_towns: tuple[str, ...] = ()
    labour_force_share: float = assumed("completion.labour_force_share", gt=0, le=1)
    unemployment_rate: float = assumed("completion.unemployment_rate", ge=0, lt=1)
    skill_basic_share: float = assumed("completion.skill_basic_share", ge=0, le=1)
    skill_secondary_share: float = assumed("completion.skill_secondary_share", ge=0, le=1)
    jobs_exponent: float = assumed("completion.jobs_exponent", ge=1, le=2)
    n_bases: int = assumed("completion.n_bases", ge=1)
    manufacturing_share: float = assumed("completion.manufacturing_share", ge=0, le=1)
    sent_out_share: float = assumed("completion.sent_out_share", ge=0, le=1)
    facility_min_population: float = assumed("completion.facility_min_population", ge=0)
    floor_m2_per_resident: float = assumed("completion.floor_m2_per_resident", gt=0)
    floor_max_m2: float = assumed("completion.floor_max_m2", gt=0)
    renovation_cost_per_m2: float = assumed("completion.renovation_cost_per_m2", ge=0)
    rent_per_m2: float = assumed("completion.rent_per_m2", ge=0)
    truck_payload_t: float = assumed("completion.truck_payload_t", gt=0)
    truck_volume_m3: float = assumed("completion.truck_volume_m3", gt=0)
    truck_cost_per_km: float = assumed("completion.truck_cost_per_km", ge=0)
    driver_wage_multiple: float = assumed("completion.driver_wage_multiple", gt=0)
    truck_fixed_per_day: float = assumed("completion.truck_fixed_per_day", ge=0)
    truck_shift_h: float = assumed("completion.truck_shift_h", gt=0, le=24)

    @model_validator(mode="after")
    def _skills_fit_the_whole(self) -> Self:
        if self.skill_basic_share + self.skill_secondary_share > 1 + _ROUNDING:
            raise contradiction(
                "skill_basic_share and skill_secondary_share",
                f"{self.skill_basic_share:g} and {self.skill_secondary_share:g}",
                "shares that sum to 1 at most",
            )
        return self

    @property
    def skill_shares(self) -> Mapping[str, float]:
        """Shares of the labour force by skill, summing to 1."""
        higher = max(1 - self.skill_basic_share - self.skill_secondary_share, 0.0)
        shares = (self.skill_basic_share, self.skill_secondary_share, higher)
        return dict(zip(SKILLS, shares, strict=True))


@dataclass(frozen=True, eq=False, kw_only=True)
class Completion:
    """
    A region with every table the stages need, and what was assumed to fill it.

    Parameters
    ----------
    region
        Towns have labour force, unemployed and jobs; labour, enterprises, processes, vehicles and
        facilities are there.
    assumed
        Every default that stood in for something, with what for.
    assumed_rows
        By table, and by column of towns (``labour_force``, ``unemployed``, ``jobs``): ids of the
        towns, or of the enterprises, processes and vehicles, whose rows were assumed.
    """

    region: Region
    assumed: tuple[DefaultUsed, ...]
    assumed_rows: Mapping[str, frozenset[str]]

    def is_assumed(self, table: str, row_id: str) -> bool:
        """Whether a row was assumed rather than given."""
        return row_id in self.assumed_rows.get(table, frozenset())

    def given_tables(self) -> Mapping[str, pd.DataFrame]:
        """Tables that hold at least one row that was given."""
        return {
            name: table
            for name, table in self.region.tables.items()
            if name not in _ROW_ID or self._holds_given_rows(name, table)
        }

    def _holds_given_rows(self, name: str, table: pd.DataFrame) -> bool:
        assumed_ids = self.assumed_rows.get(name)
        return assumed_ids is None or not table[_ROW_ID[name]].isin(assumed_ids).all()

    def summary(self) -> str:
        """Say in a line how much was assumed."""
        filled = ", ".join(f"{table} of {len(ids):,}" for table, ids in self.assumed_rows.items())
        return f"assumed: {filled}" if filled else "nothing was assumed"


def complete(region: Region, params: CompletionParams, prices: Prices) -> Completion:
    """
    Fill in what a region does not tell.

    Parameters
    ----------
    region
        As it was read; at least the towns.
    params, prices
        Numbers to assume; wages of assumed processes and of assumed labour come from ``prices``.

    Raises
    ------
    UnknownTownError
        When a base town is not in the region.
    ParameterError
        When a base town has no enterprise among those given.
    """
    return _Completing(region, params, prices).done()


class _Completing:
    """The work of :func:`complete`, one table a method, in the order they depend on each other."""

    def __init__(self, region: Region, params: CompletionParams, prices: Prices) -> None:
        self.region = region
        self.params = params
        self.prices = prices
        self.towns = region.towns.copy()
        self.tables = dict(region.tables)
        self.entries = assumptions(region.country)
        self.defaults = {used.setting: used for used in params.defaults_used()}
        self.used: dict[str, DefaultUsed] = {}
        self.rows: dict[str, frozenset[str]] = {}

    def done(self) -> Completion:
        self._labour_force()
        self._labour()
        self._jobs()
        self._enterprises()
        self._processes()
        self._vehicles()
        self._facilities()
        region = Region(
            name=self.region.name,
            towns=self.towns,
            tables=self.tables,
            country=self.region.country,
            currency=self.region.currency,
            price_year=self.region.price_year,
            usd_exchange_rate=self.region.usd_exchange_rate,
            sources=self.region.sources,
            warnings=self.region.warnings,
        )
        return Completion(
            region=region,
            assumed=tuple(self.used.values()),
            assumed_rows=MappingProxyType(dict(self.rows)),
        )

    def _labour_force(self) -> None:
        """From the labour table where it names the town, else a share of the population."""
        labour = self.tables.get("labour")
        if labour is not None:
            sums = labour.groupby("town_id")[["workers", "unemployed"]].sum()
            force = sums.sum(axis=1).reindex(self.towns.index)
            self.towns["labour_force"] = self.towns["labour_force"].fillna(force)
            idle = sums["unemployed"].reindex(self.towns.index)
            self.towns["unemployed"] = self.towns["unemployed"].fillna(idle)
        share = values_of(self.towns, "population") * self.params.labour_force_share
        # A town that counts its unemployed has at least these in its labour force.
        self._fill("labour_force", np.fmax(share, values_of(self.towns, "unemployed")))
        force_now = values_of(self.towns, "labour_force")
        self._fill("unemployed", force_now * self.params.unemployment_rate)

    def _labour(self) -> None:
        """Rows by skill for towns the labour table does not name; wages it does not give."""
        given = self.tables.get("labour")
        named = set() if given is None else set(given["town_id"])
        bare = self.towns[~self.towns.index.isin(named)]
        shares = self.params.skill_shares
        at_work = values_of(bare, "labour_force") - values_of(bare, "unemployed")
        assumed_rows = [
            pd.DataFrame(
                {
                    "town_id": bare.index.astype("string"),
                    "skill": skill,
                    "workers": at_work * share,
                    "unemployed": values_of(bare, "unemployed") * share,
                }
            )
            for skill, share in shares.items()
        ]
        frames = [typed_frame("labour", rows) for rows in assumed_rows if len(rows)]
        labour = pd.concat([*([] if given is None else [given]), *frames], ignore_index=True)
        wage = labour["skill"].map(dict(self.prices.wage_per_h)).astype("Float64")
        labour["wage_per_h"] = labour["wage_per_h"].fillna(wage)
        self.tables["labour"] = labour
        if len(bare):
            self.rows["labour"] = frozenset(bare.index.astype(str))
            for name in ("skill_basic_share", "skill_secondary_share"):
                self._note(name, f"skills of {len(bare):,} towns")

    def _jobs(self) -> None:
        """Jobs as a power of population, scaled so that all jobs equal all people at work."""
        known = values_of(self.towns, "jobs")
        missing = np.isnan(known)
        if not missing.any():
            return
        labour = self.tables["labour"]
        left = float(values_of(labour, "workers").sum()) - float(np.nansum(known))
        if left <= 0:
            # The jobs given exceed the people at work, so the rest must be measured by itself.
            unknown = labour["town_id"].isin(self.towns.index[missing])
            left = float(values_of(labour[unknown], "workers").sum())
        weight = values_of(self.towns, "population") ** self.params.jobs_exponent
        total = float(weight[missing].sum())
        self._fill("jobs", weight * (left / total if total > 0 else 0.0))

    def _enterprises(self) -> None:
        """An enterprise in each base town, where no enterprises were given."""
        towns = self._base_towns()
        if "enterprises" in self.tables:
            self._settle_candidates()
            return
        jobs = values_of(self.towns.loc[list(towns)], "jobs") * self.params.manufacturing_share
        rows = pd.DataFrame(
            {
                "enterprise_id": [f"base-{town}" for town in towns],
                "name": [f"Industry of {self.region.name_of(town)}" for town in towns],
                "town_id": list(towns),
                "isic": "C",
                "jobs": jobs,
                "candidate_base": True,
            }
        )
        self.tables["enterprises"] = typed_frame("enterprises", rows)
        self.rows["enterprises"] = frozenset(rows["enterprise_id"])
        self._note("manufacturing_share", "jobs of the bases")
        if not self.params.base_towns:
            self._note("n_bases", "which towns are bases")

    def _settle_candidates(self) -> None:
        """Where the study names base towns, they decide for enterprises that leave it open."""
        wanted = set(self.params.base_towns)
        if not wanted:
            return
        enterprises = self.tables["enterprises"].copy()
        idle = wanted - set(enterprises["town_id"].astype(str))
        if idle:
            fault = Fault(
                place="study",
                object="[completion] base_towns",
                value=", ".join(sorted(idle)),
                expectation="towns where the table enterprises has an enterprise",
            )
            raise ParameterError(f"base_towns has a fault:\n  {fault}", [fault])
        lies_there = enterprises["town_id"].isin(wanted).astype("boolean")
        enterprises["candidate_base"] = enterprises["candidate_base"].fillna(lies_there)
        self.tables["enterprises"] = enterprises

    def _base_towns(self) -> Sequence[str]:
        known = self.region.town_ids
        for town in self.params.base_towns:
            if town not in self.towns.index:
                raise UnknownTownError(town, known)
        if self.params.base_towns:
            return tuple(dict.fromkeys(self.params.base_towns))
        population = self.towns["population"].astype(float)
        largest = population.sort_values(ascending=False, kind="stable").index
        return tuple(str(town) for town in largest[: min(self.params.n_bases, len(known) - 1)])

    def _processes(self) -> None:
        """The archetypes for every base with manufacturing work, sharing out what it could send."""
        if "processes" in self.tables:
            return
        enterprises = self.tables["enterprises"]
        makes_goods = enterprises["isic"].map(_is_manufacturing).astype("boolean")
        bases = enterprises[
            enterprises["candidate_base"].fillna(makes_goods) & (enterprises["jobs"] > 0)
        ]
        jobs_of = zip(bases["enterprise_id"].astype(str), values_of(bases, "jobs"), strict=True)
        rows = [
            self._archetype(kind, base_id, jobs) for base_id, jobs in jobs_of for kind in ARCHETYPES
        ]
        self.tables["processes"] = typed_frame("processes", pd.DataFrame(rows))
        self.rows["processes"] = frozenset(str(row["process_id"]) for row in rows)
        self._note("sent_out_share", "work the bases send out")

    def _archetype(self, kind: str, base_id: str, base_jobs: float) -> dict[str, Any]:
        """One archetype at one base; its tonnes keep an equal part of the jobs sent out busy."""
        prefix = f"archetypes.{kind}."
        values = {}
        for name, entry in self.entries.items():
            if name.startswith(prefix):
                values[name.removeprefix(prefix)] = entry.value
                self._note_entry(entry, name, f"process {values.get('name', kind)}")
        jobs = base_jobs * self.params.sent_out_share / len(ARCHETYPES)
        return values | {
            "process_id": f"{kind}-{base_id}",
            "enterprise_id": base_id,
            "input_t_per_day": jobs * self.prices.hours_per_day / values["labour_h_per_t"],
            "wage_per_h": self.prices.wage_per_h[values["skill"]],
        }

    def _vehicles(self) -> None:
        """One kind of light truck, as many as wanted."""
        if "vehicles" in self.tables:
            return
        params = self.params
        row = {
            "vehicle_id": "light-truck",
            "name": "Light truck",
            "payload_t": params.truck_payload_t,
            "volume_m3": params.truck_volume_m3,
            "cost_per_km": params.truck_cost_per_km,
            "cost_per_h": params.driver_wage_multiple * self.prices.wage_secondary_per_h,
            "fixed_per_day": params.truck_fixed_per_day,
            "shift_h": params.truck_shift_h,
        }
        self.tables["vehicles"] = typed_frame("vehicles", pd.DataFrame([row]))
        self.rows["vehicles"] = frozenset({"light-truck"})
        for name in (
            "truck_payload_t",
            "truck_volume_m3",
            "truck_cost_per_km",
            "driver_wage_multiple",
            "truck_fixed_per_day",
            "truck_shift_h",
        ):
            self._note(name, "the light truck")

    def _facilities(self) -> None:
        """A disused building in every larger town that the facilities table does not name."""
        given = self.tables.get("facilities")
        named = set() if given is None else set(given["town_id"])
        params = self.params
        population = values_of(self.towns, "population")
        is_large = (population >= params.facility_min_population) & (population > 0)
        bare = self.towns[is_large & ~self.towns.index.isin(named)]
        floor = np.minimum(
            values_of(bare, "population") * params.floor_m2_per_resident, params.floor_max_m2
        )
        rows = pd.DataFrame(
            {
                "facility_id": [f"building-{town}" for town in bare.index],
                "town_id": bare.index.astype("string"),
                "floor_m2": floor,
                "condition": "poor",
                "renovation_cost": floor * params.renovation_cost_per_m2,
                "annual_rent": floor * params.rent_per_m2,
                "former_use": pd.NA,
            }
        )
        assumed_rows = typed_frame("facilities", rows)
        self.tables["facilities"] = (
            assumed_rows
            if given is None
            else pd.concat([given, assumed_rows], ignore_index=True)
            if len(assumed_rows)
            else given
        )
        if len(bare):
            self.rows["facilities"] = frozenset(bare.index.astype(str))
            for name in (
                "facility_min_population",
                "floor_m2_per_resident",
                "floor_max_m2",
                "renovation_cost_per_m2",
                "rent_per_m2",
            ):
                self._note(name, f"premises of {len(bare):,} towns")

    def _fill(self, column: str, assumed_values: NDArray[np.float64]) -> None:
        """Fill a column of towns where it is missing, and record for how many."""
        missing = self.towns[column].isna().to_numpy()
        if not missing.any():
            return
        filled = np.where(missing, assumed_values, values_of(self.towns, column))
        self.towns[column] = pd.array(filled, dtype="Float64")
        self.rows[column] = frozenset(self.towns.index[missing].astype(str))
        what = column.replace("_", " ")
        self._note(_FILLED_BY[column], f"{what} of {missing.sum():,} towns")

    def _note(self, field: str, used_for: str) -> None:
        """Record a default as it was used, unless the study set that parameter itself."""
        default = self.defaults.get(f"CompletionParams.{field}")
        if default is not None:
            self.used[default.assumption.name] = replace(default, used_for=used_for)

    def _note_entry(self, entry: Assumption, setting: str, used_for: str) -> None:
        self.used[entry.name] = default_used(setting, entry, used_for=used_for)


def _is_manufacturing(isic: str) -> bool:
    """ISIC Rev. 4 section C: its letter, or divisions 10 to 33 and their classes."""
    return isic.startswith("C") or (isic[:2].isdigit() and 10 <= int(isic[:2]) <= 33)
