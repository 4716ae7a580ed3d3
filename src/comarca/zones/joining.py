"""Islands and other parts joined to what lies nearest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from comarca.errors import Fault
from comarca.model.contiguity import Contiguity, Crossing, named_towns
from comarca.wording import counted

Positions = NDArray[np.intp]
NearestPair = Callable[[Positions, Positions], tuple[int, int, float]]
"""Of two groups of positions, the nearest pair, the first of the first group, and its km."""


def joined(
    contiguity: Contiguity,
    join: Literal["none", "islands", "parts"],
    nearest: NearestPair,
    is_placed: NDArray[np.bool_],
) -> Contiguity:
    """
    Join what lies apart to what lies nearest.

    Parameters
    ----------
    contiguity
        Neighbours by border.
    join
        ``"none"``, ``"islands"`` or ``"parts"``, as in
        :class:`~comarca.zones.params.ContiguityParams`.
    nearest
        Measures.
    is_placed
        Whether anybody knows where a town lies, shape ``(n_towns,)``; the others stay apart.

    Returns
    -------
    Contiguity
        With its crossings told. Parts are joined the smallest first; each goes to whatever lies
        nearest by then.
    """
    crossings: list[Crossing] = []
    adjacent, placed = contiguity.adjacent, np.flatnonzero(is_placed)
    while join != "none" and len(placed):
        _, label = csgraph.connected_components(adjacent[placed][:, placed], directed=False)
        sizes = np.bincount(label)
        smallest = int(sizes.argmin())
        if len(sizes) == 1 or (join == "islands" and sizes[smallest] > 1):
            break
        town, other, distance_km = nearest(placed[label == smallest], placed[label != smallest])
        pair = sparse.csr_array(
            (np.ones(2, dtype=bool), ([town, other], [other, town])), shape=adjacent.shape
        )
        adjacent = adjacent + pair
        ids = contiguity.town_ids
        crossings.append(Crossing(town_id=ids[town], to=ids[other], distance_km=distance_km))
    return replace(contiguity, adjacent=adjacent, crossings=tuple(crossings))


def told_islands(contiguity: Contiguity, place: str, names: dict[str, str]) -> tuple[Fault, ...]:
    """Notice towns without neighbours, and those joined without a border, by name."""
    notices = []
    for town_ids, what in (
        (contiguity.islands, "without neighbours"),
        (tuple(c.town_id for c in contiguity.crossings), "joined without a border"),
    ):
        if town_ids:
            notices.append(
                Fault(
                    place=place,
                    object=counted(len(town_ids), "town"),
                    value=f"{what}: {named_towns(town_ids, names)}",
                    expectation="",
                )
            )
    return tuple(notices)
