"""The first page in words: the answer in five sentences and the figures a mayor asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from comarca.model.partition import Area
from comarca.model.plan import Plan
from comarca.report import words
from comarca.report.contents import Contents

NO_WORKSHOP = {
    "empty": "No workshop was found that pays at these prices, so the plan opens none.",
    "infeasible": "No plan meets every requirement; the reasons stand below.",
    "out of time": "The time set ran out before a workshop was found that pays.",
}


@dataclass(frozen=True)
class Figure:
    """One number of the first page: what it is, how it is told, what it exactly is."""

    label: str
    text: str
    value: float | None
    note: str
    is_assumed: bool = False


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
        return any(used.is_assumed for used in self.plan.assumed)

    def sentences(self) -> tuple[str, ...]:
        """The answer in five sentences."""
        if not self.plan.freight.workshops:
            return (self._today(), self.nothing(), self._bound(), self._reach(), self._assumed())
        return (self._today(), self._instead(), self._worth(), self._reach(), self._assumed())

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
        return f"All gains and losses together, this is worth {self._money()}."

    def _money(self) -> str:
        freight, currency = self.plan.freight, self.contents.currency
        short = freight.bound - freight.value
        return (
            f"{words.money(freight.value, currency)} a year; it is proven that no plan under the "
            f"same assumptions is worth more than {words.money(freight.bound, currency)}, so at "
            f"most {words.money(short, currency)} ({words.share(freight.gap)}) is left to find"
        )

    def _bound(self) -> str:
        freight, currency = self.plan.freight, self.contents.currency
        if freight.status == "infeasible":
            return "Nothing is claimed about what a plan could be worth."
        most = words.money(freight.bound, currency)
        if freight.bound > 0:
            return f"It is not proven that none could: a plan might be worth up to {most} a year."
        return "It is proven that no plan under these assumptions is worth anything."

    def _reach(self) -> str:
        ratio = self.plan.comparison.headline.get("reach_ratio_people")
        if words.is_missing(ratio) or ratio is None:
            return "How far trucks reach beyond commuters could not be measured here."
        if abs(ratio - 1) < 0.005:
            return "Light trucks reach as many people from the bases as daily commuting does."
        return (
            f"Light trucks reach {words.rounded(ratio)} times as many people from the bases as "
            "daily commuting does."
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
        jobs = float(self.plan.freight.workers)
        towns = words.plural(len(self.contents.workshops_of), "town")
        now = "; ".join(
            f"{words.whole(count)} {told}"
            for key, told in WHO
            if (count := self._headline(key)) is not None and count > 0
        )
        note = f"in {towns}: {now}" if now else f"in {towns}"
        brought = Figure("Jobs brought home", words.whole(jobs), jobs, note, self.rests_on_assumed)
        return (brought, *(self._asked(*asked) for asked in ASKED))

    def worth(self) -> tuple[Figure, ...]:
        """Value, bound and what is left between them."""
        freight, currency = self.plan.freight, self.contents.currency
        mark = self.rests_on_assumed

        def figure(label: str, amount: float, note: str) -> Figure:
            return Figure(label, words.money(amount, currency), amount, note, mark)

        value = figure("Worth a year", freight.value, "all parties together")
        if freight.status == "infeasible":
            return (value,)
        gap = f"a gap of {words.share(freight.gap)}; status: {freight.status}"
        return (
            value,
            figure(
                "No plan is worth more than", freight.bound, "proven, under the same assumptions"
            ),
            figure("Left to find at most", freight.bound - freight.value, gap),
        )

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

    def _headline(self, key: str) -> float | None:
        value = self.plan.comparison.headline.get(key)
        return None if value is None or words.is_missing(float(value)) else float(value)

    def _asked(self, label: str, key: str, note: str) -> Figure:
        value = self._headline(key)
        if value is None:
            return Figure(
                label, "–", None, NOBODY.get(key, "there is nothing to tell without jobs")
            )
        parts = {name: self._headline(name) for name in re.findall(r"{(\w+)}", note)}
        told = {name: self._part(name, part) for name, part in parts.items()}
        text = words.money(value, self.contents.currency)
        return Figure(label, text, value, note.format(**told), self.rests_on_assumed)

    def _part(self, name: str, value: float | None) -> str:
        if value is None:
            return "–"
        return words.whole(value) if "hours" in name else words.money(value, self.contents.currency)


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
        "fares {fares_saved_per_commuter_year}, and {hours_saved_per_commuter_year} hours on the "
        "road worth {time_value_saved_per_commuter_year}",
    ),
    (
        "A worker’s family gains a year",
        "household_gain_per_worker_year",
        "over all workers, own time given up counted",
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
        "{supervision_per_job_year}, premises {premises_per_job_year}; "
        "{enterprise_gain_per_job_year} is left to it",
    ),
    (
        "Tax kept in the towns a year",
        "tax_kept_in_towns_per_year",
        "income tax of the workers; rent of premises adds {rent_to_towns_per_year}",
    ),
)
"""Label, name in the comparison's headline, and what it means; names in braces are told within."""
