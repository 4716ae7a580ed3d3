r"""
Migration by age: the model schedule of Rogers and Castro.

.. math::

   m(x) = a_1 e^{-\alpha_1 x} + a_2 e^{-\alpha_2 (x-\mu_2) - e^{-\lambda_2 (x-\mu_2)}} + c

Children move with their parents, the young move most, and the old little [1]_. Where rates by age
are known the seven parameters are fitted by least squares; where only a total is known, the
standard of the authors is scaled to it.

References
----------
.. [1] Rogers, A. and Castro, L. J. (1981). Model migration schedules. IIASA Research Report 81-30.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from comarca.errors import ParameterError

Array = NDArray[np.float64]
LEAST_RATES = 8
"""Fewer rates than this cannot tell seven parameters."""


@dataclass(frozen=True, kw_only=True)
class RogersCastro:
    r"""
    Seven parameters of the model schedule.

    Parameters
    ----------
    children, children_decline
        Level at birth, and its decline a year of age: :math:`a_1, \alpha_1`.
    young, young_decline, young_age, young_ascent
        Level, decline, position (years) and ascent of the peak of the young: :math:`a_2, \alpha_2,
        \mu_2, \lambda_2`.
    constant
        What everybody shares: :math:`c`.
    """

    children: float
    children_decline: float
    young: float
    young_decline: float
    young_age: float
    young_ascent: float
    constant: float

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (np.isfinite(value) and value >= 0):
                raise ParameterError(f"{field.name} is {value:g}; expected 0 or more.")

    def rates(self, ages: Array) -> Array:
        """Rate at each exact age, years; same shape."""
        return _schedule(ages, np.array(astuple(self)))

    def shape(self, ages: Array) -> Array:
        """Rates as shares of their mean over these ages."""
        rates = self.rates(ages)
        return np.asarray(rates / rates.mean())


def _schedule(ages: Array, parameters: Array) -> Array:
    a1, alpha1, a2, alpha2, mu2, lambda2, c = parameters
    after = ages - mu2
    rise = np.exp(np.minimum(-lambda2 * after, 50.0))
    young = np.exp(np.minimum(-alpha2 * after - rise, 50.0))
    return np.asarray(a1 * np.exp(-alpha1 * ages) + a2 * young + c)


def fit_rogers_castro(ages: Array, rates: Array) -> tuple[RogersCastro, float]:
    """
    Fit the model schedule to rates by least squares.

    Parameters
    ----------
    ages
        Middle of each age band, years, shape ``(n,)``, at least eight.
    rates
        Migrants for a person of that age, 0 or more, not all 0, in any unit; shape ``(n,)``.

    Returns
    -------
    schedule, r2
        The best of several starts, and the share of the rates' variance that it explains.

    Raises
    ------
    ParameterError
        With fewer than eight rates, or rates below 0, or none above.
    """
    from scipy.optimize import least_squares

    if len(rates) < LEAST_RATES or (rates < 0).any() or not (rates > 0).any():
        raise ParameterError(
            f"{len(rates)} rates from {rates.min():g} to {rates.max():g}; expected at least "
            f"{LEAST_RATES}, none below 0 and one above."
        )
    scale = float(rates.max())

    def misses(parameters: Array) -> Array:
        return np.asarray(_schedule(ages, parameters) - rates / scale)

    low = np.array([0.0, 0.0, 0.0, 0.005, 8.0, 0.05, 0.0])
    high = np.array([3.0, 2.0, 10.0, 1.0, 45.0, 3.0, 1.0])
    found = [
        least_squares(
            misses,
            np.array([0.3, 0.1, 1.0, 0.1, peak, ascent, 0.05]),
            bounds=(low, high),
        )
        for peak in (18.0, 22.0, 27.0)
        for ascent in (0.25, 0.6)
    ]
    best = min(found, key=lambda fit: float(fit.cost))
    a1, alpha1, a2, alpha2, mu2, lambda2, c = best.x
    variance = float(((rates / scale - (rates / scale).mean()) ** 2).sum())
    r2 = 1 - 2 * float(best.cost) / variance if variance > 0 else 1.0
    fitted = RogersCastro(
        children=a1 * scale,
        children_decline=alpha1,
        young=a2 * scale,
        young_decline=alpha2,
        young_age=mu2,
        young_ascent=lambda2,
        constant=c * scale,
    )
    return fitted, r2
