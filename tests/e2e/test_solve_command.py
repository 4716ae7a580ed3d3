"""``comarca solve`` and ``comarca evaluate`` as a user types them."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from comarca.cli import app


def instance(path, n_customers=12, n_depots=3, seed=0):
    """A location-routing file in Prodhon's format with whole costs."""
    random = np.random.default_rng(seed)
    lines = [f"{n_customers}", f"{n_depots}"]
    lines += [f"{x} {y}" for x, y in random.integers(0, 50, (n_depots + n_customers, 2))]
    lines += ["40", *["100"] * n_depots, *map(str, random.integers(5, 15, n_customers))]
    lines += [*["3000"] * n_depots, "500", "0"]
    path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("solve")
    given, out = instance(folder / "hand.dat"), folder / "solution.json"
    result = run("solve", given, "--iterations", 3000, "--seed", 2, "-o", out)
    assert result.exit_code == 0, result.output
    return given, out, result


def test_cost_bound_and_gap_are_printed_and_written(solved):
    _, out, result = solved
    content = json.loads(out.read_text())

    assert f"Cost {content['cost']:,.2f}" in result.output
    assert f"No plan costs less than {content['bound']:,.2f}; gap" in result.output
    assert content["bound"] <= content["cost"]
    assert sorted(c for route in content["routes"] for c in route["customers"]) == list(
        range(1, 13)
    )
    assert content["open_depots"] == sorted({route["depot"] for route in content["routes"]})


def test_the_evaluator_agrees(solved):
    given, out, _ = solved
    result = run("evaluate", given, out)

    assert result.exit_code == 0, result.output
    assert f"Cost {json.loads(out.read_text())['cost']:,.2f}" in result.output
    assert "All rules are kept." in result.output


def test_the_same_seed_and_iterations_write_the_same_file(solved, tmp_path):
    given, out, _ = solved
    again = tmp_path / "again.json"
    assert run("solve", given, "--iterations", 3000, "--seed", 2, "-q", "-o", again).exit_code == 0

    assert again.read_text() == out.read_text()


def test_a_start_is_taken_up(solved, tmp_path):
    given, out, _ = solved
    better = tmp_path / "better.json"
    words = ("solve", given, "--iterations", 100, "--start", out, "--json", "-o", better)
    result = run(*words)

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["cost"] <= json.loads(out.read_text())["cost"]


def test_a_solution_that_lies_or_breaks_rules_ends_with_2(solved, tmp_path):
    given, out, _ = solved
    content = json.loads(out.read_text())
    content["cost"] -= 1000
    dropped = content["routes"][0]["customers"].pop()
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(content))

    result = run("evaluate", given, bad)

    assert result.exit_code == 2
    assert f"Customer {dropped} is not served" in result.output
    assert "The file states a cost of" in result.output


def test_a_broken_instance_ends_with_2_and_writes_nothing(tmp_path):
    given = instance(tmp_path / "hand.dat")
    given.write_text(given.read_text().replace("3000", "3000 1", 1).replace("500", "x", 1))
    out = tmp_path / "s.json"

    result = run("solve", given, "--seconds", 1, "-o", out)

    assert result.exit_code == 2
    assert "opening cost of depot 1 is 2 columns" in result.output
    assert not out.exists()
    assert list(tmp_path.iterdir()) == [given]


def test_what_a_solution_says_of_itself_is_checked(solved, tmp_path):
    given, out, _ = solved
    honest = json.loads(out.read_text())
    bound = honest["cost"] / 2
    told = {
        "The file states a gap of 1.00 %; it is 100.00 %.": {"bound": bound, "gap": 0.01},
        "The file states an optimum; its bound leaves a gap of 100.00 %.": {
            "bound": bound,
            "gap": 1,
            "status": "optimal",
        },
        "The file states 'unknown', and yet holds routes.": {"status": "unknown"},
        "a gap of 1.00 %, but no bound": {"bound": None, "gap": 0.01},
        "above the cost": {"bound": 2 * honest["cost"], "gap": None, "status": "feasible"},
    }
    for words, changes in told.items():
        (tmp_path / "s.json").write_text(json.dumps({"status": "feasible", **honest, **changes}))
        result = run("evaluate", given, tmp_path / "s.json")

        assert result.exit_code == 2
        assert words in result.output


