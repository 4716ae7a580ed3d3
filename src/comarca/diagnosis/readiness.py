"""
How ready a town is for remote work and for learning at a distance.

A weighted mean of three shares: households with internet, residents of the fitting ages among those
of 15 and more, and the labour force with at least secondary education. The weights are assumed. A
share that is missing is not guessed: the score is then told as the range it may lie in, and
decided only where all three are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import model_validator

from comarca.demography.ages import aged_counts
from comarca.model.parameters import Params, assumed, contradiction
from comarca.model.region import Region, values_of

Purpose = Literal["remote_work", "distance_learning"]
PURPOSES: tuple[Purpose, ...] = ("remote_work", "distance_learning")
COMPONENTS = ("internet", "age", "skill")
_MISSING = {
    "internet": "internet_share missing",
    "age": "population by age missing",
    "skill": "labour by skill missing",
}
_TYPES: Mapping[str, str] = {
    "town_id": "string",
    "internet": "Float64",
    "remote_age": "Float64",
    "learning_age": "Float64",
    "skill": "Float64",
    "is_split": "boolean",
    "remote_work": "Float64",
    "remote_work_low": "Float64",
    "remote_work_high": "Float64",
    "distance_learning": "Float64",
    "distance_learning_low": "Float64",
    "distance_learning_high": "Float64",
    "reason": "string",
}


class ReadinessParams(Params):
    """
    What makes a town ready.

    Parameters
    ----------
    remote_internet, remote_age, remote_skill
        Weights for remote work, 0 or more, not all 0.
    learning_internet, learning_age, learning_skill
        Weights for learning at a distance.
    remote_ages, learning_ages
        First age, and the one that no longer counts, of those who would work or learn so, years.
    last_age
        Where an open-ended age band is taken to end when it must be split, years.
    """

    remote_internet: float = assumed("readiness.remote_internet", ge=0)
    remote_age: float = assumed("readiness.remote_age", ge=0)
    remote_skill: float = assumed("readiness.remote_skill", ge=0)
    learning_internet: float = assumed("readiness.learning_internet", ge=0)
    learning_age: float = assumed("readiness.learning_age", ge=0)
    learning_skill: float = assumed("readiness.learning_skill", ge=0)
    remote_ages: tuple[float, float] = assumed("readiness.remote_ages")
    learning_ages: tuple[float, float] = assumed("readiness.learning_ages")
    last_age: float = assumed("demography.last_age", ge=90, le=130)

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        for name in ("remote", "learning"):
            if not any(self.weights(name)):
                raise contradiction(f"{name}_internet", "0", f"some weight of {name} above 0")
            first, end = getattr(self, f"{name}_ages")
            if not 15 <= first < end:
                told = "two ages in order, the first 15 or more"
                raise contradiction(f"{name}_ages", f"{first:g} to {end:g}", told)
        return self

    def weights(self, name: str) -> tuple[float, float, float]:
        """Weights of internet, age and skill for ``remote`` or ``learning``."""
        internet, age, skill = (getattr(self, f"{name}_{part}") for part in COMPONENTS)
        return internet, age, skill

    def rule(self) -> str:
        """State the rule in a few sentences."""
        told = []
        for name, purpose in (("remote", "Remote work"), ("learning", "Learning at a distance")):
            internet, age, skill = (
                weight / sum(self.weights(name)) for weight in self.weights(name)
            )
            first, end = getattr(self, f"{name}_ages")
            told.append(
                f"{purpose}: {internet:.0%} households with internet, {age:.0%} residents of "
                f"{first:.0f} to {end - 1:.0f} among those of 15 and more, {skill:.0%} labour "
                "force with secondary education or more."
            )
        return " ".join(told)


@dataclass(frozen=True, eq=False, kw_only=True)
class Readiness:
    """
    Readiness of each town.

    Parameters
    ----------
    table
        One row a town: ``town_id``; the shares ``internet, remote_age, learning_age, skill``;
        ``is_split`` where an age band was split; ``remote_work, distance_learning`` in [0, 1],
        missing where a share is; ``..._low, ..._high``, the range the score may lie in; ``reason``,
        what is missing.
    rule
        How the scores are made.
    """

    table: pd.DataFrame
    rule: str

    def summary(self) -> str:
        """Say how many towns can be told, and the median."""
        lines = []
        for purpose in PURPOSES:
            known = self.table[purpose].dropna()
            middle = f", median {float(known.median()):.2f}" if len(known) else ""
            told = purpose.replace("_", " ")
            lines.append(
                f"readiness for {told}: known of {len(known):,} of {len(self.table):,}{middle}"
            )
        return "\n".join(lines)


def judge_readiness(region: Region, params: ReadinessParams | None = None) -> Readiness:
    """
    Tell how ready each town is for remote work and learning at a distance.

    Parameters
    ----------
    region
        ``towns.internet_share``; ``population`` by age, of each town's last count; ``labour`` by
        skill.
    params
        Weights and ages; the defaults when not given.

    Returns
    -------
    Readiness
    """
    params = params or ReadinessParams()
    internet = values_of(region.towns, "internet_share")
    ages, is_split = _ages(region, params)
    skill = _skilled(region)
    remote = np.column_stack((internet, ages[:, 0], skill))
    learning = np.column_stack((internet, ages[:, 1], skill))
    frame = pd.DataFrame(
        {
            "town_id": list(region.town_ids),
            "internet": internet,
            "remote_age": ages[:, 0],
            "learning_age": ages[:, 1],
            "skill": skill,
            "is_split": is_split,
            **_scores("remote_work", remote, params.weights("remote")),
            **_scores("distance_learning", learning, params.weights("learning")),
            "reason": [_reason(row) for row in remote],
        }
    )
    return Readiness(table=frame.astype(dict(_TYPES)), rule=params.rule())


def _scores(
    name: str, shares: NDArray[np.float64], weights: tuple[float, float, float]
) -> dict[str, NDArray[np.float64]]:
    """The score, and the range it may lie in where a share is missing."""
    parts = np.array(weights) / sum(weights)
    return {
        name: np.where(parts > 0, shares * parts, 0.0).sum(axis=1),
        f"{name}_low": np.nan_to_num(shares, nan=0.0) @ parts,
        f"{name}_high": np.nan_to_num(shares, nan=1.0) @ parts,
    }


def _reason(shares: NDArray[np.float64]) -> str:
    missing = zip(COMPONENTS, np.isnan(shares).tolist(), strict=True)
    return "; ".join(_MISSING[name] for name, is_missing in missing if is_missing)


def _ages(region: Region, params: ReadinessParams) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Shares of the ages for work and for learning, shape ``(n_towns, 2)``; whether split."""
    aged = aged_counts(region, params.last_age)
    persons, split = aged.persons([params.remote_ages, params.learning_ages, (15.0, np.inf)])
    last = aged.keys.assign(at=range(len(aged))).sort_values("year", kind="stable")
    is_known = [not np.isnan(row).any() for row in persons]
    pairs = zip(last["town_id"].astype(str), last["at"].astype(int), strict=True)
    rows = {town: at for town, at in pairs if is_known[at]}  # of several the last stays
    shares = np.full((region.n_towns, 2), np.nan)
    is_split = np.zeros(region.n_towns, dtype=bool)
    for place, town in enumerate(region.town_ids):
        if town in rows and persons[rows[town], 2] > 0:
            shares[place] = persons[rows[town], :2] / persons[rows[town], 2]
            is_split[place] = split[rows[town]].any()
    return np.minimum(shares, 1.0), is_split


def _skilled(region: Region) -> NDArray[np.float64]:
    """Share of each town's labour force with secondary education or more, shape ``(n_towns,)``."""
    table = region.table("labour")
    if table is None:
        return np.full(region.n_towns, np.nan)
    people = pd.Series(
        values_of(table, "workers") + values_of(table, "unemployed"),
        index=table["town_id"].astype(str),
    )
    total = people.groupby(level=0).sum()
    skilled = people[(table["skill"] != "basic").to_numpy(dtype=bool)].groupby(level=0).sum()
    # Without a row of basic skill it is not known how many have none but that.
    told = table.loc[table["skill"] == "basic", "town_id"].astype(str)
    share = skilled.reindex(total.index, fill_value=0.0) / total.where(total > 0)
    known = share.loc[share.index.isin(told)].reindex(list(region.town_ids))
    found: NDArray[np.float64] = np.asarray(known, dtype=np.float64)
    return found
