"""
Travel as a given table tells it.

A pair the table does not hold has no way: ``inf``. A way is told for one direction only, so both
directions are given where both exist. Missing is not zero: a row without its time or its distance
is refused, since one does not follow from the other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from comarca.errors import ParameterError
from comarca.model.matrices import Mode, TravelMatrix

_VALUES = ("time_min", "distance_km")


def travel_from_table(table: pd.DataFrame, town_ids: Sequence[str], mode: Mode) -> TravelMatrix:
    """
    Arrange a table of ways as a matrix.

    Parameters
    ----------
    table
        Columns ``origin``, ``destination`` (town ids), ``time_min``, ``distance_km``, and perhaps
        ``mode``: a row without a mode holds for every mode that has no row of its own.
    town_ids
        Towns in the order of rows and columns, each once.
    mode
        ``"car"``, ``"bus"`` or ``"truck"``.

    Returns
    -------
    TravelMatrix
        ``inf`` for pairs the table does not hold; 0 on the diagonal unless the table says
        otherwise.

    Raises
    ------
    UnknownTownError
        When the table names a town that is not among ``town_ids``.
    ParameterError
        When there is no town, a row lacks its time or distance, or a pair stands twice for a mode.
    """
    if not len(town_ids):
        raise ParameterError("There is no town to travel between.")
    rows = rows_of_mode(table, mode)
    _refuse_incomplete(rows)
    n_towns = len(town_ids)
    empty = np.full((n_towns, n_towns), np.inf, dtype=np.float32)
    np.fill_diagonal(empty, 0.0)
    matrix = TravelMatrix(tuple(town_ids), mode, empty, empty.copy(), "table")
    origin, destination = matrix.positions(rows["origin"]), matrix.positions(rows["destination"])
    for name in _VALUES:
        getattr(matrix, name)[origin, destination] = rows[name].to_numpy(dtype=np.float32)
    return TravelMatrix(matrix.town_ids, mode, matrix.time_min, matrix.distance_km, "table")


def rows_of_mode(table: pd.DataFrame, mode: Mode) -> pd.DataFrame:
    """
    Rows that hold for a mode: its own, and those without a mode for pairs that have none of it.

    Raises
    ------
    ParameterError
        When a pair stands twice.
    """
    if "mode" not in table:
        return _each_pair_once(table, mode)
    own = _each_pair_once(table[(table["mode"] == mode).fillna(False).astype(bool)], mode)
    general = _each_pair_once(table[table["mode"].isna()], mode)
    pairs = pd.MultiIndex.from_frame(own[["origin", "destination"]])
    is_further = ~pd.MultiIndex.from_frame(general[["origin", "destination"]]).isin(pairs)
    return pd.concat([own, general[is_further]])


def _each_pair_once(rows: pd.DataFrame, mode: Mode) -> pd.DataFrame:
    is_again = rows.duplicated(["origin", "destination"])
    if is_again.any():
        origin, destination = rows.loc[is_again, ["origin", "destination"]].iloc[0]
        raise ParameterError(f"travel: {origin} → {destination} stands twice for {mode}.")
    return rows


def _refuse_incomplete(rows: pd.DataFrame) -> None:
    for name in _VALUES:
        if rows[name].isna().any():
            origin, destination = rows.loc[rows[name].isna(), ["origin", "destination"]].iloc[0]
            raise ParameterError(
                f"travel: {origin} → {destination} has no {name}; expected 0 or more."
            )
