"""
Numbers as people and spreadsheets write them, read only where one reading is possible.

``1.5`` and ``1,5`` each settle the decimal mark of a file; ``1,234.5`` and ``1.234.567`` do too.
``1.234`` alone settles nothing: it may be a thousand or little more than one. Where nothing else in
the file decides, it is refused. A space or an apostrophe between groups of three digits can only
separate thousands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

Reading = Literal["whole", ".", ",", "one point", "one comma", "none"]

MISSING_NUMBERS = frozenset({"na", "n/a", "#n/a", "nan", "null", "none"})
_SPACED = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d+)?")
_SPACES = re.compile(r"[ \u00a0\u202f'’]")
_WHOLE = re.compile(r"[+-]?\d+(?:[eE][+-]?\d+)?")
_ONE_POINT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")


def _settles_point(point: str, comma: str) -> re.Pattern[str]:
    """Numbers that have one reading only: ``point`` is the decimal mark, ``comma`` a separator."""
    p, c = re.escape(point), re.escape(comma)
    return re.compile(
        rf"[+-]?(?:\d*{p}\d{{1,2}}|\d*{p}\d{{4,}}|\d+{p}|0\d*{p}\d+|\d{{4,}}{p}\d+|{p}\d+"
        rf"|\d{{1,3}}(?:{c}\d{{3}})+{p}\d+|\d{{1,3}}(?:{c}\d{{3}}){{2,}}"
        rf"|\d+{p}\d+[eE][+-]?\d+)(?:[eE][+-]?\d+)?"
    )


_POINT = _settles_point(".", ",")
_COMMA = _settles_point(",", ".")


def plain(text: str) -> str:
    """Number text without blanks around it, typographic minus or spaced thousands."""
    text = text.strip().replace("\u2212", "-")
    return _SPACES.sub("", text) if _SPACED.fullmatch(text) else text


def reading_of(text: str) -> Reading:
    """Which decimal mark a number settles, if any."""
    if text.isascii() and text.isdigit():
        return "whole"  # most cells; worth its own line on large tables
    stripped = text.strip().replace("\u2212", "-")
    if _SPACED.fullmatch(stripped):
        # Spaces part the thousands, so a mark that follows them is the decimal one.
        return "." if "." in stripped else "," if "," in stripped else "whole"
    if stripped.isascii() and (stripped.isdigit() or _WHOLE.fullmatch(stripped)):
        return "whole"
    if _ONE_POINT.fullmatch(stripped):
        return "one point"
    if _ONE_POINT.fullmatch(stripped.replace(",", "\0").replace(".", ",").replace("\0", ".")):
        return "one comma"
    if _POINT.fullmatch(stripped) and stripped.isascii():
        return "."
    if _COMMA.fullmatch(stripped) and stripped.isascii():
        return ","
    return "none"


def settled_marks(texts: Iterable[str]) -> dict[str, str]:
    """Decimal marks that the numbers settle, each with the first number that does so."""
    found: dict[str, str] = {}
    for text in texts:
        reading = reading_of(text)
        if reading in (".", ",") and reading not in found:
            found[reading] = text.strip()
    return found


def number_from(text: str, mark: str | None, *, is_declared: bool = False) -> float | None:
    """
    Read one number.

    Parameters
    ----------
    text
        What the cell holds; not blank.
    mark
        Decimal mark of the file, ``None`` when nothing settled it.
    is_declared
        Whether the region's settings name the mark; then the other sign parts thousands.

    Returns
    -------
    float or None
        ``None`` when the text is no number or has two readings.
    """
    reading = reading_of(text)
    if reading == "none":
        return None
    if reading == "whole":
        return float(plain(text))
    if reading in (".", ","):
        return float(_with_point(plain(text), reading))
    written = "." if reading == "one point" else ","
    if written == mark:
        return float(_with_point(plain(text), written))
    return float(plain(text).replace(written, "")) if is_declared else None


def _with_point(text: str, mark: str) -> str:
    other = "," if mark == "." else "."
    return text.replace(other, "").replace(mark, ".")
