"""A heap of four branches in two arrays: nodes, and how soon each is reached."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled

Int32 = NDArray[np.int32]
FloatArray = NDArray[np.float64]


@compiled
def push(heap: Int32, heap_min: FloatArray, size: int, node: int, reached: float) -> int:
    """Add a node to a heap of four branches; a node may stand in it more than once."""
    at = size
    while at > 0:
        above = (at - 1) >> 2
        if heap_min[above] <= reached:
            break
        heap[at], heap_min[at] = heap[above], heap_min[above]
        at = above
    heap[at], heap_min[at] = node, reached
    return size + 1


@compiled
def drop_first(heap: Int32, heap_min: FloatArray, size: int) -> int:
    """Take the least node out of the heap."""
    size -= 1
    last, last_min = heap[size], heap_min[size]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        least, least_min = child, heap_min[child]
        for other in range(child + 1, min(child + 4, size)):
            if heap_min[other] < least_min:
                least, least_min = other, heap_min[other]
        if least_min >= last_min:
            break
        heap[at], heap_min[at] = heap[least], least_min
        at = least
    heap[at], heap_min[at] = last, last_min
    return size
