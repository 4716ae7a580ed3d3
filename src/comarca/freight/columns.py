"""Where each variable of the choice of workshops stands among the columns of its programme."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.freight.problem import FreightProblem

Ints = NDArray[np.int64]


class Columns:
    """
    Where each kind of variable starts.

    ``staff`` has an entry for each pair of option and group that may work there: ``staff_option``
    and ``staff_group``.

    Parameters
    ----------
    problem
        What may be chosen.
    n_enough
        How many pairs of option and workers cuts speak of.
    is_staffed
        Whether there is ``staff`` at all.
    """

    def __init__(self, problem: FreightProblem, n_enough: int, *, is_staffed: bool = True) -> None:
        options = problem.options
        base = problem.base_of_process[options.process]
        town = problem.town_of_facility[options.facility]
        pairs, self.tie_of_option = np.unique(
            np.stack([base, town], axis=1), axis=0, return_inverse=True
        )
        self.tie_base, self.tie_town = pairs[:, 0], pairs[:, 1]
        none = np.zeros(0, dtype=np.int64)
        pairs_of_staff = _who_may_work_where(problem, town) if is_staffed else (none, none)
        self.staff_option, self.staff_group = pairs_of_staff
        sizes = {
            "x": len(options),
            "extra": len(options),
            "hired": len(problem.groups),
            "tie": len(pairs),
            "open": len(problem.bases),
            "rounds": len(problem.bases),
            "enough": n_enough,
            "staff": len(self.staff_option),
        }
        starts = np.cumsum([0, *sizes.values()])
        self.start = dict(zip(sizes, starts.tolist(), strict=False))
        self.size = sizes
        self.total = int(starts[-1])

    def __call__(self, kind: str, at: Any = None) -> Ints:
        """Columns of a kind, all or those at some positions."""
        positions = np.arange(self.size[kind]) if at is None else np.asarray(at)
        return np.asarray(self.start[kind] + positions, dtype=np.int64)


def _who_may_work_where(problem: FreightProblem, town: Ints) -> tuple[Ints, Ints]:
    """Pairs of option and group: of its town, with the skill; ``town`` is that of each option."""
    needed = np.array([process.skill_rank for process in problem.processes], dtype=np.int64)
    needed = needed[problem.options.process]
    rank = np.array([group.skill_rank for group in problem.groups], dtype=np.int64)
    options, groups = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for each, hands in problem.groups_of_town.items():
        mine, able = np.flatnonzero(town == each), np.array(hands, dtype=np.int64)
        at, hand = np.nonzero(rank[able] >= needed[mine][:, None])
        options.append(mine[at])
        groups.append(able[hand])
    return np.concatenate(options), np.concatenate(groups)
