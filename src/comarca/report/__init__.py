"""
The plan for people to read: a page, a document, a workbook and map layers; and other results.

Everything here shows numbers of a :class:`~comarca.model.plan.Plan`, or of one stage; nothing
computes them.
"""

from __future__ import annotations

from comarca.report.area_results import AreaResults, Source
from comarca.report.area_writing import AREA_FILES, write_area_report
from comarca.report.rank_page import write_rank_report
from comarca.report.writing import FORMATS, write_report

__all__ = [
    "AREA_FILES",
    "FORMATS",
    "AreaResults",
    "Source",
    "write_area_report",
    "write_rank_report",
    "write_report",
]
