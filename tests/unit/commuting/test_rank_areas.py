"""The criterion of every area: who is drawn, which areas are too small, what many tests allow."""

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from comarca.commuting import RankParams, rank_areas
from comarca.errors import UnknownTownError
from comarca.model.partition import Area, Partition
from rank_world import logarithmic, world, zipf

QUICK = RankParams(draws=499)
SIZES = {"pool": logarithmic(20, 30_000), "loose": zipf(40, 100_000, 1.2), "few": zipf(5)}


def towns_of(area):
    return [f"{area}{n:02}" for n in range(len(SIZES[area]))]


def three_areas():
    """Each with a head of half a million, which heads no rank of its satellites."""
    towns, area_of, areas = {}, {}, []
    for number, area in enumerate(SIZES):
        head = f"{area}-head"
        persons = dict(zip([head, *towns_of(area)], [5e5, *SIZES[area]], strict=True))
        towns |= {town: (10.0 * number, people) for town, people in persons.items()}
        area_of |= dict.fromkeys(persons, area)
        areas.append(Area(area_id=area, name=area.capitalize(), head_town_id=head))
    towns["alone"] = (90.0, 700.0)
    area_of["alone"] = None
    return world(towns), Partition(
        origin="official",
        area_of=area_of,
        status_of=dict.fromkeys(area_of, "member"),
        areas=tuple(areas),
    )


def by_id(ranks):
    return {area.area_id: area for area in ranks.areas}


def test_each_area_is_judged_without_its_head():
    areas = by_id(rank_areas(*three_areas(), QUICK))

    assert areas["pool"].n_towns == 20
    assert max(areas["pool"].laws.persons) == 30_000
    assert areas["pool"].p < 0.05 < areas["loose"].p


def test_heads_are_never_drawn_and_towns_in_no_area_are():
    ranks = rank_areas(*three_areas(), QUICK)

    assert ranks.n_pool == 20 + 40 + 5 + 1


def test_a_head_that_is_kept_is_in_its_set():
    areas = by_id(rank_areas(*three_areas(), RankParams(draws=499, core="with")))

    assert areas["pool"].n_towns == 21
    assert max(areas["pool"].laws.persons) == 5e5


def test_an_area_of_few_towns_says_so():
    few = by_id(rank_areas(*three_areas(), QUICK))["few"]

    assert (few.p, few.p_adjusted, few.criterion) == (None, None, None)
    assert few.note == "too few towns to judge; expected 8 or more"


def test_the_number_of_areas_judged_is_allowed_for():
    areas = [area for area in rank_areas(*three_areas(), QUICK).areas if area.p is not None]

    p = [area.p for area in areas]
    assert [area.p_adjusted for area in areas] == pytest.approx(false_discovery_control(p))


def test_the_summary_counts_what_chance_would_give():
    told = rank_areas(*three_areas(), QUICK).summary()

    assert "3 areas of Along, each without its head town" in told
    assert "2 judged, 1 not" in told
    assert "1 of 2 lie nearer the logarithmic law" in told
    assert "0.1 would by chance alone" in told
    assert "one remains: Pool" in told


def test_the_table_has_a_row_for_each_area():
    table = rank_areas(*three_areas(), QUICK).table().set_index("area_id")

    assert list(table.index) == ["pool", "loose", "few"]
    assert np.isnan(table.loc["few", "p"])
    assert table.loc["pool", "criterion"] > table.loc["pool", "null_95"]


def test_a_partition_without_areas_is_judged_too():
    region, _ = three_areas()
    nobody = dict.fromkeys(region.town_ids)
    partition = Partition(
        origin="commuting", area_of=nobody, status_of=dict.fromkeys(nobody, "no-flow"), areas=()
    )

    ranks = rank_areas(region, partition, QUICK)

    assert ranks.areas == ()
    assert "0 judged" in ranks.summary()
    assert list(ranks.table().columns) == ["area_id", "area_name", "core", "space"]


def test_areas_of_another_region_are_refused():
    _, partition = three_areas()
    with pytest.raises(UnknownTownError):
        rank_areas(world({"a": (0.0, 1.0), "b": (1.0, 2.0)}), partition, QUICK)