def test_a_solution_of_another_instance_is_told(solved, tmp_path):
    given, out, _ = solved
    other = tmp_path / "other.dat"
    other.write_text(given.read_text())

    result = run("evaluate", other, out)

    assert result.exit_code == 0
    assert "The file says that it answers hand.dat, not other.dat." in result.output


def test_a_solution_without_routes_has_no_gap_and_says_so(tmp_path):
    given = instance(tmp_path / "hand.dat", n_customers=30)
    none = tmp_path / "none.json"
    none.write_text('{"status": "unknown", "bound": 700, "cost": null, "routes": []}')

    result = run("evaluate", given, none)

    assert result.exit_code == 2
    assert "The file holds no plan: it states that none was found in time." in result.output
    assert "Bound 700.00 as the file states it.\n" in result.output
    assert "rule" not in result.output

    none.write_text('{"routes": []}')
    result = run("evaluate", given, none)

    assert result.exit_code == 2
    assert "The file holds no routes." in result.output
    assert "30 rules are broken:" in result.output
    assert "  and 10 more" in result.output


def searching(monkeypatch, at_the_end):
    """Tell two plans and then do something else, in place of the search."""
    from comarca.freight.routing import RoutingProgress
    from comarca.model.routing import RoutingPlan, TruckDay

    def search(problem, *_, on_progress, **__):
        for cost in (900.0, 800.0):
            trips = (problem.customer_ids,)
            day = TruckDay(depot="1", vehicle="truck", trips=trips)
            plan = RoutingPlan(days=(day,))
            on_progress(RoutingProgress(cost=cost, bound=700.0, cpu_s=0.1, plan=plan))
        return at_the_end(plan)

    monkeypatch.setattr("comarca.freight.routing.solving.solve_routing", search)
    monkeypatch.setattr("comarca.freight.routing.solve_routing", search)


