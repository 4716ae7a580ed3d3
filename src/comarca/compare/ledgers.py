"""
The three ledgers under each regime: changes against today, for the people the plan employs.

Today is the zero line, so it has no rows of its own. Under ``freight`` a town's rows are what the
freight objective priced, and over all towns they sum to the plan's value. Under ``commuting`` the
same jobs stand at the base and the same people travel there every working day; whoever lives beyond
the daily limit cannot take the job, stays as today, and has no rows.

Assumption: room for the work at the base is there already and costs nothing more. It favours
commuting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd

from comarca.compare.freight_cost import freight_by_facility
from comarca.compare.scene import Scene, amount
from comarca.model.comparison import LEDGER_COLUMNS
from comarca.model.freight_plan import WorkerGroup, Workshop
from comarca.model.prices import (
    Ledger,
    Party,
    base_job_year,
    training_year,
    value_added_per_h,
    worker_year,
    workshop_year,
)

PARTIES: tuple[Party, ...] = ("household", "town", "enterprise", "elsewhere")
FREIGHT: tuple[Party, str] = ("enterprise", "freight")
OPENING: tuple[Party, str] = ("enterprise", "opening of bases, yearly share")
SUPERVISION: tuple[Party, str] = ("enterprise", "supervision")

_Entry = tuple[str, Party, str, float]


def ledgers(scene: Scene) -> pd.DataFrame:
    """
    Tidy ledgers of both regimes.

    Returns
    -------
    pandas.DataFrame
        ``LEDGER_COLUMNS``, one row a town, regime, party and term; towns in the region's order.
    """
    regimes = {"commuting": _commuting(scene), "freight": _freight(scene)}
    rows = [row for regime, entries in regimes.items() for row in _summed(scene, regime, entries)]
    return pd.DataFrame(rows, columns=list(LEDGER_COLUMNS)).astype({"amount_per_year": "float64"})


def wages_per_year(scene: Scene, workshop: Workshop) -> float:
    """Gross wages of a workshop's workers, currency per year."""
    wage_per_h = float(scene.process(workshop)["wage_per_h"])
    return workshop.workers * scene.prices.hours_per_year * wage_per_h


def openings_by_facility(scene: Scene, workshops: Iterable[Workshop]) -> Mapping[str, float]:
    """
    Yearly share of opening the bases, by workshop in proportion to its workers.

    A base that none of these workshops is tied to is not opened for them.
    """
    members = list(workshops)
    workers: dict[str, int] = defaultdict(int)
    for workshop in members:
        workers[workshop.base_id] += workshop.workers
    shares = {}
    for workshop in members:
        once = amount(scene.enterprises[workshop.base_id]["opening_cost"])
        share = workshop.workers / workers[workshop.base_id]
        shares[workshop.facility_id] = scene.prices.annualised(once) * share
    return shares


def training(scene: Scene, workshop: Workshop, group: WorkerGroup) -> Ledger:
    """What the course of one worker costs a year: the job asks for it wherever it stands."""
    if group.programme_id is None:
        return {}
    course = scene.programmes[group.programme_id]
    return training_year(
        scene.prices,
        cost_per_learner=amount(course["cost_per_learner"]),
        hours=amount(course["hours"]),
        present_wage_per_h=scene.today(workshop.town_id, group).wage_per_h,
    )


def _freight(scene: Scene) -> Iterable[_Entry]:
    """As the freight objective prices it: workers, workshops, trucks, bases."""
    for workshop, group in scene.groups():
        yield from _scaled(workshop.town_id, _worker(scene, workshop, group), group.workers)
        yield from _scaled(workshop.town_id, training(scene, workshop, group), group.workers)
    for workshop in scene.freight.workshops:
        facility = scene.facility(workshop)
        premises = workshop_year(
            scene.prices,
            wages_per_year=wages_per_year(scene, workshop),
            renovation_cost=amount(facility["renovation_cost"]),
            annual_rent=amount(facility["annual_rent"]),
        )
        yield from _scaled(workshop.town_id, premises)
    freight = freight_by_facility(scene)
    openings = openings_by_facility(scene, scene.freight.workshops)
    for workshop in scene.freight.workshops:
        shares = {
            FREIGHT: -freight.get(workshop.facility_id, 0.0),
            OPENING: -openings[workshop.facility_id],
        }
        yield from _scaled(workshop.town_id, shares)
    yield from _idle_bases(scene)


