"""
Self-checking parameters, and the dated, sourced numbers they start from.

Every number from the world stands in ``comarca/defaults/assumptions.toml`` with value, range, unit
and source, or the word *assumed*. A parameter class points at an entry by name::

    class TravelParams(Params):
        car_circuity: float = assumed("travel.car.circuity")

A parameter that nobody set is therefore traceable: :meth:`Params.defaults_used` names the entry,
and the plan lists it, so that no assumed number is shown without its mark.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from numbers import Integral
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError
from pydantic_core import PydanticCustomError

from comarca.errors import Fault, ParameterError

if TYPE_CHECKING:
    from comarca.model.region import Region

_EXTRA_KEY = "assumption"
_CONTRADICTION = "contradiction"
DEFAULT_CURRENCY = "USD"
"""Currency that amounts in ``defaults/`` are stated in."""


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """
    One number (or short list) from the world, as ``defaults/`` holds it.

    Parameters
    ----------
    name
        Dotted name of the entry, for instance ``"travel.car.circuity"``.
    value
        The value used when nobody says otherwise, in ``unit``.
    low, high
        The range the value may reasonably take; ``None`` when no range is known.
    unit
        Unit in words, ``"1"`` for a pure number.
    basis
        ``"assumed"`` when no source stands behind it, else ``"sourced"``.
    source
        Where the value comes from; for an assumed one, the reasoning.
    date
        When the source stated it, or when the assumption was made: ``YYYY`` or ``YYYY-MM-DD``.
    meaning
        One sentence for a planner.
    """

    name: str
    value: Any
    low: float | None
    high: float | None
    unit: str
    basis: str
    source: str
    date: str
    meaning: str

    @property
    def is_assumed(self) -> bool:
        """Whether no source stands behind the value."""
        return self.basis == "assumed"


@cache
def assumptions(country: str | None = None) -> Mapping[str, Assumption]:
    """
    Read every default, with a country's own values where it has them.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code such as ``"MX"``, or ``None`` for the world's values.

    Returns
    -------
    Mapping[str, Assumption]
        Read-only, by dotted name. A country without entries of its own has the world's.
    """
    folder = files("comarca.defaults")
    world = _flatten(tomllib.loads((folder / "assumptions.toml").read_text(encoding="utf-8")))
    if country is not None:
        by_country = tomllib.loads((folder / "countries.toml").read_text(encoding="utf-8"))
        own = _flatten(by_country.get(country.upper(), {}))
        world |= {name: world[name] | entry for name, entry in own.items()}
    return MappingProxyType({name: _assumption(name, entry) for name, entry in world.items()})


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, dict[str, Any]]:
    """Nested tables to dotted names; a table with a ``value`` is an entry."""
    entries: dict[str, dict[str, Any]] = {}
    for key, node in tree.items():
        name = f"{prefix}{key}"
        if "value" in node:
            entries[name] = dict(node)
        else:
            entries |= _flatten(node, f"{name}.")
    return entries


def _assumption(name: str, entry: Mapping[str, Any]) -> Assumption:
    low, high = entry.get("range", (None, None))
    return Assumption(
        name=name,
        value=entry["value"],
        low=low,
        high=high,
        unit=entry["unit"],
        basis=entry["basis"],
        source=entry["source"],
        date=str(entry["date"]),
        meaning=entry["meaning"],
    )


def assumed(name: str, **constraints: Any) -> Any:
    """
    Declare a parameter whose default stands in ``defaults/`` under this name.

    Parameters
    ----------
    name
        Dotted name of the entry.
    **constraints
        Bounds that pydantic checks: ``ge``, ``gt``, ``le``, ``lt``, ``min_length``.
    """

    def value() -> Any:
        return assumptions()[name].value

    return Field(default_factory=value, json_schema_extra={_EXTRA_KEY: name}, **constraints)


@dataclass(frozen=True, kw_only=True)
class DefaultUsed:
    """
    A number of ``defaults/`` that a computation relied on, as it stood in the region's currency.

    Parameters
    ----------
    setting
        Class and field it filled, for instance ``"TravelParams.car_circuity"``.
    value
        The value used, in ``unit``.
    low, high
        Its range in ``unit``, or ``None``.
    unit
        Unit in words; amounts are in the region's currency.
    assumption
        The entry it was taken from, with its source.
    used_for
        What it stood in for, in words; empty for a parameter of a stage.
    """

    setting: str
    value: Any
    low: float | None
    high: float | None
    unit: str
    assumption: Assumption
    used_for: str = ""

    @property
    def is_assumed(self) -> bool:
        """Whether no source stands behind the number."""
        return self.assumption.is_assumed


class Params(BaseModel):
    """
    Parameters of one stage: frozen, checked when made, unknown keys refused.

    Raises
    ------
    ParameterError
        When a value is outside its range or a key is unknown; every fault is listed.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False
    )

    _country: str | None = PrivateAttr(default=None)
    _currency: str = PrivateAttr(default=DEFAULT_CURRENCY)
    _usd_exchange_rate: float = PrivateAttr(default=1.0)

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise _refusal(type(self), _faults_of(type(self), error)) from None

    @classmethod
    def for_region(cls, region: Region, /, **given: Any) -> Self:
        """
        Make parameters that start from the defaults of a region's country, in its currency.

        Parameters
        ----------
        region
            Gives country, currency and exchange rate.
        **given
            Values that the study sets, in the region's currency; they win, and count as given
            rather than as defaults.

        Raises
        ------
        ParameterError
            When an amount would have to be assumed in a currency whose rate is not known.
        """
        own = assumptions(region.country)
        needed = {
            field: own[name] for field, name in cls.default_names().items() if field not in given
        }
        if region.usd_exchange_rate is None and (amounts := _amounts_among(needed)):
            raise _refusal(cls, [_no_rate(field, region.currency) for field in amounts])
        defaults = {field: _in_currency(entry, region) for field, entry in needed.items()}
        made = cls(**(defaults | given))
        # Country defaults are still defaults: only what the study gave counts as set.
        object.__setattr__(made, "__pydantic_fields_set__", set(given))
        made._country = region.country
        made._currency = region.currency
        made._usd_exchange_rate = region.usd_exchange_rate or 1.0
        return made

    @classmethod
    def default_names(cls) -> dict[str, str]:
        """Names of fields that start from ``defaults/``, with the entry each starts from."""
        return {
            field: str(info.json_schema_extra[_EXTRA_KEY])
            for field, info in cls.model_fields.items()
            if isinstance(info.json_schema_extra, dict) and _EXTRA_KEY in info.json_schema_extra
        }

    def defaults_used(self) -> tuple[DefaultUsed, ...]:
        """Every number nobody set and ``defaults/`` filled, in the order of the fields."""
        own = assumptions(self._country)
        return tuple(
            default_used(
                f"{type(self).__name__}.{field}",
                own[name],
                currency=self._currency,
                usd_exchange_rate=self._usd_exchange_rate,
            )
            for field, name in self.default_names().items()
            if field not in self.model_fields_set
        )


