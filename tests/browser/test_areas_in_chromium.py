"""The report on areas in a real browser: tables sort, nothing is asked of the network."""

import pytest

from area_world import results, squares
from browsing import asked_of_the_network, in_a_frame, reporting, with_script
from comarca.report import write_area_report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    made = results(zones=squares(), options={"centres": ["002", "200"]})
    return write_area_report(made, tmp_path_factory.mktemp("areas"))[0]


COLUMN = """((title, clicks) => {
    const table = document.querySelector('#areas table');
    const heads = [...table.tHead.rows[0].cells];
    const at = heads.findIndex((head) => head.textContent.startsWith(title));
    for (let click = 0; click < clicks; click += 1) heads[at].querySelector('button').click();
    const codes = [...table.tBodies[0].rows].map((row) => row.cells[0].textContent);
    return [codes, heads[at].getAttribute('aria-sort')];
})"""


def test_the_map_is_drawn_and_nothing_is_asked_of_the_network(visit, report, tmp_path):
    found = "document.querySelectorAll('.map-alone svg[role=img] path').length"
    told, asked = visit(with_script(report, reporting(found), tmp_path / "page.html"))

    assert told >= 5
    assert asked_of_the_network(asked) == set()


@pytest.mark.parametrize(
    ("title", "clicks", "codes", "way"),
    [
        ("Working residents", 0, ["100", "200", "002"], None),
        ("Working residents", 1, ["100", "200", "002"], "descending"),
        ("Working residents", 2, ["002", "200", "100"], "ascending"),
        ("Code", 1, ["002", "100", "200"], "ascending"),
        ("Meets the rule", 1, ["002", "100", "200"], "ascending"),
    ],
)
def test_a_reader_sorts_the_table(title, clicks, codes, way, visit, report, tmp_path):
    script = reporting(f"{COLUMN}('{title}', {clicks})")
    told, _ = visit(with_script(report, script, tmp_path / "page.html"))

    assert told == [codes, way]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_no_wider_than_the_window(width, visit, report, tmp_path):
    width_told = reporting("document.documentElement.scrollWidth")
    page = with_script(report, width_told, tmp_path / "page.html")

    assert visit(in_a_frame(page, width, tmp_path), "--window-size=1400,1000")[0] == width
