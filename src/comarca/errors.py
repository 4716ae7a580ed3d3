"""
Everything Comarca raises, as one tree.

::

    PlanningError
    ├── RegionError            (ValueError)    the tables of a region are at fault
    ├── TableError             (ValueError)    a file of flows, towns or zones is at fault
    ├── ParameterError         (ValueError)    a setting is outside its range, or unknown
    ├── UnknownTownError       (KeyError)      a town, area or enterprise that nobody has heard of
    ├── GazetteerError         (LookupError)   no such country or division, several, or no data
    ├── RoadFileError          (ValueError)    a file of roads is damaged, empty or of another kind
    ├── TooFewTownsError       (ValueError)    nothing to plan with
    ├── FaultyPlanError        (RuntimeError)  the evaluator found a plan to break a rule
    ├── SolverMissingError     (ImportError)   a library that solves is not installed
    ├── RouterError            (OSError)       another router does not answer, or nonsense
    ├── OutputError            (OSError)       the results cannot be written
    └── PlanFileError          (ValueError)    ``plan.json`` is damaged, or of another version

Each also descends from the fitting built-in, so that ``except ValueError`` keeps working.
A plan that turns out infeasible, or a clock that ran out, is a result with its status, never an
error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from comarca.wording import counted


class PlanningError(Exception):
    """Whatever Comarca refuses; its text says what was expected."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """
    One thing wrong with the input, with its place.

    Parameters
    ----------
    place
        File, or sheet or layer within it, and line: ``"flows.csv line 41"``. Lines count from 1 and
        the header is line 1, as a spreadsheet shows them.
    object
        What is at fault: a column of a town, a pair of towns, the file itself.
    value
        The value found, as it was written. Empty when the fault is that something is missing.
    expectation
        What would have been right. Empty for a mere notice, which asks for nothing: then ``value``
        begins with its verb, as *have no population and are left out*.
    """

    place: str
    object: str
    value: str
    expectation: str

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        if not self.expectation:
            return f"{where}{self.object} {self.value}"
        found = f"is {self.value}" if self.value else "is missing"
        return f"{where}{self.object} {found}; expected {self.expectation}"


class RegionError(PlanningError, ValueError):
    """
    The tables of a region are at fault; every fault found is told together.

    Parameters
    ----------
    region
        The region's name or the place it was read from.
    faults
        At least one fault, in the order of the files.
    """

    def __init__(self, region: str, faults: Sequence[Fault]) -> None:
        self.region = region
        self.faults = tuple(faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f'{counted(len(self.faults), "fault")} in region "{region}"\n{lines}')


class TableError(PlanningError, ValueError):
    """
    A table, or a layer of zones, in a file of its own is at fault; faults are told together.

    Parameters
    ----------
    place
        The file.
    faults
        At least one fault, in the order of the lines; of very many only the first.
    n_faults
        How many there are, where not all are listed.
    """

    def __init__(self, place: str, faults: Sequence[Fault], n_faults: int | None = None) -> None:
        self.place = place
        self.faults = tuple(faults)
        self.n_faults = len(self.faults) if n_faults is None else n_faults
        lines = [str(fault) for fault in self.faults]
        if self.n_faults > len(lines):
            lines.append(f"and {self.n_faults - len(lines):,} more")
        listed = "".join(f"\n  {line}" for line in lines)
        super().__init__(f"{counted(self.n_faults, 'fault')} in {place}{listed}")


class ParameterError(PlanningError, ValueError):
    """
    A setting is unknown, or outside the range its meaning allows.

    Parameters
    ----------
    message
        What was expected, for people.
    faults
        Each setting at fault; empty where the message says it all.
    """

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__(message)


class UnknownTownError(PlanningError, KeyError):
    """A town, area or enterprise is named that the data do not hold; near names are offered."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name = name
        near = get_close_matches(name, known, n=3)
        hint = f"; near names: {', '.join(near)}" if near else ""
        self.message = f'"{name}" is not known{hint}.'
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class GazetteerError(PlanningError, LookupError):
    """
    No country or division has that name, or several have; the near matches are listed.

    Also when the gazetteer's own data are not where they should be; then nothing is listed.
    """

    def __init__(self, message: str, candidates: Sequence[str] = ()) -> None:
        self.candidates = tuple(candidates)
        listed = "".join(f"\n  {candidate}" for candidate in self.candidates)
        super().__init__(message + listed)


class RoadFileError(PlanningError, ValueError):
    """
    A file of roads, or of heights, cannot be used; every fault found is told together.

    Parameters
    ----------
    *faults
        At least one fault.
    """

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(str(fault) for fault in faults))


class TooFewTownsError(PlanningError, ValueError):
    """A region with fewer than two towns has nothing to group."""


class FaultyPlanError(PlanningError, RuntimeError):
    """
    The independent evaluator found that a plan breaks its own rules; it is withheld.

    That is a fault of Comarca, not of the region.
    """

    def __init__(self, violations: Sequence[str]) -> None:
        self.violations = tuple(violations)
        listed = "".join(f"\n  {violation}" for violation in self.violations)
        super().__init__(
            "The plan was checked by a second program and breaks these rules, so it is withheld. "
            f"Please report this as a fault of Comarca.{listed}"
        )


class SolverMissingError(PlanningError, ImportError):
    """
    A library that solves cannot be loaded.

    Parameters
    ----------
    reasons
        What Python said of each, by its name.
    """

    def __init__(self, reasons: Mapping[str, str]) -> None:
        self.reasons = dict(reasons)
        told = "; ".join(f"{name} ({reason})" for name, reason in self.reasons.items())
        super().__init__(
            f"a solver cannot be loaded: {told}; install it with: pip install "
            f"{' '.join(self.reasons)}"
        )


class RouterError(PlanningError, OSError):
    """A router that was asked for travel times does not answer, refuses, or answers nonsense."""


class OutputError(PlanningError, OSError):
    """The results cannot be written where they were asked for; nothing was changed there."""


class PlanFileError(PlanningError, ValueError):
    """A plan file is not one of Comarca's, is damaged, or is of a version this one cannot read."""
