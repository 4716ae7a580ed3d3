"""
The published main loop with a reserve list: one town of the worst group moves at a time.

While some group is no area, the worst of them gives up its most outward-looking town. That town
joins the group it is most strongly linked with, unless that group would suffer; then, or when it is
linked with none, it goes to the reserve. When all groups are areas, the reserve is emptied by link
alone. Nothing is drawn by lot. There is no proof that the loop ends, so a state seen before, or too
many steps, ends it and is reported.

References
----------
.. [1] Coombes, M., Casado-Díaz, J. M., Martínez-Bernabeu, L. and Carausu, F. (2012). Study on
       comparable Labour Market Areas. Eurostat.
.. [2] Istat (2015). La nuova geografia dei sistemi locali.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.areas.grouping import Grouping

LoopStatus = Literal["converged", "cycled", "iteration_limit"]
ReserveKind = Literal["A", "B", "C", "D", "E", "F"]


class Reserved(NamedTuple):
    """A town set aside: why, at which step, out of which group, and that group's validity."""

    kind: ReserveKind
    iteration: int
    group: int
    validity: float
    town: int


class MainLoop:
    """
    The main loop over one grouping; :meth:`run` changes the grouping in place.

    Attributes
    ----------
    reserved
        Towns set aside, in order.
    moves
        Accepted moves of each town, shape ``(n_towns,)``.
    iterations
        Steps taken; each moves one town or sets it aside.
    """

    def __init__(self, grouping: Grouping) -> None:
        self.grouping = grouping
        self.reserved: list[Reserved] = []
        self.moves: NDArray[np.int64] = np.zeros(grouping.n_towns, dtype=np.int64)
        self.iterations = 0
        self._history = History(grouping)

    def run(self) -> LoopStatus:
        """Take steps until every group is an area, a state returns, or the limit is reached."""
        grouping = self.grouping
        limit = grouping.params.max_iterations_per_town * grouping.n_towns
        while grouping.n_towns and grouping.validity[worst := grouping.worst()] < 1:
            if self.iterations >= limit:
                return "iteration_limit"
            self._improve(worst)
            if self._history.has_returned():
                return "cycled"
        return "converged"

    def _improve(self, worst: int) -> None:
        """Move one town out of the worst group."""
        grouping = self.grouping
        self.iterations += 1
        members = grouping.members(worst)
        alone = len(members) == 1
        town = int(members[0]) if alone else grouping.most_outward(members)
        destination = grouping.best_destination(town)
        if destination is None and not alone:
            self._dissolve(members, town)
        elif destination is None:
            self._reserve("B", town)
        elif self._accepts(destination, town):
            self._join(destination, town)
        else:
            self._reserve("A" if alone else "C", town)

    def _dissolve(self, members: NDArray[np.intp], town: int) -> None:
        """Break up a group whose most outward town knows no other group; treat each by itself."""
        grouping = self.grouping
        self._reserve("D", town)
        self.iterations -= 1  # Setting this town aside is the start of a step, not a step.
        waiting = {int(member) for member in members} - {town}
        for member in sorted(waiting):
            self._place(member, grouping.lone(member))
        while waiting:
            self.iterations += 1
            group = grouping.worst(with_waiting=True)
            if group > grouping.reserve:
                member = group - grouping.n_towns - 1
                waiting.remove(member)
                self._settle(member)
            else:
                self._serve(group, waiting)

    def _settle(self, town: int) -> None:
        """Find a place for a town of a dissolved group."""
        destination = self.grouping.best_destination(town)
        if destination is None:
            self._reserve("F", town)
        elif self._accepts(destination, town):
            self._join(destination, town)
        else:
            self._reserve("E", town)

    def _serve(self, group: int, waiting: set[int]) -> None:
        """Join the waiting town most linked with a group worse off than all of them, if any is."""
        links = [(self.grouping.link(town, group), town) for town in sorted(waiting)]
        strength, town = max(links)
        if strength > 0:
            waiting.remove(town)
            self._join(group, town)
            return
        for member in self.grouping.members(group):
            self._reserve("F", int(member))

    def _accepts(self, destination: int, town: int) -> bool:
        grouping = self.grouping
        return grouping.validity_with(destination, town) >= float(grouping.validity[destination])

    def _join(self, group: int, town: int) -> None:
        self.moves[town] += 1
        self._place(town, group)

    def _reserve(self, kind: ReserveKind, town: int) -> None:
        group = int(self.grouping.group[town])
        low = float(self.grouping.validity[group])
        self.reserved.append(Reserved(kind, self.iterations, group, low, town))
        self._place(town, self.grouping.reserve)

    def _place(self, town: int, group: int) -> None:
        self._history.note(town, int(self.grouping.group[town]), group)
        self.grouping.move(town, group)


class History:
    """
    Tells when a state returns: a running hash finds it, replaying the moves since confirms it.
    """

    def __init__(self, grouping: Grouping) -> None:
        self._grouping = grouping
        self._moves: list[tuple[int, int]] = []
        self._hash = 0
        self._seen = {0: 0}

    def note(self, town: int, before: int, after: int) -> None:
        """Remember one move."""
        self._hash ^= hash((town, before)) ^ hash((town, after))
        self._moves.append((town, before))

    def has_returned(self) -> bool:
        """Whether the grouping is now as it was after some earlier step."""
        earlier = self._seen.setdefault(self._hash, len(self._moves))
        since = self._moves[earlier:]
        first: dict[int, int] = {}
        for town, before in since:
            first.setdefault(town, before)
        return bool(since) and all(self._grouping.group[town] == was for town, was in first.items())


def empty_reserve(grouping: Grouping) -> NDArray[np.bool_]:
    """
    Let each town set aside join the group it is most strongly linked with, the last town first.

    Sums are brought up to date at once, so that later towns see earlier ones; passes are repeated
    until one finds no place for anybody.

    Returns
    -------
    ndarray
        Which towns found a place, shape ``(n_towns,)``.
    """
    waiting = grouping.members(grouping.reserve)[::-1]
    placed = np.zeros(grouping.n_towns, dtype=np.bool_)
    while True:
        for town in waiting:
            destination = grouping.best_destination(int(town))
            if destination is not None:
                grouping.move(int(town), destination)
                placed[town] = True
        left = waiting[~placed[waiting]]
        if len(left) == len(waiting):
            return placed
        waiting = left
