"""
How a case falls into two: by numbers of trucks, by use of premises, by work there, by workers.

Every plan of the case is one of either part, and what the relaxation mixed is apart in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

WHOLE = 1e-6
Configuration = tuple[int, int]
"""Option and workers."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """
    What a case allows.

    Parameters
    ----------
    trucks
        Fewest and most of each type.
    banned
        Configurations that may not be.
    certain
        Premises that must be used.
    """

    trucks: tuple[tuple[float, float], ...]
    banned: frozenset[Configuration] = frozenset()
    certain: frozenset[int] = frozenset()

    def told(self) -> str:
        """Short, for the one who waits."""
        trucks = ", ".join(f"{fewest:.0f} to {most:.0f}" for fewest, most in self.trucks)
        return (
            f"trucks {trucks}; {len(self.banned)} configurations banned, {len(self.certain)} "
            "premises certain"
        )


Split = tuple[float, Limits, Limits]
"""How far from whole what is split is, at most 0.5, and both parts."""


def splits(
    limits: Limits,
    trucks: Sequence[float],
    chosen: Mapping[Configuration, float],
    facility: Sequence[int],
    configurations: Sequence[Configuration],
) -> list[Split]:
    """
    Ways to split a case, what is farthest from whole first.

    Parameters
    ----------
    limits
        Of the case.
    trucks
        How many of each type the relaxation has.
    chosen
        Share of each configuration that the relaxation has some of.
    facility
        Of each option.
    configurations
        All there are.
    """
    found = _by_trucks(limits, trucks)
    shares: dict[int, dict[Configuration, float]] = {}
    for each, share in chosen.items():
        shares.setdefault(int(facility[each[0]]), {})[each] = share
    for at, mixed in shares.items():
        here = [each for each in configurations if int(facility[each[0]]) == at]
        found += _at_premises(limits, at, mixed, here)
    return sorted(found, key=lambda split: -split[0])


def _by_trucks(limits: Limits, trucks: Sequence[float]) -> list[Split]:
    found = []
    for at, number in enumerate(trucks):
        part = number - floor(number)
        if WHOLE < part < 1 - WHOLE:
            fewest, most = limits.trucks[at]
            pair = [(fewest, float(floor(number))), (float(ceil(number)), most)]
            fewer, more = (
                replace(limits, trucks=(*limits.trucks[:at], each, *limits.trucks[at + 1 :]))
                for each in pair
            )
            found.append((min(part, 1 - part), fewer, more))
    return found


def _at_premises(
    limits: Limits,
    at: int,
    mixed: Mapping[Configuration, float],
    here: Sequence[Configuration],
) -> list[Split]:
    """Used or not; an option of some share or the others; few workers or more."""
    found = []
    used = sum(mixed.values())
    if WHOLE < used < 1 - WHOLE:
        without = replace(limits, banned=limits.banned | frozenset(here))
        with_it = replace(limits, certain=limits.certain | {at})
        found.append((min(used, 1 - used), without, with_it))
    by_option: dict[int, float] = {}
    for (option, _), share in mixed.items():
        by_option[option] = by_option.get(option, 0.0) + share
    for option, share in by_option.items():
        if len(by_option) > 1 and WHOLE < share < 1 - WHOLE:
            this = {each for each in here if each[0] == option}
            others = replace(limits, banned=limits.banned | this)
            alone = replace(limits, banned=limits.banned | (set(here) - this))
            found.append((min(share, 1 - share), alone, others))
        numbers = [workers for (one, workers) in mixed if one == option]
        if len(numbers) > 1:
            mean = sum(workers * mixed[option, workers] for workers in numbers) / share
            fewer = {each for each in here if each[0] == option and each[1] <= floor(mean)}
            more = {each for each in here if each[0] == option and each[1] > floor(mean)}
            few = sum(part for each, part in mixed.items() if each in fewer)
            pair = [replace(limits, banned=limits.banned | each) for each in (more, fewer)]
            found.append((min(few, share - few), *pair))
    return found
