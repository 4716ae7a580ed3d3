"""What ``region.toml``, or the sheet or layer ``region``, says of the whole region."""

from __future__ import annotations

import csv
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from comarca.errors import Fault

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "name": "what people call the region",
        "country": "ISO 3166-1 code of two letters, such as MX",
        "currency": "ISO 4217 code of three letters, such as MXN",
        "price_year": "year of the prices",
        "usd_exchange_rate": "units of the currency for one US dollar of that year",
        "sources": "where the tables come from, a list of lines",
        "encoding": "how CSV files that are not UTF-8 are written, such as cp1252",
        "decimal": 'the decimal mark of the CSV files, "." or ","',
    }
)


@dataclass(frozen=True, kw_only=True)
class RegionSettings:
    """
    Name, country and money of a region, and how its text files are written.

    Parameters
    ----------
    name, country, currency, price_year, usd_exchange_rate, sources
        As in :class:`comarca.model.region.Region`.
    encoding
        Encoding of CSV files that are not UTF-8, or ``None``.
    decimal
        Decimal mark of CSV files, or ``None``: found out from the numbers.
    """

    name: str
    country: str | None = None
    currency: str = "USD"
    price_year: int | None = None
    usd_exchange_rate: float | None = 1.0
    sources: tuple[str, ...] = ()
    encoding: str | None = None
    decimal: str | None = None
    warnings: tuple[Fault, ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class CountryFacts:
    """
    What reading a region needs to know of its country.

    Parameters
    ----------
    name
        Short English name.
    code_page
        Code page in which Excel saves CSV files there, or ``""`` when not known.
    box
        South, north, west and east of its places, degrees (GeoNames), or ``None``.
    """

    name: str
    code_page: str
    box: tuple[float, float, float, float] | None


@cache
def country_codes() -> Mapping[str, CountryFacts]:
    """Every ISO 3166-1 country by its code of two letters."""
    text = (files("comarca.defaults") / "country_codes.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            row["code"]: CountryFacts(
                name=row["name"],
                code_page=row["code_page"],
                box=_box(row) if row["south"] else None,
            )
            for row in csv.DictReader(text.splitlines())
        }
    )


def _box(row: Mapping[str, str]) -> tuple[float, float, float, float]:
    return float(row["south"]), float(row["north"]), float(row["west"]), float(row["east"])


def read_toml(path: Path, faults: list[Fault]) -> Mapping[str, Any] | None:
    """Content of ``region.toml``, or ``None`` and a fault when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        value, expectation = f"not TOML ({error})", 'TOML, such as name = "Sierra Sur"'
    except UnicodeDecodeError:
        value, expectation = "not UTF-8", "a text file saved as UTF-8"
    except OSError as error:
        value, expectation = f"not readable ({error.strerror})", "a file that may be read"
    faults.append(Fault(place=path.name, object="the file", value=value, expectation=expectation))
    return None


def settings_from(given: Mapping[str, Any], place: str, faults: list[Fault]) -> RegionSettings:
    """
    Judge the settings of a region.

    Parameters
    ----------
    given
        Keys and values as found.
    place
        File or sheet they stand in.
    faults
        What is wrong is added here; the setting is then left at its default.
    """
    reader = _Reader(given, place, faults)
    reader.unknown_keys()
    currency = reader.currency()
    return RegionSettings(
        name=reader.name(),
        country=reader.country(),
        currency=currency or "USD",
        price_year=reader.price_year(),
        usd_exchange_rate=reader.rate(currency),
        sources=reader.sources(),
        encoding=reader.encoding(),
        decimal=reader.decimal(),
        warnings=tuple(reader.warnings),
    )


class _Reader:
    """One method a setting; each adds its fault and answers the default when it is wrong."""

    def __init__(self, given: Mapping[str, Any], place: str, faults: list[Fault]) -> None:
        self.given = given
        self.place = place
        self.faults = faults
        self.warnings: list[Fault] = []

    def fault(self, key: str, expectation: str) -> None:
        value = str(self.given[key]) if key in self.given else ""
        self.faults.append(
            Fault(place=self.place, object=key, value=value, expectation=expectation)
        )

    def text(self, key: str) -> str:
        value = self.given.get(key, "")
        if isinstance(value, str):
            return value.strip()
        self.fault(key, f"text: {KEYS[key]}")
        return ""

    def unknown_keys(self) -> None:
        for key in self.given:
            if key not in KEYS:
                near = get_close_matches(key, KEYS, n=1)
                hint = f"; nearest is {near[0]}" if near else ""
                self.fault(key, f"one of {', '.join(KEYS)}{hint}")

    def name(self) -> str:
        name = self.text("name")
        if not name and (not self.given.get("name")):
            self.faults.append(
                Fault(place=self.place, object="name", value="", expectation=KEYS["name"])
            )
        return name

    def country(self) -> str | None:
        code = self.text("country").upper()
        if not code:
            return None
        if code in country_codes():
            return code
        by_name = {facts.name.casefold(): known for known, facts in country_codes().items()}
        near = get_close_matches(code.casefold(), by_name, n=1)
        hint = f"; nearest is {by_name[near[0]]}, {near[0].title()}" if near else ""
        self.fault("country", KEYS["country"] + hint)
        return None

    def currency(self) -> str | None:
        code = self.text("currency").upper()
        if not code or re.fullmatch("[A-Z]{3}", code):
            return code or "USD"
        self.fault("currency", KEYS["currency"])
        return None

    def number(self, key: str) -> float | None:
        value = self.given.get(key, "")
        if value == "":
            return None
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError):
            number = math.nan
        if math.isfinite(number):
            return number
        self.fault(key, f"a number: {KEYS[key]}")
        return None

    def price_year(self) -> int | None:
        year = self.number("price_year")
        if year is None:
            return None
        if year.is_integer() and 1800 <= year <= 2150:
            return int(year)
        self.fault("price_year", "a year from 1800 to 2150")
        return None

    def rate(self, currency: str | None) -> float | None:
        rate = self.number("usd_exchange_rate")
        if rate is None:
            if currency not in ("USD", None) and "usd_exchange_rate" not in self.given:
                self.warn_no_rate(str(currency))
            return 1.0 if currency == "USD" else None
        if rate <= 0:
            self.fault("usd_exchange_rate", f"a number above 0: {KEYS['usd_exchange_rate']}")
            return None
        if currency == "USD" and rate != 1:
            self.fault("usd_exchange_rate", "1, as the currency is USD")
        return rate

    def warn_no_rate(self, currency: str) -> None:
        self.warnings.append(
            Fault(
                place=self.place,
                object="usd_exchange_rate",
                value="",
                expectation=f"{currency} for one US dollar; no assumed price can be used without",
            )
        )

    def sources(self) -> tuple[str, ...]:
        value = self.given.get("sources", [])
        if isinstance(value, str):
            return tuple(line.strip() for line in value.splitlines() if line.strip())
        if isinstance(value, list) and all(isinstance(line, str) for line in value):
            return tuple(value)
        self.fault("sources", KEYS["sources"])
        return ()

    def encoding(self) -> str | None:
        name = self.text("encoding")
        if not name:
            return None
        try:
            "".encode(name)
        except LookupError:
            self.fault("encoding", "an encoding, such as utf-8, cp1252 or cp1251")
            return None
        return name

    def decimal(self) -> str | None:
        mark = self.text("decimal")
        if mark in ("", ".", ","):
            return mark or None
        self.fault("decimal", KEYS["decimal"])
        return None
