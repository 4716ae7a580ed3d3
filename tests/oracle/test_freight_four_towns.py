"""
The plan of the four towns against every plan there is.

Every tie, process and whole number of workers of every building is tried, half a million
combinations, with the cheapest rounds of each. Rounds depend on workers only through which visits
fit a truck together, so they are searched once for each such pattern. No process of this world
gives back more than it takes in: what fits on leaving the base fits all the way.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations, pairwise, permutations, product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linear_sum_assignment

from comarca import examples
from comarca.commuting import commute
from comarca.freight import design_freight, evaluate_plan
from comarca.model.completion import complete
from comarca.model.labour import available_labour
from comarca.model.prices import net, value_added_per_h, worker_year, workshop_year
from comarca.study import study_for
from comarca.travel import travel_matrix

RANK = {"basic": 0, "secondary": 1, "higher": 2}


@pytest.fixture(scope="module")
def inputs():
    region = examples.four_towns()
    study = study_for(region)
    whole = complete(region, study.completion, study.prices).region
    by_car = travel_matrix(region, study.study.commuter_mode, study.travel)
    flows = commute(whole, by_car, study.commuting).flows
    pools = available_labour(whole, flows, by_car, study.labour)
    return whole, pools, travel_matrix(region, "truck", study.travel), study.prices, study.freight


def test_plan_of_the_four_towns_is_the_best_there_is_and_proven(inputs):
    plan = design_freight(*inputs)

    assert evaluate_plan(*inputs, plan).violations == ()
    assert plan.value == pytest.approx(_EveryPlan(*inputs).best(), abs=0.01)
    assert plan.bound == pytest.approx(plan.value, rel=1e-6)
    assert plan.status == "optimal"


class _EveryPlan:
    def __init__(self, region, pools, travel, prices, params):
        self.travel, self.prices, self.params = travel, prices, params
        self.bases = _rows(region, "enterprises")
        self.processes = _rows(region, "processes")
        self.places = _rows(region, "facilities")
        self.trucks = _rows(region, "vehicles")
        self.people = pools.frame.to_dict("records")
        assert all(work["output_share"] <= 1 for work in self.processes)
        assert all(pd.isna(truck["number"]) for truck in self.trucks)
        self.worth_of_town = cache(self._worth_of_town)
        self.cheapest = cache(self._cheapest)
        self._day, self._trip = cache(self._day), cache(self._trip)

    def best(self):
        choices = [(None, *range(len(self.processes)))] * len(self.places)
        return max(self._best_of(picked) for picked in product(*choices))

    def _best_of(self, picked):
        """The best numbers of workers for one process, or none, in each building."""
        made = [(at, number) for at, number in enumerate(picked) if number is not None]
        if not made or not self._ties_hold(made):
            return 0.0
        ranges = [self._range(at, number) for at, number in made]
        n = np.array(list(product(*ranges)), dtype=int).reshape(-1, len(made))
        n = n[self._tonnes_suffice(made, n)]
        if not len(n):
            return 0.0
        value = np.zeros(len(n))
        for base in {self.processes[number]["enterprise_id"] for _, number in made}:
            mine = [i for i, (_, p) in enumerate(made) if self._base(p) == base]
            value -= self.prices.days_per_year * self._rounds(base, made, mine, n)
            opening = next(b for b in self.bases if b["enterprise_id"] == base)["opening_cost"]
            assert pd.isna(opening)
        for town in {self.places[at]["town_id"] for at, _ in made}:
            here = [i for i, (at, _) in enumerate(made) if self.places[at]["town_id"] == town]
            work = tuple(made[i][1] for i in here)
            counts, back = np.unique(n[:, here], axis=0, return_inverse=True)
            worth = [self.worth_of_town(town, work, tuple(row)) for row in counts.tolist()]
            value += np.array(worth)[back.ravel()]
        for i, (at, number) in enumerate(made):
            value += np.array([self._premises(at, number, count) for count in n[:, i]])
        return float(value.max())

    def _base(self, number):
        return self.processes[number]["enterprise_id"]

    def _ties_hold(self, made):
        bases = {self._base(number) for _, number in made}
        homes = {b["town_id"] for b in self.bases if b["enterprise_id"] in bases}
        tie = {}
        return all(
            self.places[at]["town_id"] not in homes
            and tie.setdefault(self.places[at]["town_id"], self._base(number)) == self._base(number)
            for at, number in made
        )

    def _tonnes(self, number):
        return self.prices.hours_per_day / self.processes[number]["labour_h_per_t"]

    def _range(self, at, number):
        work, place = self.processes[number], self.places[at]
        assert pd.isna(work["storage_m2_per_t"])
        most = min(
            place["floor_m2"] / work["m2_per_worker"],
            work["input_t_per_day"] / self._tonnes(number),
        )
        return range(int(work["min_workers"]), int(most + 1e-9) + 1)

    def _tonnes_suffice(self, made, n):
        tonnes = n * np.array([self._tonnes(number) for _, number in made])
        fits = np.ones(len(n), dtype=bool)
        for number, work in enumerate(self.processes):
            mine = [i for i, (_, p) in enumerate(made) if p == number]
            fits &= tonnes[:, mine].sum(axis=1) <= work["input_t_per_day"] + 1e-9
        for base in self.bases:
            mine = [i for i, (_, p) in enumerate(made) if self._base(p) == base["enterprise_id"]]
            if not pd.isna(base["capacity_t_per_day"]):
                fits &= tonnes[:, mine].sum(axis=1) <= base["capacity_t_per_day"] + 1e-9
        return fits

    def _premises(self, at, number, count):
        place = self.places[at]
        wages = count * self.prices.hours_per_year * self.processes[number]["wage_per_h"]
        return net(
            workshop_year(
                self.prices,
                wages_per_year=wages,
                renovation_cost=place["renovation_cost"],
                annual_rent=place["annual_rent"],
            )
        )

    def _worth_of_town(self, town, work, counts):
        """Every person to a job, person by person; minus infinity where they do not suffice."""
        people = [row for row in self.people if row["town_id"] == town]
        each = np.array([[self._worth(number, person) for person in people] for number in work])
        worth = each.repeat(counts, axis=0).repeat([p["workers"] for p in people], axis=1)
        if worth.shape[0] > worth.shape[1]:
            return -np.inf
        rows, cols = linear_sum_assignment(worth, maximize=True)
        total = float(worth[rows, cols].sum())
        return total if total > -1e11 else -np.inf

    def _worth(self, number, person):
        job = self.processes[number]
        if RANK[person["skill"]] < RANK[job["skill"]]:
            return -1e12
        value = value_added_per_h(
            self.prices,
            wage_per_h=job["wage_per_h"],
            labour_h_per_t=job["labour_h_per_t"],
            value_per_t=job["value_per_t"],
        )
        now = ("kind", "present_wage_per_h", "saved_km_per_day", "saved_min_per_day")
        return net(
            worker_year(
                self.prices,
                wage_per_h=job["wage_per_h"],
                value_added_per_h=value,
                **{name: person[name] for name in now},
            )
        )

    # Rounds

    def _rounds(self, base, made, mine, n):
        """Cost a day for every row of ``n``, searched once for each pattern of what fits."""
        home = next(b["town_id"] for b in self.bases if b["enterprise_id"] == base)
        towns = tuple(self.places[made[i][0]]["town_id"] for i in mine)
        tonnes = n[:, mine] * np.array([self._tonnes(made[i][1]) for i in mine])
        dense = np.array([self.processes[made[i][1]]["density_t_per_m3"] for i in mine])
        loads = np.stack([tonnes, tonnes / dense], axis=2)
        limits = np.array([[truck["payload_t"], truck["volume_m3"]] for truck in self.trucks])
        visits = np.ceil((loads[:, :, None] / limits).max(axis=3).min(axis=2) - 1e-6).astype(int)
        part = loads / visits[:, :, None]
        together = [
            c for size in range(1, len(mine) + 1) for c in combinations(range(len(mine)), size)
        ]
        fits = np.stack(
            [
                (part[:, list(group)].sum(axis=1) <= limit + 1e-6).all(axis=1)
                for limit in limits
                for group in together
            ],
            axis=1,
        )
        patterns, back = np.unique(np.hstack([visits, fits]), axis=0, return_inverse=True)
        costs = []
        for pattern in patterns:
            counts, which = pattern[: len(mine)], pattern[len(mine) :].reshape(len(limits), -1)
            allowed = tuple(
                tuple(group for group, is_allowed in zip(together, row, strict=True) if is_allowed)
                for row in which
            )
            wanted = tuple(i for i, count in enumerate(counts) for _ in range(count))
            costs.append(self.cheapest(home, towns, allowed, wanted))
        return np.array(costs)[back.ravel()]

    def _cheapest(self, home, towns, allowed, wanted):
        """Cheapest truck-days that make the visits: the first visit is in one of them."""
        if not wanted:
            return 0.0
        best = np.inf
        for size in range(len(wanted)):
            for others in {tuple(c) for c in combinations(wanted[1:], size)}:
                day = (wanted[0], *others)
                rest = list(wanted)
                for visit in day:
                    rest.remove(visit)
                cost = self._day(home, towns, allowed, day)
                if cost < best:
                    best = min(best, cost + self.cheapest(home, towns, allowed, tuple(rest)))
        return best

    def _day(self, home, towns, allowed, visits):
        best = np.inf
        for at, truck in enumerate(self.trucks):
            for trips in _groupings(visits):
                if all(tuple(trip) in allowed[at] for trip in trips):
                    legs = [self._trip(home, tuple(towns[i] for i in trip)) for trip in trips]
                    km, hours = (sum(column) for column in zip(*legs, strict=True))
                    if hours <= truck["shift_h"] + 1e-9:
                        run = km * truck["cost_per_km"] + hours * truck["cost_per_h"]
                        best = min(best, truck["fixed_per_day"] + run)
        return best

    def _trip(self, home, towns):
        """Kilometres and hours of the shortest order; one road at one speed, so of both."""
        found = []
        for order in permutations(towns):
            legs = [self.travel.positions(leg) for leg in pairwise((home, *order, home))]
            km = sum(0.0 if i == j else float(self.travel.distance_km[i, j]) for i, j in legs)
            minutes = sum(0.0 if i == j else float(self.travel.time_min[i, j]) for i, j in legs)
            minutes += self.params.loading_min + len(towns) * self.params.stop_min
            found.append((km, minutes / 60))
        return min(found)


def _rows(region, name):
    return region.tables[name].to_dict("records")


def _groupings(things):
    """Every way to put things into groups."""
    if not things:
        return [[]]
    last = things[-1]
    return [
        grown
        for groups in _groupings(things[:-1])
        for grown in (
            [*groups, [last]],
            *([*groups[:at], [*groups[at], last], *groups[at + 1 :]] for at in range(len(groups))),
        )
    ]
