"""
Several delineations of one region: without its dominant core, nested, and skill by skill.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from comarca.commuting.areas.delineation import delineate_areas
from comarca.commuting.areas.labour_market_areas import LabourMarketAreas
from comarca.commuting.areas.params import AreaParams
from comarca.errors import ParameterError, UnknownTownError
from comarca.model.matrices import SKILLS, FlowMatrix, Skill
from comarca.wording import counted


@dataclass(frozen=True, kw_only=True, eq=False)
class NestedAreas:
    """
    What a dominant core hides: areas with it, and what stands without it.

    Parameters
    ----------
    core
        The town whose commuters were left out.
    with_core
        Areas of all flows.
    without_core
        Areas of the flows that neither begin nor end in the core; the core is in none.
    within
        The same, but each inside one area of ``with_core``.
    """

    core: str
    with_core: LabourMarketAreas
    without_core: LabourMarketAreas
    within: LabourMarketAreas

    def to_frame(self) -> pd.DataFrame:
        """One row a town: ``town_id``, ``with_core``, ``without_core``, ``within``; area ids."""
        return pd.DataFrame(
            {
                "town_id": list(self.with_core.partition.town_ids),
                **{
                    name: list(getattr(self, name).partition.area_of.values())
                    for name in ("with_core", "without_core", "within")
                },
            }
        )

    def summary(self) -> str:
        """Say in a few lines what the core holds together."""
        shadow = self.with_core.partition.area_of[self.core]
        inner = [
            area
            for area in self.within.partition.areas
            if self.with_core.partition.area_of[area.head_town_id] == shadow
        ]
        return "\n".join(
            [
                f"with {self.core}: {_areas(self.with_core)}; without it: "
                f"{_areas(self.without_core)}",
                f"the area of {self.core} holds {counted(len(inner), 'area')} that stand without "
                "it",
            ]
        )


def nested_areas(
    flows: FlowMatrix,
    params: AreaParams | None = None,
    *,
    core: str | None = None,
    **options: Any,
) -> NestedAreas:
    """
    Draw areas with the dominant core, without it, and without it inside those with it.

    Parameters
    ----------
    flows
        Commuters on a working day, persons.
    params
        What counts as an area, the same for all three.
    core
        The town to leave out; by default the one with most filled jobs.
    **options
        ``names``, ``contiguity``, ``centres`` and ``borders`` of
        :func:`comarca.delineate_areas`. Areas ``within`` keep inside the given borders as well.

    Raises
    ------
    UnknownTownError
        When ``flows`` has no such core.
    ParameterError
        When there is no town at all.
    """
    if core is None:
        if not flows.town_ids:
            raise ParameterError("there are no towns, so none is the core.")
        core = flows.town_ids[int(np.argmax(flows.jobs))]
    if core not in flows.town_ids:
        raise UnknownTownError(core, flows.town_ids)
    with_core = delineate_areas(flows, params, **options)
    rest = _without(flows, core)
    inner = options | {"borders": _inside(with_core, options.get("borders") or {})}
    return NestedAreas(
        core=core,
        with_core=with_core,
        without_core=delineate_areas(rest, params, **options),
        within=delineate_areas(rest, params, **inner),
    )


def areas_by_skill(
    flows: Mapping[Skill, FlowMatrix], params: AreaParams | None = None, **options: Any
) -> dict[Skill, LabourMarketAreas]:
    """
    Draw areas for each skill group by its own commuters.

    Parameters
    ----------
    flows
        Commuters by skill, persons.
    params
        What counts as an area. Sizes are shared out: each group must reach that part of
        ``min_workers`` and ``target_workers`` which is its part of all commuters, so that a small
        group is not refused for being small.
    **options
        As for :func:`comarca.delineate_areas`.

    Returns
    -------
    dict
        In rising order of skill. Less mobile groups have more and smaller areas.
    """
    params = params or AreaParams()
    workers = {skill: float(matrix.persons.sum()) for skill, matrix in flows.items()}
    total = sum(workers.values())
    drawn: dict[Skill, LabourMarketAreas] = {}
    for skill in (skill for skill in SKILLS if workers.get(skill)):
        share = workers[skill] / total
        sizes = {
            "min_workers": params.min_workers * share,
            "target_workers": params.target_workers * share,
        }
        drawn[skill] = delineate_areas(flows[skill], params.model_copy(update=sizes), **options)
    return drawn


def _without(flows: FlowMatrix, core: str) -> FlowMatrix:
    """Flows that neither begin nor end in a town; the town stays, without flows."""
    stays = np.ones(len(flows.town_ids))
    stays[flows.positions([core])] = 0
    keep = sparse.diags_array(stays, format="csr")
    persons = (keep @ flows.persons @ keep).astype(flows.persons.dtype)
    return FlowMatrix(
        flows.town_ids, persons, flows.skill, flows.period, is_observed=flows.is_observed
    )


def _inside(areas: LabourMarketAreas, borders: Mapping[str, str]) -> dict[str, str]:
    """Borders that follow the areas and, where given, those too."""
    return {
        town: f"{area or ''}\n{borders.get(town, '')}"
        for town, area in areas.partition.area_of.items()
    }


def _areas(areas: LabourMarketAreas) -> str:
    return counted(len(areas.partition.areas), "area")
