"""
Results to plain JSON values and back, led by the types' own annotations.

Knows frozen dataclasses, tables, sparse flows, tuples, frozen sets, mappings with text keys and
plain values. JSON has no infinity and no missing number, so both are written as words.
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Mapping, Set
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

STAYS_WITH_FILES = "stays_with_files"
"""Metadata of a field that has no plain form: it lies in files of its own, and has a default."""

_NON_FINITE = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


class FormError(ValueError):
    """An object lacks entries that its type needs, or has others."""


def to_plain(value: Any) -> Any:
    """
    Turn a result into values JSON can hold.

    Raises
    ------
    TypeError
        For a type that this page does not know; nothing is written as its ``repr``.
    """
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"number": str(value)}
    if isinstance(value, np.generic):
        return to_plain(value.item())
    if isinstance(value, pd.DataFrame):
        return _frame_to_plain(value)
    if isinstance(value, sparse.csr_array):
        return _sparse_to_plain(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: to_plain(getattr(value, f.name))
            for f in dataclasses.fields(value)
            if not f.metadata.get(STAYS_WITH_FILES)
        }
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, Set):
        return sorted(to_plain(item) for item in value)
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if value is pd.NA:
        return None
    raise TypeError(f"{type(value).__name__} has no plain form.")


def from_plain(plain: Any, kind: Any) -> Any:
    """
    Rebuild a value of a type from its plain form.

    Parameters
    ----------
    plain
        What :func:`to_plain` made of it.
    kind
        The type, or its annotation.

    Raises
    ------
    FormError
        When an object lacks entries that its type needs, or has others.
    AttributeError, KeyError, TypeError, ValueError
        When the plain value has another form altogether.
    """
    if isinstance(plain, dict) and set(plain) == {"number"}:
        return _NON_FINITE[plain["number"]]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is pd.DataFrame:
        return _frame_from_plain(plain)
    if kind is sparse.csr_array or origin is sparse.csr_array:
        return _sparse_from_plain(plain)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        _refuse_other_entries(plain, kind)
        return kind(**{name: from_plain(item, hints[name]) for name, item in plain.items()})
    if origin in (typing.Union, types.UnionType):
        if plain is None:
            return None
        return from_plain(plain, next(a for a in arguments if a is not type(None)))
    if origin is tuple:
        return tuple(from_plain(item, arguments[0]) for item in plain)
    if origin is frozenset:
        return frozenset(from_plain(item, arguments[0]) for item in plain)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: from_plain(item, arguments[1]) for key, item in plain.items()}
    return plain


def _refuse_other_entries(plain: Mapping[str, Any], kind: type) -> None:
    """Name what is missing of a dataclass, and what is not known."""
    fields = {each.name: each for each in dataclasses.fields(kind)}
    missing = [
        name
        for name, each in fields.items()
        if name not in plain
        and each.default is dataclasses.MISSING
        and each.default_factory is dataclasses.MISSING
    ]
    unknown = [f'"{name}"' for name in plain if name not in fields]
    told = [f"without {', '.join(missing)}"] if missing else []
    told += [f"with {', '.join(unknown)}, which nobody knows"] if unknown else []
    if told:
        raise FormError(f"{kind.__name__} {' and '.join(told)}")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _frame_to_plain(frame: pd.DataFrame) -> dict[str, Any]:
    return {
        "index": {"name": frame.index.name, "values": [to_plain(item) for item in frame.index]}
        if frame.index.name
        else None,
        "columns": [
            {
                "name": str(name),
                "dtype": str(frame[name].dtype),
                "values": [None if pd.isna(item) else to_plain(item) for item in frame[name]],
            }
            for name in frame.columns
        ],
    }


def _frame_from_plain(plain: Mapping[str, Any]) -> pd.DataFrame:
    columns = {
        column["name"]: pd.Series([from_plain(item, Any) for item in column["values"]]).astype(
            column["dtype"]
        )
        for column in plain["columns"]
    }
    if plain["index"] is None:
        return pd.DataFrame(columns)
    index = pd.Index(plain["index"]["values"], name=plain["index"]["name"], dtype="string")
    return pd.DataFrame(columns).set_index(index)


def _sparse_to_plain(matrix: sparse.csr_array) -> dict[str, Any]:
    whole = np.issubdtype(matrix.dtype, np.integer)
    return {
        "shape": list(matrix.shape),
        "whole": bool(whole),
        "row_starts": matrix.indptr.tolist(),
        "columns": matrix.indices.tolist(),
        "values": matrix.data.tolist(),
    }


def _sparse_from_plain(plain: Mapping[str, Any]) -> sparse.csr_array:
    dtype = np.int64 if plain["whole"] else np.float64
    parts = (np.array(plain["values"], dtype=dtype), plain["columns"], plain["row_starts"])
    return sparse.csr_array(parts, shape=tuple(plain["shape"]))
