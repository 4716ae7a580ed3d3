"""Panels whose effects are known, and the classic ones of the literature from shared data."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from comarca.demography.effects import OutcomePanel
from comarca.model.region import Region, typed_frame

BASQUE, CALIFORNIA = "Basque Country (Pais Vasco)", "California"


def panel_of(rows: dict[str, list[float]], first_year: int = 2000) -> OutcomePanel:
    """A panel of some places, year after year."""
    years = range(first_year, first_year + len(next(iter(rows.values()))))
    return OutcomePanel.from_frame(pd.DataFrame.from_dict(rows, orient="index", columns=years))


def mixed_world(effect: float = 0.0, weights: tuple[float, ...] = (0.6, 0.4)) -> OutcomePanel:
    """
    Town ``t`` is a mixture of ``a``, ``b``; from 2006 on an effect comes on top.

    Donors go their own ways over six years before, so that no other mixture meets all of them.
    """
    random = np.random.default_rng(5)
    donors = {name: (100 + random.normal(0, 8, 10).cumsum()).tolist() for name in "abcdef"}
    mixed = sum(w * np.array(donors[name]) for w, name in zip(weights, "ab", strict=True))
    return panel_of({"t": (mixed + effect * (np.arange(10) >= 6)).tolist(), **donors})


def staggered_world(
    n: int = 120, seed: int = 3
) -> tuple[OutcomePanel, dict[str, int], pd.DataFrame]:
    """
    Events of 2003, 2004 and 2006; who has one, and how fast a town grows, hang on a covariate.

    The effect is 1 in the first year and grows by a half each year.
    """
    random = np.random.default_rng(seed)
    years = np.arange(2000, 2008)
    x = random.normal(size=n)
    lot = random.uniform(size=n) < 1 / (1 + np.exp(-0.7 * x))
    group = np.where(lot, random.choice([2003, 2004, 2006], size=n), 9999)
    level = random.normal(size=n)
    noise = random.normal(0, 0.5, size=(n, len(years)))
    since = years - group[:, None]
    effect = np.where(since >= 0, 1 + 0.5 * since, 0.0)
    outcomes = level[:, None] + (0.3 + 0.4 * x)[:, None] * (years - 2000) + effect + noise
    units = [f"u{at:03}" for at in range(n)]
    panel = OutcomePanel.from_frame(pd.DataFrame(outcomes, index=units, columns=years))
    events = {unit: int(year) for unit, year in zip(units, group, strict=True) if year < 9999}
    return panel, events, pd.DataFrame({"x": x}, index=units)


def basque(shared_dir: Path) -> tuple[OutcomePanel, pd.DataFrame]:
    """Regions of Spain 1955 to 1997, and the thirteen predictors of the published study."""
    table = pd.read_csv(shared_dir / "data" / "synthetic_control" / "basque.csv")
    table = table[table["regionno"] != 1].astype({"year": int})  # 1 is Spain as a whole
    table["school.high"] += table["school.post.high"]

    def mean(column: str, first: int, last: int) -> pd.Series:
        wide = table.pivot_table(index="regionname", columns="year", values=column)
        return wide.loc[:, [y for y in wide.columns if first <= y <= last]].mean(axis=1)

    schools = ["school.illit", "school.prim", "school.med", "school.high"]
    pupils = pd.DataFrame({name: mean(name, 1964, 1969) for name in schools})
    predictors = 100 * pupils.div(pupils.sum(axis=1), axis=0)
    predictors["invest"] = mean("invest", 1964, 1969)
    predictors["gdpcap"] = mean("gdpcap", 1960, 1969)
    for name in (column for column in table.columns if column.startswith("sec.")):
        predictors[name] = mean(name, 1961, 1969)
    predictors["popdens"] = mean("popdens", 1969, 1969)
    return _panel(table, "regionname", "gdpcap"), predictors


def proposition_99(shared_dir: Path) -> tuple[OutcomePanel, pd.DataFrame]:
    """Cigarettes sold in 39 states 1970 to 2000, and the published study's seven predictors."""
    table = pd.read_csv(shared_dir / "data" / "synthetic_control" / "smoking_prop99.csv")
    table = table.astype({"year": int})
    panel = _panel(table, "state", "cigsale")
    eighties = table[table["year"].between(1980, 1988)].groupby("state")
    predictors = eighties[["lnincome", "retprice", "age15to24"]].mean()
    predictors["beer"] = table[table["year"].between(1984, 1988)].groupby("state")["beer"].mean()
    for year in (1975, 1980, 1988):
        predictors[f"cigsale {year}"] = panel.outcomes[:, panel.years.index(year)]
    return panel, predictors


def _panel(table: pd.DataFrame, unit: str, outcome: str) -> OutcomePanel:
    return OutcomePanel.from_frame(table.pivot_table(index=unit, columns="year", values=outcome))


def region_with_university(
    effect: float = 0.25,
    *,
    n_towns: int = 30,
    opened: int = 2000,
    years: Sequence[int] = tuple(range(1960, 2021, 2)),
) -> Region:
    """
    Towns a degree apart, each on its own way; after ``opened`` the first has so many more people.

    It is half of each of two others before, but for a chance of some thousandths; the region's jobs
    follow its people, four in ten.
    """
    random = np.random.default_rng(11)
    ways = 10 + random.normal(0, 0.03, (n_towns, len(years))).cumsum(axis=1)
    ways[0] = (ways[1] + ways[2]) / 2 + np.log1p(effect) * (np.array(years) >= opened)
    ways[0] += random.normal(0, 0.003, len(years))
    persons = np.exp(ways).round()
    ids = [f"t{at:02}" for at in range(n_towns)]
    towns = pd.DataFrame(
        {
            "town_id": ids,
            "name": [f"Town {at}" for at in range(n_towns)],
            "lat": [float(at) for at in range(n_towns)],
            "lon": 10.0,
            "population": persons[:, -1],
        }
    )
    wide = pd.DataFrame(persons, index=ids, columns=list(years)).rename_axis("town_id")
    long = wide.reset_index().melt("town_id", var_name="year", value_name="persons")
    jobs = long.assign(isic="C", persons=long["persons"] * 0.4)
    university = {
        "institution_id": ["uni"],
        "town_id": ["t00"],
        "kind": ["university"],
        "opened_year": [opened],
        "students": [2_000],
    }
    tables = {"population": long, "employment": jobs, "institutions": pd.DataFrame(university)}
    return Region(
        name="Ways",
        towns=typed_frame("towns", towns),
        tables={name: typed_frame(name, frame) for name, frame in tables.items()},
    )
