"""Which town is in which area is read from one file, whoever drew the areas."""

from pathlib import Path

import pytest

from comarca.errors import TableError
from comarca.io import read_areas
from comarca.io.area_tables import with_towns


def written(folder: Path, content: str, name: str = "areas.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def faults(path: Path, **options: object) -> list[str]:
    with pytest.raises(TableError) as refused:
        read_areas(path, **options)
    return [str(fault) for fault in refused.value.faults]


def test_codes_are_text_and_keep_their_zeros(tmp_path: Path):
    table = read_areas(written(tmp_path, "town_id,area_id\n001,01\n1,01\n002,\n"))

    assert dict(table.partition.area_of) == {"001": "01", "1": "01", "002": None}
    assert table.partition.status_of["002"] == "unassigned"
    assert table.partition.origin == "official"


def test_the_head_is_the_town_whose_status_is_core(tmp_path: Path):
    content = "town_id,area_id,status\na,x,member\nb,x,core\nc,,no-flow\n"

    table = read_areas(written(tmp_path, content), names={"b": "Birch", "a": "Ash"})

    (area,) = table.partition.areas
    assert (area.head_town_id, area.name) == ("b", "Birch")
    assert table.partition.status_of["c"] == "no-flow"
    assert table.warnings == ()


def test_without_a_core_an_area_is_headed_by_the_town_it_is_called_by(tmp_path: Path):
    table = read_areas(written(tmp_path, "town_id,area_id\na,b\nb,b\n"))

    assert table.partition.area("b").head_town_id == "b"
    assert table.partition.status_of == {"a": "member", "b": "core"}


def test_else_by_the_most_populous_town(tmp_path: Path):
    path = written(tmp_path, "town_id,area_id\na,x\nb,x\nc,x\n")

    table = read_areas(path, population={"a": 10, "b": 20})

    assert table.partition.area("x").head_town_id == "b"
    assert table.warnings == ()


def test_else_the_first_town_stands_for_it_and_a_warning_says_so(tmp_path: Path):
    path = written(tmp_path, "town_id,area_id\na,x\nb,x\nc,y\n")

    table = read_areas(path, names={"a": "Ash"})

    assert table.partition.area("x").head_town_id == "a"
    assert table.partition.area("x").name == "x"
    (warning,) = table.warnings
    assert "the heads of 1 area" in str(warning)


def test_of_several_cores_the_most_populous_is_the_head(tmp_path: Path):
    content = "town_id,area_id,status\na,x,core\nb,x,core\nc,x,member\n"
    path = written(tmp_path, content)

    assert read_areas(path, population={"b": 5, "c": 90}).partition.area("x").head_town_id == "b"
    assert read_areas(path).partition.area("x").head_town_id == "a"


def test_a_zero_of_towns_that_were_not_placed_is_no_area(tmp_path: Path):
    """As areas drawn like the R package are written."""
    content = "town_id,area_id,status\n1,1,core\n2,0,unassigned\n3,,no-flow\n"

    assert dict(read_areas(written(tmp_path, content)).partition.area_of) == {
        "1": "1",
        "2": None,
        "3": None,
    }


def test_any_other_zero_has_two_readings_and_is_refused(tmp_path: Path):
    path = written(tmp_path, "town_id,area_id\n1,1\n2,0\n3,0\n")

    assert faults(path) == [
        "areas.csv: area_id is 0 for 2 towns; expected the option zero-is-none, or zero-is-area "
        "where one is called so"
    ]
    assert read_areas(path, zero_is_none=True).partition.area_of["2"] is None
    assert read_areas(path, zero_is_none=False).partition.members("0") == ("2", "3")


def test_columns_of_other_tables_are_recognised_or_named(tmp_path: Path):
    known = written(tmp_path, "community,cluster,residents\n90001,3,251\n", "r.csv")
    named = written(tmp_path, "CVE_MUN;ZM;TIPO;NOM_ZM\n01001;01.01;core;Aguascalientes\n", "zm.csv")

    assert read_areas(known).partition.area_of == {"90001": "3"}
    table = read_areas(named, ("CVE_MUN", "ZM", "TIPO", "NOM_ZM"))
    assert table.partition.area("01.01").name == "Aguascalientes"
    assert read_areas(named, ("CVE_MUN", "ZM")).partition.area_of == {"01001": "01.01"}


def test_everything_wrong_is_told_together(tmp_path: Path):
    path = written(tmp_path, "town_id,area_id\n001,x\n,x\n001,y\n2E+05,y\n")

    assert faults(path) == [
        "areas.csv line 3: town_id is missing; expected a code",
        "areas.csv line 4: 001 is in the table already, at line 2; expected every town once",
        "areas.csv line 5: town_id is 2E+05; expected a code; a spreadsheet has turned it into "
        "a number, format the column as text",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "empty"),
        ("town_id,area_id\n", "a header alone"),
        ("town,region\n1,2\n", "columns town_id, area_id"),
    ],
)
def test_what_is_no_table_of_areas_is_refused(tmp_path: Path, content: str, told: str):
    assert any(told in fault for fault in faults(written(tmp_path, content)))


def test_towns_a_partition_does_not_name_may_be_added_as_in_no_area(tmp_path: Path):
    partition = read_areas(written(tmp_path, "town_id,area_id\na,a\n")).partition

    more = with_towns(partition, ("a", "b"))

    assert dict(more.area_of) == {"a": "a", "b": None}
    assert more.status_of["b"] == "absent"
