"""Rules of single-industry status out of a TOML file, everything wrong with them told together."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from pydantic import Field

from comarca.errors import Fault, ParameterError
from comarca.model.parameters import Params
from comarca.model.status_rules import Category, Criterion, Requirement, RuleSet
from comarca.wording import counted

_IN_PLAIN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "Field required": "a value",
        "a valid date or datetime": "a date, such as 2014-07-29",
        "String should match pattern '^([A-Z]{2}|\\*)$'": (
            "an ISO 3166-1 code of two capital letters, or * for everywhere"
        ),
        "Tuple should have at least 1 item after validation": "one criterion or more",
    }
)


@cache
def default_rule_sets() -> tuple[RuleSet, ...]:
    """Rule sets that Comarca knows, as ``defaults/single_industry.toml`` holds them."""
    text = (files("comarca.defaults") / "single_industry.toml").read_text(encoding="utf-8")
    return rule_sets_of(tomllib.loads(text))


def rule_sets_of(content: Mapping[str, Any]) -> tuple[RuleSet, ...]:
    """
    Make rule sets of what a TOML file holds.

    Parameters
    ----------
    content
        The file as tables.

    Raises
    ------
    ParameterError
        With every fault; the ``object`` of each begins with the address of its table, as
        ``rule_set 1 criterion 2 measure``.
    """
    faults = [
        _fault(f"{key}", "not a part of a file of rules", "[[rule_set]]")
        for key in content
        if key != "rule_set"
    ]
    given = content.get("rule_set", [])
    if not isinstance(given, list) or not given:
        faults.append(_fault("rule_set", "", "one table [[rule_set]] or more"))
        given = []
    made = []
    for number, one in enumerate(given, start=1):
        found: list[Fault] = []
        made.append(_rule_set(one, f"rule_set {number}", found))
        faults += found
    faults += _repeated([one.id for one in made if one is not None], "rule_set")
    if faults:
        lines = "".join(f"\n  {fault}" for fault in faults)
        raise ParameterError(f"the rules have {counted(len(faults), 'fault')}:{lines}", faults)
    return tuple(one for one in made if one is not None)


class _Head(Params):
    """What a rule set says of itself."""

    id: str = Field(min_length=1)
    name: str = ""
    country: str = Field(pattern=r"^([A-Z]{2}|\*)$")
    valid_from: date
    source: str = ""
    note: str = ""


def _rule_set(given: Any, at: str, faults: list[Fault]) -> RuleSet | None:
    """One rule set; what is wrong with it is added to the faults."""
    if not isinstance(given, Mapping):
        faults.append(_fault(at, repr(given), "a table [[rule_set]]"))
        return None
    parts: Mapping[str, type[Params]] = {
        "criterion": Criterion,
        "admission": Requirement,
        "category": Category,
    }
    made: dict[str, list[Any]] = {
        name: _parts(kind, given.get(name, []), f"{at} {name}", faults)
        for name, kind in parts.items()
    }
    head = _part(_Head, {k: v for k, v in given.items() if k not in parts}, at, faults)
    faults += [
        _fault(f"{at} {name}", "", f"one table [[rule_set.{name}]] or more")
        for name in ("criterion", "admission")
        if not given.get(name)
    ]
    known = [one.id for one in made["criterion"] if one is not None]
    faults += _repeated(known, f"{at} criterion")
    for name in ("admission", "category"):
        faults += _unknown_criteria(made[name], known, f"{at} {name}", made["criterion"])
    if faults or head is None:
        return None
    return RuleSet(
        **{**head.model_dump(), "name": head.name or head.id},
        criteria=tuple(made["criterion"]),
        admission=tuple(made["admission"]),
        categories=tuple(made["category"]),
    )


def _parts(kind: type[Params], given: Any, at: str, faults: list[Fault]) -> list[Any]:
    if not isinstance(given, list):
        faults.append(_fault(at, repr(given), f"tables [[rule_set.{at.rpartition(' ')[2]}]]"))
        return []
    return [_part(kind, one, f"{at} {n}", faults) for n, one in enumerate(given, start=1)]


def _part(kind: type[Params], given: Any, at: str, faults: list[Fault]) -> Any:
    if not isinstance(given, Mapping):
        faults.append(_fault(at, repr(given), "a table"))
        return None
    try:
        return kind(**{str(key): _listed(value) for key, value in given.items()})
    except ParameterError as error:
        faults += [_placed(fault, at, given) for fault in error.faults]
        return None


def _placed(fault: Fault, at: str, given: Mapping[str, Any]) -> Fault:
    """A fault with its address; a key that is not there is missing, whatever was found in it."""
    key = fault.object.partition(".")[0]
    is_missing = fault.expectation == "Field required"
    return replace(
        fault,
        object=f"{at} {fault.object}",
        value="" if is_missing and key not in given else fault.value,
        expectation=_IN_PLAIN_WORDS.get(fault.expectation, fault.expectation),
    )


def _listed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _repeated(ids: Sequence[str], at: str) -> list[Fault]:
    twice = sorted({one for one in ids if ids.count(one) > 1})
    return [_fault(f"{at} id", f'"{one}" more than once', "every id once") for one in twice]


def _unknown_criteria(
    parts: Sequence[Any], known: Sequence[str], at: str, criteria: Sequence[Any]
) -> list[Fault]:
    """Ids that no criterion bears; where a criterion is at fault itself, only that is told."""
    if any(one is None for one in criteria):
        return []
    faults = []
    for number, part in enumerate(parts, start=1):
        for name in part.criteria if part is not None else ():
            if name not in known:
                near = get_close_matches(name, known, n=1)
                nearest = f"; nearest is {near[0]}" if near else ""
                told = f"the id of a criterion of this rule set{nearest}"
                faults.append(_fault(f"{at} {number} criteria", f'"{name}"', told))
    return faults


def _fault(what: str, value: str, expectation: str) -> Fault:
    return Fault(place="", object=what, value=value, expectation=expectation)
