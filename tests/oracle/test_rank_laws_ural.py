"""
Russian towns of 2020 beside a table worked out earlier, with which the reference notes begin.

That table fits Zipf's law to logarithms and judges it, in one column, by persons. Where fit and
judge agree its figures are met to the last digit printed; the mixed column is met by mixing. In one
space throughout the logarithmic law gains far less on Zipf's, and the p-values hardly change.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from comarca.commuting import RankParams, fit_rank_laws, rank_profile
from comarca.commuting.ranks.laws import falling_rows
from comarca.commuting.ranks.least_squares import line
from comarca.model.region import Region, typed_frame
from comarca.travel import great_circle_km

OBLASTS = {"Yekaterinburg": "RU-SVE", "Chelyabinsk": "RU-CHE", "Moscow": None}
CITIES = {"Yekaterinburg": "Екатеринбург", "Chelyabinsk": "Челябинск", "Moscow": "Москва"}


@pytest.fixture(scope="module")
def towns(shared_dir: Path) -> pd.DataFrame:
    table = pd.read_csv(shared_dir / "data" / "russia" / "ru_cities_towns.csv", dtype=str)
    numbers = ["population", "lat", "lon"]
    return table.assign(**{name: table[name].astype(float) for name in numbers})


def oblast(towns, code):
    return towns[towns["region_iso_code"] == code]


def around(towns, city, radius_km):
    """Populations, thousands, of the towns of all Russia within a circle, its centre left out."""
    km = great_circle_km(towns["lat"].to_numpy(), towns["lon"].to_numpy())
    centre = int(np.flatnonzero(towns["city"] == CITIES[city])[0])
    is_near = (km[centre] <= radius_km) & (np.arange(len(towns)) != centre)
    return towns["population"][is_near]


def sets(towns):
    sverdlovsk, chelyabinsk = oblast(towns, "RU-SVE"), oblast(towns, "RU-CHE")
    return {
        "Sverdlovsk": sverdlovsk["population"],
        "Sverdlovsk without core": sverdlovsk["population"].nsmallest(46),
        "Chelyabinsk": chelyabinsk["population"],
        **{f"Yekaterinburg {r}": around(towns, "Yekaterinburg", r) for r in (50, 75, 100, 150)},
        "Chelyabinsk 100": around(towns, "Chelyabinsk", 100),
        **{f"Moscow {r}": around(towns, "Moscow", r) for r in (50, 100)},
    }


# n, k, then R²: Zipf fitted to logarithms and judged by persons, logarithmic law (persons), Zipf
# and exponential law (logarithms).
PRINTED = {
    "Sverdlovsk": (47, 1.09, 0.755, 0.435, 0.953, 0.814),
    "Sverdlovsk without core": (46, 0.89, 0.958, 0.771, 0.940, 0.921),
    "Chelyabinsk": (30, 1.34, 0.971, 0.590, 0.984, 0.841),
    "Yekaterinburg 50": (10, 0.92, 0.795, 0.943, 0.873, 0.947),
    "Yekaterinburg 75": (14, 0.90, 0.573, 0.937, 0.821, 0.951),
    "Yekaterinburg 100": (23, 0.86, 0.773, 0.960, 0.899, 0.964),
    "Yekaterinburg 150": (34, 0.96, 0.953, 0.791, 0.946, 0.933),
    "Chelyabinsk 100": (12, 1.16, 0.666, 0.905, 0.914, 0.949),
    "Moscow 50": (30, 0.96, 0.377, 0.965, 0.849, 0.977),
    "Moscow 100": (70, 1.02, -0.86, 0.942, 0.861, 0.982),
}


@pytest.mark.parametrize("name", list(PRINTED))
def test_what_is_fitted_and_judged_in_one_space_is_met(towns, name):
    persons = sets(towns)[name]
    log, linear = fit_rank_laws(persons, "log").fits, fit_rank_laws(persons, "linear").fits
    n_towns, k, _, logarithmic, zipf_log, exponential_log = PRINTED[name]

    assert len(persons) == n_towns
    assert log["zipf"].decline == pytest.approx(k, abs=0.0055)  # 1.155 is printed 1.16
    assert linear["logarithmic"].r2 == pytest.approx(logarithmic, abs=0.00051)
    assert log["zipf"].r2 == pytest.approx(zipf_log, abs=0.00051)
    assert log["exponential"].r2 == pytest.approx(exponential_log, abs=0.00051)


def judged_by_persons(fit, persons):
    falling = np.sort(persons)[::-1]
    off = falling - fit.persons_at(np.arange(1, len(falling) + 1))
    return 1 - (off**2).sum() / ((falling - falling.mean()) ** 2).sum()


@pytest.mark.parametrize("name", list(PRINTED))
def test_the_mixed_column_is_met_by_mixing_and_flatters_the_logarithmic_law(towns, name):
    persons = sets(towns)[name].to_numpy()
    mixed = judged_by_persons(fit_rank_laws(persons, "log").fits["zipf"], persons)

    assert mixed == pytest.approx(PRINTED[name][2], abs=0.0051 if name == "Moscow 100" else 0.00051)
    assert fit_rank_laws(persons, "linear").fits["zipf"].r2 > mixed


@pytest.mark.parametrize(("code", "n_towns"), [("RU-ROS", 23), ("RU-KDA", 26), ("RU-TVE", 23)])
def test_other_regions_lie_in_the_ranges_printed(towns, code, n_towns):
    persons = oblast(towns, code)["population"].to_numpy()
    log, linear = fit_rank_laws(persons, "log").fits, fit_rank_laws(persons, "linear").fits

    assert len(persons) == n_towns
    assert 0.95 <= log["zipf"].decline <= 1.35
    assert 0.835 <= judged_by_persons(log["zipf"], persons) <= 0.965
    assert 0.525 <= linear["logarithmic"].r2 <= 0.705
    assert 0.935 <= log["zipf"].r2 <= 0.975
    assert 0.725 <= log["exponential"].r2 <= 0.925


def region_of(towns, city):
    code = OBLASTS[city]
    kept = towns if code is None else oblast(towns, code)
    frame = pd.DataFrame(
        {
            "town_id": [f"{number:04}" for number in range(len(kept))],
            "name": kept["city"].to_numpy(),
            "lat": kept["lat"].to_numpy(),
            "lon": kept["lon"].to_numpy(),
            "population": (1_000 * kept["population"]).round().to_numpy(),
        }
    )
    return Region(name=city, towns=typed_frame("towns", frame))


def centre_of(region, city):
    return str(region.towns.index[region.towns["name"] == CITIES[city]][0])


# Printed p-values, of the mixed criterion: persons for the logarithmic law, mixed for Zipf's.
PRINTED_P = {
    ("Yekaterinburg", 50): 0.29,
    ("Yekaterinburg", 75): 0.08,
    ("Yekaterinburg", 100): 0.21,
    ("Chelyabinsk", 100): 0.16,
    ("Chelyabinsk", 125): 0.04,
}


def mixed_criterion(falling):
    """The logarithmic law fitted and judged by persons, Zipf fitted to logarithms but so judged."""
    log_rank = np.log(np.arange(1, falling.shape[1] + 1))
    zipf = line(np.log(falling), log_rank)
    fitted = np.exp(zipf.scale[:, None] - zipf.decline[:, None] * log_rank)
    off_mean = ((falling - falling.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    return line(falling, log_rank).r2 - 1 + ((falling - fitted) ** 2).sum(axis=1) / off_mean


@pytest.mark.parametrize(("city", "radius_km"), list(PRINTED_P))
def test_the_printed_p_values_are_those_of_the_mixed_criterion(towns, city, radius_km):
    region = region_of(towns, city)
    point = rank_profile(
        region, centre_of(region, city), RankParams(radii_km=(radius_km,), draws=99)
    ).points[0]
    pool = region.towns["population"].to_numpy(float)
    pool = pool[region.towns["name"] != CITIES[city]]
    random = np.random.default_rng(1)
    drawn = falling_rows(random.permuted(np.tile(pool, (5_000, 1)), axis=1)[:, : point.n_towns])
    observed = mixed_criterion(np.array([point.laws.persons]))
    p = (1 + (mixed_criterion(drawn) >= observed).sum()) / 5_001

    assert p == pytest.approx(PRINTED_P[city, radius_km], abs=0.02)


# In one space: C and p of the towns of the oblast, linear and log, core left out.
ONE_SPACE = {
    ("Yekaterinburg", 50): ((0.039, 0.32), (0.067, 0.31)),
    ("Yekaterinburg", 75): ((0.081, 0.12), (0.125, 0.10)),
    ("Yekaterinburg", 100): ((0.011, 0.24), (0.075, 0.22)),
    ("Chelyabinsk", 100): ((0.049, 0.15), (0.022, 0.17)),
    ("Chelyabinsk", 125): ((0.100, 0.02), (0.074, 0.03)),
    ("Moscow", 50): ((0.019, 0.10), (0.136, 0.05)),
    ("Moscow", 100): ((0.001, 0.06), (0.101, 0.03)),
}


@pytest.mark.parametrize(("city", "radius_km"), list(ONE_SPACE))
@pytest.mark.parametrize("space", ["linear", "log"])
def test_in_one_space_the_satellites_seldom_pass_for_more_than_chance(
    towns, city, radius_km, space
):
    region = region_of(towns, city)
    params = RankParams(space=space, radii_km=(radius_km,))
    point = rank_profile(region, centre_of(region, city), params).points[0]
    criterion, p = ONE_SPACE[city, radius_km][space == "log"]

    assert point.criterion == pytest.approx(criterion, abs=0.00051)
    assert point.p == pytest.approx(p, abs=0.02)


def test_no_radius_around_yekaterinburg_is_rare_once_all_are_allowed_for(towns):
    region = region_of(towns, "Yekaterinburg")
    params = RankParams(radii_km=(50, 75, 100, 125, 150))

    profile = rank_profile(region, centre_of(region, "Yekaterinburg"), params)

    assert profile.p_overall == pytest.approx(0.24, abs=0.02)
    assert [point.criterion > 0 for point in profile.points] == [True, True, True, False, False]
