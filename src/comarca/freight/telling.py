"""How far a search has come, in words."""

from __future__ import annotations

from collections.abc import Callable

from comarca.model.freight_plan import Objective

Progress = Callable[[str, float | None], None]
"""Told what is being done, and the share done in [0, 1] where it is known."""

_REACHED = {"benefit": "worth {0:,.0f} a year", "cost": "{0:,.0f} a year", "jobs": "{0:,.0f} jobs"}
_BOUND = {
    "benefit": "at most {0:,.0f} possible",
    "cost": "no plan costs less than {0:,.0f}",
    "jobs": "at most {0:,.0f} possible",
}


def told(stage: str, reached: float | None, bound: float, objective: Objective = "benefit") -> str:
    """
    A line of progress: stage, the best plan so far, the bound and the gap.

    Parameters
    ----------
    stage
        What is being done.
    reached
        Net benefit, cost or jobs of the best plan so far; ``None`` where there is none yet.
    bound
        What is proven.
    """
    limit = _BOUND[objective].format(bound)
    if reached is None:
        return f"{stage}: no plan yet, {limit}"
    line = f"{stage}: {_REACHED[objective].format(reached)}, {limit}"
    return f"{line} (gap {abs(bound - reached) / abs(bound):.1%})" if bound else line
