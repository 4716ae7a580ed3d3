"""
The pattern of a process that is worth most under prices: a multiple-choice knapsack.

At each premises one option may have a workshop or none; all together have so many workers at most.
``before[i, w]`` is the most that the first *i* premises are worth with *w* workers or fewer,
``after[i, w]`` that of those from *i* on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NONE = -1


class Knapsack(NamedTuple):
    """
    Options of a process and what they are worth.

    Parameters
    ----------
    first
        Where the options of each premises begin, and their number at the end, shape ``(n + 1,)``.
    least, most
        Workers of each option.
    fixed, each
        What a workshop of each option is worth, and each of its workers.
    limit
        Workers of all workshops together.
    """

    first: Ints
    least: Ints
    most: Ints
    fixed: Floats
    each: Floats
    limit: int


@compiled
def most_before_and_after(knapsack: Knapsack) -> tuple[Floats, Floats]:
    """Most that premises before each, and from each on, are worth; ``(n + 1, limit + 1)``."""
    n = len(knapsack.first) - 1
    before = np.zeros((n + 1, knapsack.limit + 1))
    after = np.zeros((n + 1, knapsack.limit + 1))
    for i in range(n):
        before[i + 1] = before[i]
        _with_premises(knapsack, i, before[i], before[i + 1])
    for i in range(n - 1, -1, -1):
        after[i] = after[i + 1]
        _with_premises(knapsack, i, after[i + 1], after[i])
    return before, after


@compiled
def _with_premises(knapsack: Knapsack, i: int, others: Floats, best: Floats) -> None:
    """Raise ``best`` to what a workshop at premises is worth beside the others."""
    for option in range(knapsack.first[i], knapsack.first[i + 1]):
        for workers in range(knapsack.least[option], knapsack.most[option] + 1):
            worth = knapsack.fixed[option] + knapsack.each[option] * workers
            for room in range(workers, len(best)):
                best[room] = max(best[room], others[room - workers] + worth)


@compiled
def most_at_each_premises(
    knapsack: Knapsack, before: Floats, after: Floats
) -> tuple[Floats, Ints, Ints, Ints]:
    """
    Most that a pattern with a workshop at each premises is worth.

    Returns
    -------
    tuple
        The worth, the option there, its workers, and those before it; each of shape ``(n,)``,
        ``-inf`` and -1 where no option fits.
    """
    n, limit = len(knapsack.first) - 1, knapsack.limit
    value = np.full(n, -np.inf)
    option_of, workers_of, room_of = np.full(n, NONE), np.full(n, NONE), np.full(n, NONE)
    for i in range(n):
        for option in range(knapsack.first[i], knapsack.first[i + 1]):
            for workers in range(knapsack.least[option], knapsack.most[option] + 1):
                worth = knapsack.fixed[option] + knapsack.each[option] * workers
                left = limit - workers
                for room in range(left + 1):
                    total = before[i, room] + after[i + 1, left - room] + worth
                    if total > value[i]:
                        value[i], option_of[i] = total, option
                        workers_of[i], room_of[i] = workers, room
    return value, option_of, workers_of, room_of


@compiled
def pattern_at(
    knapsack: Knapsack,
    i: int,
    option: int,
    workers: int,
    room: int,
    before: Floats,
    after: Floats,
) -> tuple[Ints, Ints]:
    """The best pattern with a workshop at premises *i*: its options and their workers."""
    n = len(knapsack.first) - 1
    options, numbers = np.full(n, NONE), np.zeros(n, dtype=np.int64)
    options[i], numbers[i] = option, workers
    left = knapsack.limit - workers - room
    for at in range(i - 1, -1, -1):
        room = _traced(knapsack, at, before[at + 1], before[at], room, options, numbers)
    for at in range(i + 1, n):
        left = _traced(knapsack, at, after[at], after[at + 1], left, options, numbers)
    is_chosen = options != NONE
    return options[is_chosen], numbers[is_chosen]


@compiled
def _traced(
    knapsack: Knapsack,
    i: int,
    with_it: Floats,
    without: Floats,
    room: int,
    options: Ints,
    numbers: Ints,
) -> int:
    """Write down what premises have; the room that is left to the others."""
    if with_it[room] <= without[room]:
        return room
    for option in range(knapsack.first[i], knapsack.first[i + 1]):
        for workers in range(knapsack.least[option], min(knapsack.most[option], room) + 1):
            worth = knapsack.fixed[option] + knapsack.each[option] * workers
            if without[room - workers] + worth == with_it[room]:
                options[i], numbers[i] = option, workers
                return room - workers
    return room


def patterns_within(
    knapsack: Knapsack, before: Floats, worth: float, most: int
) -> list[tuple[tuple[int, int], ...]] | None:
    """
    All patterns that are worth so much or more, the empty one too.

    Parameters
    ----------
    knapsack, before
        And what premises before each are worth, of :func:`most_before_and_after`.
    worth
        What each must be worth.
    most
        How many.

    Returns
    -------
    list or None
        Of each, its options with their workers; ``None`` where they are more.
    """
    found: list[tuple[tuple[int, int], ...]] = []
    begun: list[tuple[int, int, float, tuple[tuple[int, int], ...]]]
    begun = [(len(knapsack.first) - 1, knapsack.limit, 0.0, ())]
    while begun:
        i, room, so_far, chosen = begun.pop()
        if so_far + before[i, room] < worth:
            continue
        if i == 0:
            found.append(chosen)
            if len(found) > most:
                return None
            continue
        begun.append((i - 1, room, so_far, chosen))
        for option in range(knapsack.first[i - 1], knapsack.first[i]):
            fixed, each = knapsack.fixed[option], knapsack.each[option]
            for workers in range(knapsack.least[option], min(knapsack.most[option], room) + 1):
                total = so_far + fixed + each * workers
                if total + before[i - 1, room - workers] >= worth:
                    begun.append((i - 1, room - workers, total, ((option, workers), *chosen)))
    return found


def prepare_patterns() -> None:
    """Compile the knapsacks, on one premises that pays."""
    one, worth = np.ones(1, dtype=np.int64), np.ones(1)
    knapsack = Knapsack(np.array([0, 1], dtype=np.int64), one, one, worth, worth, 1)
    tables = most_before_and_after(knapsack)
    _, option, workers, room = most_at_each_premises(knapsack, *tables)
    pattern_at(knapsack, 0, int(option[0]), int(workers[0]), int(room[0]), *tables)
