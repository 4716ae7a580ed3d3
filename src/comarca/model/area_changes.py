"""
What became of each area and of each town between two partitions, A and B, of the same towns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

import pandas as pd

from comarca.model.partition import Partition

Change = Literal["unchanged", "split", "merged", "shifted", "redrawn", "absent"]
Difference = Literal["stays", "moves", "gains", "loses", "none"]
CHANGES: tuple[Change, ...] = get_args(Change)
DIFFERENCES: tuple[Difference, ...] = get_args(Difference)
Persons = Mapping[str, float] | None
_SAME_AREA = 0.5  # a Jaccard index beyond it no third area can have with either of the two


def overlap_table(a: Partition, b: Partition, persons: Persons = None) -> pd.DataFrame:
    """
    Areas of A by areas of B, where they have towns in common.

    Parameters
    ----------
    a, b
        Partitions of the same towns.
    persons
        Of each town, or ``None``.

    Returns
    -------
    DataFrame
        ``area_a``, ``area_b`` (text, missing = no area), ``n_towns``, ``persons`` (missing without
        persons), and ``share_of_a``, ``share_of_b``, the part of each area that the two have in
        common, by persons where given, else by towns. In the order of the areas, towns in none
        last.
    """
    size = persons or dict.fromkeys(a.town_ids, 1)
    towns: dict[tuple[str | None, str | None], list[str]] = {}
    for town in a.town_ids:
        towns.setdefault((a.area_of[town], b.area_of[town]), []).append(town)
    places = tuple(_places(partition) for partition in (a, b))
    whole = tuple(_totals(partition, size) for partition in (a, b))
    rows = []
    for pair in sorted(towns, key=lambda pair: (places[0][pair[0]], places[1][pair[1]])):
        common = sum(size[town] for town in towns[pair])
        shares = (
            None if area is None else _share(common, total[area])
            for total, area in zip(whole, pair, strict=True)
        )
        rows.append((*pair, len(towns[pair]), common if persons else None, *shares))
    columns = ["area_a", "area_b", "n_towns", "persons", "share_of_a", "share_of_b"]
    return _frame(rows, columns, numbers=columns[3:])


def _places(partition: Partition) -> dict[str | None, int]:
    """Where each area stands in its partition; no area comes last."""
    ids = [area.area_id for area in partition.areas]
    return {area_id: place for place, area_id in enumerate([*ids, None])}


def _totals(partition: Partition, size: Mapping[str, float]) -> dict[str, float]:
    """Size of each area."""
    return {
        area.area_id: sum(size[town] for town in partition.members(area.area_id))
        for area in partition.areas
    }


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _frame(
    rows: Sequence[tuple[Any, ...]], columns: Sequence[str], *, numbers: Sequence[str]
) -> pd.DataFrame:
    """Rows as a table: codes are text, and numbers stay numbers where none is given."""
    table = pd.DataFrame(rows, columns=list(columns))
    kinds = {name: "string" for name in columns if name.startswith(("area_", "best_"))}
    return table.astype(kinds | dict.fromkeys(numbers, "float64"))


def changed_areas(a: Partition, b: Partition, persons: Persons = None) -> pd.DataFrame:
    """
    What became of each area, seen from its own partition.

    Parameters
    ----------
    a, b
        Partitions of the same towns.
    persons
        Of each town, or ``None``.

    Returns
    -------
    DataFrame
        One row an area, those of A first: ``partition`` (``a`` or ``b``), ``area_id``,
        ``area_name``, ``n_towns``, ``persons``, ``best_match``, ``jaccard``, ``jaccard_persons``
        and ``change``. The best match is the area of the other partition with the largest Jaccard
        index by towns (towns in common among the towns of either); of equals the first.

    Notes
    -----
    ``change`` is the first of these that holds:

    - ``unchanged``: the other partition has an area of the same towns.
    - ``split``: it is two areas or more of the other, and nothing else.
    - ``merged``: an area of the other is this and further areas of its own partition, and nothing
      else.
    - ``shifted``: its best match has a Jaccard index above 1/2, so it is the same area with another
      border.
    - ``redrawn``: its towns are in areas that are none of these.
    - ``absent``: the other partition has none of its towns in an area.
    """
    rows = [
        *(("a", *fate) for fate in _fates(a, b, persons)),
        *(("b", *fate) for fate in _fates(b, a, persons)),
    ]
    numbers = ["persons", "jaccard", "jaccard_persons"]
    columns = ["partition", "area_id", "area_name", "n_towns", "persons", "best_match", "jaccard"]
    return _frame(rows, [*columns, "jaccard_persons", "change"], numbers=numbers)


def _fates(own: Partition, other: Partition, persons: Persons) -> Iterator[tuple[Any, ...]]:
    """Each area with its size, its best match, how alike they are, and what became of it."""
    places = _places(other)
    people, theirs = (_totals(part, persons) if persons else {} for part in (own, other))
    unions = _made_of_wholes(other, own)
    for area in own.areas:
        towns = own.members(area.area_id)
        met = Counter(other.area_of[town] for town in towns)
        likeness = {
            rival: met[rival] / (len(towns) + len(other.members(rival)) - met[rival])
            for rival in sorted(met, key=places.__getitem__)
            if rival is not None
        }
        best = max(likeness, key=likeness.__getitem__, default=None)
        alike = likeness[best] if best is not None else 0.0
        alike_by_persons = 0.0 if persons else None
        if persons and best is not None:
            both = sum(persons[town] for town in towns if other.area_of[town] == best)
            either = people[area.area_id] + theirs[best] - both
            alike_by_persons = _share(both, either)
        yield (
            area.area_id,
            area.name,
            len(towns),
            people.get(area.area_id),
            best,
            alike,
            alike_by_persons,
            _change(met, other, unions, alike),
        )


def _change(
    met: Mapping[str | None, int],
    other: Partition,
    unions: Collection[str],
    alike: float,
) -> Change:
    """Judge an area by the rules of :func:`changed_areas`, in their order."""
    areas = [area for area in met if area is not None]
    if not areas:
        return "absent"
    if len(areas) == len(met) and all(len(other.members(area)) == met[area] for area in areas):
        return "unchanged" if len(areas) == 1 else "split"
    if len(met) == 1 and areas[0] in unions:
        return "merged"
    return "shifted" if alike > _SAME_AREA else "redrawn"


def _made_of_wholes(partition: Partition, parts: Partition) -> frozenset[str]:
    """Areas of a partition that are areas of another one and nothing else."""
    unions = set()
    for area in partition.areas:
        met = Counter(parts.area_of[town] for town in partition.members(area.area_id))
        if all(part is not None and len(parts.members(part)) == n for part, n in met.items()):
            unions.add(area.area_id)
    return frozenset(unions)


def changed_towns(a: Partition, b: Partition, persons: Persons = None) -> pd.DataFrame:
    """
    What became of each town: a tidy table that a layer of a map can take.

    Parameters
    ----------
    a, b
        Partitions of the same towns.
    persons
        Of each town, or ``None``.

    Returns
    -------
    DataFrame
        One row a town in the order of A: ``town_id``; ``area_a``, ``area_b`` (missing = none);
        ``persons``; ``area_of_head``, the area of B that holds the head town of the town's area in
        A; ``difference``; ``partners_kept``, ``partners_lost``, ``partners_gained``, the other
        towns it shares its area with in both, in A alone, in B alone.

    Notes
    -----
    ``difference`` is ``stays`` (with the head of its area in A), ``moves`` (to another area of B),
    ``gains`` (an area in B, none in A), ``loses`` (none in B), ``none`` (in neither).
    """
    common = Counter((a.area_of[town], b.area_of[town]) for town in a.town_ids)
    head_in_b = {area.area_id: b.area_of[area.head_town_id] for area in a.areas}
    rows = []
    for town in a.town_ids:
        here, there = a.area_of[town], b.area_of[town]
        beside = head_in_b[here] if here is not None else None
        kept = common[here, there] - 1 if here is not None and there is not None else 0
        partners = (
            len(part.members(area)) - 1 if area is not None else 0
            for part, area in ((a, here), (b, there))
        )
        gone, new = (n_partners - kept for n_partners in partners)
        people = persons[town] if persons else None
        difference = _difference(here, there, beside)
        rows.append((town, here, there, people, beside, difference, kept, gone, new))
    columns = ["town_id", "area_a", "area_b", "persons", "area_of_head", "difference"]
    table = _frame(
        rows,
        [*columns, "partners_kept", "partners_lost", "partners_gained"],
        numbers=["persons"],
    )
    return table.astype({"town_id": "string", "difference": "string"})


def _difference(here: str | None, there: str | None, beside: str | None) -> Difference:
    if here is None:
        return "none" if there is None else "gains"
    if there is None:
        return "loses"
    return "stays" if there == beside else "moves"
