"""
The plan for people to read: a page, a document, a workbook and map layers; and other results.

Everything here shows numbers of a :class:`~comarca.model.plan.Plan`, or of one stage; nothing
computes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comarca.report.area_results import AreaResults, Source
    from comarca.report.area_writing import AREA_FILES, write_area_report
    from comarca.report.diagnosis_writing import write_diagnosis
    from comarca.report.rank_page import write_rank_report
    from comarca.report.writing import FORMATS, write_report

_HOMES = {
    "AREA_FILES": "area_writing",
    "FORMATS": "writing",
    "AreaResults": "area_results",
    "Source": "area_results",
    "write_area_report": "area_writing",
    "write_diagnosis": "diagnosis_writing",
    "write_rank_report": "rank_page",
    "write_report": "writing",
}
__all__ = [
    "AREA_FILES",
    "FORMATS",
    "AreaResults",
    "Source",
    "write_area_report",
    "write_diagnosis",
    "write_rank_report",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
