"""
The freight-tied agglomeration: work brought to towns by light trucks.

``design_freight`` chooses bases, workshops, processes, workers and rounds; ``evaluate_plan`` checks
a plan without sharing any code with it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from comarca.freight.params import FreightParams

__all__ = ["Evaluation", "FreightParams", "Violation", "design_freight", "evaluate_plan"]

_HOMES = {
    "design_freight": "comarca.freight.design",
    "evaluate_plan": "comarca.freight.evaluator",
    "Evaluation": "comarca.freight.evaluator",
    "Violation": "comarca.freight.evaluator",
}

if TYPE_CHECKING:
    from comarca.freight.design import design_freight
    from comarca.freight.evaluator import Evaluation, Violation, evaluate_plan


def __getattr__(name: str) -> Any:
    """Load a verb when it is asked for."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
