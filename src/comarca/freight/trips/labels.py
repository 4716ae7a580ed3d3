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

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Short = NDArray[np.int32]
NEVER = -1e30


@compiled
def best_ahead(
    time: Short,
    cost: Floats,
    first: Ints,
    profit: Floats,
    load: Short,
    price_of_time: Floats,
    full_truck: int,
) -> Floats:
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
    ndarray
        Shape ``(n, shift + 1, full_truck + 1)``; row 0 of time is of the base, where a trip begins.
    """
    n, shift = len(time), len(price_of_time) - 1
    ahead = np.full((n, shift + 1, full_truck + 1), NEVER)
    for now in range(shift, -1, -1):
        for here in range(1, n):
            home = now + time[here, 0]
            if home > shift:
                continue
            ahead[here, now] = -cost[here, 0] - price_of_time[home]
            for there in range(1, n):
                then = now + time[here, there]
                if there == here or then + time[there, 0] > shift:
                    continue
                for pick in range(first[there], first[there + 1]):
                    gain, step = profit[pick] - cost[here, there], load[pick, 0]
                    for full in range(full_truck + 1 - step):
                        further = gain + ahead[there, then, full + step]
                        if further > ahead[here, now, full]:
                            ahead[here, now, full] = further
    return ahead


@compiled
def best_of_all(
    time: Short, cost: Floats, first: Ints, profit: Floats, load: Short, ahead: Floats
) -> float:
    """Most that a trip may earn, by :func:`best_ahead`."""
    best, shift, full_truck = NEVER, ahead.shape[1] - 1, ahead.shape[2] - 1
    for there in range(1, len(time)):
        then = time[0, there]
        if then <= shift:
            for pick in range(first[there], first[there + 1]):
                if load[pick, 0] <= full_truck:
                    gain = profit[pick] - cost[0, there]
                    best = max(best, gain + ahead[there, then, load[pick, 0]])
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


@compiled
def _is_needless(
    at: int,
    label: int,
    when: Short,
    full: Short,
    earned: Floats,
    seen: Ints,
    new_when: int,
    new_full: Short,
    new_earned: float,
    new_seen: np.int64,
) -> bool:
    """Whether a label there makes a new one needless."""
    if when[label] > new_when or earned[label] < new_earned - 1e-12:
        return False
    if seen[label] & ~new_seen != 0:
        return False
    for measure in range(len(new_full)):  # noqa: SIM110  # compiled code knows no all()
        if full[label, measure] > new_full[measure]:
            return False
    return True


@compiled
def _replaces(
    label: int,
    when: Short,
    full: Short,
    earned: Floats,
    seen: Ints,
    new_when: int,
    new_full: Short,
    new_earned: float,
    new_seen: np.int64,
) -> bool:
    """Whether a new label makes one that is there needless."""
    if when[label] < new_when or earned[label] > new_earned:
        return False
    if new_seen & ~seen[label] != 0:
        return False
    for measure in range(len(new_full)):  # noqa: SIM110  # compiled code knows no all()
        if full[label, measure] < new_full[measure]:
            return False
    return True


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
    price_of_time: Floats,
    full_truck: int,
    threshold: float,
    most_labels: int,
) -> tuple[Short, Short, Short, Floats, int, bool]:
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
    ahead
        Of :func:`best_ahead`; nothing is dropped where it is ``inf``.
    price_of_time
        Of a trip by its steps.
    full_truck
        Steps.
    threshold
        Currency.
    most_labels
        After which it gives up.

    Returns
    -------
    tuple
        Of each label its place, choice, label before (-1 for none) and what it earns back at the
        base; how many labels there are; and whether all were grown.
    """
    n, n_measures, shift = len(time), load.shape[1], len(price_of_time) - 1
    place = np.empty(most_labels, dtype=np.int32)
    choice = np.empty(most_labels, dtype=np.int32)
    before = np.empty(most_labels, dtype=np.int32)
    when = np.empty(most_labels, dtype=np.int32)
    full = np.empty((most_labels, n_measures), dtype=np.int32)
    earned = np.empty(most_labels)
    seen = np.empty(most_labels, dtype=np.int64)
    is_alive = np.empty(most_labels, dtype=np.bool_)
    following = np.empty(most_labels, dtype=np.int32)
    newest = np.full(n, -1, dtype=np.int32)
    value = np.empty(most_labels)
    new_full = np.zeros(n_measures, dtype=np.int32)
    count = 0
    start, end = -1, 0
    while start < end:
        for label in range(start, end):
            here = 0 if label < 0 else place[label]
            if label >= 0 and not is_alive[label]:
                continue
            now = 0 if label < 0 else when[label]
            so_far = 0.0 if label < 0 else earned[label]
            for there in range(1, n):
                then = now + time[here, there]
                if there == here or then + time[there, 0] > shift:
                    continue
                if label >= 0:
                    bit = position[here, there]
                    if bit >= 0 and (seen[label] >> bit) & 1:
                        continue
                if first[there] == first[there + 1]:
                    continue
                driven = so_far - cost[here, there]
                memory = np.int64(1)
                if label >= 0:
                    for bit in range(near.shape[1]):
                        if (seen[label] >> bit) & 1:
                            other = position[there, near[here, bit]]
                            if other >= 0:
                                memory |= np.int64(1) << other
                for pick in range(first[there], first[there + 1]):
                    new_earned = driven + profit[pick]
                    fits = True
                    for measure in range(n_measures):
                        new_full[measure] = load[pick, measure]
                        if label >= 0:
                            new_full[measure] += full[label, measure]
                        if new_full[measure] > full_truck:
                            fits = False
                    if not fits:
                        continue
                    if new_earned + ahead[there, then, new_full[0]] <= threshold:
                        continue
                    needless = False
                    last, other_label = -1, newest[there]
                    while other_label >= 0:
                        if _is_needless(
                            there,
                            other_label,
                            when,
                            full,
                            earned,
                            seen,
                            then,
                            new_full,
                            new_earned,
                            memory,
                        ):
                            needless = True
                            break
                        if _replaces(
                            other_label,
                            when,
                            full,
                            earned,
                            seen,
                            then,
                            new_full,
                            new_earned,
                            memory,
                        ):
                            is_alive[other_label] = False
                            if last < 0:
                                newest[there] = following[other_label]
                            else:
                                following[last] = following[other_label]
                        else:
                            last = other_label
                        other_label = following[other_label]
                    if needless:
                        continue
                    if count == most_labels:
                        return place, choice, before, value, count, False
                    place[count], choice[count], before[count] = there, pick, label
                    when[count], earned[count], seen[count] = then, new_earned, memory
                    full[count] = new_full
                    is_alive[count] = True
                    home = then + time[there, 0]
                    value[count] = new_earned - cost[there, 0] - price_of_time[home]
                    following[count] = newest[there]
                    newest[there] = count
                    count += 1
        start, end = max(end, 0), count
    for label in range(count):
        if not is_alive[label]:
            value[label] = NEVER
    return place, choice, before, value, count, True
