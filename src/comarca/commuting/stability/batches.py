"""
Much work of one kind, done side by side, its answers in order.

Whoever does it needs only what every executor of :mod:`concurrent.futures` can do; threads are the
default, since the loops that draw areas hold no lock on the interpreter.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from functools import partial
from typing import TypeVar

from comarca.errors import ParameterError

Lot = TypeVar("Lot")
Answer = TypeVar("Answer")
Progress = Callable[[str, float | None], None]
"""Told the work in words and the share done in [0, 1]."""

_BATCHES = 40  # progress is told in steps of so many; one is long enough to be worth sending away


def in_batches(
    work: Callable[[Sequence[Lot]], list[Answer]],
    lots: Sequence[Lot],
    *,
    threads: int | None,
    executor: Executor | None,
    progress: Progress | None,
) -> list[Answer]:
    """
    Do the work of all lots.

    Parameters
    ----------
    work
        Gives an answer for each lot of a batch; with an executor of processes it has to be
        picklable.
    lots
        What there is to do.
    threads
        How many work side by side; by default one for each processor this program may use.
    executor
        Does the work instead of threads; it stays open.
    progress
        Told the share done.

    Returns
    -------
    list
        Answers in the order of the lots, however many work at once.

    Raises
    ------
    ParameterError
        When ``threads`` is below 1, or given beside an executor.
    """
    if threads is not None and (threads < 1 or executor is not None):
        expected = "1 or more" if executor is None else "none beside an executor"
        raise ParameterError(f"threads is {threads}; expected {expected}.")
    tell = partial(progress or _silent, "Drawing areas anew")
    size = max(1, -(-len(lots) // _BATCHES))
    batches = [lots[start : start + size] for start in range(0, len(lots), size)]
    n_threads = min(threads or _usable_processors(), len(batches))
    if executor is None and n_threads <= 1:
        return _one_by_one(work, batches, tell)
    own = ThreadPoolExecutor(n_threads) if executor is None else nullcontext(executor)
    with own as pool:
        futures = [pool.submit(work, batch) for batch in batches]
        return _gathered(futures, tell)


def _one_by_one(
    work: Callable[[Sequence[Lot]], list[Answer]],
    batches: Sequence[Sequence[Lot]],
    tell: Callable[[float], None],
) -> list[Answer]:
    answers: list[Answer] = []
    for number, batch in enumerate(batches, start=1):
        answers += work(batch)
        tell(number / len(batches))
    return answers


def _gathered(
    futures: Sequence[Future[list[Answer]]], tell: Callable[[float], None]
) -> list[Answer]:
    """Answers in order; when one fails, or the user interrupts, what has not begun never does."""
    try:
        for number, future in enumerate(as_completed(futures), start=1):
            future.result()
            tell(number / len(futures))
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    return [answer for future in futures for answer in future.result()]


def _silent(work: str, share: float | None) -> None:
    """Tell nobody."""


def _usable_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
