"""Region folders in, templates and region folders out, the world gazetteer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comarca.io.region_check import CheckReport, check_report
    from comarca.io.region_reader import read_region
    from comarca.io.region_writer import write_region
    from comarca.io.template import write_template

__all__ = ["CheckReport", "check_report", "read_region", "write_region", "write_template"]

_MODULES = {
    "CheckReport": "comarca.io.region_check",
    "check_report": "comarca.io.region_check",
    "read_region": "comarca.io.region_reader",
    "write_region": "comarca.io.region_writer",
    "write_template": "comarca.io.template",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_MODULES[name]), name)
