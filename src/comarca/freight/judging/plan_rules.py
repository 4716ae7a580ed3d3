"""Rules of the plan as a whole: what it names, its ties, its goal and its money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from comarca.freight.judging.lookups import ABSOLUTE, RELATIVE, exceeds, is_given
from comarca.freight.judging.violations import Violation
from comarca.freight.judging.workshop_rules import WorkshopRules
from comarca.model.freight_plan import Workshop
from comarca.model.prices import training_year, value_added_per_h, worker_year, workshop_year

_COST = frozenset(
    (
        "freight, distance",
        "freight, hours on duty",
        "freight, trucks",
        "supervision",
        "renovation, yearly share",
        "rent of premises",
        "training, yearly share",
        "opening of bases, yearly share",
    )
)


class PlanRules(WorkshopRules):
    """One method a rule; each yields what breaks it."""

    def known_objects(self) -> Iterator[Violation]:
        """Whatever the plan names exists."""
        kinds = (
            ("facility", self.facilities, [w.facility_id for w in self.plan.workshops]),
            ("process", self.processes, [w.process_id for w in self.plan.workshops]),
            ("base", self.enterprises, [w.base_id for w in self.plan.workshops]),
            ("base", self.enterprises, [route.base_id for route in self.plan.routes]),
            ("vehicle", self.vehicles, [route.vehicle_id for route in self.plan.routes]),
            ("workshop", self.workshops, [stop.facility_id for stop in self._stops()]),
            ("group of workers", self.pools, [key for key, _ in self._hired()]),
            ("programme", self.courses, [g.programme_id for _, g in self._learners()]),
        )
        for kind, known, named in kinds:
            for name in dict.fromkeys(named):
                if name not in known:
                    yield Violation(
                        rule="known objects", where=kind, found=str(name), allowed="one that exists"
                    )

    def ties(self) -> Iterator[Violation]:
        """Towns of workshops lie in the area of their base's town, and no other town in any."""
        partition = self.plan.partition
        homes = {self._home(workshop.base_id) for workshop in self.plan.workshops}
        expected: dict[str, str | None] = dict.fromkeys(self.region.town_ids)
        expected |= {home: home for home in homes}
        for workshop in self.plan.workshops:
            expected.setdefault(self._town(workshop), None)
            if self._town(workshop) not in homes:
                expected[self._town(workshop)] = self._home(workshop.base_id)
        heads = {area.area_id: area.head_town_id for area in partition.areas}
        several = {violation.where for violation in self.one_base_a_town()}
        for town, home in expected.items():
            area = partition.area_of.get(town)
            said = heads.get(area) if area is not None else None
            if said != home and town not in several:
                yield Violation(rule="ties", where=town, found=str(said), allowed=str(home))

    def bases_named(self) -> Iterator[Violation]:
        """The plan lists the bases whose work it sends out, each once."""
        used = {workshop.base_id for workshop in self.plan.workshops}
        if set(self.plan.bases) != used or len(self.plan.bases) != len(used):
            yield Violation(
                rule="bases named",
                where="plan",
                found=", ".join(self.plan.bases),
                allowed=", ".join(sorted(used)),
            )

    def goal(self, terms: Mapping[str, float]) -> Iterator[Violation]:
        """The goal is the one asked for, and a plan that opens workshops keeps its limits."""
        goal, asked = self.plan.goal, self.params
        stated = (goal.objective, goal.jobs_required, goal.budget_per_year)
        expected = (asked.objective, asked.jobs_required, asked.budget_per_year)
        if stated != expected:
            yield Violation(rule="goal", where="plan", found=str(stated), allowed=str(expected))
        if self._admits_failure():
            return
        jobs = sum(workshop.workers for workshop in self.plan.workshops)
        if jobs < asked.jobs_required:
            yield Violation(
                rule="jobs required",
                where="plan",
                found=f"{jobs} jobs",
                allowed=f"{asked.jobs_required} or more",
            )
        budget, cost = asked.budget_per_year, self._cost(terms)
        if budget is not None and exceeds(cost, budget):
            yield Violation(
                rule="budget", where="plan", found=f"{cost:.2f} a year", allowed=f"{budget:.2f}"
            )

    def _admits_failure(self) -> bool:
        """Whether the plan opens nothing and says that what was asked for was not found."""
        return self.plan.status in ("infeasible", "out of time") and not self.plan.workshops

    def _cost(self, terms: Mapping[str, float]) -> float:
        """What the enterprise pays a year beyond wages."""
        return 0.0 - sum(
            amount
            for name, amount in terms.items()
            if name.startswith("enterprise: ") and name.removeprefix("enterprise: ") in _COST
        )

    def _is_beaten(self, terms: Mapping[str, float], scale: float) -> tuple[float, bool]:
        """What the plan is by its objective, and whether it is better than its bound."""
        bound = self.plan.bound
        if self.plan.goal.objective == "cost":
            cost = self._cost(terms)
            return cost, cost < bound - scale and not self._admits_failure()
        if self.plan.goal.objective == "jobs":
            jobs = float(sum(workshop.workers for workshop in self.plan.workshops))
            return jobs, jobs > bound
        return self.plan.value, self.plan.value > bound + scale

    def terms(self) -> dict[str, float]:
        """Every term of money, from the tables."""
        sums: dict[str, float] = defaultdict(float)
        for workshop in self.plan.workshops:
            for name, amount in self._workshop_terms(workshop):
                sums[name] += amount
        for route in self.plan.routes:
            for name, amount in self._route_costs(route).items():
                driven = self.prices.days_per_year / max(route.every_days, 1)
                sums[f"enterprise: freight, {name}"] -= driven * amount
        for base in dict.fromkeys(workshop.base_id for workshop in self.plan.workshops):
            cost = self.enterprises[base]["opening_cost"]
            if is_given(cost) and cost:
                yearly = self.prices.annualised(float(cost))
                sums["enterprise: opening of bases, yearly share"] -= yearly
        return dict(sums)

    def money(self, terms: Mapping[str, float]) -> Iterator[Violation]:
        """Stated terms, value and bound against the recomputed ones."""
        scale = ABSOLUTE + RELATIVE * sum(abs(amount) for amount in terms.values())
        for name in sorted(set(terms) | set(self.plan.terms)):
            said, found = self.plan.terms.get(name, 0.0), terms.get(name, 0.0)
            if abs(said - found) > scale:
                yield Violation(
                    rule="terms", where=name, found=f"{said:.2f}", allowed=f"{found:.2f}"
                )
        value = sum(terms.values())
        stated = sum(self.plan.terms.values())
        if abs(self.plan.value - stated) > scale:
            yield Violation(
                rule="value", where="plan", found=f"{self.plan.value:.2f}", allowed=f"{value:.2f}"
            )
        reached, is_beaten = self._is_beaten(terms, scale)
        if is_beaten:
            yield Violation(
                rule="bound",
                where="plan",
                found=f"{self.plan.bound:.2f}",
                allowed=f"{reached:.2f} or better",
            )

    def _workshop_terms(self, workshop: Workshop) -> Iterator[tuple[str, float]]:
        process = self.processes[workshop.process_id]
        place = self.facilities[workshop.facility_id]
        wage = float(process["wage_per_h"])
        given = process["value_per_t"]
        value = value_added_per_h(
            self.prices,
            wage_per_h=wage,
            labour_h_per_t=float(process["labour_h_per_t"]),
            value_per_t=float(given) if is_given(given) else None,
        )
        for group in workshop.groups:
            pool = self.pools[self._town(workshop), group.skill, group.kind]
            ledger = worker_year(
                self.prices,
                kind=group.kind,
                wage_per_h=wage,
                value_added_per_h=value,
                present_wage_per_h=float(pool["present_wage_per_h"]),
                saved_km_per_day=float(pool["saved_km_per_day"]),
                saved_min_per_day=float(pool["saved_min_per_day"]),
            )
            for (party, term), amount in ledger.items():
                yield f"{party}: {term}", group.workers * amount
            if group.programme_id is not None:
                course = self.courses[group.programme_id]
                lessons = training_year(
                    self.prices,
                    cost_per_learner=float(course["cost_per_learner"]),
                    hours=float(course["hours"]),
                    present_wage_per_h=float(pool["present_wage_per_h"]),
                )
                for (party, term), amount in lessons.items():
                    yield f"{party}: {term}", group.workers * amount
        wages = workshop.workers * self.prices.hours_per_day * self.prices.days_per_year * wage
        ledger = workshop_year(
            self.prices,
            wages_per_year=wages,
            renovation_cost=float(place["renovation_cost"]),
            annual_rent=float(place["annual_rent"]) if is_given(place["annual_rent"]) else 0.0,
        )
        for (party, term), amount in ledger.items():
            yield f"{party}: {term}", amount
