"""
Which parameters make flows agree with what is known: Newton's method over balanced flows.

Each trial balances the flows anew, from where the last ones are predicted to lie. Likelihoods take
their expected information for a slope (Fisher's scoring), so every step leads uphill; a step is
halved until it also ends higher. Parameters stay within their bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.interaction.balancer import Balancer
from comarca.commuting.interaction.goals import Goal
from comarca.commuting.interaction.point import Point
from comarca.errors import ParameterError

Floats = NDArray[np.float64]
FitStatus = Literal["given", "matched", "out_of_reach"]

ROUGHNESS = 1e-3  # margins of a trial may be off by this part of the last step
STEP_TOLERANCE = 1e-7  # of a parameter's size
MISFIT_TOLERANCE = 1e-5  # of what is compared
LONGEST_STEP = 2.0  # of a parameter's size, or of its unit
LEAST_UNITS = 1e-3  # a parameter's size where it is about zero
NOISE = 1e-9  # of a loss, within which two are equal
MAX_TRIALS = 60
MAX_HALVINGS = 20


@dataclass(frozen=True, kw_only=True, eq=False)
class Solution:
    """
    Parameters found, with their flows.

    Parameters
    ----------
    point
        The flows at them.
    status
        ``"given"``: there was nothing to find. ``"matched"``: the goal is met.
        ``"out_of_reach"``: no parameters within their bounds meet it; the nearest were taken.
    """

    point: Point
    status: FitStatus


def flows_at_given(balancer: Balancer) -> Solution:
    """
    Balance a law without free parameters.

    Raises
    ------
    ParameterError
        When it falls so steeply that doubles cannot hold it.
    """
    balancer.learn_what_can_be_held()
    point = balancer.at(np.empty(0))
    if point is None:
        raise ParameterError(
            "the deterrence is too steep for these travel times; expected that it falls by a "
            "factor of exp(600) at most from the nearest job to the farthest."
        )
    return Solution(point=point, status="given")


def solve(balancer: Balancer, goal: Goal) -> Solution:
    """
    Find the free parameters that meet a goal.

    Parameters
    ----------
    balancer
        Balances a law with as many free parameters as the goal compares numbers.
    goal
        What flows should agree with.
    """
    bounds = np.array([(p.low, p.high) for p in balancer.law.free]).T
    units = np.array([p.unit for p in balancer.law.free])
    point = _first(balancer)
    for _ in range(MAX_TRIALS):
        step = _Step.of(goal, point, bounds, units)
        if step.length <= STEP_TOLERANCE and point.is_fine:
            break
        following = _following(balancer, goal, point, step, bounds)
        if following is None and point.is_fine:
            break
        point = following or balancer.at(point.free, before=point) or point
    missed = np.abs(goal.misfit(point)) > MISFIT_TOLERANCE * goal.scale(point)
    return Solution(point=point, status="out_of_reach" if missed.any() else "matched")


def _first(balancer: Balancer) -> Point:
    free = balancer.law.start
    while True:
        point = balancer.at(free, roughly=ROUGHNESS)
        if point is not None:
            return point
        free = free / 2


@dataclass(frozen=True, kw_only=True, eq=False)
class _Step:
    """
    Newton's step from a point, parameters that it would push out of their bounds left alone.

    Its length is told relative to the parameters, and relative to them or their units.
    """

    full: Floats
    moves: NDArray[np.bool_]
    length: float
    longest: float

    @classmethod
    def of(cls, goal: Goal, point: Point, bounds: Floats, units: Floats) -> _Step:
        misfit, slope = goal.misfit(point), goal.slope(point)
        moves = np.ones(len(misfit), dtype=bool)
        while True:
            full = _newton(slope, misfit, moves)
            leaves = moves & (
                ((point.free <= bounds[0]) & (full < 0)) | ((point.free >= bounds[1]) & (full > 0))
            )
            if not leaves.any():
                size = np.abs(point.free)
                relative = np.abs(full) / np.maximum(size, LEAST_UNITS * units)
                in_units = np.abs(full) / np.maximum(size, units)
                return cls(
                    full=full,
                    moves=moves,
                    length=float(relative.max(initial=0.0)),
                    longest=float(in_units.max(initial=0.0)),
                )
            moves = moves & ~leaves


def _newton(slope: Floats, misfit: Floats, moves: NDArray[np.bool_]) -> Floats:
    step = np.zeros(len(misfit))
    block = slope[np.ix_(moves, moves)]
    # Scaled, so that parameters of different units are judged alike.
    scale = np.sqrt(np.abs(np.diagonal(block)))
    scale = np.where(scale > 0, scale, 1.0)
    scaled = block / scale[:, None] / scale
    step[moves] = -np.linalg.lstsq(scaled, misfit[moves] / scale, rcond=1e-12)[0] / scale
    return step


def _following(
    balancer: Balancer, goal: Goal, point: Point, step: _Step, bounds: Floats
) -> Point | None:
    """Take the longest of ever shorter steps that leads nearer to the goal, if one does."""
    share = LONGEST_STEP / max(step.longest, LONGEST_STEP)
    roughly = ROUGHNESS * min(step.length, 1.0)
    loss = goal.loss(point, step.moves)
    allowed = loss + NOISE * max(abs(loss), 1.0)
    # Before a step from roughly balanced flows is doubted, they are.
    for _ in range(MAX_HALVINGS if point.is_fine else 1):
        free = np.clip(point.free + share * step.full, *bounds)
        following = balancer.at(free, before=point, roughly=roughly)
        if following is not None and goal.loss(following, step.moves) <= allowed:
            return following
        share /= 2
    return None
