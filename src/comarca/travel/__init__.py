"""Travel times and distances between towns, by car, bus and light truck."""

from comarca.travel.circle import travel_by_circle
from comarca.travel.costs import trip_costs, vehicle_costs
from comarca.travel.difference import TravelDifference, travel_difference
from comarca.travel.near import circle_within, near_pairs, travel_within
from comarca.travel.params import SpeedBands, TravelParams
from comarca.travel.roads import RoadParams
from comarca.travel.source import TravelSource, source_of, travel_matrix
from comarca.travel.sphere import great_circle_km
from comarca.travel.table import travel_from_table
from comarca.travel.within import own_town_times, with_own_town_times

__all__ = [
    "RoadParams",
    "SpeedBands",
    "TravelDifference",
    "TravelParams",
    "TravelSource",
    "circle_within",
    "great_circle_km",
    "near_pairs",
    "own_town_times",
    "source_of",
    "travel_by_circle",
    "travel_difference",
    "travel_from_table",
    "travel_matrix",
    "travel_within",
    "trip_costs",
    "vehicle_costs",
    "with_own_town_times",
]
