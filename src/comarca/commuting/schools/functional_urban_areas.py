"""
Functional urban areas of the EU and the OECD: cities, and the towns that send them workers.

1. *Cores* are cities, each a town or several; they are given (see :mod:`.cores` for a stand-in).
2. Two cores become one when at least the threshold share of one's employed residents work in the
   other. Every such pair joins at once; then shares are taken anew with the joined cores, until no
   pair is left. (The published text tells the first round and leaves open what follows.)
3. A town joins the core in which most of its employed residents work, if that is at least the
   threshold share of them: together they are the area, the towns outside the core its commuting
   zone.
4. Where neighbours are known: towns of an area that do not hang together with its core are left
   out (*exclaves*); a town in no area that shares its whole land border with one area joins it
   (*enclaves*).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from comarca.commuting.schools.drawing import (
    Numbers,
    in_order,
    largest_workplaces,
    partition_of,
    told,
)
from comarca.commuting.schools.hinterlands import (
    CoreLink,
    commuting_zones,
    joined_cores,
    with_enclaves,
    without_exclaves,
)
from comarca.errors import Fault, ParameterError
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix
from comarca.model.parameters import Params, assumed
from comarca.model.partition import Partition
from comarca.wording import counted

Cores = Mapping[str, Iterable[str]] | Iterable[str]


class FunctionalUrbanAreaParams(Params):
    """
    What makes a core, and what ties a town to it.

    Parameters
    ----------
    min_commuting_share
        Least share of employed residents who work in a core, in (0, 1]: for a town to join it, and
        for two cores to become one.
    min_core_population
        Least inhabitants of a core; used by :func:`.urban_cores` alone.
    min_core_density_per_km2
        Least inhabitants per square kilometre of each of its towns; likewise.
    """

    min_commuting_share: float = assumed("commuting.fua.min_commuting_share", gt=0, le=1)
    min_core_population: float = assumed("commuting.fua.min_core_population", gt=0)
    min_core_density_per_km2: float = assumed("commuting.fua.min_core_density_per_km2", gt=0)


@dataclass(frozen=True, kw_only=True, eq=False)
class FunctionalUrbanAreas:
    """
    Functional urban areas around given cores.

    Parameters
    ----------
    partition
        Origin ``"commuting"``; an area's id is its head town, the town of the core with most filled
        jobs, and its name that of the head's city. Status of a town: ``core`` (of a city, perhaps
        of several in one area), ``member`` (commuting zone), ``enclave`` (surrounded by the area it
        joined); and in no area ``exclave`` (would belong to one it does not hang together with),
        ``outside`` (too few commute), ``no-flow`` (nobody who lives there works).
    params
        The threshold.
    core_towns
        Towns of the core of each area, by area id.
    links
        Which cores became one, and why.
    has_neighbours
        Whether enclaves and exclaves were looked for.
    """

    partition: Partition
    params: FunctionalUrbanAreaParams
    core_towns: Mapping[str, tuple[str, ...]]
    links: tuple[CoreLink, ...]
    has_neighbours: bool

    def __post_init__(self) -> None:
        object.__setattr__(self, "core_towns", MappingProxyType(dict(self.core_towns)))

    def quality(self) -> pd.DataFrame:
        """Quality figures, one row an area; see :meth:`.Partition.quality`."""
        return self.partition.quality()

    def summary(self) -> str:
        """Say in a few lines how many areas there are, and what became of the other towns."""
        count = list(self.partition.status_of.values()).count
        lines = told(self.partition, "functional urban area")
        joined = len({name for link in self.links for name in (link.core, link.towards)})
        if joined:
            lines.append(f"{joined:,} cores were joined with others by their commuters")
        lines.append(
            f"in none: {counted(count('outside'), 'town')} below "
            f"{self.params.min_commuting_share:.0%}, {count('no-flow'):,} without workers"
        )
        if self.has_neighbours:
            lines.append(
                f"{counted(count('enclave'), 'enclave')} included, "
                f"{counted(count('exclave'), 'exclave')} left out"
            )
        else:
            lines.append("enclaves and exclaves were not looked for: no neighbours were given")
        return "\n".join(lines)


def delineate_functional_urban_areas(
    flows: FlowMatrix,
    cores: Cores,
    params: FunctionalUrbanAreaParams | None = None,
    *,
    contiguity: Contiguity | None = None,
    names: Mapping[str, str] | None = None,
) -> FunctionalUrbanAreas:
    """
    Draw functional urban areas around cores.

    Parameters
    ----------
    flows
        Commuters on a working day, persons. Estimated flows are rounded to 2⁻²⁰ persons.
    cores
        Ids of towns that are a city each; or the towns of each city by its name. See
        :func:`.urban_cores` where no list is at hand.
    params
        The threshold; defaults to ``FunctionalUrbanAreaParams()``.
    contiguity
        Neighbours by land of every town of ``flows``. Without it enclaves stay out and exclaves in.
    names
        Names of towns by id, after which areas are called; a town without one lends its id.

    Returns
    -------
    FunctionalUrbanAreas
        Each town in one area or in none.

    Raises
    ------
    ParameterError
        When no core is given, one is empty, or a town is in two.
    UnknownTownError
        When a town of a core is not in the flows, or ``contiguity`` lacks one that is.

    Notes
    -----
    A town over the threshold for several cores joins that of the largest share, the core whose head
    comes first by id among equals. Towns of a core stay in it, whatever their own commuters do. A
    core may lie in several pieces: whatever hangs together with any of them is no exclave.

    References
    ----------
    .. [1] OECD (2012). Redefining "Urban": a new way to measure metropolitan areas.
    .. [2] Dijkstra, L., Poelman, H. and Veneri, P. (2019). The EU-OECD definition of a functional
           urban area. OECD Regional Development Working Papers 2019/11.
    """
    params = params or FunctionalUrbanAreaParams()
    ordered = in_order(flows)
    beside = None if contiguity is None else contiguity.subset(ordered.town_ids).adjacent
    cities = _cities(cores, ordered)
    core_of, links = joined_cores(cities, ordered, params.min_commuting_share)
    over = commuting_zones(core_of, ordered, params.min_commuting_share)
    kept = over if beside is None else without_exclaves(over, core_of, beside)
    area_of = kept if beside is None else with_enclaves(kept, beside)
    status = np.select(
        [core_of >= 0, area_of != kept, area_of >= 0, over >= 0, ordered.workers > 0],
        ["core", "enclave", "member", "exclave", "outside"],
        "no-flow",
    )
    heads = largest_workplaces(ordered, core_of)
    ids = np.array(ordered.town_ids, dtype=object)
    return FunctionalUrbanAreas(
        partition=partition_of(
            ordered,
            area_of,
            heads,
            status.tolist(),
            names=_area_names(cities, ordered, heads, names or {}),
            town_ids=flows.town_ids,
            more={"n_core_towns": np.bincount(core_of[core_of >= 0]).astype(np.float64)},
        ),
        params=params,
        core_towns={ids[head]: tuple(ids[core_of == number]) for number, head in enumerate(heads)},
        links=links,
        has_neighbours=contiguity is not None,
    )


def _cities(cores: Cores, flows: FlowMatrix) -> dict[str, Numbers]:
    """Positions of each city's towns by its name, checked."""
    if isinstance(cores, str):
        raise ParameterError(f'cores is "{cores}"; expected a list of towns.')
    given = (
        {name: list(towns) for name, towns in cores.items()}
        if isinstance(cores, Mapping)
        else {town: [town] for town in cores}
    )
    faults = [
        Fault(place="", object=f"core {name}", value="without towns", expectation="one at least")
        for name, towns in given.items()
        if not towns
    ]
    times = Counter(town for towns in given.values() for town in towns)
    faults += [
        Fault(place="", object=town, value=f"in {n:,} cores", expectation="one core at most")
        for town, n in times.items()
        if n > 1
    ]
    if not given:
        faults.append(Fault(place="", object="cores", value="", expectation="one at least"))
    if faults:
        raise ParameterError("; ".join(map(str, faults)), faults)
    return {name: flows.positions(towns) for name, towns in given.items()}


def _area_names(
    cities: Mapping[str, Numbers],
    flows: FlowMatrix,
    heads: Numbers,
    names: Mapping[str, str],
) -> dict[str, str]:
    """Call an area after the city that holds its head."""
    city_of = {town: name for name, towns in cities.items() for town in towns.tolist()}
    called = {flows.town_ids[head]: city_of[head] for head in heads.tolist()}
    return {head: names.get(city, city) for head, city in called.items()}
