"""
Putting customers back, each where it costs least: into a trip, a new trip of a truck that is out,
or a new truck of any type at any depot that may open.
"""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np

from comarca.compiled import compiled_in_place
from comarca.freight.routing.engine.chance import draw, draw_below
from comarca.freight.routing.engine.data import FAR
from comarca.freight.routing.engine.ruin import touch
from comarca.freight.routing.engine.state import (
    HIGH,
    count_missing,
    link,
    open_trip,
    refresh,
)

BLINK = 0.01
N_NEAR_TRIPS = 40
NONE = np.int64(-1)


@compiled_in_place
def recreate(
    data: Any,
    state: Any,
    penalty: Any,
    weight: Any,
    heat: Any,
    may_open: Any,
    random: Any,
    waiting: Any,
    n_waiting: Any,
    order: Any,
    touched: Any,
    is_touched: Any,
    n_touched: Any,
    is_near: Any,
    burden: Any,
    rank: Any,
) -> Any:
    """Insert those who wait, in an order drawn anew; returns the number of trips touched."""
    _put_in_order(data, random, waiting, n_waiting, order, rank)
    for at in range(n_waiting):
        place = waiting[order[at]]
        group = data.place[place].group
        if state.place[group].served > 0:
            continue
        worth = penalty if data.place[place].is_required else -heat * log(1.0 - draw(random))
        worth = max(worth, 1e-9)
        _weigh_depots(data, state, weight, may_open, place, burden)
        cost, trip, last = best_stop(data, state, random, place, is_near, burden)
        new, depot, kind, truck = best_new_trip(data, state, place, burden)
        if min(cost, new) >= worth:
            continue
        if new < cost:
            trip = open_trip(data, state, place, depot, kind, truck)
        else:
            link(data, state, place, trip, last)
        refresh(data, state, trip)
        n_touched = touch(touched, is_touched, n_touched, trip)
        if data.place[place].is_required:
            count_missing(state, penalty, -1.0)
    return n_touched


@compiled_in_place
def _put_in_order(
    data: Any, random: Any, waiting: Any, n_waiting: Any, order: Any, rank: Any
) -> None:
    """By chance, by size, farthest first or nearest first, as 4 : 4 : 2 : 1."""
    way = draw_below(random, 11)
    for at in range(n_waiting):
        if way < 4:
            rank[at] = draw(random)
        elif way < 8:
            rank[at] = -data.place[waiting[at]].demand
        elif way < 10:
            rank[at] = -data.place[waiting[at]].remoteness
        else:
            rank[at] = data.place[waiting[at]].remoteness
    for at in range(n_waiting):  # insertion sort: there are a dozen
        here = at
        while here > 0 and rank[order[here - 1]] > rank[at]:
            order[here] = order[here - 1]
            here -= 1
        order[here] = at


@compiled_in_place
def _mark_near(data: Any, state: Any, place: Any, is_near: Any) -> None:
    """Mark the trips that pass one of the nearest customers."""
    for trip in range(np.int64(state.totals[HIGH])):
        is_near[trip] = False
    for at in range(min(data.near.shape[1], N_NEAR_TRIPS)):
        trip = state.place[data.near[place, at]].trip
        if trip >= 0:
            is_near[trip] = True


@compiled_in_place
def _weigh_depots(
    data: Any, state: Any, weight: Any, may_open: Any, place: Any, burden: Any
) -> None:
    """What serving a customer from each depot costs beside the way; inf where it may not."""
    for depot in range(data.n_depots):
        burden[depot] = np.inf
        if may_open[depot] and data.prize[place, depot] > -np.inf:
            more = 0.0
            for m in range(data.n_measures):
                room = data.depot_capacity[depot, m] - state.depot_load[depot, m]
                load = data.load[place, m]
                if load > room:
                    more += (load - max(room, 0.0)) / data.mean_load[m]
            burden[depot] = weight * more - data.prize[place, depot]


