"""The comparison as tables: ledgers, cost to serve, break-even, reach, terms of the value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comarca.report import words
from comarca.report.tables import Column, Table

if TYPE_CHECKING:
    from comarca.report.contents import Contents


def ledgers(contents: Contents) -> Table:
    """The tidy ledgers with the names of towns."""
    columns = (
        Column("Town code", "code"),
        Column("Town"),
        Column("Regime"),
        Column("Party"),
        Column("Term"),
        Column("Amount", "money", f"{contents.currency}/year"),
    )
    frame = contents.plan.comparison.ledgers
    rows = tuple(
        (str(town), contents.names.town(str(town)), regime, party, term, float(amount))
        for town, regime, party, term, amount in frame.itertuples(index=False)
    )
    note = "Gains are positive. Amounts are changes against today."
    return Table("Ledgers", "Three ledgers by town", columns, rows, note, contents.currency)


def cost_to_serve(contents: Contents) -> Table:
    """Cost of a worker-day by town, regime and component."""
    columns = (
        Column("Town code", "code"),
        Column("Town"),
        Column("Base"),
        Column("Regime"),
        Column("Component"),
        Column("Amount", "money", f"{contents.currency} per worker-day"),
    )
    frame = contents.plan.comparison.cost_to_serve
    rows = tuple(
        (
            str(town),
            contents.names.town(str(town)),
            contents.names.base(str(base)),
            regime,
            part,
            float(a),
        )
        for town, base, regime, part, a in frame.itertuples(index=False)
    )
    return Table("Cost to serve", "Cost of a worker-day", columns, rows, currency=contents.currency)


def break_even(contents: Contents) -> Table:
    """Break-even labour intensity by process and town."""
    per_t, per_day = "h/t", f"{contents.currency} per worker-day"
    columns = (
        Column("Process"),
        Column("Town code", "code"),
        Column("Town"),
        Column("Base"),
        Column("Labour intensity", "number", per_t),
        Column("Break-even", "number", per_t),
        Column("Break-even, flat", "number", per_t),
        Column("Freight", "money", per_day),
        Column("Commuting", "money", per_day),
        Column("Freight is cheaper", "flag"),
    )
    rows: list[tuple[Any, ...]] = []
    for row in contents.plan.comparison.break_even.itertuples(index=False):
        process, town, base, *figures, cheaper = row
        name = contents.names.process(str(process))
        place = (str(town), contents.names.town(str(town)), contents.names.base(str(base)))
        rows.append((name, *place, *map(float, figures), bool(cheaper)))
    note = (
        "Work with many hours of labour in a tonne is light to carry for the wages in it. From "
        "the break-even on it is cheaper to bring the work to the people than the people to the "
        "work. “No limit” means that no work is worth bringing there, however light."
    )
    return Table("Break-even", "Break-even", columns, tuple(rows), note, contents.currency)


def reach(contents: Contents) -> Table:
    """What lies within a commute and within a truck's shift."""
    columns = (
        Column("Base"),
        Column("Regime"),
        Column("Limit, one way", "number", "min"),
        Column("Towns", "count"),
        Column("People", "count", "persons"),
        Column("Area around them", "number", "km²"),
    )
    rows = tuple(
        (
            contents.names.base(str(base)),
            regime,
            float(limit),
            float(towns),
            float(people),
            float(km2),
        )
        for base, regime, limit, towns, people, km2 in contents.plan.comparison.reach.itertuples(
            index=False
        )
    )
    return Table("Reach", "Reach", columns, rows, currency=contents.currency)


def terms(contents: Contents) -> Table:
    """What the value is made of."""
    columns = (Column("Term"), Column("Amount", "money", f"{contents.currency}/year"))
    rows = tuple(
        (words.readable(name), float(amount))
        for name, amount in contents.plan.freight.terms.items()
    )
    worth = words.money(contents.plan.freight.value, contents.currency)
    note = f"Together they are the {worth} a year that the plan is worth."
    return Table("Terms", "What the value is made of", columns, rows, note, contents.currency)
