"""Compiled code that is kept on disk is made anew whenever a source it stands on changes."""

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher
from numba.core.errors import TypingError

import comarca
from comarca.compiled import compiled_in_place


def compiled_modules():
    for found in pkgutil.walk_packages(comarca.__path__, "comarca."):
        module = importlib.import_module(found.name)
        if any(isinstance(value, Dispatcher) for value in vars(module).values()):
            yield module


def folder_of(loop: Dispatcher) -> Path:
    return Path(loop.py_func.__code__.co_filename).parent


def test_compiled_functions_call_only_those_of_their_own_folder():
    """What is kept is known by the sources of that folder alone."""
    seen = 0
    for module in compiled_modules():
        own = [v for v in vars(module).values() if isinstance(v, Dispatcher)]
        for loop in own:
            if loop.py_func.__module__ != module.__name__:
                continue
            names = loop.py_func.__code__.co_names
            called = [v for n in names if isinstance(v := vars(module).get(n), Dispatcher)]
            assert {folder_of(other) for other in called} <= {folder_of(loop)}, loop
            seen += 1
    assert seen > 20


SOURCES = {
    "inner.py": """
from comarca.compiled import compiled

@compiled
def inner(x):
    return x + 1
""",
    "outer.py": """
from comarca.compiled import compiled
from inner import inner

@compiled
def outer(x):
    return inner(x) * 10
""",
}


def test_a_change_below_makes_what_calls_it_anew(tmp_path: Path):
    for name, text in SOURCES.items():
        (tmp_path / name).write_text(text)

    def answer() -> str:
        command = [sys.executable, "-c", "from outer import outer; print(outer(1.0))"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    assert answer() == "20.0"
    assert list(tmp_path.rglob("*.nbc")), "nothing was kept"
    (tmp_path / "inner.py").write_text(SOURCES["inner.py"].replace("x + 1", "x + 2"))
    assert answer() == "30.0"


def test_in_place_what_is_given_is_written_to_and_making_an_array_is_refused():
    @compiled_in_place
    def double(values):
        for at in range(len(values)):
            values[at] *= 2

    @compiled_in_place
    def make(n):
        return np.empty(n)

    values = np.arange(3.0)
    double(values)
    assert values.tolist() == [0.0, 2.0, 4.0]
    with pytest.raises(TypingError):
        make(3)
