"""Drawn futures: births, deaths and growth stray, for the region and for each town alone."""

from __future__ import annotations

from zlib import crc32

import numpy as np

from comarca.demography.projection.params import ProjectionParams
from comarca.demography.projection.rates import Array
from comarca.demography.projection.trends import Trends


def autoregressive(rng: np.random.Generator, n_years: int, n_draws: int, memory: float) -> Array:
    """
    Draw stationary courses of variance 1 whose neighbours in time correlate.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_years, n_draws)``.
    """
    noise = rng.standard_normal((n_years, n_draws))
    course = np.empty_like(noise)
    course[0] = noise[0]
    fresh = np.sqrt(1 - memory**2)
    for year in range(1, n_years):
        course[year] = memory * course[year - 1] + fresh * noise[year]
    return course


def mean_variance(n_years: int, memory: float) -> float:
    """Variance of the mean of such a course over some years."""
    apart = np.abs(np.subtract.outer(np.arange(n_years), np.arange(n_years)))
    return float((memory**apart).mean())


class Shocks:
    """
    What is drawn for a region, and for each of its towns.

    Parameters
    ----------
    params
        Draws, seed, spreads and memory.
    trends
        How far growth strays.
    """

    def __init__(self, params: ProjectionParams, trends: Trends) -> None:
        self._params = params
        self._trends = trends
        rng = np.random.default_rng([params.seed, 0])
        self._births = np.exp(params.fertility_sd * self._course(rng))
        self._deaths = np.exp(params.mortality_sd * self._course(rng))
        # The spread is that of a mean over the years of the trend; the course's own is larger.
        self._scale = 1 / np.sqrt(mean_variance(params.trend_years, params.drift_memory))
        self._shared = trends.sd_region * self._scale * self._course(rng)

    def _course(self, rng: np.random.Generator) -> Array:
        """A course by steps: the mean of its years, shape ``(n_steps, n_draws)``."""
        params = self._params
        yearly = autoregressive(rng, params.years, params.draws, params.drift_memory)
        return np.asarray(yearly.reshape(params.n_steps, params.age_width, -1).mean(axis=1))

    def of_town(self, town_id: str, persons: float) -> Array:
        """
        Shocks of one town, the same whatever other towns there are.

        Returns
        -------
        numpy.ndarray
            Factor of births, factor of deaths, and what is added to the rate of migration in a
            step: shape ``(3, n_steps, n_draws)``.
        """
        rng = np.random.default_rng([self._params.seed, 1, crc32(town_id.encode())])
        sd = float(self._trends.sd_of(np.array(persons)))
        own = sd * self._scale * self._course(rng)
        drift = self._params.age_width * (own + self._shared)
        return np.stack([self._births, self._deaths, drift])
