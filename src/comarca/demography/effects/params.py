"""How an effect is looked for, and when the data are too thin to look."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from comarca.demography.effects.predictors import Search
from comarca.model.parameters import Params, assumed, contradiction

Method = Literal["synthetic", "covariates", "augmented"]
Scale = Literal["log", "level"]
Outcome = Literal["population", "employment"]
Event = Literal["opening", "closing"]
Control = Literal["never", "not_yet"]
Estimator = Literal["doubly_robust", "regression", "weighting"]


class EffectParams(Params):
    """
    How the effect of one event on one town is looked for.

    Parameters
    ----------
    method
        ``"synthetic"`` follows every count before the event alike; ``"covariates"`` follows the
        level, the growth and what else is known of the town before the event, weighted so that the
        counts are followed best; ``"augmented"`` corrects ``"synthetic"`` by ridge regression.
    scale
        ``"log"`` compares shares, so that a town and a larger one that grow alike go alike;
        ``"level"`` compares numbers.
    search
        How weights of predictors are looked for; see :mod:`.predictors`.
    size_ratio
        A town is comparable when it had at most so many times the people, and at least that part of
        them, before the event.
    distance_km
        Towns nearer than this to the town of the event are no donors, since it may reach them; 0
        for no such rule.
    min_pre_periods, weak_pre_periods
        Counts before the event below which an effect is refused, and up to which one that is
        estimated is told as weak.
    min_donors, weak_donors
        Likewise donors.
    poor_fit
        Root mean square gap before the event, as a share of the spread of the town's own counts
        there or of the gap after it, whichever is larger, above which the fit is told as poor.
    share_of_chance
        P-value up to which an effect is told as more than chance gives.
    """

    method: Method = "synthetic"
    scale: Scale = "log"
    search: Search = "published"
    size_ratio: float = assumed("demography.effects.size_ratio", gt=1)
    distance_km: float = assumed("demography.effects.distance_km", ge=0)
    min_pre_periods: int = assumed("demography.effects.min_pre_periods", ge=1)
    weak_pre_periods: int = assumed("demography.effects.weak_pre_periods", ge=0)
    min_donors: int = assumed("demography.effects.min_donors", ge=2)
    weak_donors: int = assumed("demography.effects.weak_donors", ge=0)
    poor_fit: float = assumed("demography.effects.poor_fit", gt=0)
    share_of_chance: float = assumed("demography.effects.share_of_chance", gt=0, lt=1)

    @model_validator(mode="after")
    def _weak_is_above_refused(self) -> Self:
        for what in ("pre_periods", "donors"):
            least, weak = getattr(self, f"min_{what}"), getattr(self, f"weak_{what}")
            if weak < least - 1:
                told = f"{least - 1} or more, since fewer than min_{what} ({least}) are refused"
                raise contradiction(f"weak_{what}", str(weak), told)
        return self


class StaggeredParams(Params):
    """
    How the effect of events in several towns at several times is looked for.

    Parameters
    ----------
    control
        ``"never"``: towns that never had the event; ``"not_yet"``: also those that have theirs
        later than the years compared.
    estimator
        What allows for covariates: ``"doubly_robust"``, right when either the regression of the
        controls or the model of who has the event is; or one of the two alone. Without covariates
        all are the same.
    anticipation_years
        Years before the event in which it may show already.
    draws
        Random signs for the band that holds all event times at once.
    dealings
        How often the events are dealt out anew to all towns, to see how often chance gives an
        overall effect as large; 0 for never.
    seed
        Of both.
    level
        Probability that bands hold, in (0, 1).
    min_treated
        Towns with the event below which errors from the spread among them are not told: one town
        has none.
    scale
        As of :class:`EffectParams`.
    """

    control: Control = "never"
    estimator: Estimator = "doubly_robust"
    anticipation_years: int = Field(default=0, ge=0)
    draws: int = Field(default=999, ge=99)
    dealings: int = Field(default=999, ge=0)
    seed: int = Field(default=1, ge=0)
    level: float = Field(default=0.95, gt=0, lt=1)
    min_treated: int = assumed("demography.effects.min_treated", ge=2)
    scale: Scale = "log"
