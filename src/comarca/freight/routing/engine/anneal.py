"""
The search: ruin, recreate, and accept as simulated annealing does.
"""

from __future__ import annotations

from math import log
from typing import Any, NamedTuple

import numpy as np

from comarca.compiled import compiled_in_place
from comarca.freight.routing.engine.chance import draw, draw_below
from comarca.freight.routing.engine.data import RoutingData
from comarca.freight.routing.engine.pool import keep_trip
from comarca.freight.routing.engine.recreate import recreate
from comarca.freight.routing.engine.ruin import ruin_strings
from comarca.freight.routing.engine.state import (
    MISSING,
    OVER,
    TOTAL,
    add_to_depot,
    copy_state,
    copy_trips,
    overload,
    refresh,
)

NOTHING = 1e-9
MOVED = 0.25
"""Share of trips touched that are looked at for another depot, or another cut."""


class Bench(NamedTuple):
    """Room to work in: customers taken out with order and ranks, trips touched and near, costs."""

    waiting: Any
    order: Any
    touched: Any
    is_touched: Any
    is_near: Any
    burden: Any
    rank: Any


def bench(data: RoutingData) -> Bench:
    """Room for the largest step."""
    rooms = data.n_places
    return Bench(
        waiting=np.zeros(2 * rooms, np.int64),
        order=np.zeros(2 * rooms, np.int64),
        touched=np.zeros(rooms, np.int64),
        is_touched=np.zeros(rooms, np.bool_),
        is_near=np.zeros(rooms, np.bool_),
        burden=np.zeros(data.n_depots),
        rank=np.zeros(2 * rooms),
    )


@compiled_in_place
def anneal(
    data: Any,
    now: Any,
    trial: Any,
    best: Any,
    pool: Any,
    room: Any,
    random: Any,
    may_open: Any,
    penalty: Any,
    weight: Any,
    ceiling: Any,
    hot: Any,
    cold: Any,
    n_steps: Any,
) -> Any:
    """
    Take so many steps while the temperature falls geometrically from ``hot`` to ``cold``.

    ``now`` and ``trial`` are equal when it begins and when it ends; ``best`` is replaced where it
    is beaten by a solution that overloads no depot. ``weight`` is the cost of a mean load beyond a
    depot's capacity. Returns how many steps ended overloaded.
    """
    heat, overloaded = hot, 0
    fall = (cold / hot) ** (1.0 / n_steps)
    for _ in range(n_steps):
        n_waiting, n_touched, seed = ruin_strings(
            data, trial, penalty, random, room.waiting, room.touched, room.is_touched
        )
        n_waiting = _call_absent(data, trial, random, room.waiting, n_waiting, seed)
        n_touched = recreate(
            data,
            trial,
            penalty,
            weight,
            heat,
            may_open,
            random,
            room.waiting,
            n_waiting,
            room.order,
            room.touched,
            room.is_touched,
            n_touched,
            room.is_near,
            room.burden,
            room.rank,
        )
        for at in range(n_touched):
            if draw(random) < MOVED and trial.trip[room.touched[at]].size > 0:
                move_trip(data, trial, weight, may_open, room.touched[at])
                if data.n_types > 1:
                    change_truck(data, trial, room.touched[at])
        cost = trial.totals[TOTAL] + weight * trial.totals[OVER]
        if cost < now.totals[TOTAL] + weight * now.totals[OVER] - heat * log(1.0 - draw(random)):
            copy_trips(data, trial, now, room.touched, n_touched)
            if cost <= ceiling:
                for at in range(n_touched):
                    if now.trip[room.touched[at]].size > 0:
                        keep_trip(data, now, pool, room.touched[at])
            if now.totals[OVER] < NOTHING and now.totals[TOTAL] < best.totals[TOTAL] - 1e-7:
                copy_state(now, best)
        else:
            copy_trips(data, now, trial, room.touched, n_touched)
        for at in range(n_touched):
            room.is_touched[room.touched[at]] = False
        heat *= fall
        overloaded += now.totals[OVER] >= NOTHING
    return overloaded


