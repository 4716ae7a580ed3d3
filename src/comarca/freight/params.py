"""Parameters of the freight stage."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from comarca.model.freight_plan import Objective
from comarca.model.parameters import Params, assumed, contradiction
from comarca.units import MIN_PER_H


class FreightParams(Params):
    """
    What is sought, how trucks are handled, and when the search stops.

    Parameters
    ----------
    objective
        ``benefit`` (greatest net benefit a year), ``cost`` (least cost; needs ``jobs_required``) or
        ``jobs`` (most jobs; needs ``budget_per_year``).
    jobs_required
        Fewest jobs every plan must have, persons; 0 = none.
    budget_per_year
        Most that bringing the jobs may cost, currency a year above 0, or ``None``: what the
        enterprise pays beyond wages for freight, supervision, premises, training and the opening
        of bases, one-off costs by their yearly share.
    loading_min
        Loading and unloading at the base before each trip, minutes.
    stop_min
        Setting down and taking up goods at each visit, minutes.
    drivers_start_h
        Hour of the day before which no driver's shift begins, in [0, 24].
    workshops_open_h, workshops_close_h
        Hours of the day between which a truck may stand at a workshop, in [0, 24].
    training_reach_min
        Longest way to a course that is not taught at a distance, minutes of the truck's times.
    rounds
        How often the true costs of the rounds go back to the choice of workshops where something
        else than net benefit is sought, 1 or more.
    choices
        How often workshops and trips are chosen together, each time with the trips met so far, at
        most; 1 or more.
    routing_iterations
        Iterations of the route search for each base and round, 1 or more.
    mip_gap
        Relative gap at which the choice of workshops stops, and below which a plan counts as
        proven best.
    exact_options
        Up to so many workshop options branch and bound goes over all of them and gives the bound;
        above, over the most promising, and the linear relaxation gives the bound.
    promising_options
        How many options the linear relaxation finds most promising are kept where not all are;
        where no more than so many may be part of a better plan, branch and bound over them lowers
        the bound of many premises.
    exact_premises
        Up to so many premises the gap is closed by exact rounds, where they can be tried one by
        one.
    closing_steps
        Choices after which closing the gap is given up.
    trip_options
        Up to so many workshop options trips are found whose prices bound the cost of rounds. Where
        there are more, workshops and trips are chosen among so many of the most promising, and the
        bound is that of the linear relaxation over all.
    trip_searches
        Searches for more trips, each of all trucks, after which finding trips ends; where premises
        are few it is not needed.
    trips_per_premises
        How many of the most promising trips workshops are chosen with, for each premises.
    least_trips
        How many at least, where premises are no more than twice ``neighbourhood``.
    anew_premises, anew, anew_trips, anew_nodes
        Up to so many premises, trips are found anew for the bases and trucks of the plan, so often
        at most; workshops are chosen with so many of the most promising over all premises at once,
        until so many branch-and-bound nodes were looked at. Above so many premises, where all
        options are among those chosen from, the choice with trips tells who works in each workshop.
    pattern_options, patterns
        Up to so many workshop options each process has one of its most promising patterns of
        workshops and workers in the last of these choices, so many at most.
    neighbourhood, neighbourhood_nodes
        Premises around one of them that may change at a time, besides those that share their trips,
        and branch-and-bound nodes after which each such choice stops.
    passes
        How often all neighbourhoods are gone through, at most.
    coarse_gap
        Relative gap at which the choice stops where premises are too many to close it.
    mip_nodes, feedback_nodes
        Branch-and-bound nodes after which the first choice stops, and each choice made again with
        the true costs of rounds, which need prove nothing.
    seed
        Seed of every random choice; in a study the one of ``[study]`` unless it is given here.
    threads
        Cores for finding trips and making rounds, 1 or more; the plan is the same with any number.
    time_limit_s
        Stop after so many seconds, compiling not counted, or ``None`` to stop by the counts above;
        only those give the same plan on every machine.
    stop_gap
        Stop as soon as the gap is so small, as a share of the bound, or ``None`` to search on.
    """

    objective: Objective = "benefit"
    jobs_required: int = Field(default=0, ge=0)
    budget_per_year: float | None = Field(default=None, gt=0)
    loading_min: float = assumed("freight.loading_min", ge=0)
    stop_min: float = assumed("freight.stop_min", ge=0)
    drivers_start_h: float = assumed("freight.drivers_start_h", ge=0, le=24)
    workshops_open_h: float = assumed("freight.workshops_open_h", ge=0, le=24)
    workshops_close_h: float = assumed("freight.workshops_close_h", ge=0, le=24)
    training_reach_min: float = assumed("freight.training_reach_min", ge=0)
    rounds: int = Field(default=4, ge=1)
    choices: int = Field(default=1, ge=1)
    routing_iterations: int = Field(default=400, ge=1)
    mip_gap: float = Field(default=1e-6, ge=0, lt=1)
    exact_options: int = Field(default=1_000, ge=1)
    promising_options: int = Field(default=500, ge=1)
    exact_premises: int = Field(default=8, ge=0)
    closing_steps: int = Field(default=30, ge=0)
    trip_options: int = Field(default=2_500, ge=1)
    trip_searches: int = Field(default=25, ge=1)
    trips_per_premises: int = Field(default=18, ge=1)
    least_trips: int = Field(default=2_000, ge=1)
    anew_trips: int = Field(default=4_000, ge=1)
    anew_premises: int = Field(default=60, ge=0)
    anew_nodes: int = Field(default=50, ge=1)
    anew: int = Field(default=2, ge=0)
    pattern_options: int = Field(default=250, ge=0)
    patterns: int = Field(default=1_000, ge=1)
    neighbourhood: int = Field(default=16, ge=1)
    neighbourhood_nodes: int = Field(default=5, ge=1)
    passes: int = Field(default=1, ge=0)
    coarse_gap: float = Field(default=2e-3, ge=0, lt=1)
    mip_nodes: int = Field(default=40, ge=1)
    feedback_nodes: int = Field(default=20, ge=1)
    seed: int = Field(default=0, ge=0, lt=2**32)
    threads: int = Field(default=1, ge=1)
    time_limit_s: float | None = Field(default=None, gt=0)
    stop_gap: float | None = Field(default=None, ge=0, lt=1)

    @model_validator(mode="after")
    def _objective_has_its_limit(self) -> Self:
        if self.objective == "cost" and not self.jobs_required:
            raise contradiction("jobs_required", "0", "1 or more, for the objective cost")
        if self.objective == "jobs" and self.budget_per_year is None:
            raise contradiction("budget_per_year", "not set", "an amount, for the objective jobs")
        return self

    @model_validator(mode="after")
    def _workshops_open_long_enough_for_a_visit(self) -> Self:
        open_min = (self.workshops_close_h - self.workshops_open_h) * MIN_PER_H
        if open_min < max(self.stop_min, 1.0):
            raise contradiction(
                "workshops_open_h and workshops_close_h",
                f"{self.workshops_open_h:g} and {self.workshops_close_h:g}",
                f"at least {max(self.stop_min, 1.0):g} min for a visit between them",
            )
        return self
