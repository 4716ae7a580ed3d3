"""
How the number of commuters falls with travel time: four functions behind one protocol.

Each is a small object that knows its parameters, its logarithm and that logarithm's slopes. Nothing
else in the package asks which function it is; one more function is one more class here. A parameter
that is ``None`` is to be calibrated.

==============  ==========================  =============================
name            function of ``t`` minutes   parameters
==============  ==========================  =============================
exponential     exp(-b t)                   ``beta_per_min`` b
power           t^-b                        ``exponent`` b
tanner          t^a exp(-b t)               ``power`` a, ``beta_per_min`` b
box-cox         exp(-b (t^l - 1)/l)         ``beta`` b, ``curvature`` l
==============  ==========================  =============================

Box and Cox's function is the power function at ``l = 0`` and, but for a constant, the exponential
one at ``l = 1``; Tanner's is the exponential one at ``a = 0`` and the power one at ``b = 0``.

References
----------
.. [1] Wilson, A. G. (1971). A family of spatial interaction models, and associated developments.
       Environment and Planning 3.
.. [2] Tanner, J. C. (1961). Factors affecting the amount of travel. Road Research Technical
       Paper 51.
.. [3] Gaudry, M. (1981). The inverse power transformation logit and dogit mode choice models.
       Transportation Research B 15.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from comarca.errors import ParameterError

Floats = NDArray[np.float64]

STEEPEST_PER_MIN = 1.0  # flows halve in 40 seconds: nobody passes by a nearer job
STEEPEST_POWER = 20.0
HYMAN = 1.5  # first guess of a deterrence times the mean trip
_FLAT_CURVATURE = 1e-4  # below it the transformation's slope is taken from its series


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """
    One number of a model of flows.

    Parameters
    ----------
    name
        What it is called, with its unit.
    value
        Given, or ``None`` where it is to be calibrated.
    low, high
        Bounds between which it is looked for; a given value may lie above.
    start
        Where the search begins.
    unit
        A change of it that matters, above 0.
    """

    name: str
    value: float | None
    low: float
    high: float
    start: float
    unit: float


@runtime_checkable
class Deterrence(Protocol):
    """What a model of flows has to know of a function of travel time."""

    @property
    def kind(self) -> str:
        """Name of the function in settings and results."""
        ...

    @property
    def is_linear(self) -> bool:
        """Whether its logarithm is linear in the parameters, so that slopes stay as they are."""
        ...

    def parameters(self, mean_time_min: float) -> tuple[Parameter, ...]:
        """Its numbers; where the search for those not given begins depends on the mean trip."""
        ...

    def log(self, time_min: Floats, values: Sequence[float]) -> Floats:
        """Logarithm of the function, same shape as the times; ``values`` of all parameters."""
        ...

    def slopes(self, time_min: Floats, values: Sequence[float]) -> tuple[Floats, ...]:
        """Derivatives of that logarithm by each parameter."""
        ...

    def holding(self, values: Sequence[float]) -> Deterrence:
        """Return the function with these values given."""
        ...

    def __str__(self) -> str:
        """Formula with its numbers, as a report shows it."""
        ...


class _Function:
    """What the four functions share: parameters are their fields, in order, between bounds."""

    kind: ClassVar[str]
    is_linear: ClassVar[bool] = True
    _bounds: ClassVar[Mapping[str, tuple[float, float]]]

    def __post_init__(self) -> None:
        for name, (low, _) in self._bounds.items():
            value = getattr(self, name)
            # Written so that a missing number fails too.
            if value is not None and not low <= value < np.inf:
                raise ParameterError(
                    f"{name} of the {self.kind} deterrence is {value:g}; expected {low:g} or more."
                )

    def starts(self, mean_time_min: float) -> tuple[float, ...]:
        """Where the search for each parameter begins."""
        raise NotImplementedError

    def parameters(self, mean_time_min: float) -> tuple[Parameter, ...]:
        """Its numbers, with bounds and starts."""
        return tuple(
            Parameter(
                name=name,
                value=getattr(self, name),
                low=low,
                high=high,
                start=start,
                unit=abs(start) or 1.0,
            )
            for (name, (low, high)), start in zip(
                self._bounds.items(), self.starts(mean_time_min), strict=True
            )
        )

    def holding(self, values: Sequence[float]) -> Self:
        """Return the function with these values given."""
        return replace(self, **dict(zip(self._bounds, map(float, values), strict=True)))  # type: ignore[type-var]  # every function is a dataclass


@dataclass(frozen=True, kw_only=True)
class Exponential(_Function):
    """
    ``exp(-b t)``: each further minute deters the same share of people.

    Parameters
    ----------
    beta_per_min
        b, per minute, in [0, 1].
    """

    beta_per_min: float | None = None

    kind = "exponential"
    _bounds = {"beta_per_min": (0.0, STEEPEST_PER_MIN)}  # noqa: RUF012  # read by the class alone

    def starts(self, mean_time_min: float) -> tuple[float, ...]:
        """Hyman's first guess."""
        return (min(HYMAN / mean_time_min, STEEPEST_PER_MIN),)

    def log(self, time_min: Floats, values: Sequence[float]) -> Floats:
        """``-b t``."""
        return -values[0] * time_min

    def slopes(self, time_min: Floats, values: Sequence[float]) -> tuple[Floats, ...]:
        """``-t``."""
        return (-time_min,)

    def __str__(self) -> str:
        return f"exp(-{_told(self.beta_per_min, 'b')} t)"


