"""
Who could work in a workshop of his or her own town.

Three kinds of people: those without work, those who commute out for longer than a stated time, and
those outside the labour force; of each a stated share is willing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.errors import ParameterError
from comarca.model.matrices import FlowMatrix, TravelMatrix
from comarca.model.parameters import Params, assumed
from comarca.model.region import Region, values_of

COLUMNS = (
    "town_id",
    "skill",
    "kind",
    "workers",
    "present_wage_per_h",
    "saved_km_per_day",
    "saved_min_per_day",
)


class LabourParams(Params):
    """
    Who is willing to work at home.

    Parameters
    ----------
    unemployed_share
        Share of the unemployed who would take a workshop job, in [0, 1].
    long_commute_min
        One-way journey beyond which a commuter would rather work at home, minutes.
    commuter_share
        Share of those commuters who would, in [0, 1].
    inactive_share
        Share of adults outside the labour force who would, in [0, 1].
    adult_share
        Share of the population of working age, in [0, 1].
    """

    unemployed_share: float = assumed("labour.unemployed_share", ge=0, le=1)
    long_commute_min: float = assumed("labour.long_commute_min", ge=0)
    commuter_share: float = assumed("labour.commuter_share", ge=0, le=1)
    inactive_share: float = assumed("labour.inactive_share", ge=0, le=1)
    adult_share: float = assumed("labour.adult_share", ge=0, le=1)


@dataclass(frozen=True, eq=False)
class LabourPools:
    """
    Workers a workshop could employ, by town, skill and what they do today.

    Parameters
    ----------
    frame
        One row a group, unique by ``town_id, skill, kind``: ``workers`` whole persons, 1 or more;
        ``present_wage_per_h`` currency per hour; ``saved_km_per_day`` and ``saved_min_per_day``
        there and back, mean of the group, 0 for those who do not commute.
    """

    frame: pd.DataFrame

    def __post_init__(self) -> None:
        missing = set(COLUMNS) - set(self.frame.columns)
        if missing:
            raise ParameterError(f"labour pools lack the columns {sorted(missing)}.")
        if self.frame.duplicated(["town_id", "skill", "kind"]).any():
            raise ParameterError("a group of workers stands more than once.")

    def of_town(self, town_id: str) -> pd.DataFrame:
        """Groups of one town."""
        return self.frame[self.frame["town_id"] == town_id]

    def summary(self) -> str:
        """Say in a line who could work at home."""
        by_kind = self.frame.groupby("kind")["workers"].sum()
        parts = [f"{count:,.0f} {kind}" for kind, count in by_kind.items()]
        towns = self.frame["town_id"].nunique()
        return f"{self.frame['workers'].sum():,.0f} could work at home in {towns:,} towns: " + (
            ", ".join(parts) or "nobody"
        )


def available_labour(
    region: Region,
    flows: FlowMatrix,
    travel: TravelMatrix,
    params: LabourParams,
) -> LabourPools:
    """
    Count who could work in a workshop at home.

    Parameters
    ----------
    region
        A completed region: ``towns.labour_force`` and the ``labour`` table are filled.
    flows
        Daily commuters, all skills together.
    travel
        How they travel now; the same towns, any order.
    params
        Shares who are willing.

    Returns
    -------
    LabourPools
        Whole persons, rounded down; a group of nobody is left out. Commuters and the inactive have
        the skills of their town's workers.

    Raises
    ------
    ParameterError
        When the region has no labour table: it was not completed.
    UnknownTownError
        When flows or travel times lack a town.
    """
    labour = _labour_table(region)
    labour["share"] = _skill_shares(labour)
    commuters = _long_commuters(region, flows, travel, params).reindex(labour["town_id"])
    inactive = _inactive(region, params).reindex(labour["town_id"])
    wage = labour["wage_per_h"].to_numpy(dtype=np.float64)
    share = labour["share"].to_numpy()
    counts = {
        "unemployed": values_of(labour, "unemployed") * params.unemployed_share,
        "commuter": commuters["persons"].to_numpy() * params.commuter_share * share,
        "inactive": inactive.to_numpy(dtype=np.float64) * params.inactive_share * share,
    }
    groups = [
        pd.DataFrame(
            {
                "town_id": labour["town_id"].astype("string"),
                "skill": labour["skill"].astype("string"),
                "kind": kind,
                # A hair above, so that 0.1 x 30 counts as three persons, not two.
                "workers": np.floor(count + 1e-9).astype(np.int64),
                "present_wage_per_h": wage,
                "saved_km_per_day": commuters["km"].to_numpy() if kind == "commuter" else 0.0,
                "saved_min_per_day": commuters["min"].to_numpy() if kind == "commuter" else 0.0,
            }
        )
        for kind, count in counts.items()
    ]
    everyone = pd.concat(groups, ignore_index=True)
    return LabourPools(everyone[everyone["workers"] > 0].reset_index(drop=True))


def _long_commuters(
    region: Region, flows: FlowMatrix, travel: TravelMatrix, params: LabourParams
) -> pd.DataFrame:
    """By town: persons beyond the stated time, and what they would save there and back."""
    towns = region.town_ids
    persons = flows.persons[flows.positions(towns)][:, flows.positions(towns)].tocoo()
    at = travel.positions(towns)
    time = travel.time_min[at[persons.row], at[persons.col]].astype(np.float64)
    km = travel.distance_km[at[persons.row], at[persons.col]].astype(np.float64)
    is_long = (persons.row != persons.col) & (time > params.long_commute_min) & np.isfinite(time)
    weight = np.where(is_long, persons.data, 0.0)
    n_towns = len(towns)
    total = np.bincount(persons.row, weight, n_towns)

    def mean_both_ways(one_way: NDArray[np.float64]) -> NDArray[np.float64]:
        summed = np.bincount(persons.row[is_long], weight[is_long] * one_way[is_long], n_towns)
        return 2 * summed / np.where(total > 0, total, 1.0)

    return pd.DataFrame(
        {"persons": total, "km": mean_both_ways(km), "min": mean_both_ways(time)},
        index=pd.Index(towns, name="town_id"),
    )


def _labour_table(region: Region) -> pd.DataFrame:
    labour = region.table("labour")
    if labour is None:
        raise ParameterError("the region has no table labour; complete it first.")
    return labour.copy()


def _skill_shares(labour: pd.DataFrame) -> NDArray[np.float64]:
    """Share of each row's skill in its town's workers; where nobody works, in its unemployed."""
    town = labour["town_id"].to_numpy()
    workers, unemployed = (
        pd.Series(values_of(labour, column)) for column in ("workers", "unemployed")
    )
    people = workers.where(workers.groupby(town).transform("sum") > 0, unemployed)
    total = people.groupby(town).transform("sum")
    return (people / total.where(total > 0, 1.0)).to_numpy(dtype=np.float64)


def _inactive(region: Region, params: LabourParams) -> pd.Series[float]:
    """Adults outside the labour force, by town; 0 where the labour force exceeds the adults."""
    adults = values_of(region.towns, "population") * params.adult_share
    outside = np.clip(adults - values_of(region.towns, "labour_force"), 0.0, None)
    return pd.Series(outside, index=pd.Index(region.town_ids, name="town_id"))