@compiled_in_place
def best_stop(data: Any, state: Any, random: Any, place: Any, is_near: Any, burden: Any) -> Any:
    """Least cost of one more stop in a trip, the trip, and the stop before it."""
    best, best_trip, best_last = FAR, NONE, NONE
    n_measures, n_depots, clock = data.n_measures, data.n_depots, data.n_types
    has_pickup, has_shift, scans_all = data.has_pickup, data.has_shift, data.scans_all
    trips, places, loads, peaks, own = state.trip, state.place, state.load, state.peak, data.load
    if not scans_all:
        _mark_near(data, state, place, is_near)
    for trip in range(np.int64(state.totals[HIGH])):
        this = trips[trip]
        if this.size == 0 or not (scans_all or is_near[trip]):
            continue
        depot, kind = this.depot, this.kind
        extra = burden[depot]
        if this.size >= data.kind[kind].max_stops or extra == np.inf:
            continue
        fits = True
        for m in range(2 * n_measures):
            limit = data.capacity[kind, m % n_measures]
            if loads[trip, m] + own[place, m] > limit:
                fits = False
        if not fits:
            continue
        cost_in, cost_out = data.cost_into[kind, place], data.cost[kind, place]
        slack = 0.0
        if has_shift:
            slack = data.kind[kind].shift - state.truck[this.truck].time
        last, arc = depot, this.out
        following = this.first
        while True:
            cost = cost_in[last] + cost_out[following] - arc + extra
            if cost < best:
                fits = True
                if has_pickup:
                    for m in range(n_measures):
                        limit = data.capacity[kind, m]
                        before, behind = loads[trip, m], loads[trip, 2 * n_measures + m]
                        if last >= n_depots:
                            before, behind = peaks[last, m], peaks[last, n_measures + m]
                        if (
                            before + own[place, m] > limit
                            or behind + own[place, n_measures + m] > limit
                        ):
                            fits = False
                if fits and has_shift:
                    longer = (
                        data.cost_into[clock, place, last]
                        + data.cost[clock, place, following]
                        - data.cost[clock, last, following]
                    )
                    fits = longer <= slack
                if fits and draw(random) >= BLINK:
                    best, best_trip, best_last = cost, np.int64(trip), last
            if following < n_depots:
                break
            last = following
            arc = places[last].out
            following = places[last].after
    return best, best_trip, best_last


@compiled_in_place
def best_new_trip(data: Any, state: Any, place: Any, burden: Any) -> Any:
    """Least cost of a trip for one customer, its depot, type, and truck (-1 for a new one)."""
    best, best_depot, best_kind, best_truck = FAR, NONE, NONE, NONE
    n_measures, clock = data.n_measures, data.n_types
    for depot in range(data.n_depots):
        extra = burden[depot]
        if extra == np.inf:
            continue
        if state.depot_trips[depot] == 0:
            extra += data.opening[depot]
        for kind in range(data.n_types):
            if not data.may_station[kind, depot]:
                continue
            cost = data.cost[kind, depot, place] + data.cost[kind, place, depot] + extra
            if cost >= best:
                continue
            fits = True
            for m in range(2 * n_measures):
                fits = fits and data.load[place, m] <= data.capacity[kind, m % n_measures]
            time = 0.0
            if data.has_shift:
                time = data.cost[clock, depot, place] + data.cost[clock, place, depot]
            if not fits or time > data.kind[kind].shift:
                continue
            new = cost + data.kind[kind].fixed
            if state.n_trucks[kind] < data.kind[kind].number and new < best:
                best, best_depot, best_kind, best_truck = new, np.int64(depot), np.int64(kind), NONE
            if data.kind[kind].max_trips > 1 and cost < best:
                truck = _truck_with_time(data, state, depot, kind, time)
                if truck >= 0:
                    best, best_truck = cost, truck
                    best_depot, best_kind = np.int64(depot), np.int64(kind)
    return best, best_depot, best_kind, best_truck


@compiled_in_place
def _truck_with_time(data: Any, state: Any, depot: Any, kind: Any, time: Any) -> Any:
    """The fullest truck of a depot and type that can still make a trip, or -1."""
    found, longest = NONE, -1.0
    for truck in range(np.int64(state.totals[HIGH])):
        trips = state.truck[truck].trips
        if (
            0 < trips < data.kind[kind].max_trips
            and state.truck[truck].kind == kind
            and state.truck[truck].depot == depot
            and state.truck[truck].time + time <= data.kind[kind].shift
            and state.truck[truck].time > longest
        ):
            found, longest = np.int64(truck), state.truck[truck].time
    return found
