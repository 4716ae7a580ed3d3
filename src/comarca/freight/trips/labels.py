"""
The best trips of a truck under prices, label by label.

A label is a trip begun: where it is, when, how full, what it has earned, and which places near it
has visited (ng-routes). One label makes another needless when it is nowhere later, nowhere fuller,
has earned no less and remembers no more. Labels whose earnings could not rise above nothing are
dropped: ``best_ahead`` says what may be earned at most from a place, time and load on.

References
----------
.. [1] Baldacci, R., Mingozzi, A. and Roberti, R. (2011). New route relaxation and pricing
       strategies for the vehicle routing problem. Operations Research 59(5), 1269-1283.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Short = NDArray[np.int32]
NEVER = -1e30
HAIR = 1e-12  # of earnings that count as the same


@compiled
def best_ahead(
    time: Short,
    cost: Floats,
    first: Ints,
    profit: Floats,
    load: Short,
    price_of_time: Floats,
    full_truck: int,
) -> tuple[Floats, Floats]:
    """
    Most that may be earned from a place, time and load on until the truck is back.

    What was visited before is forgotten, and so are all measures of load but the first; hence it is
    never too little.

    Parameters
    ----------
    time, cost
        From place to place, steps and currency, shape ``(n, n)``; every step between stops is 1 or
        more.
    first, profit, load
        Choices of each place, what each earns, and how full it makes the truck.
    price_of_time
        Of a trip by its steps, shape ``(shift + 1,)``.
    full_truck
        Steps.

    Returns
    -------
    tuple
        After the stop at that place, and before it; each of shape
        ``(n, shift + 1, full_truck + 1)``. The base, place 0, has none.
    """
    n, shift = len(time), len(price_of_time) - 1
    ahead = np.full((n, shift + 1, full_truck + 1), NEVER)
    # The same before the stop is made, so that its choices are weighed once for all ways to it.
    arrived = np.full((n, shift + 1, full_truck + 1), NEVER)
    for now in range(shift, -1, -1):
        for here in range(1, n):
            home = now + time[here, 0]
            if home > shift or first[here] == first[here + 1]:
                continue
            best = ahead[here, now]
            best[:] = -cost[here, 0] - price_of_time[home]
            for there in range(1, n):
                then = now + time[here, there]
                if there == here or then + time[there, 0] > shift:
                    continue
                way, onward = cost[here, there], arrived[there, then]
                for full in range(full_truck + 1):
                    best[full] = max(best[full], onward[full] - way)
            stopped = arrived[here, now]
            for pick in range(first[here], first[here + 1]):
                gain, step = profit[pick], load[pick, 0]
                for full in range(full_truck + 1 - step):
                    stopped[full] = max(stopped[full], gain + best[full + step])
    return ahead, arrived


@compiled
def best_of_all(time: Short, cost: Floats, arrived: Floats) -> float:
    """Most that a trip may earn, by what :func:`best_ahead` says of every first stop."""
    best, shift = NEVER, arrived.shape[1] - 1
    for there in range(1, len(time)):
        if time[0, there] <= shift:
            best = max(best, arrived[there, time[0, there], 0] - cost[0, there])
    return best


@compiled
def needed_choices(first: Ints, profit: Floats, load: Short) -> NDArray[np.bool_]:
    """Choices to which no other of the same place is better: as light, and earning no less."""
    is_needed = np.ones(len(profit), dtype=np.bool_)
    for place in range(len(first) - 1):
        for one in range(first[place], first[place + 1]):
            for other in range(first[place], first[place + 1]):
                if one == other or not is_needed[other] or profit[other] < profit[one]:
                    continue
                is_lighter = True
                for measure in range(load.shape[1]):
                    if load[other, measure] > load[one, measure]:
                        is_lighter = False
                if is_lighter:
                    is_needed[one] = False
                    break
    return is_needed


class Labels(NamedTuple):
    """
    Trips begun, one entry a label.

    Parameters
    ----------
    place, choice, before
        Where it is, what it did there, and the label before, -1 for none.
    when, full
        Steps of time and of load by measure.
    earned, value
        Currency so far, and once it is back at the base.
    seen
        Places near it that it has visited, one bit each.
    is_alive
        Whether no other label makes it needless.
    following, newest
        The label before it at the same place, and the last of each place; -1 for none.
    """

    place: Short
    choice: Short
    before: Short
    when: Short
    full: Short
    earned: Floats
    value: Floats
    seen: Ints
    is_alive: NDArray[np.bool_]
    following: Short
    newest: Short


def empty_labels(n_places: int, n_measures: int, most_labels: int) -> Labels:
    """Room for so many labels, and for one that is being looked at."""
    room = most_labels + 1
    return Labels(
        place=np.empty(room, dtype=np.int32),
        choice=np.empty(room, dtype=np.int32),
        before=np.empty(room, dtype=np.int32),
        when=np.empty(room, dtype=np.int32),
        full=np.empty((room, n_measures), dtype=np.int32),
        earned=np.empty(room),
        value=np.empty(room),
        seen=np.empty(room, dtype=np.int64),
        is_alive=np.empty(room, dtype=np.bool_),
        following=np.empty(room, dtype=np.int32),
        newest=np.full(n_places, -1, dtype=np.int32),
    )


@compiled
def grow_trips(
    time: Short,
    cost: Floats,
    first: Ints,
    profit: Floats,
    load: Short,
    near: Short,
    position: NDArray[np.int8],
    ahead: Floats,
    arrived: Floats,
    price_of_time: Floats,
    threshold: float,
    labels: Labels,
) -> tuple[int, bool]:
    """
    Grow every trip that could earn more than a threshold.

    Parameters
    ----------
    time, cost
        From place to place, shape ``(n, n)``.
    first, profit, load
        Choices of each place, what each earns, and how full it makes the truck.
    near, position
        Places remembered at each place, and which bit each place has at each, -1 for none.
    ahead, arrived
        Of :func:`best_ahead`; nothing is dropped where they are ``inf``.
    price_of_time
        Of a trip by its steps.
    threshold
        Currency.
    labels
        Of :func:`empty_labels`, to be filled; when no room is left it gives up.

    Returns
    -------
    tuple
        How many labels there are, and whether all were grown.
    """
    shift, most_labels = len(price_of_time) - 1, len(labels.place) - 1
    count = 0
    start, end = -1, 0
    while start < end:
        for label in range(start, end):
            here = 0 if label < 0 else labels.place[label]
            if label >= 0 and not labels.is_alive[label]:
                continue
            now = 0 if label < 0 else labels.when[label]
            so_far = 0.0 if label < 0 else labels.earned[label]
            on_board = 0 if label < 0 else labels.full[label, 0]
            for there in range(1, len(time)):
                then = now + time[here, there]
                if there == here or then + time[there, 0] > shift:
                    continue
                driven = so_far - cost[here, there]
                if driven + arrived[there, then, on_board] <= threshold:
                    continue
                if first[there] == first[there + 1] or _has_seen(labels, position, label, there):
                    continue
                memory = _memory(labels, near, position, label, there)
                for pick in range(first[there], first[there + 1]):
                    if not _is_loaded(labels, label, count, load[pick], ahead.shape[2] - 1):
                        continue
                    earned = driven + profit[pick]
                    if earned + ahead[there, then, labels.full[count, 0]] <= threshold:
                        continue
                    labels.when[count], labels.earned[count] = then, earned
                    labels.seen[count] = memory
                    if not _is_kept(labels, count, there):
                        continue
                    if count == most_labels:
                        return count, False
                    labels.place[count], labels.choice[count] = there, pick
                    labels.before[count], labels.is_alive[count] = label, True
                    home = then + time[there, 0]
                    labels.value[count] = earned - cost[there, 0] - price_of_time[home]
                    labels.following[count] = labels.newest[there]
                    labels.newest[there] = count
                    count += 1
        start, end = max(end, 0), count
    for label in range(count):
        if not labels.is_alive[label]:
            labels.value[label] = NEVER
    return count, True


@compiled
def _has_seen(labels: Labels, position: NDArray[np.int8], label: int, there: int) -> bool:
    """Whether a trip remembers having been there."""
    if label < 0:
        return False
    bit = position[labels.place[label], there]
    return bool(bit >= 0 and (labels.seen[label] >> bit) & 1 == 1)


@compiled
def _memory(
    labels: Labels, near: Short, position: NDArray[np.int8], label: int, there: int
) -> np.int64:
    """What a trip remembers when it gets there: that place, and those near both."""
    memory = np.int64(1)
    if label >= 0:
        here = labels.place[label]
        for bit in range(near.shape[1]):
            if (labels.seen[label] >> bit) & 1:
                other = position[there, near[here, bit]]
                if other >= 0:
                    memory |= np.int64(1) << other
    return memory


@compiled
def _is_loaded(labels: Labels, label: int, new: int, load: Short, full_truck: int) -> bool:
    """Load a choice onto what a trip has on board; whether it fits."""
    for measure in range(len(load)):
        on_board = 0 if label < 0 else labels.full[label, measure]
        labels.full[new, measure] = on_board + load[measure]
        if on_board + load[measure] > full_truck:
            return False
    return True


@compiled
def _is_kept(labels: Labels, new: int, there: int) -> bool:
    """Whether no label of a place makes a new one needless; else those it makes so are dropped."""
    last, label = -1, labels.newest[there]
    while label >= 0:
        if _is_as_good(labels, label, new):
            return False
        if _is_as_good(labels, new, label):
            labels.is_alive[label] = False
            if last < 0:
                labels.newest[there] = labels.following[label]
            else:
                labels.following[last] = labels.following[label]
        else:
            last = label
        label = labels.following[label]
    return True


@compiled
def _is_as_good(labels: Labels, one: int, other: int) -> bool:
    """Whether one label makes another at the same place needless."""
    if labels.when[one] > labels.when[other] or labels.earned[one] < labels.earned[other] - HAIR:
        return False
    if labels.seen[one] & ~labels.seen[other] != 0:
        return False
    for measure in range(labels.full.shape[1]):  # compiled code knows no all()
        if labels.full[one, measure] > labels.full[other, measure]:
            return False
    return True
