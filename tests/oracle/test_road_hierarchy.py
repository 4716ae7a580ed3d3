"""Searching by a hierarchy tells what searching from each origin by itself tells."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.travel.roads import RoadParams, anchor_towns, road_graph
from comarca.travel.roads import hierarchy as making
from comarca.travel.roads.core import Core, core_of
from comarca.travel.roads.hierarchy import hierarchy_of
from comarca.travel.roads.matrix import blocks
from comarca.travel.roads.searching import by_hierarchy, one_by_one, search_of
from road_world import PLAIN, network, towns

SIDE = 7
GRID = {f"p{x}{y}": (x * 5.0, y * 5.0) for x in range(SIDE) for y in range(SIDE)}
LINKS = [(f"p{x}{y}", f"p{x + 1}{y}") for x in range(SIDE - 1) for y in range(SIDE)] + [
    (f"p{x}{y}", f"p{x}{y + 1}") for x in range(SIDE) for y in range(SIDE - 1)
]
PLACES = towns({f"t{n}": (n * 7.3 % 30, n * 3.7 % 30) for n in range(25)})


@st.composite
def searches(draw) -> tuple[Core, object, float]:
    kept = draw(st.lists(st.sampled_from(LINKS), min_size=25, unique=True))
    roads = [
        (
            f"{start} {end}",
            {
                "highway": draw(st.sampled_from(["primary", "tertiary", "track"])),
                "oneway": draw(st.sampled_from(["no", "no", "yes", "-1"])),
                "maxspeed": draw(st.sampled_from(["30", "60", "90"])),
            },
        )
        for start, end in kept
    ]
    graph = road_graph(network(GRID, roads), "car", PLAIN)
    anchors = anchor_towns(PLACES, graph)
    ends = np.unique(np.concatenate((anchors.exit_node, anchors.entry_node), axis=None))
    limit_min = draw(st.sampled_from([np.inf, 61.37, 20.71]))
    return core_of(graph, ends[ends >= 0]), anchors, limit_min


@settings(max_examples=25)
@given(searches())
def test_a_hierarchy_tells_the_same_times_limits_and_gaps(world):
    core, anchors, limit_min = world
    every = np.arange(len(anchors.town_ids))

    expected = one_by_one(core, anchors, limit_min)(every)
    found = by_hierarchy(core, anchors, limit_min)(every)

    np.testing.assert_allclose(found[0], expected[0], rtol=1e-9)
    np.testing.assert_array_equal(np.isfinite(found[1]), np.isfinite(expected[1]))


@settings(max_examples=10)
@given(searches())
def test_arcs_lead_upward_and_every_node_has_a_rank_of_its_own(world):
    core = world[0]
    made = hierarchy_of(core.first, core.head, core.arc_min, core.arc_km)

    lower = np.repeat(np.arange(len(made.rank)), np.diff(made.first))

    assert (made.higher > lower).all()
    assert sorted(made.rank) == list(range(len(core.first) - 1))


def test_pools_too_small_at_first_are_made_larger(monkeypatch):
    """A town in the middle of thirty spokes and a ring: many links when the middle goes."""
    rim = {f"r{n}": (10 * np.cos(n / 5), 10 * np.sin(n / 5)) for n in range(30)}
    spokes = [(f"r{n} m", {"maxspeed": "90"}) for n in range(30)]
    made = network({"m": (0.0, 0.0), **rim}, spokes)
    graph = road_graph(made, "car", PLAIN)
    monkeypatch.setattr(making, "_LINKS_MORE", -2 * len(graph.head) + 1)
    monkeypatch.setattr(making, "_SHORTCUTS", 4)

    found = hierarchy_of(graph.first, graph.head, graph.arc_min, graph.arc_km)

    assert sorted(found.rank) == list(range(31))


def test_distances_are_those_along_the_fastest_way():
    """Round by the fast road it is 30 km and 20 minutes; straight 14 km take 28."""
    points = {"a": (0, 0), "b": (10, 0), "c": (10, 10), "d": (0, 10), "e": (5, 5)}
    fast = {"maxspeed": "90", "highway": "primary"}
    roads = [("a b", fast), ("b c", fast), ("c d", fast), ("a e", {"maxspeed": "30"})]
    roads.append(("e d", {"maxspeed": "30"}))
    graph = road_graph(network(points, roads), "car", PLAIN)
    places = towns({"a": points["a"], "d": points["d"]})
    anchors = anchor_towns(places, graph)
    ends = np.unique(np.concatenate((anchors.exit_node, anchors.entry_node), axis=None))

    search = by_hierarchy(core_of(graph, ends[ends >= 0]), anchors, np.inf)
    minutes, km = search(np.arange(2))

    assert minutes[0, 1] == pytest.approx(20, abs=1e-3)
    assert km[0, 1] == pytest.approx(30, abs=1e-3)


@pytest.mark.slow
def test_of_many_origins_the_hierarchy_is_chosen_and_of_few_it_is_not(shared_dir):
    from comarca.io import read_osm_roads
    from comarca.travel.roads import build_network

    lines = read_osm_roads(shared_dir / "data" / "roads" / "liechtenstein_2021.osm.pbf")
    graph = road_graph(build_network(lines), "car", RoadParams())
    at = np.random.default_rng(4).choice(len(lines.lat), 400)
    spots = towns({f"t{n}": (0, 0) for n in range(len(at))})
    spots["lat"], spots["lon"] = lines.lat[at] / 1e7, lines.lon[at] / 1e7
    anchors = anchor_towns(spots, graph)
    ends = np.unique(np.concatenate((anchors.exit_node, anchors.entry_node), axis=None))
    core = core_of(graph, ends[ends >= 0])
    every = np.arange(400)

    assert search_of(core, anchors, every, np.inf).__qualname__.startswith("by_hierarchy")
    assert search_of(core, anchors, every[:20], np.inf).__qualname__.startswith("one_by_one")
    whole = np.concatenate([minutes for _, minutes, _ in blocks(graph, anchors, workers=2)])
    few = np.concatenate(
        [minutes for _, minutes, _ in blocks(graph, anchors, origins=every[:20], workers=1)]
    )
    np.testing.assert_allclose(whole[:20], few, rtol=1e-9)
