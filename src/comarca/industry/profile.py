"""The industries of a region's towns: how narrow, how different, why they changed, which stage."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from comarca.industry.agglomeration import (
    AgglomerationEffect,
    AgglomerationParams,
    agglomeration_effect,
)
from comarca.industry.counts import industry_counts
from comarca.industry.stage_tables import stage_of_frame, stages_frame, town_stages
from comarca.industry.stages import StageParams
from comarca.industry.tables import (
    concentration_frame,
    quotients_frame,
    shift_share_frame,
    specialisation_frame,
)
from comarca.model.region import Region
from comarca.wording import counted


class IndustryParams(StageParams, AgglomerationParams):
    """How industries are told: the rule of stages, and when an elasticity is estimated."""


@dataclass(frozen=True, eq=False, kw_only=True)
class IndustryProfile:
    """
    What the industries of a region's towns are.

    Parameters
    ----------
    specialisation
        One row a town and year counted: ``town_id, year, persons, n_industries, top_industry,
        top_share, top_quotient_industry, top_quotient, herfindahl, effective_industries, hoover,
        krugman, gini, theil``. What is set against the reference is missing in years without one.
    quotients
        One row a town and industry with anybody in it, in the town's last year: ``town_id, year,
        isic, persons, share, location_quotient``, the largest share first.
    concentration
        One row an industry, in the last year in which all towns were counted: ``isic, year,
        persons, hoover, gini, plant_herfindahl, ellison_glaeser``. The last two are missing unless
        the jobs of the listed enterprises add up to the industry's employment.
    shift_share
        Two rows a town counted at least twice (``method`` classical and dynamic): ``town_id,
        method, year_from, year_to, change, reference, mix, local``, persons.
    stages
        One row a town and smoothed year: ``town_id, year, employment_share, output_share, stage,
        is_change``; ``is_change`` in the first year of a stage.
    stage_of
        One row a town, all of them: ``town_id, stage, since, reason``; without a stage, the reason
        says what is missing.
    agglomeration
        Elasticity of wage and of output per worker, or why there is none.
    reference_name
        What towns are set against: ``"benchmark"`` or ``"the towns together"``; blank without
        counts.
    rule
        How stages are told.
    notes
        What was done to the counts on the way.
    """

    specialisation: pd.DataFrame
    quotients: pd.DataFrame
    concentration: pd.DataFrame
    shift_share: pd.DataFrame
    stages: pd.DataFrame
    stage_of: pd.DataFrame
    agglomeration: tuple[AgglomerationEffect, ...]
    reference_name: str
    rule: str
    notes: tuple[str, ...] = ()

    def latest(self) -> pd.DataFrame:
        """Specialisation of each town in its last year, index ``town_id``."""
        return self.specialisation.drop_duplicates("town_id", keep="last").set_index("town_id")

    def summary(self) -> str:
        """Say in a few lines how narrow towns are and which stages they are in."""
        latest = self.latest()
        if latest.empty:
            return "industries: employment by industry is not known"
        stages = self.stage_of["stage"].dropna().value_counts()
        told = ", ".join(f"{count} {stage}" for stage, count in stages.items())
        lines = [
            f"industries of {counted(len(latest), 'town')}, set against {self.reference_name}; "
            f"median share of the largest {float(latest['top_share'].median()):.0%}",
            f"stages: {told or 'none decided'}",
            *(effect.summary() for effect in self.agglomeration),
        ]
        return "\n".join([*lines, *self.notes])


def profile_industry(region: Region, params: IndustryParams | None = None) -> IndustryProfile:
    """
    Tell the industries of each town.

    Parameters
    ----------
    region
        ``employment`` (persons, and output where known) by town, year and industry; ``benchmark``
        for what they are set against; ``enterprises`` for the sizes of plants; ``labour`` for
        wages.
    params
        The rule of stages; the defaults when not given.

    Returns
    -------
    IndustryProfile
        Empty tables where employment by industry is not known.
    """
    params = params or IndustryParams()
    counts = industry_counts(region)
    stages = town_stages(counts, params)
    return IndustryProfile(
        specialisation=specialisation_frame(counts),
        quotients=quotients_frame(counts),
        concentration=concentration_frame(region, counts),
        shift_share=shift_share_frame(counts),
        stages=stages_frame(stages),
        stage_of=stage_of_frame(region, counts, stages, params),
        agglomeration=_agglomeration(region, params),
        reference_name="" if counts is None else counts.reference_name,
        rule=params.rule(),
        notes=() if counts is None else counts.notes,
    )


def _agglomeration(region: Region, params: IndustryParams) -> tuple[AgglomerationEffect, ...]:
    chosen = AgglomerationParams(min_towns=params.min_towns)
    return (
        agglomeration_effect(region, "wage", chosen),
        agglomeration_effect(region, "output", chosen),
    )
