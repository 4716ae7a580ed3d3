"""One row a town: everything the diagnosis says of it, in an order a reader asked for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import pandas as pd

from comarca.demography import Diagnosis
from comarca.diagnosis.readiness import Readiness
from comarca.industry import IndustryProfile, SingleIndustryStatus
from comarca.model.region import Region

if TYPE_CHECKING:
    from comarca.demography.projection import Projection

RankedBy = Literal["growth", "people", "industry", "remote_work", "distance_learning"]
_ORDER: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "growth": ("annual_rate", True),
        "people": ("population", False),
        "industry": ("top_share", False),
        "remote_work": ("remote_work", False),
        "distance_learning": ("distance_learning", False),
    }
)
RANKED_BY: tuple[str, ...] = tuple(_ORDER)
_COLUMNS = (
    "rank",
    "town_id",
    "name",
    "population",
    "size_class",
    "year_from",
    "year_to",
    "growth_multiple",
    "annual_rate",
    "kind",
    "kind_reason",
    "retention",
    "keeps_young",
    "old_per_child",
    "dependants_per_adult",
    "n_suspicious",
    "top_industry",
    "top_share",
    "top_quotient",
    "effective_industries",
    "krugman",
    "stage",
    "stage_since",
    "verdict",
    "category",
    "possible_categories",
    "status_reason",
    "remote_work",
    "distance_learning",
    "projected_year",
    "projected_multiple",
    "p_half",
    "half_year",
)


def ranked_towns(
    region: Region,
    people: Diagnosis,
    industry: IndustryProfile,
    status: SingleIndustryStatus,
    readiness: Readiness,
    projection: Projection | None = None,
    *,
    by: RankedBy = "growth",
) -> pd.DataFrame:
    """
    Put what is known of each town in one row.

    Parameters
    ----------
    region
        Names and sizes.
    people, industry, status, readiness, projection
        What was found; columns of a projection are missing without one.
    by
        Order: ``growth`` the fastest loss first, ``people`` the largest first, ``industry`` the
        largest share of one industry first, ``remote_work`` and ``distance_learning`` the readiest
        first. Towns of which that is not known stand last.

    Returns
    -------
    pandas.DataFrame
        One row a town, ``rank`` from 1 to the last of which the order is known, missing after.
    """
    frame = region.towns[["name", "population"]].copy()
    frame["size_class"] = frame.index.map(dict(people.size_class_of)).astype("string")
    for part in (
        _growth(people),
        _ages(people),
        _industry(industry),
        _status(status),
        readiness.table.set_index("town_id")[["remote_work", "distance_learning"]],
        _projection(projection),
    ):
        frame = frame.join(part)
    frame["n_suspicious"] = _n_suspicious(people).reindex(frame.index, fill_value=0)
    return _ordered(frame.rename_axis("town_id").reset_index(), by)


def _ordered(frame: pd.DataFrame, by: RankedBy) -> pd.DataFrame:
    column, ascending = _ORDER[by]
    ordered = frame.sort_values(
        [column, "town_id"], ascending=[ascending, True], na_position="last", kind="stable"
    ).reset_index(drop=True)
    known = ordered[column].notna()
    ordered["rank"] = pd.Series(range(1, len(ordered) + 1), dtype="Int64").where(known)
    return ordered[list(_COLUMNS)]


def _growth(people: Diagnosis) -> pd.DataFrame:
    growth = people.growth.set_index("town_id")[
        ["year_from", "year_to", "growth_multiple", "annual_rate"]
    ]
    kinds = people.shrinkage.set_index("town_id")[["kind", "reason"]]
    return growth.join(kinds.rename(columns={"reason": "kind_reason"}), how="outer")


def _ages(people: Diagnosis) -> pd.DataFrame:
    """Retention of the young, and ages of the last count."""
    kept = people.retention.drop_duplicates("town_id", keep="last").set_index("town_id")
    ages = people.structure.sort_values("year", kind="stable")
    last = ages.drop_duplicates("town_id", keep="last").set_index("town_id")
    return kept[["retention", "keeps_young"]].join(
        last[["old_per_child", "dependants_per_adult"]], how="outer"
    )


def _industry(industry: IndustryProfile) -> pd.DataFrame:
    latest = industry.latest()[
        ["top_industry", "top_share", "top_quotient", "effective_industries", "krugman"]
    ]
    stages = industry.stage_of.set_index("town_id")[["stage", "since"]]
    return stages.rename(columns={"since": "stage_since"}).join(latest, how="outer")


def _status(status: SingleIndustryStatus) -> pd.DataFrame:
    verdicts = status.verdicts.set_index("town_id")
    return verdicts[["verdict", "category", "possible_categories", "reason"]].rename(
        columns={"reason": "status_reason"}
    )


def _projection(projection: Projection | None) -> pd.DataFrame:
    """People at the end for those at the beginning, and the chance of less than half."""
    types = {
        "projected_year": "Int64",
        "projected_multiple": "Float64",
        "p_half": "Float64",
        "half_year": "Int64",
    }
    if projection is None:
        empty = {name: pd.Series(dtype=kind) for name, kind in types.items()}
        return pd.DataFrame(empty, index=pd.Index([], dtype="string"))
    last = projection.towns.drop_duplicates("town_id", keep="last").set_index("town_id")
    begun = projection.inputs.set_index("town_id")["persons"].reindex(last.index)
    years = projection.depopulating().set_index("town_id")["half_year"]
    multiple = last["persons"].astype(float) / begun.astype(float).where(begun.astype(float) > 0)
    return pd.DataFrame(
        {
            "projected_year": last["year"],
            "projected_multiple": multiple,
            "p_half": last["p_half"],
            "half_year": years.reindex(last.index),
        }
    ).astype(types)


def _n_suspicious(people: Diagnosis) -> pd.Series[int]:
    return people.suspicious["town_id"].value_counts()
