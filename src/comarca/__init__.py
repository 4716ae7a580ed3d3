"""
Comarca plans agglomerations of small towns.

Which towns belong together by commuting, which could be tied together by light freight to workshops
instead, and what each is worth to households, town budgets and enterprises.

::

    import comarca

    region = comarca.examples.four_towns()
    plan = comarca.make_plan(region)
    print(plan.summary())

Every public name is listed here and nowhere else. Importing does no work: a name is loaded when it
is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comarca import errors, examples
    from comarca.commuting import AreaParams, CommutingParams, commute, delineate_areas
    from comarca.compare import CompareParams, compare_regimes
    from comarca.demography import DiagnosisParams, diagnose
    from comarca.freight import FreightParams, design_freight, evaluate_plan
    from comarca.io import (
        read_osm_roads,
        read_region,
        read_road_lines,
        write_region,
        write_template,
    )
    from comarca.io.gazetteer import gazetteer_region
    from comarca.model.completion import CompletionParams, complete
    from comarca.model.labour import LabourParams, available_labour
    from comarca.model.matrices import FlowMatrix, TravelMatrix
    from comarca.model.partition import Area, Partition
    from comarca.model.plan import Plan
    from comarca.model.plan_file import read_plan, write_plan
    from comarca.model.prices import Prices
    from comarca.model.region import Region
    from comarca.report import write_report
    from comarca.study import Study, make_plan, read_study, study_for
    from comarca.travel import RoadParams, TravelParams, travel_matrix
    from comarca.travel.roads import build_network, travel_by_roads

_HOMES = {
    "Area": "comarca.model.partition",
    "AreaParams": "comarca.commuting",
    "CommutingParams": "comarca.commuting",
    "CompareParams": "comarca.compare",
    "CompletionParams": "comarca.model.completion",
    "DiagnosisParams": "comarca.demography",
    "FlowMatrix": "comarca.model.matrices",
    "FreightParams": "comarca.freight",
    "LabourParams": "comarca.model.labour",
    "Partition": "comarca.model.partition",
    "Plan": "comarca.model.plan",
    "Prices": "comarca.model.prices",
    "Region": "comarca.model.region",
    "RoadParams": "comarca.travel",
    "Study": "comarca.study",
    "TravelMatrix": "comarca.model.matrices",
    "TravelParams": "comarca.travel",
    "available_labour": "comarca.model.labour",
    "build_network": "comarca.travel.roads",
    "commute": "comarca.commuting",
    "compare_regimes": "comarca.compare",
    "complete": "comarca.model.completion",
    "delineate_areas": "comarca.commuting",
    "design_freight": "comarca.freight",
    "diagnose": "comarca.demography",
    "evaluate_plan": "comarca.freight",
    "gazetteer_region": "comarca.io.gazetteer",
    "make_plan": "comarca.study",
    "read_osm_roads": "comarca.io",
    "read_plan": "comarca.model.plan_file",
    "read_region": "comarca.io",
    "read_road_lines": "comarca.io",
    "read_study": "comarca.study",
    "study_for": "comarca.study",
    "travel_by_roads": "comarca.travel.roads",
    "travel_matrix": "comarca.travel",
    "write_plan": "comarca.model.plan_file",
    "write_region": "comarca.io",
    "write_report": "comarca.report",
    "write_template": "comarca.io",
}
_MODULES = ("errors", "examples")

__all__ = [
    "Area",
    "AreaParams",
    "CommutingParams",
    "CompareParams",
    "CompletionParams",
    "DiagnosisParams",
    "FlowMatrix",
    "FreightParams",
    "LabourParams",
    "Partition",
    "Plan",
    "Prices",
    "Region",
    "RoadParams",
    "Study",
    "TravelMatrix",
    "TravelParams",
    "available_labour",
    "build_network",
    "commute",
    "compare_regimes",
    "complete",
    "delineate_areas",
    "design_freight",
    "diagnose",
    "errors",
    "evaluate_plan",
    "examples",
    "gazetteer_region",
    "make_plan",
    "read_osm_roads",
    "read_plan",
    "read_region",
    "read_road_lines",
    "read_study",
    "study_for",
    "travel_by_roads",
    "travel_matrix",
    "write_plan",
    "write_region",
    "write_report",
    "write_template",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"comarca.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'comarca' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
