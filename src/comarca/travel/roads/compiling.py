"""Compile the searches over networks, once for all runs where that can be kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """
    Compile a function when it is first called, free of the interpreter's lock.

    What is compiled is kept beside the source or in the user's cache; where neither can be
    written, it is compiled anew in each run.
    """
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        made: Function = numba.njit(cache=True, **options)(function)
    except RuntimeError:
        made = numba.njit(**options)(function)
    return made
