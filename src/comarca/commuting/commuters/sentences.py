"""
The answer for one town, as a planner would say it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from comarca.commuting.commuters.town import CommuterGroup, TownCommuters
from comarca.model.matrices import SKILLS, Period, Skill
from comarca.wording import counted

_NAMED = 3  # destinations a sentence names


def sentence(town: TownCommuters, names: Mapping[str, str], least_skill: Skill) -> str:
    """
    Answer which is a town's largest group of commuters, and where it works.

    Parameters
    ----------
    town
        Its commuters.
    names
        Names of towns by id.
    least_skill
        Qualification that was asked for.
    """
    qualification = qualification_told(least_skill)
    out = f"{town.out_commuters:,.0f}"
    if not town.largest:
        return {
            "not counted": "nobody can say, since nobody who lives there is counted.",
            "no commuters": "nobody is counted as working in another town.",
            "none qualified": f"none of {out} out-commuters has {qualification}.",
        }.get(town.status, f"nobody can say, since the skill of {out} out-commuters is not told.")
    groups = " and ".join(_group_told(town, group, names) for group in town.largest)
    return (
        f"the largest group with {qualification} among {out} out-commuters is {groups}."
        f"{_doubt(town)}"
    )


def qualification_told(least_skill: Skill) -> str:
    """A skill as the least of those that count."""
    return f"{least_skill} qualification{'' if least_skill == SKILLS[-1] else ' or more'}"


def _group_told(town: TownCommuters, group: CommuterGroup, names: Mapping[str, str]) -> str:
    is_occupation = town.grouped_by == "occupation"
    told = f"occupation {group.name}" if is_occupation else f"{group.name} skill"
    places = ", ".join(
        f"{period} in {_places_told(group, period, names)}"
        for period in get_args(Period)
        if group.in_period(period)
    )
    return f"{told}, {group.persons:,.0f} persons ({town.share(group):.0%}): {places}"


def _places_told(group: CommuterGroup, period: Period, names: Mapping[str, str]) -> str:
    places = [place for place in group.destinations if place.period == period]
    told = [f"{names[place.town_id]} ({place.persons:,.0f})" for place in places[:_NAMED]]
    if len(places) > _NAMED:
        told.append(counted(len(places) - _NAMED, "other town"))
    return _and(told)


def _doubt(town: TownCommuters) -> str:
    if town.status != "uncertain":
        return ""
    return (
        f" The skill or occupation of {town.unknown:,.0f} more is not told, so another group may "
        "be larger."
    )


def _and(told: Sequence[str]) -> str:
    *first, last = told
    return f"{', '.join(first)} and {last}" if first else last
