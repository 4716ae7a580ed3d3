"""A region: its towns and whatever tables are known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionDtype

from comarca.errors import Fault, TooFewTownsError
from comarca.model.codec import STAYS_WITH_FILES
from comarca.model.dictionary import Attribute, attributes, dictionary
from comarca.model.roads import RoadNetwork
from comarca.wording import counted

_DTYPES: Mapping[str, ExtensionDtype] = {
    "id": pd.StringDtype(),
    "text": pd.StringDtype(),
    "choice": pd.StringDtype(),
    "integer": pd.Float64Dtype(),
    "number": pd.Float64Dtype(),
    "share": pd.Float64Dtype(),
    "year": pd.Int64Dtype(),
    "boolean": pd.BooleanDtype(),
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Region:
    """
    Towns and what is known of them; tables as the data dictionary describes them.

    Parameters
    ----------
    name
        What people call the region.
    towns
        One row a town, index ``town_id`` (text), all columns of the dictionary present; what nobody
        gave is missing, never zero. At least two towns.
    tables
        The other tables by name, each with all columns of the dictionary and a plain index. A table
        that was not given is absent.
    country
        ISO 3166-1 alpha-2 code, or ``None`` when unknown; chooses the defaults.
    currency
        ISO 4217 code of every amount in the tables and results.
    price_year
        Year of the prices.
    usd_exchange_rate
        Units of ``currency`` for one US dollar of ``price_year``; defaults are stated in dollars.
        1 for ``USD``; ``None`` when unknown, and then no assumed price may be used.
    sources
        Where the tables come from, a line each.
    warnings
        What looked suspicious on the way in and was left as it is.
    roads
        Its road network, or ``None``. It stays with the region's files: a plan does not carry it.

    Raises
    ------
    TooFewTownsError
        With fewer than two towns there is nothing to group.
    """

    name: str
    towns: pd.DataFrame
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    country: str | None = None
    currency: str = "USD"
    price_year: int | None = None
    usd_exchange_rate: float | None = 1.0
    sources: tuple[str, ...] = ()
    warnings: tuple[Fault, ...] = ()
    roads: RoadNetwork | None = field(default=None, metadata={STAYS_WITH_FILES: True})

    def __post_init__(self) -> None:
        if len(self.towns) < 2:
            found = ", ".join(self.towns["name"].astype(str)) or "none"
            raise TooFewTownsError(
                f'Region "{self.name}" has {counted(len(self.towns), "town")}: {found}. '
                "An agglomeration needs at least two."
            )
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    def __repr__(self) -> str:
        tables = ", ".join(["towns", *sorted(self.tables)])
        return f"<Region {self.name!r}: {self.n_towns:,} towns; tables {tables}>"

    @property
    def town_ids(self) -> tuple[str, ...]:
        """Codes of the towns in their order."""
        return tuple(str(town_id) for town_id in self.towns.index)

    @property
    def n_towns(self) -> int:
        """How many towns there are."""
        return len(self.towns)

    def table(self, name: str) -> pd.DataFrame | None:
        """One of the optional tables, or ``None`` when it was not given."""
        if name not in dictionary():
            raise KeyError(f"{name} is not a table of the data dictionary.")
        return self.tables.get(name)

    def name_of(self, town_id: str) -> str:
        """Name of a town."""
        return str(self.towns.loc[town_id, "name"])

    def summary(self) -> str:
        """Say in two lines what the region holds."""
        people = float(self.towns["population"].sum())
        largest = self.towns["population"].astype(float).idxmax()
        given = ", ".join(sorted(self.tables)) or "none"
        roads = f"\nroads: {self.roads.summary()}" if self.roads is not None else ""
        return (
            f"{self.name}: {self.n_towns:,} towns, {people:,.0f} people; "
            f"largest {self.name_of(str(largest))}\n"
            f"tables beside towns: {given}{roads}"
        )


def typed_frame(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """
    Give a table all columns of the dictionary, in its order and with its types.

    Parameters
    ----------
    table
        Name of the table.
    rows
        Columns of values that already are of the right kind; a column that is missing is added,
        empty. Columns the dictionary does not know are dropped.

    Returns
    -------
    pandas.DataFrame
        ``towns`` is indexed by ``town_id``; any other table has a plain index. Text columns are
        ``string``, numbers ``Float64``, years ``Int64``: each can say *missing*.
    """
    columns = {column.name: _typed_column(column, rows) for column in attributes(table)}
    frame = pd.DataFrame(columns).reset_index(drop=True)
    return frame.set_index("town_id") if table == "towns" else frame


def _typed_column(column: Attribute, rows: pd.DataFrame) -> pd.Series[Any]:
    dtype = _DTYPES[column.type]
    if column.name not in rows:
        return pd.Series(pd.NA, index=rows.index, dtype=dtype)
    return rows[column.name].astype(dtype)


def values_of(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """One numeric column as ``float64``, shape ``(n_rows,)``; missing is ``nan``."""
    return frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
