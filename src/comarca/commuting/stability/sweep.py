"""
What parameters do to areas: every combination of some values, drawn from the same flows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import Executor
from functools import partial
from itertools import product

from comarca.commuting.areas import AreaParams
from comarca.commuting.stability.area_sweep import AreaSweep
from comarca.commuting.stability.batches import Progress, in_batches
from comarca.commuting.stability.params import SweepGrid
from comarca.commuting.stability.redrawing import Lot, basis_of, outcome_table, redraw
from comarca.errors import ParameterError
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix


def sweep_parameters(
    flows: FlowMatrix,
    params: AreaParams | None = None,
    *,
    grid: SweepGrid | None = None,
    contiguity: Contiguity | None = None,
    centres: Collection[str] = (),
    borders: Mapping[str, str] | None = None,
    threads: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> AreaSweep:
    """
    Draw labour market areas by many parameter sets, and tell what becomes of them.

    Parameters
    ----------
    flows
        Commuters on a working day, persons.
    params
        What counts as an area, where the grid does not say; defaults to ``AreaParams()``.
    grid
        Values that each parameter takes; by default four of each, evenly over the ranges of
        ``defaults/``.
    contiguity, centres, borders
        As in :func:`comarca.delineate_areas`; they hold in every set.
    threads
        How many draw side by side; by default one for each processor.
    executor
        Draws instead, with the interface of :mod:`concurrent.futures`.
    progress
        Told the share done.

    Returns
    -------
    AreaSweep
        One row a parameter set.

    Raises
    ------
    ParameterError
        When a value is outside its range, or every combination contradicts itself.
    UnknownTownError
        As in :func:`comarca.delineate_areas`.
    """
    params, grid = params or AreaParams(), grid or SweepGrid.over()
    sets, n_left_out = _sets(params, grid)
    basis = basis_of(flows, contiguity=contiguity, centres=centres, borders=borders)
    (as_given,) = redraw(basis, [Lot(params)])
    lots = [Lot(each) for each in sets]
    redrawn = in_batches(
        partial(redraw, basis), lots, threads=threads, executor=executor, progress=progress
    )
    return AreaSweep(
        params=params,
        grid=grid,
        outcome=as_given.outcome,
        table=outcome_table(lots, redrawn, tuple(grid.values())),
        n_left_out=n_left_out,
    )


def _sets(params: AreaParams, grid: SweepGrid) -> tuple[list[AreaParams], int]:
    """Parameters of every combination that does not contradict itself, and how many do."""
    given, values = params.model_dump(), grid.values()
    sets = [given | dict(zip(values, each, strict=True)) for each in product(*values.values())]
    sound = [each for each in sets if _is_sound(each)]
    if not sound:
        raise ParameterError(
            "every combination of the grid contradicts itself; expected a least size not above the "
            "target size, and a least self-containment below the target."
        )
    return [AreaParams(**each) for each in sound], len(sets) - len(sound)


def _is_sound(given: Mapping[str, float]) -> bool:
    return (
        given["min_workers"] <= given["target_workers"]
        and given["min_self_containment"] < given["target_self_containment"]
    )
