"""The page in a real browser: the map draws, and nothing is asked of the network."""

import re

import pytest

from browsing import asked_of_the_network, in_a_frame, reporting, with_script
from comarca.report import write_report
from unit.report.sample_plans import small_plan

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return write_report(small_plan(), tmp_path_factory.mktemp("page"), ["html"])[0]


def test_a_page_that_asks_is_found_out(visit, tmp_path):
    page = tmp_path / "asks.html"
    page.write_text(
        '<body><img src="https://example.invalid/picture.png">' + reporting("1"), encoding="utf-8"
    )
    assert "https://example.invalid/picture.png" in visit(page)[1]


def test_the_map_draws_and_nothing_is_asked_of_the_network(visit, report, tmp_path):
    found = """{
        towns: comarcaMap.querySourceFeatures('towns').length,
        names: comarcaMap.queryRenderedFeatures({layers: ['names']}).length,
        noMap: document.getElementById('no-live').hidden,
        ways: comarcaMap.getLayoutProperty('ways', 'visibility'),
    }"""
    ready = "document.documentElement.dataset.map === 'idle'"
    page = with_script(report, reporting(found, ready), tmp_path / "page.html")
    told, asked = visit(page, "--window-size=1280,1600")
    assert told["towns"] >= 7
    assert told["names"] >= 3  # letters are drawn from local fonts
    assert told["noMap"]
    assert told["ways"] == "visible"
    assert asked_of_the_network(asked) == set()


def test_a_town_that_is_tapped_tells_its_figures(visit, report, tmp_path):
    tap = """(() => {
        const town = comarcaMap.queryRenderedFeatures({layers: ['bases']})[0];
        comarcaMap.fire('click', {point: comarcaMap.project(town.geometry.coordinates)});
        return document.querySelector('.maplibregl-popup-content').textContent;
    })()"""
    ready = "document.documentElement.dataset.map === 'idle'"
    page = with_script(report, reporting(tap, ready), tmp_path / "page.html")
    told, _ = visit(page, "--window-size=1280,1600")
    assert re.search("Ash|Dogwood", told)
    assert "people" in told


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_no_wider_than_the_window(width, visit, report, tmp_path):
    width_told = reporting("document.documentElement.scrollWidth")
    page = with_script(report, width_told, tmp_path / "page.html")
    assert visit(in_a_frame(page, width, tmp_path), "--window-size=1400,1000")[0] == width


def test_without_webgl_the_drawn_maps_remain(visit, report, tmp_path):
    found = """{
        live: document.getElementById('live').hidden,
        note: document.getElementById('no-live').hidden,
        maps: document.querySelectorAll('.maps svg[role=img]').length,
    }"""
    page = with_script(report, reporting(found), tmp_path / "page.html")
    assert visit(page, "--disable-3d-apis")[0] == {"live": True, "note": False, "maps": 2}


def test_towns_are_found_by_name(visit, report, tmp_path):
    found = """(() => {
        const field = document.getElementById('find-town');
        field.value = 'CED';
        field.dispatchEvent(new Event('input'));
        const towns = [...document.querySelectorAll('[data-find]')];
        return towns.filter((town) => !town.hidden).map((town) => town.id);
    })()"""
    page = with_script(report, reporting(found), tmp_path / "page.html")
    assert visit(page)[0] == ["town-03"]
