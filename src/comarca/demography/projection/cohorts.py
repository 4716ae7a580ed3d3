r"""
The cohort-component step: everybody who stays alive grows older, children are born, people move.

With :math:`P_{s,a}` people of sex *s* and age group *a*, net migrants :math:`M_{s,a}`, survival
ratios :math:`S_{s,a}`, fertility :math:`f_a` and groups and steps of *w* years [1]_:

.. math::

   M_{s,a} &= P_{s,a}\,m_{s,a} + c_{s,a}, \qquad P'_{s,a} = P_{s,a} + M_{s,a}/2 \\\
   P_{s,a+1}(t+w) &= P'_{s,a}\,S_{s,a} + M_{s,a+1}/2 \\
   B &= w \sum_a f_a\, \tfrac12 \bigl(P_{f,a}(t) + P_{f,a}(t+w)\bigr)

and the youngest group is the births of its sex that survive, with half of its migrants. The oldest
group also keeps its own survivors. Half of the migrants move at the beginning and half at the end
of a step. Nobody can leave who is not there: no group falls below zero.

References
----------
.. [1] Preston, S. H., Heuveline, P. and Guillot, M. (2001). Demography. Blackwell, chapter 6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from comarca.demography.projection.rates import FEMALE, MALE, Array, Rates


@dataclass(frozen=True, eq=False, kw_only=True)
class Carried:
    """
    A population carried forward, and what happened on the way.

    Parameters
    ----------
    persons
        At the beginning and after each step, shape ``(n_steps + 1, ..., 2, n_groups)``.
    births, deaths, net_migrants
        In each step, persons, shape ``(n_steps, ...)``; persons of one date plus births less deaths
        plus net migrants are persons of the next.
    """

    persons: Array
    births: Array
    deaths: Array
    net_migrants: Array


def carry_forward(persons: Array, rates: Rates) -> Carried:
    """
    Carry one or many populations forward under the same rates.

    Parameters
    ----------
    persons
        By sex and age group, shape ``(..., 2, n_groups)``, 0 or more.
    rates
        Of each step.

    Returns
    -------
    Carried
    """
    found, births, moved = [persons], [], []
    for step in range(rates.n_steps):
        later, born, net = one_step(found[-1], rates, step)
        found.append(later)
        births.append(born)
        moved.append(net)
    everybody = np.stack(found)
    totals = everybody.sum(axis=(-1, -2))
    born_all, net_all = np.array(births), np.array(moved)
    return Carried(
        persons=everybody,
        births=born_all,
        deaths=totals[:-1] + born_all + net_all - totals[1:],
        net_migrants=net_all,
    )


def one_step(
    persons: Array, rates: Rates, step: int, *, migration: Array | None = None
) -> tuple[Array, Array, Array]:
    """
    Carry populations one step forward.

    Parameters
    ----------
    persons
        Shape ``(..., 2, n_groups)``.
    rates, step
        Rates, and which step of them.
    migration
        Rates of migration instead of those in ``rates``, shape ``(2, n_groups)``.

    Returns
    -------
    later, births, net_migrants
        People a step later; births; net migrants as far as there was anybody to leave.
    """
    moving = rates.migration[step] if migration is None else migration
    half = (persons * moving + rates.migrants[step]) / 2
    start = np.maximum(persons + half, 0.0)
    survivors = start * rates.survival[step, :, 1:]
    later = np.empty_like(persons)
    later[..., 1:] = survivors[..., :-1]
    later[..., -1] += survivors[..., -1]
    aged = np.maximum(later[..., 1:] + half[..., 1:], 0.0)
    left = (aged - later[..., 1:]).sum(axis=(-1, -2)) + (start - persons).sum(axis=(-1, -2))
    later[..., 1:] = aged
    women = (persons[..., FEMALE, :] + later[..., FEMALE, :]) / 2
    fertility = rates.fertility[step]
    # Girls born during the step bear no children in it.
    born = rates.width * (women[..., 1:] * fertility[1:]).sum(axis=-1)
    for sex, share in ((FEMALE, 1 - rates.male_share[step]), (MALE, rates.male_share[step])):
        infants = born * share * rates.survival[step, sex, 0]
        later[..., sex, 0] = np.maximum(infants + half[..., sex, 0], 0.0)
        left = left + later[..., sex, 0] - infants
    return later, born, left


def level_that_reaches(
    persons: Array, rates: Rates, shape: Array, wanted: float, n_steps: int
) -> float:
    """
    Find the level of migration under which some steps lead to a total.

    Parameters
    ----------
    persons
        One population, shape ``(2, n_groups)``, somebody in it.
    rates
        Its other rates.
    shape
        Rates of migration at level 1, shape ``(2, n_groups)``, above 0.
    wanted
        Persons after the steps, above 0.
    n_steps
        How many steps, 1 or more.

    Returns
    -------
    float
        By the secant method; the level at which nearly all who move most have left, where even that
        leaves more.
    """

    def miss(level: float) -> float:
        later = persons
        for step in range(n_steps):
            later, *_ = one_step(later, rates, step, migration=level * shape)
        return float(later.sum()) - wanted

    least = -0.95 / float(shape.max())
    below, above = 0.0, 0.01
    off_below, off_above = miss(below), miss(above)
    for _ in range(_MOST_SECANTS):
        if abs(off_above) <= 1e-9 * wanted or off_above == off_below:
            break
        slope = (off_above - off_below) / (above - below)
        below, off_below = above, off_above
        above = max(above - off_above / slope, least)
        off_above = miss(above)
    return above


_MOST_SECANTS = 12
