"""
Inner loops turned into machine code, once for each machine.

The first call compiles, which takes seconds; the code is kept on disk, beside the module or in the
user's cache, and later processes load it in milliseconds. Compiled functions call only compiled
functions of their own folder: what is kept is known by all sources of that folder, so that a
change in one of them makes it all anew.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """
    Compile a function of numbers, arrays and named tuples of them when it is first called.

    The function holds no lock on the interpreter, so that threads run it side by side.
    """
    return _kept(loop, {})


def compiled_in_place(loop: Loop) -> Loop:
    """
    Compile a function that makes no array, only reads and writes those it is given.

    Such a function, and all it calls, need not count who holds an array. Counting costs more than
    the work itself where small functions share many arrays: three quarters of the time of the
    search for rounds.
    """
    return _kept(loop, {"_nrt": False})


def _kept(loop: Loop, options: dict[str, Any]) -> Loop:
    # Numba looks at the file of a function, not at those of the functions it calls; but it keeps
    # code under the function's qualified name.
    loop.__qualname__ += f"_{_sources(Path(loop.__code__.co_filename).parent)}"
    try:
        return cast(Loop, numba.njit(cache=True, nogil=True, **options)(loop))
    except RuntimeError:  # numba finds no folder it may keep code in
        return cast(Loop, numba.njit(nogil=True, **options)(loop))


@cache
def _sources(folder: Path) -> str:
    """Short hash of all modules in a folder."""
    sources = sha256()
    for module in sorted(folder.glob("*.py")):
        sources.update(module.read_bytes())
    return sources.hexdigest()[:8]
