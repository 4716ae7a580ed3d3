"""A small town between being an area of its own and joining the big one, and flows at random."""

from __future__ import annotations

import numpy as np

from comarca.commuting import AreaParams, AreaRanges
from comarca.model.matrices import FlowMatrix

TOWNS = ("ash", "birch", "city")
BETWEEN = FlowMatrix(TOWNS, np.array([[45, 10, 5], [6, 30, 4], [5, 0, 4_995]]))
"""
Ash and Birch: 100 working residents, 96 jobs, 91 inside. Alone they are an area when at least 100
working residents are asked for, and not when 101 are; then both join City.
"""
AS_GIVEN = AreaParams(
    min_workers=90, target_workers=1_000, min_self_containment=0.6, target_self_containment=0.75
)
AROUND_100 = AreaRanges(
    min_workers=(50, 150),
    target_workers=(1_000, 1_000),
    min_self_containment=(0.6, 0.6),
    target_self_containment=(0.75, 0.75),
)
"""Half of this range makes Ash and Birch an area; Latin hypercubes halve it exactly."""


def random_flows(seed: int, n_towns: int = 40, *, density: float = 0.3) -> FlowMatrix:
    """Towns of uneven size on a line, most people at home, the others near it."""
    random = np.random.default_rng(seed)
    size = np.exp(random.normal(5, 1, n_towns))
    near = np.exp(-np.abs(np.subtract.outer(np.arange(n_towns), np.arange(n_towns))) / 3)
    mean = size[:, None] * near * size[None] ** 0.5 / 40
    mean *= random.random(mean.shape) < density
    np.fill_diagonal(mean, size * 1.5)
    return FlowMatrix(tuple(f"{town:03}" for town in range(n_towns)), random.poisson(mean))


SMALL = AreaParams(min_workers=300, target_workers=2_000)
"""Sizes at which the towns of ``random_flows`` make several areas."""
