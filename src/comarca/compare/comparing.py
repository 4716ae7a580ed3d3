"""The verb: set commuting and freight side by side for the same people."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from comarca.compare.break_even import break_even
from comarca.compare.cost_to_serve import cost_to_serve
from comarca.compare.headline import headline
from comarca.compare.ledgers import ledgers
from comarca.compare.params import CompareParams
from comarca.compare.reach import catchments, reach, reach_ratios
from comarca.compare.scene import Scene
from comarca.errors import ParameterError
from comarca.model.comparison import Comparison
from comarca.model.freight_plan import FreightPlan
from comarca.model.labour import LabourPools
from comarca.model.matrices import FlowMatrix, Mode, TravelMatrix
from comarca.model.partition import Partition
from comarca.model.prices import Prices
from comarca.model.region import Region

_CENT = 0.01


def compare_regimes(
    region: Region,
    flows: FlowMatrix,
    pools: LabourPools,
    travel: Mapping[Mode, TravelMatrix],
    areas: Partition,
    freight: FreightPlan,
    prices: Prices,
    params: CompareParams,
) -> Comparison:
    """
    Set commuting and freight side by side for the people the plan employs.

    Parameters
    ----------
    region
        A completed region.
    flows
        Daily commuters.
    pools
        Who could work at home, from which the plan chose.
    travel
        Times and distances by mode: the truck's and the commuters' at least.
    areas
        Areas that commuting has made.
    freight
        The plan; its workers are the people compared.
    prices
        The prices it was designed with.
    params
        How the same jobs would be reached by commuting, and how full trucks run.

    Returns
    -------
    Comparison
        Under ``freight`` the ledgers sum to the plan's value, to the cent.

    Raises
    ------
    ParameterError
        When a travel matrix is missing, the plan does not fit the region or the pools, or its value
        does not follow from ``prices``.
    UnknownTownError
        When the plan names a base, process, facility or town the region does not hold.
    """
    scene = Scene(
        region=region,
        flows=flows,
        pools=pools,
        travel=travel,
        areas=areas,
        freight=freight,
        prices=prices,
        params=params,
    )
    all_ledgers = ledgers(scene)
    _check_same_prices(freight, all_ledgers)
    found = catchments(scene)
    return Comparison(
        ledgers=all_ledgers,
        cost_to_serve=cost_to_serve(scene),
        break_even=break_even(scene),
        reach=reach(scene, found),
        headline=headline(scene, all_ledgers, reach_ratios(scene, found)),
    )


def _check_same_prices(freight: FreightPlan, all_ledgers: pd.DataFrame) -> None:
    """The objective and the ledgers must agree, or one of the two is wrong."""
    if not freight.workshops:
        return
    rows = all_ledgers["regime"] == "freight"
    total = float(all_ledgers.loc[rows, "amount_per_year"].sum())
    # Cents, or as many digits as a double keeps of very large sums.
    if not abs(total - freight.value) <= max(_CENT, 1e-9 * abs(freight.value)):
        raise ParameterError(
            f"the plan is worth {freight.value:,.2f} a year, but {total:,.2f} by these prices and "
            "tables; compare it with those it was designed with."
        )
