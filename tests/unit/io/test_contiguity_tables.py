"""Neighbours are read from a table of pairs."""

import pytest

from comarca.errors import TableError
from comarca.io import read_contiguity


def written(folder, content, name="neighbours.csv"):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def faults(path, **options):
    with pytest.raises(TableError) as refused:
        read_contiguity(path, **options)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    "content",
    [
        "town,neighbour\n001,1\n1,2\n",
        "origin;destination\n001;1\n1;001\n2;1\n1;2\n",
        "source,target,extra\n001,1,x\n1,2,y\n1,2,z\n",
    ],
)
def test_pairs_once_or_both_ways_round(tmp_path, content):
    contiguity = read_contiguity(written(tmp_path, content))

    assert contiguity.town_ids == ("001", "1", "2")
    assert contiguity.neighbours("1") == ("001", "2")
    assert contiguity.source == "table"
    assert contiguity.border_km is None
    assert contiguity.warnings == ()


def test_lengths_of_borders_where_told(tmp_path):
    content = "origin,destination,border_km\na,b,1.5\nb,a,1.5\nb,c,\n"

    contiguity = read_contiguity(written(tmp_path, content))

    assert contiguity.to_frame().to_numpy().tolist() == [["a", "b", 1.5], ["b", "c", 0.0]]


def test_towns_asked_for_come_in_their_order(tmp_path):
    content = "origin,destination\na,b\nb,c\nc,d\n"

    contiguity = read_contiguity(written(tmp_path, content), town_ids=("c", "b", "x"))

    assert contiguity.town_ids == ("c", "b", "x")
    assert contiguity.neighbours("c") == ("b",)
    assert [str(warning) for warning in contiguity.warnings] == [
        "neighbours.csv: 2 pairs with towns that are not asked for, left out",
        "neighbours.csv: 1 town without neighbours: x",
    ]


def test_everything_wrong_is_told_together(tmp_path):
    content = "origin,destination,border_km\na,b,1\na,a,2\n,b,3\nb,a,4\na,c,-1\n"

    assert faults(written(tmp_path, content)) == [
        "neighbours.csv line 3: a → a is one town; expected two neighbours",
        "neighbours.csv line 4: origin of b is missing; expected a code",
        "neighbours.csv line 5: border_km of b → a is 4; expected 1, as a row above says",
        "neighbours.csv line 6: border_km of a → c is -1; expected a number (km), 0 or more",
    ]


def test_a_table_of_other_towns_is_refused(tmp_path):
    path = written(tmp_path, "origin,destination\n01,02\n02,03\n")

    assert faults(path, town_ids=("1", "2", "3")) == [
        "neighbours.csv: every pair is with a town that is not asked for, such as 01 → 02; "
        "expected the codes of the towns asked for"
    ]


def test_a_header_alone_is_refused(tmp_path):
    assert faults(written(tmp_path, "origin,destination\n")) == [
        "neighbours.csv: the table is a header alone; expected at least one pair of towns"
    ]
