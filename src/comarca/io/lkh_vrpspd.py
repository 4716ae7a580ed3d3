"""
Rounds with simultaneous pickup and delivery in LKH-3's text format (``.vrpspd``).

``PICKUP_AND_DELIVERY_SECTION`` gives for each node demand (ignored), earliest and latest time,
service time, pickup and delivery, in this order. ``DISTANCE`` limits a round's length together with
its service times; 0 or its absence is no limit. ``VEHICLES`` is the most trucks. Nodes keep the
file's numbers. Distances between coordinates are not rounded for ``EXACT_2D``, and rounded to the
nearest whole number for ``EUC_2D``. Costs of an explicit matrix are in ten-thousandths of a unit,
and told in units.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, isfinite
from pathlib import Path
from typing import Any

import numpy as np

from comarca.errors import Fault, TableError
from comarca.io.benchmark_text import AT_MOST, benchmark_lines, benchmark_number
from comarca.model.routing import Floats, RoutingProblem, RoutingVehicle
from comarca.wording import counted

MATRIX_UNIT = 10_000.0
TRUCK = "truck"
ALWAYS = 10_000_000.0  # latest time of a node without a time window
_LOADS = "PICKUP_AND_DELIVERY_SECTION"
_COORDINATES = ("EXACT_2D", "EUC_2D")
_TYPES = ("VRPSPD", "MVRPB")  # LKH-3's name for rounds of both kinds of customers
_KNOWN = (
    "NAME",
    "TYPE",
    "COMMENT",
    "DIMENSION",
    "VEHICLES",
    "CAPACITY",
    "DISTANCE",
    "EDGE_WEIGHT_TYPE",
    "EDGE_WEIGHT_FORMAT",
    "NODE_COORD_TYPE",
)
_SECTIONS = (
    "EDGE_WEIGHT_SECTION",
    "NODE_COORD_SECTION",
    _LOADS,
    "DEPOT_SECTION",
)


def read_lkh_vrpspd(path: Path) -> RoutingProblem:
    """
    Read rounds of one depot with simultaneous pickup and delivery.

    Parameters
    ----------
    path
        The file. Places are named by the file's own node numbers.

    Returns
    -------
    RoutingProblem
        One depot without opening cost or limit, and one type of truck.

    Raises
    ------
    TableError
        With every fault at once.
    """
    file = _File(path)
    file.read()
    file.check_type()
    n_nodes = int(file.number("DIMENSION", least=2, whole=True))
    vehicles = int(file.number("VEHICLES", least=1, whole=True))
    capacity = file.number("CAPACITY", least=0)
    limit = file.number("DISTANCE", least=0, default=0.0) or inf
    if not (n_nodes and file.is_long_enough(n_nodes)):
        file.tell()
    distance, unit = file.distance(n_nodes)
    loads = file.rows(_LOADS, n_nodes, 7)
    depot = file.depot(n_nodes)
    file.check_loads(loads, depot)
    file.tell()
    others = [node for node in range(n_nodes) if node != depot]
    order = [depot, *others]
    ways = distance[np.ix_(order, order)] / unit
    service = loads[:, 4]
    timed = isfinite(limit)
    return RoutingProblem(
        name=path.name,
        depot_ids=(str(depot + 1),),
        customer_ids=tuple(str(node + 1) for node in others),
        opening_cost=np.zeros(1),
        depot_capacity=np.full((1, 1), inf),
        delivery=loads[others, 6:7],
        pickup=loads[others, 5:6],
        distance=ways,
        time=ways if timed else None,
        service_time=service[others] / unit if timed else None,
        vehicles=(
            RoutingVehicle(
                vehicle_id=TRUCK, capacity=(capacity,), number=vehicles, shift=limit / unit
            ),
        ),
    )


@dataclass
class _File:
    """Headings and sections of a file, and the faults found in it."""

    path: Path
    faults: list[Fault] = field(default_factory=list)
    heading: dict[str, tuple[int, str]] = field(default_factory=dict)
    section: dict[str, list[tuple[int, list[str]]]] = field(default_factory=dict)
    begin: dict[str, int] = field(default_factory=dict)

    def fault(self, line: int, thing: str, value: str, expectation: str) -> None:
        place = f"{self.path.name} line {line}"
        self.faults.append(Fault(place=place, object=thing, value=value, expectation=expectation))

    def read(self) -> None:
        """Sort lines under their headings."""
        inside = ""
        for at, words in benchmark_lines(self.path):
            name, _, value = " ".join(words).replace(":", " : ").partition(" ")
            if name == "EOF":
                break
            if name in self.begin and name != "COMMENT":
                self.fault(at, name, "there twice", "each heading and section once")
            elif name in _SECTIONS:
                inside, self.section[name], self.begin[name] = name, [], at
            elif name in _KNOWN:
                self.heading[name] = (at, value.strip(" :"))
                self.begin[name] = at
            elif inside and not name[0].isalpha():
                self.section[inside].append((at, words))
            else:
                self.fault(at, "line", " ".join(words[:4]), "a heading or a section that is known")

    def check_type(self) -> None:
        """Refuse files of another problem, whose rules would be passed over in silence."""
        at, kind = self.heading.get("TYPE", (1, _TYPES[0]))
        if kind not in _TYPES:
            self.fault(at, "TYPE", kind, " or ".join(_TYPES))

    def is_long_enough(self, n_nodes: int) -> bool:
        """Refuse more nodes than the file has lines for, before room is made for them."""
        before = len(self.faults)
        if _LOADS not in self.section:
            self.fault(1, _LOADS, "", "a section")
        for name in (_LOADS, "NODE_COORD_SECTION"):
            if name in self.section and len(self.section[name]) < n_nodes:
                short = f"{counted(n_nodes - len(self.section[name]), 'node')} short"
                self.fault(self.begin[name], name, short, f"{n_nodes:,} nodes")
        return len(self.faults) == before

    def number(
        self, name: str, *, least: float, whole: bool = False, default: float | None = None
    ) -> float:
        """A number of the headings."""
        if name not in self.heading:
            if default is None:
                self.fault(1, name, "", "a number")
            return default or 0.0
        at, text = self.heading[name]
        value = benchmark_number(text)
        if value is None or value < least or (whole and value != int(value)):
            kind = "a whole number" if whole else "a number"
            self.fault(at, name, text, f"{kind} of {least:g} or more, {AT_MOST}")
            return default or 0.0
        return value

    def rows(self, name: str, count: int, columns: int) -> Floats:
        """Lines of a section that begin with the node's number, by node."""
        table = np.zeros((count, columns))
        if name not in self.section:
            self.fault(1, name, "", "a section")
            return table
        seen, before = set[int](), len(self.faults)
        for at, words in self.section[name]:
            values = [benchmark_number(word) for word in words]
            if len(values) != columns:
                found = f"{counted(len(words), 'column')} ({' '.join(words[:4])})"
                self.fault(at, f"line of {name}", found, counted(columns, "number"))
                continue
            if None in values:
                word = words[values.index(None)]
                found = f"{word} in {' '.join(words)}"
                self.fault(at, f"line of {name}", found, f"numbers, {AT_MOST}")
                continue
            row: list[Any] = values
            node = row[0]
            if node != int(node) or not 1 <= node <= count or int(node) in seen:
                self.fault(at, "node", words[0], f"each number from 1 to {count} once")
                continue
            seen.add(int(node))
            table[int(node) - 1] = row
        missing = count - len(seen)
        if missing and len(self.faults) == before:
            short = f"{counted(missing, 'node')} short"
            self.fault(self.begin[name], name, short, f"{count:,} nodes")
        return table

    def distance(self, n_nodes: int) -> tuple[Floats, float]:
        """Distances between nodes, and the unit that they are counted in."""
        at, kind = self.heading.get("EDGE_WEIGHT_TYPE", (1, ""))
        if kind in _COORDINATES:
            place = self.rows("NODE_COORD_SECTION", n_nodes, 3)[:, 1:]
            exact: Floats = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
            # TSPLIB: the root plus a half, cut off.
            return (exact if kind == "EXACT_2D" else np.floor(exact + 0.5)), 1.0
        if kind != "EXPLICIT":
            self.fault(at, "EDGE_WEIGHT_TYPE", kind, f"EXPLICIT, {' or '.join(_COORDINATES)}")
            return np.zeros((n_nodes, n_nodes)), 1.0
        at, form = self.heading.get("EDGE_WEIGHT_FORMAT", (1, ""))
        if form != "FULL_MATRIX":
            self.fault(at, "EDGE_WEIGHT_FORMAT", form, "FULL_MATRIX")
        return self._matrix(n_nodes), MATRIX_UNIT

    def _matrix(self, n_nodes: int) -> Floats:
        values: list[float] = []
        for at, words in self.section.get("EDGE_WEIGHT_SECTION", []):
            for word in words:
                value = benchmark_number(word)
                if value is None or value < 0:
                    self.fault(at, "distance", word, f"a number of 0 or more, {AT_MOST}")
                    value = 0.0
                values.append(value)
        if len(values) != n_nodes**2:
            at = self.begin.get("EDGE_WEIGHT_SECTION", 1)
            self.fault(at, "EDGE_WEIGHT_SECTION", f"{len(values)} numbers", f"{n_nodes**2}")
            return np.zeros((n_nodes, n_nodes))
        return np.array(values).reshape(n_nodes, n_nodes)

    def depot(self, n_nodes: int) -> int:
        """Position of the one depot."""
        words = [(at, word) for at, row in self.section.get("DEPOT_SECTION", []) for word in row]
        named = [(at, word) for at, word in words if word != "-1"]
        if len(named) != 1 or benchmark_number(named[0][1]) not in range(1, n_nodes + 1):
            at = self.begin.get("DEPOT_SECTION", 1)
            found = " ".join(word for _, word in named)
            self.fault(at, "DEPOT_SECTION", found, f"one depot, a node from 1 to {n_nodes}")
            return 0
        return int(float(named[0][1])) - 1

    def check_loads(self, loads: Floats, depot: int) -> None:
        """Refuse loads below 0, and time windows, which this format's problems do not have."""
        lines = {int(float(words[0])): at for at, words in self._whole_rows()}
        for node, row in enumerate(loads, 1):
            at = lines.get(node, 1)
            for name, value in zip(("service", "pickup", "delivery"), row[4:], strict=True):
                if value < 0:
                    self.fault(at, f"{name} of node {node}", f"{value:g}", "0 or more")
            if node and (row[2] > 0 or 0 < row[3] < ALWAYS):
                self.fault(at, f"time window of node {node}", f"{row[2]:g} to {row[3]:g}", "none")
            if node == depot + 1 and (row[5] or row[6]):
                self.fault(at, "load of the depot", f"{row[5]:g}, {row[6]:g}", "0")

    def _whole_rows(self) -> list[tuple[int, list[str]]]:
        rows = self.section.get(_LOADS, [])
        return [(at, words) for at, words in rows if benchmark_number(words[0]) is not None]

    def tell(self) -> None:
        """Raise what was collected."""
        if self.faults:
            raise TableError(str(self.path), self.faults[:20], len(self.faults))
