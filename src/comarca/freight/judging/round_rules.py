"""Rules of rounds: what trucks carry, when they come, on which days, and how many there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from math import lcm

from comarca.freight.judging.lookups import Lookups, differs, exceeds, is_given
from comarca.freight.judging.violations import Violation
from comarca.units import MIN_PER_H


class RoundRules(Lookups):
    """One method a rule; each yields what breaks it."""

    def full_load(self) -> Iterator[Violation]:
        """What is brought and taken is what the workshop works up between visits."""
        delivered: dict[str, float] = defaultdict(float)
        collected: dict[str, float] = defaultdict(float)
        for stop in self._stops():
            delivered[stop.facility_id] += stop.delivered_t
            collected[stop.facility_id] += stop.collected_t
            if min(stop.delivered_t, stop.collected_t) < 0:
                yield Violation(
                    rule="full load", where=stop.facility_id, found="less than 0 t", allowed="0 t"
                )
        given: dict[str, float] = defaultdict(float)
        back: dict[str, float] = defaultdict(float)
        for workshop in self.plan.workshops:
            share = self.processes[workshop.process_id]["output_share"]
            waiting = self._input_t(workshop) * workshop.visit_every_days
            given[workshop.facility_id] += waiting
            back[workshop.facility_id] += waiting * share
        for at, workshop in self.workshops.items():
            for found, expected in ((delivered[at], given[at]), (collected[at], back[at])):
                if differs(found, expected):
                    yield self._at(workshop, "full load", f"{found:.6g} t", f"{expected:.6g} t")

    def fewest_visits(self) -> Iterator[Violation]:
        """
        Goods that a truck could carry in fewer visits come in fewer, and in equal parts.

        Where several days pass between visits there is one.
        """
        delivered: dict[str, list[float]] = defaultdict(list)
        for stop in self._stops():
            delivered[stop.facility_id].append(stop.delivered_t)
        for workshop in self.workshops.values():
            parts = delivered[workshop.facility_id]
            fewest = self._fewest_visits(workshop)
            if workshop.visit_every_days > 1:
                fewest = 1
            if fewest is not None and len(parts) > fewest:
                yield self._at(workshop, "fewest visits", f"{len(parts)}", f"{fewest}")
            if parts and differs(max(parts), min(parts)):
                yield self._at(workshop, "fewest visits", "unequal parts", "equal parts")

    def days_between_visits(self) -> Iterator[Violation]:
        """No longer than the process allows, and as the trucks that visit really come."""
        for workshop in self.workshops.values():
            wait = workshop.visit_every_days
            given = self.processes[workshop.process_id]["visit_every_days"]
            longest = int(given) if is_given(given) else 1
            if wait < 1 or wait > longest:
                yield self._at(
                    workshop, "days between visits", f"{wait} days", f"1 to {longest} days"
                )
        for route, trip in self._trips():
            for stop in trip.stops:
                wait = self.workshops[stop.facility_id].visit_every_days
                if route.every_days != wait:
                    yield self._on(
                        route, "days between visits", f"{route.every_days} days", f"{wait} days"
                    )

    def days_of_a_route(self) -> Iterator[Violation]:
        """A truck driven every few days is first driven on one of the first few."""
        for route in self.plan.routes:
            if not 1 <= route.first_day <= route.every_days:
                yield self._on(
                    route, "days of a route", f"day {route.first_day}", f"1 to {route.every_days}"
                )

    def served_by_its_base(self) -> Iterator[Violation]:
        """A workshop is visited by trucks of its own base alone."""
        for route, trip in self._trips():
            for stop in trip.stops:
                base = self.workshops[stop.facility_id].base_id
                if base != route.base_id:
                    yield Violation(
                        rule="served by its base",
                        where=f"{route.route_id} at {stop.facility_id}",
                        found=route.base_id,
                        allowed=base,
                    )

    def payload_and_volume(self) -> Iterator[Violation]:
        """What is on board fits the truck after every stop."""
        for route, trip in self._trips():
            truck = self.vehicles[route.vehicle_id]
            on_board = self._on_board(trip)
            most_t = max(tonnes for tonnes, _ in on_board)
            most_m3 = max(volume for _, volume in on_board)
            if exceeds(most_t, float(truck["payload_t"])):
                yield self._on(route, "payload", f"{most_t:.6g} t", f"{truck['payload_t']:g} t")
            if exceeds(most_m3, float(truck["volume_m3"])):
                yield self._on(route, "volume", f"{most_m3:.6g} m3", f"{truck['volume_m3']:g} m3")

    def loads_as_stated(self) -> Iterator[Violation]:
        """The load on board is what was loaded, set down and taken up."""
        for route, trip in self._trips():
            on_board = self._on_board(trip)
            stated = [(trip.start_load_t, on_board[0][1])]
            stated += [(stop.load_t, stop.load_m3) for stop in trip.stops]
            for (said_t, said_m3), (tonnes, volume) in zip(stated, on_board, strict=True):
                if differs(said_t, tonnes) or differs(said_m3, volume):
                    yield self._on(
                        route,
                        "loads as stated",
                        f"{said_t:.6g} t, {said_m3:.6g} m3",
                        f"{tonnes:.6g} t, {volume:.6g} m3",
                    )

    def times(self) -> Iterator[Violation]:
        """Each moment follows from the one before by loading, driving and stopping."""
        for route in self.plan.routes:
            clock = 0.0
            for trip in route.trips:
                clock += self.params.loading_min
                for said, moment in self._clock(route, trip, clock):
                    if differs(said, moment):
                        yield self._on(route, "times", f"minute {said:.3f}", f"minute {moment:.3f}")
                clock = trip.end_min
            if differs(route.duty_h, clock / MIN_PER_H):
                yield self._on(route, "times", f"{route.duty_h} h", f"{clock / MIN_PER_H} h")

    def distance(self) -> Iterator[Violation]:
        """Kilometres are those of the ways driven."""
        for route in self.plan.routes:
            total = 0.0
            for trip in route.trips:
                places = self._places(route, trip)
                length = sum(self._km(here, there) for here, there in pairwise(places))
                total += length
                if differs(trip.distance_km, length):
                    yield self._on(route, "distance", f"{trip.distance_km} km", f"{length} km")
            if differs(route.distance_km, sum(trip.distance_km for trip in route.trips)):
                yield self._on(route, "distance", f"{route.distance_km} km", f"{total} km")

    def shift(self) -> Iterator[Violation]:
        """The last return falls within the shift."""
        for route in self.plan.routes:
            shift_min = float(self.vehicles[route.vehicle_id]["shift_h"]) * MIN_PER_H
            end = max((trip.end_min for trip in route.trips), default=0.0)
            if exceeds(end, shift_min):
                yield self._on(route, "shift", f"{end:.1f} min", f"{shift_min:.1f} min")

    def drivers_start(self) -> Iterator[Violation]:
        """No shift begins before drivers do."""
        earliest = self.params.drivers_start_h * MIN_PER_H
        for route in self.plan.routes:
            if exceeds(earliest, route.starts_min):
                yield self._on(
                    route,
                    "driver's start",
                    f"{route.starts_min:.1f} min",
                    f"{earliest:.1f} or later",
                )

    def opening_hours(self) -> Iterator[Violation]:
        """A truck stands at a workshop while that is open."""
        opens = self.params.workshops_open_h * MIN_PER_H
        closes = self.params.workshops_close_h * MIN_PER_H
        for route, trip in self._trips():
            for stop in trip.stops:
                came, left = (route.starts_min + m for m in (stop.arrive_min, stop.leave_min))
                if exceeds(opens, came) or exceeds(left, closes):
                    yield self._on(
                        route,
                        "opening hours",
                        f"minutes {came:.1f} to {left:.1f} at {stop.facility_id}",
                        f"{opens:.1f} to {closes:.1f}",
                    )

    def fleet(self) -> Iterator[Violation]:
        """On the busiest working day of the cycle after which everything comes again."""
        waits = {max(route.every_days, 1) for route in self.plan.routes}
        used: Counter[tuple[str, str]] = Counter()
        for day in range(1, lcm(*waits) + 1):
            today = Counter(
                (route.base_id, route.vehicle_id)
                for route in self.plan.routes
                if (day - route.first_day) % max(route.every_days, 1) == 0
            )
            used |= today
        for (base, vehicle), count in used.items():
            row = self.vehicles[vehicle]
            there = not is_given(row["base"]) or str(row["base"]) == base
            allowed = (float(row["number"]) if is_given(row["number"]) else count) if there else 0
            if count > allowed:
                yield Violation(
                    rule="fleet",
                    where=f"{vehicle} at {base}",
                    found=f"{count}",
                    allowed=f"{allowed:g}",
                )

    def cost_of_a_route(self) -> Iterator[Violation]:
        """A day costs its kilometres, its hours and its truck."""
        for route in self.plan.routes:
            cost = sum(self._route_costs(route).values())
            if differs(route.cost_per_day, cost):
                yield self._on(route, "cost of a route", f"{route.cost_per_day}", f"{cost}")
