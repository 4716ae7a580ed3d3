"""Flows are read from one file of whatever kind, or refused with every fault told."""

import gzip
import warnings

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from comarca.errors import ParameterError, TableError
from comarca.io import read_flow_table, read_flows, read_towns

PLAIN = [("001", "001", 50), ("001", "1", 10), ("1", "001", 20), ("1", "1", 20)]


def text(rows=PLAIN, header=("origin", "destination", "persons"), separator=","):
    return "".join(separator.join(map(str, row)) + "\n" for row in [header, *rows])


def written(folder, content, name="flows.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def flows_of(path, *args, **options):
    return read_flow_table(path, *args, **options).flows


def faults(path, *args, **options):
    with pytest.raises(TableError) as refused:
        read_flow_table(path, *args, **options)
    return [str(fault) for fault in refused.value.faults]


def notices(path, **options):
    return [str(warning) for warning in read_flow_table(path, **options).warnings]


def test_codes_keep_their_leading_zeros(tmp_path):
    flows = flows_of(written(tmp_path, text()))

    assert flows.town_ids == ("001", "1")
    assert flows.persons.toarray().tolist() == [[50, 10], [20, 20]]
    assert flows.persons.dtype == np.int64


def test_towns_are_ordered_by_number_where_all_codes_are_digits(tmp_path):
    flows = flows_of(written(tmp_path, text([("10", "9", 1), ("9", "10", 1), ("010", "10", 5)])))

    assert flows.town_ids == ("9", "010", "10")


def test_towns_are_ordered_as_text_where_one_code_has_letters(tmp_path):
    flows = flows_of(written(tmp_path, text([("10", "9", 1), ("2A", "10", 5)])))

    assert flows.town_ids == ("10", "2A", "9")


@pytest.mark.parametrize(
    "header",
    [
        ("origin", "destination", "persons"),
        ("community_live", "community_work", "amount"),
        ("Origin ", " DESTINATION", "Commuters"),
        ("home", "work", "count"),
    ],
)
def test_usual_column_names_are_recognised(tmp_path, header):
    assert flows_of(written(tmp_path, text(header=header))).persons.sum() == 100


def test_other_columns_are_named_and_may_stand_in_any_order(tmp_path):
    rows = [("5", "x", "a", "b"), ("7", "y", "b", "b")]
    path = written(tmp_path, text(rows, ("fij", "note", "i", "j")))

    flows = flows_of(path, ("i", "j", "fij"))

    assert flows.town_ids == ("a", "b")
    assert flows.persons.toarray().tolist() == [[0, 5], [0, 7]]


def test_the_data_dictionary_wins_over_other_known_names(tmp_path):
    rows = [("a", "b", "5", "x")]
    path = written(tmp_path, text(rows, ("origin", "destination", "persons", "home")))

    assert flows_of(path).persons.sum() == 5


def test_columns_that_cannot_be_told_are_refused_with_those_found(tmp_path):
    path = written(tmp_path, text([("a", "b", 5)], ("i", "j", "fij")))

    assert faults(path) == [
        'flows.csv line 1: the header is "i", "j", "fij"; expected columns origin, destination, '
        "persons, each once and nothing above them; name yours with the option columns, in that "
        "order"
    ]


def test_two_columns_that_could_be_meant_are_refused(tmp_path):
    path = written(tmp_path, text([("a", "b", 5, 6)], ("home", "work", "flow", "count")))

    assert len(faults(path)) == 1
    assert flows_of(path, ("home", "work", "flow")).persons.sum() == 5


def test_a_misnamed_column_is_answered_with_the_nearest(tmp_path):
    assert faults(written(tmp_path, text()), ("origin", "destination", "person")) == [
        "flows.csv line 1: column person is missing; expected one of "
        '"origin", "destination", "persons"; nearest is persons'
    ]


def test_one_column_cannot_be_both_ends_of_a_flow(tmp_path):
    assert faults(written(tmp_path, text()), ("origin", "ORIGIN", "persons")) == [
        "flows.csv line 1: the option columns is origin, ORIGIN, persons; expected another column "
        "for each"
    ]


@pytest.mark.parametrize(
    "columns", ["origin,destination,persons", ("a", "b"), ("a", "a", "b"), ("a", "", "b")]
)
def test_columns_have_to_be_three_names(tmp_path, columns):
    with pytest.raises(ParameterError):
        flows_of(written(tmp_path, text()), columns)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_text_as_spreadsheets_write_it(tmp_path, separator, encoding, newline):
    rows = [("Łódź", "Łódź", 3), ("Łódź", "León", 2)]
    content = text(rows, separator=separator).replace("\n", newline).encode(encoding)

    flows = flows_of(written(tmp_path, content))

    assert flows.town_ids == ("León", "Łódź")
    assert flows.persons.toarray().tolist() == [[0, 0], [2, 3]]


def test_a_code_page_is_refused_until_it_is_named(tmp_path):
    path = written(tmp_path, text([("León", "León", 3)]).encode("cp1252"))

    assert faults(path) == [
        "flows.csv: the file is not UTF-8, and its encoding is not given; expected UTF-8, or the "
        "option encoding: cp1252 (Western), cp1251 (Cyrillic), ..."
    ]
    assert flows_of(path, encoding="cp1252").town_ids == ("León",)


@pytest.mark.parametrize("encoding", ["latin-17", "base64"])
def test_an_encoding_that_is_none_is_refused(tmp_path, encoding):
    with pytest.raises(ParameterError, match=encoding):
        flows_of(written(tmp_path, text()), encoding=encoding)


def test_decimal_commas(tmp_path):
    path = written(tmp_path, text([("a", "a", "1,5"), ("a", "b", "2")], separator=";"))

    table = read_flow_table(path)

    assert table.flows.persons.toarray().tolist() == [[1.5, 2], [0, 0]]
    assert str(table.warnings[0]) == (
        "flows.csv: 1 row with fractions of persons, such as 1.5 of a → a: kept"
    )


def test_a_number_of_two_readings_is_refused_until_the_mark_is_named(tmp_path):
    path = written(tmp_path, text([("a", "a", "1.234"), ("a", "b", "2")], separator=";"))

    (fault,) = faults(path)

    assert fault.startswith("flows.csv line 2: persons of a → a is 1.234; expected a number with")
    assert fault.endswith('or say the decimal mark with the option decimal, "." or ","')
    assert flows_of(path, decimal=",").persons.sum() == 1236
    assert flows_of(path, decimal=".").persons.sum() == 3.234


def test_a_gzipped_file(tmp_path):
    path = written(tmp_path, gzip.compress(text().encode()), "flows.csv.gz")

    assert flows_of(path).persons.sum() == 100


def test_a_workbook_with_codes_as_text(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "notes"
    book.active.append(["nothing here"])
    sheet = book.create_sheet("OD")
    for row in [("origin", "destination", "persons"), *PLAIN]:
        sheet.append(row)
    path = tmp_path / "flows.xlsx"
    book.save(path)

    table = read_flow_table(path)

    assert table.place == "flows.xlsx sheet OD"
    assert table.flows.town_ids == ("001", "1")
    assert table.flows.persons.sum() == 100


def test_a_workbook_with_two_fitting_sheets_needs_a_name(tmp_path):
    book = openpyxl.Workbook()
    for title in ("2011", "2021"):
        sheet = book.create_sheet(title)
        for row in [("origin", "destination", "persons"), ("a", "a", int(title))]:
            sheet.append(row)
    del book["Sheet"]
    path = tmp_path / "flows.xlsx"
    book.save(path)

    assert faults(path) == [
        'flows.xlsx: the workbook is of 2 sheets, "2011", "2021", 2 with the columns; expected one '
        "sheet with them; name it with the option sheet"
    ]
    assert faults(path, sheet="2001") == [
        'flows.xlsx: the sheet 2001 is missing; expected one of "2011", "2021"'
    ]
    assert flows_of(path, sheet="2021").persons.sum() == 2021


def test_codes_that_are_numbers_in_a_workbook_are_told(tmp_path):
    book = openpyxl.Workbook()
    for row in [("origin", "destination", "persons"), (1, 2, 5), (2, 2, 5)]:
        book.active.append(row)
    path = tmp_path / "flows.xlsx"
    book.save(path)

    table = read_flow_table(path)

    assert table.flows.town_ids == ("1", "2")
    assert [warning.value for warning in table.warnings][:1] == ["the number 1 and 1 more"]


def test_a_parquet_file_with_codes_as_text(tmp_path):
    path = tmp_path / "flows.parquet"
    frame = pd.DataFrame(PLAIN, columns=["origin", "destination", "persons"])
    for column in ("origin", "destination"):
        frame[column] = frame[column].astype("category")
    frame.to_parquet(path)

    flows = flows_of(path)

    assert flows.town_ids == ("001", "1")
    assert flows.persons.toarray().tolist() == [[50, 10], [20, 20]]


def test_codes_that_are_numbers_in_a_parquet_file_are_told(tmp_path):
    path = tmp_path / "flows.parquet"
    pd.DataFrame({"home": [1, 2], "work": [2, 2], "flow": [1.5, 2]}).to_parquet(path)

    table = read_flow_table(path)

    assert table.flows.town_ids == ("1", "2")
    assert table.flows.persons.sum() == 3.5
    assert str(table.warnings[0]) == (
        "flows.parquet: home is numbers, such as 1; expected text; leading zeros, if the code had "
        "any, are lost"
    )


def test_long_codes_that_are_numbers_keep_every_digit(tmp_path):
    path = tmp_path / "flows.parquet"
    codes = [2**60 + 1, 2**60 + 3]
    pq.write_table(pa.table({"origin": codes, "destination": codes, "persons": [1, 2]}), path)

    assert flows_of(path).town_ids == ("1152921504606846977", "1152921504606846979")


def test_more_persons_than_numbers_hold_are_refused_in_any_file(tmp_path):
    path = tmp_path / "flows.parquet"
    pq.write_table(pa.table({"origin": ["a"], "destination": ["a"], "persons": [2**60 + 1]}), path)

    assert faults(path) == [
        "flows.parquet: the sum of persons is 1.15e+18; expected less than 9,007,199,254,740,992; "
        "beyond, whole numbers are not exact"
    ]


def test_typed_text_and_decimal_numbers_of_a_parquet_file(tmp_path):
    path = tmp_path / "flows.parquet"
    table = pa.table(
        {
            "origin": pa.array(["001", "1"], pa.large_string()),
            "destination": pa.array(["1", "1"]).dictionary_encode(),
            "persons": pa.array([1, 2], pa.decimal128(10, 2)),
        }
    )
    pq.write_table(table, path)

    assert flows_of(path).persons.toarray().tolist() == [[0, 1], [0, 2]]


def test_codes_of_more_digits_than_numbers_have_are_ordered_too(tmp_path):
    long, longer = "9" * 5_000, "1" + "0" * 5_000

    assert flows_of(written(tmp_path, text([(longer, long, 1)]))).town_ids == (long, longer)


def test_missing_values_of_a_parquet_file_are_faults(tmp_path):
    path = tmp_path / "flows.parquet"
    table = pa.table({"origin": ["a", None], "destination": ["a", "b"], "persons": [None, 2.0]})
    pq.write_table(table, path)

    assert faults(path) == [
        "flows.parquet row 1: persons of a → a is missing; expected a number (persons), 0 or more",
        "flows.parquet row 2: origin of b is missing; expected a code",
    ]


def test_repeated_pairs_are_refused_unless_they_are_to_be_added(tmp_path):
    path = written(tmp_path, text([("a", "b", 1), ("b", "a", 2), ("a", "b", 3), ("a ", "b", 4)]))

    assert faults(path) == [
        "flows.csv line 4: a → b is in the table already, at line 2; expected every pair once; "
        "the option sum-duplicates adds them up",
        "flows.csv line 5: a → b is in the table already, at line 2; expected every pair once; "
        "the option sum-duplicates adds them up",
    ]
    table = read_flow_table(path, sum_duplicates=True)
    assert table.flows.persons.toarray().tolist() == [[0, 8], [2, 0]]
    assert "flows.csv: 2 rows of a pair that stands above: added to it" in map(str, table.warnings)


def test_all_faults_are_told_in_the_order_of_the_lines_and_very_many_counted(tmp_path):
    rows = [("a", f"t{n}", -n) for n in range(1, 61)]

    with pytest.raises(TableError) as refused:
        flows_of(written(tmp_path, text([*rows, ("", "t", "many")])))

    told = str(refused.value).splitlines()
    assert refused.value.n_faults == 62
    assert told[0] == "62 faults in flows.csv"
    assert told[1] == (
        "  flows.csv line 2: persons of a → t1 is -1; expected a number (persons), 0 or more"
    )
    assert told[-1] == "  and 22 more"
    assert len(told) == 42


def test_rows_of_separators_and_blank_lines_are_no_rows(tmp_path):
    path = written(tmp_path, text([("a", "a", 1), ("", "", ""), ("a", "b", -1)]) + "\n\n,,\n")

    assert faults(path)[0].startswith("flows.csv line 4: persons of a → b is -1")


def test_zero_rows_are_counted_and_no_flow(tmp_path):
    path = written(tmp_path, text([("a", "a", 1), ("a", "b", 0), ("b", "b", "0.0")]))

    assert notices(path) == [
        "flows.csv: 2 rows without persons: no flow",
        "flows.csv: 1 town without flows: b",
    ]


def test_towns_without_flows_one_way_are_told(tmp_path):
    rows = [("a", "b", 1)]

    assert notices(written(tmp_path, text(rows))) == [
        "flows.csv: 1 town where no workers live: b",
        "flows.csv: 1 town where nobody works: a",
        "flows.csv: nobody works in the own town; labour market areas need those who stay",
    ]


def test_notices_are_python_warnings_for_who_reads_flows_alone(tmp_path):
    with pytest.warns(UserWarning, match="without persons"):
        read_flows(written(tmp_path, text([*PLAIN, ("2", "2", 0), ("2", "1", 1), ("1", "2", 1)])))


def test_a_clean_file_gives_no_notice(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_flows(written(tmp_path, text()))


def test_every_listed_town_is_in_the_matrix_in_the_order_of_the_list(tmp_path):
    towns = read_towns(written(tmp_path, "id,name\n1,Ash\n7,Elm\n001,Birch\n", "towns.csv"))

    table = read_flow_table(written(tmp_path, text()), towns=towns)

    assert table.flows.town_ids == ("1", "7", "001")
    assert [str(warning) for warning in table.warnings] == ["flows.csv: 1 town without flows: 7"]


def test_flows_of_an_unknown_town_are_told_once_a_town_with_the_nearest(tmp_path):
    towns = read_towns(written(tmp_path, "id,name\n001,Ash\n002,Elm\n", "towns.csv"))
    rows = [("001", "001", 5), ("001", "2", 5), ("Elm", "001", 5), ("Elm", "002", 5)]

    assert faults(written(tmp_path, text(rows)), towns=towns) == [
        'flows.csv line 3: destination of 001 → 2 is "2"; expected a code from towns.csv; nearest '
        "is 002: leading zeros differ",
        'flows.csv line 4: origin of Elm → 001 is "Elm" in 2 rows; expected a code from towns.csv; '
        "the code of Elm is 002",
    ]


@pytest.mark.parametrize("is_faulty", [False, True])
def test_a_large_file_is_read_as_pandas_reads_it(tmp_path, is_faulty):
    """A fault in the last of 200,000 rows sends the file the careful way round, to the same end."""
    random = np.random.default_rng(8)
    pairs = random.permutation(700 * 700)[:200_000]
    frame = pd.DataFrame(
        {
            "origin": [f"{town:05}" for town in pairs // 700],
            "destination": [f"{town:05}" for town in pairs % 700],
            "persons": random.geometric(0.1, len(pairs)),
        }
    )
    path = written(tmp_path, frame.to_csv(index=False) + ("00001,000" if is_faulty else ""))
    if is_faulty:
        assert faults(path) == [
            "flows.csv line 200002: the row is 2 cells long; expected 3 cells, as the header has"
        ]
        return

    flows = flows_of(path)

    table = frame.pivot_table(index="origin", columns="destination", values="persons", fill_value=0)
    assert flows.town_ids == tuple(table.index)
    assert (flows.persons.toarray() == table.to_numpy()).all()


def test_the_summary_says_what_was_read(tmp_path):
    assert read_flow_table(written(tmp_path, text())).summary() == (
        "flows.csv: 4 rows; 100 daily workers of 2 towns (counted), 70% in their own town"
    )


@pytest.mark.parametrize(
    ("file", "options", "n_towns", "persons"),
    [
        ("reference/labour_market_areas/flows/sardinia.csv", {}, 377, 391_395),
        ("reference/labour_market_areas/flows/belgium2011_flows.csv", {}, 589, 4_284_208),
        (
            "data/commuting/fr_grandest_urban_areas_commuters_2011.csv",
            {"columns": ("i", "j", "fij")},
            159,
            2_306_577,
        ),
        ("data/commuting/fr_herault_od_2020.csv", {}, 339, 224_851),
    ],
)
def test_census_files(shared_dir, file, options, n_towns, persons):
    table = read_flow_table(shared_dir / file, **options)

    assert len(table.flows.town_ids) == n_towns
    assert table.flows.persons.sum() == pytest.approx(persons, abs=0.5)
