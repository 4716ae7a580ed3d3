"""What rows of flows say together: which towns, which pairs twice, what a planner should know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.errors import Fault
from comarca.io.lone_tables import MOST_FAULTS_TOLD, LoneTable, TableFindings
from comarca.io.lone_values import ReadColumn, label_of
from comarca.io.town_tables import TownTable
from comarca.model.checks import hint_of_code
from comarca.model.matrices import FlowMatrix
from comarca.wording import counted

_MOST_PERSONS = 2**53  # whole numbers beyond are no longer exact
_NAMED = 3  # a warning names so many towns and counts the rest

Read = Mapping[str, ReadColumn]
Positions = NDArray[np.int64]


def ids_of(read: Read) -> tuple[str, ...]:
    """Towns that flows name: by number where all codes are digits, else as text."""
    used = {town for name in ("origin", "destination") for town in read[name].distinct}
    used.discard(None)
    if all(town.isascii() and town.isdigit() for town in used):
        return tuple(sorted(used, key=_number_of))
    return tuple(sorted(used))


def _number_of(town: str) -> tuple[int, str, str]:
    """Key that sorts digits as numbers, however many there are."""
    digits = town.lstrip("0")
    return len(digits), digits, town


def positions(column: ReadColumn, ids: Sequence[str]) -> Positions:
    """Position of each row's town in ``ids``; -1 where it is missing or unknown."""
    position = {town: at for at, town in enumerate(ids)}
    of_distinct = np.array([position.get(town, -1) for town in column.distinct], dtype=np.int64)
    by_row: Positions = of_distinct[column.column.position]
    return by_row


def tell_unknown_towns(
    table: LoneTable, read: Read, towns: TownTable, findings: TableFindings
) -> None:
    """Tell of codes that the list of towns lacks, each once a column, at its first row."""
    target = towns.towns.reset_index()
    for name in ("origin", "destination"):
        column = read[name]
        is_unknown = np.array([town is not None and town not in towns for town in column.distinct])
        n_rows = np.bincount(column.column.position, minlength=len(is_unknown))
        unknown = [at for at in np.flatnonzero(is_unknown).tolist() if n_rows[at]]
        faults = []
        for at in unknown[:MOST_FAULTS_TOLD]:
            town = str(column.distinct[at])
            row = int(np.argmax(column.column.position == at))
            faults.append(
                Fault(
                    place=table.place_of(row),
                    object=f"{column.column.header} of {label_of(read, row)}",
                    value=f'"{town}"' + (f" in {n_rows[at]:,} rows" if n_rows[at] > 1 else ""),
                    expectation=f"a code from {towns.place}"
                    + hint_of_code(town, target, "town_id", towns.town_ids),
                )
            )
        findings.add(faults, len(unknown))


def repeats(origins: Positions, destinations: Positions) -> NDArray[np.bool_]:
    """Which rows name a pair that stands above them; empty when none does."""
    n_towns = int(max(origins.max(initial=0), destinations.max(initial=0))) + 1
    pairs = origins * n_towns + destinations
    is_pair = (origins >= 0) & (destinations >= 0)
    pairs[~is_pair] = -1 - np.flatnonzero(~is_pair)  # a row without a pair repeats none
    ordered = np.sort(pairs)  # far cheaper than finding out which, and mostly there is none
    if (ordered[1:] != ordered[:-1]).all():
        return np.zeros(0, dtype=bool)
    return pd.Series(pairs).duplicated().to_numpy()


def tell_repeats(
    table: LoneTable, read: Read, is_repeat: NDArray[np.bool_], findings: TableFindings
) -> None:
    """Tell of rows that repeat a pair, each with the line where it stands first."""
    rows = np.flatnonzero(is_repeat)
    findings.add([_repeat(table, read, row) for row in rows[:MOST_FAULTS_TOLD].tolist()], len(rows))


def _repeat(table: LoneTable, read: Read, row: int) -> Fault:
    is_same = np.ones(row, dtype=bool)
    for name in ("origin", "destination"):
        column = read[name]
        town = column.distinct[column.column.position[row]]
        of_town = np.array([other == town for other in column.distinct])
        is_same &= of_town[column.column.position[:row]]
    first = table.lines[int(np.argmax(is_same))]
    return Fault(
        place=table.place_of(row),
        object=label_of(read, row),
        value=f"in the table already, at {table.line_word} {first}",
        expectation="every pair once; the option sum-duplicates adds them up",
    )


def tell_impossible_sums(
    table: LoneTable, persons: NDArray[np.float64], findings: TableFindings
) -> None:
    """Tell of flows that are all zero, or more than can be counted."""
    if not len(persons) or findings.n_faults:
        return
    total = float(persons.sum())
    if total == 0:
        findings.fault(table.place, "persons", "0 in every row", "at least one commuter")
    elif total >= _MOST_PERSONS:
        findings.fault(
            table.place,
            "the sum of persons",
            f"{total:.3g}",
            f"less than {_MOST_PERSONS:,}; beyond, whole numbers are not exact",
        )


def notice_rows(
    table: LoneTable, read: Read, is_repeat: NDArray[np.bool_], findings: TableFindings
) -> None:
    """Notice rows without persons, with fractions of them, and those added to others."""
    persons = read["persons"].by_row()
    n_zeros = int((persons == 0).sum())
    if n_zeros:
        findings.warn(table.place, counted(n_zeros, "row"), "without persons: no flow")
    fractions = np.flatnonzero(persons != np.floor(persons))
    if len(fractions):
        row = int(fractions[0])
        findings.warn(
            table.place,
            counted(len(fractions), "row"),
            f"with fractions of persons, such as {persons[row]:g} of {label_of(read, row)}: kept",
        )
    if is_repeat.any():
        n_repeats = int(is_repeat.sum())
        findings.warn(
            table.place, counted(n_repeats, "row"), "of a pair that stands above: added to it"
        )


def notice_towns(table: LoneTable, flows: FlowMatrix, findings: TableFindings) -> None:
    """Notice towns without flows in or out, and flows without anybody who stays."""
    for town_ids, what in _lacking(flows):
        named = ", ".join(town_ids[:_NAMED])
        rest = f" and {len(town_ids) - _NAMED:,} more" if len(town_ids) > _NAMED else ""
        findings.warn(table.place, counted(len(town_ids), "town"), f"{what}: {named}{rest}")
    if not flows.persons.diagonal().any():
        findings.warn(
            table.place, "nobody", "works in the own town; labour market areas need those who stay"
        )


def _lacking(flows: FlowMatrix) -> Iterator[tuple[list[str], str]]:
    has_workers, has_jobs = flows.workers > 0, flows.jobs > 0
    for is_such, what in (
        (~has_workers & ~has_jobs, "without flows"),
        (~has_workers & has_jobs, "where no workers live"),
        (has_workers & ~has_jobs, "where nobody works"),
    ):
        if is_such.any():
            yield [flows.town_ids[at] for at in np.flatnonzero(is_such).tolist()], what
