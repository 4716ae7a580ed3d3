"""
How well estimated flows agree with counted ones: in one number, and by the length of the trip.

The measures are those of the literature: the common part of commuters, the standardised root mean
square error, R², the Poisson deviance, the mean trip. None alone tells a good model: flows within
the own town are so large that they flatter the first three, so each is also given between towns.

References
----------
.. [1] Lenormand, M., Bassolas, A. and Ramasco, J. J. (2016). Systematic comparison of trip
       distribution laws and models. Journal of Transport Geography 51.
.. [2] Knudsen, D. C. and Fotheringham, A. S. (1986). Matrix comparison, goodness-of-fit, and
       spatial interaction modeling. International Regional Science Review 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.interaction.params import InteractionParams
from comarca.commuting.interaction.reach import Times, minutes_at, trip_times
from comarca.commuting.interaction.unobserved import Unobserved
from comarca.errors import ParameterError
from comarca.model.matrices import FlowMatrix, Travel

Floats = NDArray[np.float64]

BANDS = 12  # about so many equal ones tell a curve
MOST_TRIPS = 0.95  # share of commuters they hold; farther ones are fewer and in wider bands


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """
    Agreement over a set of pairs of towns.

    Parameters
    ----------
    n_pairs
        Pairs compared, those without anybody included.
    observed, estimated
        Persons on them.
    cpc
        Common part of commuters: twice the persons both have on the same pairs, over the sum of
        both; 1 if they are equal, 0 if they share nothing. ``nan`` where nobody travels.
    srmse
        Root mean square error over the mean observed flow; 0 if they are equal.
    r_squared
        One less the squared errors over the squared deviations of observed flows from their mean;
        below 0 where the mean alone would do better. ``nan`` where all observed flows are equal.
    deviance
        Poisson deviance: twice the log-likelihood that observed flows lack under estimated ones.
        ``inf`` where somebody is observed and nobody estimated.
    mean_time_min, estimated_mean_time_min
        Mean trip, minutes.
    """

    n_pairs: int
    observed: float
    estimated: float
    cpc: float
    srmse: float
    r_squared: float
    deviance: float
    mean_time_min: float
    estimated_mean_time_min: float


@dataclass(frozen=True, kw_only=True, eq=False)
class FlowFit:
    """
    How well estimated flows agree with counted ones.

    Parameters
    ----------
    all_trips, between_towns
        Over all pairs, and over pairs of different towns.
    bands
        Pairs of different towns by length of the trip: ``from_min``, ``to_min`` (excluded, but in
        the last), ``pairs``, ``observed``, ``estimated`` persons and ``cpc``.
    left_out
        Persons observed on pairs that were not compared: beyond the limit, without a way, or marked
        as not observed.
    """

    all_trips: Agreement
    between_towns: Agreement
    bands: pd.DataFrame
    left_out: float

    @property
    def staying(self) -> tuple[float, float]:
        """Shares of all commuters who stay in their own town, observed and estimated."""
        everybody, between = self.all_trips, self.between_towns
        return (
            1 - between.observed / everybody.observed if everybody.observed else 0.0,
            1 - between.estimated / everybody.estimated if everybody.estimated else 0.0,
        )

    def summary(self) -> str:
        """Say in a few lines how near both are."""
        lines = [
            f"{name}: common part {part.cpc:.3f}, SRMSE {part.srmse:.2f}, R² {part.r_squared:.3f}, "
            f"deviance {part.deviance:,.0f}, mean trip {part.mean_time_min:.1f} min observed, "
            f"{part.estimated_mean_time_min:.1f} estimated"
            for name, part in (("all trips", self.all_trips), ("between towns", self.between_towns))
        ]
        if self.left_out:
            lines.append(f"{self.left_out:,.0f} persons on pairs that cannot be compared")
        return "\n".join(lines)


def judge_flows(
    observed: FlowMatrix,
    estimated: FlowMatrix,
    travel: Travel,
    params: InteractionParams | None = None,
    *,
    unobserved: Unobserved | None = None,
    edges_min: Sequence[float] | None = None,
) -> FlowFit:
    """
    Compare estimated flows with counted ones.

    Parameters
    ----------
    observed, estimated
        Persons, the same towns in the same order.
    travel
        Times between the towns.
    params
        Limit and internal times, which say what pairs are compared and how long trips within towns
        take.
    unobserved
        Pairs that were not counted; by default every pair was.
    edges_min
        Where bands of the trip's length begin and end, minutes, ascending; about a dozen round ones
        when ``None``.

    Returns
    -------
    FlowFit

    Raises
    ------
    ParameterError
        When the towns of both differ.
    UnknownTownError
        When one of them is not in ``travel``.
    """
    if observed.town_ids != estimated.town_ids:
        raise ParameterError("observed and estimated flows are not of the same towns in one order.")
    params = params or InteractionParams()
    ways = travel if travel.town_ids == observed.town_ids else travel.subset(observed.town_ids)
    times = (unobserved or Unobserved()).left_in(trip_times(ways, params), observed)
    trips = _Trips.of(observed, estimated, times)
    between = trips.among(trips.is_between)
    minutes_between, n_within = _minutes_between(times)
    edges = np.asarray(edges_min or _edges(params.daily_limit_min, between), dtype=float)
    return FlowFit(
        all_trips=_agreement(trips, len(minutes_between) + n_within),
        between_towns=_agreement(between, len(minutes_between)),
        bands=_bands(between, minutes_between, edges),
        left_out=float(observed.persons.sum() - trips.observed.sum()),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Trips:
    """Pairs on which anybody is observed or estimated."""

    observed: Floats
    estimated: Floats
    minutes: Floats
    is_between: NDArray[np.bool_]

    @classmethod
    def of(cls, observed: FlowMatrix, estimated: FlowMatrix, times: Times) -> _Trips:
        # A pattern that holds the pairs of both, whatever their persons are.
        either = (_marks(observed.persons) + _marks(estimated.persons)).tocoo()
        rows, columns = either.row, either.col
        minutes = minutes_at(times, rows, columns)
        kept = np.isfinite(minutes)
        rows, columns = rows[kept], columns[kept]
        persons = [
            np.asarray(flows.persons[rows, columns], dtype=np.float64).ravel()
            for flows in (observed, estimated)
        ]
        return cls(
            observed=persons[0],
            estimated=persons[1],
            minutes=minutes[kept],
            is_between=rows != columns,
        )

    def among(self, chosen: NDArray[np.bool_]) -> _Trips:
        return _Trips(
            observed=self.observed[chosen],
            estimated=self.estimated[chosen],
            minutes=self.minutes[chosen],
            is_between=self.is_between[chosen],
        )


def _marks(persons: sparse.csr_array) -> sparse.csr_array:
    ones = np.ones(persons.nnz, dtype=np.int8)
    return sparse.csr_array((ones, persons.indices, persons.indptr), shape=persons.shape)


def _minutes_between(times: Times) -> tuple[Floats, int]:
    """Minutes of all trips between towns, and how many towns have one within."""
    if isinstance(times, sparse.csr_array):
        ways = times.tocoo()
        is_between = ways.row != ways.col
        return np.asarray(ways.data[is_between]), int((~is_between).sum())
    possible = np.isfinite(times)
    n_within = int(np.diagonal(possible).sum())
    np.fill_diagonal(possible, False)
    return times[possible], n_within


def _agreement(trips: _Trips, n_pairs: int) -> Agreement:
    seen, fit = trips.observed, trips.estimated
    n_seen, n_fit = float(seen.sum()), float(fit.sum())
    errors = float(((seen - fit) ** 2).sum())
    spread = float((seen**2).sum()) - n_seen**2 / n_pairs if n_pairs else 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = np.where(seen > 0, seen * np.log(seen / fit), 0.0) - (seen - fit)
    nan = float("nan")
    return Agreement(
        n_pairs=n_pairs,
        observed=n_seen,
        estimated=n_fit,
        cpc=_cpc(seen, fit),
        srmse=float(np.sqrt(errors / n_pairs) / (n_seen / n_pairs)) if n_seen else nan,
        r_squared=1 - errors / spread if spread > 0 else nan,
        deviance=2 * float(gaps.sum()),
        mean_time_min=float(seen @ trips.minutes) / n_seen if n_seen else nan,
        estimated_mean_time_min=float(fit @ trips.minutes) / n_fit if n_fit else nan,
    )


def _cpc(seen: Floats, fit: Floats) -> float:
    both = float(seen.sum() + fit.sum())
    return 2 * float(np.minimum(seen, fit).sum()) / both if both else float("nan")


def _edges(limit_min: float, trips: _Trips) -> Floats:
    """Equal bands of 1, 2, 5, 10, ... minutes while most people travel, then ever wider ones."""
    longest = limit_min if np.isfinite(limit_min) else float(trips.minutes.max(initial=1.0))
    order = np.argsort(trips.minutes)
    share = np.cumsum(trips.observed[order]) / max(float(trips.observed.sum()), 1.0)
    most = order[np.searchsorted(share, MOST_TRIPS).clip(max=len(order) - 1)] if len(order) else 0
    usual = float(trips.minutes[most]) if len(order) else longest
    power = 10.0 ** np.floor(np.log10(usual / BANDS))
    step = next(power * size for size in (1, 2, 5, 10) if power * size * BANDS >= usual)
    edges = list(np.arange(0.0, usual + step, step))
    width = step
    while edges[-1] < longest:
        width *= 2
        edges.append(edges[-1] + width)
    return np.asarray(edges)


def _bands(trips: _Trips, all_minutes: Floats, edges: Floats) -> pd.DataFrame:
    # The last band takes what lies exactly on its end, as a trip of the limit does.
    band = np.minimum(np.searchsorted(edges, trips.minutes, side="right") - 1, len(edges) - 2)
    of_pairs = np.minimum(np.searchsorted(edges, all_minutes, side="right") - 1, len(edges) - 2)
    rows = [
        {
            "from_min": edges[number],
            "to_min": edges[number + 1],
            "pairs": int((of_pairs == number).sum()),
            "observed": float(trips.observed[band == number].sum()),
            "estimated": float(trips.estimated[band == number].sum()),
            "cpc": _cpc(trips.observed[band == number], trips.estimated[band == number]),
        }
        for number in range(len(edges) - 1)
    ]
    return pd.DataFrame(rows)
