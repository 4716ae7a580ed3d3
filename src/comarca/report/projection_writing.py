"""A projection as files: a page with fans, a workbook, tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from comarca.demography.projection import Projection
from comarca.model.people_totals import people_totals
from comarca.model.region import Region
from comarca.report import words
from comarca.report.projection_charts import fan_chart, pyramid_chart, town_fans
from comarca.report.projection_tables import (
    assumed_table,
    emptying_table,
    inputs_table,
    method,
    towns_table,
)
from comarca.report.tables import Column, Kind, Table
from comarca.report.templating import style_sheet, template
from comarca.report.workbook import write_book
from comarca.writing import written_whole

TABLES: Mapping[str, str] = MappingProxyType(
    {
        "towns": "projection.csv",
        "region": "region.csv",
        "changes": "changes.csv",
        "inputs": "inputs.csv",
        "ages": "ages.csv",
    }
)
PAGE = "projection.html"
BOOK = "projection.xlsx"
FILES: tuple[str, ...] = (PAGE, BOOK, *TABLES.values())
"""Every file that is written."""
MOST_FANS = 30
"""Towns whose fans the page shows: the largest half of them, and those most likely to empty."""
MOST_ROWS = 100


def write_projection(
    projection: Projection, region: Region, directory: Path | str
) -> tuple[Path, ...]:
    """
    Write a projection.

    Parameters
    ----------
    projection
        Of this region.
    region
        Its name, and the counts that stand before the fans.
    directory
        Folder that takes the files; made where it is missing. Files that are there are replaced
        once all their successors are whole.

    Returns
    -------
    tuple of pathlib.Path
        ``projection.html`` (self-contained), ``projection.xlsx``, ``projection.csv`` (towns by
        year), ``region.csv``, ``changes.csv``, ``inputs.csv``, ``ages.csv``.

    Raises
    ------
    OutputError
        When nothing can be written there.
    """
    folder = Path(directory)
    page = projection_page(projection, region)
    with written_whole(folder) as unfinished:
        for name, frame in _frames(projection).items():
            frame.round(6).to_csv(unfinished / TABLES[name], index=False, lineterminator="\n")
        (unfinished / PAGE).write_text(page, encoding="utf-8", newline="\n")
        write_book(
            _sheets(projection),
            unfinished / BOOK,
            title=f"Projection of {region.name}",
            moment=datetime(projection.base_year, 1, 1, tzinfo=UTC),
        )
    return tuple(folder / name for name in FILES)


def _frames(projection: Projection) -> dict[str, pd.DataFrame]:
    return {
        "towns": projection.towns,
        "region": projection.region,
        "changes": projection.changes,
        "inputs": projection.inputs,
        "ages": projection.ages(),
    }


def _sheets(projection: Projection) -> tuple[Table, ...]:
    return (
        towns_table(projection),
        emptying_table(projection),
        _sheet("by_year", "Towns by year", projection.towns),
        _sheet("region", "All towns together", projection.region),
        _sheet("changes", "Births, deaths, migrants", projection.changes),
        inputs_table(projection),
        assumed_table(projection),
    )


def _sheet(name: str, title: str, frame: pd.DataFrame) -> Table:
    """A tidy table as a sheet, column by column."""
    columns = tuple(Column(str(head), _kind(str(head))) for head in frame.columns)
    rows = tuple(frame.astype(object).itertuples(index=False, name=None))
    return Table(name, title, columns, rows)


def _kind(head: str) -> Kind:
    if head == "town_id":
        return "code"
    if head.startswith("p_"):
        return "share"
    return "text" if head in ("name", "year", "year_from", "year_to") else "count"


def projection_page(projection: Projection, region: Region) -> str:
    """
    Write the page: the answer, the fans, the towns that empty, how it was computed.

    Returns
    -------
    str
        HTML that fetches nothing.
    """
    past = counted_before(region, projection)
    shown = fans_shown(projection)
    params = projection.params
    end = int(projection.region["year"].iloc[-1])
    n_towns = len(projection.inputs)
    return str(
        template("projection.html.j2").render(
            title=f"{region.name}: people to {end}",
            subtitle=f"{words.plural(n_towns, 'town')}, from {projection.base_year}, "
            f"{params.draws:,} futures each",
            cautions=projection.notes,
            sentences=projection.summary().splitlines()[:2],
            charts={
                "region": fan_chart(
                    projection.region, _together(past, n_towns), "All towns together"
                ),
                "pyramid": pyramid_chart(projection),
                "towns": town_fans(projection, past, shown),
            },
            n_more=n_towns - len(shown),
            towns_told=f"{len(shown)} of {n_towns:,} towns: the largest, and those most likely to "
            "empty.",
            towns=towns_table(projection),
            emptying=emptying_table(projection),
            inputs=inputs_table(projection),
            assumed=assumed_table(projection),
            method=method(projection),
            half=f"{params.half:.0%}".replace("%", " %"),
            pupils=f"{params.school_pupils:,.0f}",
            school_from=params.school_age_from,
            school_to=params.school_age_to,
            most_rows=MOST_ROWS,
            book=BOOK,
            css=style_sheet(),
            version=version("comarca"),
        )
    )


def counted_before(region: Region, projection: Projection) -> pd.DataFrame:
    """Totals counted up to the base year: ``town_id, year, persons``, one series a town."""
    table = region.table("population")
    if table is None:
        return pd.DataFrame({"town_id": [], "year": [], "persons": []})
    counts = people_totals(table)
    counts = counts[counts["year"] <= projection.base_year]
    if projection.params.basis is not None:
        counts = counts[counts["basis"] == projection.params.basis]
    ordered = counts.sort_values(["town_id", "year"], kind="stable")
    return ordered.drop_duplicates(["town_id", "year"])[["town_id", "year", "persons"]]


def _together(past: pd.DataFrame, n_towns: int) -> pd.DataFrame:
    """Sums of the years in which every town was counted."""
    found = past.groupby("year", as_index=False).agg(
        persons=("persons", "sum"), n=("town_id", "nunique")
    )
    return found.loc[found["n"] == n_towns, ["year", "persons"]]


def fans_shown(projection: Projection) -> list[str]:
    """Towns whose fans a page shows, the largest first."""
    inputs = projection.inputs.sort_values("persons", ascending=False, kind="stable")
    towns = [str(town) for town in inputs["town_id"]]
    if len(towns) <= MOST_FANS:
        return towns
    last = projection.towns[projection.towns["year"] == projection.towns["year"].max()]
    risky = last.sort_values(["p_half", "p_school"], ascending=False, kind="stable")
    chosen = [*towns[: MOST_FANS // 2], *(str(town) for town in risky["town_id"])]
    kept = set(list(dict.fromkeys(chosen))[:MOST_FANS])
    return [town for town in towns if town in kept]
