"""Neighbours from a table of pairs, as a statistical office or a GIS exports them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.io.flow_checks import ids_of, positions
from comarca.io.lone_columns import Wanted
from comarca.io.lone_files import read_lone_table
from comarca.io.lone_tables import LoneTable, TableFindings
from comarca.io.lone_values import ReadColumn, label_of, read_columns
from comarca.model.contiguity import Contiguity, named_towns
from comarca.model.dictionary import attributes
from comarca.wording import counted

Pairs = NDArray[np.int64]

_FLOWS = {attribute.name: attribute for attribute in attributes("flows")}
WANTED = (
    Wanted(
        attribute=_FLOWS["origin"], other_names=("town", "town_id", "source", "focal", "src_id")
    ),
    Wanted(
        attribute=_FLOWS["destination"],
        other_names=("neighbour", "neighbor", "target", "nbr_id"),
    ),
    Wanted(
        attribute=replace(
            _FLOWS["persons"],
            name="border_km",
            unit="km",
            is_required=False,
            meaning="Length of the common border",
        ),
        is_optional=True,
    ),
)


def read_contiguity(
    path: str | Path,
    columns: Sequence[str] | None = None,
    *,
    town_ids: Sequence[str] | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
) -> Contiguity:
    """
    Read which towns are neighbours from a table of pairs.

    Parameters
    ----------
    path
        CSV, XLSX or Parquet with a header, one row a pair; one way round is enough.
    columns
        Headers of the two towns and, if wanted, of the length of their border, km; recognised by
        their names when not given (``origin``, ``destination``, ``border_km``).
    town_ids
        Towns of the matrix, in their order, such as those of the flows; pairs with other towns are
        left out and counted. The towns that the table names when not given.
    encoding, decimal, sheet
        As for :func:`comarca.io.read_flow_table`.

    Raises
    ------
    TableError
        With every fault found, each with its line; also where two rows tell different lengths of
        one border.
    ParameterError
        When an option is none.
    """
    findings = TableFindings(place=Path(path).name)
    table = read_lone_table(
        path, WANTED, findings, columns=columns, encoding=encoding, decimal=decimal, sheet=sheet
    )
    if table is None:
        raise findings.error()
    read = read_columns(table, [column.attribute for column in WANTED], findings)
    ids = ids_of(read) if town_ids is None else tuple(town_ids)
    pairs = np.column_stack([positions(read[name], ids) for name in ("origin", "destination")])
    _tell_odd_pairs(table, read, pairs, findings)
    lengths = _border_km(table, read, np.sort(pairs, axis=1), findings)
    findings.refuse_faults()
    is_known = (pairs >= 0).all(axis=1)
    contiguity = Contiguity(
        town_ids=ids,
        adjacent=_both_ways(pairs[is_known], np.ones(int(is_known.sum()), dtype=bool), len(ids)),
        source="table",
        border_km=_matrix_of(lengths, len(ids)) if "border_km" in read else None,
    )
    _notice(table, contiguity, int((~is_known).sum()), findings)
    return replace(contiguity, warnings=tuple(findings.warnings))


def _tell_odd_pairs(
    table: LoneTable, read: Mapping[str, ReadColumn], pairs: Pairs, findings: TableFindings
) -> None:
    """Tell of a town beside itself, and of a table that has nothing to do with the towns."""
    for row in range(len(pairs)):
        home, neighbour = (read[name].text_of(row) for name in ("origin", "destination"))
        if home and home == neighbour:
            findings.fault(table.place_of(row), f"{home} → {home}", "one town", "two neighbours")
    if not len(pairs):
        findings.fault(table.place, "the table", "a header alone", "at least one pair of towns")
    elif (pairs < 0).any(axis=1).all() and not findings.n_faults:
        findings.fault(
            table.place,
            "every pair",
            f"with a town that is not asked for, such as {label_of(read, 0)}",
            "the codes of the towns asked for",
        )


def _border_km(
    table: LoneTable, read: Mapping[str, ReadColumn], pairs: Pairs, findings: TableFindings
) -> dict[tuple[int, int], float]:
    """Length by pair, where told; two different lengths of one border are a fault."""
    border_km: dict[tuple[int, int], float] = {}
    if "border_km" not in read:
        return border_km
    lengths = read["border_km"].by_row().tolist()
    for row, ((one, other), length) in enumerate(zip(pairs.tolist(), lengths, strict=True)):
        if one < 0 or np.isnan(length):
            continue
        told = border_km.setdefault((one, other), length)
        if told != length:
            findings.fault(
                table.place_of(row),
                f"{read['border_km'].column.header} of {label_of(read, row)}",
                f"{length:g}",
                f"{told:g}, as a row above says",
            )
    return border_km


def _matrix_of(lengths: Mapping[tuple[int, int], float], n_towns: int) -> sparse.csr_array:
    pairs = np.array(list(lengths), dtype=np.int64).reshape(-1, 2)
    return _both_ways(pairs, np.array(list(lengths.values()), dtype=np.float64), n_towns)


def _both_ways(pairs: Pairs, values: NDArray[Any], n_towns: int) -> sparse.csr_array:
    """Symmetric matrix of pairs; one that stands both ways round, or twice, counts once."""
    pairs, first = np.unique(np.sort(pairs, axis=1), axis=0, return_index=True)
    rows, columns = np.concatenate([pairs, pairs[:, ::-1]]).T
    return sparse.csr_array((np.tile(values[first], 2), (rows, columns)), shape=(n_towns, n_towns))


def _notice(
    table: LoneTable, contiguity: Contiguity, n_others: int, findings: TableFindings
) -> None:
    if n_others:
        findings.warn(
            table.place, counted(n_others, "pair"), "with towns that are not asked for, left out"
        )
    if contiguity.islands:
        findings.warn(
            table.place,
            counted(len(contiguity.islands), "town"),
            f"without neighbours: {named_towns(contiguity.islands, {})}",
        )
