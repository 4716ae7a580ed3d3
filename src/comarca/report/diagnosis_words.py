"""Findings of a diagnosis in the words of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comarca.model.status_rules import MEASURES
from comarca.report import words
from comarca.report.diagnosis_rows import Row

COMPARISONS: Mapping[str, str] = {
    "at_least": "≥",
    "above": ">",
    "at_most": "≤",
    "below": "<",
    "one_of": "one of:",
    "is_true": "",
}
UNCONFIRMED = "‡"
"""Stands beside a threshold that no source seen states."""
PURPOSES: Mapping[str, str] = {
    "remote_work": "Remote work",
    "distance_learning": "Learning at a distance",
}


def growth(row: Row) -> str:
    """Growth of a town: ``× 1.96 from 1990 to 2015, +2.7 % a year``."""
    if row["growth_multiple"] is None:
        return ""
    return (
        f"× {words.rounded(float(row['growth_multiple']))} from {row['year_from']} to "
        f"{row['year_to']}, {signed_share(float(row['annual_rate']))} a year"
    )


def signed_share(value: float) -> str:
    """A change as a percentage with its sign."""
    return f"+{words.share(value)}" if value > 0 else words.share(value)


def threshold(row: Row) -> str:
    """What a criterion asks: ``≥ 20 %``."""
    return f"{COMPARISONS[row['comparison']]} {measured(row['measure'], row['threshold'])}".strip()


def measured(measure: str, value: str | None) -> str | None:
    """A value of a criterion as people write it."""
    if value is None:
        return None
    kind, unit = MEASURES[measure].kind, MEASURES[measure].unit
    if kind == "share":
        return words.share(float(value))
    if kind == "number":
        told = words.rounded(float(value), 4)
        return f"{told} {unit}" if unit else told
    return value


def category(row: Row) -> str:
    """Category of a town, or those that are possible."""
    if row["verdict"] == "not single-industry" or not row["possible_categories"]:
        return ""
    if row["category"] is not None:
        return f"category {row['category']}"
    told = (
        f"category {words.listed(row['possible_categories'].split(', ')).replace(' and ', ' or ')}"
    )
    return told if row["verdict"] == "single-industry" else f"if it is, {told}"


def stage(row: Row) -> str:
    """Stage of a town's industry with its first year, or nothing."""
    if row["stage"] is None:
        return ""
    return f"{row['stage']} since {row['since']}"


def score(row: Row, purpose: str) -> str:
    """A score of readiness, or the range it may lie in."""
    if row[purpose] is not None:
        return f"{float(row[purpose]):.2f}"
    low, high = float(row[f"{purpose}_low"]), float(row[f"{purpose}_high"])
    return f"{low:.2f} to {high:.2f}"


def known(value: Any) -> Any:
    """A number as a float; missing stays missing."""
    return None if value is None else float(value)
