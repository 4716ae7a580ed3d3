"""Fitting trips into the shifts of few trucks, by trying."""

from __future__ import annotations

from collections.abc import Sequence

MOST_TRIES, MOST_TRIPS = 20_000, 100


def fitted(minutes: Sequence[float], n_trucks: int, shift_min: float) -> list[list[int]] | None:
    """
    Part trips among so many trucks.

    Parameters
    ----------
    minutes
        Of each trip.
    n_trucks
        At most.
    shift_min
        Minutes that the trips of one truck may take together.

    Returns
    -------
    list or None
        Positions of the trips of each truck that drives; ``None`` where they do not fit, or where
        the tries, or the trips, are too many to know.
    """
    if len(minutes) > MOST_TRIPS:
        return None
    order = sorted(range(len(minutes)), key=lambda at: -minutes[at])
    trucks: list[list[int]] = [[] for _ in range(n_trucks)]
    left = [shift_min] * n_trucks
    tries = 0

    def is_placed(number: int) -> bool:
        nonlocal tries
        if number == len(order):
            return True
        if sum(left) < sum(minutes[at] for at in order[number:]):
            return False
        trip, tried = order[number], set[float]()
        for truck in range(n_trucks):
            # Trucks with as much time left are alike.
            if left[truck] < minutes[trip] or left[truck] in tried:
                continue
            tried.add(left[truck])
            tries += 1
            if tries > MOST_TRIES:
                return False
            before = left[truck]
            trucks[truck].append(trip)
            left[truck] -= minutes[trip]
            if is_placed(number + 1):
                return True
            trucks[truck].pop()
            left[truck] = before
        return False

    return [truck for truck in trucks if truck] if is_placed(0) else None
