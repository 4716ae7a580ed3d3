"""The figures a mayor asks for, and what the plan is worth, each with what it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comarca.model.freight_plan import NET_BENEFIT, FreightPlan
from comarca.model.plan import Plan
from comarca.report import words

JOBS = "Jobs brought home"
"""Label of the first figure, the only one that is not money."""
_CENTS = 100.0  # currency units below which an amount alone is told with cents
_BEST = 1e-6  # of the bound: what is left below this is rounding


@dataclass(frozen=True)
class Figure:
    """One number of the first page: what it is, how it is told, what it exactly is."""

    label: str
    text: str
    value: float | None
    note: str
    is_assumed: bool = False


def rests_on_assumed(plan: Plan) -> bool:
    """Whether any amount rests on a number without a source."""
    return any(used.is_assumed for used in plan.assumed)


def is_best(freight: FreightPlan) -> bool:
    """Whether the bound leaves nothing to find but rounding."""
    if freight.status == "infeasible" or not freight.has_bound:
        return False
    return freight.left <= _BEST * abs(freight.bound)


def headline(plan: Plan, key: str) -> float | None:
    """A figure of the comparison's headline, ``None`` where nobody could compute it."""
    value = plan.comparison.headline.get(key)
    return None if value is None or words.is_missing(float(value)) else float(value)


def asked(plan: Plan, n_towns: int) -> tuple[Figure, ...]:
    """
    The figures of the first page.

    Parameters
    ----------
    plan
        Whose figures are told.
    n_towns
        Towns with a workshop.
    """
    jobs = float(plan.freight.workers)
    towns = words.plural(n_towns, "town")
    counts = [
        (count, told)
        for key, told in WHO
        if (count := headline(plan, key)) is not None and count > 0
    ]
    now = [f"{words.whole(count)} {told}" for count, told in counts]
    if counts:
        first, told = counts[0]
        now[0] = f"{words.plural(first, 'person', 'people')} {told}"
    note = f"in {towns}: {', '.join(now)}" if now else f"in {towns}"
    brought = Figure(JOBS, words.whole(jobs), jobs, note, rests_on_assumed(plan))
    return (brought, *(_asked(plan, *entry) for entry in ASKED))


def _asked(plan: Plan, label: str, key: str, note: str) -> Figure:
    value = headline(plan, key)
    if value is None:
        return Figure(label, "–", None, NOBODY.get(key, "there is nothing to tell without jobs"))
    told = {name: _part(plan, name, value) for name in re.findall(r"{(\w+_year)}", note)}
    opening = headline(plan, "opening_per_job_year")
    training = headline(plan, "training_per_job_year")
    told["training"] = (
        f", training {_part(plan, 'training_per_job_year', value)}" if training else ""
    )
    told["bases"] = (
        f", opening of bases {_part(plan, 'opening_per_job_year', value)}" if opening else ""
    )
    text = words.money(value, plan.region.currency)
    return Figure(label, text, value, note.format(**told), rests_on_assumed(plan))


def _part(plan: Plan, name: str, whole: float) -> str:
    """An amount told beside the whole; without cents where that has none."""
    value = headline(plan, name)
    if value is None:
        return "–"
    if abs(value) < _CENTS <= abs(whole) and "hours" not in name:
        sign = words.MINUS if round(value) < 0 else ""
        return f"{sign}{plan.region.currency}{words.NBSP}{abs(round(value))}"
    return words.whole(value) if "hours" in name else words.money(value, plan.region.currency)


def unit_of(name: str, currency: str) -> str:
    """Unit of a figure of the comparison's headline, by its name."""
    if name.startswith("reach_ratio"):
        return "times, freight over commuting"
    if name.endswith("_share"):
        return "share"
    if name.startswith("hours"):
        return "h/year for each commuter brought home"
    if name.startswith("towns"):
        return "towns"
    if not name.endswith(("_year", "_once")):
        return "persons"
    each = "for each commuter brought home" if name in PER_COMMUTER else "for each job"
    whole = name.endswith("_per_year") and name not in PER_COMMUTER
    over = currency if name.endswith("_once") else f"{currency}/year"
    return over if whole else f"{over} {each}"


