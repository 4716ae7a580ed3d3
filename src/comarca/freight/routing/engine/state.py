"""
A solution while it is searched: trips as chains of places, and what is known of each.

``refresh`` makes everything known of a trip afresh from its chain, and keeps the total. A trip that
loses its last customer gives back its truck, and the depot's last truck its opening.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from comarca.compiled import compiled_in_place
from comarca.freight.routing.engine.data import RoutingData

ABSENT = np.int64(-1)
TOTAL, MISSING, HIGH, OVER = (np.int64(i) for i in range(4))
_NO_KEY = np.uint64(0)
_DEPOT_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_KIND_FACTOR = np.uint64(0xC2B2AE3D27D4EB4F)

PLACE = np.dtype(
    [
        ("after", np.int64),
        ("before", np.int64),
        ("trip", np.int64),
        ("served", np.int64),
        ("out", np.float64),
    ]
)
TRIP = np.dtype(
    [
        ("first", np.int64),
        ("last", np.int64),
        ("size", np.int64),
        ("depot", np.int64),
        ("kind", np.int64),
        ("truck", np.int64),
        ("key", np.uint64),
        ("cost", np.float64),
        ("time", np.float64),
        ("out", np.float64),
    ]
)
TRUCK = np.dtype(
    [("trips", np.int64), ("kind", np.int64), ("depot", np.int64), ("time", np.float64)]
)


class State(NamedTuple):
    """
    One solution.

    Parameters
    ----------
    place
        By place: the next and the last of its chain, its trip (-1 where absent), cost of the arc to
        the next; and by group, which is numbered as its first place, how many of it are served.
    trip
        By trip: first and last stop, size (0: none), depot, type, truck, bits that tell customers,
        depot and type; cost net of prizes, time, and cost of the arc out of the depot.
    truck
        By truck: trips (0: none), type, depot, time.
    load
        By trip: deliveries, pickups and greatest load of each measure, shape
        ``(n_trips, 3 * n_measures)``.
    peak
        By place: greatest load of each measure from the depot up to and with this stop, and from
        it to the end, shape ``(n_places, 2 * n_measures)``.
    depot_trips, depot_load
        By depot.
    n_trucks
        By type.
    totals
        Total cost with the penalty of those missing; number of required groups not served; one more
        than the highest trip in use; load that depots deliver beyond their capacity, in mean loads.
    """

    place: Any
    trip: Any
    truck: Any
    load: Any
    peak: Any
    depot_trips: Any
    depot_load: Any
    n_trucks: Any
    totals: Any


def empty_state(data: RoutingData, penalty: float) -> State:
    """Nobody served."""
    places, measures = data.n_places, data.n_measures
    rooms = max(places - data.n_depots, 1)
    groups = np.unique(data.place["group"][data.n_depots :])
    missing = int(data.place["is_required"][groups].sum()) if len(groups) else 0
    place = np.zeros(places, PLACE)
    place["trip"] = ABSENT
    return State(
        place=place,
        trip=np.zeros(rooms, TRIP),
        truck=np.zeros(rooms, TRUCK),
        load=np.zeros((rooms, 3 * measures)),
        peak=np.zeros((places, 2 * measures)),
        depot_trips=np.zeros(data.n_depots, np.int64),
        depot_load=np.zeros((data.n_depots, measures)),
        n_trucks=np.zeros(data.n_types, np.int64),
        totals=np.array([missing * penalty, missing, 0.0, 0.0]),
    )


@compiled_in_place
def copy_state(source: Any, target: Any) -> None:
    """Make the target equal to the source."""
    for at in range(source.place.shape[0]):
        target.place[at] = source.place[at]
    for at in range(max(np.int64(source.totals[HIGH]), np.int64(target.totals[HIGH]))):
        target.trip[at] = source.trip[at]
        target.truck[at] = source.truck[at]
        for column in range(source.load.shape[1]):
            target.load[at, column] = source.load[at, column]
    for at in range(source.peak.shape[0]):
        for column in range(source.peak.shape[1]):
            target.peak[at, column] = source.peak[at, column]
    _copy_sums(source, target)


@compiled_in_place
def _copy_sums(source: Any, target: Any) -> None:
    for depot in range(source.depot_trips.shape[0]):
        target.depot_trips[depot] = source.depot_trips[depot]
        for m in range(source.depot_load.shape[1]):
            target.depot_load[depot, m] = source.depot_load[depot, m]
    for kind in range(source.n_trucks.shape[0]):
        target.n_trucks[kind] = source.n_trucks[kind]
    for field in range(4):
        target.totals[field] = source.totals[field]


@compiled_in_place
def copy_trips(data: Any, source: Any, target: Any, touched: Any, n_touched: Any) -> None:
    """Make the target equal to the source, where they differ only in the trips named."""
    for at in range(n_touched):  # customers of the target that the source may not serve
        trip = touched[at]
        if target.trip[trip].size > 0:
            place = target.trip[trip].first
            while place >= data.n_depots:
                group = data.place[place].group
                target.place[place].trip = ABSENT
                target.place[group].served = source.place[group].served
                place = target.place[place].after
    for at in range(n_touched):
        trip = touched[at]
        for truck in (target.trip[trip].truck, source.trip[trip].truck):
            target.truck[truck] = source.truck[truck]
        target.trip[trip] = source.trip[trip]
        for column in range(source.load.shape[1]):
            target.load[trip, column] = source.load[trip, column]
        if source.trip[trip].size > 0:
            place = source.trip[trip].first
            while place >= data.n_depots:
                group = data.place[place].group
                target.place[place].after = source.place[place].after
                target.place[place].before = source.place[place].before
                target.place[place].trip = trip
                target.place[place].out = source.place[place].out
                target.place[group].served = source.place[group].served
                if data.has_pickup:
                    for column in range(source.peak.shape[1]):
                        target.peak[place, column] = source.peak[place, column]
                place = source.place[place].after
    _copy_sums(source, target)


@compiled_in_place
def overload(data: Any, depot: Any, m: Any, load: Any) -> Any:
    """By how much a load is beyond a depot's capacity, in mean loads."""
    return max(load - data.depot_capacity[depot, m], 0.0) / data.mean_load[m]


