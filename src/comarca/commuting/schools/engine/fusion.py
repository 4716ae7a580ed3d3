r"""
Step by step, the two zones that attract each other most become one: the engine of two schools.

The attraction of two zones is

.. math:: a_{ij} = s \left( \frac{F_{ij}}{O_i D_j} + \frac{F_{ji}}{O_j D_i} \right),

with flows :math:`F`, outward and inward masses :math:`O` and :math:`D`, all of which add up when
zones fuse, and a scale :math:`s`. With persons, working residents and jobs it is the objective of
Intramax; with half the proportional flow of Tolbert and Sizer and every mass 1 it is their average
linkage, as the masses then count the towns of a zone.

Only pairs with a flow are held, so memory grows with the flows and not with the square of the
towns. Fusing stops when no pair that may fuse attracts each other. Among equals the pair whose
first town comes first fuses, then the one whose second does; a zone's first town stands for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.compiled import compiled

_NONE = -1
Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Fusions:
    """
    What fused with what, in order.

    Parameters
    ----------
    n_towns
        Zones at the start.
    kept, absorbed
        First towns of the two zones of each step, by position, the earlier one in ``kept``; shape
        ``(n_steps,)``, fewer than ``n_towns``.
    attraction
        How strongly the two attracted each other, shape ``(n_steps,)``, above 0.
    joined
        Flow between the two, both ways, which the step brought inside; shape ``(n_steps,)``.
    """

    n_towns: int
    kept: Places
    absorbed: Places
    attraction: Floats
    joined: Floats

    def __len__(self) -> int:
        return len(self.kept)

    def zones(self, n_steps: int) -> NDArray[np.intp]:
        """Zone of each town after so many steps: the position of its first town."""
        zone = np.arange(self.n_towns)
        # Backwards, so that what a zone was absorbed into is settled before the zone itself.
        for step in range(n_steps - 1, -1, -1):
            zone[self.absorbed[step]] = zone[self.kept[step]]
        return zone


class _Rows(NamedTuple):
    """
    What each zone exchanges with others, a stretch of entries for each zone.

    An entry has a partner, the flows out and back, and the number of pairs that are neighbours. A
    partner may be a town that has been absorbed; its zone is looked up.
    """

    start: Places
    length: Places
    partner: Places
    out: Floats
    back: Floats
    touch: Floats


class _State(NamedTuple):
    """Rows, masses and, for each zone, the partner that attracts it most and how strongly."""

    rows: _Rows
    parent: Places
    slot: Places
    outward: Floats
    inward: Floats
    best: Places
    strength: Floats


def fuse(
    flows: sparse.csr_array,
    outward: Floats,
    inward: Floats,
    *,
    scale: float = 1.0,
    adjacent: sparse.csr_array | None = None,
) -> Fusions:
    """
    Fuse zones until none attracts another.

    Parameters
    ----------
    flows
        ``F``, shape ``(n_towns, n_towns)``, 0 or more; the diagonal does not matter.
    outward, inward
        Masses ``O`` and ``D``, shape ``(n_towns,)``, above 0 wherever a flow leaves or arrives.
    scale
        Multiplies every attraction.
    adjacent
        Neighbours, symmetric, shape ``(n_towns, n_towns)``; when given, only zones of which some
        towns are neighbours may fuse.

    Returns
    -------
    Fusions
        One step fewer than towns where all hang together; else fewer.
    """
    kept, absorbed, attraction, joined = _fuse(
        _rows(flows, adjacent),
        np.array(outward, dtype=np.float64),
        np.array(inward, dtype=np.float64),
        float(scale),
    )
    return Fusions(
        n_towns=len(outward),
        kept=kept,
        absorbed=absorbed,
        attraction=attraction,
        joined=joined,
    )


def _rows(flows: sparse.csr_array, adjacent: sparse.csr_array | None) -> _Rows:
    """Pairs of towns that exchange anybody, or are neighbours, in room enough for all fusions."""
    n_towns = flows.shape[0]
    forth = flows.tocoo()
    beside = forth if adjacent is None else adjacent.tocoo()
    parts = ((forth.row, forth.col), (forth.col, forth.row), (beside.row, beside.col))
    keys, place = np.unique(
        np.concatenate([row.astype(np.int64) * n_towns + column for row, column in parts]),
        return_inverse=True,
    )
    # Fused rows are written behind the last; what is live never outgrows the first half.
    room = 2 * len(keys)
    out, back, touch = np.zeros(room), np.zeros(room), np.full(room, float(adjacent is None))
    ways, ways_back, borders = np.split(place, [forth.nnz, 2 * forth.nnz])
    out[ways], back[ways_back], touch[borders] = forth.data, forth.data, 1.0
    partner = np.zeros(room, dtype=np.int64)
    partner[: len(keys)] = keys % n_towns
    start = np.searchsorted(keys, np.arange(n_towns + 1) * n_towns)
    return _Rows(start[:-1].copy(), np.diff(start), partner, out, back, touch)


@compiled
def _fuse(
    rows: _Rows, outward: Floats, inward: Floats, scale: float
) -> tuple[Places, Places, Floats, Floats]:
    n_towns = len(outward)
    parent = np.arange(n_towns)
    slot = np.full(n_towns, _NONE)
    best = np.full(n_towns, _NONE)
    strength = np.zeros(n_towns)
    state = _State(rows, parent, slot, outward, inward, best, strength)
    for zone in range(n_towns):
        _tidy(state, zone)
        _judge(state, zone, scale)
    end = len(rows.partner) // 2
    kept, absorbed = np.empty(n_towns, np.int64), np.empty(n_towns, np.int64)
    attraction, joined = np.empty(n_towns), np.empty(n_towns)
    step = 0
    while n_towns:
        first = np.argmax(strength)
        if best[first] == _NONE:
            break
        one, other = min(first, best[first]), max(first, best[first])
        kept[step], absorbed[step], attraction[step] = one, other, strength[first]
        if end + rows.length[one] + rows.length[other] > len(rows.partner):
            end = _close_gaps(rows)
        end = _unite(state, one, other, end)
        joined[step] = _tidy(state, one)
        _judge(state, one, scale)
        _tell_partners(state, one, other, scale)
        step += 1
    return kept[:step], absorbed[:step], attraction[:step], joined[:step]


@compiled
def _find(parent: Places, town: int) -> int:
    """Zone of a town; the way to it is halved for the next time."""
    while parent[town] != town:
        parent[town] = parent[parent[town]]
        town = parent[town]
    return town


@compiled
def _copy(rows: _Rows, entry: int, place: int) -> None:
    rows.partner[place] = rows.partner[entry]
    rows.out[place], rows.back[place] = rows.out[entry], rows.back[entry]
    rows.touch[place] = rows.touch[entry]


@compiled
def _tidy(state: _State, zone: int) -> float:
    """Give a zone one entry a partner; return the flow it had with itself, which is dropped."""
    rows, slot = state.rows, state.slot
    start, end, inside = rows.start[zone], rows.start[zone], 0.0
    for entry in range(start, start + rows.length[zone]):
        partner = _find(state.parent, rows.partner[entry])
        if partner == zone:
            inside += rows.out[entry]
        elif slot[partner] == _NONE:
            slot[partner] = end
            _copy(rows, entry, end)
            rows.partner[end] = partner
            end += 1
        else:
            rows.out[slot[partner]] += rows.out[entry]
            rows.back[slot[partner]] += rows.back[entry]
            rows.touch[slot[partner]] += rows.touch[entry]
    rows.length[zone] = end - start
    for entry in range(start, end):
        slot[rows.partner[entry]] = _NONE
    return inside


@compiled
def _attraction(state: _State, zone: int, entry: int, scale: float) -> float:
    """Attraction of a zone and the partner of one of its entries; 0 where they may not fuse."""
    rows, partner = state.rows, state.rows.partner[entry]
    total = 0.0
    if rows.touch[entry] > 0:
        if rows.out[entry] > 0:
            total += scale * rows.out[entry] / (state.outward[zone] * state.inward[partner])
        if rows.back[entry] > 0:
            total += scale * rows.back[entry] / (state.outward[partner] * state.inward[zone])
    return total


@compiled
def _judge(state: _State, zone: int, scale: float) -> None:
    """Find the partner that attracts a zone most, the first among equals; the row is tidy."""
    state.best[zone], state.strength[zone] = _NONE, 0.0
    start = state.rows.start[zone]
    for entry in range(start, start + state.rows.length[zone]):
        partner = state.rows.partner[entry]
        _offer(state, zone, partner, _attraction(state, zone, entry, scale))


@compiled
def _offer(state: _State, zone: int, partner: int, attraction: float) -> None:
    """Take the partner if it attracts more than the best so far, or as much and comes first."""
    is_more = attraction > state.strength[zone]
    is_first = attraction == state.strength[zone] > 0 and partner < state.best[zone]
    if is_more or is_first:
        state.best[zone], state.strength[zone] = partner, attraction


@compiled
def _unite(state: _State, one: int, other: int, end: int) -> int:
    """Write both rows behind the last and put the second zone into the first; return the end."""
    rows = state.rows
    new = end
    for zone in (one, other):
        for entry in range(rows.start[zone], rows.start[zone] + rows.length[zone]):
            _copy(rows, entry, end)
            end += 1
    rows.start[one], rows.length[one], rows.length[other] = new, end - new, 0
    state.parent[other] = one
    state.outward[one] += state.outward[other]
    state.inward[one] += state.inward[other]
    state.best[other], state.strength[other] = _NONE, 0.0
    return end


@compiled
def _tell_partners(state: _State, one: int, other: int, scale: float) -> None:
    """After a fusion: partners whose best it was look anew, others weigh it against theirs."""
    start = state.rows.start[one]
    for entry in range(start, start + state.rows.length[one]):
        partner = state.rows.partner[entry]
        if state.best[partner] == one or state.best[partner] == other:
            _tidy(state, partner)
            _judge(state, partner, scale)
        else:
            _offer(state, partner, one, _attraction(state, one, entry, scale))


@compiled
def _close_gaps(rows: _Rows) -> int:
    """Move all rows to the front, in their order; return where the last ends."""
    end = 0
    for zone in np.argsort(rows.start):
        for entry in range(rows.start[zone], rows.start[zone] + rows.length[zone]):
            _copy(rows, entry, end)
            if entry == rows.start[zone]:
                new = end
            end += 1
        if rows.length[zone]:
            rows.start[zone] = new
    return end
