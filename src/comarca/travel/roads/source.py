"""A road network as the source of a region's travel times."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from comarca.model.matrices import Mode, TravelMatrix
from comarca.model.roads import RoadNetwork
from comarca.travel.params import TravelParams
from comarca.travel.roads.bridges import bridge_gaps
from comarca.travel.roads.edits import change_roads
from comarca.travel.roads.graph import RoadGraph, road_graph
from comarca.travel.roads.matrix import RoadTravel, travel_by_roads
from comarca.travel.roads.params import RoadParams


@dataclass(frozen=True, eq=False, kw_only=True)
class RoadSource:
    """
    A region's own roads.

    Parameters
    ----------
    network
        Its roads.
    params
        Speeds, how towns reach the roads, and which roads are closed or added.
    travel
        Minutes added to every trip of a mode.
    """

    network: RoadNetwork
    params: RoadParams
    travel: TravelParams
    _measured: dict[Mode, RoadTravel] = field(default_factory=dict, repr=False)

    def matrix(self, towns: pd.DataFrame, mode: Mode) -> TravelMatrix:
        """Measure times and distances between all pairs of towns."""
        return self.measure(towns, mode).matrix

    def measure(self, towns: pd.DataFrame, mode: Mode) -> RoadTravel:
        """Measure them, and tell where each town joins the network."""
        graph = self.graph(towns, mode)
        access_min = float(getattr(self.travel, f"{mode}_access_min"))
        self._measured[mode] = travel_by_roads(towns, graph, access_min=access_min)
        return self._measured[mode]

    @cached_property
    def changed(self) -> RoadNetwork:
        """The network with the roads that the study adds."""
        return change_roads(self.network, self.params.added)

    def graph(self, towns: pd.DataFrame, mode: Mode) -> RoadGraph:
        """The network as a mode drives it, its gaps bridged where the study asks for that."""
        graph = road_graph(self.changed, mode, self.params)
        return bridge_gaps(graph, towns) if self.params.bridges_gaps else graph

    def notes(self) -> tuple[str, ...]:
        """What a reader has to know of what was measured: towns without a way, by name."""
        modes_of: dict[str, list[str]] = {}
        for mode, measured in self._measured.items():
            for note in measured.notes():
                modes_of.setdefault(note, []).append(mode)
        return tuple(f"By {_listed(modes)}, {note}" for note, modes in modes_of.items())


def _listed(modes: list[str]) -> str:
    return modes[0] if len(modes) == 1 else f"{', '.join(modes[:-1])} and {modes[-1]}"
