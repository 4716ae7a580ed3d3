"""
The choice of bases, workshops, processes and workers, as a mixed-integer programme in HiGHS.

Sets
    *b* bases, *t* towns, *o* options: a facility *f(o)* in town *t(o)* working on process *p(o)* of
    base *b(o)* with ``visits[o]`` visits every ``k[o]`` days, kept only where labour, floor, tonnes
    and reach allow at least ``least[o]`` workers (``options.py``); *g* groups of workers of one
    town, skill and present occupation, and once more as they would be after a course *r(g)*; *m*
    the four measures of load (delivered and collected, by weight and by volume).

Variables
    ``open[b]`` ∈ {0, 1}; ``tie[b, t]`` ∈ {0, 1}; ``x[o]`` ∈ {0, 1} a workshop stands;
    ``extra[o]`` ∈ {0, 1, ...} workers beyond the least; ``hired[g]`` ∈ [0, workers of *g*], whole
    where *g* takes a course; ``rounds[b]`` ≥ 0 cost of the trucks of *b*, currency a working day,
    mean over days; ``enough[o, v]`` ∈ {0, 1} the
    workshop has *v* workers or more, for the pairs that cuts speak of; ``staff[o, g]`` ≥ 0 workers
    of *g* in a workshop, for the groups of its town with the skill.
    Workers of an option: ``n[o] = least[o] x[o] + extra[o]``.

Objective, currency a year
    maximise ``Σ_o worth_p(o) n[o] − Σ_o cost_f(o) x[o] + Σ_g worth_g hired[g]
    − Σ_b opening_b open[b] − days Σ_b rounds[b]``

    or ``−cost``, or ``jobs − cost / (2 budget)``, where ``cost`` is what the enterprise pays beyond
    wages (``aims.py``); the last term only tells plans with equally many jobs apart.

    The net benefit of a worker is a part of the process (value added less supervision) plus a part
    of the worker (what is given up), because wages and taxes are transfers; hence ``hired`` needs
    no index of process.

Constraints
    - a workshop has its fewest to its most workers: ``extra[o] ≤ (most − least)[o] x[o]``
    - a town is tied to one base, and the town of an open base to none:
      ``Σ_b tie[b, t] + open[b'] ≤ 1`` for the bases *b'* of *t*
    - a facility has one workshop, of a base its town is tied to: ``Σ_{o of f, b} x[o] ≤ tie[b, t]``
      (stronger than option by option)
    - a tie needs an open base: ``tie[b, t] ≤ open[b]``; a tie needs a workshop:
      ``tie[b, t] ≤ Σ_{o of b, t} x[o]``
    - workers come from the town, with the skill: ``n[o] = Σ_g staff[o, g]``,
      ``hired[g] = Σ_o staff[o, g]``; once ``n`` and the learners are whole, this is a problem of
      transport, so whole ``staff`` costs no more
      (or, where it is not told who works where, for each skill *k* ``Σ_{o: skill ≥ k} n[o] ≤
      Σ_{g: skill ≥ k} hired[g]``, with equality over all skills: skills are nested, so by Hall's
      theorem these suffice)
    - nobody works where no workshop stands: ``staff[o, g] ≤ min(most[o], workers[g]) x[o]``. The
      relaxation would else give half a workshop all the workers who give up least, and leave none
      of those that a whole one needs beside them
    - nobody works twice: ``hired[g] + Σ_{learners g' of g} hired[g'] ≤ workers[g]``
    - a course has so many places: ``Σ_{g: r(g) = r} hired[g] ≤ capacity_r``
    - a process gives away its tonnes: ``Σ_{o of p} n[o] ≤ ⌊input_t_per_day / tonnes a worker⌋``
    - a base lets out its capacity: ``Σ_{o of b} tonnes_p n[o] ≤ capacity_b open[b]``
    - trucks have so many hours: radial driving, loading and stops ≤ number × shift, mean over days
    - rounds cost at least the bounds of ``routing_bound.py``, each a row, mean over days: a round
      driven every *k* days counts ``1 / k`` with the goods of *k* days, so what is due by load or
      by stop is due of a day's load and ``visits / k`` stops; what is due once (a truck's day, a
      loading, the way to the farthest town) is due at ``1 / k`` for the option that wants it, and
      where no option is named at one over the longest *k* that the base may choose
    - rounds cost at least what rounds of fewer goods were found to cost (``cuts.py``)
    - as many jobs as required, and no more cost than the budget, where the aim sets them
    - rounds cost at least the prices of their visits and workers (``trips/``)

Every plan that keeps the rules gives a feasible point whose objective is at least the plan's value
(its true cost of rounds satisfies every bound), so the dual bound of this programme, and the
optimum of its linear relaxation, are upper bounds on the value of every plan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from comarca.freight.aims import Aim
from comarca.freight.cuts import Cut, thresholds
from comarca.freight.problem import SKILL_RANK, FreightProblem, Vehicle
from comarca.freight.programme_rows import NO_LIMIT, Floats
from comarca.freight.round_rows import RoundRows
from comarca.freight.routing_bound import RoutingBound
from comarca.freight.trips.bounds import TripBound
from comarca.freight.worths import Worths

if TYPE_CHECKING:
    import highspy


class Master(RoundRows):
    """
    The programme of the module's docstring, one method a planning rule.

    Parameters
    ----------
    problem
        What may be chosen.
    bounds
        Of the rounds of each base.
    surcharge
        What serving each option is taken to cost beyond the bound, currency a day, shape
        ``(n_options,)``; then nothing is proven. ``None`` = nothing.
    markup
        How many times the bound the rounds of each base are taken to cost, shape ``(n_bases,)``;
        then nothing is proven. ``None`` = once.
    cuts
        What rounds were found to cost.
    trip_bounds
        What the prices of trips prove of rounds.
    is_staffed
        Whether it tells who works in each workshop; else only how many of each skill a town has,
        which is as true of whole workshops, smaller, and farther off where they are divided.
    """

    def __init__(
        self,
        problem: FreightProblem,
        bounds: Sequence[RoutingBound | None],
        *,
        surcharge: Floats | None = None,
        markup: Floats | None = None,
        cuts: Sequence[Cut] = (),
        trip_bounds: Sequence[TripBound] = (),
        is_staffed: bool = True,
    ) -> None:
        enough = {pair: at for at, pair in enumerate(thresholds(problem, cuts))}
        super().__init__(problem, enough, is_staffed=is_staffed)
        self.bounds, self.surcharge, self.markup = bounds, surcharge, markup
        self.is_closed = np.zeros(len(problem.options), dtype=bool)
        self.aim = Aim()
        self._worths = Worths(
            problem=problem, columns=self.columns, surcharge=surcharge, markup=markup
        )
        self._workshop_has_fewest_to_most_workers()
        self._town_is_tied_to_one_base()
        self._town_of_an_open_base_is_tied_to_none()
        self._facility_has_one_workshop_of_its_towns_base()
        self._tie_needs_an_open_base()
        self._tie_needs_a_workshop()
        if is_staffed:
            self._workers_come_from_the_town_with_the_skill()
            self._nobody_works_where_no_workshop_stands()
        else:
            self._town_has_so_many_of_each_skill()
        self._nobody_works_twice()
        self._course_has_so_many_places()
        self._process_gives_away_its_tonnes()
        self._base_lets_out_its_capacity()
        for at, bound in enumerate(bounds):
            if bound is not None:
                self._trucks_have_so_many_hours(at, bound)
                self._rounds_cost_at_least_the_radial_way(at, bound)
                self._rounds_cost_at_least_the_stepped_way(at, bound)
                self._rounds_cost_at_least_the_farthest_town(at, bound)
                self._rounds_cost_at_least_the_ways_in_and_out(at, bound)
        self._workshop_has_enough_for_a_cut()
        for cut in cuts:
            self._rounds_cost_at_least_what_less_was_found_to_cost(cut)
        for trips in trip_bounds:
            self._rounds_cost_at_least_the_prices_of_trips(trips)

    # The rules

    def _workshop_has_fewest_to_most_workers(self) -> None:
        options = self.problem.options
        rows = np.arange(len(options))
        self._add(
            (rows, self.columns("extra"), np.ones(len(options))),
            (rows, self.columns("x"), -(options.most - options.least)),
            upper=np.zeros(len(options)),
        )

    def _town_is_tied_to_one_base(self) -> None:
        towns, row = np.unique(self.columns.tie_town, return_inverse=True)
        self._add((row, self.columns("tie"), np.ones(len(row))), upper=np.ones(len(towns)))

    def _town_of_an_open_base_is_tied_to_none(self) -> None:
        for at, base in enumerate(self.problem.bases):
            ties = np.flatnonzero(self.columns.tie_town == base.town)
            if len(ties):
                zero = np.zeros(len(ties), dtype=np.int64)
                self._add(
                    (zero, self.columns("tie", ties), np.ones(len(ties))),
                    self._one("open", at, 1.0),
                    upper=np.ones(1),
                )

    def _facility_has_one_workshop_of_its_towns_base(self) -> None:
        pairs = np.stack([self.problem.options.facility, self.base], axis=1)
        unique, row = np.unique(pairs, axis=0, return_inverse=True)
        tie_of_row = np.zeros(len(unique), dtype=np.int64)
        tie_of_row[row] = self.columns.tie_of_option
        self._add(
            (row, self.columns("x"), np.ones(len(row))),
            (np.arange(len(unique)), self.columns("tie", tie_of_row), -np.ones(len(unique))),
            upper=np.zeros(len(unique)),
        )

    def _tie_needs_an_open_base(self) -> None:
        n_ties = self.columns.size["tie"]
        rows = np.arange(n_ties)
        self._add(
            (rows, self.columns("tie"), np.ones(n_ties)),
            (rows, self.columns("open", self.columns.tie_base), -np.ones(n_ties)),
            upper=np.zeros(n_ties),
        )

    def _tie_needs_a_workshop(self) -> None:
        n_ties = self.columns.size["tie"]
        self._add(
            (np.arange(n_ties), self.columns("tie"), np.ones(n_ties)),
            (self.columns.tie_of_option, self.columns("x"), -np.ones(len(self.base))),
            upper=np.zeros(n_ties),
        )

    def _workers_come_from_the_town_with_the_skill(self) -> None:
        columns, options = self.columns, np.arange(len(self.problem.options))
        n_staff, n_groups = columns.size["staff"], columns.size["hired"]
        self._add(
            *self._workers(options, options),
            (columns.staff_option, columns("staff"), -np.ones(n_staff)),
            lower=np.zeros(len(options)),
            upper=np.zeros(len(options)),
        )
        self._add(
            (columns.staff_group, columns("staff"), np.ones(n_staff)),
            (np.arange(n_groups), columns("hired"), -np.ones(n_groups)),
            lower=np.zeros(n_groups),
            upper=np.zeros(n_groups),
        )

    def _nobody_works_where_no_workshop_stands(self) -> None:
        """``staff[o, g] ≤ min(most[o], workers[g]) x[o]``."""
        columns, rows = self.columns, np.arange(self.columns.size["staff"])
        of_group = np.array([group.workers for group in self.problem.groups], dtype=np.float64)
        most = np.minimum(
            self.problem.options.most[columns.staff_option], of_group[columns.staff_group]
        )
        self._add(
            (rows, columns("staff"), np.ones(len(rows))),
            (rows, columns("x", columns.staff_option), -most),
            upper=np.zeros(len(rows)),
        )

    def _town_has_so_many_of_each_skill(self) -> None:
        groups = self.problem.groups
        group_town = np.array([group.town for group in groups], dtype=np.int64)
        group_rank = np.array([group.skill_rank for group in groups], dtype=np.int64)
        option_rank = np.array([process.skill_rank for process in self.problem.processes])[
            self.problem.options.process
        ]
        towns, row = np.unique(self.town, return_inverse=True)
        row_of_town = np.full(len(self.problem.towns), -1)
        row_of_town[towns] = np.arange(len(towns))
        for rank in SKILL_RANK.values():
            options = np.flatnonzero(option_rank >= rank)
            hands = np.flatnonzero((group_rank >= rank) & (row_of_town[group_town] >= 0))
            self._add(
                *self._workers(options, row[options]),
                (
                    row_of_town[group_town[hands]],
                    self.columns("hired", hands),
                    -np.ones(len(hands)),
                ),
                lower=np.zeros(len(towns)) if rank == 0 else None,
                upper=np.zeros(len(towns)),
            )

    def _nobody_works_twice(self) -> None:
        groups = self.problem.groups
        learners = [at for at, group in enumerate(groups) if group.source is not None]
        if not learners:
            return
        of_learner = [groups[at].source for at in learners]
        sources, row = np.unique(np.array(of_learner, dtype=np.int64), return_inverse=True)
        self._add(
            (np.arange(len(sources)), self.columns("hired", sources), np.ones(len(sources))),
            (row, self.columns("hired", learners), np.ones(len(learners))),
            upper=np.array([float(groups[at].workers) for at in sources]),
        )

    def _course_has_so_many_places(self) -> None:
        for number, programme in enumerate(self.problem.programmes):
            learners = [at for at, g in enumerate(self.problem.groups) if g.programme == number]
            if learners:
                zero = np.zeros(len(learners), dtype=np.int64)
                self._add(
                    (zero, self.columns("hired", learners), np.ones(len(learners))),
                    upper=np.array([float(programme.capacity)]),
                )

    def _process_gives_away_its_tonnes(self) -> None:
        most = [float(process.max_workers) for process in self.problem.processes]
        options = np.arange(len(self.problem.options))
        self._add(*self._workers(options, self.problem.options.process), upper=np.array(most))

    def _base_lets_out_its_capacity(self) -> None:
        tonnes = np.array([process.input_t for process in self.problem.processes])
        for at, base in enumerate(self.problem.bases):
            if np.isfinite(base.capacity_t_per_day):
                mine = np.flatnonzero(self.base == at)
                self._add(
                    *self._workers(
                        mine, np.zeros(len(mine), dtype=np.int64), tonnes[self._process(mine)]
                    ),
                    self._one("open", at, -base.capacity_t_per_day),
                    upper=np.zeros(1),
                )

    # What is sought

    def pursue(self, aim: Aim) -> None:
        """Seek something else than net benefit, or require something of every plan."""
        self.aim = aim
        every = np.arange(self.columns.total)
        row = np.zeros(self.columns.total, dtype=np.int64)
        if aim.jobs_required:
            self._add(
                (row, every, -self._worths.jobs()), upper=np.array([-float(aim.jobs_required)])
            )
        if np.isfinite(aim.budget):
            share = self._worths.outlays() / max(aim.budget, 1.0)
            self._add((row, every, share), upper=np.array([aim.budget / max(aim.budget, 1.0)]))

    # What holds once a plan is known

    def bases_are(self, opened: Collection[int]) -> None:
        """``open[b] = 1`` for these bases, and no workshop of another."""
        self.is_closed |= ~np.isin(self.base, list(opened))
        for at in opened:
            self._add(self._one("open", at, 1.0), lower=np.ones(1), upper=np.ones(1))

    def workshops_stand(self, options: Sequence[int]) -> None:
        """``x[o] ≥ 1``: no workshop of these may close."""
        rows = np.arange(len(options))
        self._add(
            (rows, self.columns("x", options), np.ones(len(options))),
            lower=np.ones(len(options)),
            upper=np.ones(len(options)),
        )

    def workshops_have(self, workers: Mapping[int, int]) -> None:
        """``n[o]`` as given, and no other workshop."""
        self.is_closed[:] = True
        options = np.array(sorted(workers), dtype=np.int64)
        self.is_closed[options] = False
        self.workshops_stand(options.tolist())
        beyond = [workers[int(at)] - self.problem.options.least[at] for at in options]
        fixed = np.array(beyond, dtype=np.float64)
        rows = np.arange(len(options))
        self._add(
            (rows, self.columns("extra", options), np.ones(len(options))), lower=fixed, upper=fixed
        )

    def trip_holds_its_goods(self, options: Sequence[int], truck: Vehicle) -> None:
        """What is yet to be delivered and what was collected fits, by weight and by volume."""
        at = np.array(options, dtype=np.int64)
        part = self._loads(at) / self._visits(at)[:, None]
        limits = truck.limits
        for visited in range(len(at) + 1):
            is_done = np.arange(len(at)) < visited
            for delivered, collected in ((0, 1), (2, 3)):
                on_board = np.where(is_done, part[:, collected], part[:, delivered])
                self._add(
                    *self._workers(at, np.zeros(len(at), dtype=np.int64), on_board),
                    upper=limits[[delivered]],
                )

    # Solving

    def _upper(self) -> Floats:
        options = self.problem.options
        upper = np.ones(self.columns.total)
        upper[self.columns("x")[self.is_closed]] = 0.0
        upper[self.columns("extra")] = options.most - options.least
        upper[self.columns("hired")] = [group.workers for group in self.problem.groups]
        upper[self.columns("rounds")] = NO_LIMIT
        upper[self.columns("staff")] = NO_LIMIT
        return upper

    def model(self, *, is_relaxed: bool) -> tuple[highspy.HighsLp, float]:
        """The programme for HiGHS, and the money one unit of its objective stands for."""
        import highspy
        from scipy.sparse import coo_array

        worth = self._worths.score(self.aim)
        money = float(np.abs(worth[self.columns("extra")]).max()) or float(np.abs(worth).max()) or 1
        matrix = coo_array(
            (
                np.concatenate(self._values),
                (np.concatenate(self._rows), np.concatenate(self._cols)),
            ),
            shape=(self.n_rows, self.columns.total),
        ).tocsr()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.columns.total, self.n_rows
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = worth / money
        lp.col_lower_, lp.col_upper_ = np.zeros(self.columns.total), self._upper()
        lp.row_lower_ = np.concatenate(self._row_lower)
        lp.row_upper_ = np.concatenate(self._row_upper)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
        lp.a_matrix_.value_ = matrix.data
        if not is_relaxed:
            lp.integrality_ = self._integrality()
        return lp, money

    def _integrality(self) -> list[highspy.HighsVarType]:
        import highspy

        kinds = [highspy.HighsVarType.kInteger] * self.columns.total
        groups = self.problem.groups
        untrained = [at for at, group in enumerate(groups) if group.source is None]
        divisible = self.columns("hired", untrained), self.columns("rounds"), self.columns("staff")
        for at in np.concatenate(divisible).tolist():
            kinds[at] = highspy.HighsVarType.kContinuous
        return kinds
