"""A table in a file of its own, of whichever kind it is."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from pathlib import Path

from comarca.errors import ParameterError
from comarca.io.lone_columns import Wanted, named_columns
from comarca.io.lone_tables import LoneTable, TableFindings

_KINDS = "CSV (.csv, .tsv, .txt, also .gz), .xlsx or .parquet"
_TEXTS = (".csv", ".tsv", ".tab", ".txt")
_BOOKS = (".xlsx", ".xlsm")
_PARQUETS = (".parquet", ".pq")


def read_lone_table(
    path: str | Path,
    wanted: Sequence[Wanted],
    findings: TableFindings,
    *,
    columns: Sequence[str] | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
) -> LoneTable | None:
    """
    Read the wanted columns of one file.

    Parameters
    ----------
    path
        CSV (comma, semicolon or tab; also packed by gzip), XLSX or Parquet.
    wanted
        Columns the reader asks for.
    findings
        What is wrong with the file as a file is added here.
    columns
        Headers of what is wanted, in that order; recognised by their names when not given.
    encoding
        Of a CSV file that is not UTF-8.
    decimal
        ``"."`` or ``","``; found out from the numbers when not given.
    sheet
        Of a workbook with several.

    Returns
    -------
    LoneTable or None
        ``None`` when it is no such table; the findings say why.

    Raises
    ------
    ParameterError
        When an option is none.
    """
    place = Path(path)
    named = named_columns(wanted, columns)
    if decimal not in (None, ".", ","):
        raise ParameterError(f'decimal is {decimal!r}; expected "." or ",".')
    if encoding is not None:
        _check_encoding(encoding)
    kinds = [suffix.lower() for suffix in place.suffixes[-2:]]
    kind = kinds[-1] if kinds else ""
    is_packed = kind == ".gz"
    if is_packed:
        kind = kinds[-2] if len(kinds) > 1 else ""
    if not place.is_file():
        what = "a folder" if place.is_dir() else ""
        findings.fault(str(place), "the file", what, f"a file, {_KINDS}")
        return None
    if kind in _BOOKS and not is_packed:
        from comarca.io.lone_books import lone_sheet

        return lone_sheet(place, wanted, named, findings, sheet=sheet, decimal=decimal)
    if kind in _PARQUETS and not is_packed:
        from comarca.io.lone_books import lone_parquet

        return lone_parquet(place, wanted, named, findings, decimal=decimal)
    if kind not in _TEXTS:
        findings.fault(place.name, "the file", f"of kind {place.suffix or 'none'}", _KINDS)
        return None
    data = _bytes_of(place, findings, is_packed=is_packed)
    if data is None:
        return None
    from comarca.io.lone_csv import lone_csv

    return lone_csv(data, wanted, named, findings, encoding=encoding, decimal=decimal)


def _check_encoding(encoding: str) -> None:
    try:
        "".encode(encoding)
    except LookupError:  # also of what codecs knows and is no text, such as base64
        raise ParameterError(
            f"encoding is {encoding!r}; expected a name such as utf-8, cp1252 or cp1251."
        ) from None


def _bytes_of(path: Path, findings: TableFindings, *, is_packed: bool) -> bytes | None:
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if is_packed else data
    except (EOFError, gzip.BadGzipFile, zlib.error):
        findings.fault(path.name, "the file", "not to be unpacked", "a gzip file, not damaged")
    except OSError as error:  # no right to read it, or another program holds it
        reason = f"not readable ({error.strerror})"
        findings.fault(path.name, "the file", reason, "a file that may be read")
    return None