@dataclass(frozen=True, kw_only=True)
class Power(_Function):
    """
    ``t^-b``: twice the time deters the same share of people, wherever one begins.

    Parameters
    ----------
    exponent
        b, in [0, 20]. Times between towns have to be above 0.
    """

    exponent: float | None = None

    kind = "power"
    _bounds = {"exponent": (0.0, STEEPEST_POWER)}  # noqa: RUF012

    def starts(self, mean_time_min: float) -> tuple[float, ...]:
        """The exponent at which the slope at the mean trip is Hyman's."""
        return (HYMAN,)

    def log(self, time_min: Floats, values: Sequence[float]) -> Floats:
        """``-b ln t``."""
        return np.asarray(-values[0] * np.log(time_min))

    def slopes(self, time_min: Floats, values: Sequence[float]) -> tuple[Floats, ...]:
        """``-ln t``."""
        return (-np.log(time_min),)

    def __str__(self) -> str:
        return f"t^-{_told(self.exponent, 'b')}"


@dataclass(frozen=True, kw_only=True)
class Tanner(_Function):
    """
    ``t^a exp(-b t)``: the gamma function; few very short trips where ``a`` is above 0.

    Parameters
    ----------
    power
        a, in [-20, 20]. Times between towns have to be above 0.
    beta_per_min
        b, per minute, in [0, 1].
    """

    power: float | None = None
    beta_per_min: float | None = None

    kind = "tanner"
    _bounds = {  # noqa: RUF012
        "power": (-STEEPEST_POWER, STEEPEST_POWER),
        "beta_per_min": (0.0, STEEPEST_PER_MIN),
    }

    def starts(self, mean_time_min: float) -> tuple[float, ...]:
        """The exponential function."""
        return 0.0, min(HYMAN / mean_time_min, STEEPEST_PER_MIN)

    def log(self, time_min: Floats, values: Sequence[float]) -> Floats:
        """``a ln t - b t``."""
        return np.asarray(values[0] * np.log(time_min) - values[1] * time_min)

    def slopes(self, time_min: Floats, values: Sequence[float]) -> tuple[Floats, ...]:
        """``ln t`` and ``-t``."""
        return np.log(time_min), -time_min

    def __str__(self) -> str:
        return f"t^{_told(self.power, 'a')} exp(-{_told(self.beta_per_min, 'b')} t)"


@dataclass(frozen=True, kw_only=True)
class BoxCox(_Function):
    """
    ``exp(-b (t^l - 1)/l)``: between the power function (``l = 0``) and the exponential (``l = 1``).

    Parameters
    ----------
    beta
        b, in [0, 20], per minute to the power ``l``.
    curvature
        l, in [-2, 2]. Times between towns have to be above 0.
    """

    beta: float | None = None
    curvature: float | None = None

    kind = "box-cox"
    is_linear = False
    _bounds = {"beta": (0.0, STEEPEST_POWER), "curvature": (-2.0, 2.0)}  # noqa: RUF012

    def starts(self, mean_time_min: float) -> tuple[float, ...]:
        """Half-way between both, with Hyman's slope at the mean trip."""
        curvature = 0.5 if self.curvature is None else self.curvature
        return min(HYMAN * mean_time_min**-curvature, STEEPEST_POWER), curvature

    def log(self, time_min: Floats, values: Sequence[float]) -> Floats:
        """``-b (t^l - 1)/l``."""
        return -values[0] * _transformed(time_min, values[1])

    def slopes(self, time_min: Floats, values: Sequence[float]) -> tuple[Floats, ...]:
        """By ``b``, and by ``l``."""
        beta, curvature = values
        transformed, log_time = _transformed(time_min, curvature), np.log(time_min)
        if abs(curvature) < _FLAT_CURVATURE:
            bend = log_time**2 / 2 + curvature * log_time**3 / 3
        else:
            bend = (time_min**curvature * log_time - transformed) / curvature
        return -transformed, -beta * bend

    def __str__(self) -> str:
        beta, curvature = _told(self.beta, "b"), _told(self.curvature, "l")
        return f"exp(-{beta} (t^{curvature} - 1)/{curvature})"


def _transformed(time_min: Floats, curvature: float) -> Floats:
    """Box and Cox's transformation."""
    log_time = np.log(time_min)
    if curvature == 0:
        return log_time
    return np.asarray(np.expm1(curvature * log_time) / curvature)


def _told(value: float | None, letter: str) -> str:
    return letter if value is None else f"{value:.4f}"


def value_of(deterrence: Deterrence, name: str) -> float:
    """Value of one of its parameters; ``nan`` where it is open or the function has none such."""
    values = {parameter.name: parameter.value for parameter in deterrence.parameters(1.0)}
    value = values.get(name)
    return float("nan") if value is None else value
