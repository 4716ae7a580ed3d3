"""A page for each town: all of it where the plan touches the town, a card elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from comarca.report import palette, totals, words
from comarca.report.contents import Contents
from comarca.report.tables import Column, Table, Told, tell

FULL_PAGES_UP_TO = 200
"""A region of so many towns has a full page for each."""


@dataclass(frozen=True)
class Fact:
    """A line of a town's page."""

    label: str
    told: Told


@dataclass(frozen=True)
class TownPage:
    """
    What the report says of one town.

    Parameters
    ----------
    town_id, name, anchor
        Who it is, and where on the page.
    is_full
        Whether it has a page or a card.
    role
        In a few words: base, workshop town, head of an area; empty for the others.
    facts
        Lines of figures.
    tables
        Workshops, trucks and ledgers, where there are any.
    """

    town_id: str
    name: str
    anchor: str
    is_full: bool
    role: str
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]


def anchor(town_id: str) -> str:
    """Name of a town's place on the page."""
    return f"town-{quote(town_id, safe='')}"


@dataclass(frozen=True, eq=False)
class TownPages:
    """
    All towns in the order of their names.

    Parameters
    ----------
    contents
        The plan's tables and names.
    """

    contents: Contents

    def pages(self) -> tuple[TownPage, ...]:
        """One a town."""
        return tuple(self.page(town) for town in self.contents.towns_by_name)

    @cached_property
    def touched(self) -> frozenset[str]:
        """Towns with a workshop or a base."""
        return frozenset(self.contents.workshops_of) | (self.contents.base_towns - {""})

    def page(self, town: str) -> TownPage:
        """The page of one town."""
        is_full = town in self.touched or self.contents.plan.region.n_towns <= FULL_PAGES_UP_TO
        facts = tuple(self._facts(town, is_full=is_full))
        tables = tuple(table for table in self._tables(town) if table.rows) if is_full else ()
        name = self.contents.names.town(town)
        return TownPage(town, name, anchor(town), is_full, self._role(town), facts, tables)

    def _role(self, town: str) -> str:
        heads = {area.head_town_id for area in self.contents.plan.areas.areas}
        roles = (
            ("town of a base", town in self.contents.base_towns),
            ("workshop town", town in self.contents.workshops_of),
            ("head of a commuting area", town in heads),
        )
        return ", ".join(role for role, holds in roles if holds)

    @cached_property
    def _rows(self) -> Mapping[str, tuple[Any, ...]]:
        return {row[0]: row for row in self.contents.towns.rows}

    def _facts(self, town: str, *, is_full: bool) -> list[Fact]:
        table, row = self.contents.towns, self._rows[town]
        shown = FULL_FACTS if is_full else CARD_FACTS
        facts = []
        for column, value in zip(table.columns, row, strict=True):
            if column.title in shown:
                facts.append(Fact(column.title, tell(value, column, self.contents.currency)))
        return facts + ([*self._growth(town), *self._diagnosed(town)] if is_full else [])

    @cached_property
    def _diagnosed_of(self) -> Mapping[str, Mapping[str, Any]]:
        """What each town is, by id; what is missing is ``None``."""
        frame = self.contents.plan.diagnosed
        if frame.empty:
            return {}
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
        return {str(row["town_id"]): {str(key): row[key] for key in row} for row in rows}

    def _diagnosed(self, town: str) -> list[Fact]:
        """Kind of growth, stage of industry, status and readiness, where they are decided."""
        row = self._diagnosed_of.get(town)
        if row is None:
            return []
        facts = [Fact("Kind of growth", _plain_told(row["kind"], row["kind_reason"]))]
        industry = words.share(float(row["top_share"])) if row["top_industry"] else ""
        facts.append(Fact("Largest industry", _plain_told(row["top_industry"], industry)))
        since = f"since {row['stage_since']}" if row["stage"] else ""
        facts.append(Fact("Stage of industry", _plain_told(row["stage"], since)))
        is_decided = row["verdict"] in ("single-industry", "not single-industry")
        status = row["verdict"] if is_decided else None
        facts.append(Fact("Single-industry status", _plain_told(status, row["status_reason"])))
        for name, label in (("remote_work", "Remote work"), ("distance_learning", "Learning")):
            if row[name] is not None:
                value = float(row[name])
                told = Told(f"{value:.2f}", value, True, True)  # its weights are assumed
                facts.append(Fact(f"{label}: readiness", told))
        return [fact for fact in facts if fact.told.text]

    @cached_property
    def _growth_of(self) -> Mapping[str, tuple[Any, ...]]:
        frame = self.contents.plan.growth
        if frame.empty:
            return {}
        wanted = frame[["town_id", "year_from", "year_to", "growth_multiple", "annual_rate"]]
        return {str(row[0]): row[1:] for row in wanted.itertuples(index=False)}

    def _growth(self, town: str) -> list[Fact]:
        found = self._growth_of.get(town)
        if found is None or any(words.is_missing(value) for value in found):
            return []
        first, last, multiple, rate = found
        told = f"× {words.rounded(float(multiple))} ({words.share(float(rate))} a year)"
        label = f"Population {int(first)} to {int(last)}"
        return [Fact(label, Told(told, float(multiple), False, False))]

    def _tables(self, town: str) -> list[Table]:
        return [self._workshops(town), self._trucks(town), self._ledger(town)]

    def _workshops(self, town: str) -> Table:
        own = [row for row in self.contents.workshops.rows if row[0] == town]
        table = self.contents.workshops
        titles = ["Process", "Base", "Workers", "Who they are now", "Goods in", "Goods out"]
        titles += ["Floor", "Renovation", "Rent"]
        kept = Table(table.name, "Workshop", table.columns, tuple(own), currency=table.currency)
        return kept.select(titles)

    def _trucks(self, town: str) -> Table:
        columns = (
            Column("Route", "code"),
            Column("Trip", "count"),
            Column("Arrives", "clock"),
            Column("Leaves", "clock"),
            Column("Driven"),
            Column("Set down", "number", "t"),
            Column("Taken up", "number", "t"),
        )
        rows = [
            (
                visit.route.route_id,
                visit.trip,
                visit.comes_min,
                visit.leaves_min,
                words.driven(visit.route.every_days, visit.route.first_day),
                visit.stop.delivered_t,
                visit.stop.collected_t,
            )
            for shop in self.contents.workshops_of.get(town, ())
            for visit in self.contents.visits_of(shop.facility_id)
        ]
        return Table("Truck", "The truck's visits", columns, tuple(rows))

    @cached_property
    def _ledgers(self) -> Mapping[str, Mapping[tuple[str, str], float]]:
        return totals.town_ledger(self.contents)

    def _ledger(self, town: str) -> Table:
        sums = self._ledgers.get(town, {})
        columns = (
            Column("Whose ledger"),
            Column("By commuting", "money", "a year"),
            Column("By freight", "money", "a year"),
        )
        # A party without a row gets nothing, unless the regime as a whole is out of reach.
        known = {r: None if _total(sums, r) is None else 0.0 for r in totals.SHOWN_REGIMES}
        rows: list[tuple[Any, ...]] = [
            (told, *(sums.get((party, regime), known[regime]) for regime in totals.SHOWN_REGIMES))
            for party, told in palette.PARTIES.items()
            if any(key[0] == party for key in sums)
        ]
        if rows:
            rows.append((totals.ALTOGETHER, *(_total(sums, r) for r in totals.SHOWN_REGIMES)))
        currency = self.contents.currency
        # Under commuting a town has no rows when its people live beyond the daily limit.
        can_commute = any(regime == "commuting" for _, regime in sums)
        note = "" if can_commute or not rows else "Too far to take these jobs by commuting."
        return Table(
            "Ledger", "Gains and losses against today", columns, tuple(rows), note, currency
        )


def _plain_told(text: str | None, beside: str | None) -> Told:
    """Words with what stands behind them in brackets; blank where there are none."""
    if not text:
        return Told("", None, False, False)
    return Told(f"{text} ({beside})" if beside else text, None, False, False)


def _total(sums: Mapping[tuple[str, str], float], regime: str) -> float | None:
    """All parties together, nothing where the regime has no rows."""
    amounts = [amount for (_, where), amount in sums.items() if where == regime]
    return sum(amounts) if amounts else None


FULL_FACTS = frozenset(
    (
        "Code",
        "Population",
        "Labour force",
        "Unemployed",
        "Jobs",
        "Size class",
        "Commuting area",
        "Place in the area",
        "Tied to base",
        "Workshop jobs",
    )
)
CARD_FACTS = frozenset(("Population", "Jobs", "Unemployed", "Commuting area"))
