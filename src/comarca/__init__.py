"""
Comarca plans agglomerations of small towns.

Which towns belong together by commuting, which could be tied together by light freight to workshops
instead, and what each is worth to households, town budgets and enterprises.
"""

from __future__ import annotations