@compiled_in_place
def _call_absent(
    data: Any, state: Any, random: Any, waiting: Any, n_waiting: Any, seed: Any
) -> Any:
    """Let absent customers wait too: all that must be served, and some near the seed."""
    n_removed = n_waiting
    if state.totals[MISSING] > 0:
        for place in range(data.n_depots, data.n_places):
            is_missing = state.place[data.place[place].group].served == 0
            if is_missing and data.place[place].is_required:
                n_waiting = _wait(waiting, n_waiting, place)
    some_optional = draw_below(random, 20)
    for at in range(-1, min(data.near.shape[1], some_optional)):
        place = seed if at < 0 else data.near[seed, at]
        is_missing = state.place[data.place[place].group].served == 0
        if is_missing and not data.place[place].is_required:
            n_waiting = _wait(waiting, n_waiting, place)
    for at in range(n_removed):  # alternatives of those taken out
        place = data.place[waiting[at]].next_alternative
        while place != waiting[at]:
            n_waiting = _wait(waiting, n_waiting, place)
            place = data.place[place].next_alternative
    return n_waiting


@compiled_in_place
def _wait(waiting: Any, n_waiting: Any, place: Any) -> Any:
    """Let a customer wait once."""
    for at in range(n_waiting):
        if waiting[at] == place:
            return n_waiting
    waiting[n_waiting] = place
    return n_waiting + 1


@compiled_in_place
def move_trip(data: Any, state: Any, weight: Any, may_open: Any, trip: Any) -> None:
    """
    Move a trip to the depot, and cut its circle at the arc, where that costs least.

    Only a truck's lone trip moves. With pickups the circle stays cut where it is, so that the
    loads on the way stay as they are.
    """
    truck, kind = state.trip[trip].truck, state.trip[trip].kind
    if state.truck[truck].trips != 1:
        return
    home = state.trip[trip].depot
    cost = data.cost[kind]
    first, last = state.trip[trip].first, state.trip[trip].last
    circle = cost[last, first]
    best_gain, best_depot, best_cut = 1e-7, home, last
    leaving = cost[home, first] + cost[last, home] - circle
    for depot in range(data.n_depots):
        if not may_open[depot] or not data.may_station[kind, depot]:
            continue
        moved = 0.0
        if depot != home:
            moved = weight * _relief(data, state, trip, home, depot)
            moved += _gain_of_openings(data, state, home, depot)
            moved += _gain_of_prizes(data, state, trip, home, depot)
        place = last
        following = first
        while True:
            joining = cost[place, depot] + cost[depot, following] - cost[place, following]
            gain = leaving - joining + moved
            if (
                gain > best_gain
                and (depot != home or place != last)
                and _day_is_short_enough(data, state, trip, depot, place, following)
            ):
                best_gain, best_depot, best_cut = gain, depot, place
            if data.has_pickup:
                break
            place = following
            following = state.place[place].after
            if following < data.n_depots:
                break
    if best_gain > 1e-7:
        _put_at(data, state, trip, home, best_depot, best_cut)


@compiled_in_place
def _relief(data: Any, state: Any, trip: Any, home: Any, depot: Any) -> Any:
    """What the depots' overload falls by when a trip moves."""
    fall = 0.0
    for m in range(data.n_measures):
        load, old, new = state.load[trip, m], state.depot_load[home, m], state.depot_load[depot, m]
        fall += overload(data, home, m, old) - overload(data, home, m, old - load)
        fall += overload(data, depot, m, new) - overload(data, depot, m, new + load)
    return fall


@compiled_in_place
def _gain_of_openings(data: Any, state: Any, home: Any, depot: Any) -> Any:
    gain = 0.0
    if state.depot_trips[home] == 1:
        gain += data.opening[home]
    if state.depot_trips[depot] == 0:
        gain -= data.opening[depot]
    return gain


