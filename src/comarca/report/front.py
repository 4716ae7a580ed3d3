"""The first page in words: the answer in five sentences and the figures a mayor asks for."""

from __future__ import annotations

from dataclasses import dataclass

from comarca.model.freight_plan import NET_BENEFIT
from comarca.model.partition import Area
from comarca.model.plan import Plan
from comarca.report import figures, totals, words
from comarca.report.contents import Contents
from comarca.report.figures import Figure
from comarca.report.palette import PARTIES

NO_WORKSHOP = {
    "empty": "No workshop was found that pays at these prices, so the plan opens none.",
    "infeasible": "No plan meets every requirement; the reasons stand below.",
    "out of time": "The search ended before a plan was found that meets what is asked.",
}

BETTER = {"benefit": "is worth more", "cost": "costs less", "jobs": "has more jobs"}
"""What a better plan would do, by the objective."""

UNPROVEN = "How much better a plan could be is not known: the search ended before it had a bound."


@dataclass(frozen=True, eq=False)
class Front:
    """
    The first page.

    Parameters
    ----------
    contents
        The plan's tables and names.
    """

    contents: Contents

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.contents.plan

    @property
    def title(self) -> str:
        """Title of the report."""
        return f"{self.plan.region.name}: work brought to small towns"

    @property
    def date(self) -> str:
        """Day of the run, as the manifest tells it."""
        return self.plan.manifest.created[:10]

    @property
    def rests_on_assumed(self) -> bool:
        """Whether any amount rests on a number without a source."""
        return figures.rests_on_assumed(self.plan)

    def sentences(self) -> tuple[str, ...]:
        """The answer in five sentences."""
        if not self.plan.freight.workshops:
            return (self._today(), self.nothing(), self._bound(), self._reach(), self._assumed())
        beside = f"{self._by_commuting()} {self._reach()}"
        return (self._today(), self._instead(), self._worth(), beside, self._assumed())

    def _today(self) -> str:
        plan = self.plan
        people = float(plan.region.towns["population"].sum())
        counted = "Counted" if plan.flows.is_observed else "Estimated"
        text = (
            f"{plan.region.name} has {words.plural(plan.region.n_towns, 'town')} with "
            f"{words.whole(people)} people. {counted} commuting ties them into "
            f"{words.plural(len(plan.areas.areas), 'area')}"
        )
        heads = [area.name for area in self._largest_areas()]
        return f"{text}, the largest around {words.listed(heads[:3])}." if heads else f"{text}."

    def _largest_areas(self) -> list[Area]:
        people = self.plan.region.towns["population"].astype(float)
        areas = self.plan.areas
        return sorted(
            areas.areas,
            key=lambda area: (
                -float(people.loc[list(areas.members(area.area_id))].sum()),
                area.area_id,
            ),
        )

    def _instead(self) -> str:
        freight = self.plan.freight
        bases = [self.contents.names.base(base) for base in freight.bases]
        return (
            f"Instead of people travelling to work, work can travel to people: "
            f"{words.plural(len(freight.workshops), 'workshop')} in "
            f"{words.plural(len(self.contents.workshops_of), 'town')} would employ "
            f"{words.plural(freight.workers, 'person', 'people')}, supplied by "
            f"{words.plural(len(freight.routes), 'truck')} from {words.listed(bases)}."
        )

    def nothing(self) -> str:
        """Why the plan opens no workshop."""
        status = self.plan.freight.status
        return NO_WORKSHOP.get(status, f"No workshop is planned ({status}).")

    def _worth(self) -> str:
        """What the plan is worth, to whom, and how near the best it is."""
        worth = words.money(self.plan.freight.value, self.contents.currency)
        told = f"All gains and losses together, this is worth {worth} a year{self._shares()}."
        return f"{told} {self._losers()}{self._sought()}{self._proof()}"

    def _sought(self) -> str:
        """What the plan was made for and what it costs, where that is not net benefit alone."""
        freight = self.plan.freight
        if freight.goal == NET_BENEFIT:
            return ""
        cost = words.money(freight.cost_per_year, self.contents.currency)
        goal = freight.goal.told(lambda amount: words.money(amount, self.contents.currency))
        return f"It was made for the {goal}, and costs the enterprises {cost} a year. "

    def _changes(self) -> dict[str, float]:
        """Change of each party's year under the plan, by the party's name in the report."""
        sums = totals.by_party(self.contents)
        return {name: sums.get((party, "freight"), 0.0) for party, name in PARTIES.items()}

    def _shares(self) -> str:
        gains = [
            f"{words.money(amount, self.contents.currency)} to {party.lower()}"
            for party, amount in self._changes().items()
            if amount > 0
        ]
        return f": {words.listed(gains)}" if gains else ""

    def _losers(self) -> str:
        """Who could hardly agree to the plan, with a space behind; empty when nobody loses."""
        losses = [
            f"{party.lower()} {words.money(-amount, self.contents.currency)}"
            for party, amount in self._changes().items()
            if amount < 0
        ]
        if not losses:
            return ""
        return (
            f"But there are losses: {words.listed(losses)} a year; whoever loses will hardly agree "
            "unless the others make it good. "
        )

    def _proof(self) -> str:
        freight = self.plan.freight
        what = BETTER[freight.goal.objective]
        such = "" if freight.goal == NET_BENEFIT else " that meets this"
        if not freight.has_bound:
            return UNPROVEN
        if figures.is_best(freight):
            return f"It is proven that no plan{such} under the same assumptions {what}."
        return (
            f"It is proven that no plan{such} under the same assumptions {what} than "
            f"{self._amount(freight.bound)}, so at most {self._amount(freight.left)} "
            f"({words.share(freight.gap)}) is left to find."
        )

    @staticmethod
    def _jobs(count: float) -> str:
        return words.plural(count, "job")

    def _amount(self, amount: float) -> str:
        """In the unit of the objective."""
        if self.plan.freight.goal.objective == "jobs":
            return words.whole(amount)
        return words.money(amount, self.contents.currency)

    def _by_commuting(self) -> str:
        """What the same jobs would be worth at the bases, for those who can get there."""
        told = figures.headline(self.plan, "commuting_feasible_workers")
        worth = figures.headline(self.plan, "commuting_net_benefit_per_year")
        limit = self.plan.manifest.parameters.get("compare", {}).get("daily_limit_min")
        if told is None or worth is None:
            return ""
        within = f"within {words.rounded(float(limit))} minutes" if limit else "in a day’s commute"
        if told == 0:
            return f"None of these people could reach the same jobs at the bases {within}."
        return (
            f"Were the same jobs at the bases, {words.whole(told)} of these people could reach "
            f"them {within}{self._mode()}, and that would be worth "
            f"{words.money(worth, self.contents.currency)} a year."
        )

    def _mode(self) -> str:
        mode = self.plan.manifest.parameters.get("study", {}).get("commuter_mode")
        return f" by {mode}" if mode else ""

    def _bound(self) -> str:
        freight, currency = self.plan.freight, self.contents.currency
        if freight.status == "infeasible":
            if freight.most_jobs is not None:
                return f"It is proven that no plan has more than {self._jobs(freight.most_jobs)}."
            return "Nothing is claimed about what a plan could be worth."
        if not freight.has_bound:
            return UNPROVEN
        if freight.goal != NET_BENEFIT:
            what = BETTER[freight.goal.objective]
            return f"It is proven that no plan {what} than {self._amount(freight.bound)}."
        most = words.money(freight.bound, currency)
        if freight.bound > 0:
            return f"It is not proven that none could: a plan might be worth up to {most} a year."
        return "It is proven that no plan under these assumptions is worth anything."

    def _reach(self) -> str:
        ratio = self.plan.comparison.headline.get("reach_ratio_people")
        if words.is_missing(ratio) or ratio is None:
            return "How far trucks reach beyond commuters could not be measured here."
        commuting = f"daily commuting{self._mode()} does"
        if abs(ratio - 1) < 0.005:
            return f"Light trucks reach as many people from the bases as {commuting}."
        return (
            f"Within a driver’s shift, light trucks reach {words.rounded(ratio)} times as many "
            f"people from the bases as {commuting}."
        )

    def _assumed(self) -> str:
        count = sum(used.is_assumed for used in self.plan.assumed)
        if not count:
            return "Every number behind this was given or has a source."
        mark = f"marked {words.DAGGER} and listed at the end"
        return (
            f"{words.whole(count)} numbers behind this answer are assumed, {mark}: replace them "
            "with your own before you decide."
        )

    def figures(self) -> tuple[Figure, ...]:
        """The figures a mayor asks for."""
        return figures.asked(self.plan, len(self.contents.workshops_of))

    def worth(self) -> tuple[Figure, ...]:
        """Value, bound and what is left between them."""
        return figures.worth(self.plan)

    def assumed_short(self) -> str:
        """What was assumed, in a sentence."""
        groups: dict[tuple[str, int], list[str]] = {}
        for table, ids in self.plan.completion.assumed_rows.items():
            what, noun = ROWS.get(table, (words.readable(table).lower(), "town"))
            groups.setdefault((noun, len(ids)), []).append(what)
        told = [
            f"{words.listed(names)} of {words.plural(count, noun)}"
            for (noun, count), names in groups.items()
        ]
        others = sum(used.is_assumed for used in self.plan.assumed)
        prices = f"{words.whole(others)} numbers such as prices, speeds and shares are assumed"
        if not told:
            return f"Every table was given; {prices}." if others else "Nothing is assumed."
        return f"Nobody gave {'; '.join(told)}. To fill these in, {prices}."


ROWS = {
    "labour_force": ("the labour force", "town"),
    "unemployed": ("the unemployed", "town"),
    "labour": ("skills", "town"),
    "jobs": ("jobs", "town"),
    "enterprises": ("the enterprises", "base"),
    "processes": ("the work", "process"),
    "vehicles": ("the light truck", "kind"),
    "facilities": ("premises", "town"),
}
"""What an assumed table tells, and of what."""
