"""Small published instances whose best known values are optimal, or have stood for decades."""

import json

import pytest

from comarca.freight.routing import RoutingStop, check_routing, solve_routing
from comarca.io.lkh_vrpspd import read_lkh_vrpspd
from comarca.io.prodhon import read_prodhon

INSTANCES = [
    ("lrp_prins", "coord20-5-1.dat"),
    ("lrp_prins", "coord20-5-2b.dat"),
    ("lrp_barreto", "coordGaspelle.dat"),
    ("lrp_barreto", "coordMin27.dat"),
    ("vrpspd_dethloff", "SCA3-8"),
    ("vrpspd_salhi_nagy", "CMT1X"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "name"), INSTANCES)
def test_the_best_known_value_is_met_and_the_bound_is_below(shared_dir, folder, name):
    """Values of real costs are published with one or two decimals."""
    place = shared_dir / "reference/freight_benchmarks" / folder
    known = json.loads((place / "bks.json").read_text())[name]
    is_lrp = name.endswith(".dat")
    world = read_prodhon(place / name) if is_lrp else read_lkh_vrpspd(place / f"{name}.vrpspd")

    steps = 30_000 if is_lrp else 120_000
    result = solve_routing(world, RoutingStop(iterations=steps), seed=1)

    rounding = 0 if folder == "lrp_prins" else 0.06
    assert result.cost == pytest.approx(known, abs=rounding)
    assert result.bound <= known + rounding
    assert check_routing(world, result.plan).violations == ()


@pytest.mark.parametrize("name", ["coord20-5-1.dat", "coord20-5-1b.dat"])
def test_costs_are_rounded_up_as_the_best_known_values_are(shared_dir, name):
    """Every way is a whole number, and no shorter than a hundred times the straight line."""
    world = read_prodhon(shared_dir / "reference/freight_benchmarks/lrp_prins" / name)

    assert (world.distance == world.distance.round()).all()
    assert world.n_customers == 20
