"""Flow matrices for tests: by hand, from the shared reference data, and a partition as sets."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from scipy import sparse

from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix


def flows_of(table: Mapping[str, Mapping[str, float]]) -> FlowMatrix:
    """Flows by home, then workplace; pairs left out exchange nobody."""
    ids = tuple(table)
    return FlowMatrix(ids, np.array([[table[home].get(work, 0) for work in ids] for home in ids]))


def reference_flows(shared_dir: Path, name: str) -> FlowMatrix:
    """One of the matrices of the reference data."""
    folder = shared_dir / "reference" / "labour_market_areas" / "flows"
    rows = pd.read_csv(folder / f"{name}.csv")
    ids = np.union1d(rows["community_live"], rows["community_work"])
    places = [np.searchsorted(ids, rows[end]) for end in ("community_live", "community_work")]
    persons = sparse.csr_array((rows["amount"], places), shape=(len(ids),) * 2)
    return FlowMatrix(tuple(ids.astype(str)), persons)


def groups(area_of: Mapping[str, object]) -> set[frozenset[str]]:
    """Areas as sets of towns, whatever they are called."""
    by_area: dict[object, set[str]] = {}
    for town, area in area_of.items():
        if area is not None:
            by_area.setdefault(area, set()).add(town)
    return {frozenset(towns) for towns in by_area.values()}


def contiguity_of(town_ids: Iterable[str], adjacent: np.ndarray) -> Contiguity:
    """Neighbours as a matrix tells them."""
    matrix = sparse.csr_array(np.asarray(adjacent, dtype=bool))
    return Contiguity(town_ids=tuple(town_ids), adjacent=matrix, source="table")


@st.composite
def neighbourhoods(draw: st.DrawFn, town_ids: Sequence[str]) -> Contiguity:
    """Any neighbours of some towns."""
    n_towns = len(town_ids)
    above = np.triu_indices(n_towns, 1)
    adjacent = np.zeros((n_towns, n_towns), dtype=bool)
    adjacent[above] = draw(st.lists(st.booleans(), min_size=len(above[0]), max_size=len(above[0])))
    return contiguity_of(town_ids, adjacent | adjacent.T)


@st.composite
def small_flows(draw: st.DrawFn, most: int = 60, n_most: int = 8) -> FlowMatrix:
    """A few towns between which some people travel; ties and empty towns are common."""
    n_towns = draw(st.integers(2, n_most))
    persons = draw(
        st.lists(
            st.one_of(st.just(0), st.integers(0, most)),
            min_size=n_towns**2,
            max_size=n_towns**2,
        )
    )
    ids = tuple(f"t{number}" for number in range(n_towns))
    return FlowMatrix(ids, np.array(persons).reshape(n_towns, n_towns))


def reordered(flows: FlowMatrix, order: np.ndarray) -> FlowMatrix:
    """The same flows with the towns in another order."""
    ids = tuple(flows.town_ids[place] for place in order)
    return FlowMatrix(ids, flows.persons[order, :][:, order])


def renamed(flows: FlowMatrix, names: Mapping[str, str]) -> FlowMatrix:
    """The same flows under other names."""
    return FlowMatrix(tuple(names[town] for town in flows.town_ids), flows.persons)
