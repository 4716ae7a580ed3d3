"""Region folders and lone tables in, templates and region folders out, the world gazetteer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comarca.io.area_tables import AreaTable, read_areas
    from comarca.io.contiguity_tables import read_contiguity
    from comarca.io.flow_tables import FlowTable, read_flow_table, read_flows
    from comarca.io.osm_roads import read_osm_roads
    from comarca.io.region_check import CheckReport, check_report
    from comarca.io.region_reader import read_region
    from comarca.io.region_writer import write_region
    from comarca.io.road_lines import read_road_lines
    from comarca.io.roads_file import read_roads, write_roads
    from comarca.io.status_rule_files import read_status_rules
    from comarca.io.template import write_template
    from comarca.io.town_tables import TownTable, read_towns
    from comarca.io.zone_files import read_zones

__all__ = [
    "AreaTable",
    "CheckReport",
    "FlowTable",
    "TownTable",
    "check_report",
    "read_areas",
    "read_contiguity",
    "read_flow_table",
    "read_flows",
    "read_osm_roads",
    "read_region",
    "read_road_lines",
    "read_roads",
    "read_status_rules",
    "read_towns",
    "read_zones",
    "write_region",
    "write_roads",
    "write_template",
]

_MODULES = {
    "AreaTable": "comarca.io.area_tables",
    "CheckReport": "comarca.io.region_check",
    "FlowTable": "comarca.io.flow_tables",
    "TownTable": "comarca.io.town_tables",
    "check_report": "comarca.io.region_check",
    "read_areas": "comarca.io.area_tables",
    "read_contiguity": "comarca.io.contiguity_tables",
    "read_flow_table": "comarca.io.flow_tables",
    "read_flows": "comarca.io.flow_tables",
    "read_osm_roads": "comarca.io.osm_roads",
    "read_region": "comarca.io.region_reader",
    "read_road_lines": "comarca.io.road_lines",
    "read_roads": "comarca.io.roads_file",
    "read_status_rules": "comarca.io.status_rule_files",
    "read_towns": "comarca.io.town_tables",
    "read_zones": "comarca.io.zone_files",
    "write_region": "comarca.io.region_writer",
    "write_roads": "comarca.io.roads_file",
    "write_template": "comarca.io.template",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_MODULES[name]), name)
