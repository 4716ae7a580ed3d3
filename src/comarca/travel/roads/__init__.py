"""Roads as they are mapped: networks, snapping, matrices, routes and what scenarios change."""

from comarca.travel.roads.after import ChangedTravel, travel_after
from comarca.travel.roads.bridges import bridge_gaps
from comarca.travel.roads.contraction import build_network
from comarca.travel.roads.edits import AddRoad, CloseRoad, change_roads
from comarca.travel.roads.graph import RoadGraph, road_graph
from comarca.travel.roads.heights import over_heights
from comarca.travel.roads.isochrones import isochrones
from comarca.travel.roads.matrix import RoadTravel, travel_by_roads, ways_by_roads
from comarca.travel.roads.params import RoadParams
from comarca.travel.roads.routes import RoadRoute, Routes
from comarca.travel.roads.snapping import Anchors, anchor_towns, near_towns
from comarca.travel.roads.source import RoadSource

__all__ = [
    "AddRoad",
    "Anchors",
    "ChangedTravel",
    "CloseRoad",
    "RoadGraph",
    "RoadParams",
    "RoadRoute",
    "RoadSource",
    "RoadTravel",
    "Routes",
    "anchor_towns",
    "bridge_gaps",
    "build_network",
    "change_roads",
    "isochrones",
    "near_towns",
    "over_heights",
    "road_graph",
    "travel_after",
    "travel_by_roads",
    "ways_by_roads",
]
