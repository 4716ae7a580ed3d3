"""A projection as tables for people: towns at the end, towns that empty, sources of numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from comarca.demography.projection import Projection
from comarca.demography.projection.rates import Array
from comarca.report.tables import Assumed, Column, Table
from comarca.wording import counted


def towns_table(projection: Projection) -> Table:
    """Every town today, half way and in the last year, with its fan."""
    towns = projection.towns
    last = towns[towns["year"] == towns["year"].max()].set_index("town_id")
    columns = (
        Column("Code", "code"),
        Column("Town"),
        Column(f"People {projection.base_year}", "count"),
        Column(f"People {int(towns['year'].max())}", "count"),
        Column("Change", "share"),
        Column("four in five, from", "count"),
        Column("to", "count"),
        Column("below half", "share"),
        Column("too few pupils", "share"),
    )
    rows = tuple(
        _town_row(str(town), str(name), float(persons), last.loc[town])
        for town, name, persons in projection.inputs[["town_id", "name", "persons"]].itertuples(
            index=False, name=None
        )
    )
    return Table("towns", "Towns, today and at the end", columns, rows)


def _town_row(town: str, name: str, persons: float, end: pd.Series[float]) -> tuple[object, ...]:
    change = float(end["persons"]) / persons - 1 if persons > 0 else None
    return (
        town,
        name,
        persons,
        float(end["persons"]),
        change,
        float(end["low_80"]),
        float(end["high_80"]),
        float(end["p_half"]),
        float(end["p_school"]),
    )


def emptying_table(projection: Projection) -> Table:
    """Towns that are as likely as not to fall below half, or to have too few pupils."""
    found = projection.depopulating()
    known = found[found[["half_year", "school_year"]].notna().any(axis=1)]
    ordered = known.sort_values(["half_year", "school_year", "name"], kind="stable")
    rows = tuple(
        (row["town_id"], row["name"], _year(row["half_year"]), _year(row["school_year"]))
        for row in ordered.to_dict("records")
    )
    columns = (
        Column("Code", "code"),
        Column("Town"),
        Column("Below half by"),
        Column("Too few pupils by"),
    )
    return Table("emptying", "First year by which it is as likely as not", columns, rows)


def _year(value: object) -> str | None:
    return None if pd.isna(value) else str(value)  # type: ignore[call-overload]


_SOURCES = ("total_from", "ages_from", "fertility_from", "mortality_from", "migration_from")


def inputs_table(projection: Projection) -> Table:
    """Where each town's numbers come from; what was assumed is marked."""
    columns = (
        Column("Code", "code"),
        Column("Town"),
        Column("Total"),
        Column("Ages"),
        Column("Births"),
        Column("Deaths"),
        Column("Migration"),
        Column("Past growth", "number", "% a year"),
        Column("Expected", "number", "% a year"),
    )
    rows = tuple(
        (
            row["town_id"],
            row["name"],
            *(Assumed(row[c]) if row[c] == "assumed" else row[c] for c in _SOURCES),
            None if pd.isna(row["past_rate"]) else round(100 * row["past_rate"], 2),
            round(100 * row["expected_rate"], 2),
        )
        for row in projection.inputs.to_dict("records")
    )
    return Table("inputs", "Where numbers come from", columns, rows)


def assumed_table(projection: Projection) -> Table:
    """Every default that was relied on."""
    rows = tuple(
        (
            used.assumption.meaning,
            Assumed(_told(used.value)) if used.is_assumed else _told(used.value),
            used.unit,
            used.assumption.source,
        )
        for used in projection.assumed
    )
    columns = (Column("What"), Column("Value"), Column("Unit"), Column("Source or reason"))
    return Table("assumed", "Numbers from the defaults", columns, rows)


def _told(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(f"{part:g}" for part in value)
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def method(projection: Projection) -> Sequence[str]:
    """Say how it was computed, a paragraph each."""
    params, trends = projection.params, projection.trends
    learned = (
        f"learned from {counted(trends.n_learned, 'town')} of the region"
        if trends.n_learned
        else "assumed"
    )
    return (
        f"Each town is carried forward by sex in age groups of {projection.age_width} years and "
        f"steps as long: who stays alive grows older, women bear children, people move. Where no "
        "table tells migration, it is such that a town grows over the next "
        f"{params.trend_years} years as its last {params.trend_years} would have it, drawn towards "
        f"what is usual for towns of its size (of its own departure a large town keeps "
        f"{trends.kept:.0%}, one of {trends.half_persons:,.0f} people half of that; {learned}). "
        "Where only a total of migrants is known, their ages follow the schedule of Rogers and "
        "Castro (1981).",
        f"The fan: {params.draws:,} futures, seed {params.seed}. Births and deaths stray for all "
        "towns alike, growth for all alike and for each town alone: the yearly growth of a large "
        f"town by {trends.sd:.2%} (standard deviation of its mean over {params.trend_years} "
        f"years), of one of 1,000 people by {float(trends.sd_of(_THOUSAND)[0]):.2%}; {learned}.",
    )


_THOUSAND: Array = np.array([1_000.0])
