"""
What is put where a region's tables have gaps, table by table.

A value that was given is never replaced; each default is noted when it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.errors import Fault, ParameterError, UnknownTownError
from comarca.model.completion_params import CompletionParams
from comarca.model.parameters import Assumption, DefaultUsed, assumptions, default_used
from comarca.model.prices import Prices
from comarca.model.region import Region, typed_frame, values_of
from comarca.wording import counted

ARCHETYPES = ("sewing", "harness", "furniture", "crafts")
_FILLED_BY = {
    "labour_force": "labour_force_share",
    "unemployed": "unemployment_rate",
    "jobs": "jobs_exponent",
}


class Filling:
    """
    The filling of one region: a method for each table, called in the order they depend on.

    Parameters
    ----------
    region
        As it was read.
    params, prices
        Numbers to assume; wages come from ``prices``.

    Attributes
    ----------
    used
        Defaults that stood in for something, by name of the entry, in the order of their use.
    rows
        By table, and by column of towns, the ids whose rows were assumed.
    """

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

    def fill_all(self) -> Region:
        """Fill every table that is missing or has gaps, and put the region together."""
        self._labour_force()
        self._labour()
        self._jobs()
        self._enterprises()
        self._processes()
        self._vehicles()
        self._facilities()
        return replace(self.region, towns=self.towns, tables=self.tables)

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
        rows = [
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
        labour = _appended(given, typed_frame("labour", pd.concat(rows, ignore_index=True)))
        wage = labour["skill"].map(dict(self.prices.wage_per_h)).astype("Float64")
        self.tables["labour"] = labour.assign(wage_per_h=labour["wage_per_h"].fillna(wage))
        if len(bare):
            self.rows["labour"] = frozenset(bare.index.astype(str))
            what = f"skills of {counted(len(bare), 'town')}"
            self._note(what, "skill_basic_share", "skill_secondary_share")

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
        self._note("jobs of the bases", "manufacturing_share")
        if not self.params.base_towns:
            self._note("which towns are bases", "n_bases")

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
        self._note("work the bases send out", "sent_out_share")

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
        self._note(
            "the light truck",
            "truck_payload_t",
            "truck_volume_m3",
            "truck_cost_per_km",
            "driver_wage_multiple",
            "truck_fixed_per_day",
            "truck_shift_h",
        )

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
        self.tables["facilities"] = _appended(given, typed_frame("facilities", rows))
        if len(bare):
            self.rows["facilities"] = frozenset(bare.index.astype(str))
            self._note(
                f"premises of {counted(len(bare), 'town')}",
                "facility_min_population",
                "floor_m2_per_resident",
                "floor_max_m2",
                "renovation_cost_per_m2",
                "rent_per_m2",
            )

    def _fill(self, column: str, assumed_values: NDArray[np.float64]) -> None:
        """Fill a column of towns where it is missing, and record for how many."""
        missing = self.towns[column].isna().to_numpy()
        if not missing.any():
            return
        filled = np.where(missing, assumed_values, values_of(self.towns, column))
        self.towns[column] = pd.array(filled, dtype="Float64")
        self.rows[column] = frozenset(self.towns.index[missing].astype(str))
        what = column.replace("_", " ")
        self._note(f"{what} of {counted(int(missing.sum()), 'town')}", _FILLED_BY[column])

    def _note(self, used_for: str, *settings: str) -> None:
        """Record defaults as they were used, but for those the study set itself."""
        for setting in settings:
            default = self.defaults.get(f"CompletionParams.{setting}")
            if default is not None:
                self.used[default.assumption.name] = replace(default, used_for=used_for)

    def _note_entry(self, entry: Assumption, setting: str, used_for: str) -> None:
        self.used[entry.name] = default_used(setting, entry, used_for=used_for)


def _appended(given: pd.DataFrame | None, rows: pd.DataFrame) -> pd.DataFrame:
    """Put assumed rows below those given."""
    if given is None:
        return rows
    return pd.concat([given, rows], ignore_index=True) if len(rows) else given


def _is_manufacturing(isic: str) -> bool:
    """ISIC Rev. 4 section C: its letter, or divisions 10 to 33 and their classes."""
    return isic.startswith("C") or (isic[:2].isdigit() and 10 <= int(isic[:2]) <= 33)
