"""
``plan.json``: everything a warm start, the site or a consent needs, and the tables beside it.

The file is versioned and carries the hash of what the plan was computed from. Numbers keep their
full precision, so a plan that is read again is the plan that was written.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from comarca.errors import PlanFileError
from comarca.model.codec import FormError, from_plain, to_plain
from comarca.model.plan import Plan
from comarca.model.plan_tables import PLAN_TABLES
from comarca.writing import written_whole

FORMAT = "comarca-plan"
VERSION = 1


def write_plan(plan: Plan, directory: Path | str) -> tuple[Path, ...]:
    """
    Write ``plan.json``, ``manifest.json`` and the tables as CSV.

    Parameters
    ----------
    plan
        What to write.
    directory
        Where to; it is made where it is missing. Files of an earlier plan are replaced once all
        their successors are whole.

    Returns
    -------
    tuple[Path, ...]
        Files written.

    Raises
    ------
    OutputError
        When nothing can be written there.
    """
    files = {
        "plan.json": _json({"format": FORMAT, "version": VERSION, "plan": to_plain(plan)}),
        "manifest.json": _json(to_plain(plan.manifest), indent=2),
    }
    for name, table in PLAN_TABLES.items():
        files[f"{name}.csv"] = table(plan).to_csv(index=False, lineterminator="\n")
    folder = Path(directory)
    with written_whole(folder) as unfinished:
        for name, text in files.items():
            (unfinished / name).write_text(text, encoding="utf-8", newline="\n")
    return tuple(folder / name for name in files)


def read_plan(path: Path | str) -> Plan:
    """
    Read a plan that was written before.

    Parameters
    ----------
    path
        ``plan.json``, or the directory it lies in.

    Returns
    -------
    Plan
        The plan that was written, with every digit of its numbers.

    Raises
    ------
    PlanFileError
        When there is no such file, it is damaged, or it is of another version.
    """
    file = Path(path)
    if file.is_dir():
        file /= "plan.json"
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlanFileError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise PlanFileError(f"{file} cannot be read: it is not UTF-8.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise PlanFileError(f"{file} cannot be read: it is no JSON from {where} on.") from error
    except RecursionError as error:
        raise PlanFileError(f"{file} cannot be read: lists within lists without end.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise PlanFileError(f"{file} is not a plan of Comarca.")
    if content.get("version") != VERSION:
        raise PlanFileError(
            f"{file} is of version {content.get('version')}; this Comarca reads {VERSION}."
        )
    try:
        plan: Plan = from_plain(content["plan"], Plan)
    except FormError as error:
        raise PlanFileError(f"{file} is damaged: it holds a {error}.") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PlanFileError(
            f"{file} is damaged: what it holds is not what Comarca writes."
        ) from error
    return plan


def _json(value: Any, indent: int | None = None) -> str:
    separators = None if indent else (",", ":")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators) + "\n"
