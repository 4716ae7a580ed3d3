"""Benchmark files of routing and their solutions: what is read, and what is refused."""

import json

import numpy as np
import pytest

from comarca.errors import TableError
from comarca.io.lkh_vrpspd import read_lkh_vrpspd
from comarca.io.prodhon import read_prodhon
from comarca.io.routing_solution import read_solution, solution_text
from routing_worlds import plan

PRODHON = """2
1

0 0

1 1
3 4

10

20

4
5

100

7

{kind}
"""
VRPSPD = """NAME : hand
TYPE : VRPSPD
DIMENSION : 3
VEHICLES : 2
CAPACITY : 10
DISTANCE : 40
EDGE_WEIGHT_TYPE : EXACT_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
PICKUP_AND_DELIVERY_SECTION
1 0 0 10000000 0 0 0
2 0 0 10000000 5 1 2
3 0 0 10000000 5 3 4
DEPOT_SECTION
1
-1
EOF
"""


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_whole_costs_are_a_hundred_times_the_distance_rounded_up(tmp_path):
    """The root of 2 is 1.41421..., so 142; 5 is exactly 500."""
    given = read_prodhon(written(tmp_path / "a.dat", PRODHON.format(kind=0)))

    assert given.distance[0].tolist() == [0, 142, 500]
    assert given.opening_cost.tolist() == [100]
    assert given.depot_capacity.tolist() == [[20]]
    assert given.delivery.tolist() == [[4], [5]]
    assert (given.vehicles[0].capacity, given.vehicles[0].fixed_cost) == ((10,), 7)


def test_real_costs_are_not_rounded(tmp_path):
    given = read_prodhon(written(tmp_path / "a.dat", PRODHON.format(kind=1)))

    assert given.distance[0].tolist() == pytest.approx([0, 2**0.5, 5])


def test_a_depot_with_too_many_columns_is_refused_not_misread(tmp_path):
    text = PRODHON.format(kind=0).replace("0 0\n", "0 0 9\n", 1)

    with pytest.raises(TableError) as refused:
        read_prodhon(written(tmp_path / "a.dat", text))

    assert "a.dat line 4: place of depot is 3 columns (0 0 9); expected 2 numbers" in str(
        refused.value
    )


def test_every_fault_is_told_at_once(tmp_path):
    text = PRODHON.format(kind=3).replace("4\n5\n", "four\n-5\n").replace("\n20\n", "\n20 30\n")

    with pytest.raises(TableError) as refused:
        read_prodhon(written(tmp_path / "a.dat", text))

    message = str(refused.value)
    assert "4 faults" in message
    for words in ("demand of customer 1 is four", "-5", "2 columns (20 30)", "expected 0 or 1"):
        assert words in message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("\n7\n", "\n", "expected a line of its own after this last one"),
        ("7\n\n0\n", "7\n\n0\n1\n", "expected nothing after the kind of costs"),
        ("2\n1\n", "0\n1\n", "line 1: number of customers is 0; expected a whole number of 1"),
        ("2\n1\n", "1e9\n1\n", "number of customers is 1e9; expected no more than the 12 lines"),
        ("2\n1\n", "1e30\n1\n", "is 1e30; expected a whole number of 1 or more, no more than"),
        ("3 4\n", "3,5 4\n", "place of customer 2 is 3,5; expected a number"),
        ("3 4\n", "1e200 4\n", "place of customer 2 is 1e200; expected a number"),
        ("\n20\n", "\n2_0\n", "capacity of depot is 2_0; expected a number"),
        ("\n20\n", "\nnan\n", "capacity of depot is nan; expected a number"),
    ],
)
def test_a_file_too_short_too_long_or_empty_is_refused(tmp_path, old, new, words):
    text = PRODHON.format(kind=0).replace(old, new, 1)

    with pytest.raises(TableError, match=words):
        read_prodhon(written(tmp_path / "a.dat", text))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_marks_and_line_ends_of_other_systems_change_nothing(tmp_path, encoding, end):
    for read, text in ((read_prodhon, PRODHON.format(kind=0)), (read_lkh_vrpspd, VRPSPD)):
        plain = written(tmp_path / "a", text)
        other = tmp_path / "b"
        other.write_bytes(text.replace("\n", end).encode(encoding))

        assert np.array_equal(read(plain).distance, read(other).distance)
        assert np.array_equal(read(plain).delivery, read(other).delivery)


def test_distances_are_rounded_where_the_format_says_so(tmp_path):
    """TSPLIB's EUC_2D is the nearest whole number; 3, 4.5 make 5.41."""
    text = VRPSPD.replace("2 3 4\n", "2 3 4.5\n")
    exact = read_lkh_vrpspd(written(tmp_path / "a.vrpspd", text))
    rounded = read_lkh_vrpspd(written(tmp_path / "b.vrpspd", text.replace("EXACT_2D", "EUC_2D")))

    assert exact.distance[0, 1] == pytest.approx(29.25**0.5)
    assert rounded.distance[0].tolist() == [0, 5, 10]


@pytest.mark.parametrize("heading", ["CAPACITY:10", "CAPACITY 10", "CAPACITY :10"])
def test_a_heading_may_stand_without_spaces_or_colon(tmp_path, heading):
    text = VRPSPD.replace("CAPACITY : 10", heading)

    assert read_lkh_vrpspd(written(tmp_path / "a.vrpspd", text)).vehicles[0].capacity == (10,)


