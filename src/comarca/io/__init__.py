"""Region folders in, templates and region folders out, the world gazetteer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comarca.io.osm_roads import read_osm_roads
    from comarca.io.region_check import CheckReport, check_report
    from comarca.io.region_reader import read_region
    from comarca.io.region_writer import write_region
    from comarca.io.road_lines import read_road_lines
    from comarca.io.roads_file import read_roads, write_roads
    from comarca.io.template import write_template

__all__ = [
    "CheckReport",
    "check_report",
    "read_osm_roads",
    "read_region",
    "read_road_lines",
    "read_roads",
    "write_region",
    "write_roads",
    "write_template",
]

_MODULES = {
    "CheckReport": "comarca.io.region_check",
    "check_report": "comarca.io.region_check",
    "read_osm_roads": "comarca.io.osm_roads",
    "read_region": "comarca.io.region_reader",
    "read_road_lines": "comarca.io.road_lines",
    "read_roads": "comarca.io.roads_file",
    "write_region": "comarca.io.region_writer",
    "write_roads": "comarca.io.roads_file",
    "write_template": "comarca.io.template",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_MODULES[name]), name)
