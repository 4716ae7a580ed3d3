"""
Location-routing files in Prodhon's format, of the sets of Prins and others and of Barreto.

One thing after the other, in lines: number of customers, number of depots; a line of x and y for
each depot and each customer; capacity of a truck; capacity of each depot; demand of each customer;
opening cost of each depot; cost of a route; 0 where costs are whole, 1 where they are real. Empty
lines part the blocks and mean nothing.

The format says that whole costs are ``100 d`` cut off. The best values published are of ``100 d``
rounded up, and so are costs here; real ones are not rounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from comarca.errors import Fault, TableError
from comarca.io.benchmark_text import AT_MOST, benchmark_lines, benchmark_number
from comarca.model.routing import Floats, RoutingProblem, RoutingVehicle
from comarca.wording import counted

WHOLE_COST_OF_A_UNIT = 100
ROUNDING = 1e-9
TRUCK = "truck"


def read_prodhon(path: Path) -> RoutingProblem:
    """
    Read a location-routing problem.

    Parameters
    ----------
    path
        The file. Depots and customers are named by their numbers from 1, in its order.

    Returns
    -------
    RoutingProblem
        One type of truck, as many as wanted.

    Raises
    ------
    TableError
        With every fault at once: a line of too many or too few numbers, one that is no number or
        out of range, a block that ends too soon, something left over.
    """
    lines = _Lines(path)
    n_customers = lines.count("number of customers")
    n_depots = lines.count("number of depots")
    lines.tell()
    depots = lines.block("place of depot", n_depots, columns=2, least=-np.inf)
    customers = lines.block("place of customer", n_customers, columns=2, least=-np.inf)
    truck = lines.block("capacity of a truck", 1)
    capacity = lines.block("capacity of depot", n_depots)
    demand = lines.block("demand of customer", n_customers)
    opening = lines.block("opening cost of depot", n_depots)
    route = lines.block("cost of a route", 1)
    kind = lines.block("kind of costs", 1, choice=(0, 1))
    lines.end()
    lines.tell()
    return RoutingProblem(
        name=path.name,
        depot_ids=_numbers(n_depots),
        customer_ids=_numbers(n_customers),
        opening_cost=opening[:, 0],
        depot_capacity=capacity,
        delivery=demand,
        pickup=np.zeros_like(demand),
        distance=_distance(np.vstack([depots, customers]), whole=kind[0, 0] == 0),
        vehicles=(
            RoutingVehicle(
                vehicle_id=TRUCK, capacity=(float(truck[0, 0]),), fixed_cost=float(route[0, 0])
            ),
        ),
    )


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, count + 1))


def _distance(place: Floats, *, whole: bool) -> Floats:
    distance: Floats = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    if not whole:
        return distance
    # Squared coordinates are whole here, so a root that is whole is exact up to rounding.
    return np.ceil(WHOLE_COST_OF_A_UNIT * distance - ROUNDING)


@dataclass
class _Lines:
    """Lines that hold something, taken block by block; faults are collected."""

    path: Path
    faults: list[Fault] = field(default_factory=list)
    last: int = 1

    def __post_init__(self) -> None:
        lines = benchmark_lines(self.path)
        self.n_lines = len(lines)
        self.rest: Iterator[tuple[int, list[str]]] = iter(lines)
        self.ended = False

    def fault(self, line: int, thing: str, value: str, expectation: str) -> None:
        place = f"{self.path.name} line {line}"
        self.faults.append(Fault(place=place, object=thing, value=value, expectation=expectation))

    def count(self, thing: str) -> int:
        """A whole number of things, no more than the file has lines for; 0 with a fault."""
        found = None if self.ended else next(self.rest, None)
        if found is None:
            self._ends(thing)
            return 0
        self.last, words = found
        value = benchmark_number(words[0]) if len(words) == 1 else None
        few = f"no more than the {counted(self.n_lines, 'line')} of the file"
        if value is None or value < 1 or value != int(value):
            expected = f"a whole number of 1 or more, {few}"
            self.fault(self.last, thing, " ".join(words[:4]), expected)
            return 0
        if value > self.n_lines:
            self.fault(self.last, thing, words[0], few)
            return 0
        return int(value)

    def block(
        self,
        thing: str,
        count: int,
        *,
        columns: int = 1,
        least: float = 0.0,
        choice: tuple[int, ...] = (),
    ) -> Floats:
        """So many lines of so many numbers each."""
        rows = np.zeros((count, columns))
        for at in range(count):
            name = f"{thing} {at + 1}" if count > 1 else thing
            found = None if self.ended else next(self.rest, None)
            if found is None:
                self._ends(name)
                break
            self.last, words = found
            rows[at] = self._row(name, words, columns, least, choice)
        return rows

    def _ends(self, name: str) -> None:
        if not self.ended:
            self.fault(self.last, name, "", "a line of its own after this last one of the file")
        self.ended = True

    def _row(
        self, name: str, words: list[str], columns: int, least: float, choice: tuple[int, ...]
    ) -> list[float]:
        if len(words) != columns:
            found = f"{counted(len(words), 'column')} ({' '.join(words[:4])})"
            self.fault(self.last, name, found, counted(columns, "number"))
            return [0.0] * columns
        values = []
        for word in words:
            value = benchmark_number(word)
            if value is None or value < least or (choice and value not in choice):
                number = "a number of 0 or more" if least == 0 else "a number"
                expected = " or ".join(map(str, choice)) or f"{number}, {AT_MOST}"
                self.fault(self.last, name, word, expected)
                value = 0.0
            values.append(value)
        return values

    def end(self) -> None:
        """Refuse what is left over."""
        left = [] if self.ended else list(self.rest)
        if left:
            line, words = left[0]
            more = f"{counted(len(left), 'line')} later, the first {' '.join(words[:4])}"
            self.fault(line, "end of the file", more, "nothing after the kind of costs")

    def tell(self) -> None:
        """Raise what was collected."""
        if self.faults:
            raise TableError(str(self.path), self.faults[:20], len(self.faults))
