"""Functional urban areas of worlds small enough to work out by hand."""

import numpy as np
import pytest

from comarca.commuting import (
    FunctionalUrbanAreaParams,
    delineate_functional_urban_areas,
    urban_cores,
)
from comarca.errors import ParameterError, UnknownTownError
from flow_worlds import contiguity_of, flows_of

# Of Ash's hundred 15 work in City and 45 in Port; of Birch's twenty 3, exactly 15 %, in City; of
# Cedar's two hundred only 29 do. Dale has nobody at work.
WORLD = flows_of(
    {
        "city": {"city": 900, "port": 100},
        "port": {"port": 480, "city": 20},
        "ash": {"ash": 40, "city": 15, "port": 45},
        "birch": {"birch": 17, "city": 3},
        "cedar": {"cedar": 171, "city": 29},
        "dale": {},
    }
)


def neighbours(flows, *pairs):
    n_towns = len(flows.town_ids)
    matrix = np.zeros((n_towns, n_towns), dtype=bool)
    for one, other in pairs:
        i, j = flows.positions([one, other])
        matrix[i, j] = matrix[j, i] = True
    return contiguity_of(flows.town_ids, matrix)


def test_a_town_joins_the_core_that_most_of_its_workers_go_to():
    areas = delineate_functional_urban_areas(WORLD, ["city", "port"])

    assert areas.partition.area_of == {
        "city": "city",
        "port": "port",
        "ash": "port",
        "birch": "city",
        "cedar": None,
        "dale": None,
    }
    assert areas.partition.status_of == {
        "city": "core",
        "port": "core",
        "ash": "member",
        "birch": "member",
        "cedar": "outside",
        "dale": "no-flow",
    }
    assert areas.core_towns == {"city": ("city",), "port": ("port",)}
    assert areas.links == ()


def test_the_threshold_is_met_by_exactly_its_share():
    """At 14.5 % Cedar joins, at 15.1 % Birch is out; dividing 3 by 20 loses nothing."""
    lower = FunctionalUrbanAreaParams(min_commuting_share=0.145)
    higher = FunctionalUrbanAreaParams(min_commuting_share=0.151)

    def joined(params):
        return delineate_functional_urban_areas(WORLD, ["city"], params).partition.members("city")

    assert joined(lower) == ("city", "ash", "birch", "cedar")
    assert joined(higher) == ("city",)
    assert joined(None) == ("city", "ash", "birch")


def test_quality_tells_the_flows_of_an_area_and_the_towns_of_its_core():
    """City with Birch: 1,020 workers, 967 jobs, 920 within."""
    quality = delineate_functional_urban_areas(WORLD, ["city", "port"]).quality()

    assert list(quality.index) == ["city", "port"]
    city = quality.loc["city"]
    assert city["residents"] == 1_020
    assert city["jobs"] == 900 + 20 + 15 + 3 + 29 + 17
    assert city["inside"] == 920
    assert city["self_containment_supply"] == pytest.approx(920 / 1_020)
    assert city["n_towns"] == 2
    assert city["n_core_towns"] == 1


# A sends exactly 15 % to B. C sends 8 % to each, which is enough only once they are one.
CHAIN = flows_of(
    {
        "a": {"a": 85, "b": 15},
        "b": {"b": 200, "a": 10},
        "c": {"c": 84, "a": 8, "b": 8},
        "d": {"d": 900, "a": 100},
        "ash": {"ash": 70, "a": 10, "c": 10, "d": 10},
    }
)


def test_cores_join_until_no_pair_is_linked():
    areas = delineate_functional_urban_areas(CHAIN, ["a", "b", "c", "d"])

    assert [(link.round, link.core, link.towards, link.share) for link in areas.links] == [
        (1, "a", "b", 0.15),
        (2, "c", "b", 0.16),
    ]
    assert areas.core_towns == {"b": ("a", "b", "c"), "d": ("d",)}
    assert "3 cores were joined" in areas.summary()


def test_a_town_counts_its_commuters_to_all_parts_of_a_joined_core():
    """Ash sends a tenth each to A, C and D: a fifth to A with C."""
    areas = delineate_functional_urban_areas(CHAIN, ["a", "b", "c", "d"])
    apart = delineate_functional_urban_areas(CHAIN, ["a", "c", "d"])

    assert areas.partition.area_of["ash"] == "b"
    assert areas.partition.status_of["ash"] == "member"
    assert apart.partition.area_of["ash"] is None


def test_a_core_of_several_towns_has_a_name_and_the_largest_workplace_for_head():
    areas = delineate_functional_urban_areas(
        WORLD, {"Twin City": ["port", "city"]}, names={"city": "City"}
    )

    (area,) = areas.partition.areas
    assert (area.area_id, area.name) == ("city", "Twin City")
    assert areas.core_towns == {"city": ("city", "port")}
    assert areas.partition.area_of["ash"] == "city"


