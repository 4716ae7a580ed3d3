"""What a projection assumes where the region does not tell, and how far it reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from comarca.model.parameters import Params, assumed, contradiction


class ProjectionParams(Params):
    """
    What a projection assumes and how far it reaches.

    Parameters
    ----------
    years
        How many years it reaches; a multiple of ``age_width``.
    age_width
        Years of an age group and of a step: 1 or 5.
    base_year
        Where it begins; ``None`` for the last year in which a town was counted.
    basis
        Which series to follow where a town has several; ``None`` for the one that spans the most.
    draws, seed
        How many futures are drawn for each town, and the seed; in a study the one of ``[study]``
        unless it is given here.
    migration
        ``"trend"``: where no table tells it, migration continues a town's past growth, drawn
        towards its region's; ``"none"``: nobody moves then.
    region_totals
        Totals of all towns together that the projection must meet, persons by year; between them
        they grow evenly.
    total_fertility, mean_age_of_mothers, spread_of_mothers, boys_per_girl
        Births where no table tells them: children a woman, age of mothers (mean and standard
        deviation, years), boys for a girl.
    life_expectancy_female, life_expectancy_male, siler_female, siler_male
        Deaths where no table tells them: years, and the standard that is moved to them.
    mortality_decline
        Yearly share by which death rates fall after the last year told.
    rogers_castro
        Shape of migration by age where only a total is known.
    trend_years, trend_kept, trend_half_persons
        How migration follows past growth: years of it, share of a large town's own departure from
        the region that persists, population that keeps half of that share.
    drift_sd, drift_sd_small, drift_sd_region, drift_memory
        How far growth strays: of a large town, what small size adds, of the region (a year), and
        the yearly correlation.
    learns_from_past
        Whether the trend's and the drift's numbers are learned from the region's own past where 30
        towns or more were counted three times.
    fertility_sd, mortality_sd
        How far births and deaths stray, standard deviation of their logarithms.
    half
        Share of today's people below which a town is depopulated.
    school_age_from, school_age_to, school_pupils
        Ages of school, the last included, and residents of these ages below which it closes.
    """

    years: int = assumed("projection.years", ge=1, le=100)
    age_width: Literal[1, 5] = 5
    base_year: int | None = None
    basis: Literal["locality", "municipality"] | None = None
    draws: int = Field(default=500, ge=20)
    seed: int = Field(default=1, ge=0)
    migration: Literal["trend", "none"] = "trend"
    region_totals: Mapping[int, float] = Field(default_factory=dict)
    total_fertility: float = assumed("projection.total_fertility", gt=0, le=12)
    mean_age_of_mothers: float = assumed("projection.mean_age_of_mothers", ge=18, le=40)
    spread_of_mothers: float = assumed("projection.spread_of_mothers", ge=2, le=12)
    boys_per_girl: float = assumed("projection.boys_per_girl", gt=0.5, lt=2)
    life_expectancy_female: float = assumed("projection.life_expectancy_female", ge=20, le=95)
    life_expectancy_male: float = assumed("projection.life_expectancy_male", ge=20, le=95)
    siler_female: tuple[float, ...] = assumed("projection.siler_female", min_length=5, max_length=5)
    siler_male: tuple[float, ...] = assumed("projection.siler_male", min_length=5, max_length=5)
    mortality_decline: float = assumed("projection.mortality_decline", ge=0, lt=0.1)
    rogers_castro: tuple[float, ...] = assumed(
        "projection.rogers_castro", min_length=7, max_length=7
    )
    trend_years: int = assumed("projection.trend_years", ge=1)
    trend_kept: float = assumed("projection.trend_kept", ge=0, le=1.5)
    trend_half_persons: float = assumed("projection.trend_half_persons", ge=0)
    drift_sd: float = assumed("projection.drift_sd", ge=0)
    drift_sd_small: float = assumed("projection.drift_sd_small", ge=0)
    drift_sd_region: float = assumed("projection.drift_sd_region", ge=0)
    drift_memory: float = assumed("projection.drift_memory", ge=0, lt=1)
    learns_from_past: bool = True
    fertility_sd: float = assumed("projection.fertility_sd", ge=0)
    mortality_sd: float = assumed("projection.mortality_sd", ge=0)
    half: float = assumed("projection.half", gt=0, lt=1)
    school_age_from: int = assumed("projection.school_age_from", ge=0)
    school_age_to: int = assumed("projection.school_age_to", le=30)
    school_pupils: float = assumed("projection.school_pupils", ge=0)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for fault in self._contradictions():
            raise contradiction(*fault)
        return self

    def _contradictions(self) -> Iterator[tuple[str, str, str]]:
        if self.years % self.age_width:
            yield "years", str(self.years), f"a multiple of age_width ({self.age_width})"
        if self.school_age_from > self.school_age_to:
            yield (
                "school_age_from",
                str(self.school_age_from),
                f"no more than school_age_to ({self.school_age_to})",
            )
        wrong = {year: total for year, total in self.region_totals.items() if total <= 0}
        if wrong:
            yield "region_totals", str(wrong), "persons above 0 by year"

    @property
    def n_steps(self) -> int:
        """How many steps there are."""
        return self.years // self.age_width
