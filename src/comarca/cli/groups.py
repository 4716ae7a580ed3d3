"""
Options that several commands share, as one parameter of each.

A command takes a dataclass whose fields are annotated options::

    @grouped
    def areas(flows: FlowsPath, files: AreaFiles, quiet: Quiet = False) -> None: ...

and the command line offers every field of ``AreaFiles`` in the place of ``files``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, get_type_hints


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """
    The command with each parameter that is a dataclass unfolded into its fields.

    Raises
    ------
    TypeError
        When two groups, or a group and the command, have an option of one name.
    """
    hints = get_type_hints(command, include_extras=True)
    groups = {
        name: kind for name, kind in hints.items() if isinstance(kind, type) and is_dataclass(kind)
    }

    @wraps(command)
    def unfolded(**given: Any) -> None:
        made = {
            name: kind(**{each.name: given.pop(each.name) for each in fields(kind)})
            for name, kind in groups.items()
        }
        command(**given, **made)

    parameters: list[Parameter] = []
    for name, parameter in signature(command).parameters.items():
        if name in groups:
            options = get_type_hints(groups[name], include_extras=True)
            parameters += [_option(each, options[each.name]) for each in fields(groups[name])]
        else:
            hint = hints[name]
            kept = parameter.replace(annotation=hint, kind=Parameter.KEYWORD_ONLY)
            parameters.append(kept)
    names = [parameter.name for parameter in parameters]
    if len(set(names)) != len(names):
        raise TypeError(f"{command.__name__} has an option twice: {names}.")
    # Typer reads annotations before the signature, so both are told.
    unfolded.__annotations__ = {each.name: each.annotation for each in parameters}
    vars(unfolded)["__signature__"] = Signature(parameters)
    del vars(unfolded)["__wrapped__"]
    return unfolded


def _option(field: Field[Any], hint: Any) -> Parameter:
    default = Parameter.empty if field.default is MISSING else field.default
    return Parameter(field.name, Parameter.KEYWORD_ONLY, default=default, annotation=hint)
