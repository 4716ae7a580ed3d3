"""Tables of the effect of an event, as the page and the files show them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from comarca.demography.effects import OpeningEffect
from comarca.demography.effects.contributions import WAYS, contribution_table
from comarca.report.tables import Assumed, Column, Kind, Table

_MANY = 100
"""From so many on, parts of one are not worth telling."""


def frames(effect: OpeningEffect) -> dict[str, pd.DataFrame]:
    """What there is, by name of the file: every digit, a row each."""
    found: dict[str, pd.DataFrame] = {}
    if effect.control is not None:
        found["effect"] = effect.control.table()
        found["donors"] = effect.control.donor_table()
    if effect.in_space is not None:
        found["placebos"] = _placebos(effect)
    if effect.in_time is not None and len(effect.in_time.table):
        found["placebos_in_time"] = effect.in_time.table
    if effect.without_one is not None and len(effect.without_one.table):
        found["without_one_donor"] = effect.without_one.table
    if effect.ranks:
        found["ranks"] = _ranks(effect)
        found["comparable_towns"] = effect.ranks[0].table
    if effect.staggered is not None:
        found["staggered"] = effect.staggered.group_time
        found["staggered_by_event_time"] = effect.staggered.aggregate("event")
    if effect.left_out:
        found["left_out"] = pd.DataFrame(
            [(town, reason) for town, reason in effect.left_out.items()], columns=["unit", "reason"]
        )
    if effect.contributions:
        found["six_ways"] = contribution_table(effect.contributions)
    return found


def donors_table(effect: OpeningEffect) -> Table:
    """Donors with a weight, the largest first."""
    assert effect.control is not None  # noqa: S101  # asked for where there is one
    weights = effect.control.weights()
    names = effect.control.names
    rows = tuple(
        (str(unit), names.get(str(unit), str(unit)), round(float(weight), 3))
        for unit, weight in weights.items()
    )
    n_asked = len(effect.control.donors)
    return Table(
        "donors",
        f"{len(rows)} of {n_asked} donors have a weight",
        (Column("Code", "code"), Column("Town"), Column("Weight", "number")),
        rows,
    )


def predictors_table(effect: OpeningEffect) -> Table:
    """Weights of predictors; no rows where counts alone were followed."""
    assert effect.control is not None  # noqa: S101  # asked for where there is one
    rows = tuple((str(k), round(float(v), 3)) for k, v in effect.control.predictors.items())
    return Table(
        "predictors",
        "What the mixture was to meet",
        (Column("Predictor"), Column("Weight", "number")),
        rows,
    )


def placebo_table(effect: OpeningEffect) -> Table:
    """Towns by how far they part from their mixtures, the farthest first."""
    assert effect.in_space is not None  # noqa: S101  # asked for where there is one
    key = "rmspe_ratio" if effect.in_space.ratio_tells else "post_rmspe"
    ordered = effect.in_space.table.sort_values(key, ascending=False, kind="stable")
    rows = tuple(
        (
            place + 1,
            row["name"],
            round(row["pre_rmspe"], 4),
            round(row["post_rmspe"], 4),
            None if np.isinf(row["rmspe_ratio"]) else round(row["rmspe_ratio"], 2),
            round(row["mean_gap"], 4),
        )
        for place, row in enumerate(_rows(ordered))
    )
    return Table(
        "placebos",
        "Each town as if the event had been its own",
        (
            Column("Rank", "count"),
            Column("Town"),
            Column("Gap before", "number"),
            Column("Gap after", "number"),
            Column("Ratio", "number"),
            Column("Mean gap after", "number"),
        ),
        rows,
        "Gaps are root mean squares"
        + (", in logarithms." if effect.params.scale == "log" else ".")
        + " No ratio where every count before was met.",
    )


def years_table(effect: OpeningEffect) -> Table:
    """The town and its mixture year by year."""
    assert effect.control is not None  # noqa: S101  # asked for where there is one
    is_share = effect.params.scale == "log"
    counts: Kind = "count" if min(effect.control.actual) >= _MANY else "number"
    rows = tuple(
        (
            f"{row['year']}{' (after)' if row['is_after'] else ''}",
            row["actual"],
            row["synthetic"],
            row["effect"],
        )
        for row in _rows(effect.control.table())
    )
    return Table(
        "effect",
        "Year by year",
        (
            Column("Year"),
            Column(effect.name, counts),
            Column("Mixture", counts),
            Column("Gap", "share" if is_share else "number"),
        ),
        rows,
    )


def time_table(effect: OpeningEffect) -> Table:
    """The event set earlier."""
    assert effect.in_time is not None  # noqa: S101  # asked for where there is one
    rows = tuple(
        (str(r["event_year"]), r["n_before"], r["n_after"], round(r["mean_gap"], 4))
        for r in _rows(effect.in_time.table)
    )
    return Table(
        "placebos_in_time",
        "The event set earlier, where nothing had happened",
        (
            Column("Invented year"),
            Column("Counts before", "count"),
            Column("Counts after", "count"),
            Column("Mean gap", "number"),
        ),
        rows,
    )


def without_table(effect: OpeningEffect) -> Table:
    """The gap without each donor that counts."""
    assert effect.without_one is not None  # noqa: S101  # asked for where there is one
    rows = tuple(
        (
            r["name"],
            round(r["weight"], 3),
            round(r["mean_gap"], 4),
            round(r["last_gap"], 4),
        )
        for r in _rows(effect.without_one.table)
    )
    return Table(
        "without_one_donor",
        "Without one donor",
        (
            Column("Left out"),
            Column("Its weight", "number"),
            Column("Mean gap", "number"),
            Column("Last gap", "number"),
        ),
        rows,
    )


def ranks_table(effect: OpeningEffect) -> Table:
    """Where the growth stands among towns of like size, by how like is drawn."""
    ranks = [*effect.ranks, *([effect.rank_before] if effect.rank_before else [])]
    rows = tuple(
        (
            f"{rank.from_year} to {rank.to_year}",
            rank.rule.removesuffix(", itself among them"),
            rank.multiple,
            rank.rank,
            rank.n_towns,
            rank.share_as_fast,
            rank.median,
        )
        for rank in ranks
    )
    return Table(
        "ranks",
        "Rank of the growth among comparable towns",
        (
            Column("Years"),
            Column("Compared with towns"),
            Column("Multiple", "number"),
            Column("Rank", "count"),
            Column("of", "count"),
            Column("As fast or faster", "share"),
            Column("Median of the others", "number"),
        ),
        rows,
        "The town itself is counted among those ranked; towns with an institution of their own are "
        "left out.",
    )


def comparable_table(effect: OpeningEffect) -> Table:
    """The towns that the first rank is among."""
    rank = effect.ranks[0]
    rows = tuple(
        (place + 1, r["unit"], r["name"], r["outcome_from"], r["outcome_to"], r["multiple"])
        for place, r in enumerate(_rows(rank.table))
    )
    return Table(
        "comparable_towns",
        f"The towns {rank.rule}",
        (
            Column("Place", "count"),
            Column("Code", "code"),
            Column("Town"),
            Column(str(rank.from_year), "count"),
            Column(str(rank.to_year), "count"),
            Column("Multiple", "number"),
        ),
        rows,
    )


def staggered_table(effect: OpeningEffect) -> Table:
    """Effects by years since the first count that may show them."""
    assert effect.staggered is not None  # noqa: S101  # asked for where there is one
    by_event = effect.staggered.aggregate("event")
    rows = tuple(
        tuple(None if pd.isna(value) else round(float(value), 4) for value in row)
        for row in by_event[["at", "effect", "se", "band_low", "band_high"]].itertuples(index=False)
    )
    return Table(
        "staggered_by_event_time",
        "All towns with an opening together",
        (
            Column("Years since", "number"),
            Column("Effect", "number"),
            Column("Standard error", "number"),
            Column("Band from", "number"),
            Column("to", "number"),
        ),
        rows,
        "" if effect.staggered.has_errors else "Too few towns with an opening for errors.",
    )


def ways_table(effect: OpeningEffect) -> Table:
    """The six ways of a university, each indicator known or not."""
    rows: list[tuple[Any, ...]] = []
    for one in effect.contributions:
        value = Assumed(one.value) if one.known == "assumed" else one.value
        rows.append(
            (f"{one.way}. {WAYS[one.way - 1]}", one.indicator, value, one.unit, one.known, one.note)
        )
    return Table(
        "six_ways",
        "Six ways in which a university contributes",
        (
            Column("Way"),
            Column("Indicator"),
            Column("Value", "number"),
            Column("Unit"),
            Column("Known"),
            Column("Where from, or what would tell it"),
        ),
        tuple(rows),
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _ranks(effect: OpeningEffect) -> pd.DataFrame:
    ranks = [*effect.ranks, *([effect.rank_before] if effect.rank_before else [])]
    return pd.DataFrame(
        [
            {
                "from_year": rank.from_year,
                "to_year": rank.to_year,
                "rule": rank.rule,
                "multiple": rank.multiple,
                "rank": rank.rank,
                "n_towns": rank.n_towns,
                "share_as_fast": rank.share_as_fast,
                "median_of_others": rank.median,
            }
            for rank in ranks
        ]
    )


def _placebos(effect: OpeningEffect) -> pd.DataFrame:
    assert effect.in_space is not None  # noqa: S101  # asked for where there is one
    gaps = pd.DataFrame(
        effect.in_space.gaps, columns=[f"gap_{year}" for year in effect.in_space.years]
    )
    return pd.concat([effect.in_space.table, gaps], axis=1)
