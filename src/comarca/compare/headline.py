"""
The figures of the first page, by name. Money is in the region's currency.

Every name is always there; a figure nobody can compute (a mean over no commuters, a cost per job of
no jobs) is ``nan``, never 0. Changes are against today.

People
    ``jobs_brought_home`` workers in workshops; of them ``commuters_brought_home``,
    ``unemployed_employed``, ``inactive_employed``; ``commuting_feasible_workers``: how many of the
    same people could reach the base within the daily limit.
    ``works_in_own_town_today_share`` and ``works_in_own_town_planned_share``: working residents of
    the workshop towns with a job in their own town, before and after.
A family
    ``family_saving_per_year``: fares and the value of time that a commuter brought home saves,
    mean; its parts ``fares_saved_per_commuter_year`` and ``time_value_saved_per_commuter_year``;
    ``hours_saved_per_commuter_year``; ``household_gain_per_worker_year``: all household terms,
    mean over all workshop workers.
A job
    ``cost_per_job_once``: renovation and opening of bases, paid once; ``cost_per_job_year``: what
    the enterprise pays a year beyond wages, the sum of ``freight_per_job_year``,
    ``supervision_per_job_year``, ``premises_per_job_year`` (rent, and renovation spread over
    years), ``training_per_job_year`` and ``opening_per_job_year``;
    ``enterprise_gain_per_job_year``: what is left to it.
A town
    ``tax_kept_in_towns_per_year``: change of income tax in the workers' own towns;
    ``rent_to_towns_per_year``.
All together
    ``net_benefit_per_year`` (the plan's value), ``commuting_net_benefit_per_year`` (the same jobs
    at the base, for those who can reach it), ``freight_cost_per_year``;
    ``towns_tied_beyond_their_area``: workshop towns whose base stands in another commuting area, or
    where either is in none; ``reach_ratio_people``, ``reach_ratio_towns``, ``reach_ratio_area``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd

from comarca.compare.scene import Scene, amount
from comarca.model.prices import WorkerKind
from comarca.units import MIN_PER_H


class _Sums:
    """Ledgers of one regime added up over towns."""

    def __init__(self, ledgers: pd.DataFrame) -> None:
        self.amounts: dict[tuple[str, str], float] = defaultdict(float)
        for _, _, party, term, amount_per_year in ledgers.itertuples(index=False, name=None):
            self.amounts[party, term] += amount_per_year

    def of(self, party: str, term: str | None = None) -> float:
        """Amount of a party, of one term or of all, currency per year."""
        return sum(
            value
            for (who, what), value in self.amounts.items()
            if who == party and term in (None, what)
        )


def headline(
    scene: Scene, ledgers: pd.DataFrame, reach_ratios: Mapping[str, float]
) -> dict[str, float]:
    """Figures of the first page; see the module's own text for each name."""
    freight = _Sums(ledgers[ledgers["regime"] == "freight"])
    commuting = ledgers.loc[ledgers["regime"] == "commuting", "amount_per_year"]
    return {
        **_people(scene),
        **_family(scene, freight),
        **_job(scene, freight),
        **_together(scene, freight),
        "commuting_net_benefit_per_year": float(commuting.sum()),
        **{f"reach_ratio_{name}": ratio for name, ratio in reach_ratios.items()},
    }


def _people(scene: Scene) -> dict[str, float]:
    reached = [workshop for workshop in scene.freight.workshops if scene.can_commute(workshop)]
    return {
        "jobs_brought_home": float(scene.freight.workers),
        "commuters_brought_home": float(_count(scene, "commuter")),
        "unemployed_employed": float(_count(scene, "unemployed")),
        "inactive_employed": float(_count(scene, "inactive")),
        "commuting_feasible_workers": float(sum(workshop.workers for workshop in reached)),
        **_own_town_shares(scene),
    }


def _own_town_shares(scene: Scene) -> dict[str, float]:
    """The commuters come home; the others add to those who work."""
    towns = list(dict.fromkeys(workshop.town_id for workshop in scene.freight.workshops))
    at = scene.flows.positions(towns)
    working = float(scene.flows.workers[at].sum())
    staying = float(scene.flows.persons.diagonal()[at].sum())
    new = scene.freight.workers - _count(scene, "commuter")
    return {
        "works_in_own_town_today_share": _per(staying, working),
        "works_in_own_town_planned_share": _per(staying + scene.freight.workers, working + new),
    }


def _family(scene: Scene, freight: _Sums) -> dict[str, float]:
    commuters = _count(scene, "commuter")
    fares = _per(freight.of("household", "fares saved"), commuters)
    time_value = _per(freight.of("household", "time on the road saved"), commuters)
    minutes = sum(
        scene.today(workshop.town_id, group).min_per_day * group.workers
        for workshop, group in scene.groups()
        if group.kind == "commuter"
    )
    return {
        "family_saving_per_year": fares + time_value,
        "fares_saved_per_commuter_year": fares,
        "time_value_saved_per_commuter_year": time_value,
        "hours_saved_per_commuter_year": _per(
            minutes / MIN_PER_H * scene.prices.days_per_year, commuters
        ),
        "household_gain_per_worker_year": _per(freight.of("household"), scene.freight.workers),
    }


def _job(scene: Scene, freight: _Sums) -> dict[str, float]:
    jobs = scene.freight.workers
    parts = {
        "freight_per_job_year": ("freight",),
        "supervision_per_job_year": ("supervision",),
        "premises_per_job_year": ("renovation, yearly share", "rent of premises"),
        "training_per_job_year": ("training, yearly share",),
        "opening_per_job_year": ("opening of bases, yearly share",),
    }
    yearly = {
        name: _per(0.0 - sum(freight.of("enterprise", term) for term in terms), jobs)
        for name, terms in parts.items()
    }
    once = sum(
        amount(scene.facility(workshop)["renovation_cost"]) for workshop in scene.freight.workshops
    ) + sum(amount(scene.enterprises[base]["opening_cost"]) for base in scene.freight.bases)
    return {
        "cost_per_job_once": _per(once, jobs),
        "cost_per_job_year": sum(yearly.values()),
        **yearly,
        "enterprise_gain_per_job_year": _per(freight.of("enterprise"), jobs),
    }


def _together(scene: Scene, freight: _Sums) -> dict[str, float]:
    tax = ("income tax of workshop wages", "income tax of present wages")
    return {
        "tax_kept_in_towns_per_year": sum(freight.of("town", term) for term in tax),
        "rent_to_towns_per_year": freight.of("town", "rent of premises"),
        "net_benefit_per_year": float(scene.freight.value),
        "freight_cost_per_year": 0.0 - freight.of("enterprise", "freight"),
        "towns_tied_beyond_their_area": float(_tied_beyond_their_area(scene)),
    }


def _tied_beyond_their_area(scene: Scene) -> int:
    ties = {(shop.town_id, scene.town_of(shop.base_id)) for shop in scene.freight.workshops}
    area_of = scene.areas.area_of
    return len(
        {
            town
            for town, base_town in ties
            if area_of.get(town) is None or area_of.get(town) != area_of.get(base_town)
        }
    )


def _count(scene: Scene, kind: WorkerKind) -> int:
    return sum(group.workers for _, group in scene.groups() if group.kind == kind)


def _per(total: float, count: float) -> float:
    """A mean; of nobody there is none."""
    return total / count if count else float("nan")
