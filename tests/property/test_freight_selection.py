"""Workshops and trips chosen together, against naive loops over what a truck has on board."""

import numpy as np
import pytest
from hypothesis import given, settings

from comarca.freight import design_freight, evaluate_plan
from comarca.freight.building import freight_problem
from comarca.freight.master import Master
from comarca.freight.routing_bound import routing_bounds
from comarca.freight.search import Limits
from comarca.freight.timetable import rounds_cost
from comarca.freight.trips.around import trips_around, trucks_of
from comarca.freight.trips.driveable import trips_by_worth, trips_of
from comarca.freight.trips.generation import Generation
from comarca.freight.trips.neighbourhoods import improved
from comarca.freight.trips.packing import does_fit, packed
from comarca.freight.trips.selection import Selected, Selection
from freight_problems import problems
from freight_world import world

LIMITS = Limits(gap=1e-6, nodes=50, seed=0, time_s=None)


@settings(max_examples=10)
@given(problems())
def test_a_driveable_trip_holds_its_goods_all_the_way(problem):
    """And visits no place twice, within the shift."""
    fleets, trips = _trips(problem)
    for trip in trips:
        truck = fleets[trip.base][trip.kind]
        places = [int(problem.options.facility[at]) for at in trip.options]
        demands = [problem.demand(at, n) for at, n in zip(trip.options, trip.workers, strict=True)]
        loads = np.array([demand.loads for demand in demands])

        assert len(set(places)) == len(places)
        assert trip.minutes <= truck.shift_min
        for done in range(len(loads) + 1):
            tonnes = loads[:done, 1].sum() + loads[done:, 0].sum()
            cubic_metres = loads[:done, 3].sum() + loads[done:, 2].sum()
            assert tonnes <= truck.payload_t * (1 + 1e-6)
            assert cubic_metres <= truck.volume_m3 * (1 + 1e-6)


@settings(max_examples=10)
@given(problems())
def test_chosen_trips_cost_what_they_were_thought_to_once_trucks_are_packed(problem):
    """Where no workshop has several visits and one truck of a kind does it all."""
    fleets, trips = _trips(problem)
    if not trips:
        return
    chosen = _selection(problem, fleets, trips).solve(LIMITS)
    assert chosen is not None
    for base in range(len(problem.bases)):
        mine = [trip for trip in chosen.trips if trip.base == base]
        rounds = packed(problem, base, mine, chosen.workers)
        if rounds is None or not rounds.days:
            continue
        served = {visit.facility for day in rounds.days for trip in day.trips for visit in trip}
        options = [at for at in chosen.workers if int(problem.options.facility[at]) in served]
        if (problem.options.visits[options] == 1).all():
            assert does_fit([rounds])
        fixed = sum(day.vehicle.fixed_per_day / day.every_days for day in rounds.days)
        waits = problem.options.every_days
        driven = sum(trip.cost / int(waits[trip.options[0]]) for trip in mine)
        assert rounds_cost(problem, rounds) == pytest.approx(driven + fixed)
        again = trips_of(problem, rounds, {at: chosen.workers[at] for at in options})
        assert sum(trip.minutes for trip in again) == pytest.approx(sum(t.minutes for t in mine))


@settings(max_examples=8)
@given(problems())
def test_a_neighbourhood_never_makes_a_choice_worse(problem):
    """Not even one that begins with nothing at all; and all together they change what is held."""
    fleets, trips = _trips(problem)
    if not trips:
        return
    selection = _selection(problem, fleets, trips)
    nothing = selection.solve(LIMITS, Selected(workers={}, trips=(), objective=0.0), frozenset())
    assert nothing is not None
    assert nothing.objective == pytest.approx(0.0, abs=1e-6)
    assert nothing.workers == {}

    better = improved(selection, nothing, LIMITS, size=2, passes=2, is_out_of_time=lambda: False)
    best = selection.solve(LIMITS)

    assert nothing.objective <= better.objective
    assert best is not None
    assert better.objective <= best.objective + 1e-4 * abs(best.objective) + 1e-3


@pytest.mark.parametrize("most_patterns", [None, 500])
def test_trips_for_the_trucks_of_a_plan_are_enough_for_it_and_use_no_others(most_patterns):
    """A choice among them alone is worth no less, and they are of its bases and types of truck."""
    given = world()
    problem = freight_problem(*given.inputs)
    fleets, trips = _trips(problem)
    chosen = _selection(problem, fleets, trips).solve(LIMITS)
    made = [
        packed(problem, base, [trip for trip in chosen.trips if trip.base == base], chosen.workers)
        for base in range(len(problem.bases))
    ]
    trucks = trucks_of(problem, [each for each in made if each.days])
    around = trips_around(
        problem,
        routing_bounds(problem),
        trucks,
        chosen.objective,
        most_searches=25,
        most_trips=500,
        most_patterns=most_patterns,
        is_out_of_time=lambda: False,
        threads=1,
    )
    pool = trips_by_worth(problem, fleets, around.trips, around.gains, 2_000)
    again = _selection(problem, fleets, pool, around.patterns).solve(LIMITS)

    assert chosen.objective > 0
    assert {(trip.base, trip.kind) for trip in around.trips} <= set(trucks)
    assert (around.gains <= 0).all()
    assert again.objective >= chosen.objective * (1 - 1e-3)


def test_choosing_anew_never_loses_a_plan():
    given = world()
    once = given.params.model_copy(update={"exact_premises": 0, "anew": 0})
    again = given.params.model_copy(update={"exact_premises": 0, "anew": 2})
    before = design_freight(*given.inputs[:-1], once)
    after = design_freight(*given.inputs[:-1], again)

    assert evaluate_plan(*given.inputs[:-1], again, after).violations == ()
    assert after.value >= before.value - 0.01


def _trips(problem):
    """Types of truck, and trips that can be driven."""
    fleets = [problem.fleet(base) for base in range(len(problem.bases))]
    if not len(problem.options):
        return fleets, []
    generation = Generation(Master(problem, routing_bounds(problem)))
    found = generation.run(most_searches=5, is_out_of_time=lambda: False)
    return fleets, trips_by_worth(problem, fleets, found.trips, found.answer.gains, 200)


def _selection(problem, fleets, trips, patterns=None):
    return Selection(Master(problem, [None] * len(problem.bases)), fleets, trips, patterns)
