"""
Changes of boundary that counts betray: people who moved on paper.

Between two counts each town is expected to change at its own usual pace, the median of its other
intervals (that of all towns between the same counts where it has none). A *jump* is what lies
beyond; it is a *break* when it is large and beyond three robust standard deviations of the town's
other intervals. A town counted for the first time, the others being counted before, is a break as a
whole. Where the break of one town is made up for by opposite breaks of one to three towns nearby, a
change of boundary is suspected. It is a suspicion only: a new estate whose people come from the
next town looks the same.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.demography.params import DiagnosisParams
from comarca.model.region import Region, values_of

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

_EARTH_KM = 6371.0
_NOISE_FACTOR = 3 * 1.4826  # three robust standard deviations of the town's other intervals
_MOST_PARTNERS = 3
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "town_id": "string",
        "name": "string",
        "basis": "string",
        "year_from": "Int64",
        "year_to": "Int64",
        "jump_persons": "Float64",
        "neighbour_ids": "string",
        "neighbours_jump_persons": "Float64",
        "farthest_km": "Float64",
        "is_first_count": "boolean",
    }
)


def boundary_changes(region: Region, counts: pd.DataFrame, params: DiagnosisParams) -> pd.DataFrame:
    """
    Name the towns whose jump is shared out to neighbours.

    Parameters
    ----------
    region
        Where the towns lie.
    counts
        ``town_id, basis, year, persons, expected_persons``; suspicious counts are left aside.
    params
        How far, how large, how exact.

    Returns
    -------
    pandas.DataFrame
        One row a town and interval: ``town_id, name, basis, year_from, year_to, jump_persons``
        (beyond the usual change), ``neighbour_ids`` (with blanks between, the nearest first),
        ``neighbours_jump_persons``, ``farthest_km``; ``is_first_count`` where the town or one of
        these neighbours was not counted before, which is the surest sign. Surest and largest first.
    """
    sound = counts[counts["expected_persons"].isna() & counts["town_id"].isin(region.town_ids)]
    points = _points(region)
    rows: list[tuple[object, ...]] = []
    for basis, series in sound.groupby("basis", dropna=False):
        table = series.pivot_table(index="town_id", columns="year", values="persons")
        here = points[region.towns.index.get_indexer(table.index)]
        for town, *told in _shared_out(table, here, params):
            rows.append((town, region.name_of(str(town)), basis, *told))
    found = pd.DataFrame(rows, columns=list(_TYPES)).astype(dict(_TYPES))
    order = found.assign(size=found["jump_persons"].abs())
    return found.loc[order.sort_values(["is_first_count", "size"], ascending=False).index]


def _points(region: Region) -> NDArray[np.float64]:
    """Towns on a sphere, km, shape ``(n, 3)``."""
    lat, lon = (
        np.radians(values_of(region.towns, "lat")),
        np.radians(values_of(region.towns, "lon")),
    )
    return _EARTH_KM * np.column_stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    )


def _shared_out(
    table: pd.DataFrame, points: NDArray[np.float64], params: DiagnosisParams
) -> Iterator[tuple[object, ...]]:
    from scipy.spatial import cKDTree

    persons = table.to_numpy(dtype=np.float64)
    years = np.array(table.columns, dtype=np.int64)
    towns = [str(town) for town in table.index]
    tree = cKDTree(points)
    for at, (jumps, is_break, is_new) in enumerate(_jumps(persons, years, params)):
        for town in np.flatnonzero(is_break).tolist():
            near = _nearest_first(tree, points, town, params.boundary_km)
            partners = _makes_up(town, [at for at in near if is_break[at]], jumps, params)
            if partners:
                km = float(np.linalg.norm(points[partners] - points[town], axis=1).max())
                yield (
                    towns[town],
                    int(years[at]),
                    int(years[at + 1]),
                    float(jumps[town]),
                    " ".join(towns[partner] for partner in partners),
                    float(jumps[partners].sum()),
                    km,
                    bool(is_new[[town, *partners]].any()),
                )


def _jumps(
    persons: NDArray[np.float64], years: NDArray[np.int64], params: DiagnosisParams
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]]:
    """Of each interval: persons beyond the usual change, is that a break, is it a first count."""
    spans = np.array([after - before for before, after in pairwise(years.tolist())])
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(persons > 0, np.log(persons), np.nan)
    rates = np.diff(logs, axis=1) / spans
    for at in range(rates.shape[1]):
        others = np.delete(rates, at, axis=1)
        usual = _median(others, axis=1)
        noise = _NOISE_FACTOR * _median(np.abs(others - usual[:, None]), axis=1)
        usual = np.where(np.isnan(usual), _median(rates[:, at], axis=0), usual)
        before, after = persons[:, at], persons[:, at + 1]
        is_new = np.isnan(persons[:, : at + 1]).all(axis=1) & (after > 0)
        expected = np.where(is_new, 0.0, before * np.exp(usual * spans[at]))
        jumps = np.nan_to_num(after - expected)
        beyond = np.abs(rates[:, at] - usual)
        is_break = beyond * spans[at] >= np.log1p(params.boundary_jump)
        is_break &= beyond > np.nan_to_num(noise)
        yield jumps, (is_break | is_new) & (np.abs(jumps) >= params.boundary_persons), is_new


def _median(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Median of what is known; ``nan`` where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a row of which nothing is known
        found: NDArray[np.float64] = np.nanmedian(values, axis=axis)
    return found


def _nearest_first(
    tree: cKDTree, points: NDArray[np.float64], town: int, radius_km: float
) -> list[int]:
    near = np.array(tree.query_ball_point(points[town], radius_km), dtype=int)
    order = np.argsort(np.linalg.norm(points[near] - points[town], axis=1), kind="stable")
    return [at for at in near[order].tolist() if at != town]


def _makes_up(
    town: int, breaks: list[int], jumps: NDArray[np.float64], params: DiagnosisParams
) -> list[int]:
    """Neighbours whose opposite breaks make up for the town's: one alone, else up to three."""
    opposite = [at for at in breaks if jumps[at] * jumps[town] < 0]
    allowed = params.boundary_tolerance * abs(jumps[town])
    for n_partners in range(1, _MOST_PARTNERS + 1):
        for partners in combinations(opposite, n_partners):
            if abs(jumps[town] + jumps[list(partners)].sum()) <= allowed:
                return list(partners)
    return []
