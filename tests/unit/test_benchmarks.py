"""Every benchmark runs; how fast is for ``make bench`` to say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = sorted((Path(__file__).resolve().parents[2] / "benchmarks").glob("bench_*.py"))


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_benchmark_runs_at_its_smallest_size(path: Path, tmp_path: Path) -> None:
    """Each benchmark takes COMARCA_BENCH_SMOKE=1 as its cue to run once at tiny size."""
    done = subprocess.run(
        [sys.executable, str(path)],
        cwd=tmp_path,
        env={**os.environ, "COMARCA_BENCH_SMOKE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip(), "a benchmark prints its figures"
