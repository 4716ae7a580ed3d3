"""How sure areas are, as sentences and tables for a reader, and how that was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from comarca.commuting import AreaStability, AreaSweep
from comarca.commuting.stability.area_stability import SURE, UNSURE
from comarca.commuting.stability.areas_again import CORE_JOBS_SHARE
from comarca.report import words
from comarca.report.sweep_charts import PARAMETER_WORDS
from comarca.report.tables import Column, Table


@dataclass(frozen=True, eq=False)
class StabilityTables:
    """
    What a reader is told of how sure areas are.

    Parameters
    ----------
    stability
        How sure membership is.
    sweep
        What parameters do to the areas; ``None`` where nobody asked.
    """

    stability: AreaStability
    sweep: AreaSweep | None = None

    def sentences(self) -> Iterator[str]:
        """Say what came out."""
        told = self.stability.headline()
        yield (
            f"{words.plural(told['areas'], 'labour market area')} as counted; "
            f"{_span(told['areas_low'], told['areas_high'])} in nine redrawings of ten."
        )
        yield (
            f"{words.whole(told['towns_sure'])} of {words.plural(told['towns'], 'town')} are in "
            f"the same area in {SURE * 100:.0f} % of the redrawings or more, "
            f"{words.whole(told['towns_unsure'])} in less than {UNSURE * 100:.0f} %."
        )
        yield from self._elsewhere(int(told["towns_rather_elsewhere"]))
        if self.sweep is not None and self.sweep.headline()["areas_most"]:
            yield from _swept(self.sweep)

    def _elsewhere(self, n_towns: int) -> Iterator[str]:
        """Towns that chance puts elsewhere more often than where they were counted."""
        if not n_towns:
            return
        towns = self.stability.towns()
        towns = towns[towns["alternative_share"] > towns["certainty"]]
        first = towns.sort_values("alternative_share", ascending=False, kind="stable").iloc[0]
        where = "no area" if first["area_name"] is None else f"the area of {first['area_name']}"
        yield (
            f"{words.plural(n_towns, 'town')} {'is' if n_towns == 1 else 'are'} more often in one "
            f"other area than in their own, {first['name']} most of all: counted in {where}, and "
            f"in {words.share(first['alternative_share'])} of the redrawings in that of "
            f"{first['alternative_name']}."
        )

    def cards(self) -> Iterator[tuple[str, str, str]]:
        """Label, figure and note of what a reader looks for first."""
        told = self.stability.headline()
        yield (
            "Towns that are sure",
            words.share(told["towns_sure"] / told["towns"]) if told["towns"] else "–",
            f"in the same area in {SURE * 100:.0f} % of the redrawings or more",
        )
        yield (
            "Working residents of those towns",
            _share(told["workers_sure_share"]),
            "of the working residents of all towns",
        )
        yield (
            "Areas",
            f"{told['areas_mean']:.1f}",
            f"mean of the redrawings; {words.whole(told['areas'])} as counted",
        )
        yield (
            "Work inside their own area",
            _share(told["self_containment"]),
            "of working residents as counted; "
            + _span(told["self_containment_low"], told["self_containment_high"], _share)
            + " in nine redrawings of ten",
        )

    def towns(self) -> Table:
        """Towns that are not sure, the least sure first."""
        towns = self.stability.towns()
        towns = towns[towns["certainty"] < SURE].sort_values("certainty", kind="stable")
        columns = (
            Column("Town"),
            Column("Code", "code"),
            Column("Area as counted"),
            Column("Certainty", "share"),
            Column("Other area"),
            Column("In that one", "share"),
            Column("In no area", "share"),
            Column("Mates kept", "share"),
        )
        rows = [
            (
                row["name"],
                row["town_id"],
                row["area_name"],
                row["certainty"],
                row["alternative_name"],
                row["alternative_share"] or None,
                row["share_without_area"] or None,
                row["mates_kept"],
            )
            for row in _records(towns)
        ]
        note = (
            f"Those below {SURE * 100:.0f} %. Mates kept: share of the working residents of the "
            "area’s other towns who are in one area with it, on average."
        )
        return Table("towns", "Towns that are not sure", columns, tuple(rows), note)

    def areas(self) -> Table:
        """Every area, the least sure first."""
        areas = self.stability.areas().sort_values("certainty", kind="stable")
        columns = (
            Column("Area"),
            Column("Code", "code"),
            Column("Towns", "count"),
            Column("Working residents", "count"),
            Column("Certainty", "share"),
            Column("Recurrence", "share"),
            Column("Persistence", "share"),
            Column("Core towns", "count"),
            Column("Core together", "share"),
        )
        rows = [
            (
                row["area_name"],
                row["area_id"],
                row["n_towns"],
                row["workers"],
                row["certainty"],
                row["recurrence"],
                row["persistence"],
                row["n_core"],
                row["core_together"],
            )
            for row in _records(areas)
        ]
        note = (
            "Recurrence: share of redrawings with an area of this head. Persistence: mean of the "
            "greatest Jaccard index with any area drawn. Core: the fewest towns that hold "
            f"{CORE_JOBS_SHARE * 100:.0f} % of its jobs."
        )
        return Table("areas", "Areas", columns, tuple(rows), note)

    def frontier(self) -> Table | None:
        """Parameter sets that give the most self-containment for their number of areas."""
        if self.sweep is None or self.sweep.frontier().empty:
            return None
        names = tuple(self.sweep.grid.values())
        columns = (
            Column("Areas", "count"),
            Column("Work inside", "share"),
            *(Column(words.readable(PARAMETER_WORDS[name]), "number") for name in names),
            Column("Towns alone", "share"),
            Column("Joined by link alone", "count"),
            Column("Below the rule", "count"),
        )
        rows = [
            (
                row["n_areas"],
                row["self_containment_supply"],
                *(row[name] for name in names),
                row["alone_share"],
                row["reserve_assigned"],
                row["below_rule"],
            )
            for row in _records(self.sweep.frontier())
        ]
        title = "The most self-containment for each number of areas"
        return Table("sweep", title, columns, tuple(rows), "One parameter set each.")

    def parameters(self) -> Table:
        """Parameters of the areas, and the ranges they were drawn from."""
        params, settings = self.stability.reference.params, self.stability.settings
        rows: list[tuple[str, str, str | None]] = [("Rule", params.variant, None)]
        for name, told in PARAMETER_WORDS.items():
            varies = "parameters" in settings.vary and hasattr(settings.ranges, name)
            ends = getattr(settings.ranges, name) if varies else None
            drawn = f"{ends[0]:g} to {ends[1]:g}" if ends else None
            rows.append((words.readable(told), f"{getattr(params, name):g}", drawn))
        columns = (Column("Parameter"), Column("As given"), Column("Drawn from"))
        return Table("parameters", "Parameters", columns, tuple(rows))

    def method(self) -> Iterator[str]:
        """Say how it was found, a paragraph each."""
        settings = self.stability.settings
        draws = words.plural(settings.draws, "time")
        yield (
            f"Areas were drawn {draws} anew, each time by the whole rule, seed {settings.seed}. An "
            "area is known by its head, the town in it with most jobs as counted: areas of two "
            "redrawings with the same head are the same area. A town’s certainty is the share of "
            "redrawings in which it is in the area it is in as counted. An area’s certainty is the "
            "mean of its towns’, weighted by working residents."
        )
        if "flows" in settings.vary:
            yield self._resampled()
        if "parameters" in settings.vary:
            yield (
                "Parameters were drawn by Latin hypercube, evenly over their ranges (McKay, "
                "Beckman and Conover 1979)."
            )
        yield (
            "Persistence follows Hennig (2007): the Jaccard index of two areas is the number of "
            "towns they have in common, divided by the number in either."
        )
        if self.sweep is not None:
            yield (
                "Parameter sets of the sweep are all combinations of evenly spaced values, drawn "
                "from the flows as counted. The share of the variance of the number of areas that "
                "a parameter explains is averaged over every order in which the parameters may be "
                "brought in (Lindeman, Merenda and Gold 1980); what is lacking to 100 % is due to "
                "parameters acting together."
            )

    def _resampled(self) -> str:
        share = self.stability.settings.counted_share
        asked = (
            ""
            if share == 1
            else f" Since {words.share(share)} of the commuters were asked, the number on paper "
            "was redrawn, and blown up again."
        )
        return (
            "Flows were resampled: each count, that of people who stay in their own town included, "
            "was drawn anew from the Poisson distribution whose mean is the count." + asked + " "
            "This is what chance alone does to a full count of people who choose independently. "
            "Families move together, and surveys are weighted, so real counts vary more. Nobody "
            "travels where nobody was counted, and a count of one vanishes in more than a third of "
            "the redrawings, so these hang together a little less than the flows as counted."
        )


def _swept(sweep: AreaSweep) -> Iterator[str]:
    told = sweep.headline()
    yield (
        f"Over {words.plural(told['sets'], 'parameter set')} there are "
        f"{_span(told['areas_least'], told['areas_most'])} areas, and "
        f"{_span(told['self_containment_least'], told['self_containment_most'], words.share)} of "
        "the working residents work inside their own."
    )
    influence = sweep.influence()
    if told["areas_most"] > told["areas_least"]:
        name, first = str(influence.index[0]), influence.iloc[0]
        yield (
            "What decides most how many areas there are: "
            f"{PARAMETER_WORDS[name]} ({words.share(first['share_of_variance'])} of the variance)."
        )


def _span(low: float, high: float, tell: Any = words.whole) -> str:
    """``33 to 38``, or one figure where both are told alike."""
    return tell(low) if tell(low) == tell(high) else f"{tell(low)} to {tell(high)}"


def _share(value: float) -> str:
    return "–" if words.is_missing(value) else words.share(value)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows by column, with the index among them; numbers as Python's own."""
    return [
        {str(name): value for name, value in row.items()}
        for row in table.reset_index().to_dict("records")
    ]
