"""
Text files as spreadsheets of many countries write them, decoded in one way or refused.

A byte order mark decides; else valid UTF-8 is UTF-8; else the encoding that ``region.toml`` names,
or the code page Excel uses in the region's country. Without either nobody can tell ``León`` in one
code page from ``Leуn`` in another, and the file is refused.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from comarca.errors import Fault
from comarca.io.region_settings import RegionSettings, country_codes

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32-LE"),
    (codecs.BOM_UTF32_BE, "UTF-32-BE"),
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16-LE"),
    (codecs.BOM_UTF16_BE, "UTF-16-BE"),
)
_WORD = re.compile(r"[^\W\d_]+")
_HIGH_RUN = re.compile(r"[\u00c0-\u00ff]{4,}")


class UndecodableError(Exception):
    """Inside ``io`` only: the bytes cannot be read; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def decode(data: bytes, place: str, settings: RegionSettings) -> tuple[str, Fault | None]:
    """
    Decode a text file.

    Parameters
    ----------
    data
        Its bytes.
    place
        Its name, for the fault.
    settings
        Of the region: encoding named, or country.

    Returns
    -------
    text, warning
        The text; and which code page was taken where the file does not say it itself.

    Raises
    ------
    UndecodableError
        When no encoding fits, or none is known.
    """
    text = _as_it_says(data, place)
    if text is not None:
        return text, None
    if settings.encoding or settings.country:
        return _in_code_page(data, place, settings)
    raise _refused(
        place,
        "not UTF-8, and neither country nor encoding of the region tells its code page",
        'UTF-8, or in region.toml encoding = "cp1252" (Western), "cp1251" (Cyrillic), ...',
    )


def decode_lone(data: bytes, place: str, encoding: str | None) -> str:
    """
    Decode a text file that belongs to no region.

    Parameters
    ----------
    data, place
        As in :func:`decode`.
    encoding
        What it is written in if it is not UTF-8, or ``None`` when nobody said so.

    Raises
    ------
    UndecodableError
        When no encoding fits, or none is known.
    """
    text = _as_it_says(data, place)
    if text is not None:
        return text
    if encoding is not None:
        return _strictly(data, encoding, place)
    raise _refused(
        place,
        "not UTF-8, and its encoding is not given",
        "UTF-8, or the option encoding: cp1252 (Western), cp1251 (Cyrillic), ...",
    )


def _as_it_says(data: bytes, place: str) -> str | None:
    """Text of a file that says itself how it is written: by a mark, or by being valid UTF-8."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data.removeprefix(mark), encoding, place)
    if b"\0" in data:
        raise _refused(place, "not text", "a text file saved as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _strictly(data: bytes, encoding: str, place: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, errors="replace").count("\n") + 1
        raise _refused(
            f"{place} line {line}",
            f"not {encoding}: byte {data[error.start]:#04x} does not belong",
            "text in one encoding, best UTF-8",
        ) from None


def _in_code_page(data: bytes, place: str, settings: RegionSettings) -> tuple[str, Fault | None]:
    named = settings.encoding
    page = named or (country_codes()[settings.country].code_page if settings.country else "")
    if not page:
        raise _refused(
            place,
            f"not UTF-8, and which code page {settings.country} uses is not known",
            'UTF-8, or in region.toml encoding = "cp1252" (Western), "cp1251" (Cyrillic), ...',
        )
    text = _strictly(data, page, place)
    if named:
        return text, None
    if (word := _implausible_word(text)) is not None:
        raise _refused(
            place,
            f'not UTF-8, and in {page}, the code page of {settings.country}, it says "{word}"',
            "UTF-8, or the right encoding in region.toml",
        )
    warning = Fault(
        place=place,
        object="the file",
        value=f"not UTF-8; read as {page}, the code page of {settings.country}",
        expectation="UTF-8; the text is right if names look right",
    )
    return text, warning


def _implausible_word(text: str) -> str | None:
    """Find a word nobody writes: two scripts in one, or a run of accented letters."""
    for match in _WORD.finditer(text):
        word = match[0]
        if word.isascii():
            continue
        if len({_script(letter) for letter in word}) > 1 or _HIGH_RUN.search(word):
            return word
    return None


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").partition(" ")[0]


def _refused(place: str, value: str, expectation: str) -> UndecodableError:
    return UndecodableError(
        Fault(place=place, object="the file", value=value, expectation=expectation)
    )
