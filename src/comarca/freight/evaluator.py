"""
An independent judge of freight plans.

It recomputes every term of money and checks every rule from the region's own tables. It shares no
code with the solver: only the model's types and its prices.

Rules, by the name a violation bears
    ``known objects``, ``permitted base``, ``process of its base``, ``workers available``,
    ``workers' skill``, ``fewest workers``, ``floor``, ``tonnes of a workshop``,
    ``tonnes of a process``, ``base capacity``, ``one workshop a facility``, ``one base a town``,
    ``base's own town``, ``reach``, ``full load``, ``fewest visits``, ``days between visits``,
    ``days of a route``, ``served by its base``, ``payload``, ``volume``, ``loads as stated``,
    ``times``, ``distance``, ``shift``, ``driver's start``, ``opening hours``, ``fleet``,
    ``cost of a route``, ``training``, ``places on a course``, ``ties``, ``bases named``,
    ``goal``, ``jobs required``, ``budget``, ``terms``, ``value``, ``bound``
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from comarca.freight.judging.plan_rules import PlanRules
from comarca.freight.judging.round_rules import RoundRules
from comarca.freight.judging.violations import Violation
from comarca.freight.params import FreightParams
from comarca.model.freight_plan import FreightPlan
from comarca.model.labour import LabourPools
from comarca.model.matrices import TravelMatrix
from comarca.model.parameters import refuse_other_kinds
from comarca.model.prices import Prices
from comarca.model.region import Region

__all__ = ["Evaluation", "Violation", "evaluate_plan"]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """
    What a plan is worth, and which rules it breaks.

    Parameters
    ----------
    terms
        Currency a year by ``"party: term"``, recomputed.
    value
        Their sum.
    violations
        In the order of the rules; empty for a plan that keeps them all.
    """

    terms: Mapping[str, float]
    value: float
    violations: tuple[Violation, ...]

    @property
    def is_sound(self) -> bool:
        """Whether no rule is broken."""
        return not self.violations

    def summary(self) -> str:
        """Say in a few lines what was found."""
        if self.is_sound:
            return f"no rule broken; net benefit {self.value:,.0f} a year"
        lines = "\n".join(f"  {violation}" for violation in self.violations)
        return f"{len(self.violations)} rule(s) broken\n{lines}"


def evaluate_plan(
    region: Region,
    pools: LabourPools,
    travel: TravelMatrix,
    prices: Prices,
    params: FreightParams,
    plan: FreightPlan,
) -> Evaluation:
    """
    Judge a plan against the inputs it was made from.

    Parameters
    ----------
    region, pools, travel, prices, params
        As they were given to ``design_freight``.
    plan
        The plan to judge; it is not trusted in anything.

    Returns
    -------
    Evaluation
        A plan that names an unknown object is judged no further; its value is then ``nan``.

    Raises
    ------
    ParameterError
        When the region lacks a table, or an argument is of another class.
    """
    refuse_other_kinds(
        region=(region, Region, False),
        pools=(pools, LabourPools, False),
        travel=(travel, TravelMatrix, False),
        prices=(prices, Prices, False),
        params=(params, FreightParams, False),
        plan=(plan, FreightPlan, False),
    )
    judge = _Judge(region, pools, travel, prices, params, plan)
    unknown = tuple(judge.known_objects())
    if unknown:
        return Evaluation(terms={}, value=float("nan"), violations=unknown)
    terms = judge.terms()
    found = [violation for rule in judge.rules() for violation in rule]
    found += [*judge.goal(terms), *judge.money(terms)]
    return Evaluation(terms=terms, value=sum(terms.values()), violations=tuple(found))


class _Judge(PlanRules, RoundRules):
    """All rules in their order."""

    def rules(self) -> Iterator[Iterator[Violation]]:
        yield self.permitted_base()
        yield self.process_of_its_base()
        yield self.workers_available()
        yield self.workers_skill()
        yield self.fewest_workers()
        yield self.floor()
        yield self.tonnes_of_a_workshop()
        yield self.tonnes_of_a_process()
        yield self.base_capacity()
        yield self.one_workshop_a_facility()
        yield self.one_base_a_town()
        yield self.bases_own_town()
        yield self.reach()
        yield self.full_load()
        yield self.fewest_visits()
        yield self.days_between_visits()
        yield self.days_of_a_route()
        yield self.served_by_its_base()
        yield self.payload_and_volume()
        yield self.loads_as_stated()
        yield self.times()
        yield self.distance()
        yield self.shift()
        yield self.drivers_start()
        yield self.opening_hours()
        yield self.fleet()
        yield self.cost_of_a_route()
        yield self.training()
        yield self.places_on_a_course()
        yield self.ties()
        yield self.bases_named()
