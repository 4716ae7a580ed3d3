"""The chart of who travels how far shows what it is given, and says it to those who do not see."""

import re
from xml.etree import ElementTree

import pandas as pd
import pytest

from comarca.report.trip_chart import trip_chart

BANDS = pd.DataFrame(
    {
        "from_min": [0, 10, 30],
        "to_min": [10, 30, 90],
        "observed": [50, 30, 20],
        "estimated": [60, 40, 0],
    }
)
SVG = "{http://www.w3.org/2000/svg}"


def test_every_band_is_drawn_and_told():
    root = ElementTree.fromstring(trip_chart(BANDS, (0.8, 0.75)))  # noqa: S314  # our own text
    columns = [rect for rect in root.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]
    heights = [float(rect.get("height", 0)) for rect in columns]
    assert heights == pytest.approx([heights[0], 0.6 * heights[0], 0.4 * heights[0]], rel=0.01)
    told = root.findtext(f"{SVG}desc")
    assert "80 % stay in their own town as counted, 75 % as estimated" in told
    assert "0 to 10 min: 50 % counted, 60 % estimated" in told
    assert "30 to 90 min: 20 % counted, 0 % estimated" in told


def test_bands_without_a_ratio_have_no_mark_for_it():
    drawing = trip_chart(BANDS, (0.8, 0.75))
    assert len(re.findall("estimated for each counted", drawing)) == 2
    assert drawing.count("<circle") == 3 + 2 + 1  # shares, ratios, the legend


def test_nobody_who_leaves_is_drawn_as_nobody():
    nobody = BANDS.assign(observed=0, estimated=0)
    assert "NaN" not in trip_chart(nobody, (1.0, 1.0))
