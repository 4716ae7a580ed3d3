"""Partitions for tests, written in a line."""

from hypothesis import strategies as st

from comarca.model.partition import Area, Partition


def partition_of(text: str) -> Partition:
    """
    Make a partition of ``"ash:x birch:x cedar:"``: town, area; blank is none.

    The first town of an area heads it; the area is called by its id in capitals.
    """
    return partition_from(dict(word.split(":") for word in text.split()))


def partition_from(area_of: dict[str, str | None]) -> Partition:
    """Make a partition of areas by town; blank or ``None`` is none."""
    placed = {town: area or None for town, area in area_of.items()}
    heads: dict[str, str] = {}
    for town, area in placed.items():
        if area is not None:
            heads.setdefault(area, town)
    return Partition(
        origin="official",
        area_of=placed,
        status_of={
            town: "unassigned" if area is None else "core" if heads[area] == town else "member"
            for town, area in placed.items()
        },
        areas=tuple(
            Area(area_id=area, name=area.upper(), head_town_id=head) for area, head in heads.items()
        ),
    )


@st.composite
def partitions(draw: st.DrawFn, n_partitions: int = 2, *, with_gaps: bool = False):
    """Several partitions of the same few towns."""
    n_towns = draw(st.integers(2, 9))
    areas = [f"a{number}" for number in range(5)] + ([""] if with_gaps else [])
    return [
        partition_from({f"t{town}": draw(st.sampled_from(areas)) for town in range(n_towns)})
        for _ in range(n_partitions)
    ]


def weights_of(partition: Partition):
    """Draw persons for each town of a partition."""
    return st.fixed_dictionaries({town: st.integers(1, 1_000) for town in partition.town_ids})
