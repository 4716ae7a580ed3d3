"""Why a facility takes no workshop, in planning words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from comarca.freight.problem import FreightProblem, Options
    from comarca.model.region import Region

NAMED = 3  # a note names so many towns and counts the rest


class Refusals:
    """Gathers the reasons for the options that were left out."""

    def __init__(self, problem: FreightProblem, region: Region) -> None:
        self._problem = problem
        self._region = region
        self._reasons: dict[int, dict[int, str]] = {}

    def out_of_reach(self, facility: int, process: int) -> None:
        """No truck of the base gets there and back within its shift."""
        problem = self._problem
        base, town = problem.processes[process].base, problem.facilities[facility].town
        home = problem.bases[base].town
        if home == town:
            reason = "is the base's own town"
        elif not problem.fleet(base):
            reason = "no truck stands at the base"
        elif not np.isfinite(problem.round_trip_min(base, town)):
            reason = "no way for a truck"
        else:
            reason = (
                f"out and back takes {problem.round_trip_min(base, town):.0f} min with loading and "
                f"one stop; the longest shift is {problem.longest_shift_min(base):.0f} min"
            )
        self._add(facility, process, reason)

    def too_small(
        self, facility: int, process: int, hands: int, by_floor: int, by_tonnes: int
    ) -> None:
        """The fewest workers of the process exceed what labour, floor or tonnes allow."""
        work = self._problem.processes[process]
        needs = f"the smallest workshop of {work.name} needs {work.min_workers}"
        if hands < work.min_workers:
            reason = f"{hands} workers with the skill; {needs}"
        elif by_floor < work.min_workers:
            reason = f"floor for {by_floor} workers; {needs}"
        else:
            reason = f"the base has goods for {by_tonnes} workers; {needs}"
        self._add(facility, process, reason)

    def notes(self, options: Options) -> tuple[str, ...]:
        """One line for facilities that take no workshop at all, the first few by name."""
        served = set(options.facility.tolist())
        left_out = [at for at in self._reasons if at not in served]
        lines = [self._line(at) for at in left_out[:NAMED]]
        if len(left_out) > NAMED:
            rest = len(left_out) - NAMED
            lines.append(f"{rest:,} more premises can take no workshop for reasons of this kind")
        return tuple(lines)

    def _line(self, facility: int) -> str:
        """The reason that came nearest to a workshop: the last in the order of the checks."""
        place = self._problem.facilities[facility]
        town = self._region.name_of(self._problem.towns[place.town])
        reasons = list(dict.fromkeys(self._reasons[facility].values()))
        nearest = min(reasons, key=_distance_from_possible)
        return f"{town} ({place.facility_id}): {nearest}"

    def _add(self, facility: int, process: int, reason: str) -> None:
        self._reasons.setdefault(facility, {})[process] = reason


def _distance_from_possible(reason: str) -> int:
    """A shortage of workers is nearer to a workshop than a missing road."""
    order = ("workers with the skill", "floor for", "goods for", "out and back", "no way", "own")
    return next((rank for rank, words in enumerate(order) if words in reason), len(order))
