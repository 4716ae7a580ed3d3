"""
Labour market areas: groups of towns most of whose people live and work within the group.

Towns are taken in the order of their ids where the rule needs an order: by number when all ids are
whole numbers, else by their characters' code points.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from comarca.commuting.areas.assembly import partition_of
from comarca.commuting.areas.drawing import draw
from comarca.commuting.areas.frame import frame_of, persons_in
from comarca.commuting.areas.labour_market_areas import STATUSES, LabourMarketAreas
from comarca.commuting.areas.params import AreaParams
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix


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
    frame = frame_of(flows, contiguity=contiguity, centres=centres, borders=borders)
    persons = persons_in(frame, flows)
    drawing = draw(persons, frame, params)
    judged = tuple(flows.town_ids[frame.order[place]] for place in drawing.kept)
    return LabourMarketAreas(
        partition=partition_of(flows, persons, frame, drawing, params.rule, names or {}),
        params=params,
        status=STATUSES[drawing.status],
        iterations=drawing.iterations,
        judged=judged,
        group_before=drawing.group_before,
        group=drawing.group,
        steps=drawing.steps.noted(),
        is_contiguous=contiguity is not None,
        detached=tuple(judged[town] for town in drawing.cut_off),
    )
