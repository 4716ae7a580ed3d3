"""One table for all outputs: columns with units, cells that know whether they were assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from comarca.report import words

Kind = Literal["text", "code", "count", "number", "money", "share", "clock", "flag"]
NUMERIC: frozenset[Kind] = frozenset({"count", "number", "money", "share", "clock"})


@dataclass(frozen=True)
class Column:
    """
    One column.

    Parameters
    ----------
    title
        What stands at its head.
    kind
        How its cells are told: ``code`` is text that must never become a number, ``clock`` minutes
        after midnight, ``money`` the region's currency.
    unit
        Shown with the title; empty when the title says all.
    """

    title: str
    kind: Kind = "text"
    unit: str = ""

    @property
    def heading(self) -> str:
        """Title and unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    @property
    def is_number(self) -> bool:
        """Whether cells are numbers, which stand to the right."""
        return self.kind in NUMERIC


@dataclass(frozen=True)
class Assumed:
    """A value nobody gave."""

    value: Any


@dataclass(frozen=True)
class Linked:
    """A value that leads somewhere on a page: ``"towns-1.html#town-20039"``."""

    value: Any
    href: str


@dataclass(frozen=True)
class Table:
    """
    Rows under columns.

    Parameters
    ----------
    name
        Name of the sheet it becomes.
    title
        What a reader sees above it.
    columns, rows
        Each row has one value a column; an :class:`Assumed` one is marked wherever it is shown.
    note
        A line that explains it.
    currency
        Of its amounts.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""
    currency: str = ""

    def told(self) -> tuple[tuple[Told, ...], ...]:
        """Every cell as a reader sees it, the numbers of a column to as many decimals."""
        kept = [self._decimals(at) for at in range(len(self.columns))]
        return tuple(
            tuple(
                tell(value, column, self.currency, kept=decimals)
                for value, column, decimals in zip(row, self.columns, kept, strict=True)
            )
            for row in self.rows
        )

    def _decimals(self, at: int) -> int:
        """Most that a number of a column needs."""
        if self.columns[at].kind != "number":
            return 0
        values = [plain(row[at]) for row in self.rows]
        told = [words.rounded(value) for value in values if not words.is_missing(value)]
        return max((len(text.partition(".")[2]) for text in told), default=0)

    def select(self, titles: Sequence[str], *, name: str = "", title: str = "") -> Table:
        """Keep only some columns, in this order."""
        at = [[column.title for column in self.columns].index(wanted) for wanted in titles]
        return Table(
            name or self.name,
            title or self.title,
            tuple(self.columns[i] for i in at),
            tuple(tuple(row[i] for i in at) for row in self.rows),
            self.note,
            self.currency,
        )


@dataclass(frozen=True)
class Told:
    """A cell as text, with its exact value, whether it was assumed, and where it leads."""

    text: str
    value: Any
    is_assumed: bool
    is_number: bool
    href: str = ""


def plain(value: Any) -> Any:
    """The value itself, without the mark of having been assumed, or its link."""
    return value.value if isinstance(value, Assumed | Linked) else value


def tell(value: Any, column: Column, currency: str = "", *, kept: int = 0) -> Told:
    """
    Put a value into words by the kind of its column; missing is a dash, never a zero.

    A number keeps the noughts among its first ``kept`` decimals.
    """
    bare = plain(value)
    if words.is_missing(bare):
        return Told("–", None, False, column.is_number)
    href = value.href if isinstance(value, Linked) else ""
    is_assumed = isinstance(value, Assumed)
    return Told(_text(bare, column, currency, kept), bare, is_assumed, column.is_number, href)


def _text(value: Any, column: Column, currency: str, kept: int) -> str:
    match column.kind:
        case "count":
            return words.whole(value)
        case "number":
            return words.rounded(value, kept=kept)
        case "money":
            return words.money(value, currency)
        case "share":
            return words.share(value)
        case "clock":
            return words.time_of_day(value)
        case "flag":
            return "yes" if value else "no"
        case _:
            return str(value)
