"""The rank laws of a town system for people to read: one page, its chart, and tables as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from comarca.commuting import AreaRanks, RankParams, RankProfile, RankTest
from comarca.errors import ParameterError
from comarca.report.rank_charts import areas_chart, profile_chart
from comarca.report.rank_panels import rank_panels
from comarca.report.tables import Column, Table
from comarca.report.templating import style_sheet, template
from comarca.wording import counted, probability
from comarca.writing import written_whole

MOST_ROWS = 200
"""Rows of a long table that the page shows; the CSV has all."""
_FIGURES = (
    Column("Towns", "count"),
    Column("R² Zipf", "number"),
    Column("R² logarithmic", "number"),
    Column("R² exponential", "number"),
    Column("C", "number"),
    Column("Random C, 5 %", "number"),
    Column("middle", "number"),
    Column("95 %", "number"),
    Column("p", "number"),
)


@dataclass(frozen=True)
class RankSection:
    """One set of results: what they are of, what they say, pictures and figures."""

    heading: str
    reading: str
    pictures: tuple[str, ...]
    table: Table


def write_rank_report(
    directory: Path | str,
    profiles: Sequence[RankProfile] = (),
    areas: Sequence[AreaRanks] = (),
    *,
    note: str = "",
) -> tuple[Path, ...]:
    """
    Write what the rank laws say of a region.

    Parameters
    ----------
    directory
        Folder that takes the files; made where it is missing. Files that are there are replaced
        once all their successors are whole.
    profiles
        Around one centre, for instance with and without it.
    areas
        Of one partition, for instance with and without the head towns.
    note
        A caution that the page shows first, such as that the areas rest on estimated flows.

    Returns
    -------
    tuple of pathlib.Path
        ``ranks.html``, self-contained; with profiles ``rank_profile.svg`` (of the first),
        ``rank_profile.csv`` and ``rank_towns.csv``; with areas ``rank_areas.svg`` and
        ``rank_areas.csv``.

    Raises
    ------
    ParameterError
        When there is neither a profile nor a judged partition.
    OutputError
        When nothing can be written there.
    """
    if not profiles and not areas:
        raise ParameterError("nothing to report; expected a profile or areas.")
    files = {"ranks.html": rank_page(profiles, areas, note)}
    if profiles:
        files["rank_profile.svg"] = profile_chart(profiles[0])
        files["rank_profile.csv"] = _csv([profile.table() for profile in profiles])
        files["rank_towns.csv"] = _csv([_towns_frame(profiles[0])])
    if areas:
        files["rank_areas.svg"] = areas_chart(areas[0])
        files["rank_areas.csv"] = _csv([ranks.table() for ranks in areas])
    folder = Path(directory)
    with written_whole(folder) as unfinished:
        for name, text in files.items():
            (unfinished / name).write_text(text, encoding="utf-8", newline="\n")
    return tuple(folder / name for name in files)


def rank_page(profiles: Sequence[RankProfile], areas: Sequence[AreaRanks], note: str = "") -> str:
    """
    Write the page: what was asked, what came out, how it was computed.

    Returns
    -------
    str
        HTML that fetches nothing.
    """
    first = profiles[0] if profiles else areas[0]
    sections = [_profile_section(profile, number) for number, profile in enumerate(profiles)]
    sections += [area_ranks_section(ranks, number) for number, ranks in enumerate(areas)]
    whose = f"around {profiles[0].centre_name}" if profiles else "of each area"
    return str(
        template("ranks.html.j2").render(
            title=f"Do the towns {whose} behave as one?",
            region=first.region_name,
            note=note,
            sections=sections,
            method=_method(first, profiles, areas),
            towns=_towns_table(profiles[0]) if profiles else None,
            most_rows=MOST_ROWS,
            css=style_sheet(),
            version=version("comarca"),
        )
    )


def _profile_section(profile: RankProfile, number: int) -> RankSection:
    pictures: tuple[str, ...] = ()
    if any(point.laws for point in profile.points):
        pictures = (
            profile_chart(profile, name=f"chart-profile-{number}"),
            rank_panels(profile, name=f"chart-ranks-{number}"),
        )
    rows = tuple(
        (point.radius, *_figures(point), _two_digits(point.p_adjusted), point.note)
        for point in profile.points
    )
    columns = (Column("Radius", "number", profile.unit), *_FIGURES)
    table = Table(
        "rank_profile",
        "Circle by circle",
        (*columns, Column("p, all radii", "number"), Column("Note")),
        rows,
    )
    core = "left out" if profile.params.core == "without" else "among them"
    heading = f"Towns around {profile.centre_name}, itself {core}"
    return RankSection(heading, profile.reading(), pictures, table)


def area_ranks_section(ranks: AreaRanks, number: int) -> RankSection:
    """Results of the areas of one partition; ``number`` tells sets of results apart on a page."""
    judged = [area for area in ranks.areas if area.p is not None and area.p_adjusted is not None]
    rows = tuple(
        (area.area_name, *_figures(area), _two_digits(area.p_adjusted))
        for area in sorted(judged, key=lambda area: area.p or 0.0)
    )
    n_others = len(ranks.areas) - len(judged)
    others = f"{counted(n_others, 'area')} could not be judged; see rank_areas.csv"
    table = Table(
        "rank_areas",
        "Area by area, the least p first",
        (Column("Area"), *_FIGURES, Column("p, corrected", "number")),
        rows,
        others if n_others else "",
    )
    has_picture = any(area.criterion is not None for area in ranks.areas)
    pictures = (areas_chart(ranks, name=f"chart-areas-{number}"),) if has_picture else ()
    heading = f"Areas, each {ranks.params.core} its head town"
    return RankSection(heading, ranks.reading(), pictures, table)


def _figures(test: RankTest) -> tuple[float | None, ...]:
    """Figures of a row as a page shows them; the CSV has every digit."""
    row = test.row()
    names = ("r2_zipf", "r2_logarithmic", "r2_exponential", "criterion")
    fitted = [row[name] for name in (*names, "null_05", "null_50", "null_95")]
    rounded = (None if value is None else round(value, 3) for value in fitted)
    return (test.n_towns, *rounded, _two_digits(test.p))


def _two_digits(p: float | None) -> float | None:
    return None if p is None else float(probability(p))


def _method(
    first: RankProfile | AreaRanks, profiles: Sequence[RankProfile], areas: Sequence[AreaRanks]
) -> list[str]:
    """Say how it was computed, a paragraph each."""
    params = first.params
    told = [_laws_told(params), _chance_told(params)]
    if profiles:
        told.append(_circles_told(profiles[0]))
    if areas:
        told.append(
            f"Areas: random towns are drawn from the {areas[0].n_pool:,} that head no area, as "
            "many as the area has beside its head. The corrected p is that of Benjamini and "
            "Hochberg (1995): of the areas with one up to 0.05, about one in twenty is there by "
            "chance, at most."
        )
    told.append(
        f"Fewer than {params.min_towns} towns are not judged: among so few the logarithmic law "
        "often lies nearer by chance, and one common pool is seldom recognised."
    )
    if first.left_out:
        told.append(
            f"Left out, since nobody is counted there: {counted(len(first.left_out), 'town')}."
        )
    return told


def _laws_told(params: RankParams) -> str:
    space = "the logarithm of population" if params.space == "log" else "population"
    return (
        "Towns are ranked by population, the largest first (r = 1 ... n). Three laws are fitted by "
        "least squares: Zipf P = A·r^(−k), logarithmic P = a − b·ln r, exponential "
        f"P = A·e^(−c·r). Both the fit and R² are of {space}, so that no law is fitted by one "
        "measure and judged by another. C is R² of the logarithmic law less R² of Zipf’s."
    )


def _chance_told(params: RankParams) -> str:
    return (
        f"Chance: {params.draws:,} random sets of as many towns of the region, seed {params.seed}. "
        "p is the share of sets whose C is as large or larger, the observed set counted with them: "
        f"(1 + as large) / (1 + draws), so no p lies below 1/{params.draws + 1:,}."
    )


def _circles_told(profile: RankProfile) -> str:
    by = "by great-circle distance" if profile.by == "distance" else f"by time, {profile.way}"
    return (
        f"Circles around {profile.centre_name} are {by}; random towns are drawn from the "
        f"{profile.n_pool:,} others of the region. Circles lie within each other, and so do the "
        "sets drawn: populations are dealt out to all places at once. “p, all radii” is the share "
        "of draws in which any circle is as rare as this one (Westfall and Young 1993)."
    )


def _towns_table(profile: RankProfile) -> Table:
    reach = "Distance" if profile.by == "distance" else "Time"
    rows = tuple((town.town_id, town.name, town.reach, town.persons) for town in profile.towns)
    return Table(
        "rank_towns",
        f"{counted(len(rows), 'town')} within {profile.points[-1].radius:g} {profile.unit}",
        (
            Column("Code", "code"),
            Column("Town"),
            Column(reach, "number", profile.unit),
            Column("People", "count"),
        ),
        rows,
    )


def _towns_frame(profile: RankProfile) -> pd.DataFrame:
    reach = "distance_km" if profile.by == "distance" else "time_min"
    rows = [(town.town_id, town.name, town.reach, town.persons) for town in profile.towns]
    return pd.DataFrame(rows, columns=["town_id", "name", reach, "population"])


def _csv(frames: Sequence[pd.DataFrame]) -> str:
    return pd.concat(frames).to_csv(index=False, lineterminator="\n")
