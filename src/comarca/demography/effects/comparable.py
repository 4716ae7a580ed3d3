"""
Which towns may be compared with one, and where its growth stands among theirs.

A rank is no effect: it tells that a town grew as few of its kind did, not why. It is what is left
to say where nothing was counted before an opening.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from comarca.demography.effects.panel import OutcomePanel
from comarca.errors import Fault, ParameterError
from comarca.model.region import Region, values_of
from comarca.travel.sphere import great_circle_between_km

OTHER_EVENT = "with such an event of their own"
OTHER_SIZE = "of another size"
NEAR = "too near"


@dataclass(frozen=True, eq=False, kw_only=True)
class GrowthRank:
    """
    Growth of a town among comparable ones.

    Parameters
    ----------
    unit, name
        The town.
    from_year, to_year
        Counts compared.
    multiple
        Outcome of the last for one of the first.
    rank
        1 for the fastest; towns that grew alike share the better rank.
    n_towns
        Towns ranked, the town itself with them.
    rule
        How the others were chosen, in words.
    table
        One row a town, the fastest first: ``unit, name, outcome_from, outcome_to, multiple``.
    paths
        Outcome for one of the first year, index the towns, a column each count from then on.
    """

    unit: str
    name: str
    from_year: int
    to_year: int
    multiple: float
    rank: int
    n_towns: int
    rule: str
    table: pd.DataFrame
    paths: pd.DataFrame

    @property
    def median_path(self) -> pd.Series[float]:
        """Median of the other towns' paths, count by count."""
        return self.paths.drop(index=self.unit).median()

    @property
    def share_as_fast(self) -> float:
        """Share of the towns, this one with them, that grew as fast or faster, in (0, 1]."""
        return float((self.table["multiple"] >= self.multiple).mean())

    @property
    def median(self) -> float:
        """Median multiple of the other towns; missing where there is none."""
        others = self.table.loc[self.table["unit"] != self.unit, "multiple"]
        return float(others.median()) if len(others) else float("nan")

    def summary(self) -> str:
        """Say the rank in one sentence."""
        return (
            f"{self.name} grew ×{self.multiple:.2f} from {self.from_year} to {self.to_year}: rank "
            f"{self.rank} of {self.n_towns} towns {self.rule}; their median is ×{self.median:.2f}"
        )


def rank_growth(
    panel: OutcomePanel,
    unit: str,
    from_year: int,
    to_year: int,
    *,
    size_ratio: float | None = None,
    without: Collection[str] = (),
) -> GrowthRank:
    """
    Rank the growth of a town among those of like size at the beginning.

    Parameters
    ----------
    panel
        Outcome of all towns.
    unit
        The town.
    from_year, to_year
        Counts of the panel.
    size_ratio
        Others had at most so many times the town's outcome in ``from_year``, and at least that part
        of it; ``None`` for all.
    without
        Towns that are no comparison.

    Returns
    -------
    GrowthRank

    Raises
    ------
    ParameterError
        When a year was not counted, the years do not follow each other, or the town began with
        nothing.
    UnknownTownError
        When the town is not in the panel.
    """
    own = panel.of(unit)
    _refuse_years(panel, from_year, to_year, own)
    first, last = (panel.outcomes[:, panel.years.index(year)] for year in (from_year, to_year))
    of_size = _is_of_size(first, own[panel.years.index(from_year)], size_ratio)
    is_in = of_size & (first > 0) & ~np.isin(panel.units, list(without))
    is_in[panel.position(unit)] = True
    table = pd.DataFrame(
        {
            "unit": np.array(panel.units)[is_in],
            "name": [panel.name_of(one) for one in np.array(panel.units)[is_in]],
            "outcome_from": first[is_in],
            "outcome_to": last[is_in],
            "multiple": last[is_in] / first[is_in],
        }
    ).sort_values("multiple", ascending=False, kind="stable", ignore_index=True)
    span = slice(panel.years.index(from_year), panel.years.index(to_year) + 1)
    paths = pd.DataFrame(
        panel.outcomes[is_in, span] / first[is_in, None],
        index=np.array(panel.units)[is_in],
        columns=list(panel.years[span]),
    )
    multiple = float(table.loc[table["unit"] == unit, "multiple"].iloc[0])
    size = (
        "of any size"
        if size_ratio is None
        else (
            f"with between {1 / size_ratio:.2g} and {size_ratio:g} times its {panel.outcome} "
            f"in {from_year}"
        )
    )
    return GrowthRank(
        unit=unit,
        name=panel.name_of(unit),
        from_year=from_year,
        to_year=to_year,
        multiple=multiple,
        rank=int((table["multiple"] > multiple).sum()) + 1,
        n_towns=len(table),
        rule=f"{size}, itself among them",
        table=table,
        paths=paths.loc[table["unit"]],
    )


def donors_for(
    region: Region,
    panel: OutcomePanel,
    town_id: str,
    at_year: int,
    *,
    size_ratio: float,
    distance_km: float,
    with_event: Collection[str],
) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """
    Towns that may be compared with one, and why the others may not.

    Parameters
    ----------
    region
        Tells where the towns lie.
    panel
        Outcome of the towns.
    town_id
        The town.
    at_year
        Count by which towns are of like size.
    size_ratio, distance_km
        As of :class:`.EffectParams`.
    with_event
        Towns with an event of their own.

    Returns
    -------
    donors : tuple of str
        In the order of the panel.
    left_out : mapping
        Reason by town; those the panel had left out too.
    """
    sizes = panel.outcomes[:, panel.years.index(at_year)]
    own = float(sizes[panel.position(town_id)])
    is_of_size = dict(zip(panel.units, _is_of_size(sizes, own, size_ratio), strict=True))
    away = distances_km(region, town_id)
    donors, left_out = [], dict(panel.left_out)
    for town in panel.units:
        if town == town_id:
            continue
        if town in with_event:
            left_out[town] = OTHER_EVENT
        elif not is_of_size[town]:
            left_out[town] = OTHER_SIZE
        elif away[town] < distance_km:
            left_out[town] = NEAR
        else:
            donors.append(town)
    return tuple(donors), left_out


def distances_km(region: Region, town_id: str) -> dict[str, float]:
    """Great-circle distance of every town from one, km."""
    lat, lon = values_of(region.towns, "lat"), values_of(region.towns, "lon")
    at = [region.town_ids.index(town_id)]
    away = great_circle_between_km(lat, lon, lat[at], lon[at])[:, 0]
    return dict(zip(region.town_ids, away.tolist(), strict=True))


def _is_of_size(sizes: np.ndarray, own: float, ratio: float | None) -> np.ndarray:
    if ratio is None:
        return np.ones(len(sizes), dtype=bool)
    return np.asarray((sizes >= own / ratio) & (sizes <= own * ratio) & (sizes > 0))


def _refuse_years(panel: OutcomePanel, from_year: int, to_year: int, own: np.ndarray) -> None:
    known = ", ".join(map(str, panel.years))
    faults = [
        Fault(place="", object=f"{which} year", value=str(year), expectation=f"one of {known}")
        for which, year in (("first", from_year), ("last", to_year))
        if year not in panel.years
    ]
    if not faults and from_year >= to_year:
        faults.append(
            Fault(
                place="",
                object="first year",
                value=str(from_year),
                expectation=f"a year before {to_year}",
            )
        )
    if not faults and own[panel.years.index(from_year)] <= 0:
        faults.append(
            Fault(
                place="",
                object=f"{panel.outcome} in {from_year}",
                value="0",
                expectation="above 0, to grow from",
            )
        )
    if faults:
        raise ParameterError("\n".join(str(fault) for fault in faults), faults)
