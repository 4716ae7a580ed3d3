"""Small regions with counts by age, for the tests of the people of towns."""

import pandas as pd

from comarca.model.region import Region, typed_frame

BANDS = ((0, 19), (20, 29), (30, 49), (50, 64), (65, None))


def people_region(counts, places=None, **settings):
    """A region of the towns named in ``counts``: rows of town, year, persons."""
    rows = pd.DataFrame(counts, columns=["town_id", "year", "persons"])
    return region_of(rows, places, **settings)


def aged_region(counts, bands=BANDS, places=None, **settings):
    """A region from rows of town, year, sex, and one number of persons a band."""
    rows = [
        (town, year, sex, low, high, persons)
        for town, year, sex, *values in counts
        for (low, high), persons in zip(bands, values, strict=True)
    ]
    columns = ["town_id", "year", "sex", "age_from", "age_to", "persons"]
    return region_of(pd.DataFrame(rows, columns=columns), places, **settings)


def region_of(rows, places=None, population=1_000, tables=None, **settings):
    town_ids = list(dict.fromkeys(rows["town_id"]))
    if len(town_ids) == 1:
        town_ids.append("elsewhere")
    at = places or {town: (47.0, 20.0 + 0.1 * n) for n, town in enumerate(town_ids)}
    towns = pd.DataFrame(
        {
            "town_id": town_ids,
            "name": [town.capitalize() for town in town_ids],
            "lat": [at.get(town, (40.0, 10.0))[0] for town in town_ids],
            "lon": [at.get(town, (40.0, 10.0))[1] for town in town_ids],
            "population": population,
        }
    )
    given = {name: typed_frame(name, table) for name, table in (tables or {}).items()}
    return Region(
        name="People",
        towns=typed_frame("towns", towns),
        tables={"population": typed_frame("population", rows), **given},
        **settings,
    )
