"""
Every stage of the diagnosis in one go, from the tables of a region as they were given.

Nothing is filled in beforehand: what the tables do not hold is told as missing, never assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from comarca.demography import Claim, Claims, Diagnosis, DiagnosisParams, diagnose, judge_claims
from comarca.diagnosis.ranking import RankedBy, ranked_towns
from comarca.diagnosis.readiness import Readiness, ReadinessParams, judge_readiness
from comarca.industry import (
    IndustryParams,
    IndustryProfile,
    SingleIndustryStatus,
    StatusParams,
    judge_status,
    profile_industry,
)
from comarca.model.parameters import DefaultUsed, Params
from comarca.model.region import Region
from comarca.model.status_rules import RuleSet

if TYPE_CHECKING:
    from comarca.demography.projection import Projection, ProjectionParams


@dataclass(frozen=True, kw_only=True)
class DiagnosisSettings:
    """
    Parameters of each stage.

    Parameters
    ----------
    diagnosis, industry, status, readiness
        As the sections of a study of these names.
    rule_sets
        Rules of single-industry status to choose from; those that Comarca knows when ``None``.
    claims
        Statements put to the test; those of the source paper when ``None``.
    ranked_by
        Order of the towns.
    projection
        How the people are projected; they are not, when ``None``.
    """

    diagnosis: DiagnosisParams = field(default_factory=DiagnosisParams)
    industry: IndustryParams = field(default_factory=IndustryParams)
    status: StatusParams = field(default_factory=StatusParams)
    readiness: ReadinessParams = field(default_factory=ReadinessParams)
    rule_sets: Sequence[RuleSet] | None = None
    claims: Sequence[Claim] | None = None
    ranked_by: RankedBy = "growth"
    projection: ProjectionParams | None = None


_OF_PLAN = (
    "town_id",
    "kind",
    "kind_reason",
    "top_industry",
    "top_share",
    "stage",
    "stage_since",
    "verdict",
    "possible_categories",
    "status_reason",
    "remote_work",
    "distance_learning",
)


@dataclass(frozen=True, eq=False, kw_only=True)
class TownDiagnosis:
    """
    What each town is and where it heads.

    Parameters
    ----------
    region
        The region as it was given.
    people
        Growth, ages, shrinkage, counts to doubt.
    claims
        Verdicts on statements about growth.
    industry
        Specialisation, shift-share, stages.
    status
        Single-industry status.
    readiness
        For remote work and learning at a distance.
    towns
        One row a town, see :func:`comarca.diagnosis.ranking.ranked_towns`.
    ranked_by
        Its order.
    defaults
        Every number of ``defaults/`` that was relied on, assumed or sourced.
    projection
        Where the people are heading; ``None`` where nobody asked.
    """

    region: Region
    people: Diagnosis
    claims: Claims
    industry: IndustryProfile
    status: SingleIndustryStatus
    readiness: Readiness
    towns: pd.DataFrame
    ranked_by: RankedBy
    defaults: tuple[DefaultUsed, ...]
    projection: Projection | None = None

    def of_plan(self) -> pd.DataFrame:
        """What a plan shows of each town, as ``Plan.diagnosed`` holds it."""
        return self.towns[list(_OF_PLAN)].sort_values("town_id").reset_index(drop=True)

    def summary(self) -> str:
        """Say in a few lines what was found."""
        decided = (self.claims.verdicts["verdict"] != "not decidable").any()
        parts = [
            self.people.summary(),
            self.claims.summary() if decided else "",
            self.industry.summary(),
            self.status.summary(),
            self.readiness.summary(),
            "" if self.projection is None else self.projection.summary(),
        ]
        return "\n".join(part for part in parts if part)


def diagnose_towns(region: Region, settings: DiagnosisSettings | None = None) -> TownDiagnosis:
    """
    Diagnose every town of a region: people, industry, single-industry status, readiness.

    Parameters
    ----------
    region
        Its tables as given.
    settings
        Parameters of each stage; the defaults of the region's country when not given.

    Returns
    -------
    TownDiagnosis

    Raises
    ------
    ParameterError
        When a year or a rule set is named that the region, or the rules, do not hold.
    """
    chosen = settings or settings_for(region)
    people = diagnose(region, chosen.diagnosis)
    industry = profile_industry(region, chosen.industry)
    status = judge_status(region, chosen.status, chosen.rule_sets)
    readiness = judge_readiness(region, chosen.readiness)
    projection = None
    if chosen.projection is not None:  # its engine is loaded only where it is asked for
        from comarca.demography.projection import project_population

        projection = project_population(region, chosen.projection)
    towns = ranked_towns(
        region, people, industry, status, readiness, projection, by=chosen.ranked_by
    )
    return TownDiagnosis(
        region=region,
        people=people,
        claims=judge_claims(region, chosen.claims, chosen.diagnosis),
        industry=industry,
        status=status,
        readiness=readiness,
        towns=towns,
        ranked_by=chosen.ranked_by,
        defaults=(*_defaults(chosen), *(() if projection is None else projection.assumed)),
        projection=projection,
    )


def settings_for(region: Region) -> DiagnosisSettings:
    """Defaults of each stage, those of the region's country where it has its own."""
    return DiagnosisSettings(
        diagnosis=DiagnosisParams.for_region(region),
        industry=IndustryParams.for_region(region),
        status=StatusParams.for_region(region),
        readiness=ReadinessParams.for_region(region),
    )


def _defaults(settings: DiagnosisSettings) -> tuple[DefaultUsed, ...]:
    stages: tuple[Params, ...] = (
        settings.diagnosis,
        settings.industry,
        settings.readiness,
    )
    return tuple(used for stage in stages for used in stage.defaults_used())
