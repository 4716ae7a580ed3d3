"""Where the people of a region's towns are heading: cohorts carried forward, with a fan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comarca.demography.projection.cohorts import Carried, carry_forward
    from comarca.demography.projection.life_tables import life_expectancy, survival_ratios
    from comarca.demography.projection.params import ProjectionParams
    from comarca.demography.projection.projection import project_population
    from comarca.demography.projection.rates import Rates
    from comarca.demography.projection.result import Projection
    from comarca.demography.projection.rogers_castro import RogersCastro, fit_rogers_castro

_HOMES = {
    "Carried": "cohorts",
    "Projection": "result",
    "ProjectionParams": "params",
    "Rates": "rates",
    "RogersCastro": "rogers_castro",
    "carry_forward": "cohorts",
    "fit_rogers_castro": "rogers_castro",
    "life_expectancy": "life_tables",
    "project_population": "projection",
    "survival_ratios": "life_tables",
}
__all__ = [
    "Carried",
    "Projection",
    "ProjectionParams",
    "Rates",
    "RogersCastro",
    "carry_forward",
    "fit_rogers_castro",
    "life_expectancy",
    "project_population",
    "survival_ratios",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
