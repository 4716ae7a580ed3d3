"""
What came of drawing areas by many parameter sets.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from comarca.commuting.areas import AreaParams
from comarca.commuting.areas.outcome import Outcome
from comarca.commuting.stability.importance import explained_shares
from comarca.commuting.stability.params import SweepGrid
from comarca.errors import ParameterError
from comarca.wording import counted

CLOSURE = "self_containment_supply"
"""Figure that is set against the number of areas: residents who work inside their own area."""


@dataclass(frozen=True, kw_only=True, eq=False)
class AreaSweep:
    """
    What came of drawing areas by many parameter sets.

    Parameters
    ----------
    params
        Parameters that the grid leaves as they are, and those the sets are compared with.
    grid
        Values each parameter took.
    outcome
        Areas by ``params``, in a few figures.
    table
        One row a set, in the order of the grid: its parameters, then the figures of
        :class:`~comarca.commuting.areas.outcome.Outcome`.
    n_left_out
        Combinations that contradict themselves.
    """

    params: AreaParams
    grid: SweepGrid
    outcome: Outcome
    table: pd.DataFrame = field(repr=False)
    n_left_out: int = 0

    @property
    def varied(self) -> tuple[str, ...]:
        """Parameters that took more than one value."""
        return tuple(name for name, values in self.grid.values().items() if len(values) > 1)

    def frontier(self) -> pd.DataFrame:
        """
        Sets that give the most self-containment for their number of areas.

        Returns
        -------
        DataFrame
            Rows of ``table``, the most areas first: no set gives as many areas or more and a
            greater share of working residents who work inside their own area. Of sets with the same
            two figures the first is there.
        """
        table = self.table[self.table["n_areas"] > 0]
        order = np.lexsort((np.arange(len(table)), -table[CLOSURE], -table["n_areas"]))
        ranked = table.iloc[order]
        before = ranked[CLOSURE].cummax().shift(fill_value=-np.inf)
        return ranked[ranked[CLOSURE] > before]

    def effects(self, figure: str = "n_areas") -> pd.DataFrame:
        """
        Mean of a figure at each value of each parameter, over all values of the others.

        Returns
        -------
        DataFrame
            ``parameter``, ``value``, ``mean``, ``n_sets``; in the order of the grid.
        """
        if figure not in Outcome._fields or figure == "status":
            raise ParameterError(
                f'figure is "{figure}"; expected one of {", ".join(Outcome._fields[:-1])}.'
            )
        parts = []
        for name in self.varied:
            means = self.table.groupby(name, sort=True)[figure].agg(["mean", "count"])
            parts.append(
                pd.DataFrame(
                    {
                        "parameter": name,
                        "value": means.index.to_numpy(dtype=float),
                        "mean": means["mean"].to_numpy(dtype=float),
                        "n_sets": means["count"].to_numpy(),
                    }
                )
            )
        columns = ["parameter", "value", "mean", "n_sets"]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)

    def influence(self, figure: str = "n_areas") -> pd.DataFrame:
        """
        How much of a figure's variance over the sets each parameter explains by itself.

        Returns
        -------
        DataFrame
            Indexed by ``parameter``, the most influential first: ``share_of_variance`` as of
            :func:`~comarca.commuting.stability.importance.explained_shares`, in [0, 1]; what the
            shares lack to 1 is due to parameters acting together. ``at_lowest`` and ``at_highest``
            are the means of the figure at the ends of the parameter's values.
        """
        means = self.effects(figure).groupby("parameter", sort=False)["mean"]
        known = self.table.dropna(subset=[figure])
        shares = (
            explained_shares(
                [known[name].to_numpy() for name in self.varied],
                known[figure].to_numpy(dtype=float),
            )
            if len(known)
            else np.zeros(len(self.varied))
        )
        table = pd.DataFrame(
            {
                "share_of_variance": shares,
                "at_lowest": means.first().reindex(self.varied).to_numpy(dtype=float),
                "at_highest": means.last().reindex(self.varied).to_numpy(dtype=float),
            },
            index=pd.Index(self.varied, name="parameter"),
        )
        return table.sort_values("share_of_variance", ascending=False, kind="stable")

    def headline(self) -> dict[str, float]:
        """
        What is asked first.

        Returns
        -------
        dict[str, float]
            ``sets``, ``sets_left_out``; ``areas`` by the parameters as given, ``areas_least`` and
            ``areas_most`` of all sets; the same three of ``self_containment``, the share of the
            working residents of all areas who work inside their own; NaN without areas.
        """
        n_areas, closure = self.table["n_areas"], self.table[CLOSURE]
        return {
            "sets": len(self.table),
            "sets_left_out": self.n_left_out,
            "areas": self.outcome.n_areas,
            "areas_least": int(n_areas.min()),
            "areas_most": int(n_areas.max()),
            "self_containment": float(getattr(self.outcome, CLOSURE)),
            "self_containment_least": float(closure.min()),
            "self_containment_most": float(closure.max()),
        }

    def summary(self) -> str:
        """Say in a few lines what the parameters do."""
        told = self.headline()
        least, most = told["areas_least"], told["areas_most"]
        lines = [
            f"{counted(len(self.table), 'parameter set')}: {least:,} to {most:,} areas; as given "
            f"{told['areas']:,}"
        ]
        if not np.isnan(told["self_containment_least"]):
            lines.append(
                "working residents who work inside their area: "
                f"{told['self_containment_least']:.1%} to {told['self_containment_most']:.1%}; as "
                f"given {told['self_containment']:.1%}"
            )
        if most > least:
            lines.append("what decides the number of areas (share of its variance):")
            lines += [
                f"  {row.Index}: {row.share_of_variance:.0%}; {row.at_lowest:.1f} areas at its "
                f"lowest value, {row.at_highest:.1f} at its highest"
                for row in self.influence().itertuples()
            ]
        if self.n_left_out:
            lines.append(f"{counted(self.n_left_out, 'contradictory combination')} left out")
        return "\n".join(lines)
