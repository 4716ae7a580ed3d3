"""Charts as SVG: the three ledgers, a worker-day's cost, break-even."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from comarca.report import palette, svg, totals, words
from comarca.report.contents import Contents
from comarca.report.tables import plain

WIDTH = 760.0
LEFT = 216.0
RIGHT = 110.0
_TEXT = 13.0
MOST_TOWNS = 24
MOST_PROCESSES = 24


def ledger_chart(contents: Contents, *, name: str = "chart-ledgers") -> str:
    """What each party gains or loses a year under both regimes, as bars from a zero line."""
    sums = totals.by_party(contents)
    parties = [party for party in palette.PARTIES if any(key[0] == party for key in sums)]
    low = min([0.0, *sums.values()])
    high = max([0.0, *sums.values()])
    span = (high - low) or 1.0
    room = WIDTH - LEFT - 2 * RIGHT + 60

    def at(amount: float) -> float:
        return LEFT + 80 + (amount - low) / span * (room - 80)

    parts, y = [], 12.0
    for party in parties:
        parts.append(_row_name(palette.PARTIES[party], y + 22))
        for regime in totals.SHOWN_REGIMES:
            amount = sums.get((party, regime), 0.0)
            parts.append(_bar(at(0), at(amount), y, regime, amount, contents.currency))
            y += 20
        y += 16
    zero = svg.element("path", d=f"M{at(0):.1f} 4V{y - 8:.1f}", stroke=palette.INK, stroke_width=1)
    return svg.drawing(
        "".join(parts) + zero + _regime_legend(y + 8),
        WIDTH,
        y + 26,
        name=name,
        title="Who gains and who pays, a year",
        description="; ".join(
            f"{palette.PARTIES[party]} {regime} "
            + words.money(sums.get((party, regime), 0.0), contents.currency)
            for party in parties
            for regime in totals.SHOWN_REGIMES
        ),
    )


def _bar(zero: float, end: float, y: float, regime: str, amount: float, currency: str) -> str:
    left, wide = min(zero, end), abs(end - zero)
    told = words.money(amount, currency, signed=True)
    beside, anchor = (end + 6, "start") if amount >= 0 else (end - 6, "end")
    bar = svg.element(
        "rect",
        svg.titled(f"{regime}: {told}"),
        x=left,
        y=y,
        width=max(wide, 1.0),
        height=15,
        fill=palette.ACCENT[regime],
    )
    return bar + svg.text(
        told, beside, y + 12, font_size=_TEXT - 1, text_anchor=anchor, fill=palette.INK
    )


def worker_day_chart(contents: Contents, *, name: str = "chart-worker-day") -> str:
    """A mark for commuting and one for freight in each town, joined by a line."""
    known = [row for row in totals.worker_day(contents).rows if None not in row[2:]]
    rows = known[:MOST_TOWNS]
    top = max([float(amount) for row in rows for amount in row[2:]], default=1.0) or 1.0
    room = WIDTH - LEFT - RIGHT

    def at(amount: float) -> float:
        return LEFT + max(amount, 0.0) / top * room

    parts, y = [], 22.0
    for town, _, commuting, freight in rows:
        parts.append(_row_name(town, y + 4))
        parts.append(
            svg.element(
                "path",
                d=f"M{at(commuting):.1f} {y:.1f}H{at(freight):.1f}",
                stroke=palette.LINE,
                stroke_width=3,
            )
        )
        for regime, amount in (("commuting", commuting), ("freight", freight)):
            told = svg.titled(f"{town}, {regime}: {words.money(amount, contents.currency)}")
            parts.append(_mark(regime, at(amount), y, told))
        y += 22
    ticks = _axis(_round_steps(top), at, y, contents.currency)
    legend = _regime_legend(y + 34)
    if len(known) > len(rows):
        told = f"{len(rows)} of {len(known)} towns, those where freight is dearest"
        legend += svg.text(told, LEFT - 6, y + 56, font_size=_TEXT - 1, fill=palette.QUIET)
    return svg.drawing(
        "".join(parts) + ticks + legend,
        WIDTH,
        y + 68,
        name=name,
        title="What a worker-day costs",
        description=f"Commuting beside freight in {words.plural(len(rows), 'town')}.",
    )


def break_even_chart(contents: Contents, *, name: str = "chart-break-even") -> str:
    """Labour intensity of each process against the range of its break-even, on a log scale."""
    spans = _spans(contents)
    values = [value for _, hours, low, high in spans for value in (hours, low, high) if value > 0]
    bottom = math.floor(math.log10(min(values, default=1.0)))
    top = math.ceil(math.log10(max(values, default=10.0)))
    top = max(top, bottom + 1)
    room = WIDTH - LEFT - 40

    def at(value: float) -> float:
        return LEFT + (math.log10(max(value, 10.0**bottom)) - bottom) / (top - bottom) * room

    parts, y = [], 22.0
    for process, hours, low, high in spans:
        parts.append(_row_name(process, y + 4))
        told = f"{process}: takes {words.rounded(hours)} h/t; break-even {words.rounded(low)}"
        told += f" to {words.rounded(high)} h/t" if high > low else " h/t"
        parts.append(
            svg.element(
                "rect",
                svg.titled(told),
                x=at(low) - 2,
                y=y - 5,
                width=at(high) - at(low) + 4,
                height=10,
                fill=palette.COMMUTING,
                fill_opacity="0.35",
                stroke=palette.COMMUTING,
            )
        )
        parts.append(
            _mark("freight" if hours > low else "commuting", at(hours), y, svg.titled(told))
        )
        y += 26
    decades = [10.0**power for power in range(bottom, top + 1)]
    axis = _axis(decades, at, y, "")
    title = svg.text(
        "hours of labour in a tonne of goods, each line ten times the last",
        LEFT,
        y + 36,
        font_size=_TEXT - 1,
        fill=palette.QUIET,
    )
    key = _break_even_legend(y + 58)
    return svg.drawing(
        "".join(parts) + axis + title + key,
        WIDTH,
        y + 92,
        name=name,
        title="Break-even of each process",
        description="; ".join(
            f"{process} takes {words.rounded(hours)} hours a tonne, break-even from "
            f"{words.rounded(low)} to {words.rounded(high)}"
            for process, hours, low, high in spans
        ),
    )


def _round_steps(top: float) -> list[float]:
    """From 0 to the top in about four round steps."""
    power = 10.0 ** math.floor(math.log10(top / 4))
    step = min(power * size for size in (1, 2, 5, 10) if power * size * 5 >= top)
    return [step * number for number in range(int(top / step) + 1)]


def _spans(contents: Contents) -> list[tuple[str, float, float, float]]:
    """Process, its labour intensity, lowest and highest break-even over its towns; h/t."""
    found: dict[tuple[str, float], list[float]] = {}
    for row in contents.break_even.rows:
        found.setdefault((row[0], float(plain(row[4]))), []).append(float(row[5]))
    spans = [
        (process, hours, min(finite), max(finite))
        for (process, hours), evens in found.items()
        if (finite := [even for even in evens if math.isfinite(even)])
    ]
    return sorted(spans, key=lambda span: (-span[1], span[0]))[:MOST_PROCESSES]


def _axis(values: Sequence[float], at: Callable[[float], float], y: float, currency: str) -> str:
    parts = []
    for value in values:
        x = at(value)
        parts.append(
            svg.element("path", d=f"M{x:.1f} 8V{y:.1f}", stroke=palette.LINE, stroke_width=0.7)
        )
        told = words.money(value, currency) if currency else words.rounded(value)
        parts.append(
            svg.text(told, x, y + 15, font_size=_TEXT - 2, text_anchor="middle", fill=palette.QUIET)
        )
    return "".join(parts)


def _row_name(told: str, y: float) -> str:
    short = told if len(told) <= 28 else f"{told[:27]}…"
    return svg.text(short, LEFT - 14, y, font_size=_TEXT, text_anchor="end", fill=palette.INK)


def _mark(regime: str, x: float, y: float, told: str) -> str:
    """A round mark for commuting, a square one for freight: shape tells them apart as well."""
    fill = palette.ACCENT[regime]
    if regime == "commuting":
        return svg.element("circle", told, cx=x, cy=y, r=6, fill=fill, stroke="#fff")
    return svg.element(
        "rect", told, x=x - 5.5, y=y - 5.5, width=11, height=11, fill=fill, stroke="#fff"
    )


def _regime_legend(y: float) -> str:
    return "".join(
        _mark(regime, LEFT + offset, y, "")
        + svg.text(told, LEFT + offset + 13, y + 4, font_size=_TEXT - 1, fill=palette.QUIET)
        for regime, told, offset in (
            ("commuting", "same jobs, reached by commuting", 0),
            ("freight", "work brought by freight", 250),
        )
    )


def _break_even_legend(y: float) -> str:
    band = svg.element(
        "rect",
        x=LEFT - 6,
        y=y - 5,
        width=22,
        height=10,
        fill=palette.COMMUTING,
        fill_opacity="0.35",
        stroke=palette.COMMUTING,
    )
    told = (
        ("where commuting and freight cost the same", 24, 0),
        ("what the work takes: worth bringing to at least one town", 24, 18),
        ("what the work takes: to none", 380, 18),
    )
    words_ = "".join(
        svg.text(text, LEFT + x, y + dy + 4, font_size=_TEXT - 1, fill=palette.QUIET)
        for text, x, dy in told
    )
    marks = _mark("freight", LEFT + 5, y + 18, "") + _mark("commuting", LEFT + 366, y + 18, "")
    return band + marks + words_
