"""
The door: tables as they were found become typed tables, and everything wrong is told together.

Faults refuse the region; warnings are told and leave the data as it is.
Columns, types, bounds, keys and references come from the data dictionary; what one cell cannot show
(parts and totals, ages, towns off the map) stands in :mod:`comarca.model.rules`.

pandera was tried for this and left: its failure cases know neither the line of the file nor the
nearest known name, text such as ``1,5`` has to be read before it can judge, and it adds 0.3 s to
every start. The loop below over the dictionary does the same in fewer lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

import pandas as pd

from comarca.errors import Fault
from comarca.model.cells import DecimalMark, read_cells
from comarca.model.dictionary import Attribute, attributes, dictionary, key_of
from comarca.model.numbers import reading_of, settled_marks
from comarca.model.raw import Cell, CheckedTable, Findings, RawTable
from comarca.model.region import typed_frame
from comarca.model.rules import check_rules
from comarca.model.suspicious import SuspicionParams

_NUMERIC = frozenset({"integer", "number", "share", "year"})


def check_tables(
    raws: Sequence[RawTable],
    params: SuspicionParams | None = None,
    *,
    country_box: tuple[float, float, float, float] | None = None,
) -> tuple[Mapping[str, pd.DataFrame], Findings]:
    """
    Read and judge all tables of a region.

    Parameters
    ----------
    raws
        The tables found, each name once.
    params
        When a census value counts as suspicious; the defaults when not given.
    country_box
        South, north, west and east of the towns of the region's country, degrees, where known.

    Returns
    -------
    tables, findings
        Typed tables by name, ``towns`` indexed by ``town_id``; and everything found. With any fault
        the tables hold gaps and must not be used.
    """
    findings = Findings()
    tables = {raw.table: _check_table(raw, findings) for raw in raws}
    if "towns" not in tables:
        findings.faults.insert(0, _no_towns())
    for checked in tables.values():
        findings.faults.extend(_repeated_keys(checked))
        findings.faults.extend(_unknown_references(checked, tables))
    check_rules(tables, findings, params or SuspicionParams(), country_box)
    return MappingProxyType({name: _finished(t) for name, t in tables.items()}), findings


def _no_towns() -> Fault:
    return Fault(
        place="towns",
        object="the table",
        value="",
        expectation="a table towns; only it is required",
    )


def _finished(table: CheckedTable) -> pd.DataFrame:
    if table.raw.table != "towns":
        return table.frame
    return table.frame.set_index("town_id")


def _check_table(raw: RawTable, findings: Findings) -> CheckedTable:
    found = _match_columns(raw, findings)
    decimal = _decimal_mark(raw, found, findings)
    values: dict[str, Any] = {}
    problems = []
    for column in attributes(raw.table):
        if column.name in found:
            values[column.name], wrong = read_cells(column, found[column.name], decimal)
            problems += [(problem.row, column.name, problem) for problem in wrong]
    rows = pd.DataFrame(values, index=range(len(raw.lines)), dtype=object)
    frame = typed_frame(raw.table, rows).reset_index()
    checked = CheckedTable(raw=raw, frame=frame.drop(columns="index", errors="ignore"))
    for row, name, problem in sorted(problems, key=lambda found: found[0]):
        of = f"{name} of {label(checked, row)}" if label(checked, row) else name
        expectation = problem.expectation + _swap_hint(checked, name, row, problem.value)
        findings.faults.append(checked.fault(row, of, problem.value, expectation))
    return checked


def _swap_hint(table: CheckedTable, name: str, row: int, value: str) -> str:
    """Ask whether a latitude off the map is a longitude."""
    if (table.raw.table, name) != ("towns", "lat") or reading_of(value) == "none":
        return ""
    lon = table.frame["lon"].iloc[row]
    is_latitude = pd.notna(lon) and abs(float(lon)) <= 90
    return "; are lat and lon swapped?" if is_latitude else ""


def label(table: CheckedTable, row: int) -> str:
    """Name a row by its key: a code, ``ash → birch`` for a pair, ``ash 2005`` for a count."""
    key = [name for name in key_of(table.raw.table) if name in table.frame]
    parts = [str(table.frame[name].iloc[row]) for name in key if _is_given(table, name, row)]
    if key[:2] == ["origin", "destination"]:
        return " ".join([" → ".join(parts[:2]), *parts[2:]])
    return " ".join(parts)


def _is_given(table: CheckedTable, name: str, row: int) -> bool:
    return bool(pd.notna(table.frame[name].iloc[row]))


def _match_columns(raw: RawTable, findings: Findings) -> dict[str, Sequence[Cell]]:
    """Columns of the dictionary that are there; the rest is a fault or a warning."""
    known = {column.name: column for column in attributes(raw.table)}
    found = {header: cells for header, cells in raw.columns.items() if header in known}
    absent = [name for name in known if name not in found]
    meant: set[str] = set()
    for header in raw.columns:
        if header in known or header.startswith(("_", "x_")):
            continue
        near = get_close_matches(header, absent, n=1, cutoff=0.75)
        meant.update(near)
        note = _unknown_column(raw, header, near)
        (findings.faults if near else findings.warnings).append(note)
    for name in absent:
        if known[name].is_required and name not in meant:
            findings.faults.append(
                Fault(
                    place=raw.place,
                    object=f"column {name}",
                    value="",
                    expectation=f"a column with that header: {known[name].meaning}",
                )
            )
    return found


def _unknown_column(raw: RawTable, header: str, near: Sequence[str]) -> Fault:
    return Fault(
        place=f"{raw.place} {raw.line_word} 1" if raw.line_word != "feature" else raw.place,
        object="a column",
        value=f'"{header}"',
        expectation=(
            f"a column of the data dictionary; nearest name is {near[0]}"
            if near
            else "a column of the data dictionary; it is not read (x_ or _ before its name says so)"
        ),
    )


def _decimal_mark(
    raw: RawTable, found: Mapping[str, Sequence[Cell]], findings: Findings
) -> DecimalMark:
    """Which decimal mark the table's numbers are written with."""
    if raw.decimal is not None:
        return DecimalMark(mark=raw.decimal, is_declared=True)
    numeric = [c.name for c in attributes(raw.table) if c.type in _NUMERIC and c.name in found]
    marks = settled_marks(cell for name in numeric for cell in found[name] if type(cell) is str)
    if len(marks) > 1:
        findings.faults.append(
            Fault(
                place=raw.place,
                object="its decimal mark",
                value=f"a point in {marks['.']} and a comma in {marks[',']}",
                expectation="one decimal mark throughout a file",
            )
        )
        return DecimalMark(mark=None)
    return DecimalMark(mark=next(iter(marks), raw.likely_decimal))


