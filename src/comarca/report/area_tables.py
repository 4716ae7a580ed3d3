"""Labour market areas as tables: what the page, the document and the workbook show alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from comarca.commuting import flows_between_areas
from comarca.model.partition import Area
from comarca.report.area_results import AreaResults
from comarca.report.place_tables import MEASURES
from comarca.report.tables import Column, Table

STATUSES: Mapping[str, str] = {
    "core": "head",
    "member": "member",
    "reserve-assigned": "member, joined by link at the end",
    "neighbour-assigned": "member, joined its neighbours at the end",
    "unassigned": "in no area: linked with none",
    "no-flow": "in no area: no flows to judge by",
}
"""How a town came to its area, in words."""

STEPS: Mapping[str, str] = {
    "joined": "joined another group",
    "A": "set aside: a group by itself, and no group it is linked with gained by it",
    "B": "set aside: a group by itself, linked with no group",
    "C": "set aside: left a larger group, and no group it is linked with gained by it",
    "D": "set aside: left a larger group, linked with no group; the group was broken up",
    "E": "set aside as that group was broken up: no group gained by it",
    "F": "set aside as that group was broken up: linked with no group",
    "assigned": "out of the reserve, to the area it is most strongly linked with",
    "repaired": "passed on to another area, so that areas meet the rule or hang together",
}
"""What a step did with a town, in words; letters as the R package has them."""

_FIGURES = (
    "residents",
    "jobs",
    "inside",
    "self_containment_supply",
    "self_containment_demand",
    "validity",
)
_MORE_FIGURES = (
    "commuter_ratio",
    "home_work_ratio",
    "link_cohesion",
    "flow_cohesion",
    "n_central_towns",
)
_OWN_MEASURES: Mapping[str, Column] = {
    **MEASURES,
    "n_towns": Column("Towns", "count"),
    "residents": Column("Working residents", "count"),
    "jobs": Column("Jobs", "count"),
    "inside": Column("Live and work there", "count"),
    "self_containment_supply": Column("Self-containment, residents", "share"),
    "self_containment_demand": Column("Self-containment, jobs", "share"),
    "validity": Column("Validity", "number"),
    "commuter_ratio": Column("Commuters in and out over twice those inside", "number"),
    "home_work_ratio": Column("Net out-commuters over those inside", "number"),
}


_MEETS_RULE = Column("Meets the rule", "flag")
_SPREAD: Mapping[str, str] = {
    "min": "Least",
    "lower_quartile": "Lower quartile",
    "median": "Median",
    "mean": "Mean",
    "upper_quartile": "Upper quartile",
    "max": "Most",
}


class AreaTables:
    """
    Every table of a delineation.

    Parameters
    ----------
    results
        The delineation.
    """

    def __init__(self, results: AreaResults) -> None:
        self.results = results
        self.partition = results.areas.partition
        self._area = {area.area_id: area for area in self.partition.areas}
        self._has_names = bool(results.names)

    def areas(self) -> Table:
        """One row an area with every figure, the most working residents first."""
        columns = (
            *self._area_columns(),
            *(_OWN_MEASURES[name] for name in ("n_towns", *_FIGURES)),
            _MEETS_RULE,
            Column("Out-commuters", "count"),
            Column("In-commuters", "count"),
            *(_OWN_MEASURES[name] for name in _MORE_FIGURES),
        )
        rows = tuple(self._area_row(self._area[area_id]) for area_id in self.results.ranking)
        return Table("Areas", "Areas, the largest first", columns, rows)

    def areas_shown(self) -> Table:
        """The figures of areas that fit a page."""
        table = self.areas()
        left_out = {_OWN_MEASURES[name].title for name in ("inside", *_MORE_FIGURES)}
        if not self.results.overview.n_below_rule:
            left_out.add(_MEETS_RULE.title)
        return table.select([c.title for c in table.columns if c.title not in left_out])

    def _area_columns(self) -> tuple[Column, ...]:
        """Code, name where any is known, and the package's number where it is repeated."""
        name = (Column("Area"),) if self._has_names else ()
        cluster = (Column("Cluster", "code"),) if self.results.cluster_of else ()
        return (Column("Code", "code"), *name, *cluster)

    def _area_named(self, area_id: str | None) -> tuple[Any, ...]:
        name = (self._area[area_id].name if area_id else None,) if self._has_names else ()
        clusters = self.results.cluster_of
        cluster = (clusters.get(area_id or ""),) if clusters else ()
        return (area_id, *name, *cluster)

    def _area_row(self, area: Area) -> tuple[Any, ...]:
        figure = area.quality
        return (
            *self._area_named(area.area_id),
            len(self.partition.members(area.area_id)),
            *(figure.get(name) for name in _FIGURES),
            figure["validity"] >= 1,
            figure["residents"] - figure["inside"],
            figure["jobs"] - figure["inside"],
            *(figure.get(name) for name in _MORE_FIGURES),
        )

    def members(self) -> Table:
        """The towns of each area in a line, heads first; then the towns in none."""
        rows: list[tuple[Any, ...]] = []
        for area_id in self.results.ranking:
            head = self._area[area_id].head_town_id
            towns = [town for town in self.partition.members(area_id) if town != head]
            rows.append((*self._area_named(area_id), self._in_line([head, *self._sorted(towns)])))
        outside = [town for town, area in self.partition.area_of.items() if area is None]
        if outside:
            blank = self._area_named(None)
            told = ("none", *blank[1:])
            rows.append((*told, self._in_line(self._sorted(outside))))
        return Table(
            "Members",
            "Towns of each area, the head first",
            (*self._area_columns(), Column("Towns")),
            tuple(rows),
        )

    def _sorted(self, towns: list[str]) -> list[str]:
        names = self.results.names
        return sorted(towns, key=lambda town: (names.get(town) or town).casefold())

    def _in_line(self, towns: list[str]) -> str:
        return ", ".join(self.results.town(town) for town in towns)

    def towns(self) -> Table:
        """One row a town, in the order of the flows."""
        flows = self.results.flows
        columns = (
            Column("Town code", "code"),
            *((Column("Town"),) if self._has_names else ()),
            *(
                Column(f"Area {c.title.lower()}" if c.title != "Area" else c.title, c.kind)
                for c in self._area_columns()
            ),
            Column("Place in the area"),
            Column("Working residents", "count"),
            Column("Jobs", "count"),
            Column("Live and work in the town", "count"),
            Column("Of its residents, work in the area", "share"),
        )
        own_town = dict(zip(flows.town_ids, flows.persons.diagonal().tolist(), strict=True))
        residents = dict(zip(flows.town_ids, flows.workers.tolist(), strict=True))
        jobs = dict(zip(flows.town_ids, flows.jobs.tolist(), strict=True))
        own_area = self._in_own_area()
        rows = []
        for town, area_id in self.partition.area_of.items():
            named = (self.results.names.get(town),) if self._has_names else ()
            rows.append(
                (
                    town,
                    *named,
                    *self._area_named(area_id),
                    STATUSES.get(self.partition.status_of[town], self.partition.status_of[town]),
                    residents[town],
                    jobs[town],
                    own_town[town],
                    own_area.get(town),
                )
            )
        return Table("Towns", "Towns", columns, tuple(rows))

    def _in_own_area(self) -> dict[str, float]:
        """Share of each town's working residents who work in its area."""
        flows, area_of = self.results.flows, self.partition.area_of
        number = {area_id: at for at, area_id in enumerate(self.results.ranking)}
        place = np.array([number.get(area_of.get(t) or "", -1) for t in flows.town_ids])
        pairs = flows.persons.tocoo()
        homes, jobs = pairs.coords
        stays = (place[homes] == place[jobs]) & (place[homes] >= 0)
        inside = np.bincount(homes[stays], pairs.data[stays], len(place))
        return {
            town: float(inside[at] / total)
            for at, (town, total) in enumerate(zip(flows.town_ids, flows.workers, strict=True))
            if total and place[at] >= 0
        }

    def spread(self) -> Table:
        """How areas differ, each counted once."""
        spread = self.results.overview.spread
        columns = (Column(""), *(_OWN_MEASURES[str(figure)] for figure in spread.index))
        rows = tuple(
            (told, *spread[name].tolist()) for name, told in _SPREAD.items() if name in spread
        )
        return Table("Spread", "How areas differ", columns, rows, "each area counted once")

    def flows(self, *, between_only: bool = False) -> Table:
        """Commuters from area to area, the most first."""
        named = self._area_columns()
        columns = (
            *(Column(f"From {c.title.lower()}", c.kind) for c in named),
            *(Column(f"To {c.title.lower()}", c.kind) for c in named),
            Column("Commuters", "count"),
            Column("Of all workers of the first", "share"),
        )
        rows = [
            (*self._area_named(origin), *self._area_named(destination), persons, share)
            for origin, destination, persons, share in self._pairs()
            if not between_only or (origin != destination and origin and destination)
        ]
        title = "Largest flows between areas" if between_only else "Commuters from area to area"
        return Table("Flows", title, columns, tuple(rows))

    def _pairs(self) -> Iterator[tuple[str | None, str | None, float, float]]:
        table = flows_between_areas(self.partition, self.results.flows)
        yield from table.itertuples(index=False, name=None)

    def steps(self) -> Table:
        """How many steps of each kind were taken."""
        counted = Counter(self.results.areas.trace()["type"])
        rows = tuple((kind, told, counted[kind]) for kind, told in STEPS.items() if counted[kind])
        columns = (
            Column("Type", "code"),
            Column("What it did with a town"),
            Column("Steps", "count"),
        )
        return Table("Steps", "Steps by kind", columns, rows)

    def reserve(self) -> Table:
        """Towns that were set aside, in order, and where they are now."""
        columns = (
            Column("Town code", "code"),
            *((Column("Town"),) if self._has_names else ()),
            Column("Type", "code"),
            Column("Step", "count"),
            Column("Validity of the group it left", "number"),
            Column("Area now", "code"),
            Column("Place in the area"),
        )
        rows = []
        for entry in self.results.areas.reserve:
            town, status = entry.town_id, self.partition.status_of[entry.town_id]
            named = (self.results.names.get(town),) if self._has_names else ()
            where = (self.partition.area_of[town], STATUSES.get(status, status))
            rows.append((town, *named, entry.kind, entry.iteration, entry.validity, *where))
        return Table("Reserve", "Towns set aside, in order", columns, tuple(rows))