def test_a_town_that_does_not_hang_together_with_the_core_is_left_out():
    """Birch belongs to City by its workers, but Cedar, which does not, lies between."""
    areas = delineate_functional_urban_areas(
        WORLD,
        ["city"],
        contiguity=neighbours(WORLD, ("city", "ash"), ("city", "cedar"), ("cedar", "birch")),
    )

    assert areas.partition.members("city") == ("city", "ash")
    assert areas.partition.status_of["birch"] == "exclave"
    assert "1 exclave left out" in areas.summary()


def test_a_town_surrounded_by_one_area_joins_it():
    """Cedar has no other neighbours than City and Birch; Dale's one neighbour is in Port's area."""
    areas = delineate_functional_urban_areas(
        WORLD,
        ["city", "port"],
        contiguity=neighbours(
            WORLD,
            ("city", "birch"),
            ("city", "cedar"),
            ("cedar", "birch"),
            ("port", "ash"),
            ("ash", "dale"),
            ("ash", "city"),
        ),
    )

    assert areas.partition.members("city") == ("city", "birch", "cedar")
    assert areas.partition.members("port") == ("port", "ash", "dale")
    assert areas.partition.status_of["cedar"] == "enclave"
    assert areas.partition.status_of["dale"] == "enclave"


def test_a_town_between_two_areas_or_beside_a_free_one_stays_out():
    between = delineate_functional_urban_areas(
        WORLD, ["city", "port"], contiguity=neighbours(WORLD, ("city", "cedar"), ("cedar", "port"))
    )
    beside = delineate_functional_urban_areas(
        WORLD, ["city", "port"], contiguity=neighbours(WORLD, ("city", "cedar"), ("cedar", "dale"))
    )

    assert between.partition.area_of["cedar"] is None
    assert beside.partition.area_of["cedar"] is None


def test_a_core_may_lie_in_two_pieces():
    """Port is part of City's core; what hangs together with Port is no exclave."""
    areas = delineate_functional_urban_areas(
        WORLD,
        {"both": ["city", "port"]},
        contiguity=neighbours(WORLD, ("city", "birch"), ("port", "ash")),
    )

    assert areas.partition.members("city") == ("city", "port", "ash", "birch")


def test_without_neighbours_the_answer_says_what_was_not_looked_for():
    assert "no neighbours were given" in delineate_functional_urban_areas(WORLD, ["city"]).summary()


def test_every_fault_of_the_cores_is_told():
    with pytest.raises(ParameterError) as refused:
        delineate_functional_urban_areas(WORLD, {"one": ["city", "port"], "two": ["city"], "": []})

    assert "in 2 cores" in str(refused.value)
    assert "without towns" in str(refused.value)
    assert len(refused.value.faults) == 2


@pytest.mark.parametrize("cores", [[], {}, "city"])
def test_cores_must_be_a_list_of_towns(cores):
    with pytest.raises(ParameterError, match="cores is"):
        delineate_functional_urban_areas(WORLD, cores)


def test_an_unknown_core_is_told_with_a_near_name():
    with pytest.raises(UnknownTownError, match="near names: city"):
        delineate_functional_urban_areas(WORLD, ["citty"])


def test_every_town_must_have_its_place_among_the_neighbours():
    few = contiguity_of(["city", "port"], np.zeros((2, 2)))

    with pytest.raises(UnknownTownError):
        delineate_functional_urban_areas(WORLD, ["city"], contiguity=few)


PEOPLE = {"ash": 30_000, "birch": 60_000, "cedar": 25_000, "dale": 90_000}


def test_cores_by_population_alone_are_single_towns():
    assert urban_cores(PEOPLE) == {"dale": ("dale",), "birch": ("birch",)}


def test_dense_neighbours_are_a_core_together():
    """Ash and Cedar are dense and touch: 55,000. Birch is not dense enough."""
    density = {"ash": 1_500, "birch": 1_499, "cedar": 2_000, "dale": 3_000}
    line = neighbours(flows_of({t: {} for t in PEOPLE}), ("ash", "cedar"), ("cedar", "birch"))

    found = urban_cores(PEOPLE, density_per_km2=density, contiguity=line)

    assert found == {"dale": ("dale",), "ash": ("ash", "cedar")}


def test_missing_and_negative_people_are_refused_together():
    with pytest.raises(ParameterError) as refused:
        urban_cores({"ash": float("nan"), "birch": -3, "cedar": float("inf")})

    assert "population of ash is missing" in str(refused.value)
    assert "population of birch is -3" in str(refused.value)
    assert "population of cedar is inf" in str(refused.value)
