"""
Three laws of how the towns of a system fall in size, each fitted and judged in one stated space.

Towns are ranked by population, the largest first, ``r = 1 ... n``:

- *Zipf*: ``P = A * r**-k``, the system of towns that each live by themselves;
- *logarithmic*: ``P = a - b * ln(r)``, what is to be expected where one common pool of people is
  shared out by chance (the broken stick: the r-th largest of n parts of T has the mean
  ``T / n * (1/r + ... + 1/n)``, about ``T / n * ln(n / r)``);
- *exponential*: ``P = A * exp(-c * r)``.

Space ``"linear"`` means least squares of persons, ``"log"`` of the logarithm of persons. A law is
never fitted in one and judged in the other: that would favour the law which happens to be a
straight line in the space of the judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
import pandas as pd

from comarca.commuting.ranks.least_squares import Curves, FloatArray, decay, line, log_of_line
from comarca.errors import ParameterError, TooFewTownsError

Law = Literal["zipf", "logarithmic", "exponential"]
Space = Literal["linear", "log"]
LAWS: tuple[Law, ...] = get_args(Law)
LEAST_TOWNS = 3
"""Fewer towns than this, and both numbers of each law are given away at once."""


@dataclass(frozen=True, kw_only=True)
class LawFit:
    """
    One law at its best.

    Parameters
    ----------
    law
        Which.
    scale
        *A* of Zipf and of the exponential law, *a* of the logarithmic one, persons.
    decline
        *k* of Zipf (a pure number), *b* of the logarithmic law (persons), *c* of the exponential
        one (per rank); 0 or more.
    r2
        Coefficient of determination in the space of the fit, in [0, 1].
    """

    law: Law
    scale: float
    decline: float
    r2: float

    def persons_at(self, rank: FloatArray) -> FloatArray:
        """Population that the law gives to ranks, which count from 1."""
        if self.law == "zipf":
            return np.asarray(self.scale * rank**-self.decline)
        if self.law == "logarithmic":
            return np.asarray(self.scale - self.decline * np.log(rank))
        return np.asarray(self.scale * np.exp(-self.decline * rank))


@dataclass(frozen=True, kw_only=True)
class RankLaws:
    """
    The three laws fitted to one set of towns.

    Parameters
    ----------
    persons
        Populations, the largest first.
    space
        In which the laws were fitted and are judged.
    fits
        Each law at its best.
    """

    persons: tuple[float, ...] = field(repr=False)
    space: Space
    fits: Mapping[Law, LawFit]

    def __post_init__(self) -> None:
        object.__setattr__(self, "fits", MappingProxyType(dict(self.fits)))

    @property
    def n_towns(self) -> int:
        """How many towns were ranked."""
        return len(self.persons)

    @property
    def criterion(self) -> float:
        """
        *C* = R² of the logarithmic law less R² of Zipf's, in [-1, 1].

        Above 0 the logarithmic law lies nearer. That alone says nothing: among few towns it mostly
        does (:mod:`comarca.commuting.ranks.permutation`).
        """
        return self.fits["logarithmic"].r2 - self.fits["zipf"].r2

    def table(self) -> pd.DataFrame:
        """One row a law: ``law`` (the index), ``scale``, ``decline``, ``r2``."""
        rows = [(fit.law, fit.scale, fit.decline, fit.r2) for fit in self.fits.values()]
        return pd.DataFrame(rows, columns=["law", "scale", "decline", "r2"]).set_index("law")

    def summary(self) -> str:
        """Say in a line how near each law lies; no verdict follows from it."""
        told = ", ".join(f"{law} {fit.r2:.3f}" for law, fit in self.fits.items())
        return (
            f"{self.n_towns:,} towns, {self.space} population: R² {told}; "
            f"C {self.criterion:+.3f}, of which only a comparison with random towns can say more"
        )


def fit_rank_laws(persons: Sequence[float] | FloatArray, space: Space = "log") -> RankLaws:
    """
    Fit the three laws to one set of towns by least squares.

    Parameters
    ----------
    persons
        Population of each town, persons, above 0, in any order; towns of one size get ranks in a
        row.
    space
        ``"linear"`` or ``"log"`` population: where distances are measured, for the fit and for R².

    Returns
    -------
    RankLaws

    Raises
    ------
    TooFewTownsError
        With fewer than three towns.
    ParameterError
        When a population is missing, not above 0 or not finite, or all are the same: then there is
        no order of rank.

    References
    ----------
    .. [1] Makagonov, P., Tokun, L., Chanona, L. and Jiménez, A. (2019). Computación y Sistemas
           23 (4), 1457-1467.
    .. [2] MacArthur, R. H. (1957). On the relative abundance of bird species. Proceedings of the
           National Academy of Sciences 43 (3), 293-295: the broken stick.
    """
    given = np.asarray(persons, dtype=np.float64).ravel()
    if len(given) < LEAST_TOWNS:
        raise TooFewTownsError(
            f"{len(given)} towns cannot tell one rank law from another; expected {LEAST_TOWNS} or "
            "more."
        )
    if not (np.isfinite(given) & (given > 0)).all():
        raise ParameterError("a population is missing or 0; expected persons above 0.")
    if np.ptp(given) == 0:
        raise ParameterError(f"all {len(given)} towns have {given[0]:,.0f} people; no rank order.")
    falling = falling_rows(given[None, :])
    fits = {law: _law_fit(law, _FITS[law, space](falling)) for law in LAWS}
    return RankLaws(persons=tuple(falling[0].tolist()), space=space, fits=fits)


def criteria(falling: FloatArray, space: Space) -> FloatArray:
    """
    Criterion *C* of many sets of towns at once.

    Parameters
    ----------
    falling
        Populations, shape ``(n_sets, n_towns)``, persons above 0, each row the largest first.
    space
        Where distances are measured.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_sets,)``; 0 for a set of equal towns, which both laws meet.
    """
    return _FITS["logarithmic", space](falling).r2 - _FITS["zipf", space](falling).r2


def falling_rows(persons: FloatArray) -> FloatArray:
    """Each row the largest first."""
    return -np.sort(-persons, axis=1)


def _law_fit(law: Law, curves: Curves) -> LawFit:
    scale, decline, r2 = (float(part[0]) for part in (curves.scale, curves.decline, curves.r2))
    return LawFit(law=law, scale=scale, decline=decline, r2=r2)


def _log_rank(falling: FloatArray) -> FloatArray:
    return np.log(np.arange(1, falling.shape[1] + 1))


def _from_first(falling: FloatArray) -> FloatArray:
    return np.arange(falling.shape[1], dtype=np.float64)


def _at_rank_zero(curves: Curves) -> Curves:
    """An exponential curve's scale, counted from rank 0 rather than from the first town."""
    return Curves(scale=curves.scale * np.exp(curves.decline), decline=curves.decline, r2=curves.r2)


def _from_logs(curves: Curves) -> Curves:
    """Scale of a straight line in logarithms, as persons."""
    return Curves(scale=np.exp(curves.scale), decline=curves.decline, r2=curves.r2)


_FITS: Mapping[tuple[Law, Space], Callable[[FloatArray], Curves]] = {
    ("zipf", "linear"): lambda p: decay(p, _log_rank(p)),
    ("zipf", "log"): lambda p: _from_logs(line(np.log(p), _log_rank(p))),
    ("logarithmic", "linear"): lambda p: line(p, _log_rank(p)),
    ("logarithmic", "log"): lambda p: log_of_line(np.log(p), _log_rank(p)),
    ("exponential", "linear"): lambda p: _at_rank_zero(decay(p, _from_first(p))),
    ("exponential", "log"): lambda p: _at_rank_zero(_from_logs(line(np.log(p), _from_first(p)))),
}
