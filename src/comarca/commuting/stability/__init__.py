"""
How sure areas are, and what parameters do to them: areas drawn many times.
"""

from comarca.commuting.stability.area_stability import AreaStability
from comarca.commuting.stability.area_sweep import AreaSweep
from comarca.commuting.stability.params import AreaRanges, StabilityParams, SweepGrid
from comarca.commuting.stability.stability import stability_of_areas
from comarca.commuting.stability.sweep import sweep_parameters

__all__ = [
    "AreaRanges",
    "AreaStability",
    "AreaSweep",
    "StabilityParams",
    "SweepGrid",
    "stability_of_areas",
    "sweep_parameters",
]
