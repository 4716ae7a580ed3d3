"""
``plan.json``: everything a warm start, the site or a consent needs, and the tables beside it.

The file is versioned and carries the hash of what the plan was computed from. Numbers keep their
full precision, so a plan that is read again is the plan that was written.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from comarca.errors import PlanFileError
from comarca.model.codec import from_plain, to_plain
from comarca.model.plan import Plan
from comarca.model.plan_tables import PLAN_TABLES

FORMAT = "comarca-plan"
VERSION = 1


def write_plan(plan: Plan, directory: Path) -> tuple[Path, ...]:
    """
    Write ``plan.json``, ``manifest.json`` and the tables as CSV.

    Parameters
    ----------
    plan
        What to write.
    directory
        Where to; it must exist. Each file is written to a temporary name and renamed.

    Returns
    -------
    tuple[Path, ...]
        Files written.
    """
    files = {
        "plan.json": _json({"format": FORMAT, "version": VERSION, "plan": to_plain(plan)}),
        "manifest.json": _json(to_plain(plan.manifest), indent=2),
    }
    for name, table in PLAN_TABLES.items():
        files[f"{name}.csv"] = table(plan).to_csv(index=False, lineterminator="\n")
    return tuple(_write_whole(directory / name, text) for name, text in files.items())


def read_plan(path: Path) -> Plan:
    """
    Read a plan that was written before.

    Parameters
    ----------
    path
        ``plan.json``, or the directory it lies in.

    Raises
    ------
    PlanFileError
        When there is no such file, it is damaged, or it is of another version.
    """
    file = path / "plan.json" if path.is_dir() else path
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise PlanFileError(f"{file.name} cannot be read: {error}.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise PlanFileError(f"{file.name} is not a plan of Comarca.")
    if content.get("version") != VERSION:
        raise PlanFileError(
            f"{file.name} is of version {content.get('version')}; this Comarca reads {VERSION}."
        )
    try:
        plan: Plan = from_plain(content["plan"], Plan)
    except (KeyError, TypeError, ValueError) as error:
        raise PlanFileError(f"{file.name} is damaged: {error}.") from error
    return plan


def _json(value: Any, indent: int | None = None) -> str:
    separators = None if indent else (",", ":")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators) + "\n"


def _write_whole(path: Path, text: str) -> Path:
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    os.replace(unfinished, path)
    return path