def _repeated_keys(table: CheckedTable) -> Iterator[Fault]:
    key = list(key_of(table.raw.table))
    required = [c.name for c in attributes(table.raw.table) if c.is_key and c.is_required]
    keys = table.frame[key].astype("string").fillna("")
    whole = table.frame[required].notna().all(axis=1)
    repeated = keys.duplicated(keep="first") & whole
    if not repeated.any():
        return
    first: dict[tuple[str, ...], int] = {}
    for row, parts in enumerate(keys.itertuples(index=False, name=None)):
        if not whole.iloc[row]:
            continue
        if parts not in first:
            first[parts] = row
            continue
        at = f"{table.raw.line_word} {table.raw.lines[first[parts]]}"
        yield table.fault(
            row, label(table, row), f"in the table already, at {at}", "every key once"
        )


def _unknown_references(table: CheckedTable, tables: Mapping[str, CheckedTable]) -> Iterator[Fault]:
    for column in attributes(table.raw.table):
        if not column.references:
            continue
        target, _, name = column.references.partition(".")
        if target not in tables:
            # Without towns everything would be unknown: that table's absence is told once.
            if target != "towns" and table.frame[column.name].notna().any():
                yield _no_target(table, column, target)
            continue
        yield from _unknown_values(table, column, tables[target].frame, name)


def _no_target(table: CheckedTable, column: Attribute, target: str) -> Fault:
    return Fault(
        place=table.raw.place,
        object=f"the table {target}",
        value="",
        expectation=f"a table {target}, which {column.name} points at",
    )


def _unknown_values(
    table: CheckedTable, column: Attribute, target: pd.DataFrame, name: str
) -> Iterator[Fault]:
    values, known = table.frame[column.name], target[name]
    unknown = values.notna() & ~values.isin(known.dropna())
    known_ids = [str(value) for value in known.dropna()]
    hints: dict[str, str] = {}
    for row in unknown.to_numpy().nonzero()[0]:
        value = str(values.iloc[row])
        if value not in hints:
            hints[value] = hint_of_code(value, target, name, known_ids)
        what = column.references.partition(".")[0]
        of = f"{column.name} of {label(table, int(row))}"
        yield table.fault(int(row), of, f'"{value}"', f"a code from {what}{hints[value]}")


def hint_of_code(value: str, target: pd.DataFrame, name: str, known_ids: Sequence[str]) -> str:
    """
    Guess which code was meant.

    Parameters
    ----------
    value
        What was written.
    target
        The table with the codes, and perhaps a column ``name``.
    name
        Its column of codes.
    known_ids
        These codes as a list.

    Returns
    -------
    str
        To follow *expected a code*: ``"; nearest is 09001"``; blank when nothing is near.
    """
    return _code_of_name(value, target, name) or _nearest(value, known_ids)


def _code_of_name(value: str, target: pd.DataFrame, code: str) -> str:
    """People write the name where the code belongs."""
    if "name" not in target:
        return ""
    named = target.loc[(target["name"] == value).fillna(False), code].dropna()
    return f"; the code of {value} is {named.iloc[0]}" if len(named) == 1 else ""


def _nearest(value: str, known: Sequence[str]) -> str:
    padded = [name for name in known if name.lstrip("0") == value.lstrip("0")]
    if padded:
        return f"; nearest is {padded[0]}: leading zeros differ"
    near = get_close_matches(value, known, n=1)
    return f"; nearest is {near[0]}" if near else ""


def near_table(name: str) -> str | None:
    """Name of the table somebody probably meant, or ``None``."""
    near = get_close_matches(name.casefold(), list(dictionary()), n=1, cutoff=0.75)
    return near[0] if near else None
