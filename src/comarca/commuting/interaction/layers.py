"""
Several kinds of commuters in one matrix: a row for each town and skill, a value for each kind.

Skills have rows of their own and share the columns; daily and weekly commuters share both, so a
pair of towns may hold two values. What is balanced is their sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.interaction.balancer import Balancer
from comarca.commuting.interaction.deterrence import Deterrence
from comarca.commuting.interaction.law import EVERYWHERE, Constant, Deterred, Law, Slope, Term
from comarca.commuting.interaction.market import Market, market_of
from comarca.commuting.interaction.model import OWN_TOWN, refuse_undefined
from comarca.commuting.interaction.pairs import Pairs
from comarca.commuting.interaction.params import InteractionParams, WeeklyParams
from comarca.commuting.interaction.reach import between_towns, trip_times
from comarca.errors import ParameterError
from comarca.model.matrices import Period, Skill, Travel

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

WEEKLY = "weekly_preference"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """
    Commuters of one skill and period.

    Parameters
    ----------
    skill
        ``None`` for all together.
    daily
        How they travel in a day.
    weekly
        How they leave for the week; ``None`` for those who return daily.
    """

    skill: Skill | None
    daily: InteractionParams
    weekly: WeeklyParams | None = None

    @property
    def period(self) -> Period:
        """Whether they return daily."""
        return "daily" if self.weekly is None else "weekly"

    @property
    def deterrence(self) -> Deterrence:
        """What deters them."""
        return self.daily.function if self.weekly is None else self.weekly.deterrence

    @property
    def mean_time_min(self) -> float:
        """Mean trip expected of them."""
        return (self.weekly or self.daily).mean_time_min

    def times(self, travel: Travel) -> sparse.csr_array:
        """Minutes of their trips, shape ``(n_towns, n_towns)``."""
        if self.weekly is not None:
            return between_towns(travel, self.weekly.least_min, self.weekly.limit_min)
        times = trip_times(travel, self.daily)
        if isinstance(times, sparse.csr_array):
            return times
        rows, columns = np.nonzero(np.isfinite(times))
        starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(times)))])
        return sparse.csr_array((times[rows, columns], columns, starts), shape=times.shape)


class Layers:
    """
    Kinds of commuters over one stock of jobs, ready to be balanced.

    Parameters
    ----------
    kinds
        Each skill and period once; the weekly ones have daily ones of the same skill.
    times
        Minutes of the trips of each.
    workers
        Persons of each skill in the order in which skills first appear, one skill after the other.
    jobs
        Of each town.
    shared
        Whether all skills share one daily deterrence.

    Raises
    ------
    ParameterError
        When nobody can reach a job, or a deterrence is not defined for a trip of no minutes.
    """

    def __init__(
        self,
        kinds: Sequence[Kind],
        times: Sequence[sparse.csr_array],
        workers: Floats,
        jobs: Floats,
        *,
        shared: bool = False,
    ) -> None:
        self.kinds = tuple(kinds)
        self.skills = list(dict.fromkeys(kind.skill for kind in kinds))
        self._n_towns = len(jobs)
        stacked, kind_of = self._stacked(times)
        rows = np.repeat(np.arange(stacked.shape[0]), np.diff(stacked.indptr))
        takes_part = (workers[rows] > 0) & (jobs[stacked.indices] > 0)
        if not takes_part.any():
            raise ParameterError("nobody can reach a job within the limits.")
        self.market: Market = market_of(workers, jobs, stacked)
        self.pairs = Pairs(self.market.times)
        self._kind_of = kind_of[takes_part]
        self.named_terms = self._terms(shared)
        first = self.kinds[0].daily
        self.balancer = Balancer(
            self.pairs,
            Law([term for _, term in self.named_terms], self.pairs.time_min.size),
            self.market.workers,
            self.market.jobs,
            tolerance=first.tolerance,
            max_iterations=first.max_iterations,
        )

    @property
    def free_names(self) -> tuple[str, ...]:
        """Names of what is open, with the kind it is of."""
        return tuple(
            f"{parameter.name} ({whose})" if whose else parameter.name
            for whose, term in self.named_terms
            for parameter in term.parameters
            if parameter.value is None
        )

    @cached_property
    def homes(self) -> Places:
        """Town of residence of each value."""
        return self.market.origins[self.pairs.rows] % self._n_towns

    @cached_property
    def workplaces(self) -> Places:
        """Town of work of each value."""
        return self.market.destinations[self.pairs.columns]

    def where(self, number: int) -> Places:
        """Values of one kind."""
        return np.flatnonzero(self._kind_of == number)

    def flat(self, persons: Sequence[sparse.csr_array]) -> Floats:
        """Arrange persons of each kind as one flat array."""
        values = np.zeros(self.pairs.time_min.size)
        for number, table in enumerate(persons):
            at = self.where(number)
            if at.size:
                values[at] = np.asarray(
                    table[self.homes[at], self.workplaces[at]], dtype=np.float64
                ).ravel()
        return values

    def matrix(self, values: Floats, number: int) -> sparse.csr_array:
        """Values of one kind as homes by workplaces of all towns."""
        at = self.where(number)
        triplet = (values[at], (self.homes[at], self.workplaces[at]))
        return sparse.csr_array(triplet, shape=(self._n_towns, self._n_towns))

    def deterrence(self, number: int, values: Sequence[Sequence[float]]) -> Deterrence:
        """What deters a kind, with the values of the term that says so; open where it has none."""
        of_kind = self.kinds[number].deterrence
        term = self._deters.get(number)
        return of_kind if term is None else of_kind.holding(values[term])

    def excesses(self) -> list[Slope]:
        """What each person is above the mean trip, or the weekly share, that is asked for."""
        found = []
        for whose, term in self.named_terms:
            n_open = sum(parameter.value is None for parameter in term.parameters)
            if n_open > 1 or (n_open and term.parameters[0].name == OWN_TOWN):
                names = ", ".join(parameter.name for parameter in term.parameters)
                raise ParameterError(
                    f"{names} of {whose or 'the commuters'} are open; expected one parameter of a "
                    "deterrence at most, which the mean trip settles."
                )
            if n_open:
                found.append(self._excess(term))
        return found

    def _excess(self, term: Term) -> Slope:
        if term.parameters[0].name == WEEKLY:
            share = next(kind.weekly.share for kind in self.kinds if kind.weekly is not None)
            is_weekly = np.array([kind.weekly is not None for kind in self.kinds])
            return Slope(is_weekly[self._kind_of] - share, EVERYWHERE)
        at = np.arange(self.pairs.time_min.size)[term.where]
        mean = self.kinds[self._kind_of[at[0]]].mean_time_min
        return Slope(self.pairs.time_min[term.where] - mean, term.where)

    def _stacked(self, times: Sequence[sparse.csr_array]) -> tuple[sparse.csr_array, Places]:
        """All trips in one matrix, row by row, and the kind of each."""
        tables = [table.tocoo() for table in times]
        offsets = [self.skills.index(kind.skill) * self._n_towns for kind in self.kinds]
        rows = np.concatenate([t.row + offset for t, offset in zip(tables, offsets, strict=True)])
        columns = np.concatenate([table.col for table in tables])
        minutes = np.concatenate([table.data for table in tables])
        kind_of = np.repeat(np.arange(len(tables)), [table.nnz for table in tables])
        order = np.argsort(rows, kind="stable")
        n_rows = len(self.skills) * self._n_towns
        starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n_rows))])
        stacked = sparse.csr_array(
            (minutes[order], columns[order].astype(np.int32), starts.astype(np.int32)),
            shape=(n_rows, self._n_towns),
        )
        return stacked, kind_of[order]

    def _terms(self, shared: bool) -> list[tuple[str, Term]]:
        """Terms, each with the kind it is of; what deters each kind is noted on the way."""
        self._deters: dict[int, int] = {}
        numbers = range(len(self.kinds))
        daily = [number for number in numbers if self.kinds[number].weekly is None]
        weekly = [number for number in numbers if self.kinds[number].weekly is not None]
        terms: list[tuple[str, Term]] = []
        for together in [daily] if shared else [[number] for number in daily]:
            self._add_daily(terms, together)
        if weekly:
            self._add_weekly(terms, daily, weekly)
        return terms

    def _add_daily(self, terms: list[tuple[str, Term]], numbers: Sequence[int]) -> None:
        kind = self.kinds[numbers[0]]
        whose = (kind.skill or "") if len(numbers) == 1 else ""
        at = self._add_deterred(terms, numbers, whose)
        preference = kind.daily.own_town_preference
        if preference != 0 and at.size:
            own = at[self.homes[at] == self.workplaces[at]]
            terms.append((whose, Constant(OWN_TOWN, preference, own)))

    def _add_weekly(
        self, terms: list[tuple[str, Term]], daily: Sequence[int], weekly: Sequence[int]
    ) -> None:
        settings = self.kinds[weekly[0]].weekly
        at = self._add_deterred(terms, weekly, "weekly")
        if at.size and settings is not None:
            start = self._drawn(daily) - self._drawn(weekly)
            start += float(np.log(settings.share / (1 - settings.share)))
            terms.append(("", Constant(WEEKLY, settings.preference, at, start)))

    def _add_deterred(
        self, terms: list[tuple[str, Term]], numbers: Sequence[int], whose: str
    ) -> Places:
        """Add what deters some kinds together; their trips, none of which leaves the term out."""
        at = np.flatnonzero(np.isin(self._kind_of, numbers))
        if at.size:
            kind = self.kinds[numbers[0]]
            refuse_undefined(kind.deterrence, self.pairs)
            where = EVERYWHERE if at.size == self.pairs.time_min.size else at
            self._deters |= dict.fromkeys(numbers, len(terms))
            times = self.pairs.time_min[where]
            terms.append((whose, Deterred(kind.deterrence, times, kind.mean_time_min, where)))
        return at

    def _drawn(self, numbers: Sequence[int]) -> float:
        """Logarithm of how much kinds are drawn by all jobs where the search begins."""
        total = 0.0
        for number in numbers:
            at = self.where(number)
            kind = self.kinds[number]
            starts = [
                p.start if p.value is None else p.value
                for p in kind.deterrence.parameters(kind.mean_time_min)
            ]
            pull = np.exp(kind.deterrence.log(self.pairs.time_min[at], starts))
            total += float(pull @ self.market.jobs[self.pairs.columns[at]])
        return float(np.log(total)) if total > 0 else 0.0
