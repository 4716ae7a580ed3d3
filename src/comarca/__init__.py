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
    from comarca.commuting import (
        AreaParams,
        AreaRanges,
        CommutingParams,
        CommutingZoneParams,
        FunctionalUrbanAreaParams,
        InteractionParams,
        IntramaxParams,
        RankParams,
        SweepGrid,
        calibrate_deterrence,
        commute,
        commuter_groups,
        delineate_areas,
        delineate_commuting_zones,
        delineate_functional_urban_areas,
        delineate_intramax,
        estimate_flows,
        fit_rank_laws,
        judge_flows,
        rank_areas,
        rank_profile,
        stability_of_areas,
        study_flows,
        sweep_parameters,
        urban_cores,
    )
    from comarca.compare import CompareParams, compare_regimes
    from comarca.demography import Claim, DiagnosisParams, diagnose, judge_claims
    from comarca.demography.effects import (
        EffectParams,
        OutcomePanel,
        StaggeredParams,
        effect_of_opening,
        staggered_effects,
        synthetic_control,
    )
    from comarca.demography.projection import ProjectionParams, project_population
    from comarca.diagnosis import (
        DiagnosisSettings,
        ReadinessParams,
        diagnose_towns,
        judge_readiness,
    )
    from comarca.freight import FreightParams, design_freight, evaluate_plan
    from comarca.industry import (
        AgglomerationParams,
        IndustryParams,
        StatusParams,
        agglomeration_effect,
        judge_status,
        profile_industry,
    )
    from comarca.io import (
        read_contiguity,
        read_flows,
        read_osm_roads,
        read_region,
        read_road_lines,
        read_status_rules,
        read_towns,
        read_zones,
        write_region,
        write_template,
    )
    from comarca.io.gazetteer import gazetteer_region
    from comarca.model.agreement import compare_partitions
    from comarca.model.completion import CompletionParams, complete
    from comarca.model.contiguity import Contiguity
    from comarca.model.labour import LabourParams, available_labour
    from comarca.model.matrices import FlowMatrix, SparseTravelMatrix, TravelMatrix
    from comarca.model.partition import Area, Partition
    from comarca.model.plan import Plan
    from comarca.model.plan_file import read_plan, write_plan
    from comarca.model.prices import Prices
    from comarca.model.region import Region
    from comarca.model.zones import Zones
    from comarca.report import (
        AreaResults,
        write_area_report,
        write_diagnosis,
        write_rank_report,
        write_report,
    )
    from comarca.report.effect_writing import write_effect_report
    from comarca.study import Study, make_plan, read_study, study_for
    from comarca.travel import RoadParams, TravelParams, travel_matrix, travel_within
    from comarca.travel.roads import build_network, travel_by_roads
    from comarca.zones import ContiguityParams, contiguity_from_points, contiguity_from_polygons

