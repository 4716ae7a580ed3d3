"""What the relaxed choice of workshops says of workers."""

import numpy as np
import pytest

from comarca.freight.building import freight_problem
from comarca.freight.master import Master
from comarca.freight.search import Limits, relax, solve_master
from freight_world import PROCESSES, world

WHOLE = Limits(gap=0.0, nodes=1_000, seed=0, time_s=None)


def test_part_of_a_workshop_does_not_have_all_the_best_workers():
    """Four people or more, two of whom commute: half a workshop for those two is no way out."""
    sewing = PROCESSES[0] | {"min_workers": 4, "wage_per_h": 0.85}
    mill = {"facility_id": "mill", "town_id": "birch", "floor_m2": 60.0}
    labour = [("birch", "basic", "commuter", 2), ("birch", "basic", "employed", 8)]
    small = world(processes=[sewing], facilities=[mill], labour=labour)
    problem = freight_problem(*small.inputs)
    free = [None] * len(problem.bases)
    best = solve_master(Master(problem, free, markup=np.zeros(len(free))), WHOLE)
    relaxed = relax(Master(problem, free, markup=np.zeros(len(free)))).bound

    assert best.objective > 0
    assert relaxed == pytest.approx(best.objective, abs=1e-3)
