"""Tables of results, each column with its type, so that missing stays missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd


def typed(rows: Sequence[tuple[Any, ...]] | pd.DataFrame, types: Mapping[str, str]) -> pd.DataFrame:
    """
    Make a table.

    Parameters
    ----------
    rows
        Values in the order of ``types``, or a frame that has these columns.
    types
        Type of each column by name; ``nan`` becomes missing.
    """
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, columns=list(types))
    return frame[list(types)].astype(dict(types)).reset_index(drop=True)
