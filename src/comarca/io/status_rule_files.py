"""A user's own rules of single-industry status, from a TOML file; faults bear their line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from comarca.errors import Fault, ParameterError, TableError
from comarca.model.status_rule_tables import rule_sets_of
from comarca.model.status_rules import RuleSet

_HEADING = re.compile(r"\s*\[\[\s*([a-z_.\s]+?)\s*\]\]")
_KEY = re.compile(r"\s*([A-Za-z_]+)\s*=")


def read_status_rules(path: Path | str) -> tuple[RuleSet, ...]:
    """
    Read rule sets of single-industry status.

    Parameters
    ----------
    path
        A TOML file in the form of :mod:`comarca.model.status_rules`.

    Returns
    -------
    tuple of RuleSet

    Raises
    ------
    TableError
        When the file cannot be read or breaks the form; every fault is listed with its line.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TableError(file.name, [_unreadable(file, error)]) from None
    try:
        return rule_sets_of(content)
    except ParameterError as error:
        lines = dict(_lines(text))
        faults = [replace(fault, place=_place(file, fault, lines)) for fault in error.faults]
        raise TableError(file.name, faults) from None


def _unreadable(file: Path, error: Exception) -> Fault:
    if isinstance(error, UnicodeDecodeError):
        value, expectation = "not UTF-8", "a text file saved as UTF-8"
    elif isinstance(error, OSError):
        value, expectation = f"not readable ({error.strerror})", "a file of rules"
    else:
        value, expectation = f"not TOML ({error})", "TOML, tables [[rule_set]] and below"
    return Fault(place=file.name, object="the file", value=value, expectation=expectation)


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """Address of each table and key, as faults bear it, with its line."""
    counts: dict[str, int] = {}
    address = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := _HEADING.match(line):
            name = re.sub(r"\s", "", heading[1])
            if name == "rule_set":
                counts = {"rule_set": counts.get("rule_set", 0) + 1}
                address = f"rule_set {counts['rule_set']}"
            else:
                part = name.removeprefix("rule_set.")
                counts[part] = counts.get(part, 0) + 1
                address = f"rule_set {counts.get('rule_set', 0)} {part} {counts[part]}"
            yield address, number
        elif key := _KEY.match(line):
            yield f"{address} {key[1]}".strip(), number


def _place(file: Path, fault: Fault, lines: dict[str, int]) -> str:
    """File and line of the key at fault, else of the nearest table around it."""
    parts = fault.object.split(" ")
    for length in range(len(parts), 0, -1):
        if (line := lines.get(" ".join(parts[:length]))) is not None:
            return f"{file.name} line {line}"
    return file.name
