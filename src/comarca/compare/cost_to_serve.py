"""
What it costs to bring people and work together for a day, town by town.

Wages and the value of the work are the same under both regimes and left out; rent is a cost of the
enterprise and the town's income. Costs are positive. A town without a way to its base has no rows
for commuting: no cost is known, not a cost of nothing. Towns beyond the daily limit do have them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import isfinite

import pandas as pd

from comarca.compare.freight_cost import freight_by_facility
from comarca.compare.ledgers import openings_by_facility, training, wages_per_year
from comarca.compare.scene import Scene, amount
from comarca.model.comparison import COST_COLUMNS
from comarca.model.freight_plan import Workshop
from comarca.model.prices import net
from comarca.units import MIN_PER_H

_Cost = tuple[Workshop, str, str, float]


def cost_to_serve(scene: Scene) -> pd.DataFrame:
    """
    Cost of a worker-day of each workshop town under both regimes, by component.

    Returns
    -------
    pandas.DataFrame
        ``COST_COLUMNS``, currency per worker-day, means over the town's workshop workers of one
        base; the components of a regime sum to what it costs.
    """
    worker_days: dict[tuple[str, str], float] = defaultdict(float)
    for workshop in scene.freight.workshops:
        days = workshop.workers * scene.prices.days_per_year
        worker_days[workshop.town_id, workshop.base_id] += days
    sums: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for workshop, regime, component, per_year in (*_commuting(scene), *_freight(scene)):
        sums[workshop.town_id, workshop.base_id, regime, component] += per_year
    rows = [(*key, per_year / worker_days[key[0], key[1]]) for key, per_year in sums.items()]
    frame = pd.DataFrame(rows, columns=list(COST_COLUMNS))
    return frame.astype({"amount_per_worker_day": "float64"})


def commuting_per_day(scene: Scene, workshop: Workshop, wage_per_h: float) -> tuple[float, float]:
    """Fares and value of the time on the road to the base and back, currency per worker-day."""
    time_min, distance_km = scene.commute(workshop)
    fares = 2 * distance_km * scene.prices.commute_cost_per_km
    time = 2 * time_min / MIN_PER_H * scene.prices.value_of_time_share * wage_per_h
    return fares, time


def _commuting(scene: Scene) -> Iterable[_Cost]:
    openings = openings_by_facility(scene, scene.freight.workshops)
    days = scene.prices.days_per_year
    for workshop in scene.freight.workshops:
        if not isfinite(sum(scene.commute(workshop))):
            continue
        supervision = scene.params.base_supervision_share * wages_per_year(scene, workshop)
        for group in workshop.groups:
            wage_per_h = scene.today(workshop.town_id, group).wage_per_h
            fares, time = commuting_per_day(scene, workshop, wage_per_h)
            yield workshop, "commuting", "fares", fares * group.workers * days
            yield workshop, "commuting", "time on the road", time * group.workers * days
        yield workshop, "commuting", "supervision", supervision
        yield workshop, "commuting", "opening of bases", openings[workshop.facility_id]
        yield from _lessons(scene, workshop, "commuting")


def _freight(scene: Scene) -> Iterable[_Cost]:
    openings = openings_by_facility(scene, scene.freight.workshops)
    freight = freight_by_facility(scene)
    for workshop in scene.freight.workshops:
        facility = scene.facility(workshop)
        wages = wages_per_year(scene, workshop)
        renovation = scene.prices.annualised(amount(facility["renovation_cost"]))
        yield workshop, "freight", "freight", freight.get(workshop.facility_id, 0.0)
        yield workshop, "freight", "supervision", scene.prices.supervision_share * wages
        yield workshop, "freight", "renovation", renovation
        yield workshop, "freight", "rent", amount(facility["annual_rent"])
        yield workshop, "freight", "opening of bases", openings[workshop.facility_id]
        yield from _lessons(scene, workshop, "freight")


def _lessons(scene: Scene, workshop: Workshop, regime: str) -> Iterable[_Cost]:
    """Courses and the time they take; the job asks for them wherever it stands."""
    for group in workshop.groups:
        if group.programme_id is not None:
            cost = -net(training(scene, workshop, group)) * group.workers
            yield workshop, regime, "training", cost
