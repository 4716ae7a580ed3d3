"""Numbers with their nouns, as summaries and messages tell them."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """``"1 town"``, ``"1,250 towns"``; for nouns whose plural ends in *s*."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
