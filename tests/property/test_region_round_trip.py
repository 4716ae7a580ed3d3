"""Whatever a region holds, writing and reading it again changes nothing."""

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comarca.io import read_region, write_region
from comarca.model.region import Region, typed_frame

# Letters, digits, marks, punctuation and symbols of all scripts, blanks inside; no control codes.
LETTERS = st.characters(categories=("L", "M", "N", "P", "S", "Zs"), exclude_characters="\ufffd")
NAMES = st.one_of(
    st.text(LETTERS, min_size=1, max_size=12).filter(lambda text: text == text.strip()),
    st.sampled_from(["=1+1", "#N/A", "NaN", '"quoted"', "a;b,c\td".replace("\t", " "), "-", "'01"]),
)
CODES = st.one_of(
    st.from_regex(r"0{0,3}[0-9]{1,8}", fullmatch=True),
    st.from_regex(r"[A-Za-z]{1,3}[.\-_ ][0-9]{1,4}", fullmatch=True),
)
COUNTS = st.integers(0, 10**9)
AMOUNTS = st.floats(0, 1e12, allow_nan=False)


@st.composite
def regions(draw):
    """A few towns and the flows between them, with gaps where gaps may be."""
    codes = draw(st.lists(CODES, min_size=2, max_size=5, unique=True))
    # Towns of one region: far apart, some would look as if lat and lon were exchanged.
    middle_lat, middle_lon = draw(st.floats(-85, 85)), draw(st.floats(-175, 175))
    nearby = st.floats(-1, 1)
    towns = pd.DataFrame(
        {
            "town_id": codes,
            "name": [draw(NAMES) for _ in codes],
            "lat": [middle_lat + draw(nearby) for _ in codes],
            "lon": [middle_lon + draw(nearby) for _ in codes],
            "population": [draw(COUNTS) for _ in codes],
            "admin_code": [draw(st.none() | CODES) for _ in codes],
            "jobs": [draw(st.none() | AMOUNTS) for _ in codes],
        }
    )
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(codes), st.sampled_from(codes)), max_size=5, unique=True)
    )
    flows = pd.DataFrame(
        [
            (
                home,
                work,
                draw(st.none() | st.sampled_from(["basic", "higher"])),
                draw(st.none() | CODES | NAMES),
                draw(AMOUNTS),
            )
            for home, work in pairs
        ],
        columns=["origin", "destination", "skill", "occupation", "persons"],
    )
    return Region(
        name=draw(NAMES),
        towns=typed_frame("towns", towns),
        tables={"flows": typed_frame("flows", flows)} if pairs else {},
        country=draw(st.none() | st.just("AQ")),
        currency="MXN",
        price_year=draw(st.none() | st.integers(1900, 2100)),
        usd_exchange_rate=draw(st.none() | st.floats(0.01, 1e4)),
        sources=tuple(draw(st.lists(NAMES, max_size=2))),
    )


def assert_survives(region: Region, kind: str) -> None:
    assume(not (region.towns["lat"].eq(0) & region.towns["lon"].eq(0)).any())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("r" if kind == "csv" else f"r.{kind}")
        again = read_region(write_region(region, path, format=kind))
    exactness = {"rtol": 1e-15, "atol": 0} if kind == "xlsx" else {"check_exact": True}
    pd.testing.assert_frame_equal(again.towns, region.towns, **exactness)
    assert set(again.tables) == set(region.tables)
    for name, table in region.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table, **exactness)
    for setting in ("name", "country", "currency", "price_year", "sources"):
        assert getattr(again, setting) == getattr(region, setting), setting
    if region.usd_exchange_rate is None:
        assert again.usd_exchange_rate is None
    else:
        # A workbook holds sixteen digits of a number.
        assert again.usd_exchange_rate == pytest.approx(region.usd_exchange_rate, rel=1e-15)


@given(regions())
@settings(max_examples=60)
def test_through_csv(region):
    assert_survives(region, "csv")


@given(regions())
@settings(max_examples=25)
def test_through_a_workbook(region):
    assert_survives(region, "xlsx")


@given(regions())
@settings(max_examples=8)
def test_through_a_geopackage(region):
    assert_survives(region, "gpkg")
