"""
Spatial interaction: commuter flows from workers, jobs and travel times.

Flows are estimated (:func:`estimate_flows`) under a deterrence that is given, that meets a mean
trip, or that counts show: flows (:func:`calibrate_deterrence`), or only who stays, leaves and comes
(:func:`calibrate_on_margins`). Several skills at once, and those who leave for the week, are
estimated and calibrated jointly. :func:`judge_flows` says how well estimates agree with counts.

Inside, from the outside in: ``deterrence`` and ``law`` say what flows follow, ``reach``, ``market``
and ``pairs`` between whom, ``balancing`` holds the margins, ``point`` knows how flows change with
parameters, ``goals`` what they should agree with, and ``solving`` makes them.
"""

from comarca.commuting.interaction.calibration import calibrate_deterrence, calibrate_on_margins
from comarca.commuting.interaction.deterrence import (
    BoxCox,
    Deterrence,
    Exponential,
    Power,
    Tanner,
)
from comarca.commuting.interaction.deterrence_fit import DeterrenceFit, FittedParameter
from comarca.commuting.interaction.estimation import estimate_flows
from comarca.commuting.interaction.flow_estimate import FlowEstimate
from comarca.commuting.interaction.joint import (
    WorkerGroup,
    calibrate_jointly,
    estimate_joint_flows,
)
from comarca.commuting.interaction.joint_estimate import JointEstimate
from comarca.commuting.interaction.judging import Agreement, FlowFit, judge_flows
from comarca.commuting.interaction.margins import CommutingMargins, margins_of
from comarca.commuting.interaction.params import InteractionParams, WeeklyParams
from comarca.commuting.interaction.unobserved import Unobserved

__all__ = [
    "Agreement",
    "BoxCox",
    "CommutingMargins",
    "Deterrence",
    "DeterrenceFit",
    "Exponential",
    "FittedParameter",
    "FlowEstimate",
    "FlowFit",
    "InteractionParams",
    "JointEstimate",
    "Power",
    "Tanner",
    "Unobserved",
    "WeeklyParams",
    "WorkerGroup",
    "calibrate_deterrence",
    "calibrate_jointly",
    "calibrate_on_margins",
    "estimate_flows",
    "estimate_joint_flows",
    "judge_flows",
    "margins_of",
]