_HOMES = {
    "AgglomerationParams": "comarca.industry",
    "Area": "comarca.model.partition",
    "AreaParams": "comarca.commuting",
    "AreaRanges": "comarca.commuting",
    "AreaResults": "comarca.report",
    "Claim": "comarca.demography",
    "CommutingParams": "comarca.commuting",
    "CommutingZoneParams": "comarca.commuting",
    "CompareParams": "comarca.compare",
    "CompletionParams": "comarca.model.completion",
    "Contiguity": "comarca.model.contiguity",
    "ContiguityParams": "comarca.zones",
    "DiagnosisParams": "comarca.demography",
    "DiagnosisSettings": "comarca.diagnosis",
    "EffectParams": "comarca.demography.effects",
    "FlowMatrix": "comarca.model.matrices",
    "FreightParams": "comarca.freight",
    "FunctionalUrbanAreaParams": "comarca.commuting",
    "IndustryParams": "comarca.industry",
    "InteractionParams": "comarca.commuting",
    "IntramaxParams": "comarca.commuting",
    "LabourParams": "comarca.model.labour",
    "OutcomePanel": "comarca.demography.effects",
    "Partition": "comarca.model.partition",
    "Plan": "comarca.model.plan",
    "Prices": "comarca.model.prices",
    "ProjectionParams": "comarca.demography.projection",
    "RankParams": "comarca.commuting",
    "ReadinessParams": "comarca.diagnosis",
    "Region": "comarca.model.region",
    "RoadParams": "comarca.travel",
    "SparseTravelMatrix": "comarca.model.matrices",
    "StaggeredParams": "comarca.demography.effects",
    "StatusParams": "comarca.industry",
    "Study": "comarca.study",
    "SweepGrid": "comarca.commuting",
    "TravelMatrix": "comarca.model.matrices",
    "TravelParams": "comarca.travel",
    "Zones": "comarca.model.zones",
    "agglomeration_effect": "comarca.industry",
    "available_labour": "comarca.model.labour",
    "build_network": "comarca.travel.roads",
    "calibrate_deterrence": "comarca.commuting",
    "commute": "comarca.commuting",
    "commuter_groups": "comarca.commuting",
    "compare_partitions": "comarca.model.agreement",
    "compare_regimes": "comarca.compare",
    "complete": "comarca.model.completion",
    "contiguity_from_points": "comarca.zones",
    "contiguity_from_polygons": "comarca.zones",
    "delineate_areas": "comarca.commuting",
    "delineate_commuting_zones": "comarca.commuting",
    "delineate_functional_urban_areas": "comarca.commuting",
    "delineate_intramax": "comarca.commuting",
    "design_freight": "comarca.freight",
    "diagnose": "comarca.demography",
    "diagnose_towns": "comarca.diagnosis",
    "effect_of_opening": "comarca.demography.effects",
    "estimate_flows": "comarca.commuting",
    "evaluate_plan": "comarca.freight",
    "fit_rank_laws": "comarca.commuting",
    "gazetteer_region": "comarca.io.gazetteer",
    "judge_claims": "comarca.demography",
    "judge_flows": "comarca.commuting",
    "judge_readiness": "comarca.diagnosis",
    "judge_status": "comarca.industry",
    "make_plan": "comarca.study",
    "profile_industry": "comarca.industry",
    "project_population": "comarca.demography.projection",
    "rank_areas": "comarca.commuting",
    "rank_profile": "comarca.commuting",
    "read_contiguity": "comarca.io",
    "read_flows": "comarca.io",
    "read_osm_roads": "comarca.io",
    "read_plan": "comarca.model.plan_file",
    "read_region": "comarca.io",
    "read_road_lines": "comarca.io",
    "read_status_rules": "comarca.io",
    "read_study": "comarca.study",
    "read_towns": "comarca.io",
    "read_zones": "comarca.io",
    "stability_of_areas": "comarca.commuting",
    "staggered_effects": "comarca.demography.effects",
    "study_flows": "comarca.commuting",
    "study_for": "comarca.study",
    "sweep_parameters": "comarca.commuting",
    "synthetic_control": "comarca.demography.effects",
    "travel_by_roads": "comarca.travel.roads",
    "travel_matrix": "comarca.travel",
    "travel_within": "comarca.travel",
    "urban_cores": "comarca.commuting",
    "write_area_report": "comarca.report",
    "write_diagnosis": "comarca.report",
    "write_effect_report": "comarca.report.effect_writing",
    "write_plan": "comarca.model.plan_file",
    "write_rank_report": "comarca.report",
    "write_region": "comarca.io",
    "write_report": "comarca.report",
    "write_template": "comarca.io",
}
_MODULES = ("errors", "examples")

__all__ = [
    "AgglomerationParams",
    "Area",
    "AreaParams",
    "AreaRanges",
    "AreaResults",
    "Claim",
    "CommutingParams",
    "CommutingZoneParams",
    "CompareParams",
    "CompletionParams",
    "Contiguity",
    "ContiguityParams",
    "DiagnosisParams",
    "DiagnosisSettings",
    "EffectParams",
    "FlowMatrix",
    "FreightParams",
    "FunctionalUrbanAreaParams",
    "IndustryParams",
    "InteractionParams",
    "IntramaxParams",
    "LabourParams",
    "OutcomePanel",
    "Partition",
    "Plan",
    "Prices",
    "ProjectionParams",
    "RankParams",
    "ReadinessParams",
    "Region",
    "RoadParams",
    "SparseTravelMatrix",
    "StaggeredParams",
    "StatusParams",
    "Study",
    "SweepGrid",
    "TravelMatrix",
    "TravelParams",
    "Zones",
    "agglomeration_effect",
    "available_labour",
    "build_network",
    "calibrate_deterrence",
    "commute",
    "commuter_groups",
    "compare_partitions",
    "compare_regimes",
    "complete",
    "contiguity_from_points",
    "contiguity_from_polygons",
    "delineate_areas",
    "delineate_commuting_zones",
    "delineate_functional_urban_areas",
    "delineate_intramax",
    "design_freight",
    "diagnose",
    "diagnose_towns",
    "effect_of_opening",
    "errors",
    "estimate_flows",
    "evaluate_plan",
    "examples",
    "fit_rank_laws",
    "gazetteer_region",
    "judge_claims",
    "judge_flows",
    "judge_readiness",
    "judge_status",
    "make_plan",
    "profile_industry",
    "project_population",
    "rank_areas",
    "rank_profile",
    "read_contiguity",
    "read_flows",
    "read_osm_roads",
    "read_plan",
    "read_region",
    "read_road_lines",
    "read_status_rules",
    "read_study",
    "read_towns",
    "read_zones",
    "stability_of_areas",
    "staggered_effects",
    "study_flows",
    "study_for",
    "sweep_parameters",
    "synthetic_control",
    "travel_by_roads",
    "travel_matrix",
    "travel_within",
    "urban_cores",
    "write_area_report",
    "write_diagnosis",
    "write_effect_report",
    "write_plan",
    "write_rank_report",
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