def test_an_interrupt_keeps_the_best_solution_and_names_it(tmp_path, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    searching(monkeypatch, interrupted)
    given, out = instance(tmp_path / "hand.dat"), tmp_path / "s.json"

    result = run("solve", given, "--seconds", 60, "-o", out)

    assert result.exit_code == 130
    assert f"Interrupted; the best solution so far, of cost 800.00, is in {out}." in result.output
    assert json.loads(out.read_text())["cost"] == 800


@pytest.mark.parametrize("writes_that_fail", [2, 3])
def test_a_full_disk_does_not_end_the_search(tmp_path, monkeypatch, writes_that_fail):
    """It is told once, and what was found is written at the end if there is room then."""
    from comarca.freight.routing import RoutingResult

    def found(plan):
        return RoutingResult(
            status="feasible",
            plan=plan,
            cost=800.0,
            terms={"distance": 800.0},
            bound=700.0,
            cause="",
            stopped_by="seconds",
            steps=9,
            cpu_s=0.1,
        )

    left, write_text = iter(range(writes_that_fail)), Path.write_text

    def write(path, *words, **named):
        if path.name.startswith(".s.json-") and next(left, None) is not None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write_text(path, *words, **named)

    searching(monkeypatch, found)
    given, out = instance(tmp_path / "hand.dat"), tmp_path / "s.json"
    monkeypatch.setattr("comarca.cli.benchmarks.WRITTEN_EVERY_S", 0.0)
    monkeypatch.setattr(Path, "write_text", write)
    result = run("solve", given, "--seconds", 60, "-o", out)

    told = f"{out} cannot be written: No space left on device."
    assert result.output.count(f"warning: {told} The search goes on") == 1
    assert "Traceback" not in result.output
    if writes_that_fail == 2:
        assert result.exit_code == 0
        assert json.loads(out.read_text())["cost"] == 800
    else:
        assert result.exit_code == 2
        assert result.output.endswith(f"OutputError: {told}\n")
        assert list(tmp_path.iterdir()) == [given]


def never(**_):
    raise AssertionError("the search was prepared")


def test_a_place_that_cannot_be_written_is_told_before_the_search(tmp_path, monkeypatch):
    monkeypatch.setattr("comarca.cli.benchmarks._prepare", never)
    (tmp_path / "file").write_text("")
    given = instance(tmp_path / "hand.dat")

    result = run("solve", given, "--seconds", 60, "-o", tmp_path / "file" / "deeper" / "s.json")

    assert result.exit_code == 2
    assert "OutputError" in result.output


def test_all_options_out_of_range_are_told_before_anything_is_compiled(tmp_path, monkeypatch):
    monkeypatch.setattr("comarca.cli.benchmarks._prepare", never)
    given = instance(tmp_path / "hand.dat")
    options = {"--seconds": -1.0, "--gap": -0.5, "--threads": 0, "--iterations": 0, "--seed": -3}
    words = [word for option in options.items() for word in option]
    result = run("solve", given, *words, "-o", tmp_path / "s.json")

    assert result.exit_code == 2
    for name, value in options.items():
        assert f"{name} is {value}; expected" in result.output


def test_a_start_that_breaks_rules_is_told_once_with_its_name(solved, tmp_path, monkeypatch):
    given, out, _ = solved
    content = json.loads(out.read_text())
    content["routes"] = content["routes"][:1]
    start = tmp_path / "start.json"
    start.write_text(json.dumps(content))
    monkeypatch.setattr("comarca.cli.benchmarks._prepare", never)
    result = run("solve", given, "--start", start, "-o", tmp_path / "s.json")

    assert result.exit_code == 2
    assert result.output.count("start.json breaks") == 1
    assert "is not served" in result.output


def test_a_result_among_the_inputs_is_refused(tmp_path):
    given = instance(tmp_path / "hand.dat")
    result = run("solve", given, "--iterations", 10, "-o", given)

    assert result.exit_code == 2
    assert "would overwrite" in result.output


def test_an_instance_without_a_plan_says_why(tmp_path):
    given = instance(tmp_path / "hand.dat")
    given.write_text(given.read_text().replace("\n100\n", "\n20\n"))
    out = tmp_path / "s.json"

    result = run("solve", given, "--iterations", 10, "-o", out)

    assert result.exit_code == 0, result.output
    assert "All depots together deliver 60" in result.output
    assert json.loads(out.read_text())["status"] == "infeasible"


def test_a_gap_stops_the_run(tmp_path):
    given = instance(tmp_path / "hand.dat", n_customers=6)
    words = ("solve", given, "--iterations", 20_000, "--gap", 0.5, "--json")
    result = run(*words, "-o", tmp_path / "s.json")

    found = json.loads(result.stdout)
    assert found["stopped_by"] in ("gap", "proof")
    assert found["gap"] <= 0.5
    assert found["steps"] < 20_000


def test_a_missing_library_is_told_in_one_line(tmp_path, monkeypatch):
    given = instance(tmp_path / "hand.dat")
    monkeypatch.setitem(sys.modules, "highspy", None)

    result = run("solve", given, "--iterations", 10, "-q", "-o", tmp_path / "s.json")

    assert result.exit_code == 1
    assert "pip install highspy" in result.output
    assert "Traceback" not in result.output


def test_memory_that_runs_out_is_told_in_one_line(tmp_path, monkeypatch):
    def exhaust(*_, **__):
        raise MemoryError

    monkeypatch.setattr("comarca.freight.routing.solving.solve_routing", exhaust)
    given = instance(tmp_path / "hand.dat")

    result = run("solve", given, "--iterations", 10, "-q", "-o", tmp_path / "s.json")

    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "Out of memory" in result.output


@pytest.mark.slow
def test_a_killed_run_leaves_the_last_solution_whole(tmp_path):
    given = instance(tmp_path / "hand.dat", n_customers=40, n_depots=5)
    out = tmp_path / "s.json"
    command = "from comarca.cli import app; app()"
    words = ["solve", str(given), "--seconds", "300", "-q", "-o", str(out)]
    process = subprocess.Popen([sys.executable, "-c", command, *words])
    try:
        deadline = time.monotonic() + 240
        while not out.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    assert run("evaluate", given, out).exit_code == 0
