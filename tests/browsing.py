"""A page in a real browser: what a script finds in it, and every address it asks for."""

import json
import os
import queue
import re
import socket
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

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


def asked_of_the_network(addresses_asked):
    """Addresses beside that of the server that takes reports."""
    return {url for url in addresses_asked if not url.startswith(f"http://127.0.0.1:{PORT}/")}


def in_a_frame(page, width, folder):
    """A page that shows another one in a window so wide; a headless window is at least 500."""
    frame = folder / "frame.html"
    frame.write_text(
        f'<iframe src="{page.name}" width="{width}" height="900" style="border:0"></iframe>',
        encoding="utf-8",
    )
    return frame
