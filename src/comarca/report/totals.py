"""Tidy tables of the comparison summed the way a reader reads them; sums, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from comarca.report import palette, words
from comarca.report.contents import Contents
from comarca.report.figures import headline
from comarca.report.tables import Column, Table

SHOWN_REGIMES = ("commuting", "freight")


def by_party(contents: Contents) -> Mapping[tuple[str, str], float]:
    """Amount a year by party and regime, all towns together."""
    return _sums(contents.plan.comparison.ledgers, ["party", "regime"])


def by_term(contents: Contents) -> Table:
    """The three ledgers side by side: a row for each party and term, and one for each party."""
    ledgers, totals = contents.plan.comparison.ledgers, by_party(contents)
    sums = _sums(ledgers, ["party", "term", "regime"])
    columns = (
        Column("Whose"),
        Column("What"),
        Column("Same jobs, reached by commuting", "money"),
        Column("Work brought by freight", "money"),
    )
    rows: list[tuple[Any, ...]] = []
    for party in _in_order(ledgers["party"]):
        whose = palette.PARTIES.get(party, words.readable(party))
        for term in dict.fromkeys(ledgers.loc[ledgers["party"] == party, "term"]):
            told = words.readable(str(term))
            rows.append((whose, told, *(sums.get((party, term, r)) for r in SHOWN_REGIMES)))
        rows.append((whose, ALTOGETHER, *(totals.get((party, r), 0.0) for r in SHOWN_REGIMES)))
    rows = [row for row in rows if row[1] == ALTOGETHER or any(row[2:])]
    if rows:
        both = (sum(a for (_, r), a in totals.items() if r == regime) for regime in SHOWN_REGIMES)
        rows.append((EVERYBODY, ALTOGETHER, *both))
    note = (
        f"{contents.currency} a year against today, gains positive; all towns together. Beside the "
        "ledgers of families, towns and enterprises stand the other employers and towns: they lose "
        "workers and taxes, and people without work take over some of the jobs left."
    )
    return Table("Ledger totals", "Three ledgers", columns, tuple(rows), note, contents.currency)


def who_is_counted(contents: Contents) -> str:
    """For how many people each regime's amounts stand, in a sentence."""
    told = headline(contents.plan, "commuting_feasible_workers")
    workers = contents.plan.freight.workers
    text = "Each amount is the change against today"
    if told is None or told >= workers:
        return f"{text}, for the same people and the same work under both regimes."
    return (
        f"{text}. Work brought by freight employs {words.whole(workers)} people; by commuting "
        f"{words.whole(told)} of them can reach the same jobs, and the amounts under commuting are "
        "theirs alone: the others stay as today."
    )


ALTOGETHER = "together"
"""Term of the row that sums a party up."""
EVERYBODY = "All"
"""Whose row sums all parties up."""


def town_ledger(contents: Contents) -> Mapping[str, Mapping[tuple[str, str], float]]:
    """By town: amount a year by party and regime."""
    found: dict[str, dict[tuple[str, str], float]] = {}
    sums = _sums(contents.plan.comparison.ledgers, ["town_id", "party", "regime"])
    for (town, party, regime), amount in sums.items():
        found.setdefault(town, {})[(party, regime)] = amount
    return found


def worker_day(contents: Contents) -> Table:
    """What a worker-day costs in each town under both regimes."""
    sums = _sums(contents.plan.comparison.cost_to_serve, ["town_id", "base_id", "regime"])
    pairs = dict.fromkeys((town, base) for town, base, _ in sums)
    columns = (
        Column("Town"),
        Column("Base"),
        Column("Commuting", "money"),
        Column("Freight", "money"),
    )
    rows: list[tuple[Any, ...]] = [
        (
            contents.names.town(town),
            contents.names.base(base),
            *(sums.get((town, base, regime)) for regime in SHOWN_REGIMES),
        )
        for town, base in pairs
    ]
    rows.sort(key=lambda row: (-(row[3] or 0.0), row[0]))
    note = (
        f"{contents.currency} for one worker and one day, wages apart. Commuting: fares, time on "
        "the road, supervision, opening of bases. Freight: trucks, supervision, premises, opening "
        "of bases. Towns beyond a day’s commute are told as well."
    )
    return Table("Worker-day", "A worker-day", columns, tuple(rows), note, contents.currency)


def _sums(frame: pd.DataFrame, keys: list[str]) -> dict[Any, float]:
    amount = frame.columns[-1]
    summed = frame.groupby(keys, sort=True)[amount].sum()
    keyed: dict[Any, float] = summed.to_dict()
    return {tuple(str(part) for part in key): float(value) for key, value in keyed.items()}


def _in_order(parties: Any) -> list[str]:
    present = list(dict.fromkeys(str(party) for party in parties))
    return sorted(present, key=lambda party: (list(palette.PARTIES) + present).index(party))
