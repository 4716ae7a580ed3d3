"""
How sure areas are: drawn anew from flows as chance might have had them, or by other parameters.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

from comarca.commuting.areas import AreaParams, delineate_areas
from comarca.commuting.stability.area_stability import AreaStability
from comarca.commuting.stability.batches import Progress, in_batches
from comarca.commuting.stability.membership import Heads
from comarca.commuting.stability.params import RANGED, AreaRanges, StabilityParams, Vary
from comarca.commuting.stability.redrawing import Lot, Redrawn, basis_of, outcome_table, redraw
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix


def stability_of_areas(
    flows: FlowMatrix,
    params: AreaParams | None = None,
    *,
    draws: int = 200,
    seed: int = 1,
    vary: Vary | Sequence[Vary] = "flows",
    counted_share: float = 1.0,
    ranges: AreaRanges | None = None,
    names: Mapping[str, str] | None = None,
    contiguity: Contiguity | None = None,
    centres: Collection[str] = (),
    borders: Mapping[str, str] | None = None,
    threads: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> AreaStability:
    """
    Tell how sure it is which town belongs to which labour market area.

    Parameters
    ----------
    flows
        Commuters on a working day, persons.
    params
        What counts as an area; defaults to ``AreaParams()``.
    draws, seed, vary, counted_share, ranges
        What is varied and how often, as in :class:`~comarca.commuting.StabilityParams`.
    names, contiguity, centres, borders
        As in :func:`comarca.delineate_areas`; they hold in every redrawing.
    threads
        How many draw side by side; by default one for each processor.
    executor
        Draws instead, with the interface of :mod:`concurrent.futures`.
    progress
        Told the share done.

    Returns
    -------
    AreaStability
        The same for the same seed, whoever draws and in whatever order.

    Raises
    ------
    ParameterError
        When a setting is outside its range, or parameters vary in ranges that ``params`` lie
        outside of.
    UnknownTownError
        As in :func:`comarca.delineate_areas`.

    Notes
    -----
    Poisson numbers tell what chance alone does to a full count of people who choose independently.
    Households move together, and surveys are weighted: real counts vary more, so areas are less
    sure than this says, not more.

    References
    ----------
    .. [1] Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational Statistics
           and Data Analysis 52.
    .. [2] McKay, M. D., Beckman, R. J. and Conover, W. J. (1979). A comparison of three methods for
           selecting values of input variables. Technometrics 21.
    """
    params = params or AreaParams()
    settings = StabilityParams(
        draws=draws,
        seed=seed,
        vary=(vary,) if isinstance(vary, str) else tuple(vary),
        counted_share=counted_share,
        **({} if ranges is None else {"ranges": ranges}),
    )
    settings.refuse_outside(params)
    basis = basis_of(
        flows,
        contiguity=contiguity,
        centres=centres,
        borders=borders,
        counted_share=counted_share,
    )
    reference = delineate_areas(
        flows, params, names=names, contiguity=contiguity, centres=centres, borders=borders
    )
    lots = _lots(params, settings)
    (as_counted,) = redraw(basis, [Lot(params)])
    redrawn = in_batches(
        partial(redraw, basis),
        lots,
        threads=threads,
        executor=executor,
        progress=progress,
    )
    return AreaStability(
        reference=reference,
        settings=settings,
        town_ids=flows.town_ids,
        names=dict(names or {}),
        workers=flows.workers,
        jobs=flows.jobs,
        is_observed=flows.is_observed,
        head=_heads(redrawn, basis.frame.order),
        outcome=as_counted.outcome,
        redrawings=_numbered(outcome_table(lots, redrawn, RANGED)),
    )


def _lots(params: AreaParams, settings: StabilityParams) -> list[Lot]:
    """Parameters and chance of each redrawing, which hang on the seed and its number alone."""
    of_parameters, *of_flows = np.random.SeedSequence(settings.seed).spawn(settings.draws + 1)
    sets = [params] * settings.draws
    if "parameters" in settings.vary:
        sets = _sampled(params, settings, of_parameters)
    if "flows" not in settings.vary:
        return [Lot(each) for each in sets]
    return [Lot(each, chance) for each, chance in zip(sets, of_flows, strict=True)]


def _sampled(
    params: AreaParams, settings: StabilityParams, chance: np.random.SeedSequence
) -> list[AreaParams]:
    """Parameter sets by Latin hypercube over the ranges."""
    ends = np.array([getattr(settings.ranges, name) for name in RANGED])
    sampler = qmc.LatinHypercube(d=len(RANGED), seed=np.random.default_rng(chance))
    points = ends[:, 0] + sampler.random(settings.draws) * (ends[:, 1] - ends[:, 0])
    given = params.model_dump()
    return [
        AreaParams(**(given | dict(zip(RANGED, point, strict=True)))) for point in points.tolist()
    ]


def _heads(redrawn: Sequence[Redrawn], order: NDArray[np.intp]) -> Heads:
    """Heads by the order of the flows instead of that of the frame."""
    of_frame = np.stack([each.head for each in redrawn])
    to_flows = np.append(order, -1).astype(np.int32)
    heads = np.empty_like(of_frame)
    heads[:, order] = to_flows[of_frame]
    return heads


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    """The same with rows numbered from 1."""
    return table.set_axis(pd.RangeIndex(1, len(table) + 1, name="redrawing"))
