"""
What a process may give out together: at most one configuration at each of its premises, and no
more workers than its tonnes are work for.

A relaxation whose variables are whole patterns cannot fill a process with parts of workshops, as
one whose variables are configurations does. The cheapest pattern under prices is a multiple-choice
knapsack, solved by workers: ``F[i][w]`` is the least cost of the first *i* premises with *w*
workers at most, ``B[i][w]`` of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SMALL = 1e-9


@dataclass(frozen=True, eq=False)
class Patterns:
    """
    Patterns of a process.

    Parameters
    ----------
    first
        Where the configurations of each of its premises begin, and their number at the end.
    workers
        Of each configuration, sorted by premises.
    limit
        Workers of all together.
    """

    first: Ints
    workers: Ints
    limit: int

    def through(self, cost: Floats) -> tuple[Floats, list[tuple[int, ...]]]:
        """
        The cheapest pattern with each configuration, and of each premises the cheapest.

        Parameters
        ----------
        cost
            Of each configuration.

        Returns
        -------
        least, patterns
            Least cost of a pattern with each configuration, ``inf`` where there is none; patterns
            by positions of their configurations, the cheapest with each premises, each once.
        """
        parts = list(pairwise(self.first.tolist()))
        before = [np.zeros(self.limit + 1)]
        for begin, end in parts:
            before.append(self._further(before[-1], cost, begin, end))
        after = [np.zeros(self.limit + 1)]
        for begin, end in reversed(parts):
            after.append(self._further(after[-1], cost, begin, end))
        after.reverse()
        least, found = np.full(len(cost), np.inf), []
        for number, (begin, end) in enumerate(parts):
            best: tuple[float, int, int] | None = None
            for at in range(begin, end):
                left = self.limit - int(self.workers[at])
                if left < 0:
                    continue
                sums = before[number][: left + 1] + after[number + 1][left::-1]
                split = int(sums.argmin())
                least[at] = sums[split] + cost[at]
                if best is None or least[at] < best[0]:
                    best = (float(least[at]), at, split)
            if best is not None and best[0] < np.inf:
                _, at, split = best
                rest = self.limit - int(self.workers[at]) - split
                earlier = self._traced(before, cost, parts, number, split)
                later, last = after[number + 1 :][::-1], parts[:number:-1]
                others = self._traced(later, cost, last, len(last), rest)
                found.append(tuple(sorted([*earlier, at, *others])))
        return least, list(dict.fromkeys(found))

    def _further(self, table: Floats, cost: Floats, begin: int, end: int) -> Floats:
        """The table with one more premises."""
        more = table.copy()
        for at in range(begin, end):
            workers = int(self.workers[at])
            if workers <= self.limit and cost[at] < np.inf:
                with_it = table[: len(table) - workers] + cost[at]
                more[workers:] = np.minimum(more[workers:], with_it)
        return more

    def _traced(
        self,
        tables: list[Floats],
        cost: Floats,
        parts: list[tuple[int, int]],
        number: int,
        room: int,
    ) -> list[int]:
        """Configurations of the cheapest pattern of the first so many premises."""
        chosen = []
        for step in range(number, 0, -1):
            now, table = tables[step][room], tables[step - 1]
            if now >= table[room] - SMALL:
                continue
            for at in range(*parts[step - 1]):
                workers = int(self.workers[at])
                if workers <= room and table[room - workers] + cost[at] <= now + SMALL:
                    chosen.append(at)
                    room -= workers
                    break
        return chosen
