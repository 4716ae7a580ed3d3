"""What is compiled before a clock starts is all that is compiled at all."""

import subprocess
import sys
from pathlib import Path

import pytest

LATER = """
import importlib, pkgutil, sys

import numpy as np
from numba.core.dispatcher import Dispatcher

import comarca
from comarca.examples.agglomerations import agglomeration
from comarca.freight.preparing import prepare_freight
from comarca.freight.routing import RoutingStop, prepare_routing, solve_routing
from comarca.freight.routing.location import location_problem
from comarca.freight.routing import solving
from comarca.freight import design
from comarca.study import make_plan, study_for
from routing_worlds import problem

def compiled():
    for found in pkgutil.walk_packages(comarca.freight.__path__, "comarca.freight."):
        for name, value in vars(importlib.import_module(found.name)).items():
            if isinstance(value, Dispatcher) and value.py_func.__module__ == found.name:
                yield from ((found.name, name, str(each)) for each in value.signatures)

def routing():
    places = np.random.default_rng(0).integers(0, 50, (14, 2))
    solve_routing(problem(places, 2), RoutingStop(iterations=400), threads=2)
    ways = np.random.default_rng(0).uniform(1, 9, (6, 12))
    sites = location_problem(np.full(6, 9.0), np.full(6, 4.0), np.ones(12), ways)
    solve_routing(sites, RoutingStop(iterations=400))

def freight():
    quick = {"exact_premises": 0, "time_limit_s": 60, "trip_searches": 2, "routing_iterations": 20}
    quick |= {"passes": 0, "anew_nodes": 1}
    for region in (comarca.examples.oaxaca(), agglomeration(10, 1)):
        make_plan(region, study_for(region, {"freight": quick}))

prepare, run = {"routing": (prepare_routing, routing), "freight": (prepare_freight, freight)}[
    sys.argv[1]
]
prepare()
before = set(compiled())
assert before
solving.prepare_routing = design.prepare_freight = lambda: 0.0
run()
print(sorted({each[:2] for each in set(compiled()) - before}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("what", ["routing", "freight"])
def test_nothing_is_compiled_later(what: str):
    """Loaded from what a machine kept counts as compiled here."""
    tests = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", LATER, what], cwd=tests, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
