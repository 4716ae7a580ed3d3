"""What people call the things of a plan."""

from __future__ import annotations

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

    def town(self, town_id: str) -> str:
        """Name of a town, or its id when the region does not hold it."""
        return self.towns.get(town_id, town_id)

    def base(self, base_id: str) -> str:
        """Name of a base enterprise."""
        return self._name(self.enterprises, base_id)

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
