"""What is known of the effect of one event on one town, as it is handed on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from comarca.demography.effects.comparable import GrowthRank
from comarca.demography.effects.contributions import Contribution
from comarca.demography.effects.params import EffectParams, Event
from comarca.demography.effects.placebo import LeaveOneOut, PlaceboInSpace, PlaceboInTime
from comarca.demography.effects.staggered import StaggeredEffects
from comarca.demography.effects.synthetic import SyntheticControl
from comarca.wording import probability

Status = Literal["estimated", "weak", "refused"]


@dataclass(frozen=True, eq=False, kw_only=True)
class OpeningEffect:
    """
    What is known of the effect of one event on one town.

    Parameters
    ----------
    region_name, town_id, name
        The town.
    event, event_year
        What happened, and when.
    kind
        What opened or closed, in words; may be blank.
    outcome
        What was counted.
    params
        How the effect was looked for.
    years
        When the town was counted; suspicious counts are left out.
    status
        ``"estimated"``, ``"weak"`` or ``"refused"``.
    reasons
        Why it is weak or refused, a sentence each.
    notes
        What else a reader has to know, a sentence each.
    left_out
        Towns that are no donors, and why, by id.
    control, in_space, in_time, without_one
        The mixture of donors and its placebos; ``None`` where refused.
    ranks
        Growth since the last count before the event, or since the first of all, among towns of
        like size; by the ratio of the parameters first, then by others.
    rank_before
        Growth before the event, where two counts or more lie before it.
    staggered
        All towns of the region with such an event together, where two of them at least have counts
        before and after theirs.
    contributions
        Six ways of a university; empty for other events.
    """

    region_name: str
    town_id: str
    name: str
    event: Event
    event_year: int
    kind: str
    outcome: str
    params: EffectParams
    years: tuple[int, ...]
    status: Status
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    left_out: Mapping[str, str]
    control: SyntheticControl | None
    in_space: PlaceboInSpace | None
    in_time: PlaceboInTime | None
    without_one: LeaveOneOut | None
    ranks: tuple[GrowthRank, ...]
    rank_before: GrowthRank | None
    staggered: StaggeredEffects | None
    contributions: tuple[Contribution, ...]

    @property
    def n_before(self) -> int:
        """Counts before the event."""
        return sum(year < self.event_year for year in self.years)

    @property
    def n_after(self) -> int:
        """Counts in the year of the event or later."""
        return len(self.years) - self.n_before

    def left_out_counts(self) -> dict[str, int]:
        """How many towns are no donors, by reason, the commonest first."""
        return dict(Counter(self.left_out.values()).most_common())

    def reading(self) -> str:
        """What the result says in plain words, and what it does not."""
        what = f"the {self.event} of {self.event_year}"
        if self.control is None or self.in_space is None:
            return f"No effect of {what} can be told: {'; '.join(self.reasons)}."
        gap = _share(self.control.effect(self.control.mean_gap), self.params)
        told = (
            f"After {what}, {self.name} had {gap} {self.outcome} on average against the mixture of "
            f"towns that went as it did before (p = {probability(self.in_space.p)})."
        )
        if self.in_space.p > self.params.share_of_chance:
            told += (
                " Towns without such an event part from their mixtures as far too often to call "
                "this an effect."
            )
        elif self.status == "estimated":
            told += " Few towns without such an event part from their mixtures so far."
        if self.status == "weak":
            told += f" This is weak: {'; '.join(self.reasons)}."
        return told

    def summary(self) -> str:
        """Say what was found, the rank of the growth, and what is known of the six ways."""
        lines = [
            f"{self.name}, {self.kind or self.event} {self.event_year}: {self.status}",
            self.reading(),
        ]
        if self.control is not None:
            lines += [f"  {line}" for line in self.control.summary().splitlines()]
        lines += [f"{rank.summary()}." for rank in self.ranks[:1]]
        if self.rank_before is not None:
            lines.append(f"Before: {self.rank_before.summary()}.")
        if self.staggered is not None:
            lines.append(f"All openings together: {self.staggered.summary()}.")
        lines += [f"note: {note}" for note in self.notes]
        if self.contributions:
            n_known = sum(one.known != "not in the data" for one in self.contributions)
            lines.append(
                f"Six ways of a university: {n_known} of {len(self.contributions)} indicators are "
                "in the data"
            )
        return "\n".join(lines)


def _share(value: float, params: EffectParams) -> str:
    """A difference as *7% more* or *7% fewer*, or as a number."""
    size = f"{abs(value):.1%}" if params.scale == "log" else f"{abs(value):,.4g}"
    return f"{size} {'more' if value >= 0 else 'fewer'}"
