"""
Who travels between towns, and how long it takes: the two matrices stages hand on.

Towns are known by id. Positions in the arrays are those of ``town_ids`` and mean nothing outside
the function that asked for them. Origin always comes first. Where all pairs of towns would not fit
into memory, :class:`SparseTravelMatrix` holds those within a limit of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.errors import ParameterError
from comarca.model.town_index import TownIndex, unique_ids

Mode = Literal["car", "bus", "truck"]
Period = Literal["daily", "weekly"]
Skill = Literal["basic", "secondary", "higher"]
SKILLS: tuple[Skill, ...] = get_args(Skill)
"""In rising order: whoever has one can do work that asks for an earlier one."""


@dataclass(frozen=True, eq=False)
class FlowMatrix(TownIndex):
    """
    Commuters between towns.

    Parameters
    ----------
    town_ids
        Towns in the order of rows and columns, each once.
    persons
        Commuters on a working day, shape ``(n_towns, n_towns)``, persons, 0 or more; rows are
        homes, columns workplaces, the diagonal lives and works in one town. Dense or sparse; kept
        as CSR without stored zeros, ``int64`` when every entry is whole.
    skill
        Skill group the flows are of; ``None`` for all together.
    period
        Whether people return the same day or at the week's end.
    is_observed
        ``True`` for counted flows, ``False`` for flows a model estimated.

    Raises
    ------
    ParameterError
        When shapes disagree, an id stands twice, or an entry is negative or not finite.
    """

    town_ids: tuple[str, ...]
    persons: sparse.csr_array
    skill: Skill | None = None
    period: Period = "daily"
    is_observed: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "town_ids", unique_ids(self.town_ids))
        object.__setattr__(self, "persons", _whole_csr(self.persons, len(self.town_ids)))

    @property
    def workers(self) -> NDArray[np.float64]:
        """Working residents of each town, persons, shape ``(n_towns,)``."""
        return np.asarray(self.persons.sum(axis=1), dtype=np.float64).ravel()

    @property
    def jobs(self) -> NDArray[np.float64]:
        """Filled jobs in each town, shape ``(n_towns,)``."""
        return np.asarray(self.persons.sum(axis=0), dtype=np.float64).ravel()

    def summary(self) -> str:
        """Say in a line how many people travel."""
        total = self.persons.sum()
        at_home = self.persons.diagonal().sum()
        share = f", {at_home / total:.0%} in their own town" if total else ""
        kind = "counted" if self.is_observed else "estimated"
        return f"{total:,.0f} {self.period} workers of {len(self.town_ids):,} towns ({kind}){share}"


@dataclass(frozen=True, eq=False)
class TravelMatrix(TownIndex):
    """
    Times and distances between towns, for one mode.

    Parameters
    ----------
    town_ids
        Towns in the order of rows and columns, each once.
    mode
        ``"car"``, ``"bus"`` or ``"truck"`` (a light truck).
    time_min
        ``time_min[origin, destination]``, minutes, shape ``(n_towns, n_towns)``, 0 or more;
        ``inf`` where there is no way.
    distance_km
        Kilometres along the same ways, same shape; ``inf`` where there is no way.
    source
        ``"circle"``, ``"roads"`` or ``"table"``.

    Raises
    ------
    ParameterError
        When shapes disagree, or an entry is negative or not a number.
    """

    town_ids: tuple[str, ...]
    mode: Mode
    time_min: NDArray[np.float32]
    distance_km: NDArray[np.float32]
    source: Literal["circle", "roads", "table"]

    def __post_init__(self) -> None:
        object.__setattr__(self, "town_ids", unique_ids(self.town_ids))
        n_towns = len(self.town_ids)
        for name in ("time_min", "distance_km"):
            values = np.asarray(getattr(self, name), dtype=np.float32)
            if values.shape != (n_towns, n_towns):
                raise ParameterError(
                    f"{name} has shape {values.shape}; expected {(n_towns, n_towns)}."
                )
            if np.isnan(values).any() or (values < 0).any():
                raise ParameterError(f"{name} holds negative or missing entries; no way is inf.")
            object.__setattr__(self, name, values)

    def subset(self, town_ids: Sequence[str]) -> TravelMatrix:
        """Keep only these towns, in this order."""
        keep = self.positions(town_ids)
        block = np.ix_(keep, keep)
        return TravelMatrix(
            tuple(town_ids), self.mode, self.time_min[block], self.distance_km[block], self.source
        )

    def summary(self) -> str:
        """Say in a line how far the towns lie apart."""
        n_towns = len(self.town_ids)
        off = ~np.eye(n_towns, dtype=bool)
        reached = np.isfinite(self.time_min) & off
        no_way = int(off.sum() - reached.sum())
        if not reached.any():
            return f"{n_towns:,} towns by {self.mode} ({self.source}): no way between any two"
        median = float(np.median(self.time_min[reached]))
        return (
            f"{n_towns:,} towns by {self.mode} ({self.source}): median {median:.0f} min, "
            f"{no_way:,} pairs without a way"
        )


@dataclass(frozen=True, eq=False)
class SparseTravelMatrix(TownIndex):
    """
    Times and distances of the pairs within a limit, for one mode and for very many towns.

    It is a type of its own, so that nobody reads an absent pair as one of no minutes.

    Parameters
    ----------
    town_ids
        Towns in the order of rows and columns, each once.
    mode
        ``"car"``, ``"bus"`` or ``"truck"`` (a light truck).
    time_min
        Minutes, 0 or more, shape ``(n_towns, n_towns)``, CSR; an entry that is not stored is beyond
        the limit or has no way. Stored zeros are ways of no minutes.
    distance_km
        Kilometres along the same ways, the same entries in the same order.
    source
        ``"circle"``, ``"roads"`` or ``"table"``.
    limit_min
        Longest time asked for, minutes, above 0.

    Raises
    ------
    ParameterError
        When shapes or entries disagree, or an entry is negative, missing or beyond the limit.
    """

    town_ids: tuple[str, ...]
    mode: Mode
    time_min: sparse.csr_array
    distance_km: sparse.csr_array
    source: Literal["circle", "roads", "table"]
    limit_min: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "town_ids", unique_ids(self.town_ids))
        n_towns = len(self.town_ids)
        for name, most in (("time_min", self.limit_min), ("distance_km", np.inf)):
            values = sparse.csr_array(getattr(self, name), dtype=np.float32)
            if values.shape != (n_towns, n_towns):
                raise ParameterError(
                    f"{name} has shape {values.shape}; expected {(n_towns, n_towns)}."
                )
            if not ((values.data >= 0) & (values.data <= np.float32(most))).all():
                raise ParameterError(f"{name} holds entries that are not from 0 to {most:g}.")
            object.__setattr__(self, name, values)
        if not (
            np.array_equal(self.time_min.indptr, self.distance_km.indptr)
            and np.array_equal(self.time_min.indices, self.distance_km.indices)
        ):
            raise ParameterError("time_min and distance_km do not hold the same pairs.")

    @classmethod
    def of_pairs(
        cls,
        town_ids: Sequence[str],
        mode: Mode,
        pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
        time_min: NDArray[np.floating[Any]],
        distance_km: NDArray[np.floating[Any]],
        *,
        source: Literal["circle", "roads", "table"],
        limit_min: float,
    ) -> SparseTravelMatrix:
        """
        Arrange pairs of towns, those beyond the limit left out.

        Parameters
        ----------
        pairs
            Positions of origins and of destinations, each pair once, shape ``(n_pairs,)``.
        time_min, distance_km
            Of each pair, same shape.
        """
        within = np.asarray(time_min, dtype=np.float32) <= np.float32(limit_min)
        origin, destination = pairs[0][within], pairs[1][within]
        order = np.lexsort((destination, origin))
        places = (origin[order], destination[order])
        minutes, km = (
            sparse.csr_array((ways[within][order], places), shape=(len(town_ids),) * 2)
            for ways in (time_min, distance_km)
        )
        return cls(tuple(town_ids), mode, minutes, km, source, limit_min)

    def subset(self, town_ids: Sequence[str]) -> SparseTravelMatrix:
        """Keep only these towns, in this order."""
        keep = self.positions(town_ids)
        time_min, distance_km = (ways[keep][:, keep] for ways in (self.time_min, self.distance_km))
        return SparseTravelMatrix(
            tuple(town_ids), self.mode, time_min, distance_km, self.source, self.limit_min
        )

    def summary(self) -> str:
        """Say in a line how many ways there are."""
        return (
            f"{len(self.town_ids):,} towns by {self.mode} ({self.source}): "
            f"{self.time_min.nnz:,} ways within {self.limit_min:g} min"
        )


Travel = TravelMatrix | SparseTravelMatrix
"""Ways between towns, for a computation that needs those within its limit only."""


def _whole_csr(persons: NDArray[Any] | sparse.csr_array, n_towns: int) -> sparse.csr_array:
    matrix = sparse.csr_array(persons, copy=True)  # what follows works in place
    if matrix.shape != (n_towns, n_towns):
        raise ParameterError(f"persons has shape {matrix.shape}; expected {(n_towns, n_towns)}.")
    if not np.isfinite(matrix.data).all() or (matrix.data < 0).any():
        raise ParameterError("persons holds negative or missing entries; expected 0 or more.")
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    if (matrix.data == np.floor(matrix.data)).all():
        return matrix.astype(np.int64)
    return matrix.astype(np.float64)
