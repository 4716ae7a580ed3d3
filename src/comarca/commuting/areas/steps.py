"""
What happened to each town while areas were drawn, step by step.

The loops note each step in arrays made beforehand; a table of it is made when somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, cast, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.commuting.areas.grouping import NOBODY, Floats, Places
from comarca.compiled import compiled

StepKind = Literal["joined", "A", "B", "C", "D", "E", "F", "assigned", "repaired"]
JOINED, A, B, C, D, E, F, ASSIGNED, REPAIRED = cast("list[int]", list(np.arange(9)))
KINDS: tuple[StepKind, ...] = get_args(StepKind)
SET_ASIDE = (A, B, C, D, E, F)


class Steps(NamedTuple):
    """
    Steps in the order they were taken; arrays longer than the number noted.

    Parameters
    ----------
    n_noted
        Number of steps noted, shape ``(1,)``.
    kind, iteration, town, group, destination
        What was done, when, with which town, out of which group into which.
    validity
        Of the group it left, as it was judged when the step began.
    link
        Strength of the link with the destination; NaN without one.
    """

    n_noted: Places
    kind: NDArray[np.int8]
    iteration: Places
    town: Places
    group: Places
    destination: Places
    validity: Floats
    link: Floats


def no_steps(room: int) -> Steps:
    """Room for so many steps."""
    return Steps(
        n_noted=np.zeros(1, dtype=np.int64),
        kind=np.empty(room, dtype=np.int8),
        iteration=np.empty(room, dtype=np.int64),
        town=np.empty(room, dtype=np.int64),
        group=np.empty(room, dtype=np.int64),
        destination=np.empty(room, dtype=np.int64),
        validity=np.empty(room),
        link=np.empty(room),
    )


@compiled
def note(
    steps: Steps,
    kind: int,
    iteration: int,
    town: int,
    group: int,
    low: float,
    destination: int,
    link: float,
) -> None:
    """Note one step."""
    place = steps.n_noted[0]
    steps.kind[place] = kind
    steps.iteration[place] = iteration
    steps.town[place] = town
    steps.group[place] = group
    steps.validity[place] = low
    steps.destination[place] = destination
    steps.link[place] = link
    steps.n_noted[0] = place + 1


def noted(steps: Steps) -> Steps:
    """The steps noted, without the room that is left."""
    n_noted = int(steps.n_noted[0])
    kept = {name: getattr(steps, name)[:n_noted].copy() for name in Steps._fields[1:]}
    return Steps(n_noted=steps.n_noted, **kept)


def step_table(steps: Steps, town_ids: Sequence[str]) -> pd.DataFrame:
    """
    Steps as a table, one row a step.

    Parameters
    ----------
    steps
        As :func:`noted` gives them.
    town_ids
        Ids of the towns that took part, in their order.

    Returns
    -------
    DataFrame
        ``iteration`` (from 1; 0 once the main loop has ended), ``area`` (number of the group the
        town left, from 1: the place of the town that seeded it; below 0 for the group of one town
        of a dissolved group; 0 for the reserve), ``validity`` of it, ``town_id``, ``link``,
        ``destination`` (number of a group, 0 for the reserve) and ``type`` (:data:`StepKind`).
    """
    n_towns = len(town_ids)
    ids = np.array([*town_ids, ""], dtype=object)
    return pd.DataFrame(
        {
            "iteration": steps.iteration,
            "area": _numbers(steps.group, n_towns),
            "validity": steps.validity,
            "town_id": ids[steps.town],
            "link": steps.link,
            "destination": _numbers(steps.destination, n_towns),
            "type": np.array(KINDS, dtype=object)[steps.kind],
        }
    )


def _numbers(groups: Places, n_towns: int) -> Places:
    """Numbers of groups from 1; 0 for the reserve, below 0 for the waiting places of towns."""
    numbers = np.where(groups < n_towns, groups + 1, n_towns - groups)
    return np.where(groups == NOBODY, 0, numbers)