def default_used(
    setting: str,
    entry: Assumption,
    *,
    currency: str = DEFAULT_CURRENCY,
    usd_exchange_rate: float = 1.0,
    used_for: str = "",
) -> DefaultUsed:
    """Record that a default was relied on, its amounts told in the region's currency."""
    rate = usd_exchange_rate if _is_amount(entry) else 1.0
    return DefaultUsed(
        setting=setting,
        value=_scaled(entry.value, rate),
        low=None if entry.low is None else entry.low * rate,
        high=None if entry.high is None else entry.high * rate,
        unit=entry.unit.replace(DEFAULT_CURRENCY, currency),
        assumption=entry,
        used_for=used_for,
    )


def _is_amount(entry: Assumption) -> bool:
    """Amounts are those whose unit is in dollars, the currency of ``defaults/``."""
    return entry.unit.startswith(DEFAULT_CURRENCY)


def _amounts_among(entries: Mapping[str, Assumption]) -> list[str]:
    """Fields whose default is an amount of money."""
    return [field for field, entry in entries.items() if _is_amount(entry)]


def _no_rate(field: str, currency: str) -> Fault:
    return Fault(
        place="",
        object=field,
        value="",
        expectation=f"an amount in {currency}; or set usd_exchange_rate ({currency} for one "
        f"{DEFAULT_CURRENCY}) in region.toml",
    )


