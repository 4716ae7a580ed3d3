"""Whatever flows a file holds, they are read as written, by whichever way the file is split."""

import csv
import gzip
import io
import tempfile
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.errors import TableError
from comarca.io import read_flow_table
from comarca.io.lone_csv import _Csv

# Letters, digits, marks, punctuation and symbols of all scripts, blanks inside; no control codes.
LETTERS = st.characters(categories=("L", "M", "N", "P", "S", "Zs"), exclude_characters="\ufffd")
IDS = st.one_of(
    st.from_regex(r"0{0,3}[0-9]{1,8}", fullmatch=True),
    st.text(LETTERS, min_size=1, max_size=8).filter(
        lambda text: text == text.strip() and not text.startswith('="')
    ),
    st.sampled_from(["NA", "NaN", "nan", '"quoted"', "a;b,c", "null", "-", "'01", "N/A"]),
).filter(lambda town: not pd.Series([town]).str.fullmatch(r"\d[.,]?\d*[eE]\+\d+").any())
COUNTS = st.one_of(st.integers(0, 10**9), st.floats(0, 1e12, allow_nan=False))


@st.composite
def flows(draw):
    """Pairs of towns, each once, with persons, at least one of them above zero."""
    towns = draw(st.lists(IDS, min_size=1, max_size=6, unique=True))
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(towns), st.sampled_from(towns)),
            min_size=1,
            max_size=12,
            unique=True,
        )
    )
    persons = [draw(COUNTS) for _ in pairs]
    persons[0] = persons[0] or 1
    return [(*pair, count) for pair, count in zip(pairs, persons, strict=True)]


def assert_same(path, rows):
    table = read_flow_table(path)
    position = {town: at for at, town in enumerate(table.flows.town_ids)}
    assert set(position) == {town for row in rows for town in row[:2]}
    persons = table.flows.persons.toarray()
    for home, work, count in rows:
        assert persons[position[home], position[work]] == count
    assert table.n_rows == len(rows)
    assert persons.sum() == pytest.approx(sum(row[2] for row in rows))


@given(
    flows(),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@settings(max_examples=80)
def test_through_csv(rows, separator, quoting, newline, is_packed):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, quoting=quoting, lineterminator=newline)
    # A fraction settles the decimal mark, which a semicolon alone leaves open.
    rows = [*rows, ("some town", "another town", 0.5)]
    writer.writerows([("origin", "destination", "persons"), *rows])
    data = buffer.getvalue().encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("f.csv.gz" if is_packed else "f.csv")
        path.write_bytes(gzip.compress(data) if is_packed else data)
        assert_same(path, rows)


@given(flows(), st.sampled_from(["parquet", "xlsx"]))
@settings(max_examples=25)
def test_through_parquet_and_workbooks(rows, kind):
    # A workbook holds sixteen digits of a number.
    rows = [(home, work, float(f"{count:.15g}")) for home, work, count in rows]
    if not any(count for *_, count in rows):
        rows[0] = (*rows[0][:2], 1.0)
    frame = pd.DataFrame(rows, columns=["origin", "destination", "persons"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"f.{kind}"
        if kind == "parquet":
            frame.to_parquet(path)
        else:
            write_workbook(path, frame)
        assert_same(path, rows)


def write_workbook(path, frame):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(list(frame.columns))
    for at, row in enumerate(frame.itertuples(index=False), start=2):
        for column, value in enumerate(row, start=1):
            cell = book.active.cell(at, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # "=1" is a code here, not a formula
    book.save(path)


CELLS = st.one_of(
    st.sampled_from(
        [
            *("", " ", "1", "2", "0", "12", " 3 ", "-1", "+4", "1.5", "1,5", "1.234", "1,234"),
            *("1.234.567", "1,234.5", "1e3", "1.5e-05", "1E400", "1e-400", ".5", "5.", "00.25"),
            *("0.1", "inf", "nan", "NA", "1 000", "1\u202f000", "\u22125", "x", "1x", "12345.678"),
            *("9007199254740993", "123456789012345678901", "0x10", "1_000", "TRUE", "٣"),
        ]
    ),
    st.from_regex(r"[0-9]{1,4}[.,]?[0-9]{0,5}([eE][+-]?[0-9]{1,3})?", fullmatch=True),
)
TOWNS = st.sampled_from(["1", "01", " 1", "a", "b", "", "NA", '="01"', "1.00E+05", "\ufffd", "c d"])
LINES = st.one_of(
    st.tuples(TOWNS, TOWNS, CELLS).map(list),
    st.sampled_from([[], ["", "", ""], ["a"], ["a", "b", "1", "2"], ["a", "b", "1", ""]]),
)


def outcome(path, **options):
    """What reading gives: the flows and the notices, or the faults."""
    try:
        table = read_flow_table(path, **options)
    except TableError as refused:
        return str(refused)
    return (
        table.flows.town_ids,
        table.flows.persons.toarray().tolist(),
        [str(warning) for warning in table.warnings],
    )


@given(
    st.lists(LINES, max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from([None, ".", ","]),
    st.booleans(),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONE]),
    st.text(st.sampled_from('"\n\r,;a1 '), max_size=4),
)
@settings(max_examples=250)
def test_the_fast_way_and_the_careful_way_give_the_same(
    lines, separator, decimal, is_summed, quoting, tail
):
    """Odd cells, rows of odd lengths, stray quotation marks: the same flows or the same faults."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(
        buffer, delimiter=separator, quoting=quoting, lineterminator="\n", quotechar='"'
    )
    try:
        writer.writerows([("origin", "destination", "persons"), *lines])
    except csv.Error:  # a cell that needs quoting, or an empty row, and none is allowed
        return
    options = {"decimal": decimal, "sum_duplicates": is_summed}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_bytes((buffer.getvalue() + tail).encode())
        fast = outcome(path, **options)
        with mock.patch.object(_Csv, "_plain", return_value=None):
            careful = outcome(path, **options)
    assert fast == careful


def test_the_fast_way_takes_plain_files(tmp_path):
    """Otherwise the test above would compare the careful way with itself."""
    random = np.random.default_rng(3)
    frame = pd.DataFrame(
        random.integers(0, 9, (300, 3)), columns=["origin", "destination", "persons"]
    )
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):
        path = tmp_path / "f.csv"
        frame.to_csv(path, index=False, quoting=quoting)
        with mock.patch.object(_Csv, "_careful", side_effect=AssertionError):
            table = read_flow_table(path, sum_duplicates=True)
        assert table.flows.persons.sum() == frame["persons"].sum()
