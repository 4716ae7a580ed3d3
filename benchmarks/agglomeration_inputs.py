"""Inputs of ``design_freight`` for an instance, as ``comarca plan`` has them."""

from __future__ import annotations

from typing import Any

from comarca.commuting import commute
from comarca.examples.agglomerations import agglomeration
from comarca.model.completion import complete
from comarca.model.labour import available_labour
from comarca.study import study_for
from comarca.travel import travel_matrix


def inputs(n_towns: int, seed: int) -> tuple[Any, ...]:
    """Region, pools, travel, prices and parameters of the freight stage."""
    region = agglomeration(n_towns, seed)
    study = study_for(region)
    whole = complete(region, study.completion, study.prices).region
    by_car = travel_matrix(region, study.study.commuter_mode, study.travel)
    flows = commute(whole, by_car, study.commuting).flows
    pools = available_labour(whole, flows, by_car, study.labour)
    return whole, pools, travel_matrix(region, "truck", study.travel), study.prices, study.freight
