"""The best plans kept of the benchmark, judged by the evaluator."""

import sys
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from comarca.freight import design_freight, evaluate_plan

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
from agglomeration_inputs import inputs
from kept_plans import KNOWN, PLANS, kept_plan

SMALL = 20  # towns
ROWS = [
    pytest.param(row, id=f"{row.towns}-{row.seed}", marks=[pytest.mark.slow][: row.towns > SMALL])
    for row in pd.read_csv(KNOWN).itertuples()
    if (PLANS / f"{row.towns}-{row.seed}.json").exists()
]


@pytest.mark.parametrize("row", ROWS)
def test_kept_plan_keeps_every_rule_and_is_worth_what_is_said(row):
    given = inputs(row.towns, row.seed)
    judged = evaluate_plan(*given, kept_plan(row.towns, row.seed))

    assert judged.violations == ()
    assert round(judged.value) == row.value
    assert row.value <= row.bound
    assert (row.proven == "yes") == (row.value == row.bound)


def test_instances_of_up_to_twenty_towns_are_proven_and_their_plans_kept():
    known = pd.read_csv(KNOWN).query("towns <= @SMALL")

    assert (known["proven"] == "yes").all()
    instances = set(zip(known["towns"], known["seed"], strict=True))
    assert instances == set(product((8, 10, 20), (1, 2, 3)))
    for row in known.itertuples():
        assert kept_plan(row.towns, row.seed).value == pytest.approx(row.value, abs=1.0)


@pytest.mark.slow
def test_the_design_reaches_the_proven_best_plan_of_twenty_towns():
    """Seed 3, the quickest; the benchmark shows the others."""
    row = pd.read_csv(KNOWN).query("towns == 20 and seed == 3").iloc[0]
    plan = design_freight(*inputs(20, 3))

    assert round(plan.value) == row["value"]
    assert plan.bound >= row["value"]
