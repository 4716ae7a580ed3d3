"""Other routers behind the same interface, asked of a server that this test runs itself."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import ModuleType, SimpleNamespace
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest

from comarca.errors import ParameterError, RouterError
from comarca.examples import four_towns
from comarca.study import study_for
from comarca.travel import TravelParams, travel_by_circle, travel_matrix
from comarca.travel.backends import OsrmSource, RouterSource, ServerSource, ValhallaSource
from comarca.travel.backends.valhalla import raised_limits

N_TOWNS = 120
TOWNS = pd.DataFrame(
    {
        "name": [f"Town {n}" for n in range(N_TOWNS)],
        "lat": np.linspace(10, 11, N_TOWNS),
        "lon": np.linspace(20, 21, N_TOWNS),
    },
    index=pd.Index([f"t{n}" for n in range(N_TOWNS)], name="town_id"),
)


def minutes_of(one: tuple[float, float], other: tuple[float, float]) -> float | None:
    """A degree is an hour; the town farthest north is reached by nobody."""
    if max(one[0], other[0]) > 10.999 and one != other:
        return None
    return 60 * (abs(one[0] - other[0]) + abs(one[1] - other[1]))


class Answering(BaseHTTPRequestHandler):
    """Answers as OSRM and Valhalla do, up to so many towns at once."""

    most = 100
    asked: ClassVar[list[int]] = []

    def log_message(self, *words: object) -> None:
        """Stay silent."""

    def _answer(self, content: object, code: int = 200) -> None:
        data = json.dumps(content).encode()
        self.send_response(code)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        places = [
            tuple(map(float, place.split(",")))[::-1]
            for place in parts.path.rsplit("/", 1)[1].split(";")
        ]
        self.asked.append(len(places))
        if len(places) > self.most:
            self._answer({"code": "TooBig", "message": "Too many table coordinates"}, 400)
            return
        chosen = parse_qs(parts.query)
        sources, targets = (
            [places[int(n)] for n in chosen[key][0].split(";")]
            for key in ("sources", "destinations")
        )
        times = [[minutes_of(one, other) for other in targets] for one in sources]
        self._answer(
            {
                "code": "Ok",
                "durations": [[t if t is None else t * 60 for t in row] for row in times],
                "distances": [[t if t is None else t * 1000 for t in row] for row in times],
            }
        )

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        sources, targets = (
            [(place["lat"], place["lon"]) for place in question[key]]
            for key in ("sources", "targets")
        )
        rows = []
        for i, one in enumerate(sources):
            row = []
            for j, other in enumerate(targets):
                t = minutes_of(one, other)
                told = {"time": t if t is None else t * 60, "distance": t}
                row.append({"from_index": i, "to_index": j, **told})
            rows.append(row)
        self._answer({"sources_to_targets": rows, "units": "kilometers"})


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("kind", ["osrm", "valhalla"])
def test_a_server_tells_a_whole_matrix_in_pieces(address, kind):
    source = ServerSource(address, kind)

    travel = source.matrix(TOWNS, "car")

    step = 60 * 2 / (N_TOWNS - 1)
    assert travel.time_min[3, 10] == pytest.approx(7 * step, rel=1e-3)
    assert travel.distance_km[3, 10] == pytest.approx(7 * step, rel=1e-3)
    assert np.isinf(travel.time_min[-1, :-1]).all()
    assert np.diagonal(travel.time_min).max() == 0
    assert max(Answering.asked or [0]) <= Answering.most


def test_nulls_are_counted_and_the_lost_town_is_named(address):
    source = ServerSource(address, "osrm")
    source.matrix(TOWNS, "car")

    (note,) = source.notes()

    assert f"{2 * (N_TOWNS - 1):,} pairs" in note
    assert "Town 119 by no way at all" in note


def test_nulls_are_filled_from_another_source_where_one_is_given(address):
    source = ServerSource(address, "osrm", otherwise=travel_by_circle)
    travel = source.matrix(TOWNS, "car")
    circle = travel_by_circle(TOWNS, "car")

    np.testing.assert_array_equal(travel.time_min[-1, :-1], circle.time_min[-1, :-1])
    assert "told by another source" in source.notes()[0]


def test_a_server_that_refuses_is_told_in_its_own_words(address):
    source = RouterSource(router=ServerSource(address, "osrm").router, block_size=80)

    with pytest.raises(RouterError, match="refuses: Too many table coordinates"):
        source.matrix(TOWNS, "car")


def test_a_server_that_is_not_there_is_an_error_and_no_matrix():
    with pytest.raises(RouterError, match="does not answer"):
        ServerSource("http://127.0.0.1:9", "osrm", timeout_s=2).matrix(TOWNS, "car")


@pytest.mark.parametrize("address", ["localhost:5000", "ftp://host", "file:///etc/passwd", ""])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ParameterError, match="is no address"):
        ServerSource(address, "osrm")


def test_an_unknown_kind_of_server_is_refused():
    with pytest.raises(ParameterError, match="expected osrm or valhalla"):
        ServerSource("http://localhost:1", "graphhopper")


@pytest.mark.parametrize(("source", "name"), [(OsrmSource, "osrm"), (ValhallaSource, "valhalla")])
def test_a_library_that_is_not_installed_is_named_with_its_extra(
    monkeypatch, tmp_path, source, name
):
    monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(ParameterError, match=rf"comarca\[{name}\]"):
        source(tmp_path / "data")


def test_valhallas_library_is_asked_with_its_limits_raised(monkeypatch, tmp_path):
    seen = {}

    class Actor:
        def __init__(self, config):
            seen["config"] = config

        def matrix(self, question):
            asked = json.loads(question)
            cell = {"time": 60.0, "distance": 1.0}
            return json.dumps(
                {
                    "sources_to_targets": [
                        [
                            {**cell, "from_index": i, "to_index": j}
                            for j in range(len(asked["targets"]))
                        ]
                        for i in range(len(asked["sources"]))
                    ]
                }
            )

    module = ModuleType("valhalla")
    module.Actor = Actor
    monkeypatch.setitem(sys.modules, "valhalla", module)
    config = {"service_limits": {"auto": {"max_locations": 20}, "max_alternates": 2}}
    (tmp_path / "valhalla.json").write_text(json.dumps(config))

    travel = ValhallaSource(tmp_path / "valhalla.json").matrix(TOWNS, "truck")

    assert travel.time_min[0, 1] == 1
    assert seen["config"]["service_limits"]["auto"]["max_locations"] > N_TOWNS
    assert seen["config"]["service_limits"]["max_alternates"] == 2
    with pytest.raises(ParameterError, match="no configuration of Valhalla"):
        ValhallaSource(tmp_path / "missing.json")


def test_raising_limits_leaves_the_configuration_alone():
    config = {"service_limits": {"auto": {"max_locations": 20}}}

    raised_limits(config)

    assert config == {"service_limits": {"auto": {"max_locations": 20}}}


def test_osrms_library_is_asked_for_both_annotations(monkeypatch, tmp_path):
    def parameters(**given):
        assert given["annotations"] == ["duration", "distance"]
        return SimpleNamespace(**given)

    class Engine:
        def __init__(self, **given):
            pass

        def Table(self, asked):  # noqa: N802  # the library's own name
            block = [[120.0] * len(asked.destinations)] * len(asked.sources)
            return {"durations": block, "distances": block}

    module = ModuleType("osrm")
    module.OSRM, module.TableParameters = Engine, parameters
    monkeypatch.setitem(sys.modules, "osrm", module)

    travel = OsrmSource(tmp_path / "region.osrm").matrix(TOWNS, "car")

    assert travel.time_min[0, 1] == 2
    assert travel.distance_km[0, 1] == pytest.approx(0.12)


@pytest.mark.parametrize("kind", ["osrm", "valhalla"])
def test_a_study_names_the_server_and_where_it_is(address, kind):
    whole = four_towns()
    tables = {name: table for name, table in whole.tables.items() if name != "travel"}
    towns = whole.towns.assign(lat=TOWNS["lat"].to_numpy()[: len(whole.towns)])
    region = replace(whole, tables=tables, towns=towns)
    study = study_for(region, {"travel": {"router": kind, "router_at": address}})

    travel = travel_matrix(region, "car", study.travel)

    at = region.towns[["lat", "lon"]].to_numpy()
    expected = 60 * np.abs(at[0] - at[1]).sum()
    assert travel.time_min[0, 1] == pytest.approx(expected, rel=1e-3)


def test_a_router_without_an_address_is_refused():
    with pytest.raises(ParameterError, match=r"router_at is .*an address or a file"):
        TravelParams(router="osrm")
    with pytest.raises(ParameterError, match="none without one"):
        TravelParams(router_at="http://localhost:5000")
