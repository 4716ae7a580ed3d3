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
from math import isfinite
from pathlib import Path

import numpy as np

from comarca.errors import Fault, TableError
from comarca.model.routing import Floats, RoutingProblem, RoutingVehicle

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
    counts = lines.block("number of customers", 1), lines.block("number of depots", 1)
    n_customers, n_depots = (_count(lines, rows) for rows in counts)
    if lines.faults:
        raise TableError(str(path), lines.faults)
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


def _count(lines: _Lines, rows: Floats) -> int:
    value = float(rows[0, 0]) if rows.size else 0.0
    if rows.size and isfinite(value) and (value < 1 or value != int(value)):
        lines.fault(lines.last, "count", f"{value:g}", "a whole number of 1 or more")
    return int(value) if isfinite(value) else 0


@dataclass
class _Lines:
    """Lines that hold something, taken block by block; faults are collected."""

    path: Path
    faults: list[Fault] = field(default_factory=list)
    last: int = 1

    def __post_init__(self) -> None:
        text = self.path.read_bytes().decode("latin-1")  # numbers; a note may be in any encoding
        self.rest: Iterator[tuple[int, list[str]]] = iter(
            [(at, line.split()) for at, line in enumerate(text.splitlines(), 1) if line.split()]
        )
        self.ended = False

    def fault(self, line: int, thing: str, value: str, expectation: str) -> None:
        place = f"{self.path.name} line {line}"
        self.faults.append(Fault(place=place, object=thing, value=value, expectation=expectation))

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
            self.fault(self.last, name, "", "a line after the last of the file")
        self.ended = True

    def _row(
        self, name: str, words: list[str], columns: int, least: float, choice: tuple[int, ...]
    ) -> list[float]:
        wanted = "1 number" if columns == 1 else f"{columns} numbers"
        if len(words) != columns:
            self.fault(self.last, name, f"{len(words)} columns ({' '.join(words[:4])})", wanted)
            return [0.0] * columns
        values = []
        for word in words:
            value = _number(word)
            if value is None or value < least or (choice and value not in choice):
                expected = " or ".join(map(str, choice)) or (
                    "a number of 0 or more" if least == 0 else "a number"
                )
                self.fault(self.last, name, word, expected)
                value = 0.0
            values.append(value)
        return values

    def end(self) -> None:
        """Refuse what is left over."""
        left = [] if self.ended else list(self.rest)
        if left:
            line, words = left[0]
            more = f"{len(left)} more lines, the first {' '.join(words[:4])}"
            self.fault(line, "end of the file", more, "nothing after the kind of costs")

    def tell(self) -> None:
        """Raise what was collected."""
        if self.faults:
            raise TableError(str(self.path), self.faults[:20], len(self.faults))


def _number(word: str) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if isfinite(value) else None