def worth(plan: Plan) -> tuple[Figure, ...]:
    """Value, bound and what is left between them."""
    freight, currency = plan.freight, plan.region.currency
    mark = rests_on_assumed(plan)

    def figure(label: str, amount: float, note: str) -> Figure:
        return Figure(label, words.money(amount, currency), amount, note, mark)

    value = figure("Worth a year", freight.value, "all parties together")
    if freight.goal != NET_BENEFIT:
        value = figure("Cost a year", freight.cost_per_year, OUTLAY)
    if freight.status == "infeasible":
        return (value,)
    if not freight.has_bound:
        return (value, Figure(BOUNDS[freight.goal.objective], "–", None, UNPROVEN))
    proven = "proven, under the same assumptions"
    if freight.goal.objective == "jobs":
        told = f"{words.whole(freight.workers)} are found; {STATUSES[freight.status]}"
        most = Figure(BOUNDS["jobs"], words.whole(freight.bound), freight.bound, proven, mark)
        left = Figure("Left to find at most", words.whole(freight.left), freight.left, told, mark)
        return (value, most, left)
    if freight.misses_its_goal:
        return (value, figure(BOUNDS[freight.goal.objective], freight.bound, proven))
    best = is_best(freight)
    left_over = 0.0 if best else freight.left
    told = f"{words.share(freight.gap)} of the bound; {STATUSES[freight.status]}"
    return (
        value,
        figure(BOUNDS[freight.goal.objective], freight.bound, proven),
        figure("Left to find at most", left_over, "this plan is proven the best" if best else told),
    )


def bound_row(plan: Plan, marked: Callable[[float], Any]) -> tuple[str, Any, str]:
    """Label, amount and unit of the bound."""
    freight = plan.freight
    if freight.status == "infeasible":
        within = "" if freight.goal.budget_per_year is None else " within the budget"
        return f"No plan{within} has more jobs than", freight.most_jobs, "jobs"
    unit = "jobs" if freight.goal.objective == "jobs" else f"{plan.region.currency}/year"
    if not freight.has_bound:
        return BOUNDS[freight.goal.objective], None, f"{unit}: {UNPROVEN}"
    return BOUNDS[freight.goal.objective], marked(freight.bound), unit


PER_COMMUTER = frozenset(
    (
        "family_saving_per_year",
        "fares_saved_per_commuter_year",
        "time_value_saved_per_commuter_year",
    )
)
"""Names of the headline that are means over commuters brought home."""

UNPROVEN = "nothing is proven: the search ended before it had a bound"

BOUNDS = {
    "benefit": "No plan is worth more than",
    "cost": "No plan costs less than",
    "jobs": "No plan has more jobs than",
}
"""What the bound claims, by the objective."""

OUTLAY = (
    "the enterprise, beside wages: freight, supervision, premises, training and opening of bases, "
    "with the yearly share of what they cost once"
)
"""What the cost of a plan is."""

STATUSES = {
    "optimal": "proven the best",
    "feasible": "a good plan, not proven the best",
    "empty": "no workshop was found that pays",
    "infeasible": "not every requirement can be met",
    "out of time": "the time set ran out",
}
"""What the end of the search means."""

WHO: tuple[tuple[str, str], ...] = (
    ("unemployed_employed", "now without work"),
    ("commuters_brought_home", "now commuting"),
    ("inactive_employed", "now not seeking work"),
)
"""Names of the headline that say who takes the jobs."""

NOBODY = {"family_saving_per_year": "no commuter takes a workshop job in this plan"}
"""Why a figure may be missing although there are jobs."""

ASKED: tuple[tuple[str, str, str], ...] = (
    (
        "A commuter’s family saves a year",
        "family_saving_per_year",
        "on the way to work: fares {fares_saved_per_commuter_year}, and "
        "{hours_saved_per_commuter_year} hours on the road worth "
        "{time_value_saved_per_commuter_year}; the change of wage is not in it",
    ),
    (
        "A worker’s family gains a year",
        "household_gain_per_worker_year",
        "mean over all workers against today: wages after tax, the way to work, own time given up",
    ),
    (
        "A job costs, once",
        "cost_per_job_once",
        "the enterprise: premises made fit, bases set up",
    ),
    (
        "A job costs, each year",
        "cost_per_job_year",
        "the enterprise, beside wages: freight {freight_per_job_year}, supervision "
        "{supervision_per_job_year}, premises {premises_per_job_year}{training}{bases}, with the "
        "yearly share of what it costs once; {enterprise_gain_per_job_year} is left to it",
    ),
    (
        "Tax kept in the towns a year",
        "tax_kept_in_towns_per_year",
        "change of income tax against today in the budgets of the workers’ own towns; rent of "
        "premises adds {rent_to_towns_per_year}",
    ),
)
"""Label, name in the comparison's headline, and what it means; names in braces are told within."""
