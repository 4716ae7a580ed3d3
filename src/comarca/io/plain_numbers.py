"""
Numbers of one plain reading, read by the million; whatever else stands there is left to the reader
of single cells, :mod:`comarca.model.cells`, whose answers these are, only sooner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from comarca.model.numbers import reading_of

_EXPONENT = r"(?:[eE][+-]?[0-9]{1,3})?"
# In the order in which a column most often has them. With so many digits on either side a mark
# parts no thousands: see comarca.model.numbers.
_SETTLED = r"(?:[0-9]+M[0-9]{1,2}|[0-9]+M[0-9]{4,}|0[0-9]*M[0-9]+|[0-9]{4,}M[0-9]+)" + _EXPONENT
_OPEN = r"[1-9][0-9]{0,2}M[0-9]{3}"
_KINDS: tuple[tuple[Literal["whole", "settled", "open"], str, str], ...] = (
    ("whole", ".", f"[0-9]{{1,15}}{_EXPONENT}"),
    ("settled", ".", _SETTLED.replace("M", r"\.")),
    ("settled", ",", _SETTLED.replace("M", ",")),
    ("open", ".", _OPEN.replace("M", r"\.")),
    ("open", ",", _OPEN.replace("M", ",")),
)


@dataclass(frozen=True, eq=False)
class PlainNumbers:
    """
    Which texts are plain numbers, and of which kind.

    Parameters
    ----------
    texts
        Arrow strings.
    kind
        Position in the list of kinds; -1 for a text that has to be looked at by itself.
    """

    texts: pa.Array
    kind: NDArray[np.int8]

    @classmethod
    def among(cls, texts: pa.Array) -> PlainNumbers:
        """Sort texts by kind; what one kind takes is not shown to the next."""
        kind = np.full(len(texts), -1, dtype=np.int8)
        left, rest = np.arange(len(texts)), texts
        for at, (_, _, pattern) in enumerate(_KINDS):
            if not len(rest):
                break
            matched = pc.match_substring_regex(rest, f"^{pattern}$")
            is_such = matched.to_numpy(zero_copy_only=False)
            kind[left[is_such]] = at
            left, rest = left[~is_such], rest.filter(pc.invert(matched))
        return cls(texts, kind)

    def settled_marks(self) -> dict[str, str]:
        """Decimal marks that the texts settle, each with the first text that does so."""
        first: dict[str, int] = {}
        for at, (name, mark, _) in enumerate(_KINDS):
            found = self.kind == at
            if name == "settled" and found.any():
                first[mark] = int(found.argmax())
        is_other = self.kind < 0
        others = self.texts.filter(pa.array(is_other)).to_pylist()
        for at, text in zip(np.flatnonzero(is_other).tolist(), others, strict=True):
            mark = reading_of(text)
            if mark in (".", ",") and at < first.get(mark, len(self.texts)):
                first[mark] = at
        return {mark: str(self.texts[at].as_py()).strip() for mark, at in first.items()}

    def values(self, mark: str | None) -> NDArray[np.float64]:
        """Read what is plain under a decimal mark, ``None`` when open; the rest is ``nan``."""
        values = np.full(len(self.texts), np.nan)
        for at, (name, sign, _) in enumerate(_KINDS):
            found = self.kind == at
            if found.any() and (name != "open" or sign == mark):
                these = self.texts.filter(pa.array(found)) if not found.all() else self.texts
                if sign == ",":
                    these = pc.replace_substring(these, ",", ".")
                values[found] = these.cast(pa.float64()).to_numpy(zero_copy_only=False)
        return values
