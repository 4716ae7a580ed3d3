"""
Counts by age: any age band from the bands a census gives.

A band whose ends are ends of counted bands is their sum. Any other is *split*: a cubic spline runs
through the people younger than each counted age, its slopes kept between zero and three times the
lesser slope beside them, so that it never falls and no band is ever negative [1]_ [2]_. A
value that rests on it is marked. An open-ended band ends at ``last_age`` where it must be split.

References
----------
.. [1] Hyman, J. M. (1983). Accurate monotonicity preserving cubic interpolation. SIAM Journal on
       Scientific and Statistical Computing 4(4), 645-654.
.. [2] Smith, L., Hyndman, R. J. and Wood, S. N. (2004). Spline interpolation for demographic
       variables: the monotonicity problem. Journal of Population Research 21(1), 95-98.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.model.region import Region, values_of

Sex = Literal["both", "female", "male"]
Bands = Sequence[tuple[float, float]]
"""Ages from the first, included, to the second, not included; ``inf`` for an open end."""
_SEXES: tuple[Sex, ...] = ("both", "female", "male")
_KEY = ["town_id", "basis", "year"]


@dataclass(frozen=True, eq=False)
class BandedCounts:
    """
    Counts of one sex that share their age bands.

    Parameters
    ----------
    edges
        First ages of the bands, ascending from 0; the last band is open-ended.
    rows
        Which counts of :class:`AgedCounts` these are, shape ``(n,)``.
    persons
        Shape ``(n, n_bands)``.
    """

    edges: NDArray[np.float64]
    rows: NDArray[np.intp]
    persons: NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class AgedCounts:
    """
    Every count of a region whose age bands run from birth to an open end without a gap.

    Parameters
    ----------
    keys
        ``town_id, basis, year`` of each, in order of town, basis and year.
    of_sex
        The counts by sex, those with equal bands together.
    last_age
        Where an open-ended band is taken to end, years.
    """

    keys: pd.DataFrame
    of_sex: Mapping[Sex, Sequence[BandedCounts]]
    last_age: float

    def __len__(self) -> int:
        return len(self.keys)

    def persons(
        self, bands: Bands, sex: Sex = "both"
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """
        People of any age bands.

        Parameters
        ----------
        bands
            Ages from, ages to (not included); any number of them.
        sex
            Both together by default: as counted, else female and male added.

        Returns
        -------
        persons, is_split
            Shape ``(n_counts, n_bands)`` each; ``nan`` where that sex was not counted by age.
        """
        values, is_split = self._counted(bands, sex)
        if sex == "both":
            female, female_split = self._counted(bands, "female")
            male, male_split = self._counted(bands, "male")
            absent = np.isnan(values)
            values = np.where(absent, female + male, values)
            is_split = np.where(absent, female_split | male_split, is_split)
        return values, is_split

    def _counted(self, bands: Bands, sex: Sex) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        values = np.full((len(self), len(bands)), np.nan)
        is_split = np.zeros((len(self), len(bands)), dtype=bool)
        for counts in self.of_sex[sex]:
            values[counts.rows] = persons_between(
                counts.edges, counts.persons, bands, self.last_age
            )
            is_split[counts.rows] = [_is_split(counts.edges, band) for band in bands]
        return values, is_split


def _is_split(edges: NDArray[np.float64], band: tuple[float, float]) -> bool:
    return not (band[0] in edges and (band[1] == np.inf or band[1] in edges))


def persons_between(
    edges: NDArray[np.float64], persons: NDArray[np.float64], bands: Bands, last_age: float
) -> NDArray[np.float64]:
    """
    People between any two ages.

    Parameters
    ----------
    edges
        First ages of the counted bands, ascending from 0, shape ``(n_bands,)``.
    persons
        Counts, shape ``(n, n_bands)``; the last band is open-ended.
    bands
        Ages asked for.
    last_age
        Where the open band ends, years; never before ten years after it begins.

    Returns
    -------
    numpy.ndarray
        Shape ``(n, len(bands))``, none negative.
    """
    ends = np.append(edges, max(last_age, edges[-1] + 10.0))
    younger = np.concatenate([np.zeros((len(persons), 1)), np.cumsum(persons, axis=1)], axis=1)
    asked = np.clip(np.array(bands, dtype=np.float64), 0.0, ends[-1])
    if np.isin(asked, ends).all():
        below = younger[:, np.searchsorted(ends, asked)]
    else:
        below = _spline(ends, younger, asked)
    found: NDArray[np.float64] = np.maximum(below[..., 1] - below[..., 0], 0.0)
    return found


def _spline(
    ages: NDArray[np.float64], younger: NDArray[np.float64], asked: NDArray[np.float64]
) -> NDArray[np.float64]:
    """People younger than any age; shape ``(n, *asked.shape)``."""
    from scipy.interpolate import CubicHermiteSpline, CubicSpline

    if len(ages) < 3:  # one open band: nothing tells where in it people are
        slopes = np.diff(younger, axis=1) / np.diff(ages)
        return younger[:, :1, None] + slopes[..., None] * asked[None]
    steps = np.diff(younger, axis=1) / np.diff(ages)
    # Nobody is older than the last age, so people thin out towards it.
    free = CubicSpline(ages, younger, axis=1, bc_type=("not-a-knot", (1, np.zeros(len(younger)))))
    beside = np.minimum(
        np.concatenate([steps[:, :1], steps], axis=1),
        np.concatenate([steps, steps[:, -1:]], axis=1),
    )
    slopes = np.clip(free(ages, 1), 0.0, 3.0 * beside)
    curve: NDArray[np.float64] = CubicHermiteSpline(ages, younger, slopes, axis=1)(asked)
    return curve


def aged_counts(region: Region, last_age: float) -> AgedCounts:
    """
    Collect every count by age of a region.

    Parameters
    ----------
    region
        Its ``population`` table, if any, gives them.
    last_age
        Where an open-ended band is taken to end, years.

    Returns
    -------
    AgedCounts
        Empty where nobody counted by age. A count with a gap between its bands is left out.
    """
    table = region.table("population")
    by_age = pd.DataFrame(columns=[*_KEY, "sex", "age_from", "age_to", "persons"])
    if table is not None:
        by_age = table[table["age_from"].notna()]
    keyed = by_age.groupby(_KEY, dropna=False, sort=True)
    order = np.lexsort(
        (values_of(by_age, "age_from"), by_age["sex"].fillna("both"), keyed.ngroup())
    )
    groups = np.asarray(keyed.ngroup(), dtype=np.int64)
    found = list(_segments(by_age.iloc[order], groups[order]))
    numbers = sorted({number for number, *_ in found})
    at = {number: row for row, number in enumerate(numbers)}
    keys = by_age[_KEY].assign(_n=keyed.ngroup()).drop_duplicates("_n").set_index("_n")
    return AgedCounts(
        keys=keys.loc[numbers].reset_index(drop=True),
        of_sex={sex: _banded(found, sex, at) for sex in _SEXES},
        last_age=last_age,
    )


_Segment = tuple[int, str, NDArray[np.float64], NDArray[np.float64]]


def _segments(rows: pd.DataFrame, groups: NDArray[np.int64]) -> Iterator[_Segment]:
    """Each town, year and sex with bands from birth on without a gap: first ages and persons."""
    low, high = values_of(rows, "age_from"), values_of(rows, "age_to")
    persons, sexes = values_of(rows, "persons"), rows["sex"].fillna("both").to_numpy(dtype=object)
    is_first = np.ones(len(rows), dtype=bool)
    is_first[1:] = (groups[1:] != groups[:-1]) | (sexes[1:] != sexes[:-1])
    joins = np.ones(len(rows), dtype=bool)
    joins[1:] = is_first[1:] | (low[1:] == high[:-1] + 1)
    starts = np.flatnonzero(is_first)
    if not len(starts):
        return
    ends = np.append(starts[1:], len(rows))
    is_whole = (
        np.logical_and.reduceat(joins, starts) & (low[starts] == 0) & np.isnan(high[ends - 1])
    )
    for start, end in zip(starts[is_whole].tolist(), ends[is_whole].tolist(), strict=True):
        yield int(groups[start]), str(sexes[start]), low[start:end], persons[start:end]


def _banded(found: Sequence[_Segment], sex: Sex, at: Mapping[int, int]) -> tuple[BandedCounts, ...]:
    """Counts of one sex, those with equal bands stacked."""
    alike: dict[bytes, list[_Segment]] = {}
    for segment in found:
        if segment[1] == sex:
            alike.setdefault(segment[2].tobytes(), []).append(segment)
    return tuple(
        BandedCounts(
            edges=segments[0][2],
            rows=np.array([at[number] for number, *_ in segments]),
            persons=np.stack([persons for *_, persons in segments]),
        )
        for segments in alike.values()
    )
