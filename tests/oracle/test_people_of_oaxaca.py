"""The source paper's statements on all municipalities of Oaxaca; known changes of boundary."""

from pathlib import Path

import pandas as pd
import pytest

from comarca.demography import DiagnosisParams, diagnose, judge_claims
from comarca.model.region import Region, typed_frame

UNIVERSITY_TOWNS = {"20039": 1.96, "20324": 1.85, "20059": 1.54}


def region_of_mexico(folder: Path, state: str = "") -> Region:
    """Municipalities with coordinates and their censuses from 1990 to 2020."""
    codes = {"cve_mun": str}
    counts = pd.read_csv(folder / "mx_municipio_population_1990_2020.csv", dtype=codes)
    places = pd.read_csv(folder / "mx_municipio_coords_2020.csv", dtype=codes)
    places["town_id"] = places["cve_mun"].str.zfill(5)
    counts["town_id"] = counts["cve_mun"].str.zfill(5)
    counts = counts[(counts["sex"] == "T") & counts["pop"].notna()]
    places = places[places["town_id"].str.startswith(state)]
    counts = counts[counts["town_id"].isin(places["town_id"])]
    towns = places.rename(columns={"municipio_name": "name", "pop": "population"})
    series = counts.rename(columns={"pop": "persons"}).assign(sex=None, basis="municipality")
    return Region(
        name="Mexico",
        towns=typed_frame("towns", towns),
        tables={"population": typed_frame("population", series)},
    )


@pytest.fixture(scope="module")
def oaxaca(shared_dir: Path) -> Region:
    return region_of_mexico(shared_dir / "data" / "oaxaca", "20")


def test_table_1_of_the_paper(oaxaca):
    growth = diagnose(oaxaca, DiagnosisParams(year_from=1990, year_to=2015)).growth

    multiples = growth.set_index("town_id")["growth_multiple"].astype(float).round(2)
    assert multiples[list(UNIVERSITY_TOWNS)].to_dict() == UNIVERSITY_TOWNS


def test_what_the_paper_says_of_size_classes(oaxaca):
    verdicts = judge_claims(oaxaca).verdicts.set_index("claim_id")

    assert verdicts.loc["paper_university_towns", "verdict"] == "holds"
    larger = verdicts.loc["paper_larger_small_towns"]
    assert (larger["verdict"], larger["n_towns"], larger["n_in_line"]) == ("does not hold", 13, 4)
    smallest = verdicts.loc["paper_smallest_towns"]
    assert smallest["verdict"] == "does not hold"
    assert smallest["pooled_multiple"] == pytest.approx(1.2, abs=0.02)
    assert smallest["shrinking_share"] == pytest.approx(0.48, abs=0.015)
    assert verdicts.loc["paper_majority_stable", "verdict"] == "does not hold"
    assert verdicts.loc["paper_university_young", "verdict"] == "not decidable"  # no ages here


def test_new_municipalities_are_traced_to_those_they_were_part_of(shared_dir):
    """Founded 2001, 2011, 2003 and 2019 out of the municipality named second."""
    known = {"15124": "15074", "23010": "23004", "30211": "30102", "17035": "17017"}

    found = diagnose(region_of_mexico(shared_dir / "data" / "oaxaca")).boundary_changes

    first = found[found["is_first_count"]].drop_duplicates("town_id").set_index("town_id")
    for town, part_of in known.items():
        assert part_of in first.loc[town, "neighbour_ids"].split()
