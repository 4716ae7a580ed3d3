"""
Commuters counted once, whatever a flows table breaks them down by.

A blank skill or occupation stands for all together: such a row is the total of the rows that tell
it, and is never added to them. Occupations are parts of a skill (or of all skills), skills are
parts of the pair; a blank period is daily.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

PAIR = ("origin", "destination", "period")
"""What identifies commuters who are counted together."""


def with_period(flows: pd.DataFrame) -> pd.DataFrame:
    """The same rows, each with its period: what is blank is daily."""
    return flows.assign(period=flows["period"].fillna("daily"))


def pair_totals(flows: pd.DataFrame) -> pd.DataFrame:
    """
    All commuters of each pair and period, each person once.

    Parameters
    ----------
    flows
        A region's flows table.

    Returns
    -------
    pandas.DataFrame
        ``origin, destination, period, persons``, one row a pair and period.
    """
    return collapsed(skill_totals(flows), "skill", PAIR)


def skill_totals(flows: pd.DataFrame) -> pd.DataFrame:
    """
    Commuters of each pair, period and skill, all occupations together.

    Parameters
    ----------
    flows
        A region's flows table.

    Returns
    -------
    pandas.DataFrame
        ``origin, destination, period, skill, persons``; a row without a skill is the total of its
        pair. The rows of one pair must not be added up without :func:`pair_totals`.
    """
    return collapsed(with_period(flows), "occupation", (*PAIR, "skill"))


def collapsed(rows: pd.DataFrame, part: str, keys: Sequence[str]) -> pd.DataFrame:
    """
    Rows of the same keys as one: the row without the part where it is there, else their sum.

    Parameters
    ----------
    rows
        With ``persons``, the keys and the part; keys and part together identify a row.
    part
        Column that a total leaves blank.
    keys
        Columns that tell which rows belong together; blank is a value of its own.
    """
    is_total = rows[part].isna()
    if is_total.all():  # the checks see to it that each key stands once
        return rows[[*keys, "persons"]]
    has_total = is_total.groupby([rows[key] for key in keys], dropna=False).transform("any")
    rows = rows[is_total | ~has_total]
    together = rows.groupby(list(keys), dropna=False, sort=False, observed=True)["persons"]
    return together.sum(min_count=1).reset_index()
