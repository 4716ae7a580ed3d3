"""
What kind of growth or shrinkage a town shows, by a rule that is told with it.

Suspicious counts are left aside: a misprint must not become a town's greatest count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd

from comarca.demography.counts import series_of, spans
from comarca.demography.params import DiagnosisParams

KINDS = ("growing", "stable", "shrinking", "emptying", "irreversible")
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "town_id": "string",
        "basis": "string",
        "kind": "string",
        "reason": "string",
        "year_from": "Int64",
        "year_to": "Int64",
        "annual_rate": "Float64",
        "peak_year": "Int64",
        "peak_persons": "Float64",
        "share_of_peak": "Float64",
    }
)


def shrinkage_rule(params: DiagnosisParams) -> Sequence[str]:
    """State the rule, a sentence a kind, in the order in which the kinds are tried."""
    stable = f"{params.stable_annual_rate:.1%}"
    losing = f"losing {stable} a year or more"
    return (
        f"Judged over the last {params.stable_years} years or more, from the nearest count before.",
        f"irreversible: nobody is left; or {losing} and either below "
        f"{params.irreversible_share_of_peak:.0%} of the greatest count, or with "
        f"{params.irreversible_old_per_child:g} or more residents of 65 and more for each under 15 "
        f"while fewer than {params.irreversible_young_share:.0%} are of 20 to 29.",
        f"emptying: losing {params.emptying_annual_rate:.1%} a year or more; or {losing} and below "
        f"{params.emptying_share_of_peak:.0%} of the greatest count.",
        f"shrinking: {losing}.",
        f"growing: gaining {stable} a year or more.",
        "stable: the rest.",
    )


def shrinkage(
    usable: pd.DataFrame, structure: pd.DataFrame, params: DiagnosisParams
) -> pd.DataFrame:
    """
    Judge each town with two counts, by the series that spans the most years.

    Parameters
    ----------
    usable
        ``town_id, basis, year, persons, expected_persons``, each series in order of year.
    structure
        Ages of the towns, as :func:`comarca.demography.structure.structures` gives them; towns
        without ages are judged by their counts alone.
    params
        Thresholds.

    Returns
    -------
    pandas.DataFrame
        ``town_id, basis, kind, reason, year_from, year_to, annual_rate, peak_year, peak_persons,
        share_of_peak``.
    """
    sound = usable[usable["expected_persons"].isna()]
    ages = _latest_ages(structure)
    years, persons = sound["year"].to_numpy(dtype=np.int64), sound["persons"].to_numpy(float)
    towns, bases = sound["town_id"].to_numpy(), sound["basis"].to_numpy()
    best: dict[str, tuple[int, tuple[object, ...]]] = {}
    for start, end in zip(*spans(series_of(sound)), strict=True):
        town, span = str(towns[start]), int(years[end - 1] - years[start])
        if span > best.get(town, (0,))[0]:
            row = _judged(years[start:end], persons[start:end], ages.get(town), params)
            best[town] = span, (town, bases[start], *row)
    rows = [row for _, row in best.values()]
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(dict(_TYPES))


def _latest_ages(structure: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Old for each child and share of the young, by town, of its last count by age."""
    known = structure[structure[["old_per_child", "young_share"]].notna().all(axis=1)]
    last = known.sort_values("year").drop_duplicates("town_id", keep="last")
    pairs = zip(last["old_per_child"].astype(float), last["young_share"].astype(float), strict=True)
    return dict(zip(last["town_id"].astype(str), pairs, strict=True))


def _judged(
    years: np.ndarray,
    persons: np.ndarray,
    ages: tuple[float, float] | None,
    params: DiagnosisParams,
) -> tuple[object, ...]:
    """Kind and reason of one series, and the figures behind them."""
    earlier = np.flatnonzero(years <= years[-1] - params.stable_years)
    at = int(earlier[-1]) if len(earlier) else 0
    before, now, span = float(persons[at]), float(persons[-1]), int(years[-1] - years[at])
    rate = (now / before) ** (1 / span) - 1 if before > 0 else None
    peak = int(persons.argmax())
    share = now / float(persons[peak]) if persons[peak] > 0 else None
    kind, reason = _kind(now, rate, share, int(years[at]), ages, params)
    return (
        kind,
        reason,
        int(years[at]),
        int(years[-1]),
        rate,
        int(years[peak]),
        float(persons[peak]),
        share,
    )


def _kind(
    now: float,
    rate: float | None,
    share: float | None,
    since: int,
    ages: tuple[float, float] | None,
    params: DiagnosisParams,
) -> tuple[str, str]:
    """The first kind whose condition holds, with the condition in words."""
    if now == 0:
        return "irreversible", "nobody is left"
    if rate is None or share is None:
        return "growing", "from nobody"
    told = f"{rate:+.1%} a year since {since}".replace("-", "−")
    if rate > -params.stable_annual_rate:
        return ("growing" if rate >= params.stable_annual_rate else "stable"), told
    if share < params.irreversible_share_of_peak:
        return "irreversible", f"{told}, {share:.0%} of its greatest count is left"
    if ages is not None:
        old, young = ages
        if old >= params.irreversible_old_per_child and young < params.irreversible_young_share:
            return "irreversible", f"{told}, {old:.1f} old for each child, {young:.1%} of 20 to 29"
    if rate <= -params.emptying_annual_rate:
        return "emptying", told
    if share < params.emptying_share_of_peak:
        return "emptying", f"{told}, {share:.0%} of its greatest count is left"
    return "shrinking", told
