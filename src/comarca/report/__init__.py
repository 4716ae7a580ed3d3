"""
The plan for people to read: a page, a document, a workbook and map layers.

Everything here shows numbers of a :class:`~comarca.model.plan.Plan`; nothing computes them.
"""

from __future__ import annotations

from comarca.report.writing import FORMATS, write_report

__all__ = ["FORMATS", "write_report"]
