"""What each town is and where it heads: people, industry, status and readiness put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comarca.diagnosis.readiness import Readiness, ReadinessParams, judge_readiness
    from comarca.diagnosis.towns import DiagnosisSettings, TownDiagnosis, diagnose_towns

_HOMES = {
    "DiagnosisSettings": "towns",
    "Readiness": "readiness",
    "ReadinessParams": "readiness",
    "TownDiagnosis": "towns",
    "diagnose_towns": "towns",
    "judge_readiness": "readiness",
}
__all__ = [
    "DiagnosisSettings",
    "Readiness",
    "ReadinessParams",
    "TownDiagnosis",
    "diagnose_towns",
    "judge_readiness",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
