"""
Areas drawn anew, many times: from flows as chance might have had them, or by other parameters.

Assumes that persons are counted independently, so that a count varies as a Poisson number with the
count itself as its mean, that of people who stay in their town included. Where only a share of the
commuters was asked, the number that stood on paper varies so, and is then blown up again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.areas import AreaParams
from comarca.commuting.areas.drawing import draw, place_towns
from comarca.commuting.areas.engine.grouping import NOBODY
from comarca.commuting.areas.frame import Frame, frame_of, persons_in
from comarca.commuting.areas.outcome import Outcome, outcome_of
from comarca.commuting.areas.preparation import exact
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix


class Basis(NamedTuple):
    """
    What areas are drawn anew from.

    Parameters
    ----------
    persons
        Flows as counted, in the order of the frame.
    jobs
        Jobs of each town as counted, by which the head of an area is chosen in every redrawing.
    frame
        What binds the towns.
    counted_share
        Share of the commuters who were asked, in (0, 1].
    """

    persons: sparse.csr_array
    jobs: NDArray[np.float64]
    frame: Frame
    counted_share: float = 1.0


def basis_of(
    flows: FlowMatrix,
    *,
    contiguity: Contiguity | None,
    centres: Collection[str],
    borders: Mapping[str, str] | None,
    counted_share: float = 1.0,
) -> Basis:
    """What areas of some flows are drawn anew from."""
    frame = frame_of(flows, contiguity=contiguity, centres=centres, borders=borders)
    return Basis(persons_in(frame, flows), flows.jobs[frame.order], frame, counted_share)


class Lot(NamedTuple):
    """One redrawing: by which parameters, and with which chance; ``None`` for flows as counted."""

    params: AreaParams
    chance: np.random.SeedSequence | None = None


class Redrawn(NamedTuple):
    """
    One set of areas.

    Parameters
    ----------
    head
        For each town the position of the head of its area, in the order of the frame; -1 for none.
        Towns of one area have one head, and areas different ones.
    outcome
        The areas in a few figures, by the flows they were drawn from.
    """

    head: NDArray[np.int32]
    outcome: Outcome


def redraw(basis: Basis, lots: Sequence[Lot]) -> list[Redrawn]:
    """Draw areas anew, once for each lot."""
    return [_redrawn(basis, lot) for lot in lots]


def _redrawn(basis: Basis, lot: Lot) -> Redrawn:
    persons = basis.persons
    if lot.chance is not None:
        persons = resampled(persons, lot.chance, basis.counted_share)
    drawing = draw(persons, basis.frame, lot.params)
    placing = place_towns(drawing, basis.frame, persons, basis.jobs)
    # Position -1 stands for no area, in both arrays.
    head = np.append(placing.heads, NOBODY)[placing.area]
    return Redrawn(head.astype(np.int32), outcome_of(drawing, placing, persons, lot.params.rule))


def resampled(
    persons: sparse.csr_array, chance: np.random.SeedSequence, counted_share: float = 1.0
) -> sparse.csr_array:
    """
    Flows as chance might have had them.

    Parameters
    ----------
    persons
        Flows as counted, persons, shape ``(n_towns, n_towns)``.
    chance
        Seed of this one set.
    counted_share
        Share of the commuters who were asked, in (0, 1].

    Returns
    -------
    scipy.sparse.csr_array
        Same shape, exact, without stored zeros. Nobody travels where nobody was counted.
    """
    random = np.random.default_rng(chance)
    count = random.poisson(persons.data * counted_share) / counted_share
    is_some = count > 0
    start = np.concatenate(([0], np.cumsum(is_some)))[persons.indptr]
    redrawn = sparse.csr_array(
        (count[is_some], persons.indices[is_some], start), shape=persons.shape
    )
    return redrawn if counted_share == 1 else exact(redrawn)


def outcome_table(
    lots: Sequence[Lot], redrawn: Sequence[Redrawn], names: Sequence[str]
) -> pd.DataFrame:
    """One row a redrawing: its parameters of these names, then its figures."""
    parameters = [[getattr(lot.params, name) for name in names] for lot in lots]
    figures = pd.DataFrame([each.outcome for each in redrawn], columns=Outcome._fields)
    return pd.concat([pd.DataFrame(parameters, columns=list(names)), figures], axis=1)
