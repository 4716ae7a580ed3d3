"""
How numbers are told to a reader: rounded, with unit and currency, British style.

Rounding is the only thing done to a number here; what is exact stays beside it (a ``data`` element
of the page, a cell of the workbook).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from comarca.units import HOURS_PER_DAY, MIN_PER_H

DAGGER = "†"
"""Stands beside every assumed number."""
MINUS = "−"
NBSP = "\u00a0"
_MILLION, _BILLION = 1e6, 1e9


def is_missing(value: Any) -> bool:
    """Whether there is nothing to tell: ``None``, ``NA`` or ``nan``."""
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def whole(value: float) -> str:
    """Persons, jobs, towns: ``1,234``."""
    told = f"{value:,.0f}"
    return "0" if told == "-0" else told.replace("-", MINUS)


def rounded(value: float, digits: int = 3, *, kept: int = 0) -> str:
    """
    A quantity to so many significant digits: ``0.0123``, ``12.3``, ``1,230``.

    Noughts at its end are left out, unless they stand among the first ``kept`` decimals.
    """
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "no limit" if value > 0 else f"{MINUS}no limit"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    text = f"{round(value, places):,.{max(places, 0)}f}"
    if "." in text:
        ones, _, decimals = text.partition(".")
        decimals = decimals.rstrip("0").ljust(min(kept, len(decimals)), "0")
        text = f"{ones}.{decimals}" if decimals else ones
    return text.replace("-", MINUS)


def money(amount: float, currency: str, *, signed: bool = False) -> str:
    """
    An amount a person can say: ``MXN 1.24 million``, ``MXN 12,300``, ``MXN 4.20``.

    Parameters
    ----------
    amount
        Currency units.
    currency
        ISO 4217 code.
    signed
        Whether a gain bears a plus.
    """
    size = abs(amount)
    if not math.isfinite(amount):
        told = "no limit"
    elif size >= _BILLION:
        told = f"{rounded(size / _BILLION, kept=2)} billion"
    elif size >= _MILLION:
        told = f"{rounded(size / _MILLION, kept=2)} million"
    elif size >= 100 or size == 0:
        told = rounded(size)
    else:
        told = f"{size:.2f}"
    sign = MINUS if amount < 0 else "+" if signed and amount > 0 else ""
    return f"{sign}{currency}{NBSP}{told}"


def share(value: float) -> str:
    """A share as a percentage: ``66.7 %``."""
    if not math.isfinite(value):
        return "no limit"
    size = abs(value * 100)
    places = 1 if size >= 0.95 or size == 0 else 2
    return f"{value * 100:,.{places}f}{NBSP}%".replace("-", MINUS)


def hours_and_minutes(minutes: float) -> str:
    """A span of time: ``34 min``, ``1 h 05``."""
    total = round(minutes)
    if abs(total) < MIN_PER_H:
        return f"{MINUS if total < 0 else ''}{abs(total)}{NBSP}min"
    hours, rest = divmod(abs(total), int(MIN_PER_H))
    return f"{MINUS if total < 0 else ''}{hours}{NBSP}h{NBSP}{rest:02d}"


def time_of_day(minutes: float) -> str:
    """Minutes after midnight as a clock shows them: ``08:40``; a day later ``00:20 (+1 day)``."""
    days, rest = divmod(round(minutes), int(HOURS_PER_DAY * MIN_PER_H))
    hours, minute = divmod(rest, int(MIN_PER_H))
    later = f"{NBSP}(+{plural(days, 'day')})" if days else ""
    return f"{hours:02d}:{minute:02d}{later}"


def driven(every_days: int, first_day: int) -> str:
    """On which working days a truck drives: ``every working day``, ``on day 1 of every 2``."""
    if every_days == 1:
        return "every working day"
    return f"on working day {first_day} of every {every_days}"


def plural(count: float, one: str, many: str | None = None) -> str:
    """A count with its noun: ``1 town``, ``1,250 towns``."""
    return f"{whole(count)} {one if count == 1 else many or _many(one)}"


def _many(noun: str) -> str:
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"


def listed(names: list[str], most: int = 5) -> str:
    """Names in a sentence: ``Ash, Birch and Cedar``, ``Ash, Birch and 12 others``."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1:,} others"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def readable(name: str) -> str:
    """A name of the model as words: ``self_containment`` → ``Self containment``."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def setting_value(value: Any) -> str:
    """A value of ``defaults/`` in a line, whatever its kind."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return rounded(float(value), 4)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {setting_value(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(setting_value(item) for item in value)
    return str(value)
