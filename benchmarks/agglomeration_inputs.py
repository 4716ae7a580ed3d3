"""
Inputs of ``design_freight`` for an instance, as ``comarca plan`` has them but for one.

The seed of the search is 0, with which the kept figures were measured; that of a study is 1 unless
it says otherwise, and other seeds find other plans.
"""

from __future__ import annotations

from typing import Any

from comarca.commuting import commute
from comarca.examples.agglomerations import agglomeration
from comarca.model.completion import complete
from comarca.model.labour import available_labour
from comarca.study import study_for
from comarca.travel import travel_matrix

SEED = 0


def inputs(n_towns: int, seed: int) -> tuple[Any, ...]:
    """Region, pools, travel, prices and parameters of the freight stage."""
    region = agglomeration(n_towns, seed)
    study = study_for(region)
    whole = complete(region, study.completion, study.prices).region
    by_car = travel_matrix(region, study.study.commuter_mode, study.travel)
    flows = commute(whole, by_car, study.commuting).flows
    pools = available_labour(whole, flows, by_car, study.labour)
    search = study.freight.model_copy(update={"seed": SEED})
    return whole, pools, travel_matrix(region, "truck", study.travel), study.prices, search
