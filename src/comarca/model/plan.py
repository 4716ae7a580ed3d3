"""Everything one run found, in one object: what the report shows and a later run starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import pandas as pd

from comarca.model.comparison import Comparison
from comarca.model.completion import Completion
from comarca.model.dictionary import dictionary
from comarca.model.freight_plan import FreightPlan
from comarca.model.labour import LabourPools
from comarca.model.matrices import FlowMatrix
from comarca.model.parameters import DefaultUsed
from comarca.model.partition import Partition
from comarca.model.region import Region
from comarca.wording import counted


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """
    What a plan was computed from, so that any published map can be rebuilt.

    Parameters
    ----------
    inputs
        SHA-256 by input: each file as it was read, or each table of a region made in memory.
    parameters
        By stage, every setting as it was used.
    seed
        Seed of every random choice, as it was used.
    versions
        Comarca, Python and the libraries that compute.
    created
        When, UTC, ISO 8601 to the second; not part of what is compared.
    """

    inputs: Mapping[str, str]
    parameters: Mapping[str, Mapping[str, Any]]
    seed: int
    versions: Mapping[str, str]
    created: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Plan:
    """
    The answer for a region.

    Parameters
    ----------
    completion
        The region with every table filled, and which rows were assumed.
    growth
        Growth by town from the diagnosis, tidy; empty when no population series was given. Columns
        ``town_id, year_from, year_to, persons_from, persons_to, growth_multiple, annual_rate``.
    size_class_of
        Size class of each town, by id.
    flows
        Daily commuters; ``flows.is_observed`` says whether they were counted.
    pools
        Who could work at home.
    areas
        Areas that commuting has made.
    freight
        Agglomerations tied by freight.
    comparison
        Both side by side.
    assumed
        Every default that was relied on, assumed or sourced, in the order of the stages.
    manifest
        What it was computed from.
    notes
        What a reader should know, from any stage.
    diagnosed
        What each town is by its given tables: ``town_id, kind, kind_reason, top_industry,
        top_share, stage, stage_since, verdict, possible_categories, status_reason, remote_work,
        distance_learning``; empty in plans of earlier versions.
    """

    completion: Completion
    growth: pd.DataFrame
    size_class_of: Mapping[str, str]
    flows: FlowMatrix
    pools: LabourPools
    areas: Partition
    freight: FreightPlan
    comparison: Comparison
    assumed: tuple[DefaultUsed, ...]
    manifest: Manifest
    notes: tuple[str, ...] = ()
    diagnosed: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size_class_of", MappingProxyType(dict(self.size_class_of)))

    @property
    def region(self) -> Region:
        """The completed region."""
        return self.completion.region

    def summary(self) -> str:
        """Say in a few lines what was found."""
        n_assumed = sum(used.is_assumed for used in self.assumed)
        kind = "" if self.flows.is_observed else " (illustration: flows are estimated)"
        return "\n".join(
            (
                self._region_summary(),
                f"{counted(len(self.areas.areas), 'area')} made by commuting{kind}",
                self.freight.summary(),
                self.comparison.summary(),
                self._money_words(),
                f"{n_assumed} assumed numbers stand behind this; all are listed in the report",
            )
        )

    def _money_words(self) -> str:
        """Say what amounts are counted in."""
        year = f" of {self.region.price_year}" if self.region.price_year else ""
        return f"amounts are {self.region.currency}{year}"

    def _region_summary(self) -> str:
        """Say what was given, apart from what stood in for it."""
        given = replace(self.region, tables=self.completion.given_tables())
        names = sorted(set(self.completion.assumed_rows) & set(dictionary()))
        assumed = f"\nassumed, wholly or in part: {', '.join(names)}" if names else ""
        return given.summary() + assumed
