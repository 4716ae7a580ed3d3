"""What people call the things of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from comarca.model.plan import Plan
from comarca.report import words
from comarca.report.tables import Assumed


@dataclass(frozen=True, eq=False)
class Names:
    """What people call the things of a plan, by id, and which rows nobody gave."""

    plan: Plan

    @cached_property
    def towns(self) -> Mapping[str, str]:
        """Names of towns."""
        names = self.plan.region.towns["name"].astype(str)
        return dict(zip(names.index.astype(str), names, strict=True))

    @cached_property
    def enterprises(self) -> pd.DataFrame:
        """Rows of enterprises, by id."""
        return self._rows("enterprises", "enterprise_id")

    @cached_property
    def processes(self) -> pd.DataFrame:
        """Rows of processes, by id."""
        return self._rows("processes", "process_id")

    @cached_property
    def facilities(self) -> pd.DataFrame:
        """Rows of facilities, by id."""
        return self._rows("facilities", "facility_id")

    @cached_property
    def vehicles(self) -> pd.DataFrame:
        """Rows of vehicles, by id."""
        return self._rows("vehicles", "vehicle_id")

    @cached_property
    def programmes(self) -> pd.DataFrame:
        """Rows of programmes, by id."""
        return self._rows("programmes", "programme_id")

    def town(self, town_id: str) -> str:
        """Name of a town, with its code where another has the same; its id when it is unknown."""
        name = self.towns.get(town_id)
        if name is None:
            return town_id
        return f"{name} ({town_id})" if self._towns_named[name] > 1 else name

    def base(self, base_id: str) -> str:
        """Name of a base enterprise, with its town where another has the same name."""
        name = self._name(self.enterprises, base_id)
        if self._bases_named[name] < 2:
            return name
        seat = self.base_town(base_id)
        return f"{name} ({self.towns.get(seat, seat)}, {base_id})"

    @cached_property
    def _towns_named(self) -> Counter[str]:
        return Counter(self.towns.values())

    @cached_property
    def _bases_named(self) -> Counter[str]:
        rows = self.enterprises
        return Counter(rows["name"].astype(str)) if "name" in rows else Counter()

    def process(self, process_id: str) -> str:
        """Name of a process."""
        return self._name(self.processes, process_id)

    def vehicle(self, vehicle_id: str) -> str:
        """Name of a vehicle type."""
        return self._name(self.vehicles, vehicle_id)

    def base_town(self, base_id: str) -> str:
        """Id of the town a base stands in, empty when it is not known."""
        if base_id not in self.enterprises.index:
            return ""
        return str(self.enterprises.loc[base_id, "town_id"])

    def value(self, table: str, rows: pd.DataFrame, row_id: str, column: str, key: str = "") -> Any:
        """A value of a table, marked when its row was assumed; ``key`` where ids differ."""
        if row_id not in rows.index:
            return None
        found: Any = rows[column].loc[row_id]
        if words.is_missing(found):
            return None
        bare = found.item() if isinstance(found, np.generic) else found
        assumed = self.plan.completion.is_assumed(table, key or row_id)
        return Assumed(bare) if assumed else bare

    def _rows(self, table: str, key: str) -> pd.DataFrame:
        rows = self.plan.region.table(table)
        if rows is None:
            return pd.DataFrame(index=pd.Index([], dtype=object))
        return rows.set_index(rows[key].astype(str))

    @staticmethod
    def _name(rows: pd.DataFrame, row_id: str) -> str:
        return str(rows.loc[row_id, "name"]) if row_id in rows.index else row_id
