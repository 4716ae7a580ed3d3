"""
Choosing workshops and their trips together, again and again with the trips met so far.

The trips that the prices find most promising, and those of plans made before, go into one programme
(``trips/selection.py``), which is improved neighbourhood by neighbourhood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from comarca.freight.master import Master
from comarca.freight.params import FreightParams
from comarca.freight.patterns.programme import patterns_of
from comarca.freight.problem import FreightProblem
from comarca.freight.rounds import Rounds
from comarca.freight.search import Limits
from comarca.freight.stopping import Stopping
from comarca.freight.trips.around import Around
from comarca.freight.trips.driveable import trips_by_worth, trips_of
from comarca.freight.trips.neighbourhoods import improved
from comarca.freight.trips.packing import packed
from comarca.freight.trips.pricing import PricedTrip
from comarca.freight.trips.selection import Selected, Selection

CLOSE = 3e-4  # relative gap of a small programme
NOTHING_FREE: frozenset[int] = frozenset()


class Selecting:
    """
    Chooses workshops and trips.

    Parameters
    ----------
    problem, params
        What is planned for, and how long.
    trips, gains
        Trips found, and what each would gain, shape ``(n_trips,)``; the more the better.
    stopping
        The clock.
    is_narrowed
        Whether only some of all options are chosen among. Where not, and premises are more than
        ``anew_premises``, the programme tells who works where.
    """

    def __init__(
        self,
        problem: FreightProblem,
        params: FreightParams,
        trips: Sequence[PricedTrip],
        gains: NDArray[np.float64],
        stopping: Stopping,
        *,
        is_narrowed: bool = False,
    ) -> None:
        self.problem, self.params, self.stopping = problem, params, stopping
        self.fleets = [problem.fleet(base) for base in range(len(problem.bases))]
        n_premises = len(np.unique(problem.options.facility))
        self.n_premises = n_premises
        # Fewer premises were chosen worse, and narrowed regions took much longer, when told.
        self.is_staffed = not is_narrowed and n_premises > params.anew_premises
        self.most = max(params.trips_per_premises * n_premises, params.anew_trips)
        first = params.trips_per_premises * n_premises
        if n_premises <= 2 * params.neighbourhood:
            first = max(first, params.least_trips)
        self.pool = trips_by_worth(problem, self.fleets, trips, gains, first)

    def choose(
        self, seed: int, workers: Mapping[int, int], rounds: Sequence[Rounds]
    ) -> tuple[dict[int, int], tuple[Rounds | None, ...]] | None:
        """
        Choose, beginning with a plan.

        Parameters
        ----------
        seed
            Of the order of neighbourhoods.
        workers, rounds
            The plan, by option and by base that serves some; its trips stay among those to choose
            from in later choices.

        Returns
        -------
        tuple or None
            Workers by option, and the rounds of every base, ``None`` for one whose trips do not go
            into its trucks' days; ``None`` when nothing was found.
        """
        mine = [trip for each in rounds for trip in trips_of(self.problem, each, workers)]
        self.pool = list(dict.fromkeys([*self.pool, *mine]))
        if not self.pool:
            return None
        selection = Selection(self._free_of_bounds(), self.fleets, self.pool)
        found = None
        if workers:
            begun = Selected(workers=dict(workers), trips=tuple(mine), objective=-np.inf)
            found = selection.solve(self._limits(seed, 1), begun, NOTHING_FREE)
        if found is None:
            found = selection.solve(self._limits(seed, 1))
        if found is None:
            return None
        better = improved(
            selection,
            found,
            self._limits(seed, self.params.neighbourhood_nodes),
            size=self.params.neighbourhood,
            passes=self.params.passes,
            is_out_of_time=self.stopping.is_out_of_time,
        )
        return dict(better.workers), self._rounds(better)

    def choose_among(
        self,
        around: Around,
        seed: int,
        workers: Mapping[int, int],
        rounds: Sequence[Rounds],
        *,
        is_filled: bool,
    ) -> tuple[dict[int, int], tuple[Rounds | None, ...]] | None:
        """
        Choose anew over all premises of the open bases at once, among other trips too.

        Parameters
        ----------
        around
            What was found for the bases and trucks of the plan.
        seed, workers, rounds
            As for :meth:`choose`.
        is_filled
            Whether trips carry all that fits.
        """
        mine = [trip for each in rounds for trip in trips_of(self.problem, each, workers)]
        pool = trips_by_worth(
            self.problem, self.fleets, around.trips, around.gains, self.most, is_filled=is_filled
        )
        master = self._free_of_bounds()
        opened = {each.base for each in rounds}
        master.bases_are(opened)
        together = dict.fromkeys([*pool, *self.pool, *mine])
        among = [trip for trip in together if trip.base in opened]
        patterns = around.patterns
        if patterns is not None:
            patterns = (*patterns, *patterns_of(self.problem, workers))
        selection = Selection(master, self.fleets, among, patterns)
        begun = Selected(workers=dict(workers), trips=tuple(mine), objective=-np.inf)
        found = selection.solve(self._limits(seed, self.params.anew_nodes), begun)
        return None if found is None else (dict(found.workers), self._rounds(found))

    def _free_of_bounds(self) -> Master:
        free = [None] * len(self.problem.bases)
        return Master(self.problem, free, is_staffed=self.is_staffed)

    def _rounds(self, chosen: Selected) -> tuple[Rounds | None, ...]:
        return tuple(
            packed(
                self.problem,
                base,
                [trip for trip in chosen.trips if trip.base == base],
                chosen.workers,
            )
            for base in range(len(self.problem.bases))
        )

    def _limits(self, seed: int, nodes: int) -> Limits:
        return Limits(gap=CLOSE, nodes=nodes, seed=seed, time_s=self.stopping.seconds_left())
