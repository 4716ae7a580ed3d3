"""
Trips seen by a search, each set of customers at its cheapest, for the choice among them later.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from comarca.compiled import compiled_in_place

_EMPTY = np.int64(-1)


class Pool(NamedTuple):
    """
    Parameters
    ----------
    slots
        Where each key is kept, open addressing; -1 is free. A power of two of them.
    keys, cost, begin, size, depot, kind
        By trip kept.
    stops
        Customers of all trips, one after the other.
    count
        Trips kept, stops kept.
    """

    slots: Any
    keys: Any
    cost: Any
    begin: Any
    size: Any
    depot: Any
    kind: Any
    stops: Any
    count: Any


def empty_pool(most_trips: int, most_stops: int) -> Pool:
    """Room for so many trips and stops; when it is full nothing more is kept."""
    slots = 1 << (2 * most_trips - 1).bit_length()
    return Pool(
        slots=np.full(slots, _EMPTY, np.int64),
        keys=np.zeros(most_trips, np.uint64),
        cost=np.zeros(most_trips),
        begin=np.zeros(most_trips, np.int64),
        size=np.zeros(most_trips, np.int64),
        depot=np.zeros(most_trips, np.int64),
        kind=np.zeros(most_trips, np.int64),
        stops=np.zeros(most_stops, np.int32),
        count=np.zeros(2, np.int64),
    )


@compiled_in_place
def _slot(pool: Any, key: Any) -> Any:
    mask = np.uint64(pool.slots.shape[0] - 1)
    slot = np.int64((key ^ (key >> np.uint64(32))) & mask)
    while pool.slots[slot] >= 0 and pool.keys[pool.slots[slot]] != key:
        slot = (slot + 1) & np.int64(mask)
    return slot


@compiled_in_place
def keep_trip(data: Any, state: Any, pool: Any, trip: Any) -> None:
    """Keep a trip, or its cheaper order where its customers are known."""
    key = state.trip[trip].key
    cost, size = state.trip[trip].cost, state.trip[trip].size
    slot = _slot(pool, key)
    at = pool.slots[slot]
    if at >= 0 and (pool.cost[at] <= cost + 1e-9 or pool.size[at] != size):
        return
    if at < 0:
        at = pool.count[0]
        if at >= pool.cost.shape[0] or pool.count[1] + size > pool.stops.shape[0]:
            return
        pool.slots[slot] = at
        pool.keys[at], pool.begin[at], pool.size[at] = key, pool.count[1], size
        pool.depot[at], pool.kind[at] = state.trip[trip].depot, state.trip[trip].kind
        pool.count[0] += 1
        pool.count[1] += size
    pool.cost[at] = cost
    place, step = state.trip[trip].first, pool.begin[at]
    while place >= data.n_depots:
        pool.stops[step] = place
        step += 1
        place = state.place[place].after
