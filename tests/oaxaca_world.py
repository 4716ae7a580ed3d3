"""All 570 municipalities of Oaxaca with the universities of the source paper, from shared data."""

from pathlib import Path

import pandas as pd

from comarca.model.region import Region, typed_frame

HUAJUAPAN, POCHUTLA, MIAHUATLAN = "20039", "20324", "20059"
"""Municipalities of UTM (1990), UNMAR (1991) and UNSIS (2000), as the paper's Table 1 has them."""
OPENED = {HUAJUAPAN: 1990, POCHUTLA: 1991, MIAHUATLAN: 2000}


def oaxaca(shared_dir: Path) -> Region:
    """Towns are municipalities; three have no place in the table of coordinates of 2020."""
    folder = shared_dir / "data" / "oaxaca"
    counts = pd.read_csv(
        folder / "oaxaca_municipio_population_1990_2020.csv", dtype={"cve_mun": str}
    )
    totals = counts[counts["sex"] == "T"]
    latest = totals[totals["year"] == 2020].set_index("cve_mun")
    places = pd.read_csv(folder / "mx_municipio_coords_2020.csv", dtype={"cve_mun": str})
    places = places.set_index("cve_mun")[["lat", "lon"]]
    towns = latest.join(places, how="inner").reset_index()
    population = totals[totals["cve_mun"].isin(towns["cve_mun"])].rename(
        columns={"cve_mun": "town_id", "pop": "persons"}
    )
    opened = pd.DataFrame(
        {
            "institution_id": ["UTM", "UNMAR", "UNSIS"],
            "town_id": list(OPENED),
            "kind": "university",
            "opened_year": list(OPENED.values()),
        }
    )
    return Region(
        name="Oaxaca",
        country="MX",
        towns=typed_frame(
            "towns", towns.rename(columns={"cve_mun": "town_id", "pop": "population"})
        ),
        tables={
            "population": typed_frame(
                "population",
                population.drop(columns="sex").assign(basis="municipality"),
            ),
            "institutions": typed_frame("institutions", opened),
        },
    )
