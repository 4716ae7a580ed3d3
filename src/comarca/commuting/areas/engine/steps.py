"""
What happened to each town while areas were drawn, step by step.

The loops note each step in an array made beforehand; a table of it is made when somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, cast, get_args

import numpy as np
import pandas as pd

from comarca.commuting.areas.engine.grouping import Places
from comarca.compiled import compiled

StepKind = Literal["joined", "A", "B", "C", "D", "E", "F", "assigned", "repaired"]
JOINED, A, B, C, D, E, F, ASSIGNED, REPAIRED = cast("list[int]", list(np.arange(9)))
KINDS: tuple[StepKind, ...] = get_args(StepKind)
SET_ASIDE = (A, B, C, D, E, F)


STEP = np.dtype(
    [
        ("kind", np.int64),
        ("iteration", np.int64),
        ("town", np.int64),
        ("group", np.int64),
        ("validity", np.float64),
        ("destination", np.int64),
        ("link", np.float64),
    ]
)


class Steps(NamedTuple):
    """
    Steps in the order they were taken.

    Parameters
    ----------
    n_noted
        Number of steps noted, shape ``(1,)``.
    rows
        Records of :data:`STEP`, more than are noted: what was done, when, with which town, out of
        which group; that group's validity as it was judged when the step began; into which group,
        and the strength of the link with it, NaN without one.
    """

    n_noted: Places
    rows: Any

    def noted(self) -> Any:
        """The records noted."""
        return self.rows[: self.n_noted[0]].copy()


def no_steps(room: int) -> Steps:
    """Room for so many steps."""
    return Steps(np.zeros(1, dtype=np.int64), np.empty(room, dtype=STEP))


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
    step = steps.rows[steps.n_noted[0]]
    step.kind = kind
    step.iteration = iteration
    step.town = town
    step.group = group
    step.validity = low
    step.destination = destination
    step.link = link
    steps.n_noted[0] += 1


def step_table(steps: Any, town_ids: Sequence[str]) -> pd.DataFrame:
    """
    Steps as a table, one row a step.

    Parameters
    ----------
    steps
        Records of :data:`STEP`.
    town_ids
        Ids of the towns that took part, in their order.

    Returns
    -------
    DataFrame
        ``iteration`` (from 1; 0 once the main loop has ended), ``area`` (number of the group the
        town left, from 1: the place of the town that seeded it; below 0 for the place where a town
        of a dissolved group waits; 0 for the reserve), ``validity`` of it, ``town_id``, ``link``,
        ``destination`` (number of a group, 0 for the reserve) and ``type`` (:data:`StepKind`).
    """
    n_towns = len(town_ids)
    return pd.DataFrame(
        {
            "iteration": steps["iteration"],
            "area": _numbers(steps["group"], n_towns),
            "validity": steps["validity"],
            "town_id": np.array([*town_ids, ""], dtype=object)[steps["town"]],
            "link": steps["link"],
            "destination": _numbers(steps["destination"], n_towns),
            "type": np.array(KINDS, dtype=object)[steps["kind"]],
        }
    )


def _numbers(groups: Places, n_towns: int) -> Places:
    """Numbers of groups from 1; 0 for the reserve, below 0 for the waiting places of towns."""
    return np.where(groups < n_towns, groups + 1, n_towns - groups)
