"""How fast mapped roads are driven, and how towns reach them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from comarca.model.matrices import Mode
from comarca.model.parameters import Params, assumed, assumptions, contradiction
from comarca.model.roads import CLASSES, SMOOTHNESSES, SURFACES, ZONES
from comarca.travel.roads.edits import AddRoad

if TYPE_CHECKING:
    from comarca.model.region import Region

_TABLES: Mapping[str, tuple[str, ...]] = {
    "speed_km_per_h": CLASSES,
    "surface_km_per_h": SURFACES,
    "smoothness_km_per_h": SMOOTHNESSES,
    "limit_km_per_h": ZONES[1:],
}
_HIGHEST_KM_PER_H = 200.0


class RoadParams(Params):
    """
    How fast mapped roads are driven, and how towns reach them.

    A table that is given in part keeps its defaults for the rest: ``speed_km_per_h = {track = 8}``.

    Parameters
    ----------
    speed_km_per_h
        Speed of a car on each class of road, km/h; 0 for a class that is not driven at all.
    surface_km_per_h, smoothness_km_per_h
        Highest speed on each surface, and at each smoothness, km/h.
    limit_km_per_h
        General limits by kind of place, km/h.
    share_of_limit
        Speed driven on a free road as a share of its limit, above 0.
    car_speed_factor, ...
        Speed of the mode over that of the road, above 0.
    car_top_speed_km_per_h, ...
        Highest speed of the mode, km/h.
    car_weight_t, ... and car_height_m, ...
        Held against the limits of roads, tonnes and metres. A truck above 3.5 t obeys the access
        rules of heavy goods vehicles.
    car_climb_factor, ...
        Share of time lost for each unit of gradient uphill; counts where heights are known.
    peak_factor
        Driving time at the hour of travel over that on a free road, 1 or more.
    give_way_min, signal_min, barrier_min
        Minutes lost where a road meets one of a higher class, at traffic lights, at gates.
    ferry_wait_min
        Minutes waited before a ferry leaves.
    snap_km
        Greatest straight distance from a town to the road it uses, km.
    rough_km_per_h, rough_circuity
        Speed and detour of the rough track between a town and its road, and of bridges.
    least_piece_km
        Pieces of the network shorter than this are not used to snap a town to, km.
    bridges_gaps
        Whether a rough track joins pieces of the network, and towns farther than ``snap_km`` from
        it; else they have no way.
    bridge_km
        Longest gap that is bridged, km.
    limit_min
        Longest trip that is told, minutes; longer ones have no way. ``None`` for no limit.
    closed
        Numbers of ways (of OpenStreetMap, or rows of a layer of lines from 1) closed to traffic.
    added
        Roads that are not there yet, each a table as :class:`AddRoad` takes it.
    """

    speed_km_per_h: Mapping[str, float] = assumed("roads.speed_km_per_h")
    surface_km_per_h: Mapping[str, float] = assumed("roads.surface_km_per_h")
    smoothness_km_per_h: Mapping[str, float] = assumed("roads.smoothness_km_per_h")
    limit_km_per_h: Mapping[str, float] = assumed("roads.limit_km_per_h")
    share_of_limit: float = assumed("roads.share_of_limit", gt=0, le=1.5)
    car_speed_factor: float = assumed("roads.car.speed_factor", gt=0, le=2)
    car_top_speed_km_per_h: float = assumed("roads.car.top_speed_km_per_h", gt=0)
    car_weight_t: float = assumed("roads.car.weight_t", gt=0)
    car_height_m: float = assumed("roads.car.height_m", gt=0)
    car_climb_factor: float = assumed("roads.car.climb_factor", ge=0)
    truck_speed_factor: float = assumed("roads.truck.speed_factor", gt=0, le=2)
    truck_top_speed_km_per_h: float = assumed("roads.truck.top_speed_km_per_h", gt=0)
    truck_weight_t: float = assumed("roads.truck.weight_t", gt=0)
    truck_height_m: float = assumed("roads.truck.height_m", gt=0)
    truck_climb_factor: float = assumed("roads.truck.climb_factor", ge=0)
    bus_speed_factor: float = assumed("roads.bus.speed_factor", gt=0, le=2)
    bus_top_speed_km_per_h: float = assumed("roads.bus.top_speed_km_per_h", gt=0)
    bus_weight_t: float = assumed("roads.bus.weight_t", gt=0)
    bus_height_m: float = assumed("roads.bus.height_m", gt=0)
    bus_climb_factor: float = assumed("roads.bus.climb_factor", ge=0)
    peak_factor: float = assumed("roads.peak_factor", ge=1)
    give_way_min: float = assumed("roads.give_way_min", ge=0)
    signal_min: float = assumed("roads.signal_min", ge=0)
    barrier_min: float = assumed("roads.barrier_min", ge=0)
    ferry_wait_min: float = assumed("roads.ferry_wait_min", ge=0)
    snap_km: float = assumed("roads.snap_km", gt=0, le=100)
    rough_km_per_h: float = assumed("roads.rough_km_per_h", gt=0)
    rough_circuity: float = assumed("roads.rough_circuity", ge=1)
    least_piece_km: float = assumed("roads.least_piece_km", ge=0)
    bridges_gaps: bool = False
    bridge_km: float = assumed("roads.bridge_km", gt=0, le=200)
    limit_min: float | None = Field(default=None, gt=0)
    closed: tuple[int, ...] = ()
    added: tuple[AddRoad, ...] = ()

    @classmethod
    def for_region(cls, region: Region, /, **given: Any) -> Self:
        """Make them for a region; tables given in part are filled in from its country's."""
        own = assumptions(region.country)
        for name in _TABLES:
            if isinstance(table := given.get(name), Mapping):
                given[name] = {**own[f"roads.{name}"].value, **table}
        return super().for_region(region, **given)

    @field_validator(*_TABLES, mode="before")
    @classmethod
    def _whole_table(cls, given: Any, info: Any) -> Any:
        """Fill a table in, and refuse words it does not know."""
        if not isinstance(given, Mapping):
            return given
        known = _TABLES[info.field_name]
        for word, speed in given.items():
            if word not in known:
                raise contradiction(
                    info.field_name, f'a table with "{word}"', f"some of {', '.join(known)}"
                )
            if not isinstance(speed, int | float) or not 0 <= speed <= _HIGHEST_KM_PER_H:
                raise contradiction(
                    f"{info.field_name}.{word}",
                    repr(speed),
                    f"a speed from 0 to {_HIGHEST_KM_PER_H:g} km/h",
                )
        return {**assumptions()[f"roads.{info.field_name}"].value, **given}

    @model_validator(mode="after")
    def _bridges_reach_farther(self) -> Self:
        if self.bridges_gaps and self.bridge_km < self.snap_km:
            raise contradiction(
                "bridge_km", f"{self.bridge_km:g}", f"snap_km ({self.snap_km:g}) or more"
            )
        return self

    @cached_property
    def rough_min_per_km(self) -> float:
        """Minutes for each straight kilometre of rough track."""
        return 60.0 * self.rough_circuity / self.rough_km_per_h

    def of_mode(
        self, mode: Mode, what: Literal["speed_factor", "weight_t", "height_m", "climb_factor"]
    ) -> float:
        """One of the figures that differ by mode."""
        return float(getattr(self, f"{mode}_{what}"))

    def top_speed_km_per_h(self, mode: Mode) -> float:
        """Highest speed of a mode."""
        return float(getattr(self, f"{mode}_top_speed_km_per_h"))