@compiled_in_place
def add_to_depot(data: Any, state: Any, depot: Any, m: Any, load: Any) -> None:
    """Let a depot deliver more, or less."""
    before = state.depot_load[depot, m]
    state.depot_load[depot, m] = before + load
    state.totals[OVER] += overload(data, depot, m, before + load) - overload(data, depot, m, before)


@compiled_in_place
def refresh(data: Any, state: Any, trip: Any) -> None:
    """Make afresh what is known of a trip that has customers."""
    this = state.trip[trip]
    depot, kind = this.depot, this.kind
    n_measures, n_depots, clock = data.n_measures, data.n_depots, data.n_types
    old_cost, old_time = this.cost, this.time
    for m in range(n_measures):
        add_to_depot(data, state, depot, m, -state.load[trip, m])
        state.load[trip, m] = 0.0
        state.load[trip, n_measures + m] = 0.0
    cost, time, size, key = 0.0, 0.0, 0, _NO_KEY
    place, last = this.first, depot
    while place >= n_depots:
        arc = data.cost[kind, last, place]
        if last == depot:
            this.out = arc
        else:
            state.place[last].out = arc
        cost += arc - data.prize[place, depot]
        if data.has_shift:
            time += data.cost[clock, last, place]
        size += 1
        key += data.place[place].key
        for m in range(n_measures):
            state.load[trip, m] += data.load[place, m]
            state.load[trip, n_measures + m] += data.load[place, n_measures + m]
        last = place
        place = state.place[place].after
    arc = data.cost[kind, last, depot]
    state.place[last].out = arc
    cost += arc
    if data.has_shift:
        time += data.cost[clock, last, depot]
    this.last = last
    this.size = size
    this.cost, this.time = cost, time
    this.key = key ^ (np.uint64(depot + 1) * _DEPOT_FACTOR) ^ (np.uint64(kind + 1) * _KIND_FACTOR)
    state.totals[TOTAL] += cost - old_cost
    state.truck[this.truck].time += time - old_time
    for m in range(n_measures):
        add_to_depot(data, state, depot, m, state.load[trip, m])
    if data.has_pickup:
        _note_peaks(data, state, trip)


@compiled_in_place
def _note_peaks(data: Any, state: Any, trip: Any) -> None:
    n_measures, n_depots = data.n_measures, data.n_depots
    for m in range(n_measures):
        load = state.load[trip, m]
        peak = load
        place = state.trip[trip].first
        while place >= n_depots:
            load += data.load[place, n_measures + m] - data.load[place, m]
            peak = max(peak, load)
            state.peak[place, m] = peak
            place = state.place[place].after
        state.load[trip, 2 * n_measures + m] = peak
        peak = load
        place = state.trip[trip].last
        while place >= n_depots:
            peak = max(peak, load)
            state.peak[place, n_measures + m] = peak
            load -= data.load[place, n_measures + m] - data.load[place, m]
            place = state.place[place].before


