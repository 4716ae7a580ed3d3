"""
What stands in for tables that were not given.

A table that is present wins whole for the towns it names; the rest is assumed from ``defaults/``,
and every assumption used is recorded with what it stood in for. Nothing is assumed silently, and a
value that was given is never replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from comarca.model.completion_params import CompletionParams
from comarca.model.filling import Filling
from comarca.model.parameters import DefaultUsed
from comarca.model.prices import Prices
from comarca.model.region import Region

__all__ = ["Completion", "CompletionParams", "complete"]

# What ``Completion.assumed_rows`` names the rows of each table by.
_ROW_ID = {
    "labour": "town_id",
    "enterprises": "enterprise_id",
    "processes": "process_id",
    "vehicles": "vehicle_id",
    "facilities": "town_id",
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Completion:
    """
    A region with every table the stages need, and what was assumed to fill it.

    Parameters
    ----------
    region
        Towns have labour force, unemployed and jobs; labour, enterprises, processes, vehicles and
        facilities are there.
    assumed
        Every default that stood in for something, with what for.
    assumed_rows
        By table, and by column of towns (``labour_force``, ``unemployed``, ``jobs``): ids of the
        towns, or of the enterprises, processes and vehicles, whose rows were assumed.
    """

    region: Region
    assumed: tuple[DefaultUsed, ...]
    assumed_rows: Mapping[str, frozenset[str]]

    def is_assumed(self, table: str, row_id: str) -> bool:
        """Whether a row was assumed rather than given."""
        return row_id in self.assumed_rows.get(table, frozenset())

    def given_tables(self) -> Mapping[str, pd.DataFrame]:
        """Tables that hold at least one row that was given."""
        return {
            name: table
            for name, table in self.region.tables.items()
            if name not in _ROW_ID or self._holds_given_rows(name, table)
        }

    def _holds_given_rows(self, name: str, table: pd.DataFrame) -> bool:
        assumed_ids = self.assumed_rows.get(name)
        return assumed_ids is None or not table[_ROW_ID[name]].isin(assumed_ids).all()

    def summary(self) -> str:
        """Say in a line how much was assumed."""
        filled = ", ".join(f"{table} of {len(ids):,}" for table, ids in self.assumed_rows.items())
        return f"assumed: {filled}" if filled else "nothing was assumed"


def complete(region: Region, params: CompletionParams, prices: Prices) -> Completion:
    """
    Fill in what a region does not tell.

    Parameters
    ----------
    region
        As it was read; at least the towns.
    params, prices
        Numbers to assume; wages of assumed processes and of assumed labour come from ``prices``.

    Returns
    -------
    Completion
        With every table the stages need; what was given is as it was.

    Raises
    ------
    UnknownTownError
        When a base town is not in the region.
    ParameterError
        When a base town has no enterprise among those given.
    """
    filling = Filling(region, params, prices)
    completed = filling.fill_all()
    return Completion(
        region=completed,
        assumed=tuple(filling.used.values()),
        assumed_rows=MappingProxyType(dict(filling.rows)),
    )
