"""
Spatial interaction: commuter flows from workers, jobs and travel times.
"""

from comarca.commuting.interaction.estimation import calibrate_deterrence, estimate_flows
from comarca.commuting.interaction.flow_estimate import DeterrenceFit, FlowEstimate
from comarca.commuting.interaction.params import InteractionParams

__all__ = [
    "DeterrenceFit",
    "FlowEstimate",
    "InteractionParams",
    "calibrate_deterrence",
    "estimate_flows",
]
