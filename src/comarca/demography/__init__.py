"""What a town's numbers of people say: growth, size class, counts to doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comarca.demography.diagnosis import Diagnosis, DiagnosisParams, diagnose

__all__ = ["Diagnosis", "DiagnosisParams", "diagnose"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("comarca.demography.diagnosis"), name)