def _in_currency(entry: Assumption, region: Region) -> Any:
    """Value of a default in the region's currency."""
    if not _is_amount(entry):
        return entry.value
    return _scaled(entry.value, region.usd_exchange_rate or 1.0)


def _scaled(value: Any, rate: float) -> Any:
    """Multiply a number, or each number of a table, by a rate; text and booleans stay."""
    if rate == 1.0 or isinstance(value, bool | str):
        return value
    if isinstance(value, Mapping):
        return {key: _scaled(item, rate) for key, item in value.items()}
    return value * rate


def _refusal(owner: type[Params], faults: Sequence[Fault]) -> ParameterError:
    told = "; ".join(str(fault) for fault in faults)
    return ParameterError(f"{owner.__name__}: {told}", faults)


def refuse_other_kinds(**given: tuple[object, type, bool]) -> None:
    """
    Refuse arguments of another kind than is wanted, all at once.

    Parameters
    ----------
    **given
        By name: what was given, the class wanted, and whether ``None`` will do as well.

    Raises
    ------
    ParameterError
        With every argument of another kind.
    """
    faults = [
        Fault(place="", object=name, value=_shown(value), expectation=_kind(wanted, may_lack))
        for name, (value, wanted, may_lack) in given.items()
        if not (isinstance(value, wanted) or (may_lack and value is None))
    ]
    if faults:
        raise ParameterError("; ".join(map(str, faults)), faults)


def _shown(value: object) -> str:
    """A plain value as it was given, anything larger by its class."""
    is_plain = value is None or isinstance(value, bool | int | float | str | Path)
    return repr(value) if is_plain else f"of the class {type(value).__name__}"


def _kind(wanted: type, may_lack: bool) -> str:
    name = "a whole number" if wanted is Integral else f"a value of the class {wanted.__name__}"
    return f"{name}, or None" if may_lack else name


def contradiction(setting: str, value: str, expectation: str) -> PydanticCustomError:
    """
    Make what a rule between several settings raises, in a validator of a parameter class.

    Parameters
    ----------
    setting
        The setting at fault, by its name.
    value
        What it is, as it was given.
    expectation
        What would have been right beside the other settings.
    """
    told = {"setting": setting, "value": value, "expectation": expectation}
    return PydanticCustomError(_CONTRADICTION, "{setting} is {value}; expected {expectation}", told)


def _faults_of(owner: type[Params], error: ValidationError) -> list[Fault]:
    """Pydantic's findings in the words of a planner: setting, value, expectation."""
    faults = []
    for finding in error.errors():
        field = ".".join(str(part) for part in finding["loc"])
        inner = finding.get("ctx", {}).get("error")
        if isinstance(inner, ParameterError) and inner.faults:
            faults += [replace(fault, object=f"{field}.{fault.object}") for fault in inner.faults]
            continue
        if finding["type"] == "extra_forbidden":
            known = list(owner.model_fields)
            near = get_close_matches(field, known, n=1)
            value = f"not a setting of {owner.__name__}"
            expectation = f"{near[0]}, the nearest" if near else f"one of {', '.join(known)}"
        elif finding["type"] == _CONTRADICTION:
            field, value, expectation = (
                finding["ctx"][part] for part in ("setting", "value", "expectation")
            )
        elif finding["type"] == "missing":
            value, expectation = "not given", "a value"
        else:
            value = repr(finding["input"])
            told = finding["msg"].removeprefix("Input should be ").partition(",")[0]
            expectation = _IN_PLAIN_WORDS.get(told, told)
        faults.append(Fault(place="", object=field, value=value, expectation=expectation))
    return faults


_IN_PLAIN_WORDS = {
    "a valid tuple": 'a list, such as ["a", "b"]',
    "a valid integer": "a whole number",
    "a valid number": "a number",
    "a valid string": 'text between quotation marks, such as "a"',
    "a valid boolean": "true or false",
}