@compiled_in_place
def _gain_of_prizes(data: Any, state: Any, trip: Any, home: Any, depot: Any) -> Any:
    gain = 0.0
    place = state.trip[trip].first
    while place >= data.n_depots:
        gain += data.prize[place, depot] - data.prize[place, home]
        place = state.place[place].after
    return gain


@compiled_in_place
def _day_is_short_enough(
    data: Any, state: Any, trip: Any, depot: Any, place: Any, following: Any
) -> Any:
    if not data.has_shift:
        return True
    home = state.trip[trip].depot
    first, last = state.trip[trip].first, state.trip[trip].last
    time = (
        state.trip[trip].time
        - data.cost[data.n_types, home, first]
        - data.cost[data.n_types, last, home]
    )
    time += data.cost[data.n_types, last, first] - data.cost[data.n_types, place, following]
    time += data.cost[data.n_types, place, depot] + data.cost[data.n_types, depot, following]
    return time <= data.kind[state.trip[trip].kind].shift


@compiled_in_place
def _put_at(data: Any, state: Any, trip: Any, home: Any, depot: Any, cut: Any) -> None:
    """Let a trip begin behind the cut, at a depot."""
    first, last = state.trip[trip].first, state.trip[trip].last
    if cut != last:
        new_first = state.place[cut].after
        state.place[last].after, state.place[first].before = first, last
        state.trip[trip].first, state.trip[trip].last = new_first, cut
        first, last = new_first, cut
    state.place[first].before, state.place[last].after = depot, depot
    if depot != home:
        state.totals[TOTAL] -= _gain_of_openings(data, state, home, depot)
        for m in range(data.n_measures):
            load = state.load[trip, m]
            add_to_depot(data, state, home, m, -load)
            add_to_depot(data, state, depot, m, load)
        state.depot_trips[home] -= 1
        state.depot_trips[depot] += 1
        state.trip[trip].depot = depot
        state.truck[state.trip[trip].truck].depot = depot
    refresh(data, state, trip)


@compiled_in_place
def change_truck(data: Any, state: Any, trip: Any) -> None:
    """Give a truck's lone trip to the type that makes it cheapest."""
    this = state.trip[trip]
    if state.truck[this.truck].trips != 1:
        return
    best, best_kind = 1e-7, this.kind
    now = data.kind[this.kind].fixed + _way(data, state, trip, this.kind)
    for kind in range(data.n_types):
        if (
            kind == this.kind
            or not data.may_station[kind, this.depot]
            or state.n_trucks[kind] >= data.kind[kind].number
            or this.size > data.kind[kind].max_stops
            or state.truck[this.truck].time > data.kind[kind].shift
            or not _truck_holds(data, state, trip, kind)
        ):
            continue
        gain = now - data.kind[kind].fixed - _way(data, state, trip, kind)
        if gain > best:
            best, best_kind = gain, np.int64(kind)
    if best_kind != this.kind:
        state.n_trucks[this.kind] -= 1
        state.n_trucks[best_kind] += 1
        state.totals[TOTAL] += data.kind[best_kind].fixed - data.kind[this.kind].fixed
        this.kind = best_kind
        state.truck[this.truck].kind = best_kind
        refresh(data, state, trip)


@compiled_in_place
def _way(data: Any, state: Any, trip: Any, kind: Any) -> Any:
    """Cost of a trip's arcs with a type of truck."""
    this = state.trip[trip]
    place, last, cost = this.first, this.depot, 0.0
    while place >= data.n_depots:
        cost += data.cost[kind, last, place]
        last = place
        place = state.place[place].after
    return cost + data.cost[kind, last, this.depot]


@compiled_in_place
def _truck_holds(data: Any, state: Any, trip: Any, kind: Any) -> Any:
    """Whether a type of truck holds a trip's load at every point."""
    for m in range(data.n_measures):
        heaviest = state.load[trip, m]
        if data.has_pickup:
            heaviest = state.load[trip, 2 * data.n_measures + m]
        if heaviest > data.capacity[kind, m]:
            return False
    return True
