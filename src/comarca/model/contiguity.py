"""Which towns lie side by side: neighbours, and the pieces a group of towns falls into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from comarca.errors import Fault, ParameterError
from comarca.model.town_index import TownIndex, unique_ids
from comarca.wording import counted

ContiguitySource = Literal["polygons", "voronoi", "table"]
_NAMED = 5  # a summary names so many towns and counts the rest


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """
    Two towns joined without a common border, so that an island is not alone.

    Parameters
    ----------
    town_id, to
        The towns; the first lies on the smaller part.
    distance_km
        Between their shapes, or their points.
    """

    town_id: str
    to: str
    distance_km: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Contiguity(TownIndex):
    """
    Which towns are neighbours.

    Parameters
    ----------
    town_ids
        Towns in the order of rows and columns, each once.
    adjacent
        Whether two towns are neighbours, shape ``(n_towns, n_towns)``; symmetric, nothing on the
        diagonal. Dense or sparse; kept as a boolean CSR matrix with sorted indices.
    source
        What told it: ``"polygons"``, ``"voronoi"`` (cells around points) or ``"table"``.
    border_km
        Length of the border between neighbours, same shape, symmetric, 0 or more; ``None`` when
        unknown.
    crossings
        Neighbours without a common border.
    warnings
        What was noticed and left as it is.

    Raises
    ------
    ParameterError
        When shapes disagree, a town neighbours itself, or one neighbours another and not the other
        way round.
    """

    town_ids: tuple[str, ...]
    adjacent: sparse.csr_array
    source: ContiguitySource
    border_km: sparse.csr_array | None = None
    crossings: tuple[Crossing, ...] = ()
    warnings: tuple[Fault, ...] = ()

    def __post_init__(self) -> None:
        if self.source not in get_args(ContiguitySource):
            raise ParameterError(f"source is {self.source}; expected {ContiguitySource}.")
        ids = unique_ids(self.town_ids)
        adjacent = _symmetric(self.adjacent, len(ids), "adjacent").astype(bool)
        if adjacent.diagonal().any():
            town_id = ids[int(adjacent.diagonal().argmax())]
            raise ParameterError(f"{town_id} is a neighbour of itself; expected other towns.")
        object.__setattr__(self, "town_ids", ids)
        object.__setattr__(self, "adjacent", adjacent)
        if self.border_km is not None:
            border_km = _symmetric(self.border_km, len(ids), "border_km").astype(np.float64)
            if (border_km.data < 0).any() or not np.isfinite(border_km.data).all():
                raise ParameterError("border_km holds negative or missing lengths.")
            if (border_km.astype(bool) > adjacent).nnz:
                raise ParameterError("border_km holds borders between towns that are apart.")
            object.__setattr__(self, "border_km", border_km)

    @property
    def n_pairs(self) -> int:
        """How many pairs of neighbours there are."""
        return int(self.adjacent.nnz) // 2

    @property
    def n_neighbours(self) -> NDArray[np.intp]:
        """Neighbours of each town, shape ``(n_towns,)``."""
        return np.diff(self.adjacent.indptr).astype(np.intp)

    @property
    def islands(self) -> tuple[str, ...]:
        """Towns without a neighbour."""
        return tuple(self.town_ids[at] for at in np.flatnonzero(self.n_neighbours == 0).tolist())

    def neighbours(self, town_id: str) -> tuple[str, ...]:
        """Neighbours of a town, or :class:`UnknownTownError`."""
        at = int(self.positions([town_id])[0])
        row = self.adjacent.indices[self.adjacent.indptr[at] : self.adjacent.indptr[at + 1]]
        return tuple(self.town_ids[other] for other in row.tolist())

    @cached_property
    def components(self) -> tuple[tuple[str, ...], ...]:
        """Groups of towns with a way from neighbour to neighbour, the largest first."""
        return self.pieces(self.town_ids)

    def pieces(self, town_ids: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """
        Split a group of towns into pieces that hang together within the group.

        Parameters
        ----------
        town_ids
            Members of the group.

        Returns
        -------
        tuple of tuple
            The largest first, of equal ones that with the earliest town; towns in the order given.
            More than one piece means exclaves.

        Raises
        ------
        UnknownTownError
            When there is no such town.
        """
        members = unique_ids(town_ids)
        if not members:
            return ()
        chosen = self.positions(members)
        _, label = csgraph.connected_components(self.adjacent[chosen][:, chosen], directed=False)
        pieces: dict[int, list[str]] = {}
        for town_id, piece in zip(members, label.tolist(), strict=True):
            pieces.setdefault(piece, []).append(town_id)
        return tuple(sorted(map(tuple, pieces.values()), key=len, reverse=True))

    def subset(self, town_ids: Iterable[str]) -> Contiguity:
        """Neighbours among some towns, in the order given, or :class:`UnknownTownError`."""
        ids = tuple(town_ids)
        chosen = self.positions(ids)
        known = set(ids)
        return replace(
            self,
            town_ids=ids,
            adjacent=self.adjacent[chosen][:, chosen],
            border_km=None if self.border_km is None else self.border_km[chosen][:, chosen],
            crossings=tuple(c for c in self.crossings if {c.town_id, c.to} <= known),
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a pair of neighbours, each once: ``origin, destination, border_km``."""
        pairs = sparse.triu(self.adjacent, format="coo")
        ids = np.array(self.town_ids, dtype=object)
        border_km = np.full(pairs.nnz, np.nan)
        if self.border_km is not None:
            borders = sparse.triu(self.border_km, format="csr")
            lengths = {
                (row, column): length
                for row, column, length in zip(*sparse.find(borders), strict=True)
            }
            border_km = np.array(
                [lengths.get(pair, 0.0) for pair in zip(pairs.row, pairs.col, strict=True)]
            )
        return pd.DataFrame(
            {"origin": ids[pairs.row], "destination": ids[pairs.col], "border_km": border_km}
        )

    def summary(self, names: Mapping[str, str] | None = None) -> str:
        """Say in a line or two who has neighbours; ``names`` by town, where known."""
        mean = 2 * self.n_pairs / max(len(self.town_ids), 1)
        lines = [
            f"{counted(len(self.town_ids), 'town')} ({self.source}): "
            f"{counted(self.n_pairs, 'pair')} of neighbours, {mean:.1f} a town, "
            f"{counted(len(self.components), 'part')}"
        ]
        if self.islands:
            lines.append(f"without neighbours: {named_towns(self.islands, names or {})}")
        if self.crossings:
            lines.append(f"{counted(len(self.crossings), 'crossing')} joined without a border")
        return "\n".join(lines)


def named_towns(town_ids: Iterable[str], names: Mapping[str, str]) -> str:
    """Name the first of some towns, with their codes, and count the rest."""
    ids = list(town_ids)
    named = [f"{names[town]} ({town})" if town in names else town for town in ids[:_NAMED]]
    rest = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return ", ".join(named) + rest


def _symmetric(
    given: sparse.csr_array | NDArray[np.generic], n_towns: int, name: str
) -> sparse.csr_array:
    matrix = sparse.csr_array(given, copy=True)  # what follows works in place
    if matrix.shape != (n_towns, n_towns):
        raise ParameterError(f"{name} has shape {matrix.shape}; expected {(n_towns, n_towns)}.")
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    difference = matrix.astype(np.float64) - matrix.T.astype(np.float64)
    if difference.count_nonzero():
        raise ParameterError(f"{name} is not the same both ways; expected a symmetric matrix.")
    return matrix
