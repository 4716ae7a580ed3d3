"""Solving the master programme: its relaxation, its bound and its best choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from comarca.freight.master import Master

if TYPE_CHECKING:
    import highspy

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """When the search stops: relative gap, nodes, seed, and seconds if asked for."""

    gap: float
    nodes: int
    seed: int
    time_s: float | None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """
    Workshops chosen, and what is proven.

    Parameters
    ----------
    workers
        Workers by option; options left out are absent. ``None`` when nothing was found in time.
    rounds
        What the rounds of each base are taken to cost, currency a day, shape ``(n_bases,)``.
    objective, bound
        Of the programme that was solved, currency a year.
    is_impossible
        Whether no choice keeps the rules; proven.
    """

    workers: dict[int, int] | None
    rounds: Floats
    objective: float
    bound: float
    is_impossible: bool = False


@dataclass(frozen=True, kw_only=True)
class Relaxation:
    """
    Optimum of the linear relaxation.

    Parameters
    ----------
    bound
        Currency a year: no plan is worth more.
    loss
        What forcing each option would cost at least, share of the bound's money unit, 0 for those
        the relaxation uses; shape ``(n_options,)``.
    is_impossible
        Whether no choice keeps the rules; proven.
    """

    bound: float
    loss: Floats
    is_impossible: bool = False


def relax(master: Master) -> Relaxation:
    """Solve the linear relaxation."""
    highs, money = _highs(master, is_relaxed=True)
    highs.run()
    at = master.columns("x")
    if _is_impossible(highs):
        return Relaxation(bound=-np.inf, loss=np.zeros(len(at)), is_impossible=True)
    solution = highs.getSolution()
    reduced = np.array(solution.col_dual)[at]
    unused = np.array(solution.col_value)[at] < 1e-6
    return Relaxation(
        bound=float(highs.getInfo().objective_function_value) * money,
        loss=np.where(unused, np.maximum(-reduced, 0.0), 0.0) * money,
    )


def keep_most_promising(master: Master, relaxation: Relaxation, n_options: int) -> None:
    """Close all but so many options: those the relaxation uses, then those it loses least by."""
    order = np.argsort(relaxation.loss, kind="stable")
    used = int((relaxation.loss == 0).sum())
    master.is_closed[:] = True
    master.is_closed[order[: max(n_options, min(used, 2 * n_options))]] = False


def solve_master(master: Master, limits: Limits, start: dict[int, int] | None = None) -> Choice:
    """
    Choose workshops by branch and bound.

    Parameters
    ----------
    master
        The programme.
    limits
        When to stop.
    start
        Workers by option of a choice that keeps the rules, to start from.
    """
    highs, money = _highs(master, is_relaxed=False)
    highs.setOptionValue("mip_rel_gap", limits.gap)
    highs.setOptionValue("mip_max_nodes", limits.nodes)
    highs.setOptionValue("random_seed", limits.seed % 2**31)
    if limits.time_s is not None:
        highs.setOptionValue("time_limit", limits.time_s)
    if start is not None:
        _start_from(highs, master, start)
    highs.run()
    info = highs.getInfo()
    found = info.primal_solution_status == 2  # a feasible point, in HiGHS's numbering
    values = np.array(highs.getSolution().col_value) if found else None
    return Choice(
        workers=None if values is None else workers_of(master, values),
        rounds=np.zeros(0) if values is None else values[master.columns("rounds")],
        objective=float(info.objective_function_value) * money if found else -np.inf,
        bound=float(info.mip_dual_bound) * money,
        is_impossible=_is_impossible(highs),
    )


def _is_impossible(highs: highspy.Highs) -> bool:
    """No variable is unbounded in both directions of the objective, so either word means it."""
    import highspy

    status = highspy.HighsModelStatus
    return highs.getModelStatus() in (status.kInfeasible, status.kUnboundedOrInfeasible)


def workers_of(master: Master, values: Floats) -> dict[int, int]:
    """Workers of the workshops that stand, by option."""
    options = master.problem.options
    stands = values[master.columns("x")] > 0.5
    extra = np.rint(values[master.columns("extra")]).astype(np.int64)
    return {int(at): int(options.least[at] + extra[at]) for at in np.flatnonzero(stands)}


def _start_from(highs: highspy.Highs, master: Master, start: dict[int, int]) -> None:
    """Give HiGHS the whole-number part of a choice; it completes the rest."""
    columns, options = master.columns, master.problem.options
    chosen = np.array(sorted(start), dtype=np.int64)
    whole = {kind: np.zeros(columns.size[kind]) for kind in ("x", "extra", "tie", "open")}
    whole["x"][chosen] = 1.0
    whole["extra"][chosen] = [start[int(at)] - options.least[at] for at in chosen]
    whole["tie"][columns.tie_of_option[chosen]] = 1.0
    whole["open"][master.base[chosen]] = 1.0
    index = np.concatenate([columns(kind) for kind in whole]).astype(np.int32)
    highs.setSolution(len(index), index, np.concatenate(list(whole.values())))


def _highs(master: Master, *, is_relaxed: bool) -> tuple[Any, float]:
    import highspy

    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call] # highspy has no stubs
    highs.silent()
    highs.setOptionValue("threads", 1)
    lp, money = master.model(is_relaxed=is_relaxed)
    highs.passModel(lp)
    return highs, money
