"""Which columns of a lone file are meant: those named, or those everybody would take them for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from comarca.errors import ParameterError
from comarca.io.lone_tables import TableFindings
from comarca.model.dictionary import Attribute

_MOST_HEADERS_TOLD = 30


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """
    One column that a reader asks for.

    Parameters
    ----------
    attribute
        What the data dictionary says of it.
    other_names
        Further headers it is recognised by, in lower case.
    is_optional
        Whether the file may do without it.
    """

    attribute: Attribute
    other_names: tuple[str, ...] = ()
    is_optional: bool = False

    @property
    def name(self) -> str:
        """Its name in the data dictionary."""
        return self.attribute.name

    @property
    def names(self) -> tuple[str, ...]:
        """Every header it is recognised by."""
        return (self.name, *self.other_names)


def named_columns(
    wanted: Sequence[Wanted], columns: Sequence[str] | None
) -> Mapping[str, str] | None:
    """
    Pair what is wanted with the headers a user names, in order.

    Parameters
    ----------
    wanted
        What the reader asks for.
    columns
        One header for each, optional ones may be left out at the end; ``None`` when they are to be
        recognised.

    Raises
    ------
    ParameterError
        When their number differs, or one is blank or named twice.
    """
    if columns is None:
        return None
    given = [str(column).strip() for column in columns]
    n_needed = sum(not column.is_optional for column in wanted)
    is_right = not isinstance(columns, str) and n_needed <= len(given) <= len(wanted)
    if not is_right or not all(given) or len(set(given)) < len(given):
        needed = ", ".join(column.name for column in wanted)
        raise ParameterError(
            f"columns is {columns if isinstance(columns, str) else ', '.join(given)}; "
            f"expected the headers, in this order and each once, of {needed}."
        )
    return dict(zip((column.name for column in wanted), given, strict=False))


def chosen_columns(
    header: Sequence[str],
    wanted: Sequence[Wanted],
    named: Mapping[str, str] | None,
    place: str,
    findings: TableFindings,
) -> dict[str, int] | None:
    """
    Find the wanted columns in a header.

    Parameters
    ----------
    header
        As written.
    wanted
        What the reader asks for.
    named
        Headers by what they are wanted for, from :func:`named_columns`, or ``None``.
    place
        Where the header stands.
    findings
        Faults are added here.

    Returns
    -------
    dict or None
        Position in the header by name of the data dictionary; ``None`` with a fault.
    """
    stripped = [name.strip() for name in header]
    n_faults = findings.n_faults
    if named is not None:
        found = {
            name: _position(column, stripped, place, findings) for name, column in named.items()
        }
        if findings.n_faults == n_faults and len(set(found.values())) < len(found):
            meant = ", ".join(named.values())
            findings.fault(place, "the option columns", meant, "another column for each")
    else:
        found = _recognised(stripped, wanted, place, findings)
    return None if findings.n_faults > n_faults else found


def _position(column: str, header: Sequence[str], place: str, findings: TableFindings) -> int:
    """Where a column stands that a user named; its letters first as written, then in any case."""
    folded = [name.casefold() for name in header]
    for name, names in ((column, list(header)), (column.casefold(), folded)):
        if names.count(name) == 1:
            return names.index(name)
        if name in names:
            findings.fault(place, column, "in the header more than once", "every column once")
            return -1
    near = get_close_matches(column.casefold(), folded, n=1)
    hint = f"; nearest is {header[folded.index(near[0])]}" if near else ""
    findings.fault(place, f"column {column}", "", f"one of {_listed(header)}{hint}")
    return -1


def _recognised(
    header: Sequence[str], wanted: Sequence[Wanted], place: str, findings: TableFindings
) -> dict[str, int]:
    folded = [name.casefold() for name in header]
    counts = Counter(folded)
    needed = [column for column in wanted if not column.is_optional]
    # The names of the data dictionary, all of them there, leave no doubt.
    is_plain = all(counts[column.name] == 1 for column in needed)
    found: dict[str, int] = {}
    is_clear = True
    for column in wanted:
        own_name_wins = counts[column.name] == 1 and (is_plain or column.is_optional)
        names = (column.name,) if own_name_wins else column.names
        hits = [at for at, name in enumerate(folded) if name in names]
        if len(hits) == 1:
            found[column.name] = hits[0]
        elif hits or not column.is_optional:
            is_clear = False
    if not is_clear:
        asked = ", ".join(column.name for column in needed)
        more = ", ".join(column.name for column in wanted if column.is_optional)
        findings.fault(
            place,
            "the header",
            _listed(header),
            f"columns {asked}{more and f' (if known, {more})'}, each once and nothing above them; "
            "name yours with the option columns, in that order",
        )
    return found


def _listed(header: Sequence[str]) -> str:
    names = [f'"{name[:40]}"' for name in header if name]
    more = len(names) - _MOST_HEADERS_TOLD
    return ", ".join(names[:_MOST_HEADERS_TOLD]) + (f" and {more:,} more" if more > 0 else "")
