"""
Times and distances between towns over roads: fastest ways, and kilometres along them.

Between two towns on one road the way along it counts too. A trip within the limit is told to the
minute whatever lies beyond; a trip beyond it, or one that does not exist, is ``inf``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.model.matrices import TravelMatrix
from comarca.travel.roads.core import core_of
from comarca.travel.roads.graph import RoadGraph
from comarca.travel.roads.searching import search_of
from comarca.travel.roads.snapping import Anchors, anchor_towns
from comarca.wording import counted

FloatArray = NDArray[np.float64]
Int64 = NDArray[np.int64]

_ORIGINS_AT_ONCE = 32
_MOST_WORKERS = 8
_NAMES_TOLD = 40
_GAP_WORTH_TELLING_KM = 0.1


@dataclass(frozen=True, eq=False, kw_only=True)
class RoadTravel:
    """
    A matrix over roads, with where each town joins them.

    Parameters
    ----------
    matrix
        Times and distances; ``inf`` where there is no way within the limit.
    anchors
        Where the towns join the network.
    towns
        The towns' names by code.
    piece
        Number of the piece of network each town lies in, -1 for none, shape ``(n_towns,)``; towns
        in one piece can reach each other.
    main_piece
        The piece most towns lie in, -1 when no town has a road.
    limit_min
        Longest trip told, or ``None``.
    """

    matrix: TravelMatrix
    anchors: Anchors
    towns: pd.Series[str]
    piece: NDArray[np.int64]
    main_piece: int
    limit_min: float | None

    @property
    def unreachable(self) -> pd.DataFrame:
        """
        Towns the others cannot reach, by name.

        Columns ``town_id``, ``name``, ``reason`` (``"no road"``: none within reach; ``"apart"``:
        its roads do not join those most towns use), ``straight_km`` to the nearest road and
        ``towns_in_piece``: how many towns its own roads reach, itself included.
        """
        apart = (self.piece != self.main_piece) | (self.piece < 0)
        at = np.flatnonzero(apart)
        sizes = {piece: int((self.piece == piece).sum()) for piece in np.unique(self.piece[at])}
        return pd.DataFrame(
            {
                "town_id": [self.matrix.town_ids[i] for i in at],
                "name": [str(self.towns.iloc[i]) for i in at],
                "reason": ["no road" if self.piece[i] < 0 else "apart" for i in at],
                "straight_km": self.anchors.straight_km[at],
                "towns_in_piece": [1 if self.piece[i] < 0 else sizes[self.piece[i]] for i in at],
            }
        )

    def gaps(self) -> pd.DataFrame:
        """Rough track of each town: ``town_id``, ``name``, ``gap_km`` and ``gap_min``."""
        at = np.flatnonzero(self.anchors.is_anchored)
        return pd.DataFrame(
            {
                "town_id": [self.matrix.town_ids[i] for i in at],
                "name": [str(self.towns.iloc[i]) for i in at],
                "gap_km": self.anchors.gap_km[at],
                "gap_min": self.anchors.gap_min[at],
            }
        )

    def table(self) -> pd.DataFrame:
        """
        Ways that exist, a row each, as the table ``travel`` of a region has them.

        Columns ``origin``, ``destination``, ``mode``, ``time_min`` and ``distance_km``.
        """
        times = self.matrix.time_min
        is_way = np.isfinite(times)
        np.fill_diagonal(is_way, False)
        row, column = np.nonzero(is_way)
        ids = np.array(self.matrix.town_ids, dtype=object)
        return pd.DataFrame(
            {
                "origin": ids[row],
                "destination": ids[column],
                "mode": self.matrix.mode,
                "time_min": times[row, column],
                "distance_km": self.matrix.distance_km[row, column],
            }
        )

    def notes(self, most_names: int | None = _NAMES_TOLD) -> tuple[str, ...]:
        """
        Tell what a reader of the plan has to know: towns without a way.

        Parameters
        ----------
        most_names
            So many are named; ``None`` for all.
        """
        notes = []
        lost = self.unreachable
        for reason, told in (
            ("no road", "without a road in reach"),
            ("apart", "on roads that do not join those of most towns"),
        ):
            rows_of = lost[lost["reason"] == reason]
            if len(rows_of):
                notes.append(
                    f"{counted(len(rows_of), 'town')} {told}: "
                    f"{_named(rows_of['name'], most_names)}. "
                    "Between them and the others there is no way."
                )
        return tuple(notes)

    def summary(self) -> str:
        """Say in a few lines what is reached, and name what is not."""
        anchored = self.anchors.is_anchored
        limit = f" within {self.limit_min:g} min" if self.limit_min else ""
        lines = [self.matrix.summary() + limit]
        if anchored.any():
            gap = self.anchors.gap_min[anchored]
            longest = np.argsort(-gap, kind="stable")[:3]
            at = np.flatnonzero(anchored)[longest]
            far = ", ".join(
                f"{self.towns.iloc[i]} {self.anchors.gap_km[i]:.1f} km"
                for i in at
                if self.anchors.gap_km[i] >= _GAP_WORTH_TELLING_KM
            )
            lines.append(
                f"rough track to the road: {float(np.median(gap)):.1f} min at the median town, "
                f"{float(gap.max()):.0f} min at most" + (f" ({far})" if far else "")
            )
        return "\n".join([*lines, *self.notes(most_names=None)])


def _named(names: pd.Series[str], most: int | None) -> str:
    most = len(names) if most is None else most
    told = ", ".join(names.iloc[:most])
    more = len(names) - most
    return f"{told} and {more:,} more" if more > 0 else told


def travel_by_roads(
    towns: pd.DataFrame,
    graph: RoadGraph,
    *,
    access_min: float = 0.0,
    workers: int | None = None,
) -> RoadTravel:
    """
    Measure times and distances between all pairs of towns.

    Parameters
    ----------
    towns
        Index ``town_id`` (text), columns ``lat`` and ``lon`` (degrees, WGS 84), and ``name``.
    graph
        The network as a mode drives it; its parameters give the limit.
    access_min
        Minutes added to every trip: the wait for a bus.
    workers
        Threads; ``None`` for one a processor, at most 8.

    Returns
    -------
    RoadTravel
        Dense: two arrays of ``n_towns²`` numbers of four bytes. For more than some 10,000 towns
        take :func:`ways_by_roads`.

    Raises
    ------
    ParameterError
        When there is no town, or a coordinate is missing or out of range.
    """
    anchors = anchor_towns(towns, graph)
    n_towns = len(anchors.town_ids)
    time_min = np.empty((n_towns, n_towns), dtype=np.float32)
    distance_km = np.empty((n_towns, n_towns), dtype=np.float32)
    for origins, minutes, km in blocks(graph, anchors, access_min=access_min, workers=workers):
        time_min[origins], distance_km[origins] = minutes, km
    piece, main_piece = travel_pieces(graph, anchors)
    names = towns["name"] if "name" in towns else pd.Series(anchors.town_ids)
    return RoadTravel(
        matrix=TravelMatrix(anchors.town_ids, graph.mode, time_min, distance_km, "roads"),
        anchors=anchors,
        towns=names.astype(str).reset_index(drop=True),
        piece=piece,
        main_piece=main_piece,
        limit_min=graph.params.limit_min,
    )


def ways_by_roads(
    towns: pd.DataFrame,
    graph: RoadGraph,
    *,
    access_min: float = 0.0,
    workers: int | None = None,
) -> pd.DataFrame:
    """
    Measure ways between towns, and keep only those there are: sparse where the limit makes it so.

    Parameters
    ----------
    towns, graph, access_min, workers
        As for :func:`travel_by_roads`.

    Returns
    -------
    pandas.DataFrame
        Columns ``origin``, ``destination`` (categories of town ids), ``time_min`` and
        ``distance_km`` (float32), a row a way, by origin; no row for a town itself.
    """
    anchors = anchor_towns(towns, graph)
    parts: list[tuple[NDArray[np.int32], ...]] = []
    values: list[tuple[NDArray[np.float32], ...]] = []
    for origins, minutes, km in blocks(graph, anchors, access_min=access_min, workers=workers):
        row, column = np.nonzero(np.isfinite(minutes))
        is_way = origins[row] != column
        row, column = row[is_way], column[is_way]
        parts.append((origins[row].astype(np.int32), column.astype(np.int32)))
        values.append((minutes[row, column].astype(np.float32), km[row, column].astype(np.float32)))
    origin, destination = (np.concatenate(column) for column in zip(*parts, strict=True))
    time_min, distance_km = (np.concatenate(column) for column in zip(*values, strict=True))
    ids = pd.Index(anchors.town_ids)
    return pd.DataFrame(
        {
            "origin": pd.Categorical.from_codes(origin, categories=ids),
            "destination": pd.Categorical.from_codes(destination, categories=ids),
            "time_min": time_min,
            "distance_km": distance_km,
        }
    )


def blocks(
    graph: RoadGraph,
    anchors: Anchors,
    *,
    origins: Int64 | None = None,
    access_min: float = 0.0,
    workers: int | None = None,
) -> Iterator[tuple[Int64, FloatArray, FloatArray]]:
    """
    Rows of the matrix, some at a time, in order: origins, minutes and kilometres.

    Parameters
    ----------
    graph, anchors
        The network, and where towns join it.
    origins
        Positions of the towns whose rows are asked for; ``None`` for all.
    access_min, workers
        As for :func:`travel_by_roads`.
    """
    wanted = np.arange(len(anchors.town_ids)) if origins is None else origins
    n_workers = workers or min(os.cpu_count() or 1, _MOST_WORKERS)
    chunks = [
        wanted[start : start + _ORIGINS_AT_ONCE]
        for start in range(0, len(wanted), _ORIGINS_AT_ONCE)
    ]
    neighbours = _on_one_edge(anchors)
    search = search_of(core_of(graph, _ends(anchors)), anchors, wanted, _limit(graph))

    def measured(chunk: Int64) -> tuple[Int64, FloatArray, FloatArray]:
        minutes, km = search(chunk)
        _along_one_edge(anchors, graph, chunk, neighbours, minutes, km)
        return chunk, *_finished(graph, chunk, minutes, km, access_min)

    if n_workers == 1 or len(chunks) < 2:
        yield from map(measured, chunks)
        return
    with ThreadPoolExecutor(n_workers) as pool:
        # A few chunks ahead at most: rows of a large country must not pile up unread.
        for start in range(0, len(chunks), 2 * n_workers):
            yield from pool.map(measured, chunks[start : start + 2 * n_workers])


def _ends(anchors: Anchors) -> NDArray[np.int32]:
    """Nodes at which towns get on to the network, or off it."""
    ends = np.unique(np.concatenate((anchors.exit_node, anchors.entry_node), axis=None))
    return ends[ends >= 0]


def _limit(graph: RoadGraph) -> float:
    return np.inf if graph.params.limit_min is None else graph.params.limit_min


def _on_one_edge(anchors: Anchors) -> dict[int, Int64]:
    """Towns by edge, for edges that more than one town uses."""
    used, counts = np.unique(anchors.edge[anchors.edge >= 0], return_counts=True)
    return {int(edge): np.flatnonzero(anchors.edge == edge) for edge in used[counts > 1]}


def _along_one_edge(
    anchors: Anchors,
    graph: RoadGraph,
    origins: Int64,
    neighbours: dict[int, Int64],
    minutes: FloatArray,
    km: FloatArray,
) -> None:
    """Where two towns use one edge, the way along it may be the fastest."""
    for row, origin in enumerate(origins):
        for town in neighbours.get(int(anchors.edge[origin]), ()):
            if town == origin:
                continue
            ahead = anchors.along_km[town] >= anchors.along_km[origin]
            side, ends = (0, (origin, town)) if ahead else (1, (town, origin))
            driven = _between(anchors, side, *((origin, town)))
            total = anchors.gap_min[origin] + driven + anchors.gap_min[town]
            if total < minutes[row, town] and total <= _limit(graph):
                minutes[row, town] = total
                km[row, town] = (
                    anchors.gap_km[origin]
                    + anchors.gap_km[town]
                    + anchors.along_km[ends[1]]
                    - anchors.along_km[ends[0]]
                )


def _between(anchors: Anchors, side: int, origin: int, town: int) -> float:
    """Minutes along the edge both use, driven from its first point (0) or from its last (1)."""
    to_town, to_origin = anchors.along_min[town, side], anchors.along_min[origin, side]
    return float(to_town - to_origin) if np.isfinite(to_town) else np.inf


def _finished(
    graph: RoadGraph, origins: Int64, minutes: FloatArray, km: FloatArray, access_min: float
) -> tuple[FloatArray, FloatArray]:
    minutes = minutes + access_min
    too_long = ~(minutes <= _limit(graph)) | ~np.isfinite(minutes)
    minutes[too_long], km[too_long] = np.inf, np.inf
    at = np.arange(len(origins))
    minutes[at, origins], km[at, origins] = 0.0, 0.0
    return minutes, km


def travel_pieces(graph: RoadGraph, anchors: Anchors) -> tuple[NDArray[np.int64], int]:
    """The piece of network each town can leave for and be reached from, and the main one."""
    piece_of = graph.piece_of
    exits = np.where(anchors.exit_node >= 0, piece_of[anchors.exit_node], -1)
    entries = np.where(anchors.entry_node >= 0, piece_of[anchors.entry_node], -2)
    piece = np.full(len(exits), -1, dtype=np.int64)
    for out in range(2):
        for back in range(2):
            fits = (piece < 0) & (exits[:, out] == entries[:, back])
            piece[fits] = exits[fits, out]
    # A closed road may leave a town with its own edge alone: a piece of its own.
    alone = (piece < 0) & anchors.is_anchored
    piece[alone] = graph.n_nodes + np.flatnonzero(alone)
    found = piece[piece >= 0]
    if not len(found):
        return piece, -1
    numbers, counts = np.unique(found, return_counts=True)
    return piece, int(numbers[np.argmax(counts)])
