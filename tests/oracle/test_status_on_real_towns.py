"""
What the rules say of real single-industry towns, whose data hold only part of what they ask for.

No accuracy is claimed: the towns of the Urals are all listed ones, and nothing is known of their
enterprises or unemployment.
"""

import re

import pandas as pd
import pytest
from scipy.stats import spearmanr

from comarca.errors import RegionError
from comarca.industry import StatusParams, judge_status
from comarca.io import read_region
from comarca.model.region import Region, typed_frame
from comarca.model.status_rule_tables import rule_sets_of

NUMBER = re.compile(r"([~≈]?)\s*(\d[\d\s]*\d)(?!\s*[–-]\s*\d)(?=$|\s|\(|;)")
DEPENDENCE = {"low": 1, "medium": 2, "high": 3}
OF_RESIDENTS = rule_sets_of(
    {
        "rule_set": [
            {
                "id": "R",
                "country": "*",
                "valid_from": pd.Timestamp("2000-01-01").date(),
                "criterion": [
                    {
                        "id": "share",
                        "measure": "main_employer_share_of_residents",
                        "at_least": 0.05,
                    }
                ],
                "admission": [{"criteria": ["share"]}],
            }
        ]
    }
)


@pytest.fixture(scope="module")
def ural(shared_dir) -> Region:
    path = shared_dir / "data" / "russia" / "ural_monotowns_1398r_2014.csv"
    table = pd.read_csv(path, dtype={"oktmo": str})
    towns = pd.DataFrame(
        {
            "town_id": table["oktmo"].fillna(table["town"]),  # one settlement has no code
            "name": table["town"],
            "lat": table["lat"],
            "lon": table["lon"],
            "population": table["population_2010_census"].fillna(
                table["population_2020_thousand"] * 1_000
            ),
        }
    )
    return Region(name="Ural", towns=typed_frame("towns", towns), country="RU")


def test_listed_towns_of_the_urals_are_open_where_the_data_are_silent(ural):
    """Every one has more than 3,000 residents; the rest of the criteria cannot be decided."""
    status = judge_status(ural, StatusParams(rule_set="RU-2014"))
    outcomes = status.outcomes().set_index("criterion")

    assert len(status.verdicts) == 33
    assert outcomes.loc["population", ["met", "not met", "not decidable"]].tolist() == [33, 0, 0]
    others = outcomes.drop(index="population")
    assert (others["not decidable"] == 33).all()
    assert status.counts() == {
        "single-industry": 0,
        "not single-industry": 0,
        "not decidable": 33,
    }


@pytest.fixture(scope="module")
def belarus(shared_dir) -> pd.DataFrame:
    """Towns with what is told of their main employer, the number read, and residents then."""
    folder = shared_dir / "data" / "belarus"
    towns = pd.read_csv(folder / "monotowns.csv", dtype=str, keep_default_na=False)
    counts = pd.read_csv(folder / "all_territories_population_1897_2026.csv")
    places = pd.read_csv(folder / "all_territories.csv").set_index("id")
    told = [NUMBER.match(text) for text in towns["employment_est"]]
    towns["is_plain"] = [bool(found) and not found[1] for found in told]
    towns["jobs"] = [
        float(re.sub(r"\s", "", found[2])) if found else float("nan") for found in told
    ]
    years = towns["employment_year"].str.extract(r"(\d{4})", expand=False).astype(float)
    towns["residents"] = [
        _residents(counts[counts["id"] == town], 2020 if pd.isna(year) else year)
        for town, year in zip(towns["city_id"], years, strict=True)
    ]
    return towns.join(places[["lat", "lon"]], on="city_id")


def _residents(counts, year):
    nearest = (counts["year"] - year).abs().idxmin()
    return float(counts.loc[nearest, "population"])


def employers(rows) -> Region:
    towns = pd.DataFrame(
        {
            "town_id": rows["city_id"],
            "name": rows["city_ru"],
            "lat": rows["lat"],
            "lon": rows["lon"],
            "population": rows["residents"],
        }
    )
    known = rows[rows["jobs"].notna()]
    plants = pd.DataFrame(
        {
            "enterprise_id": known["city_id"],
            "name": known["enterprise_en"],
            "town_id": known["city_id"],
            "isic": "C",
            "jobs": known["jobs"],
        }
    )
    return Region(
        name="Belarus",
        towns=typed_frame("towns", towns),
        tables={"enterprises": typed_frame("enterprises", plants)},
        country="BY",
    )


def test_stated_dependence_rises_with_the_main_employers_share(belarus):
    """Towns whose employment can be read; the statement also weighs what else a town has."""
    status = judge_status(employers(belarus), rule_sets=OF_RESIDENTS)
    share = pd.to_numeric(status.criteria.set_index("town_id")["value"]).dropna()
    stated = belarus.set_index("city_id")["mono_dependence"].map(DEPENDENCE)

    found = spearmanr(share, stated[share.index])

    assert len(share) == belarus["jobs"].notna().sum() >= 25
    assert found.statistic > 0.5
    assert found.pvalue < 0.01
    assert status.counts()["not decidable"] == 46 - len(share)


def test_what_cannot_be_read_as_a_number_is_told_and_not_guessed(belarus, tmp_path):
    """ "~1393" and "н/д" are faults at the door, each with its line; nothing is made of them."""
    region = employers(belarus)
    towns = region.towns.reset_index()[["town_id", "name", "lat", "lon", "population"]]
    towns.dropna().to_csv(tmp_path / "towns.csv", index=False)
    plants = belarus[["city_id", "enterprise_en", "employment_est"]].assign(isic="C")
    plants.columns = ["enterprise_id", "name", "jobs", "isic"]
    plants.assign(town_id=plants["enterprise_id"]).to_csv(tmp_path / "enterprises.csv", index=False)
    (tmp_path / "region.toml").write_text('name = "Belarus"\ncountry = "BY"\n')

    with pytest.raises(RegionError) as caught:
        read_region(tmp_path)

    told = str(caught.value)
    assert 'jobs of c-dobrush is "~1393"' in told
    assert 'jobs of c-lepiel is "н/д"' in told
    faults = [fault for fault in caught.value.faults if fault.object.startswith("jobs of")]
    plain = belarus["employment_est"].str.fullmatch(r"\d+").sum()
    assert plain == 2
    assert len(faults) == 46 - plain
