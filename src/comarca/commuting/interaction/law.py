"""
The law that flows follow, up to balancing: a sum of terms in logarithms.

``ln K = sum over terms``: a deterrence of the trip's time, a constant for trips within the own town
or for weekly ones, the size of the place. Each term has parameters, given or free; the free ones of
all terms make one vector, which is what :mod:`comarca.commuting.interaction.solving` looks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.interaction.deterrence import Deterrence, Parameter

Floats = NDArray[np.float64]
Where = slice | NDArray[np.intp]
"""Which of the flat pairs a term speaks of."""

EVERYWHERE = slice(None)
LARGEST_CONSTANT = 30.0  # a preference of one to ten trillion: nobody leaves, or nobody stays


class Term(Protocol):
    """A part of the law."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its numbers."""
        ...

    @property
    def where(self) -> Where:
        """Pairs it speaks of."""
        ...

    def log(self, values: Sequence[float]) -> Floats | float:
        """Share in the logarithm of the kernel on those pairs."""
        ...

    def slopes(self, values: Sequence[float]) -> Sequence[Floats | float]:
        """Its derivatives by each parameter."""
        ...


class Deterred:
    """
    Travel time deters.

    Parameters
    ----------
    deterrence
        The function.
    time_min
        Minutes of the pairs it speaks of.
    mean_time_min
        A guess of the mean trip, from which the search begins.
    where
        Those pairs.
    """

    def __init__(
        self,
        deterrence: Deterrence,
        time_min: Floats,
        mean_time_min: float,
        where: Where = EVERYWHERE,
    ) -> None:
        self.parameters = deterrence.parameters(mean_time_min)
        self.where = where
        self._deterrence = deterrence
        self._time_min = time_min
        self._slopes: tuple[Floats, ...] | None = None

    def log(self, values: Sequence[float]) -> Floats:
        """Logarithm of the function."""
        return self._deterrence.log(self._time_min, values)

    def slopes(self, values: Sequence[float]) -> Sequence[Floats]:
        """Slopes of the function, kept where they do not change."""
        if not self._deterrence.is_linear:
            return self._deterrence.slopes(self._time_min, values)
        if self._slopes is None:
            self._slopes = self._deterrence.slopes(self._time_min, values)
        return self._slopes


class Constant:
    """
    Some pairs are chosen more often, or more rarely, than their time alone would make it.

    Parameters
    ----------
    name
        Of the parameter: the logarithm of how many times more often.
    value
        Given, or ``None``.
    where
        The pairs.
    start
        Where the search begins.
    """

    def __init__(self, name: str, value: float | None, where: Where, start: float = 0.0) -> None:
        bound = LARGEST_CONSTANT
        self.parameters = (
            Parameter(name=name, value=value, low=-bound, high=bound, start=start, unit=1.0),
        )
        self.where = where

    def log(self, values: Sequence[float]) -> float:
        """The constant."""
        return values[0]

    def slopes(self, values: Sequence[float]) -> Sequence[float]:
        """One."""
        return (1.0,)


class Sized:
    """
    Larger places draw more: their size to a power.

    Parameters
    ----------
    size
        Of the destination of every pair, above 0.
    exponent
        Given, or ``None``.
    """

    def __init__(self, size: Floats, exponent: float | None) -> None:
        self.parameters = (
            Parameter(name="size_exponent", value=exponent, low=0.0, high=5.0, start=1.0, unit=1.0),
        )
        self.where: Where = EVERYWHERE
        self._log_size = np.log(size)

    def log(self, values: Sequence[float]) -> Floats:
        """Exponent times logarithm of size."""
        return values[0] * self._log_size

    def slopes(self, values: Sequence[float]) -> Sequence[Floats]:
        """Logarithm of size."""
        return (self._log_size,)


@dataclass(frozen=True, eq=False)
class Slope:
    """Derivative of the kernel's logarithm by one parameter: ``values`` on some pairs, else 0."""

    values: Floats | float
    where: Where

    def times(self, weights: Floats) -> Floats:
        """Product with a flat array."""
        if isinstance(self.where, slice) and self.where == EVERYWHERE:
            return weights * self.values
        product = np.zeros_like(weights)
        product[self.where] = weights[self.where] * self.values
        return product

    def sum_over(self, weights: Floats) -> float:
        """Sum of the product with a flat array."""
        if isinstance(self.values, np.ndarray):
            return float(np.vdot(weights[self.where], self.values))
        return float(weights[self.where].sum() * self.values)

    def at(self, places: NDArray[np.intp], n_pairs: int) -> Floats:
        """Its values at places of the flat array."""
        if isinstance(self.where, slice) and self.where == EVERYWHERE:
            return np.asarray(np.broadcast_to(self.values, n_pairs)[places])
        return self.times(np.ones(n_pairs))[places]


class Law:
    """
    Terms, with the free parameters of all of them as one vector.

    Parameters
    ----------
    terms
        At least one that speaks of every pair.
    n_pairs
        Length of the flat arrays.
    """

    def __init__(self, terms: Sequence[Term], n_pairs: int) -> None:
        self._terms = tuple(terms)
        self.n_pairs = n_pairs
        self._parameters = [p for term in self._terms for p in term.parameters]
        self.free = tuple(p for p in self._parameters if p.value is None)

    @property
    def start(self) -> Floats:
        """Where the search begins, shape ``(n_free,)``."""
        return np.array([parameter.start for parameter in self.free])

    def all_values(self, free: Floats) -> list[tuple[float, ...]]:
        """Parameters of each term, given and free together."""
        found = iter(free)
        return [
            tuple(float(next(found)) if p.value is None else p.value for p in term.parameters)
            for term in self._terms
        ]

    def log(self, free: Floats) -> Floats:
        """Logarithm of the kernel, flat."""
        total: Floats | None = None
        for term, values in zip(self._terms, self.all_values(free), strict=True):
            share = term.log(values)
            if total is None and isinstance(share, np.ndarray) and share.size == self.n_pairs:
                total = share
                continue
            if total is None:
                total = np.zeros(self.n_pairs)
            total[term.where] += share
        return np.zeros(self.n_pairs) if total is None else total

    def slopes(self, free: Floats) -> list[Slope]:
        """Derivatives of that logarithm by the free parameters."""
        return [
            Slope(slope, term.where)
            for term, values in zip(self._terms, self.all_values(free), strict=True)
            if any(p.value is None for p in term.parameters)
            for p, slope in zip(term.parameters, term.slopes(values), strict=True)
            if p.value is None
        ]
