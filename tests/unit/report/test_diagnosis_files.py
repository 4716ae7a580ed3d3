"""A diagnosis as files, opened again as a reader would."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

from comarca.demography.projection import ProjectionParams
from comarca.diagnosis import diagnose_towns
from comarca.diagnosis.towns import settings_for
from comarca.examples import four_towns
from comarca.report import write_diagnosis
from comarca.report.diagnosis_rows import DiagnosisRows, anchor
from industry_world import employment, enterprise, region_of

COUNTS = [
    {"town_id": town, "year": year, "persons": persons, "basis": "locality"}
    for town, of_town in (
        ("ash", ((2000, 10_000), (2005, 1_000), (2010, 9_000), (2020, 8_000))),
        ("birch", ((2000, 10_000), (2010, 11_000), (2020, 12_000))),
        ("c/ d", ((2000, 100), (2020, 50))),
    )
    for year, persons in of_town
]


def mills():
    """Ash's mills lose jobs and output over fourteen years; all else stands still."""
    rows = []
    for year in range(2000, 2014):
        made = 600 - 30 * (year - 2000)
        rows += [("ash", year, "C", made, 2.0 * made), ("ash", year, "G", 400, 500.0)]
    return rows


@pytest.fixture(scope="module")
def diagnosed():
    region = region_of(
        ("ash", "birch", "c/ d"),
        country="RU",
        town_columns={"jobs": 1_000, "internet_share": [0.5, None, None]},
        population=COUNTS,
        employment=employment(mills()),
        enterprises=[enterprise("<mill>", "ash", "24", 300)],
        standing=[{"town_id": "ash", "legal_form": "urban okrug", "is_regional_capital": False}],
    )
    return diagnose_towns(region)


