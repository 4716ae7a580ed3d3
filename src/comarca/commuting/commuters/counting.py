"""
From a flows table to the groups of each town, each person counted once.

A group is an occupation where the flows tell occupations, else a skill. Commuters whose skill or
occupation is not told are set against the lead of the largest group: where they could overturn it,
the answer says so; where no skill is told, the answer is that nobody can say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from comarca.commuting.commuters.answers import CommuterGroups
from comarca.commuting.commuters.town import (
    SAME,
    CommuterGroup,
    GroupDestination,
    Status,
    TownCommuters,
)
from comarca.errors import ParameterError
from comarca.model.flow_totals import PAIR, pair_totals, skill_totals, with_period
from comarca.model.matrices import SKILLS, Skill
from comarca.model.region import Region


def commuter_groups(region: Region, *, least_skill: Skill = "secondary") -> CommuterGroups:
    """
    Find the largest qualified group among each town's commuters, and where it works.

    Parameters
    ----------
    region
        Its ``flows`` are read as counted: daily and weekly, by skill and, where told, occupation.
        Without them every town is ``not counted``; flows are never estimated here.
    least_skill
        Qualification that counts as mid-level: ``"secondary"`` (ISCED 3-4), or another skill.

    Returns
    -------
    CommuterGroups

    Raises
    ------
    ParameterError
        When there is no such skill.

    Notes
    -----
    Where parts exceed their total (counts disturbed for secrecy), the parts are taken, so that no
    share exceeds one.
    """
    if least_skill not in SKILLS:
        raise ParameterError(
            f'least_skill is "{least_skill}"; expected one of {", ".join(SKILLS)}.'
        )
    table = region.table("flows")
    homes = _Homes(table, SKILLS[SKILLS.index(least_skill) :]) if table is not None else None
    return CommuterGroups(
        region_name=region.name,
        names={town: region.name_of(town) for town in region.town_ids},
        least_skill=least_skill,
        towns=tuple(homes.of(town) if homes else _uncounted(town) for town in region.town_ids),
    )


class _Homes:
    """Sums of a flows table by home, each person once."""

    def __init__(self, flows: pd.DataFrame, skills: Sequence[Skill]) -> None:
        self._counted = set(flows["origin"])
        out = with_period(flows[(flows["origin"] != flows["destination"]).fillna(False)])
        named = out.dropna(subset=["skill", "occupation"])
        by_skill = [*PAIR, "skill"]
        known = _greater(_sums(skill_totals(out), by_skill), _sums(named, by_skill))
        every = _greater(_sums(pair_totals(out), [*PAIR]), known.groupby(level=[*PAIR]).sum())
        self._out, self._known = (cells.groupby(level="origin").sum() for cells in (every, known))
        qualified = known.reset_index(name="persons")
        qualified = qualified[qualified["skill"].isin(skills)]
        self._qualified = _sums(qualified, ["origin"])
        named = named[named["skill"].isin(skills)]
        self._by_occupation = set(named["origin"])
        unnamed = qualified[~qualified["origin"].isin(self._by_occupation)]
        self._groups = _by_home(named, "occupation") | _by_home(unnamed, "skill")

    def of(self, town_id: str) -> TownCommuters:
        """What is known of one home."""
        if town_id not in self._counted:
            return _uncounted(town_id)
        groups = self._groups.get(town_id, ())
        in_groups = sum(group.persons for group in groups)
        qualified = float(self._qualified.get(town_id, 0.0))
        out = float(self._out.get(town_id, 0.0))
        unknown = out - float(self._known.get(town_id, 0.0)) + qualified - in_groups
        return TownCommuters(
            town_id=town_id,
            status=_status(out, unknown, groups),
            grouped_by="occupation" if town_id in self._by_occupation else "skill",
            out_commuters=out,
            qualified=qualified,
            unknown=unknown if unknown > SAME else 0.0,
            groups=groups,
        )


def _sums(rows: pd.DataFrame, keys: list[str]) -> pd.Series[float]:
    return rows.groupby(keys)["persons"].sum().astype(float)


def _greater(cells: pd.Series[float], other: pd.Series[float]) -> pd.Series[float]:
    """Cell by cell the greater of both; where one has none, the other."""
    return pd.concat([cells, other]).groupby(level=list(cells.index.names)).max()


def _by_home(rows: pd.DataFrame, group: str) -> dict[str, tuple[CommuterGroup, ...]]:
    """Groups of each home, the largest first; names decide among equals, so that order is kept."""
    keys = ["origin", group, "destination", "period"]
    cells = _sums(rows[rows["persons"] > 0], keys).reset_index()
    found: dict[str, dict[str, list[GroupDestination]]] = {}
    columns = (cells[column].tolist() for column in (*keys, "persons"))
    for home, name, destination, period, persons in zip(*columns, strict=True):
        place = GroupDestination(town_id=destination, period=period, persons=persons)
        found.setdefault(home, {}).setdefault(name, []).append(place)
    return {home: _ranked(groups) for home, groups in found.items()}


def _ranked(groups: Mapping[str, list[GroupDestination]]) -> tuple[CommuterGroup, ...]:
    made = (
        CommuterGroup(
            name=name,
            persons=sum(place.persons for place in places),
            destinations=tuple(sorted(places, key=lambda place: -place.persons)),
        )
        for name, places in groups.items()
    )
    return tuple(sorted(made, key=lambda group: -group.persons))


def _status(out: float, unknown: float, groups: Sequence[CommuterGroup]) -> Status:
    """Whether the unknown could make another group as large as the largest."""
    if out <= SAME:
        return "no commuters"
    if not groups:
        return "none qualified" if unknown <= SAME else "skill unknown"
    lead = groups[0].persons - (groups[1].persons if len(groups) > 1 else 0.0)
    if unknown > SAME and unknown >= lead - SAME:
        return "uncertain"
    return "tied" if lead <= SAME else "certain"


def _uncounted(town_id: str) -> TownCommuters:
    return TownCommuters(
        town_id=town_id,
        status="not counted",
        grouped_by="skill",
        out_commuters=0.0,
        qualified=0.0,
        unknown=0.0,
        groups=(),
    )
