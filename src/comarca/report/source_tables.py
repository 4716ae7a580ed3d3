"""What was assumed, and where everything else comes from, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comarca.report import words
from comarca.report.tables import Assumed, Column, Table

if TYPE_CHECKING:
    from comarca.report.contents import Contents


def assumed(contents: Contents) -> Table:
    """Every default that was relied on, those without a source first marked."""
    columns = (
        Column("Meaning"),
        Column("Value"),
        Column("Low"),
        Column("High"),
        Column("Unit"),
        Column("Basis"),
        Column("Stands in for"),
        Column("Source or reasoning"),
        Column("Date"),
        Column("Setting", "code"),
    )
    rows: list[tuple[Any, ...]] = []
    for used in contents.plan.assumed:
        value = words.setting_value(used.value)
        entry = used.assumption
        low, high = (
            None if bound is None else words.setting_value(bound) for bound in (used.low, used.high)
        )
        shown = Assumed(value) if used.is_assumed else value
        rows.append(
            (
                entry.meaning,
                shown,
                low,
                high,
                "" if used.unit == "1" else used.unit,
                entry.basis,
                used.used_for or "a setting of the study",
                entry.source,
                entry.date,
                used.setting,
            )
        )
    return Table("Assumed", "What is assumed", columns, tuple(rows), currency=contents.currency)


def sources(contents: Contents) -> Table:
    """Where the data come from and what the plan was computed with."""
    plan = contents.plan
    made = plan.manifest
    rows = [("source", line, "") for line in plan.region.sources]
    rows += [("warning", str(fault), "") for fault in plan.region.warnings]
    rows += [("input, SHA-256", name, digest) for name, digest in made.inputs.items()]
    rows += [("version", name, number) for name, number in made.versions.items()]
    rows += [("seed", "seed of every random choice", str(made.seed))]
    rows += [("created", "UTC", made.created)]
    for stage, settings in made.parameters.items():
        rows += [
            (f"setting, {stage}", name, words.setting_value(value))
            for name, value in settings.items()
        ]
    columns = (Column("Kind"), Column("What", "code"), Column("Value", "code"))
    return Table("Sources", "Sources and settings", columns, tuple(rows))
