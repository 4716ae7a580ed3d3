"""
Who could learn what a workshop needs.

A course raises skill by one step, from the one just below what its learners leave with. One taught
at a distance, or whose institution is not settled, comes to every town; another to the towns within
reach of its institution. Everybody takes one course at most, and learns in own time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import pandas as pd

from comarca.errors import ParameterError
from comarca.freight.params import FreightParams
from comarca.freight.problem import SKILL_RANK, Group, Programme
from comarca.model.matrices import TravelMatrix
from comarca.model.prices import Prices, net, paid_by, training_year
from comarca.model.region import Region

Course = tuple[Programme, frozenset[str] | None]
"""A programme, and the towns it comes to; ``None`` = all."""


def courses(region: Region, travel: TravelMatrix, params: FreightParams) -> tuple[Course, ...]:
    """
    Read the region's programmes.

    Parameters
    ----------
    region
        A region without programmes trains nobody.
    travel
        Of a light truck; towns of institutions are in it.
    params
        How far a course is attended.

    Raises
    ------
    ParameterError
        When a programme names an institution that is not there.
    UnknownTownError
        When travel times lack the town of an institution.
    """
    table = region.table("programmes")
    if table is None:
        return ()
    found = []
    for row in table.to_dict("records"):
        programme = Programme(
            programme_id=str(row["programme_id"]),
            skill_rank=SKILL_RANK[str(row["skill"])],
            hours=float(row["hours"]),
            cost_per_learner=float(row["cost_per_learner"]),
            capacity=int(row["capacity"]),
        )
        is_anywhere = bool(row["is_distance"]) or pd.isna(row["institution_id"])
        towns = None if is_anywhere else _near(region, travel, params, str(row["institution_id"]))
        found.append((programme, towns))
    return tuple(found)


def _near(
    region: Region, travel: TravelMatrix, params: FreightParams, institution_id: str
) -> frozenset[str]:
    """Towns within reach of an institution, its own among them."""
    institutions = region.table("institutions")
    rows = [] if institutions is None else institutions.to_dict("records")
    home_of = {str(row["institution_id"]): str(row["town_id"]) for row in rows}
    if institution_id not in home_of:
        raise ParameterError(
            f'a programme names the institution "{institution_id}"; none is known.'
        )
    (at,) = travel.positions([home_of[institution_id]])
    is_near = travel.time_min[:, at] <= params.training_reach_min
    near = {town for town, is_in in zip(travel.town_ids, is_near, strict=True) if is_in}
    return frozenset(near | {home_of[institution_id]})


def learners(
    groups: Sequence[Group],
    known: Sequence[Course],
    towns: Sequence[str],
    prices: Prices,
) -> Iterator[Group]:
    """
    The same people once more, as they would be after a course.

    Parameters
    ----------
    groups
        Who could work, without training.
    known
        Courses and where they come to.
    towns
        Ids by position.
    prices
        What a course costs a year.
    """
    for number, (programme, where) in enumerate(known):
        for at, group in enumerate(groups):
            if group.skill_rank + 1 != programme.skill_rank or not _comes(where, towns[group.town]):
                continue
            cost = training_year(
                prices,
                cost_per_learner=programme.cost_per_learner,
                hours=programme.hours,
                present_wage_per_h=group.present_wage_per_h,
            )
            workers = min(group.workers, programme.capacity)
            if workers:
                yield replace(
                    group,
                    skill_rank=programme.skill_rank,
                    workers=workers,
                    worth=group.worth + net(cost),
                    outlay=-paid_by(cost, "enterprise"),
                    source=at,
                    programme=number,
                )


def _comes(where: Collection[str] | None, town: str) -> bool:
    return where is None or town in where
