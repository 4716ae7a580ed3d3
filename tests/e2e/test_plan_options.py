"""Goals, stops and starts of ``comarca plan``, and what is left when it is killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from comarca.cli import app
from comarca.freight import design
from comarca.model.plan_file import read_plan, write_plan


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("goals")
    assert run("examples", "four_towns", place / "region").exit_code == 0
    return place / "region"


@pytest.fixture(scope="module")
def first(region: Path) -> Path:
    """Twelve jobs for the least cost."""
    out = region.parent / "first"
    result = run("plan", region, "-o", out, "--objective", "cost", "--jobs", 12, "-q")
    assert result.exit_code == 0, result.output
    return out


def test_least_cost_of_so_many_jobs(first):
    freight = read_plan(first).freight

    assert freight.goal.objective == "cost"
    assert freight.workers >= 12
    assert freight.bound <= freight.cost_per_year


def test_most_jobs_for_a_budget_from_the_plan_before(region, first, tmp_path):
    """With as much money as the first plan costs there are no fewer jobs than it has."""
    before = read_plan(first).freight
    budget = before.cost_per_year * 1.0001
    words = ("plan", region, "-o", tmp_path / "out", "--objective", "jobs", "--budget", budget)
    result = run(*words, "--from", first, "--seconds", 60, "--gap", 0.05, "--rounds", 1, "--json")

    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["objective"] == "jobs"
    assert told["reached"] >= before.workers
    assert told["cost_per_year"] <= budget
    assert told["bound"] >= told["reached"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert "start plan.json" in manifest["inputs"]
    assert manifest["parameters"]["freight"]["stop_gap"] == 0.05


@pytest.fixture(scope="module")
def too_many(region: Path) -> tuple[Path, Result]:
    """More jobs than there are people."""
    out = region.parent / "too_many"
    return out, run("plan", region, "-o", out, "--jobs", 1_000_000, "--json")


def test_more_jobs_than_can_be_had_is_a_result_that_says_why(too_many):
    out, result = too_many

    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["status"] == "infeasible"
    assert told["most_jobs"] < 1_000_000
    assert (told["bound"], told["gap"]) == (None, None)
    assert told["notes"][0].startswith("1,000,000 jobs are required; no plan has more than")
    page = (out / "report.html").read_text(encoding="utf-8")
    assert told["notes"][0] in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--objective", "cost"), "--jobs is not given; expected 1 or more"),
        (("--objective", "jobs"), "--budget is not given; expected an amount"),
        (("--jobs", -3), "--jobs is -3"),
        (("--gap", 2), "--gap is 2.0"),
        (("--from", "nowhere"), "nowhere"),
    ],
)
def test_goals_that_make_no_sense_are_refused_and_nothing_is_written(region, tmp_path, words, said):
    result = run("plan", region, "-o", tmp_path / "out", *words)

    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_all_that_is_wrong_with_the_options_is_told_at_once_as_it_was_typed(region, tmp_path):
    words = ("--threads", 0, "--seconds", -1, "--gap", 2, "--objective", "cost")
    result = run("plan", region, "-o", tmp_path / "out", *words)

    assert result.exit_code == 2
    for told in ("--threads is 0", "--seconds is -1.0", "--gap is 2.0", "--jobs is not given"):
        assert result.output.count(told) == 1
    assert "FreightParams" not in result.output

    result = run("plan", region, "-o", tmp_path / "out", "--objective", "cost", "--jobs", -3)

    assert result.output.count("--jobs is") == 1
    assert "--jobs is -3" in result.output


def test_a_damaged_plan_to_start_from_is_named(region, tmp_path):
    (tmp_path / "plan.json").write_text('{"format": "comarca-plan", "version": 1, "plan": {}}')
    result = run("plan", region, "-o", tmp_path / "out", "--from", tmp_path)

    assert result.exit_code == 2
    assert f"{tmp_path / 'plan.json'} is damaged" in result.output
    assert "__init__" not in result.output


def test_too_little_memory_is_one_line(region, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(design, "freight_problem", full)
    result = run("plan", region, "-o", tmp_path / "out", "-q")

    assert result.exit_code == 1
    assert result.output.startswith("Out of memory")
    assert result.output.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_missing_solver_is_one_line(region, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "highspy", None)
    result = run("plan", region, "-o", tmp_path / "out", "-q")

    assert result.exit_code == 1
    assert "pip install highspy" in result.output
    assert result.output.count("\n") == 1
    assert not (tmp_path / "out").exists()


WRITER = """
import sys
from comarca.model.plan_file import read_plan, write_plan
plans = [read_plan(place) for place in sys.argv[2:]]
print("ready", flush=True)
while True:
    for plan in plans:
        write_plan(plan, sys.argv[1])
"""


@pytest.mark.slow
def test_killed_at_any_moment_the_last_written_plan_is_whole(first, too_many, tmp_path):
    """Two plans are written in turn, over and over; whenever it is killed, one of them is there."""
    other, _ = too_many
    plans = [read_plan(first).freight, read_plan(other).freight]
    out, moments = tmp_path / "out", np.random.default_rng(1)
    write_plan(read_plan(first), out)
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(out), str(first), str(other)],
            stdout=subprocess.PIPE,
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline().strip() == b"ready"
            time.sleep(moments.uniform(0.0, 0.2))
            child.send_signal(signal.SIGKILL)
            child.wait()
        assert read_plan(out).freight in plans
        json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    write_plan(read_plan(other), out)  # what the killed ones left lying about is not in the way
    assert read_plan(out).freight == plans[1]
