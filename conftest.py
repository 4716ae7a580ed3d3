"""Runs the code that the README, the tutorial and the how-to pages show (``make test-docs``)."""

import doctest
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from sybil import Example, Sybil
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run_console(example: Example) -> str:
    """
    Run the lines of a ``console`` block that begin with ``$``, and compare what they print.

    A command must end with 0, or as its comment ``# ends with 2`` says. The lines below it, if any,
    are what it must print; ``...`` stands for anything, as in a doctest.
    """
    for command, expected in _commands(example.parsed):
        told = re.search(r"# ends with (\d+)$", command)
        done = subprocess.run(  # noqa: S603 - the project's own pages
            ["/bin/sh", "-c", command],
            capture_output=True,
            text=True,
            env=_environment(),
            check=False,
        )
        printed = done.stdout + done.stderr
        if done.returncode != (int(told[1]) if told else 0):
            return f"$ {command}\nended with {done.returncode}:\n{printed}"
        if expected and not doctest.OutputChecker().check_output(expected, printed, FLAGS):
            return f"$ {command}\nexpected:\n{expected}\nprinted:\n{printed}"
    return ""


def _commands(block: str) -> list[tuple[str, str]]:
    """Each command of the block with the output shown below it."""
    found: list[tuple[str, str]] = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:].rstrip(), ""))
        else:
            command, output = found[-1]
            found[-1] = (command, output + line)
    return found


def _environment() -> dict[str, str]:
    """The caller's, with this environment's commands first and a terminal of a known width."""
    first = str(Path(sys.executable).parent)
    path = os.pathsep.join((first, os.environ.get("PATH", "")))
    return {**os.environ, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}


def enter_empty_folder(namespace: dict[str, Any]) -> None:
    """Give each page a folder of its own, so that it writes nothing into the checkout."""
    namespace["_home"] = Path.cwd()
    namespace["_folder"] = tempfile.TemporaryDirectory(prefix="comarca-docs-")
    os.chdir(namespace["_folder"].name)


def leave_folder(namespace: dict[str, Any]) -> None:
    """Go back and remove it."""
    os.chdir(namespace["_home"])
    namespace["_folder"].cleanup()


pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=FLAGS),
        CodeBlockParser(language="console", evaluator=run_console),
        SkipParser(),
    ],
    patterns=["README.md", "tutorial/*.md", "how-to/*.md"],
    setup=enter_empty_folder,
    teardown=leave_folder,
).pytest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the pages' code, so that ``-m docs`` picks it."""
    for item in items:
        if item.path.suffix == ".md":
            item.add_marker(pytest.mark.docs)