@pytest.fixture(scope="module")
def written(diagnosed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("diagnosis")
    write_diagnosis(diagnosed, folder)
    return folder


def text(path):
    return path.read_text(encoding="utf-8")


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.hrefs, self.ids = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.hrefs += [given["href"]] if "href" in given else []
        self.ids += [given["id"]] if "id" in given else []


def links(path):
    found = Links()
    found.feed(text(path))
    return found


def test_each_name_of_the_region_leads_to_a_page_that_is_there(written):
    region, towns = links(written / "diagnosis.html"), links(written / "towns.html")
    wanted = {href for href in region.hrefs if href.startswith("towns")}

    assert wanted == {f"towns.html#{anchor(town)}" for town in ("ash", "birch", "c/ d")}
    assert {href.partition("#")[2] for href in wanted} <= set(towns.ids)
    assert "diagnosis.html" in towns.hrefs


def test_ids_are_used_once_and_nothing_is_fetched(written):
    for name in ("diagnosis.html", "towns.html"):
        found = links(written / name)
        assert len(found.ids) == len(set(found.ids))
        assert not re.search(r'(?:src|href)="https?:', text(written / name))
        assert "<script src" not in text(written / name)


def test_a_town_tells_its_criteria_with_value_threshold_and_source(written):
    page = text(written / "towns.html")

    assert "30.0\u00a0%" in page
    assert "≥ 20.0\u00a0%" in page
    assert "&lt;Mill&gt; works" in page
    assert "su.urbc.ru/1068002389" not in page  # the amendment was not read: its own source
    assert "whether it was changed was not read" in page
    assert "national unemployment rate missing" in page


def test_stages_and_doubts_are_shown_where_there_are_any(written):
    page = text(written / "towns.html")

    assert "deindustrialising since 2005" in page
    assert "town-ash-stages-title" in page
    assert "town-birch-stages-title" not in page
    assert "Hollow: a count to doubt" in page


def test_assumed_scores_bear_their_mark(written):
    page = text(written / "towns.html")

    assert re.search(r"0\.20 to 0\.80†", page)


def test_the_map_tells_each_town(written):
    drawing = ElementTree.fromstring(text(written / "kinds.svg"))  # noqa: S314  # our own
    told = [one.text for one in drawing.iter("{http://www.w3.org/2000/svg}title")]

    assert any("Ash: shrinking" in (one or "") for one in told)


def test_tables_can_be_read_again_with_codes_as_text(written, diagnosed):
    towns = pd.read_csv(written / "towns.csv", dtype={"town_id": str})
    criteria = pd.read_csv(written / "criteria.csv")

    assert towns["town_id"].tolist() == diagnosed.towns["town_id"].tolist()
    assert len(criteria) == 3 * len(diagnosed.status.rules.criteria)
    assert set(criteria["outcome"]) == {"met", "not met", "not decidable"} - (
        {"not met"} if "not met" not in set(criteria["outcome"]) else set()
    )


def test_the_workbook_holds_numbers_as_numbers(written):
    book = openpyxl.load_workbook(written / "diagnosis.xlsx")
    sheet = book["Towns"]
    head = [cell.value for cell in sheet[1]]
    row = {name: cell.value for name, cell in zip(head, sheet[2], strict=True)}

    assert row["Town"] == "C/ D"
    assert row["Growth (times)"] == 0.5
    assert {"Status", "Industries", "Readiness", "Assumed"} <= set(book.sheetnames)


def test_without_charts_there_is_no_drawing(diagnosed, tmp_path):
    write_diagnosis(diagnosed, tmp_path)
    write_diagnosis(diagnosed, tmp_path, has_charts=False)

    assert not (tmp_path / "kinds.svg").exists()  # that of the earlier run is gone
    assert "<svg" not in text(tmp_path / "towns.html")
    assert "<svg" not in text(tmp_path / "diagnosis.html")


def test_many_towns_share_several_files(monkeypatch, diagnosed, tmp_path):
    from comarca.report import diagnosis_rows

    monkeypatch.setattr(diagnosis_rows, "TOWNS_A_FILE", 2)
    files = {path.name for path in write_diagnosis(diagnosed, tmp_path, has_charts=False)}

    assert {"towns-1.html", "towns-2.html"} <= files
    assert "towns.html" not in files
    assert "towns-2.html" in links(tmp_path / "towns-1.html").hrefs
    assert f"towns-2.html#{anchor('c/ d')}" in links(tmp_path / "diagnosis.html").hrefs


def test_the_same_towns_give_the_same_bytes(diagnosed, tmp_path):
    for name in ("one", "two"):
        write_diagnosis(diagnosed, tmp_path / name)

    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_every_town_of_the_example_has_a_page(tmp_path):
    found = diagnose_towns(four_towns())
    write_diagnosis(found, tmp_path)

    assert set(DiagnosisRows(found).names) == {"ash", "birch", "cedar", "dale"}
    assert text(tmp_path / "towns.html").count('class="town"') == 4


def test_a_projection_asked_for_is_on_the_pages_and_in_the_table(tmp_path):
    region = four_towns()
    chosen = replace(settings_for(region), projection=ProjectionParams(draws=50, years=10))
    found = diagnose_towns(region, chosen)
    write_diagnosis(found, tmp_path)

    table = pd.read_csv(tmp_path / "projection.csv", dtype={"town_id": str})
    last = table.groupby("town_id")["persons"].last()
    ranked = found.towns.set_index("town_id")
    assert ranked.loc["cedar", "projected_year"] == 2030
    begun = found.projection.inputs.set_index("town_id")["persons"]
    for town, multiple in ranked["projected_multiple"].items():
        assert multiple == pytest.approx(last[town] / begun[town])
    assert text(tmp_path / "towns.html").count('aria-label="Projected people"') == 4
    assert 'id="projection"' in text(tmp_path / "diagnosis.html")
    assert "ProjectionParams" in text(tmp_path / "diagnosis.html")  # its assumed numbers


def test_without_a_projection_none_is_told(diagnosed, written):
    assert diagnosed.towns["projected_multiple"].isna().all()
    assert "Projected people" not in text(written / "towns.html")
    assert not (written / "projection.csv").exists()


def test_the_ranking_says_between_which_years_towns_grew(written):
    page = (written / "diagnosis.html").read_text(encoding="utf-8")

    assert "Growth from 2000 to 2020; kinds are judged by the last years alone" in page
