"""Small regions with industries, enterprises and standing."""

import pandas as pd

from comarca.model.region import Region, typed_frame


def region_of(towns=("ash", "birch"), *, country=None, town_columns=None, **tables):
    """A region of named towns, ten thousand residents each unless told otherwise."""
    frame = pd.DataFrame(
        {
            "town_id": list(towns),
            "name": [town.title() for town in towns],
            "lat": [47.0 + 0.1 * at for at in range(len(towns))],
            "lon": 20.0,
            "population": 10_000,
            **(town_columns or {}),
        }
    )
    made = {name: typed_frame(name, pd.DataFrame(rows)) for name, rows in tables.items()}
    return Region(name="World", towns=typed_frame("towns", frame), tables=made, country=country)


def employment(rows):
    """Rows of ``town, year, isic, persons[, output]``."""
    return [
        dict(zip(("town_id", "year", "isic", "persons", "output"), row, strict=False))
        for row in rows
    ]


def enterprise(code, town, isic, jobs, **more):
    return {
        "enterprise_id": code,
        "name": f"{code.title()} works",
        "town_id": town,
        "isic": isic,
        "jobs": jobs,
        **more,
    }
