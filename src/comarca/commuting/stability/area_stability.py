"""
How sure it is which town belongs where.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.areas import LabourMarketAreas
from comarca.commuting.areas.outcome import Outcome
from comarca.commuting.stability.areas_again import (
    best_match_and_mates,
    core_of,
    other_area,
    share_together,
)
from comarca.commuting.stability.membership import Floats, Heads, co_membership
from comarca.commuting.stability.params import StabilityParams, Vary
from comarca.errors import ParameterError
from comarca.model.town_index import TownIndex
from comarca.wording import counted

SURE = 0.95
UNSURE = 0.5
NINE_IN_TEN = (0.05, 0.95)
_ENDS = ("mean", "low", "high")
_NAMED = 5
VARIED: Mapping[Vary, str] = {"flows": "flows resampled", "parameters": "parameters varied"}
"""What was varied, in words."""


@dataclass(frozen=True, kw_only=True, eq=False)
class AreaStability(TownIndex):
    """
    How sure it is which town belongs where, by many redrawings of its areas.

    An area is known by its *head*, the town in it with most jobs in the flows as counted: areas of
    two redrawings with the same head are the same area, however their borders shift. A town's
    **certainty** is the share of redrawings in which it is in the area it is in as counted.

    Parameters
    ----------
    reference
        Areas by the flows and parameters as they are.
    settings
        What was varied, and how often.
    town_ids
        Towns, in the order of the flows.
    names
        Names of towns by id; a town without one is called by its id.
    workers, jobs
        Working residents and jobs of each town as counted, persons, shape ``(n_towns,)``.
    is_observed
        Whether the flows were counted; ``False`` where a model estimated them.
    head
        For each redrawing and town the position of the head of its area in ``town_ids``, -1 for
        none; shape ``(draws, n_towns)``.
    outcome
        The areas as counted, in a few figures.
    redrawings
        One row a redrawing, index ``redrawing`` from 1: the parameters it was drawn by, and the
        figures of :class:`~comarca.commuting.areas.outcome.Outcome` by the flows it was drawn from.
    """

    reference: LabourMarketAreas
    settings: StabilityParams
    town_ids: tuple[str, ...]
    names: Mapping[str, str] = field(repr=False)
    workers: Floats = field(repr=False)
    jobs: Floats = field(repr=False)
    is_observed: bool
    head: Heads = field(repr=False)
    outcome: Outcome
    redrawings: pd.DataFrame = field(repr=False)

    def towns(self) -> pd.DataFrame:
        """
        How sure each town's membership is, one row a town.

        Returns
        -------
        DataFrame
            Indexed by ``town_id``: ``name``; ``area_id``, ``area_name`` and ``status`` as counted;
            ``certainty``, in [0, 1], for a town in no area the share of redrawings in which it is
            in none; ``alternative``, the other area it is most often in (of several, the one whose
            head has most jobs), its ``alternative_name``, and ``alternative_share`` of the
            redrawings, 0 without one; ``share_without_area``; and ``mates_kept``, how much of its
            area is with it: the mean share of the working residents of the area's other towns that
            are in one area with it, NaN for a town alone.
        """
        area_of, status = self.reference.partition.area_of, self.reference.partition.status_of
        area_ids = [area_of[town] for town in self.town_ids]
        other, share = self._alternative
        alternatives = [None if at < 0 else self.town_ids[at] for at in other.tolist()]
        texts = {
            "name": [self._name(town) for town in self.town_ids],
            "area_id": area_ids,
            "area_name": [area and self._name(area) for area in area_ids],
            "status": [status[town] for town in self.town_ids],
            "alternative": alternatives,
            "alternative_name": [area and self._name(area) for area in alternatives],
        }
        index = pd.Index(self.town_ids, name="town_id")
        table = pd.DataFrame(texts, index=index, dtype=object)
        table.insert(4, "certainty", self.certainty)
        table["alternative_share"] = share
        table["share_without_area"] = self._share_without_area
        table["mates_kept"] = self._matches[1]
        return table

    def areas(self) -> pd.DataFrame:
        """
        How sure each area is, one row an area as counted.

        Returns
        -------
        DataFrame
            Indexed by ``area_id``: ``area_name``, ``n_towns``, ``workers`` (working residents as
            counted); ``certainty`` of its towns, weighted by working residents; ``recurrence``,
            share of redrawings with an area of this head; ``persistence``, mean of the greatest
            Jaccard index with any area drawn; ``n_core``, the fewest towns, largest workplaces
            first, that hold three quarters of its jobs, and ``core_together``, share of redrawings
            in which all of them are in one area. Shares are in [0, 1].
        """
        n_areas = len(self.reference.partition.areas)
        members = [np.flatnonzero(self._area == number) for number in range(n_areas)]
        cores = [core_of(towns, self.jobs) for towns in members]
        return pd.DataFrame(
            {
                "area_name": [area.name for area in self.reference.partition.areas],
                "n_towns": [len(towns) for towns in members],
                "workers": [float(self.workers[towns].sum()) for towns in members],
                "certainty": [self._mean_certainty(towns) for towns in members],
                "recurrence": self.certainty[self._reference_head],
                "persistence": self._matches[0],
                "n_core": [len(core) for core in cores],
                "core_together": [share_together(self.head, core) for core in cores],
            },
            index=pd.Index(
                [area.area_id for area in self.reference.partition.areas], name="area_id"
            ),
        )

    @cached_property
    def certainty(self) -> Floats:
        """Certainty of each town's membership, in [0, 1], shape ``(n_towns,)``."""
        certainty: Floats = (self.head == self._counted_head).mean(axis=0)
        return certainty

    def co_membership(self, least_share: float = 0.0) -> sparse.csr_array:
        """
        Share of the redrawings in which two towns are in one area.

        Parameters
        ----------
        least_share
            Pairs that share an area less often are left out, which bounds the room; in [0, 1].

        Returns
        -------
        scipy.sparse.csr_array
            Shape ``(n_towns, n_towns)``, in the order of ``town_ids``; symmetric; the diagonal is
            the share of redrawings in which the town is in any area.

        See Also
        --------
        comarca.commuting.stability.membership.co_membership : what room it takes
        """
        if not 0 <= least_share <= 1:
            raise ParameterError(f"least_share is {least_share}; expected a share in [0, 1].")
        return co_membership(self.head, least_share)

    def pairs(self, least_share: float = 0.05) -> pd.DataFrame:
        """
        Towns that share an area, one row a pair.

        Parameters
        ----------
        least_share
            Pairs that share an area less often are left out; in [0, 1].

        Returns
        -------
        DataFrame
            ``town_a``, ``town_b`` (after ``town_a`` in ``town_ids``) and their co-membership
            ``share``, in (0, 1].
        """
        together = sparse.triu(self.co_membership(least_share), k=1).tocoo()
        ids = np.array(self.town_ids, dtype=object)
        one, other = together.coords
        table = pd.DataFrame({"town_a": ids[one], "town_b": ids[other], "share": together.data})
        return table.iloc[np.lexsort((other, one))].reset_index(drop=True)

    def spread(self, figure: str = "n_areas") -> tuple[float, float, float]:
        """
        Mean of a figure over the redrawings, and the ends of the middle nine in ten.

        Parameters
        ----------
        figure
            A column of ``redrawings``.

        Returns
        -------
        tuple[float, float, float]
            Mean, 5 % and 95 % quantile; NaN when no redrawing has an area.
        """
        values = self.redrawings[figure].to_numpy(dtype=float)
        if np.isnan(values).all():
            return np.nan, np.nan, np.nan
        low, high = np.nanquantile(values, NINE_IN_TEN)
        return float(np.nanmean(values)), float(low), float(high)

    def headline(self) -> dict[str, float]:
        """
        What is asked first.

        Returns
        -------
        dict[str, float]
            ``areas`` as counted; ``areas_mean``, ``areas_low`` and ``areas_high`` of the
            redrawings, in nine of ten of which there are from ``low`` to ``high``; the same four of
            ``self_containment``, the share of the working residents of all areas who work inside
            their own. ``towns``; ``towns_sure``, with a certainty of 0.95 or more;
            ``towns_unsure``, below 0.5; ``towns_rather_elsewhere``, more often in one other area
            than in their own; ``workers_sure_share``, share of the working residents of all towns
            who live in those that are sure; ``redrawings_stopped``, whose main loop was ended. NaN
            where a figure has no value.
        """
        is_sure = self.certainty >= SURE
        areas, inside = self.spread(), self.spread("self_containment_supply")
        total = float(self.workers.sum())
        return {
            "areas": self.outcome.n_areas,
            **{f"areas_{end}": x for end, x in zip(_ENDS, areas, strict=True)},
            "self_containment": self.outcome.self_containment_supply,
            **{f"self_containment_{end}": x for end, x in zip(_ENDS, inside, strict=True)},
            "towns": len(self.town_ids),
            "towns_sure": int(is_sure.sum()),
            "towns_unsure": int((self.certainty < UNSURE).sum()),
            "towns_rather_elsewhere": int((self._alternative[1] > self.certainty).sum()),
            "workers_sure_share": float(self.workers[is_sure].sum() / total) if total else np.nan,
            "redrawings_stopped": int((self.redrawings["status"] != "converged").sum()),
        }

    def summary(self) -> str:
        """Say in a few lines how sure the areas are."""
        told = self.headline()
        varied = " and ".join(VARIED[what] for what in self.settings.vary)
        areas = counted(self.outcome.n_areas, "labour market area")
        towns = counted(len(self.town_ids), "town")
        lines = [
            f"{areas} of {towns}; {counted(self.settings.draws, 'redrawing')}, {varied}, seed "
            f"{self.settings.seed}",
            f"areas: mean {told['areas_mean']:.1f}, "
            + _nine_in_ten(told["areas_low"], told["areas_high"], ".0f"),
        ]
        if not np.isnan(told["self_containment_mean"]):
            lines.append(
                "working residents who work inside their area: "
                f"{told['self_containment']:.1%} as counted, "
                + _nine_in_ten(told["self_containment_low"], told["self_containment_high"], ".1%")
            )
        lines.append(
            f"{counted(int(told['towns_sure']), 'town')} in the same area in {SURE:.0%} of "
            f"redrawings or more, {told['towns_unsure']:,} in fewer than half"
        )
        lines += self._least_sure()
        if told["redrawings_stopped"]:
            stopped = counted(int(told["redrawings_stopped"]), "redrawing")
            lines.append(f"{stopped} stopped early: some groups in them may be no areas")
        return "\n".join(lines)

    def _least_sure(self) -> list[str]:
        areas = self.areas().sort_values("certainty", kind="stable")
        areas = areas[areas["certainty"] < SURE].head(_NAMED)
        if not len(areas):
            return []
        told = ", ".join(f"{row.area_name} ({row.certainty:.0%})" for row in areas.itertuples())
        return [f"least sure areas: {told}"]

    @cached_property
    def _area(self) -> NDArray[np.int64]:
        """Number of each town's area as counted, -1 for none."""
        number = {area.area_id: place for place, area in enumerate(self.reference.partition.areas)}
        area_of = self.reference.partition.area_of
        return np.array(
            [-1 if area_of[town] is None else number[str(area_of[town])] for town in self.town_ids],
            dtype=np.int64,
        )

    @cached_property
    def _reference_head(self) -> NDArray[np.intp]:
        return self.positions(area.head_town_id for area in self.reference.partition.areas)

    @cached_property
    def _counted_head(self) -> NDArray[np.int64]:
        """Position of the head of each town's area as counted, -1 for none."""
        return np.append(self._reference_head, -1)[self._area]

    @cached_property
    def _share_without_area(self) -> Floats:
        share: Floats = (self.head < 0).mean(axis=0)
        return share

    @cached_property
    def _alternative(self) -> tuple[NDArray[np.int64], Floats]:
        """Head of the other area each town is most often in, -1 for none, and how often."""
        return other_area(self.head, self._counted_head, self.jobs)

    @cached_property
    def _matches(self) -> tuple[Floats, Floats]:
        return best_match_and_mates(self.head, self._area, self.workers)

    def _mean_certainty(self, towns: NDArray[np.intp]) -> float:
        weight = self.workers[towns]
        certainty = self.certainty[towns]
        return float(np.average(certainty, weights=weight if weight.sum() else None))

    def _name(self, town_id: str) -> str:
        return self.names.get(town_id, town_id)


def _nine_in_ten(low: float, high: float, form: str) -> str:
    """``33 to 38 in nine redrawings of ten``, or one figure where both are told alike."""
    ends = dict.fromkeys((format(low, form), format(high, form)))
    return f"{' to '.join(ends)} in nine redrawings of ten"