def _idle_bases(scene: Scene) -> Iterable[_Entry]:
    """A base opened without a workshop costs its own town's ledger what it costs the plan."""
    used = {workshop.base_id for workshop in scene.freight.workshops}
    for base_id in scene.freight.bases:
        if base_id not in used:
            once = amount(scene.enterprises[base_id]["opening_cost"])
            yield from _scaled(scene.town_of(base_id), {OPENING: -scene.prices.annualised(once)})


def _commuting(scene: Scene) -> Iterable[_Entry]:
    """The same jobs at the base, for those who can reach it."""
    reached = [workshop for workshop in scene.freight.workshops if scene.can_commute(workshop)]
    for workshop in reached:
        for group in workshop.groups:
            ledger = _base_job(scene, workshop, group)
            yield from _scaled(workshop.town_id, ledger, group.workers)
            yield from _scaled(workshop.town_id, training(scene, workshop, group), group.workers)
    openings = openings_by_facility(scene, reached)
    for workshop in reached:
        supervision = scene.params.base_supervision_share * wages_per_year(scene, workshop)
        shares = {SUPERVISION: -supervision, OPENING: -openings[workshop.facility_id]}
        yield from _scaled(workshop.town_id, shares)


def _worker(scene: Scene, workshop: Workshop, group: WorkerGroup) -> Ledger:
    today = scene.today(workshop.town_id, group)
    return worker_year(
        scene.prices,
        kind=group.kind,
        wage_per_h=float(scene.process(workshop)["wage_per_h"]),
        value_added_per_h=_value_added(scene, workshop),
        present_wage_per_h=today.wage_per_h,
        saved_km_per_day=today.km_per_day,
        saved_min_per_day=today.min_per_day,
    )


def _base_job(scene: Scene, workshop: Workshop, group: WorkerGroup) -> Ledger:
    today = scene.today(workshop.town_id, group)
    time_min, distance_km = scene.commute(workshop)
    return base_job_year(
        scene.prices,
        kind=group.kind,
        wage_per_h=float(scene.process(workshop)["wage_per_h"]),
        value_added_per_h=_value_added(scene, workshop),
        present_wage_per_h=today.wage_per_h,
        saved_km_per_day=today.km_per_day,
        saved_min_per_day=today.min_per_day,
        journey_km_per_day=2 * distance_km,
        journey_min_per_day=2 * time_min,
        is_at_home=workshop.town_id == scene.town_of(workshop.base_id),
    )


def _value_added(scene: Scene, workshop: Workshop) -> float:
    process = scene.process(workshop)
    value_per_t = process["value_per_t"]
    return value_added_per_h(
        scene.prices,
        wage_per_h=float(process["wage_per_h"]),
        labour_h_per_t=float(process["labour_h_per_t"]),
        value_per_t=None if pd.isna(value_per_t) else float(value_per_t),
    )


def _scaled(town_id: str, ledger: Ledger, count: float = 1.0) -> Iterable[_Entry]:
    for (party, term), value in ledger.items():
        yield town_id, party, term, value * count


def _summed(
    scene: Scene, regime: str, entries: Iterable[_Entry]
) -> list[tuple[str, str, str, str, float]]:
    """Add up alike entries; towns in the region's order, parties as they are listed."""
    sums: dict[tuple[str, Party, str], float] = defaultdict(float)
    for town_id, party, term, value in entries:
        sums[town_id, party, term] += value
    town_rank = {town_id: rank for rank, town_id in enumerate(scene.region.town_ids)}
    ordered = sorted(sums, key=lambda key: (town_rank[key[0]], PARTIES.index(key[1])))
    return [(town, regime, party, term, sums[town, party, term]) for town, party, term in ordered]
