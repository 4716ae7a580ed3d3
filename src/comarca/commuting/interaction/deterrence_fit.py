"""What the calibration of a deterrence found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.interaction.params import InteractionParams
from comarca.commuting.interaction.solving import FitStatus
from comarca.model.matrices import FlowMatrix

Floats = NDArray[np.float64]

NEARLY_ALIKE = 1e-10  # least share of information that two parameters do not have in common


@dataclass(frozen=True, kw_only=True)
class FittedParameter:
    """
    One number found.

    Parameters
    ----------
    name
        As in the settings, with its unit.
    value
        Its value.
    standard_error
        From the Fisher information: how far it scatters if persons chose independently. ``inf``
        where the data do not tell it.
    robust_error
        From how the scores really scatter (the sandwich of quasi-Poisson estimates): real flows
        vary more than persons who choose independently.
    """

    name: str
    value: float
    standard_error: float
    robust_error: float

    def __str__(self) -> str:
        return (
            f"{self.name} {self.value:.5g} ± {self.standard_error:.2g} "
            f"(± {self.robust_error:.2g} as flows scatter)"
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class DeterrenceFit:
    """
    Deterrence that counts show.

    Parameters
    ----------
    parameters
        What was open, as found.
    params
        The settings with what was found put in: :func:`estimate_flows` takes them.
    counts
        ``"flows"`` between towns, or ``"margins"``: who stays, leaves and comes.
    flows
        The fitted flows, persons, with the margins that were held.
    deviance
        Twice the log-likelihood that a perfect model has more.
    log_likelihood
        Poisson log-likelihood without the constant of the factorials; ``nan`` on margins.
    n_observations
        Pairs, or towns, in the likelihood.
    mean_time_min
        Mean trip, minutes: observed on flows, fitted on margins.
    persons
        Persons in the fit.
    persons_left_out
        Persons observed on pairs beyond the limit, without a way, or marked as not observed.
    status
        ``"matched"``, or ``"out_of_reach"``: counts fit best at a bound, as without deterrence, or
        tell so little that no maximum was reached.
    converged
        Whether the fitted flows hold the margins.
    iterations
        Balancing steps.
    """

    parameters: tuple[FittedParameter, ...]
    params: InteractionParams
    counts: Literal["flows", "margins"]
    flows: FlowMatrix = field(repr=False)
    deviance: float
    log_likelihood: float
    n_observations: int
    mean_time_min: float
    persons: float
    persons_left_out: float
    status: FitStatus
    converged: bool
    iterations: int

    def of(self, name: str) -> FittedParameter:
        """One of the parameters; ``KeyError`` where it was not open."""
        found = {parameter.name: parameter for parameter in self.parameters}
        return found[name]

    @property
    def beta_per_min(self) -> float:
        """Deterrence per minute, of functions that have one."""
        return self.of("beta_per_min").value

    @property
    def standard_error_per_min(self) -> float:
        """Its standard error if persons chose independently."""
        return self.of("beta_per_min").standard_error

    def summary(self) -> str:
        """Say in a few lines what the counts show."""
        return "\n".join([*self.notes(), *map(str, self.parameters)])

    def notes(self) -> tuple[str, ...]:
        """Say what deters people, and what gave way, a line each."""
        left_out = f"; {self.persons_left_out:,.0f} left out" if self.persons_left_out else ""
        lines = [
            f"deterrence {self.params.function}, t in min, from {self.counts} of "
            f"{self.persons:,.0f} commuters, mean trip {self.mean_time_min:.1f} min{left_out}"
        ]
        if self.status == "out_of_reach":
            lines.append(
                "no maximum of the likelihood was reached within the bounds of the parameters; "
                "this is the nearest"
            )
        if not self.converged:
            lines.append("the limit allows no flows that hold all margins; jobs gave way")
        return tuple(lines)


def fitted_parameters(
    names: Sequence[str], values: Floats, information: Floats, scatter: Floats
) -> tuple[FittedParameter, ...]:
    """
    Put values and errors together.

    Parameters
    ----------
    information
        Fisher information, shape ``(n_parameters, n_parameters)``.
    scatter
        Sum of the squared scores, same shape.
    """
    errors, robust = standard_errors(information, scatter)
    return tuple(
        FittedParameter(name=name, value=value, standard_error=error, robust_error=scattered)
        for name, value, error, scattered in zip(
            names, values.tolist(), errors.tolist(), robust.tolist(), strict=True
        )
    )


def standard_errors(information: Floats, scatter: Floats) -> tuple[Floats, Floats]:
    """Fisher's and robust errors; ``inf`` where the data do not tell parameters apart."""
    own = np.diagonal(information)
    errors, robust = np.full(len(own), np.inf), np.full(len(own), np.inf)
    told = own > 0
    if not told.any():
        return errors, robust
    scale = np.sqrt(own[told])
    block = np.ix_(told, told)
    alike = information[block] / scale[:, None] / scale
    if np.linalg.eigvalsh(alike)[0] > NEARLY_ALIKE:
        inverse = np.linalg.inv(alike)
        sandwich = inverse @ (scatter[block] / scale[:, None] / scale) @ inverse
        errors[told] = np.sqrt(np.diagonal(inverse)) / scale
        # Of a perfect fit nothing is left but rounding, which may be below 0.
        robust[told] = np.sqrt(np.maximum(np.diagonal(sandwich), 0.0)) / scale
    return errors, robust
