"""
Criterion *C* of the towns around a centre, circle by circle.

Where the towns around a city have become one system, the logarithmic law should fit them as far as
the system reaches, and Zipf's beyond. The profile shows that beside what random towns of the same
region give, so that a reader sees how much of it is chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.commuting.ranks.judging import RARE, RankedSet, RankTest, judge, peopled
from comarca.commuting.ranks.params import RankParams
from comarca.errors import ParameterError, UnknownTownError
from comarca.model.matrices import TravelMatrix
from comarca.model.region import Region, values_of
from comarca.travel import travel_matrix
from comarca.travel.sphere import great_circle_between_km
from comarca.wording import counted, probability

Measure = Literal["distance", "time"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
UNITS = {"distance": "km", "time": "min"}
"""Unit of the radii by what they measure."""


@dataclass(frozen=True, kw_only=True)
class RadiusTest(RankTest):
    """
    The criterion of the towns within one circle.

    Parameters
    ----------
    radius
        Greatest distance from the centre, km, or travel time to it, minutes; a town on the line
        lies within.
    """

    radius: float


@dataclass(frozen=True, kw_only=True)
class RankedTown:
    """A town with its population and how far the centre is, in the unit of the profile."""

    town_id: str
    name: str
    persons: float
    reach: float


@dataclass(frozen=True, kw_only=True)
class RankProfile:
    """
    The criterion around a centre, circle by circle.

    Parameters
    ----------
    region_name, centre_id, centre_name
        What was looked at.
    by
        ``"distance"`` (great circle, km) or ``"time"`` (minutes to the centre).
    way
        How the towns were reached: ``"great circle"``, or mode and source of the times, as
        ``"car (circle)"``.
    params
        How it was judged.
    points
        One for each radius, in rising order.
    p_overall
        P-value of the whole profile, the looking at several radii allowed for; ``None`` when no
        radius could be judged.
    n_pool
        Towns that could be drawn: all with people but the centre.
    towns
        Those within the largest circle, the nearest first.
    left_out
        Ids of towns without people or without a count.
    """

    region_name: str
    centre_id: str
    centre_name: str
    by: Measure
    way: str
    params: RankParams
    points: tuple[RadiusTest, ...]
    p_overall: float | None
    n_pool: int
    towns: tuple[RankedTown, ...] = field(repr=False)
    left_out: tuple[str, ...]

    @property
    def unit(self) -> str:
        """Unit of the radii: ``km`` or ``min``."""
        return UNITS[self.by]

    def table(self) -> pd.DataFrame:
        """
        One row a radius.

        Returns
        -------
        DataFrame
            ``core`` (``without`` or ``with``), ``space``, ``radius_km`` or ``radius_min``,
            ``n_towns``, ``criterion``, ``r2_zipf``, ``r2_logarithmic``, ``r2_exponential``,
            ``zipf_exponent``, the quantiles of the draws ``null_05``, ``null_50``, ``null_95``,
            ``p``, ``p_adjusted`` and ``note``; missing where the note says why.
        """
        first = {"core": self.params.core, "space": self.params.space}
        radius = f"radius_{self.unit}"
        return pd.DataFrame(
            [{**first, radius: point.radius, **point.row()} for point in self.points]
        )

    def summary(self) -> str:
        """Say circle by circle how the towns compare with random ones, and what follows."""
        core = "left out" if self.params.core == "without" else "among them"
        head = (
            f"Towns around {self.centre_name}, itself {core}; {self.params.space} population; "
            f"{self.params.draws:,} draws from {counted(self.n_pool, 'town')} of {self.region_name}"
        )
        lines = [head, *(f"  {self._told(point)}" for point in self.points), self.reading()]
        if self.left_out:
            lines.append(f"{counted(len(self.left_out), 'town')} without people left out")
        return "\n".join(lines)

    def reading(self) -> str:
        """What the profile says in plain words, and what it does not."""
        judged = [point for point in self.points if point.p_adjusted is not None]
        if self.p_overall is None or not judged:
            return "No circle could be judged."
        told = f"All circles together: p = {probability(self.p_overall)}. "
        if self.p_overall > RARE:
            return (
                f"{told}Random towns of the region lie as near the logarithmic law in "
                f"{self.p_overall:.1%} of the draws, too often to read anything into the sizes of "
                "these."
            )
        rarest = min(judged, key=lambda point: point.p_adjusted or 0.0)
        if (rarest.criterion or 0.0) <= 0:
            return (
                f"{told}Random towns of the region seldom come so near the logarithmic law, yet "
                "Zipf's law fits these better: their sizes are unusual for the region, and no sign "
                "of one pool."
            )
        return (
            f"{told}Random towns of the region seldom lie so near the logarithmic law: a sign of "
            "one pool, to be held against commuter flows, and no proof of an agglomeration."
        )

    def _told(self, point: RadiusTest) -> str:
        told = f"{point.radius:g} {self.unit}: {counted(point.n_towns, 'town')}"
        if point.criterion is not None:
            told += f", C {point.criterion:+.3f}"
        if point.p is not None and point.p_adjusted is not None:
            told += f", p = {probability(point.p)} (all radii: {probability(point.p_adjusted)})"
        return f"{told}; {point.note}" if point.note else told


def rank_profile(
    region: Region,
    centre: str,
    params: RankParams | None = None,
    *,
    by: Measure = "distance",
    travel: TravelMatrix | None = None,
) -> RankProfile:
    """
    Judge the towns within rising circles around a centre.

    Parameters
    ----------
    region
        Its towns with their places and populations; all of them but the centre may be drawn.
    centre
        ``town_id`` of the core.
    params
        Radii, space, draws and the rest; defaults of the region's country when ``None``.
    by
        ``"distance"`` takes ``radii_km`` over the great circle, ``"time"`` takes ``radii_min`` on
        the way to the centre.
    travel
        Times, where it is by time; by car as the region tells them when ``None``.

    Returns
    -------
    RankProfile

    Raises
    ------
    UnknownTownError
        When the centre is no town of the region, or ``travel`` lacks one.
    ParameterError
        When ``by`` is neither, or the centre is told by its name, or has no people and should
        belong to every set.

    Notes
    -----
    Circles lie within each other, so their p-values hang together. ``p_adjusted`` and ``p_overall``
    allow for that: the populations are dealt out anew to all places at once, and what counts is how
    often any circle of a draw is as rare.
    """
    params = params or RankParams.for_region(region)
    if by not in MEASURES:
        raise ParameterError(f'by is "{by}"; expected {" or ".join(MEASURES)}.')
    _refuse_unknown(region, centre)
    if by == "distance":
        travel = None
    elif travel is None:
        travel = travel_matrix(region, "car")
    everyone, left_out = peopled(region)
    persons = {town: people for town, people in everyone.items() if town != centre}
    reach = _reach(region, centre, travel)
    radii = params.radii_km if by == "distance" else params.radii_min
    core = _core(everyone, centre) if params.core == "with" else None
    sets = [
        RankedSet(
            persons=np.array([persons[town] for town in persons if reach[town] <= radius]),
            core=core,
        )
        for radius in radii
    ]
    tests, p_overall = judge(sets, np.array(list(persons.values())), params)
    return RankProfile(
        region_name=region.name,
        centre_id=centre,
        centre_name=region.name_of(centre),
        by=by,
        way=f"{travel.mode} ({travel.source})" if travel else "great circle",
        params=params,
        points=tuple(
            RadiusTest(radius=radius, **vars(test))
            for radius, test in zip(radii, tests, strict=True)
        ),
        p_overall=p_overall,
        n_pool=len(persons),
        towns=_towns_within(region, persons, reach, radii[-1]),
        left_out=left_out,
    )


def _refuse_unknown(region: Region, centre: str) -> None:
    if centre in region.town_ids:
        return
    named = {town: region.name_of(town) for town in region.town_ids}
    meant = [town for town, name in named.items() if name.casefold() == centre.casefold()]
    if meant:
        raise ParameterError(
            f'the centre is "{centre}", a name; expected a code from towns: {", ".join(meant[:5])}.'
        )
    raise UnknownTownError(
        centre, [*region.town_ids, *(f"{name} ({town})" for town, name in named.items())]
    )


def _reach(region: Region, centre: str, travel: TravelMatrix | None) -> dict[str, float]:
    """How far the centre is from every town, in km, or in minutes where times are given."""
    ids = list(region.town_ids)
    reach: NDArray[np.floating]
    if travel is not None:
        reach = travel.time_min[travel.positions(ids), travel.positions([centre])]
    else:
        lat, lon = values_of(region.towns, "lat"), values_of(region.towns, "lon")
        at = [ids.index(centre)]
        reach = great_circle_between_km(lat, lon, lat[at], lon[at])[:, 0]
    return dict(zip(ids, reach.tolist(), strict=True))


def _core(persons: Mapping[str, float], centre: str) -> float:
    if centre not in persons:
        raise ParameterError(f'the centre "{centre}" has no people; leave it out of the sets.')
    return persons[centre]


def _towns_within(
    region: Region, persons: Mapping[str, float], reach: Mapping[str, float], radius: float
) -> tuple[RankedTown, ...]:
    near = sorted((town for town in persons if reach[town] <= radius), key=lambda t: reach[t])
    return tuple(
        RankedTown(
            town_id=town, name=region.name_of(town), persons=persons[town], reach=reach[town]
        )
        for town in near
    )
