"""The page of the rank laws: whole, self-contained, and never a criterion without its p."""

import re
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from comarca.commuting import RankParams, rank_areas, rank_profile
from comarca.errors import ParameterError
from comarca.model.partition import Area, Partition
from comarca.report import write_rank_report
from comarca.report.rank_charts import areas_chart, profile_chart
from comarca.report.rank_panels import rank_panels
from rank_world import around_a_city, logarithmic, world, zipf

REGION = around_a_city(logarithmic(20, 40_000), zipf(40, 200_000))


def profile_of(region=REGION, centre="city", **given):
    return rank_profile(
        region, centre, RankParams(**{"radii_km": (5, 12, 20), "draws": 99} | given)
    )


def parsed(picture):
    return ET.fromstring(picture)  # noqa: S314 - our own


def halves(region=REGION):
    """Two areas: the city with its satellites, and the others under their largest."""
    area_of = {town: "o1" if town.startswith("o") else "city" for town in region.town_ids}
    areas = [Area(area_id=head, name=f"<{head}>", head_town_id=head) for head in ("city", "o1")]
    partition = Partition(
        origin="official",
        area_of=area_of,
        status_of=dict.fromkeys(area_of, "member"),
        areas=tuple(areas),
    )
    return rank_areas(region, partition, RankParams(draws=99))


def test_every_file_is_written_and_named(tmp_path):
    files = write_rank_report(tmp_path / "out", [profile_of(), profile_of(core="with")], [halves()])

    assert sorted(path.name for path in files) == [
        "rank_areas.csv",
        "rank_areas.svg",
        "rank_profile.csv",
        "rank_profile.svg",
        "rank_towns.csv",
        "ranks.html",
    ]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        path.name for path in files
    )


def test_the_table_holds_both_cores_and_every_figure(tmp_path):
    profiles = [profile_of(), profile_of(core="with")]
    write_rank_report(tmp_path, profiles)

    table = pd.read_csv(tmp_path / "rank_profile.csv")

    assert table["core"].tolist() == ["without"] * 3 + ["with"] * 3
    assert table.loc[1, "criterion"] == profiles[0].points[1].criterion
    assert table.loc[1, "p"] == profiles[0].points[1].p
    assert "too few towns" in table.loc[0, "note"]


def test_codes_keep_their_zeros(tmp_path):
    towns = {f"{n:03}": (float(n), 1_000.0 * n + 1) for n in range(30)}
    write_rank_report(tmp_path, [profile_of(world(towns), "000")])

    table = pd.read_csv(tmp_path / "rank_towns.csv", dtype=str)

    assert table["town_id"].tolist() == [f"{n:03}" for n in range(1, 21)]
    assert ">007<" in (tmp_path / "ranks.html").read_text(encoding="utf-8")


def test_the_page_fetches_nothing_and_says_what_each_profile_means(tmp_path):
    profiles = [profile_of(), profile_of(core="with")]
    write_rank_report(tmp_path, profiles, [halves()], note="Flows are estimated.")

    page = (tmp_path / "ranks.html").read_text(encoding="utf-8")

    assert not re.findall(r"(?:src|href)=\"(?!#|data:)", page)
    assert not re.findall(r"url\(|@import", page)
    for profile in profiles:
        assert profile.reading() in page.replace("&#39;", "'")
    assert "Flows are estimated." in page
    assert "no p lies below 1/100" in page
    assert "fewer than 8 towns are not judged" in page.lower()
    assert "&lt;city&gt;" in page
    assert "<city>" not in page


def test_ids_of_pictures_differ(tmp_path):
    write_rank_report(tmp_path, [profile_of(), profile_of(core="with")], [halves(), halves()])

    ids = re.findall(r' id="([^"]+)"', (tmp_path / "ranks.html").read_text(encoding="utf-8"))

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("space", ["linear", "log"])
@pytest.mark.parametrize(
    "radii",
    [(20,), (3, 5), (12, 12.5, 13), (12, 1_000), tuple(range(8, 21))],
    ids=["one", "too few", "close together", "all towns", "many"],
)
def test_charts_are_sound_whatever_the_radii(radii, space):
    profile = profile_of(radii_km=radii, space=space)

    for picture in (profile_chart(profile), rank_panels(profile)):
        assert "nan" not in picture
        assert parsed(picture).tag.endswith("svg")


def test_every_radius_stands_below_the_chart_with_its_p():
    profile = profile_of()
    texts = [part.text for part in parsed(profile_chart(profile)).iter() if part.text]

    assert {"5", "12", "20"} <= set(texts)
    assert texts.count("too few") == 1
    assert f"{profile.points[1].p:.2g}" in texts


def test_areas_that_could_not_be_judged_are_counted(tmp_path):
    area_of = dict.fromkeys(REGION.town_ids)
    area_of |= {"s1": "s1", "s2": "s1"}
    pair = Partition(
        origin="official",
        area_of=area_of,
        status_of=dict.fromkeys(area_of, "member"),
        areas=(Area(area_id="s1", name="Pair", head_town_id="s1"),),
    )
    ranks = rank_areas(REGION, pair, RankParams(draws=99))

    write_rank_report(tmp_path, areas=[ranks])

    page = (tmp_path / "ranks.html").read_text(encoding="utf-8")
    assert "1 area could not be judged; see rank_areas.csv" in page
    assert "No area could be judged." in page
    assert parsed(areas_chart(ranks)).tag.endswith("svg")
    assert "too few" in pd.read_csv(tmp_path / "rank_areas.csv").loc[0, "note"]


def test_nothing_to_report_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="nothing to report"):
        write_rank_report(tmp_path)
