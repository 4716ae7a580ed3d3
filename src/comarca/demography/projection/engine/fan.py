"""Many drawn futures of one town, by cohorts; compiled, draws side by side."""

from __future__ import annotations

import numpy as np

from comarca.compiled import compiled
from comarca.demography.projection.rates import Array


@compiled
def drawn_futures(
    persons: Array,
    survival: Array,
    fertility: Array,
    male_share: Array,
    migrants: Array,
    migration: Array,
    shape: Array,
    shocks: Array,
    width: int,
    school: Array,
) -> Array:
    """
    Totals and children of school age of each draw.

    Parameters
    ----------
    persons
        By sex and age group today, shape ``(2, n_groups)``.
    survival, fertility, male_share, migrants, migration
        As in :class:`comarca.demography.projection.rates.Rates`.
    shape
        By how much a shock of migration moves each rate, shape ``(2, n_groups)``.
    shocks
        Shape ``(3, n_steps, n_draws)``: factor of births, factor of deaths, and what is added to
        the rate of migration in a step.
    width
        Years of a step.
    school
        Share of each age group that is of school age, shape ``(n_groups,)``.

    Returns
    -------
    numpy.ndarray
        Persons of all ages, and of school age: shape ``(2, n_steps + 1, n_draws)``.
    """
    n_steps, n_draws = shocks.shape[1], shocks.shape[2]
    n_groups = persons.shape[1]
    block = 64
    told = np.zeros((2, n_steps + 1, n_draws))
    state = np.empty((2, n_groups, block))
    half = np.empty((2, n_groups, block))
    start = np.empty((2, n_groups, block))
    births = np.empty(block)
    for first in range(0, n_draws, block):
        size = min(block, n_draws - first)
        for sex in range(2):
            for age in range(n_groups):
                for draw in range(block):
                    state[sex, age, draw] = persons[sex, age]
        _tell(state, school, told, 0, first, size)
        for step in range(n_steps):
            births[:] = 0.0
            for sex in range(2):
                _move(
                    state[sex],
                    half[sex],
                    start[sex],
                    migrants[step, sex],
                    migration[step, sex],
                    shape[sex],
                    shocks[2, step, first : first + size],
                )
                if sex == 0:
                    _bear(state[0], fertility[step], births, size)
                _grow_older(
                    state[sex],
                    half[sex],
                    start[sex],
                    survival[step, sex],
                    shocks[1, step, first : first + size],
                )
            _bear(state[0], fertility[step], births, size)
            for draw in range(size):
                births[draw] *= width * 0.5 * shocks[0, step, first + draw]
            for sex in range(2):
                share = male_share[step] if sex == 1 else 1.0 - male_share[step]
                dying = 1.0 - survival[step, sex, 0]
                for draw in range(size):
                    alive = 1.0 - min(dying * shocks[1, step, first + draw], 1.0)
                    infants = births[draw] * share * alive
                    state[sex, 0, draw] = max(infants + half[sex, 0, draw], 0.0)
            _tell(state, school, told, step + 1, first, size)
    return told


@compiled
def _move(
    state: Array,
    half: Array,
    start: Array,
    migrants: Array,
    migration: Array,
    shape: Array,
    shock: Array,
) -> None:
    """Half of the net migrants of each group, and who is there after the first half moved."""
    for age in range(state.shape[0]):
        rate, extra, count = migration[age], shape[age], migrants[age]
        for draw in range(shock.shape[0]):
            moving = 0.5 * (state[age, draw] * (rate + extra * shock[draw]) + count)
            half[age, draw] = moving
            start[age, draw] = max(state[age, draw] + moving, 0.0)


@compiled
def _grow_older(state: Array, half: Array, start: Array, survival: Array, deaths: Array) -> None:
    """Who stays alive is a group older; the second half moves."""
    n_groups = state.shape[0]
    for age in range(n_groups - 1, 0, -1):
        dying = 1.0 - survival[age]
        for draw in range(deaths.shape[0]):
            alive = start[age - 1, draw] * (1.0 - min(dying * deaths[draw], 1.0))
            state[age, draw] = max(alive + half[age, draw], 0.0)
    dying = 1.0 - survival[n_groups]
    last = n_groups - 1
    before = 1.0 - survival[last]
    for draw in range(deaths.shape[0]):
        alive = start[last - 1, draw] * (1.0 - min(before * deaths[draw], 1.0))
        alive += start[last, draw] * (1.0 - min(dying * deaths[draw], 1.0))
        state[last, draw] = max(alive + half[last, draw], 0.0)


@compiled
def _bear(women: Array, fertility: Array, births: Array, size: int) -> None:
    for age in range(1, women.shape[0]):
        rate = fertility[age]
        if rate > 0.0:
            for draw in range(size):
                births[draw] += rate * women[age, draw]


@compiled
def _tell(state: Array, school: Array, told: Array, at: int, first: int, size: int) -> None:
    for sex in range(2):
        for age in range(state.shape[1]):
            share = school[age]
            for draw in range(size):
                told[0, at, first + draw] += state[sex, age, draw]
            if share > 0.0:
                for draw in range(size):
                    told[1, at, first + draw] += share * state[sex, age, draw]
