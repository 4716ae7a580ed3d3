"""Both regimes side by side: three ledgers, the cost of a worker-day, break-even and reach."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import pandas as pd

from comarca.errors import ParameterError

LEDGER_COLUMNS = ("town_id", "regime", "party", "term", "amount_per_year")
COST_COLUMNS = ("town_id", "base_id", "regime", "component", "amount_per_worker_day")
BREAK_EVEN_COLUMNS = (
    "process_id",
    "town_id",
    "base_id",
    "labour_h_per_t",
    "break_even_h_per_t",
    "break_even_flat_h_per_t",
    "freight_per_worker_day",
    "commuting_per_worker_day",
    "is_freight_cheaper",
)
REACH_COLUMNS = ("base_id", "regime", "limit_min", "towns", "people", "area_km2")


@dataclass(frozen=True, eq=False, kw_only=True)
class Comparison:
    """
    What each regime costs and gives, for the same people.

    Parameters
    ----------
    ledgers
        Tidy, ``LEDGER_COLUMNS``: currency per year by town, regime, party and term; gains positive.
        Every amount is a change against today, which is the zero line and has no rows. Regimes:
        ``commuting`` (the same workshop jobs, at the base, reached by commuting; whoever lives
        beyond the daily limit stays as today and has no rows); ``freight`` (the plan, summing to
        its value). Parties: ``household``, ``town``, ``enterprise``, ``elsewhere``.
    cost_to_serve
        Tidy, ``COST_COLUMNS``: currency per worker-day of each workshop town under ``commuting``
        and ``freight``, by component; costs are positive, and a regime's components sum to what it
        costs. A town without a way to its base has no rows for commuting.
    break_even
        One row a process and town, ``BREAK_EVEN_COLUMNS``: labour intensity above which goods are
        cheaper to bring to people than people to goods, with second-order terms and flat (without);
        ``inf`` where no work is labour-intensive enough.
    reach
        One row a base and regime (``commuting by bus``, ``commuting by car``, ``freight``),
        ``REACH_COLUMNS``: towns, people and area of their convex hull within the commuting limit
        and within the driver's shift; ``limit_min`` is one way.
    headline
        Figures for the first page, by name; see :mod:`comarca.compare.headline`. A figure that
        nobody can compute, such as a mean over no commuters, is ``nan``.
    """

    ledgers: pd.DataFrame
    cost_to_serve: pd.DataFrame
    break_even: pd.DataFrame
    reach: pd.DataFrame
    headline: dict[str, float]

    def __post_init__(self) -> None:
        expected = {
            "ledgers": LEDGER_COLUMNS,
            "cost_to_serve": COST_COLUMNS,
            "break_even": BREAK_EVEN_COLUMNS,
            "reach": REACH_COLUMNS,
        }
        for name, columns in expected.items():
            found = tuple(getattr(self, name).columns)
            if found != columns:
                raise ParameterError(f"{name} has columns {found}; expected {columns}.")

    @property
    def reach_ratio(self) -> float:
        """
        People within freight reach for each person within commuting reach, over all bases.

        ``nan`` when commuting reaches nobody.
        """
        return self.headline["reach_ratio_people"]

    def summary(self) -> str:
        """Say in a few lines who gains what."""
        change = (
            self.ledgers[self.ledgers["regime"] == "freight"]
            .groupby("party")["amount_per_year"]
            .sum()
        )
        words = {"elsewhere": "other employers and towns"}
        gains = ", ".join(
            f"{words.get(str(party), party)} {amount:+,.0f}" for party, amount in change.items()
        )
        reach = (
            "no base is within anybody's commute"
            if isnan(self.reach_ratio)
            else f"people within freight reach: {self.reach_ratio:.2f} times those within a commute"
        )
        return f"freight against today, a year: {gains or 'nothing changes'}\n{reach}"
