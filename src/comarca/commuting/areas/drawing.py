"""
The rule run once, from persons to numbered areas: no names, no figures.

Towns stand in the order of their frame throughout, so that areas can be drawn thousands of times
without looking anything up.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.areas.contiguous import reconnect, take_in_neighbours
from comarca.commuting.areas.engine.classic import break_up_worst
from comarca.commuting.areas.engine.dissolution import dissolve_worst
from comarca.commuting.areas.engine.grouping import NOBODY, Grouping, Places, Ties, towns_apart
from comarca.commuting.areas.engine.reserve import empty_reserve, repair_areas
from comarca.commuting.areas.engine.steps import Steps, no_steps
from comarca.commuting.areas.frame import Frame
from comarca.commuting.areas.params import AreaParams
from comarca.commuting.areas.preparation import with_flows

_ROOM_PER_TOWN = 8  # steps beside the loop's: three of it, one of the reserve, four of repairs


class Drawing(NamedTuple):
    """
    How the rule ended.

    Parameters
    ----------
    kept
        Positions of the towns that took part, shape ``(n_kept,)``; all else is by their order.
    grouping, steps
        Who is in which group, and how it came to be.
    status
        Code of :mod:`comarca.commuting.areas.engine.dissolution`.
    iterations
        Steps of the main loop.
    group_before
        Group of each when the main loop ended, -1 for none, shape ``(n_kept,)``.
    cut_off
        Towns that do not hang together with the head of their group.
    """

    kept: NDArray[np.intp]
    grouping: Grouping
    steps: Steps
    status: int
    iterations: int
    group_before: Places
    cut_off: Places

    @property
    def group(self) -> Places:
        """Group of each in the end, -1 for none, shape ``(n_kept,)``."""
        return _numbered(self.grouping)


def draw(persons: sparse.csr_array, frame: Frame, params: AreaParams) -> Drawing:
    """
    Run the rule to its end.

    Parameters
    ----------
    persons
        Exact flows of all towns of the frame, without stored zeros, shape ``(n_towns, n_towns)``.
    frame
        What binds the towns.
    params
        What counts as an area.
    """
    kept = with_flows(persons)
    near = None if frame.contiguity is None else frame.contiguity.adjacent
    if len(kept) < persons.shape[0]:
        persons = persons[kept, :][:, kept]
        near = None if near is None else near[kept, :][:, kept]
    ties = Ties(near, frame.region[kept], frame.is_fixed[kept], params.min_flow)
    grouping = towns_apart(persons, params.rule, ties)
    limit = params.max_iterations_per_town * len(kept)
    steps = no_steps(limit + _ROOM_PER_TOWN * (len(kept) + 1))
    status, iterations = _main_loop(grouping, steps, limit, params)
    was_aside = grouping.towns["group"] == len(kept)
    before = _numbered(grouping)
    empty_reserve(grouping, steps)
    if params.repair:
        repair_areas(grouping, steps, was_aside)
    cut_off = np.empty(0, dtype=np.int64) if near is None else reconnect(grouping, steps, near)
    return Drawing(kept, grouping, steps, status, iterations, before, cut_off)


def _main_loop(grouping: Grouping, steps: Steps, limit: int, params: AreaParams) -> tuple[int, int]:
    if params.variant == "classic":
        return break_up_worst(grouping, steps)
    return dissolve_worst(grouping, steps, limit, params.variant == "euro-r34")


def _numbered(grouping: Grouping) -> Places:
    """Groups of towns as they are numbered outside the loops: -1 for the reserve; a copy."""
    group = grouping.towns["group"]
    return np.where(group < len(group), group, NOBODY)


class Placing(NamedTuple):
    """
    Which town is in which area.

    Parameters
    ----------
    area
        Area of each town from 0, in the order of their groups; -1 for none; shape ``(n_towns,)``.
    heads
        Town with most jobs of each area, shape ``(n_areas,)``.
    taken_in
        Towns without flows that joined their neighbours.
    """

    area: Places
    heads: NDArray[np.intp]
    taken_in: Places


def place_towns(
    drawing: Drawing, frame: Frame, persons: sparse.csr_array, jobs: NDArray[np.float64]
) -> Placing:
    """
    Number the areas, and let towns without flows join their neighbours.

    Parameters
    ----------
    drawing
        Who is in which group.
    frame, persons
        What it was drawn from.
    jobs
        By which the head of an area is chosen, persons, shape ``(n_towns,)``.
    """
    groups, place = np.unique(drawing.group, return_inverse=True)
    if groups.size and groups[0] == NOBODY:
        place -= 1
    area = np.full(persons.shape[0], NOBODY, dtype=np.int64)
    area[drawing.kept] = place
    heads = _heads(area, jobs)
    taken_in = np.empty(0, dtype=np.int64)
    if frame.contiguity is not None and (area == NOBODY).any():
        taken_in = take_in_neighbours(area, persons, frame.contiguity)
    return Placing(area, heads, taken_in)


def _heads(area: Places, jobs: NDArray[np.float64]) -> NDArray[np.intp]:
    """Position of the town with most jobs in each area, the first among equals."""
    by_size = np.lexsort((np.arange(len(area)), -jobs))
    by_size = by_size[area[by_size] != NOBODY]
    _, first = np.unique(area[by_size], return_index=True)
    heads: NDArray[np.intp] = by_size[first]
    return heads
