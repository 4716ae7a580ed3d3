"""Colours of a map, so that no two neighbours share one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

_FEW = 6  # enough for any map of areas without exclaves, in the order below
_TOUCHING_KM = 0.05


def map_colours(grounds: Mapping[str, Any], n_colours: int) -> dict[str, int]:
    """
    Number a colour for each area so that neighbours differ.

    The area with the fewest neighbours is put aside, again and again, and they are coloured in the
    reverse order: on a plane map each then meets five coloured neighbours at most, so that six
    colours are enough (Matula and Beck 1983). Colours are used about equally often.

    Parameters
    ----------
    grounds
        Ground of each area on the sheet, km.
    n_colours
        Colours there are, six or more; where areas with exclaves need more than that, the least
        used is taken, and neighbours may share it.

    Returns
    -------
    dict of str to int
        From 0, by area; the same for the same grounds, in whatever order they come.
    """
    ids = sorted(grounds)
    neighbours = _neighbours([grounds[area] for area in ids])
    used = [0] * n_colours
    chosen: dict[int, int] = {}
    for area in _smallest_last(neighbours):
        taken = {chosen[other] for other in neighbours[area] if other in chosen}
        free = [colour for colour in range(n_colours) if colour not in taken]
        few = [colour for colour in free if colour < _FEW]
        colour = min(few or free or range(n_colours), key=lambda one: (used[one], one))
        chosen[area] = colour
        used[colour] += 1
    return {ids[area]: colour for area, colour in sorted(chosen.items())}


def _neighbours(shapes: list[Any]) -> list[set[int]]:
    import shapely

    found: list[set[int]] = [set() for _ in shapes]
    made = np.array(shapes, dtype=object)
    tree = shapely.STRtree(made)
    for one, other in tree.query(made, predicate="dwithin", distance=_TOUCHING_KM).T.tolist():
        if one != other:
            found[one].add(other)
    return found


def _smallest_last(neighbours: list[set[int]]) -> list[int]:
    left = {area: len(near) for area, near in enumerate(neighbours)}
    removed: list[int] = []
    while left:
        area = min(left, key=lambda one: (left[one], one))
        del left[area]
        removed.append(area)
        for other in neighbours[area] & left.keys():
            left[other] -= 1
    return removed[::-1]
