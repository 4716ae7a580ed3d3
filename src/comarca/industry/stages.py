"""
Where a town's manufacturing stands: rising, mature, falling, jobless, or rising again.

Shares of manufacturing in employment and in output are smoothed over years, since a dip of a cycle
is no deindustrialisation. Deindustrialisation is a sustained fall of *both* shares [1]_; a fall of
one alone is something else, and where output is not known the stage is not decided.

References
----------
.. [1] Tregenna, F. (2009). Characterising deindustrialisation: an analysis of changes in
       manufacturing employment and output internationally. Cambridge Journal of Economics 33(3),
       433-466.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from comarca.industry.specialisation import Floats
from comarca.model.parameters import Params, assumed

Stage = Literal["industrialising", "mature", "deindustrialising", "jobless", "reindustrialising"]
STAGES: tuple[Stage, ...] = (
    "industrialising",
    "mature",
    "deindustrialising",
    "jobless",
    "reindustrialising",
)


class StageParams(Params):
    """
    How the stage of a town's industry is told.

    Parameters
    ----------
    smoothing_years
        Years a share is averaged over, centred; odd.
    running_years
        Years in a row that both shares must fall for a town to be deindustrialising.
    steady_change
        Yearly change of a share up to which it counts as steady, in [0, 1].
    """

    smoothing_years: int = assumed("industry.stages.smoothing_years", ge=1)
    running_years: int = assumed("industry.stages.running_years", ge=1)
    steady_change: float = assumed("industry.stages.steady_change", ge=0, le=1)

    def rule(self) -> str:
        """State the rule in a few sentences."""
        return (
            f"Shares of manufacturing in employment and in output, averaged over "
            f"{self.smoothing_years} years. Industrialising: both rise. Deindustrialising: both "
            f"fall {self.running_years} years running. Jobless: output share rises, employment "
            "share falls. Reindustrialising: both rise after deindustrialising. Mature: none of "
            f"these. A change up to {self.steady_change:.2%} a year counts as none."
        )


@dataclass(frozen=True, kw_only=True)
class StageYear:
    """
    One year of one town.

    Parameters
    ----------
    year
        The year.
    employment_share, output_share
        Smoothed shares of manufacturing, in [0, 1].
    stage
        The stage the town was in.
    """

    year: int
    employment_share: float
    output_share: float
    stage: Stage


def stages_of(
    years: Sequence[int],
    employment_share: ArrayLike,
    output_share: ArrayLike,
    params: StageParams | None = None,
) -> tuple[StageYear, ...]:
    """
    Tell the stage of a town's industry year by year.

    Parameters
    ----------
    years
        Years in a row, without a gap.
    employment_share, output_share
        Share of manufacturing in the town's employment and in its output, in [0, 1], one a year.
    params
        The rule; the defaults when not given.

    Returns
    -------
    tuple of StageYear
        From the second smoothed year on; empty where the years are too few.
    """
    params = params or StageParams()
    m = _smoothed(employment_share, params.smoothing_years)
    g = _smoothed(output_share, params.smoothing_years)
    if len(m) < 2:
        return ()
    first = years[0] + params.smoothing_years // 2
    dm, dg = _directions(m, params.steady_change), _directions(g, params.steady_change)
    stages = _run(dm, dg, params.running_years)
    return tuple(
        StageYear(
            year=first + at + 1,
            employment_share=float(m[at + 1]),
            output_share=float(g[at + 1]),
            stage=stage,
        )
        for at, stage in enumerate(stages)
    )


def changes_of(stages: Sequence[StageYear]) -> tuple[StageYear, ...]:
    """Years in which a stage began, the first one with them."""
    return tuple(
        now for at, now in enumerate(stages) if at == 0 or stages[at - 1].stage != now.stage
    )


def years_in_a_row(years: Sequence[int]) -> tuple[int, ...]:
    """The last years without a gap."""
    kept: list[int] = []
    for year in reversed(years):
        if kept and year != kept[-1] - 1:
            break
        kept.append(year)
    return tuple(reversed(kept))


def _smoothed(values: ArrayLike, width: int) -> Floats:
    """Centred means over whole windows; none where there are fewer years than a window has."""
    series = np.asarray(values, dtype=np.float64)
    if len(series) < width:
        return np.zeros(0)
    result: Floats = np.convolve(series, np.full(width, 1 / width), mode="valid")
    return result


def _directions(series: Floats, steady: float) -> list[int]:
    """1 for a rise from one year to the next, -1 for a fall, 0 for neither."""
    # Means of the same values differ in their last digit; that is no change.
    change = np.diff(series)
    limit = steady + 1e-12
    return [1 if step > limit else -1 if step < -limit else 0 for step in change.tolist()]


def _run(dm: Sequence[int], dg: Sequence[int], running: int) -> list[Stage]:
    """Stage of each year, with what went before in mind."""
    stages: list[Stage] = []
    n_falling, has_fallen = 0, False
    for employment, output in zip(dm, dg, strict=True):
        n_falling = n_falling + 1 if employment < 0 and output < 0 else 0
        if n_falling >= running:
            has_fallen = True
            stages.append("deindustrialising")
        elif employment > 0 and output > 0:
            stages.append("reindustrialising" if has_fallen else "industrialising")
        elif employment < 0 and output > 0:
            stages.append("jobless")
        else:
            stages.append("mature")
    return stages
