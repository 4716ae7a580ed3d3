"""Whether a law calls a town single-industry: employers, measures, the verdict."""

from __future__ import annotations

from comarca.industry.status.judging import SingleIndustryStatus, StatusParams, judge_status

__all__ = ["SingleIndustryStatus", "StatusParams", "judge_status"]
