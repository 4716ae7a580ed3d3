"""What towns live by: specialisation, why it changes, its stage, and what the law calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comarca.industry.agglomeration import (
        AgglomerationEffect,
        AgglomerationParams,
        agglomeration_effect,
    )
    from comarca.industry.profile import IndustryParams, IndustryProfile, profile_industry
    from comarca.industry.status import SingleIndustryStatus, StatusParams, judge_status

_HOMES = {
    "AgglomerationEffect": "agglomeration",
    "AgglomerationParams": "agglomeration",
    "IndustryParams": "profile",
    "IndustryProfile": "profile",
    "SingleIndustryStatus": "status",
    "StatusParams": "status",
    "agglomeration_effect": "agglomeration",
    "judge_status": "status",
    "profile_industry": "profile",
}
__all__ = [
    "AgglomerationEffect",
    "AgglomerationParams",
    "IndustryParams",
    "IndustryProfile",
    "SingleIndustryStatus",
    "StatusParams",
    "agglomeration_effect",
    "judge_status",
    "profile_industry",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