def test_pickup_stands_before_delivery_and_the_limit_counts_service(tmp_path):
    given = read_lkh_vrpspd(written(tmp_path / "a.vrpspd", VRPSPD))

    assert given.depot_ids == ("1",)
    assert given.customer_ids == ("2", "3")
    assert given.pickup.tolist() == [[1], [3]]
    assert given.delivery.tolist() == [[2], [4]]
    assert given.distance[0].tolist() == [0, 5, 10]
    assert given.service_time.tolist() == [5, 5]
    assert (given.vehicles[0].number, given.vehicles[0].shift) == (2, 40)


def test_an_explicit_matrix_is_told_in_units(tmp_path):
    matrix = "EDGE_WEIGHT_SECTION\n0 10000 20000\n10000 0 5000\n20000 5000 0\n"
    text = VRPSPD.replace(
        "EDGE_WEIGHT_TYPE : EXACT_2D",
        "EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : FULL_MATRIX",
    ).replace("NODE_COORD_SECTION\n1 0 0\n2 3 4\n3 6 8\n", matrix)

    given = read_lkh_vrpspd(written(tmp_path / "a.vrpspd", text.replace("DISTANCE : 40\n", "")))

    assert np.array_equal(given.distance, [[0, 1, 2], [1, 0, 0.5], [2, 0.5, 0]])
    assert given.time is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("CAPACITY : 10\n", "", "CAPACITY is missing"),
        ("VEHICLES : 2", "VEHICLES : many", "VEHICLES is many; expected a whole number"),
        ("2 0 0 10000000 5 1 2\n", "", "1 node short; expected 3 nodes"),
        ("2 0 0 10000000 5 1 2", "2 0 0 10000000 5 1", "6 columns"),
        ("2 0 0 10000000 5 1 2", "2 0 0 10000000 5 -1 2", "pickup of node 2 is -1"),
        ("2 0 0 10000000 5 1 2", "2 0 3 90 5 1 2", "time window of node 2 is 3 to 90"),
        ("EXACT_2D", "GEO", "EDGE_WEIGHT_TYPE is GEO"),
        ("DEPOT_SECTION\n1\n", "DEPOT_SECTION\n1\n2\n", "expected one depot"),
        ("TYPE : VRPSPD", "KIND : VRPSPD", "a heading or a section that is known"),
        ("TYPE : VRPSPD", "TYPE : CVRP", "TYPE is CVRP; expected VRPSPD or MVRPB"),
        ("DIMENSION : 3", "DIMENSION : 100000000", "99,999,997 nodes short"),
        ("CAPACITY : 10", "CAPACITY : 10\nCAPACITY : 20", "CAPACITY is there twice"),
        ("2 3 4\n", "2 3,5 4\n", "3,5 in 2 3,5 4; expected numbers"),
        ("DEPOT_SECTION\n", "DEMAND_SECTION\n1 0\nDEPOT_SECTION\n", "line is DEMAND_SECTION"),
    ],
)
def test_what_a_vrpspd_file_lacks_is_told(tmp_path, old, new, words):
    with pytest.raises(TableError) as refused:
        read_lkh_vrpspd(written(tmp_path / "a.vrpspd", VRPSPD.replace(old, new, 1)))

    assert words in str(refused.value)


def test_every_fault_of_a_vrpspd_file_is_told_at_once(tmp_path):
    """Of headings and of sections, as far as it can be told which lines belong where."""
    text = VRPSPD.replace("CAPACITY : 10", "CAPACITY : x").replace("3 6 8", "3 6 y")
    text = text.replace("DEPOT_SECTION\n1", "DEPOT_SECTION\n9").replace("5 3 4", "5 3 -4")
    text = text.replace("TYPE : VRPSPD", "TYPE : CVRP").replace("VEHICLES : 2", "VEHICLES : 0")

    with pytest.raises(TableError) as refused:
        read_lkh_vrpspd(written(tmp_path / "a.vrpspd", text))

    message = str(refused.value)
    assert "6 faults" in message
    for words in (
        "CAPACITY",
        "6 y",
        "DEPOT_SECTION is 9",
        "delivery of node 3",
        "CVRP",
        "VEHICLES",
    ):
        assert words in message


def test_a_solution_survives_its_file(tmp_path):
    given = read_prodhon(written(tmp_path / "a.dat", PRODHON.format(kind=0)))
    rounds = plan(("1", "truck", "2 1"))
    text = solution_text(given, rounds, cost=1106.0, bound=1000.5)

    read = read_solution(written(tmp_path / "s.json", text), given)

    assert read.plan == rounds
    assert (read.cost, read.bound, read.open_depots) == (1106, 1000.5, ("1",))
    assert json.loads(text)["routes"] == [{"depot": 1, "customers": [2, 1]}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", "expected an object with routes"),
        ("{}", "routes is missing"),
        ('{"routes": [], "routes": []}', "routes stands twice"),
        ("[" * 100_000, "lists within lists"),
        ('{"routes": [], "cost": ' + "9" * 400 + "}", "expected a number below 1e+18"),
        ('{"routes": [], "cost": ' + "9" * 5_000 + "}", "thousands of digits"),
        ('{"routes": [], "bound": NaN}', "bound is NaN"),
        ('{"routes": [], "gap": -0.1}', "gap is -0.1; expected a number of 0 or more"),
        (
            '{"routes": [], "status": "splendid"}',
            'status is "splendid"; expected optimal, feasible',
        ),
        (
            '{"routes": [{"depot": "1", "customers": [1.5]}, 7], "cost": "x", "open_depots": 1}',
            "5 faults",
        ),
    ],
)
def test_a_broken_solution_is_refused_with_every_fault(tmp_path, text, words):
    given = read_prodhon(written(tmp_path / "a.dat", PRODHON.format(kind=0)))

    with pytest.raises(TableError) as refused:
        read_solution(written(tmp_path / "s.json", text), given)

    assert words in str(refused.value)
