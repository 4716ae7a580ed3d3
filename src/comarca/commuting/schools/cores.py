"""
Cities around which functional urban areas are drawn, where nobody names them.

The published definition finds *urban centres* on a grid of square kilometres: contiguous cells of
at least 1,500 inhabitants each and 50,000 together. Towns stand in for cells here, so a core is
rougher than a published one: name the cities where their list is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from comarca.commuting.schools.drawing import NONE
from comarca.commuting.schools.functional_urban_areas import FunctionalUrbanAreaParams
from comarca.errors import Fault, ParameterError
from comarca.model.contiguity import Contiguity

Figures = Mapping[str, float]


def urban_cores(
    population: Mapping[str, float],
    params: FunctionalUrbanAreaParams | None = None,
    *,
    density_per_km2: Mapping[str, float] | None = None,
    contiguity: Contiguity | None = None,
) -> dict[str, tuple[str, ...]]:
    """
    Choose cores by population, and by density where it is known.

    Parameters
    ----------
    population
        Inhabitants of each town, 0 or more.
    params
        Least population and density; defaults to ``FunctionalUrbanAreaParams()``.
    density_per_km2
        Inhabitants of each town per square kilometre of built-up or of all land. When given, only
        towns dense enough can be in a core.
    contiguity
        Neighbours of every town. When given with densities, dense neighbours are one core together.

    Returns
    -------
    dict of str to tuple of str
        The towns of each core by the id of its most populous one, the first among equals; most
        populous cores first. Empty where no town is large enough.

    Raises
    ------
    ParameterError
        When a figure is missing, negative or not finite.
    UnknownTownError
        When ``contiguity`` lacks a town.
    """
    params = params or FunctionalUrbanAreaParams()
    towns = tuple(population)
    people = _figures(population, towns, "population")
    cluster = np.arange(len(towns))
    if density_per_km2 is not None:
        density = _figures(density_per_km2, towns, "density_per_km2")
        is_dense = density >= params.min_core_density_per_km2
        if contiguity is not None:
            cluster = _clusters(contiguity.subset(towns).adjacent, is_dense)
        cluster = np.where(is_dense, cluster, NONE)
    cores: dict[int, list[int]] = {}
    for town, number in enumerate(cluster.tolist()):
        if number != NONE:
            cores.setdefault(number, []).append(town)
    large = [c for c in cores.values() if people[c].sum() >= params.min_core_population]
    return {
        towns[core[int(np.argmax(people[core]))]]: tuple(towns[town] for town in core)
        for core in sorted(large, key=lambda core: -people[core].sum())
    }


def _figures(figures: Figures, towns: Sequence[str], name: str) -> NDArray[np.float64]:
    values = np.array([figures.get(town, np.nan) for town in towns], dtype=np.float64)
    faults = [
        Fault(
            place="",
            object=f"{name} of {towns[int(town)]}",
            value="" if np.isnan(values[town]) else f"{values[town]:g}",
            expectation="a number, 0 or more",
        )
        for town in np.flatnonzero(~((values >= 0) & np.isfinite(values)))
    ]
    if faults:
        raise ParameterError("; ".join(map(str, faults)), faults)
    return values


def _clusters(adjacent: sparse.csr_array, is_dense: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number of the cluster of dense neighbours that each town is in."""
    dense = sparse.diags_array(is_dense.astype(np.float64))
    _, cluster = connected_components(dense @ adjacent.astype(np.float64) @ dense, directed=False)
    return np.asarray(cluster, dtype=np.int64)
