"""Independent pieces of a search on several cores, with the same answer as on one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Found = TypeVar("Found")


def side_by_side(pieces: Sequence[Callable[[], Found]], threads: int) -> list[Found]:
    """
    Do pieces of work that need nothing of each other.

    Parameters
    ----------
    pieces
        Each spends its time in code that holds no lock on the interpreter.
    threads
        At most; 1 does them one after another.

    Returns
    -------
    list
        What each found, in their order.
    """
    if threads == 1 or len(pieces) < 2:
        return [piece() for piece in pieces]
    with ThreadPoolExecutor(min(threads, len(pieces))) as pool:
        return list(pool.map(lambda piece: piece(), pieces))
