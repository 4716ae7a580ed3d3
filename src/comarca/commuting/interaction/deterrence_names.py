"""
How settings and study files name the functions of deterrence, and their values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from comarca.commuting.interaction.deterrence import (
    BoxCox,
    Deterrence,
    Exponential,
    Power,
    Tanner,
)
from comarca.errors import ParameterError

FUNCTIONS: Mapping[str, Any] = {
    function.kind: function for function in (Exponential, Power, Tanner, BoxCox)
}
"""The functions by name."""


def deterrence_of(given: Any) -> Any:
    """
    Make a function of what a study file says: its name, or a table of its name and values.

    Parameters
    ----------
    given
        ``"power"``, ``{"kind": "power", "exponent": 2.0}``, or a function already.

    Returns
    -------
    Deterrence

    Raises
    ------
    ParameterError
        When the name or a value's name is unknown, or a value is out of range.
    """
    if isinstance(given, str):
        given = {"kind": given}
    if not isinstance(given, Mapping):
        return given
    values = dict(given)
    kind = values.pop("kind", "without a kind")
    if not isinstance(kind, str) or kind not in FUNCTIONS:
        raise ParameterError(f"deterrence is {kind}; expected one of {', '.join(FUNCTIONS)}.")
    known = [field.name for field in fields(FUNCTIONS[kind])]
    for name, value in values.items():
        if name not in known or not isinstance(value, int | float) or isinstance(value, bool):
            raise ParameterError(
                f"{name} of the {kind} deterrence is {value!r}; expected numbers for "
                f"{' and '.join(known)}."
            )
    return FUNCTIONS[kind](**values)


def plain_deterrence(deterrence: Deterrence) -> dict[str, Any]:
    """Return name and values of a function, as a study file holds them."""
    values = {
        parameter.name: parameter.value
        for parameter in deterrence.parameters(1.0)
        if parameter.value is not None
    }
    return {"kind": deterrence.kind, **values}
