"""Schools of delineation on Belgium's 589 communes of 2011, with the borders they share."""

from pathlib import Path

import pytest
from scipy.sparse.csgraph import connected_components

from comarca.commuting import (
    IntramaxParams,
    delineate_functional_urban_areas,
    delineate_intramax,
)
from comarca.io import read_zones
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix
from comarca.zones import contiguity_from_polygons
from flow_worlds import reference_flows

BRUSSELS = tuple(f"{code}" for code in range(21001, 21020))
CORES = {
    "Brussels": BRUSSELS,
    "Antwerp": ["11002"],
    "Bruges": ["31005"],
    "Charleroi": ["52011"],
    "Ghent": ["44021"],
    "Leuven": ["24062"],
    "Liège": ["62063"],
    "Namur": ["92094"],
}


@pytest.fixture(scope="module")
def belgium(shared_dir: Path) -> tuple[FlowMatrix, Contiguity]:
    """Flows, and which communes have a border in common."""
    flows = reference_flows(shared_dir, "belgium2011_flows")
    folder = shared_dir / "reference" / "labour_market_areas" / "flows"
    zones = read_zones(folder / "belgium_communes.gpkg", ["CODE_INS"], town_ids=flows.town_ids)
    return flows, contiguity_from_polygons(zones)


def pieces(near, towns):
    return connected_components(near.subset(towns).adjacent)[0]


def test_leuven_is_one_with_brussels_where_nearly_17_in_100_of_it_work(belgium):
    flows, near = belgium

    areas = delineate_functional_urban_areas(flows, CORES, contiguity=near)

    assert [(link.core, link.towards, round(link.share, 4)) for link in areas.links] == [
        ("Leuven", "Brussels", 0.1697)
    ]
    assert areas.partition.area("21004").name == "Brussels"
    assert set(areas.core_towns["21004"]) == {*BRUSSELS, "24062"}


def test_urban_areas_hang_together_and_have_no_hole_of_one_commune(belgium):
    flows, near = belgium

    partition = delineate_functional_urban_areas(flows, CORES, contiguity=near).partition

    assert all(pieces(near, partition.members(a.area_id)) == 1 for a in partition.areas)
    for town, area in partition.area_of.items():
        row = near.adjacent[near.positions([town]), :].indices
        around = {partition.area_of[near.town_ids[j]] for j in row}
        assert area is not None or len(around) > 1 or None in around


def test_intramax_with_borders_draws_regions_that_hang_together(belgium):
    flows, near = belgium

    regions = delineate_intramax(flows, IntramaxParams(n_areas=20), contiguity=near)

    assert len(regions.partition.areas) == 20
    assert all(
        pieces(near, regions.partition.members(area.area_id)) == 1
        for area in regions.partition.areas
    )


def test_the_largest_jump_of_intramax_is_the_one_that_joins_the_two_halves(belgium):
    """Before it one region holds Antwerp and Ghent, the other Liège and Charleroi."""
    flows, _ = belgium

    area_of = delineate_intramax(flows).partition.area_of

    assert len(set(area_of.values())) == 2
    assert area_of["11002"] == area_of["44021"] != area_of["62063"] == area_of["52011"]
