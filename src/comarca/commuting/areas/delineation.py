"""
Labour market areas: groups of towns most of whose people live and work within the group.

Towns are taken in the order of their ids where the rule needs an order: by number when all ids are
whole numbers, else by their characters' code points.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.areas.assembly import numbered, partition_of
from comarca.commuting.areas.contiguous import reconnect
from comarca.commuting.areas.engine.classic import break_up_worst
from comarca.commuting.areas.engine.dissolution import dissolve_worst
from comarca.commuting.areas.engine.grouping import Grouping, Places, Ties, towns_apart
from comarca.commuting.areas.engine.reserve import empty_reserve, repair_areas
from comarca.commuting.areas.engine.steps import Steps, no_steps
from comarca.commuting.areas.labour_market_areas import STATUSES, LabourMarketAreas, LoopStatus
from comarca.commuting.areas.params import AreaParams
from comarca.commuting.areas.preparation import prepared
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix

_ROOM_PER_TOWN = 8  # steps beside the loop's: three of it, one of the reserve, four of repairs


def delineate_areas(
    flows: FlowMatrix,
    params: AreaParams | None = None,
    *,
    names: Mapping[str, str] | None = None,
    contiguity: Contiguity | None = None,
    centres: Collection[str] = (),
    borders: Mapping[str, str] | None = None,
) -> LabourMarketAreas:
    """
    Draw labour market areas.

    Parameters
    ----------
    flows
        Commuters on a working day, persons. Counts stay exact; estimated flows are rounded to
        2⁻²⁰ persons, so that equal stays equal in whatever order they are added.
    params
        What counts as an area; defaults to ``AreaParams()``.
    names
        Names of towns by id, after which areas are called; a town without one lends its id.
    contiguity
        Neighbours of every town of ``flows``. When given, a town joins only a group in which it has
        a neighbour; pieces cut off go to a neighbouring area where both stay areas; and towns
        without flows join the area they border on most.
    centres
        Towns whose areas are kept whatever their validity; two centres never share one.
    borders
        Label of each town (a province, a country); no area crosses from one label to another. Towns
        left out share a label of their own.

    Returns
    -------
    LabourMarketAreas
        Each town in one area or in none. Not an exception when no area exists.

    Raises
    ------
    UnknownTownError
        When ``contiguity`` lacks a town of ``flows``, or ``centres`` or ``borders`` name one that
        ``flows`` does not hold.

    Notes
    -----
    Without ``contiguity`` areas need not hang together. An area may fall below the rule when the
    reserve is emptied, unless ``params.repair`` asks to mend it.

    References
    ----------
    .. [1] Coombes, M., Casado-Díaz, J. M., Martínez-Bernabeu, L. and Carausu, F. (2012). Study on
           comparable Labour Market Areas. Eurostat.
    """
    params = params or AreaParams()
    persons, kept = prepared(flows)
    judged = tuple(flows.town_ids[place] for place in kept)
    near = None if contiguity is None else contiguity.subset(judged).adjacent
    ties = Ties(
        adjacent=near,
        region=_labels(flows, borders or {})[kept],
        is_fixed=_marked(flows, centres)[kept],
        min_flow=params.min_flow,
    )
    drawing = _draw(towns_apart(persons, params.rule, ties), params)
    cut_off = [] if near is None else reconnect(drawing.grouping, drawing.steps, near).tolist()
    group = numbered(drawing.grouping.towns["group"], len(judged))
    steps = drawing.steps.noted()
    return LabourMarketAreas(
        partition=partition_of(
            flows, kept, group, steps, params.rule, names=names, contiguity=contiguity
        ),
        params=params,
        status=drawing.status,
        iterations=drawing.iterations,
        judged=judged,
        group_before=drawing.group_before,
        group=group,
        steps=steps,
        is_contiguous=contiguity is not None,
        detached=tuple(judged[town] for town in cut_off),
    )


class _Drawing(NamedTuple):
    grouping: Grouping
    steps: Steps
    status: LoopStatus
    iterations: int
    group_before: Places


def _draw(grouping: Grouping, params: AreaParams) -> _Drawing:
    """Run the rule to its end."""
    n_towns = len(grouping.groups)
    limit = params.max_iterations_per_town * n_towns
    steps = no_steps(limit + _ROOM_PER_TOWN * (n_towns + 1))
    if params.variant == "classic":
        status, iterations = break_up_worst(grouping, steps)
    else:
        slips = params.variant == "euro-r34"
        status, iterations = dissolve_worst(grouping, steps, limit, slips)
    was_aside = grouping.towns["group"] == n_towns
    before = numbered(grouping.towns["group"], n_towns)
    empty_reserve(grouping, steps)
    if params.repair:
        repair_areas(grouping, steps, was_aside)
    return _Drawing(grouping, steps, STATUSES[status], iterations, before)


def _labels(flows: FlowMatrix, borders: Mapping[str, str]) -> Places:
    """Labels as numbers; 0 for towns without one."""
    flows.positions(borders)
    number = {label: place for place, label in enumerate(sorted(set(borders.values())), start=1)}
    return np.array(
        [number[borders[town]] if town in borders else 0 for town in flows.town_ids], dtype=np.int64
    )


def _marked(flows: FlowMatrix, town_ids: Collection[str]) -> NDArray[np.bool_]:
    is_marked = np.zeros(len(flows.town_ids), dtype=np.bool_)
    is_marked[flows.positions(town_ids)] = True
    return is_marked
