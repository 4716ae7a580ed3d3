"""The page: whole in itself, every figure the plan's, every assumed number marked."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from comarca.report.page import page
from unit.report.sample_plans import TOWNS, empty_plan, plan_for, region_of, small_plan


class Reader(HTMLParser):
    """Collects what a browser would fetch, anchors, and exact figures beside their text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.fetched: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.figures: list[tuple[float, str]] = []
        self.headings: list[int] = []
        self.tags: list[str] = []
        self._value: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        for name in ("src", "srcset", "poster", "action", "data", "xlink:href"):
            if given.get(name):
                self.fetched.append(str(given[name]))
        if tag == "link":
            self.fetched.append(str(given.get("href")))
        if tag == "a":
            self.links.append(str(given.get("href")))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "data":
            self._value = given.get("value")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_data(self, data: str) -> None:
        if self._value is not None:
            self.figures.append((float(self._value), data))
            self._value = None


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


@pytest.fixture(scope="module")
def html() -> str:
    return page(small_plan())


def own_text(html: str) -> str:
    """The page without the vendored library, whose code names addresses it never asks."""
    return re.sub(r"<script>/\*\*\s*\* MapLibre.*?</script>", "", html, flags=re.S)


def test_nothing_is_fetched(html):
    assert [place for place in read(html).fetched if not place.startswith("data:")] == []
    text = re.sub(
        r"xmlns='?\"?http://www.w3.org/\S+|http://www.w3.org/2000/svg", "", own_text(html)
    )
    assert not re.search(r"""(url\(|@import|src=|href=)\s*["']?(https?:)?//""", text)
    assert "sourceMappingURL" not in html


def test_every_figure_shown_is_the_plans(html):
    plan, found = small_plan(), read(html).figures
    values = {value for value, _ in found}
    headline = plan.comparison.headline
    for name in ("family_saving_per_year", "cost_per_job_year", "tax_kept_in_towns_per_year"):
        assert headline[name] in values
    assert {plan.freight.value, plan.freight.bound, float(plan.freight.workers)} <= values
    for route in plan.freight.routes:
        assert {route.distance_km, route.duty_h, route.cost_per_day} <= values
    for shop in plan.freight.workshops:
        assert {shop.input_t_per_day, shop.output_t_per_day, float(shop.workers)} <= values
    sums = plan.comparison.ledgers.groupby(["party", "regime"])["amount_per_year"].sum()
    assert {float(amount) for amount in sums} <= values


def test_figures_are_rounded_never_changed(html):
    for value, text in read(html).figures:
        if match := re.fullmatch(r"(?:[A-Z]{3}\s)?(−?[\d,.]+)(\s(?:million|billion|%))?", text):
            told = float(match[1].replace(",", "").replace("−", "-"))
            scale = {"million": 1e6, "billion": 1e9, "%": 0.01}.get((match[2] or "").strip(), 1)
            sign = -1 if text.startswith("−") and told > 0 else 1
            assert sign * told * scale == pytest.approx(value, rel=0.006, abs=0.51)


def test_assumed_numbers_bear_a_mark(html):
    assert '<abbr class="dag"' in html
    jobs = re.search(r"<dt>Jobs</dt><dd>(.*?)</dd>", html)
    assert jobs is not None
    assert "†" in jobs[1]
    people = re.search(r"<dt>Population</dt><dd>(.*?)</dd>", html)
    assert people is not None
    assert "†" not in people[1]


def test_every_town_has_its_place_and_every_link_an_end(html):
    reader = read(html)
    assert {f"town-{town_id}" for town_id, *_ in TOWNS} <= set(reader.ids)
    assert {link[1:] for link in reader.links} <= set(reader.ids)
    assert len(reader.ids) == len(set(reader.ids))


def test_a_large_region_has_a_card_for_every_town():
    towns = [
        (f"{n:05d}", f"Town {n}", 16 + n % 17 / 9, -97 + n // 17 / 9, 900 + 37 * n)
        for n in range(260)
    ]
    reader = read(page(plan_for(region_of(towns), heads=8, shops=9)))
    assert {f"town-{town_id}" for town_id, *_ in towns} <= set(reader.ids)


def test_estimated_flows_are_called_an_illustration(html):
    assert "An illustration" in html
    assert "An illustration" not in page(small_plan(flows_observed=True))


def test_a_town_cannot_write_the_page():
    towns = [*TOWNS[:-1], ("<b>", "<script>alert('x')</script>", 16.6, -97.05, 20_480)]
    plan = plan_for(region_of(towns, name="</title><img src=x>"), shops=4)
    html = page(plan)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert read(html).tags.count("script") == 3


def test_the_same_plan_gives_the_same_page(html):
    assert page(small_plan()) == html


def test_headings_stand_in_order(html):
    levels = read(html).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_page_says_its_language_and_pictures_their_meaning(html):
    assert '<html lang="en-GB">' in html
    for picture in re.findall(r'<svg [^>]*role="img".*?</svg>', html, flags=re.S):
        assert "<title" in picture
        assert "<desc" in picture


def test_no_workshop_pays_and_the_page_says_so():
    html = page(empty_plan())
    assert "No workshop was found that pays" in html
    assert "No truck drives" in html


def test_an_infeasible_plan_tells_its_reasons_and_claims_no_bound():
    html = page(empty_plan("infeasible", notes=("400 jobs were asked for; only 90 people",)))
    assert "No plan meets every requirement" in html
    assert "400 jobs were asked for" in html
    assert "No plan is worth more than" not in html


def test_missing_figures_are_dashes_not_zeros():
    plan = small_plan()
    headline = {**plan.comparison.headline, "family_saving_per_year": float("nan")}
    html = page(replace(plan, comparison=replace(plan.comparison, headline=headline)))
    saving = re.search(r"family saves a year</dt><dd>(.*?)</dd>", html)
    assert saving is not None
    assert saving[1] == "–"
    assert not re.search(r"[>\s](nan|inf|None|<NA>)[<\s]", own_text(html))


def test_vendored_library_is_the_one_its_readme_names():
    from importlib.resources import files

    place = files("comarca.report") / "vendor" / "maplibre-gl"
    assert "5.24.1" in (place / "README.md").read_text(encoding="utf-8")
    assert "v5.24.1/LICENSE" in (place / "maplibre-gl.js").read_text(encoding="utf-8")[:300]
    assert "MapLibre" in (place / "LICENSE.txt").read_text(encoding="utf-8")