@compiled_in_place
def open_trip(data: Any, state: Any, place: Any, depot: Any, kind: Any, truck: Any) -> Any:
    """A new trip with one customer on a truck, or on a new truck where that is -1."""
    trip = np.int64(0)
    while state.trip[trip].size > 0:
        trip += 1
    if truck < 0:
        truck = np.int64(0)
        while state.truck[truck].trips > 0:
            truck += 1
        state.truck[truck].kind, state.truck[truck].depot = kind, depot
        state.truck[truck].time = 0.0
        state.n_trucks[kind] += 1
        state.totals[TOTAL] += data.kind[kind].fixed
    state.totals[HIGH] = max(state.totals[HIGH], max(trip, truck) + 1.0)
    state.truck[truck].trips += 1
    if state.depot_trips[depot] == 0:
        state.totals[TOTAL] += data.opening[depot]
    state.depot_trips[depot] += 1
    this = state.trip[trip]
    this.first, this.last, this.size = place, place, 1
    this.depot, this.kind, this.truck = depot, kind, truck
    this.cost, this.time = 0.0, 0.0
    for column in range(state.load.shape[1]):
        state.load[trip, column] = 0.0
    state.place[place].after = depot
    state.place[place].before = depot
    state.place[place].trip = trip
    state.place[data.place[place].group].served += 1
    return trip


@compiled_in_place
def close_trip(data: Any, state: Any, trip: Any) -> None:
    """Give back truck and opening of a trip whose customers are all taken out."""
    this = state.trip[trip]
    depot, kind, truck = this.depot, this.kind, this.truck
    state.totals[TOTAL] -= this.cost
    state.truck[truck].time -= this.time
    for m in range(data.n_measures):
        add_to_depot(data, state, depot, m, -state.load[trip, m])
    state.truck[truck].trips -= 1
    if state.truck[truck].trips == 0:
        state.n_trucks[kind] -= 1
        state.totals[TOTAL] -= data.kind[kind].fixed
    state.depot_trips[depot] -= 1
    if state.depot_trips[depot] == 0:
        state.totals[TOTAL] -= data.opening[depot]
    this.size = 0
    this.cost, this.time = 0.0, 0.0
    for column in range(state.load.shape[1]):
        state.load[trip, column] = 0.0


@compiled_in_place
def link(data: Any, state: Any, place: Any, trip: Any, last: Any) -> None:
    """Put a customer behind a stop of a trip, or first where ``last`` is the depot."""
    depot = state.trip[trip].depot
    following = state.trip[trip].first if last == depot else state.place[last].after
    state.place[place].before, state.place[place].after = last, following
    if last == depot:
        state.trip[trip].first = place
    else:
        state.place[last].after = place
    if following == depot:
        state.trip[trip].last = place
    else:
        state.place[following].before = place
    state.place[place].trip = trip
    state.place[data.place[place].group].served += 1


@compiled_in_place
def unlink(data: Any, state: Any, place: Any) -> None:
    """Take a customer out of its chain; the trip is to be refreshed or closed."""
    trip = state.place[place].trip
    depot = state.trip[trip].depot
    last, following = state.place[place].before, state.place[place].after
    if last == depot:
        state.trip[trip].first = following
    else:
        state.place[last].after = following
    if following == depot:
        state.trip[trip].last = last
    else:
        state.place[following].before = last
    state.trip[trip].size -= 1
    state.place[place].trip = ABSENT
    state.place[data.place[place].group].served -= 1


@compiled_in_place
def count_missing(state: Any, penalty: Any, step: Any) -> None:
    """Note that a required group is missing (+1) or no longer so (-1)."""
    state.totals[MISSING] += step
    state.totals[TOTAL] += step * penalty


@compiled_in_place
def put_trips(
    data: Any, state: Any, penalty: Any, stops: Any, begin: Any, depots: Any, kinds: Any, days: Any
) -> None:
    """
    Fill an empty state with trips.

    Parameters
    ----------
    stops, begin
        Customers of all trips, and where each trip begins among them, shape ``(n_trips + 1,)``.
    depots, kinds, days
        By trip; trips with one number of a day are of one truck, and stand next to each other.
    """
    truck = ABSENT
    for at in range(depots.shape[0]):
        if at == 0 or days[at] != days[at - 1]:
            truck = ABSENT
        trip = open_trip(data, state, stops[begin[at]], depots[at], kinds[at], truck)
        for step in range(begin[at] + 1, begin[at + 1]):
            link(data, state, stops[step], trip, stops[step - 1])
        refresh(data, state, trip)
        truck = state.trip[trip].truck
        for step in range(begin[at], begin[at + 1]):
            if data.place[stops[step]].is_required:
                count_missing(state, penalty, -1.0)
