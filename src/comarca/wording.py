"""Numbers with their nouns, as summaries and messages tell them."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """``"1 town"``, ``"1,250 towns"``; for nouns whose plural ends in *s*."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def whole(number: float) -> str:
    """To the nearest whole: ``"1,250"``, ``"-3"``; never ``"-0"``."""
    told = f"{number:,.0f}"
    return "0" if told == "-0" else told


def probability(p: float) -> str:
    """A p-value to two digits: ``"0.31"``, ``"0.0002"``; never ``"0"`` of one above 0."""
    return f"{p:.2g}" if p >= 1e-4 else f"{p:.1g}"


def signed(number: float) -> str:
    """A difference with its sign and a true minus: ``"+1,250"``, ``"−3"``."""
    return f"{number:+,.0f}".replace("-", "−")
