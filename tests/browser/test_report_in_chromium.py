"""The page in a real browser: the map draws, and nothing is asked of the network."""

import json
import os
import queue
import re
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from comarca.report import write_report
from unit.report.sample_plans import small_plan

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--enable-unsafe-swiftshader",
    "--hide-scrollbars",
)


@pytest.fixture(scope="module")
def chromium():
    found = next((place for name in NAMES if (place := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine; looked for {', '.join(NAMES)}")
    return found


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return write_report(small_plan(), tmp_path_factory.mktemp("page"), ["html"])[0]


class Visit:
    """A page in the browser, in real time, until it reports what an added script found."""

    def __init__(self, chromium, folder):
        self.chromium, self.folder = chromium, folder
        self.told = queue.Queue()

    def __call__(self, page, *asked):
        """What the page reported, and every address it asked for."""
        log = self.folder / "net.json"
        command = [
            self.chromium,
            *FLAGS,
            # A sandbox needs rights that a root user in a container does not have.
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            f"--user-data-dir={self.folder / 'profile'}",
            f"--log-net-log={log}",
            "--remote-debugging-port=0",
            *asked,
            page.as_uri(),
        ]
        with (
            listening(self.told),
            subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as browser,
        ):
            try:
                report = self.told.get(timeout=PATIENCE_S)
            finally:
                browser.terminate()
        return report, addresses(log.read_text(encoding="utf-8"))


@contextmanager
def listening(told):
    """A server on this machine that takes one page's report; its address is in ``PORT``."""

    class Taking(BaseHTTPRequestHandler):
        def do_GET(self):
            asked = parse_qs(urlsplit(self.path).query)
            if "told" in asked:
                told.put(json.loads(asked["told"][0]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", PORT), Taking)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PORT = free_port()
PATIENCE_S = 90


def reporting(expression, ready="true"):
    """A script that waits until ``ready`` holds, then reports the value of ``expression``."""
    return (
        "<script>addEventListener('load', () => { const look = setInterval(() => {"
        f"if (!({ready})) return; clearInterval(look);"
        f"const told = encodeURIComponent(JSON.stringify({expression}));"
        f"fetch(`http://127.0.0.1:{PORT}/?told=${{told}}`, {{mode: 'no-cors'}});"
        "}, 100); });</script></body>"
    )


@pytest.fixture
def visit(chromium, tmp_path):
    return Visit(chromium, tmp_path)


def with_script(report, script, path):
    """A copy of the page with a script before its end."""
    text = report.read_text(encoding="utf-8")
    path.write_text(text.replace("</body>", script), encoding="utf-8")
    return path


def addresses(log):
    """
    Every address the page started a request for.

    The browser's own errands, its updates and its clock, have no origin and are left out.
    """
    text = log.rstrip().rstrip(",")
    try:
        events = json.loads(text)["events"]
    except json.JSONDecodeError:  # the browser was ended before it closed the list
        events = json.loads(text + "]}")["events"]
    told = [event.get("params", {}) for event in events]
    asked = {one["url"] for one in told if one.get("initiator", "not an origin") != "not an origin"}
    return {url for url in asked if re.match("(https?|wss?|ftp):", url)}


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
    assert {url for url in asked if not url.startswith(f"http://127.0.0.1:{PORT}/")} == set()


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
    # A headless window is never narrower than 500, so the page stands in a frame of the width.
    with_script(report, reporting("document.documentElement.scrollWidth"), tmp_path / "page.html")
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<iframe src="page.html" width="{width}" height="900" style="border:0"></iframe>',
        encoding="utf-8",
    )
    assert visit(frame, "--window-size=1400,1000")[0] == width


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
