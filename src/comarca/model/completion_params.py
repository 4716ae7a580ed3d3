"""Numbers that stand in for tables a region does not give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import model_validator

from comarca.model.matrices import SKILLS, Skill
from comarca.model.parameters import Params, assumed, contradiction

_ROUNDING = 1e-9  # 0.7 and 0.3 are the whole, whatever their binary fractions sum to


class CompletionParams(Params):
    """
    Numbers that stand in for missing tables.

    Parameters
    ----------
    base_towns
        Towns whose enterprises may be bases, by id; empty = the ``n_bases`` largest towns. Where
        enterprises are given, it settles only those whose ``candidate_base`` is blank.
    labour_force_share, unemployment_rate
        Labour force over population, unemployed over labour force, in [0, 1].
    skill_basic_share, skill_secondary_share
        Shares of the labour force, in [0, 1]; the rest has higher education.
    jobs_exponent
        Jobs grow with this power of population, at least 1.
    n_bases
        How many of the largest towns are bases when none are named.
    manufacturing_share, sent_out_share
        Share of a base town's jobs in manufacturing, and of these that could be sent out.
    facility_min_population
        Population from which a town is taken to have a disused building.
    floor_m2_per_resident, floor_max_m2
        Its floor, m2 a resident and at most, m2.
    renovation_cost_per_m2, rent_per_m2
        Currency per m2, once; currency per m2 and year.
    truck_payload_t, truck_volume_m3, truck_cost_per_km, truck_fixed_per_day, truck_shift_h
        The light truck: t, m3, currency per km, currency per day used, h.
    driver_wage_multiple
        Cost of a truck's hour as a multiple of the secondary wage.
    """

    base_towns: tuple[str, ...] = ()
    labour_force_share: float = assumed("completion.labour_force_share", gt=0, le=1)
    unemployment_rate: float = assumed("completion.unemployment_rate", ge=0, lt=1)
    skill_basic_share: float = assumed("completion.skill_basic_share", ge=0, le=1)
    skill_secondary_share: float = assumed("completion.skill_secondary_share", ge=0, le=1)
    jobs_exponent: float = assumed("completion.jobs_exponent", ge=1, le=2)
    n_bases: int = assumed("completion.n_bases", ge=1)
    manufacturing_share: float = assumed("completion.manufacturing_share", ge=0, le=1)
    sent_out_share: float = assumed("completion.sent_out_share", ge=0, le=1)
    facility_min_population: float = assumed("completion.facility_min_population", ge=0)
    floor_m2_per_resident: float = assumed("completion.floor_m2_per_resident", gt=0)
    floor_max_m2: float = assumed("completion.floor_max_m2", gt=0)
    renovation_cost_per_m2: float = assumed("completion.renovation_cost_per_m2", ge=0)
    rent_per_m2: float = assumed("completion.rent_per_m2", ge=0)
    truck_payload_t: float = assumed("completion.truck_payload_t", gt=0)
    truck_volume_m3: float = assumed("completion.truck_volume_m3", gt=0)
    truck_cost_per_km: float = assumed("completion.truck_cost_per_km", ge=0)
    driver_wage_multiple: float = assumed("completion.driver_wage_multiple", gt=0)
    truck_fixed_per_day: float = assumed("completion.truck_fixed_per_day", ge=0)
    truck_shift_h: float = assumed("completion.truck_shift_h", gt=0, le=24)

    @model_validator(mode="after")
    def _skills_fit_the_whole(self) -> Self:
        if self.skill_basic_share + self.skill_secondary_share > 1 + _ROUNDING:
            raise contradiction(
                "skill_basic_share and skill_secondary_share",
                f"{self.skill_basic_share:g} and {self.skill_secondary_share:g}",
                "shares that sum to 1 at most",
            )
        return self

    @property
    def skill_shares(self) -> Mapping[Skill, float]:
        """Shares of the labour force by skill, summing to 1."""
        higher = max(1 - self.skill_basic_share - self.skill_secondary_share, 0.0)
        shares = (self.skill_basic_share, self.skill_secondary_share, higher)
        return dict(zip(SKILLS, shares, strict=True))
