"""
Taking customers out: strings of neighbouring trips (slack induction by string removals), whole
trips, or what is near a depot.

References
----------
.. [1] Christiaens, J. and Vanden Berghe, G. (2020). Slack Induction by String Removals for Vehicle
       Routing Problems. Transportation Science 54(2).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from comarca.compiled import compiled_in_place
from comarca.freight.routing.engine.chance import draw, draw_below
from comarca.freight.routing.engine.data import RoutingData  # noqa: F401
from comarca.freight.routing.engine.state import (
    close_trip,
    count_missing,
    refresh,
    unlink,
)

MEAN_REMOVED = 10.0
LONGEST_STRING = 10.0
SPLIT = 0.5
GROW = 0.99  # chance that one more stop stays inside a split string ends with 1 - this
WHOLE_TRIP = 0.02


@compiled_in_place
def touch(touched: Any, is_touched: Any, n_touched: Any, trip: Any) -> Any:
    """Note a trip once; returns how many are noted."""
    if not is_touched[trip]:
        is_touched[trip] = True
        touched[n_touched] = trip
        n_touched += 1
    return n_touched


@compiled_in_place
def take_out(data: Any, state: Any, place: Any, penalty: Any) -> None:
    """Take a customer out, and note whether its group is missing then."""
    unlink(data, state, place)
    if data.place[place].is_required and state.place[data.place[place].group].served == 0:
        count_missing(state, penalty, 1.0)


@compiled_in_place
def settle(data: Any, state: Any, trip: Any) -> None:
    """Refresh a trip that lost customers, or close it."""
    if state.trip[trip].size == 0:
        close_trip(data, state, trip)
    else:
        refresh(data, state, trip)


@compiled_in_place
def ruin_strings(
    data: Any, state: Any, penalty: Any, random: Any, removed: Any, touched: Any, is_touched: Any
) -> Any:
    """Take strings out of trips near a customer; returns numbers of customers and trips."""
    n_removed, n_touched = np.int64(0), np.int64(0)
    customers = data.n_places - data.n_depots
    seed = data.n_depots + draw_below(random, customers)
    served, trips = 0, 0
    for trip in range(np.int64(state.totals[2])):
        if state.trip[trip].size > 0:
            served += state.trip[trip].size
            trips += 1
    if trips == 0:
        return n_removed, n_touched, seed
    longest = min(LONGEST_STRING, served / trips)
    most_strings = 4.0 * MEAN_REMOVED / (1.0 + longest) - 1.0
    strings = np.int64(draw(random) * most_strings + 1.0)
    for at in range(-1, data.near.shape[1]):
        place = seed if at < 0 else data.near[seed, at]
        trip = state.place[place].trip
        if trip < 0 or is_touched[trip]:
            continue
        n_touched = touch(touched, is_touched, n_touched, trip)
        size = state.trip[trip].size
        length = np.int64(draw(random) * min(np.float64(size), longest) + 1.0)
        length = min(length, size)
        if draw(random) < WHOLE_TRIP:
            length = size
        n_removed = _take_string(
            data, state, penalty, random, removed, n_removed, place, trip, length
        )
        settle(data, state, trip)
        strings -= 1
        if strings <= 0:
            break
    return n_removed, n_touched, seed


@compiled_in_place
def _take_string(
    data: Any,
    state: Any,
    penalty: Any,
    random: Any,
    removed: Any,
    n_removed: Any,
    place: Any,
    trip: Any,
    length: Any,
) -> Any:
    """Take out a string round a stop; a split one keeps some stops in its middle."""
    size = state.trip[trip].size
    kept = np.int64(0)
    if 1 < length < size and draw(random) < SPLIT:
        kept = np.int64(1)
        while length + kept < size and draw(random) > GROW:
            kept += 1
    span = length + kept
    position, at = np.int64(0), state.trip[trip].first
    while at != place:
        at = state.place[at].after
        position += 1
    earliest, latest = max(np.int64(0), position - span + 1), min(position, size - span)
    begin = earliest + draw_below(random, latest - earliest + 1)
    while position > begin:
        at = state.place[at].before
        position -= 1
    while position < begin:
        at = state.place[at].after
        position += 1
    keep_from = span
    if kept > 0:
        keep_from = np.int64(1) + draw_below(random, length - 1)
    for step in range(span):
        following = state.place[at].after
        if not keep_from <= step < keep_from + kept:
            take_out(data, state, at, penalty)
            removed[n_removed] = at
            n_removed += 1
        at = following
    return n_removed
