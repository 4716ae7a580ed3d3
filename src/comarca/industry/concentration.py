"""
How far an industry crowds into few towns, and whether more than its plants' sizes explain.

Here towns are on the first axis and industries on the second.

References
----------
.. [1] Ellison, G. and Glaeser, E. (1997). Geographic concentration in U.S. manufacturing
       industries: a dartboard approach. Journal of Political Economy 105(5), 889-927.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from comarca.industry.specialisation import Floats, gini, hoover, ratio


def hoover_concentration(persons: ArrayLike) -> Floats:
    """
    Share of an industry's employment that would have to move to lie like all employment.

    Parameters
    ----------
    persons
        Employment, shape ``(n_towns, n_industries)``; a row of ``nan`` is left out.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_industries,)``, in [0, 1].
    """
    counts = _counted(persons)
    return hoover(counts.T, counts.sum(axis=1))


def gini_concentration(persons: ArrayLike) -> Floats:
    """Gini coefficient of each industry's quotients over towns, shape ``(n_industries,)``."""
    counts = _counted(persons)
    return gini(counts.T, counts.sum(axis=1))


def plant_herfindahl(plant_jobs: Sequence[float]) -> float:
    """
    Sum of squared shares of plants in an industry's employment, in [1/n, 1].

    Parameters
    ----------
    plant_jobs
        Jobs of *every* plant of the industry; at least one above 0.
    """
    jobs = np.asarray(plant_jobs, dtype=np.float64)
    return float(((jobs / jobs.sum()) ** 2).sum())


def ellison_glaeser(persons: ArrayLike, plant_concentration: ArrayLike) -> Floats:
    """
    Ellison and Glaeser's index of agglomeration of each industry (1997).

    ``γ = (G − (1 − Σx²) H) / ((1 − Σx²)(1 − H))`` with ``G = Σ (s − x)²``, *s* a town's share of
    the industry, *x* its share of all employment and *H* the Herfindahl index of plants.

    Parameters
    ----------
    persons
        Employment, shape ``(n_towns, n_industries)``; a row of ``nan`` is left out.
    plant_concentration
        *H* of each industry, in (0, 1], shape ``(n_industries,)``; ``nan`` where plants are not
        known.

    Returns
    -------
    numpy.ndarray
        0 where plants lie as darts would, above 0 where they crowd, below where they shun each
        other; ``nan`` where *H* is not known or one plant is the industry.
    """
    counts = _counted(persons)
    x = counts.sum(axis=1) / counts.sum()
    total = counts.sum(axis=0)
    s = ratio(counts, total)
    raw = ((s - x[:, None]) ** 2).sum(axis=0)
    h = np.asarray(plant_concentration, dtype=np.float64)
    rest = 1 - (x**2).sum()
    below = rest * (1 - h)
    return ratio(raw - rest * h, below)


def _counted(persons: ArrayLike) -> Floats:
    counts = np.asarray(persons, dtype=np.float64)
    return counts[~np.isnan(counts).any(axis=1)]
