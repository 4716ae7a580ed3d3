"""Stages of the towns of a region as tables, or what is missing to tell them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from comarca.industry import specialisation
from comarca.industry.counts import IndustryCounts
from comarca.industry.frames import typed
from comarca.industry.stages import (
    StageParams,
    StageYear,
    changes_of,
    stages_of,
    years_in_a_row,
)
from comarca.model.isic import MANUFACTURING, section_of
from comarca.model.region import Region

_STAGES = {
    "town_id": "string",
    "year": "Int64",
    "employment_share": "Float64",
    "output_share": "Float64",
    "stage": "string",
    "is_change": "boolean",
}
_STAGE_OF = {
    "town_id": "string",
    "stage": "string",
    "since": "Int64",
    "reason": "string",
}


def town_stages(
    counts: IndustryCounts | None, params: StageParams
) -> Mapping[str, tuple[StageYear, ...]]:
    """Stages of each town that has yearly employment and output."""
    if counts is None:
        return {}
    is_made = np.array([section_of(code) == MANUFACTURING for code in counts.industries])
    found = {}
    for town, town_id in enumerate(counts.town_ids):
        persons, output = counts.persons[:, town], counts.output[:, town]
        is_known = (persons.sum(axis=1) > 0) & (output.sum(axis=1) > 0)
        years = years_in_a_row([counts.years[at] for at in np.flatnonzero(is_known)])
        at = [counts.years.index(year) for year in years]
        stages = stages_of(
            years,
            specialisation.shares(persons[at])[:, is_made].sum(axis=1),
            specialisation.shares(output[at])[:, is_made].sum(axis=1),
            params,
        )
        if stages:
            found[town_id] = stages
    return found


def stages_frame(stages: Mapping[str, tuple[StageYear, ...]]) -> pd.DataFrame:
    """Stage of each town in each smoothed year."""
    rows = [
        (town, one.year, one.employment_share, one.output_share, one.stage, one in changes)
        for town, of_town in stages.items()
        for changes in (changes_of(of_town),)
        for one in of_town
    ]
    return typed(rows, _STAGES)


def stage_of_frame(
    region: Region,
    counts: IndustryCounts | None,
    stages: Mapping[str, tuple[StageYear, ...]],
    params: StageParams,
) -> pd.DataFrame:
    """Stage of each town now, or what is missing to tell it."""
    rows: list[tuple[object, ...]] = []
    for at, town in enumerate(region.town_ids):
        if town in stages:
            last = changes_of(stages[town])[-1]
            rows.append((town, last.stage, last.year, ""))
        else:
            rows.append((town, None, None, _why_no_stage(counts, at, params)))
    return typed(rows, _STAGE_OF)


def _why_no_stage(counts: IndustryCounts | None, town: int, params: StageParams) -> str:
    if counts is None or not (counts.persons[:, town].sum(axis=1) > 0).any():
        return "employment by industry is missing"
    if not (counts.output[:, town].sum(axis=1) > 0).any():
        return "output by industry is missing"
    needed = params.smoothing_years + 1
    return f"fewer than {needed} years in a row with employment and output by industry"
