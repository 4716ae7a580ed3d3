"""Who lives in the towns: growth, ages, shrinkage, counts to doubt; and what may become of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comarca.demography.claims import Claim, Claims, claims_of_the_paper, judge_claims
    from comarca.demography.diagnosis import Diagnosis, diagnose
    from comarca.demography.params import DiagnosisParams

_HOMES = {
    "Claim": "claims",
    "Claims": "claims",
    "Diagnosis": "diagnosis",
    "DiagnosisParams": "params",
    "claims_of_the_paper": "claims",
    "diagnose": "diagnosis",
    "judge_claims": "claims",
}
__all__ = [
    "Claim",
    "Claims",
    "Diagnosis",
    "DiagnosisParams",
    "claims_of_the_paper",
    "diagnose",
    "judge_claims",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
