"""Empty tables to fill in."""

import csv

import openpyxl
import pytest

from comarca.errors import OutputError
from comarca.io import check_report, read_region, write_template
from comarca.model.dictionary import dictionary


def test_every_table_has_a_file_with_every_column(tmp_path):
    write_template(tmp_path / "t")

    for table, columns in dictionary().items():
        with (tmp_path / "t" / f"{table}.csv").open(encoding="utf-8-sig") as file:
            assert next(csv.reader(file)) == [column.name for column in columns]


def test_the_dictionary_beside_it_tells_every_attribute(tmp_path):
    write_template(tmp_path / "t")

    with (tmp_path / "t" / "dictionary.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))

    assert [(r["table"], r["attribute"]) for r in rows] == [
        (table, column.name) for table, columns in dictionary().items() for column in columns
    ]
    assert all(row["meaning"] for row in rows)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_only_fault_of_a_fresh_template_is_that_it_has_no_towns(tmp_path, kind):
    write_template(tmp_path / "t", format=kind)

    report = check_report(tmp_path / "t")

    assert [fault.value for fault in report.faults] == ["a header alone"]
    assert report.warnings == ()


def test_a_template_with_its_towns_filled_in_is_a_region(tmp_path):
    write_template(tmp_path / "t", format="xlsx")
    path = tmp_path / "t" / "region.xlsx"
    book = openpyxl.load_workbook(path)
    for row, (code, lat) in enumerate([("09001", 17.0), ("20039", 17.5)], start=2):
        for column, value in enumerate([code, code, lat, -96.5, 100], start=1):
            book["towns"].cell(row=row, column=column).value = value
    book.save(path)

    assert read_region(tmp_path / "t").town_ids == ("09001", "20039")


def test_the_workbook_keeps_codes_as_text_and_offers_choices(tmp_path):
    write_template(tmp_path / "t", format="xlsx")
    book = openpyxl.load_workbook(tmp_path / "t" / "region.xlsx")

    assert book["towns"].column_dimensions["A"].number_format == "@"
    assert book["flows"].freeze_panes == "A2"
    lists = {v.formula1 for v in book["labour"].data_validations.dataValidation}
    assert lists == {'"basic,secondary,higher"'}
    assert book["dictionary"].max_row == 1 + sum(map(len, dictionary().values()))


def test_a_folder_that_holds_anything_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(OutputError):
        write_template(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
