"""
Rules of the flows table.

A row without a skill or an occupation is the total of those that tell it. Parts are set against the
total they belong to and never added to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from comarca.errors import Fault
from comarca.model.flow_totals import PAIR, collapsed, pair_totals, skill_totals, with_period
from comarca.model.raw import CheckedTable

_NAMED = 3  # a warning names so many and counts the rest
_ROUNDING = 0.5  # of a person: less is nobody


def flows_told_twice(flows: CheckedTable) -> Iterator[Fault]:
    """Rows that differ in nothing but that one leaves blank that it is daily."""
    period = flows.frame["period"]
    if period.notna().all() or not (period == "daily").any():
        return
    keys = with_period(flows.frame)[[*PAIR, "skill", "occupation"]].astype("string").fillna("")
    is_whole = flows.frame[["origin", "destination"]].notna().all(axis=1)
    # Rows alike as they were written are told by their key.
    written = flows.frame[keys.columns].astype("string").fillna("")
    is_new = keys.duplicated(keep=False) & ~written.duplicated(keep=False) & is_whole
    for row in is_new[is_new & period.isna()].index.tolist():
        yield flows.fault(
            row,
            f"period of {_pair(flows.frame.loc[row])}",
            "blank, which is daily, and stands beside a daily row of the same commuters",
            "every key once",
        )


def rival_breakdowns(flows: CheckedTable) -> Iterator[Fault]:
    """Pairs broken down by skill and again by occupation, to different sums and without a total."""
    rows = with_period(flows.frame)
    if not _tells(rows, "skill") or not _tells(rows, "occupation"):
        return
    has_skill, has_occupation = rows["skill"].notna(), rows["occupation"].notna()
    by_occupation = rows[~has_skill & has_occupation]
    keys = [*PAIR, "occupation"]
    is_within = pd.MultiIndex.from_frame(rows[keys]).isin(
        pd.MultiIndex.from_frame(by_occupation[keys])
    )
    sums = pd.DataFrame(
        {
            "by_skill": _sums(skill_totals(rows[has_skill])),
            "by_occupation": _sums(by_occupation),
            "beyond": _sums(rows[has_skill & ~is_within]),
            "total": _sums(rows[~has_skill & ~has_occupation]),
        }
    )
    is_rival = sums["total"].isna() & sums["beyond"].notna() & sums["by_occupation"].notna()
    is_rival &= (sums["by_skill"] - sums["by_occupation"]).abs() > _ROUNDING
    for rival in sums[is_rival.fillna(False)].reset_index().to_dict("records"):
        is_its = pd.concat([rows[key] == rival[key] for key in PAIR], axis=1).all(axis=1)
        yield flows.fault(
            int(is_its.to_numpy().argmax()),
            f"commuters {rival['origin']} → {rival['destination']}",
            f"{rival['by_skill']:,.0f} by skill and {rival['by_occupation']:,.0f} by occupation",
            "the same persons both ways, or their total in a row with neither",
        )


def parts_above_their_total(flows: CheckedTable) -> Iterator[Fault]:
    """Totals that their parts exceed: counts disturbed for secrecy, or a slip."""
    rows = with_period(flows.frame)
    exceeded: list[str] = []
    if _tells(rows, "occupation"):
        exceeded += _exceeded(rows, "occupation", (*PAIR, "skill"))
        exceeded += _exceeded(rows[rows["occupation"].notna()], "skill", (*PAIR, "occupation"))
    if _tells(rows, "skill"):
        exceeded += _exceeded(skill_totals(rows), "skill", PAIR)
    if exceeded:
        rest = len(exceeded) - _NAMED
        named = "; ".join(exceeded[:_NAMED]) + (f"; and {rest:,} more" if rest > 0 else "")
        yield Fault(
            place=flows.raw.place,
            object="the sum of parts",
            value=f"above the total: {named}",
            expectation="parts that do not exceed their total; the total is taken as it stands",
        )


def uncounted_homes(flows: CheckedTable, towns: CheckedTable) -> Iterator[Fault]:
    """Towns without a single commuter counted: nobody there, or nobody asked."""
    daily = flows.frame[flows.frame["period"].fillna("daily") == "daily"]
    if daily.empty:
        return
    homes = set(daily.loc[(daily["persons"] > 0).fillna(False), "origin"].dropna())
    silent = towns.frame.loc[
        towns.frame["town_id"].notna() & ~towns.frame["town_id"].isin(homes), "town_id"
    ]
    if len(silent):
        named = ", ".join(str(town) for town in silent[:_NAMED])
        rest = f" and {len(silent) - _NAMED:,} more" if len(silent) > _NAMED else ""
        yield Fault(
            place=flows.raw.place,
            object="daily flows",
            value=f"without anybody who lives in {named}{rest}",
            expectation="the workers of every town, those who stay among them; a town without "
            "stands in no area of commuters",
        )


def more_workers_than_people(flows: CheckedTable, towns: CheckedTable) -> Iterator[Fault]:
    """Homes with more daily workers counted than people live there."""
    totals = pair_totals(flows.frame)
    workers = totals[totals["period"] == "daily"].groupby("origin")["persons"].sum()
    people = towns.frame.dropna(subset=["town_id"]).drop_duplicates("town_id")
    people_in = people.set_index("town_id")["population"]
    for home, counted in workers.items():
        residents = people_in.get(home, pd.NA)
        if pd.notna(residents) and counted > residents:
            yield Fault(
                place=flows.raw.place,
                object=f"daily workers who live in {home}",
                value=f"{counted:,.0f}",
                expectation=f"{residents:,.0f} at most, the residents of the town",
            )


def _tells(rows: pd.DataFrame, part: str) -> bool:
    return bool(rows[part].notna().any())


def _sums(rows: pd.DataFrame) -> pd.Series[float]:
    return rows.groupby(list(PAIR))["persons"].sum()


def _exceeded(rows: pd.DataFrame, part: str, keys: Sequence[str]) -> list[str]:
    """Each total below the sum of its parts, in words."""
    is_total = rows[part].isna()
    totals, parts = (
        collapsed(half, part, keys).set_index(list(keys))["persons"]
        for half in (rows[is_total], rows[~is_total])
    )
    both = pd.concat({"total": totals, "parts": parts}, axis=1, join="inner").dropna()
    above = both[both["parts"] - both["total"] > _ROUNDING]
    return [
        f"{each['origin']} → {each['destination']} {each['parts']:,.0f} of {each['total']:,.0f}"
        for each in above.reset_index().to_dict("records")
    ]


def _pair(row: pd.Series[str]) -> str:
    return f"{row['origin']} → {row['destination']}"
