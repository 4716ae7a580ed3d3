"""Chart as SVG: how far people travel to work, as counted and as estimated."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from comarca.report import palette, svg, words

WIDTH = 760.0
LEFT = 64.0
RIGHT = 20.0
SHARES_TOP, SHARES_BASE = 56.0, 256.0
RATIOS_TOP, RATIOS_BASE = 318.0, 418.0
_TEXT = 12.0
_COLUMN_SHARE = 0.62  # of a band's width that its column takes
_COUNTED = palette.COMMUTING_TINTS[0]
_RATIOS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, kw_only=True)
class _Band:
    """One band of the trip's length, as it is drawn."""

    from_min: float
    to_min: float
    observed: float
    estimated: float
    left: float
    width: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    @property
    def told(self) -> str:
        return f"{self.from_min:g} to {self.to_min:g} min"


def trip_chart(
    bands: pd.DataFrame, staying: tuple[float, float], *, name: str = "chart-trips"
) -> str:
    """
    Draw who travels how far between towns, as counted and as estimated, and the ratio of both.

    Parameters
    ----------
    bands
        Columns ``from_min``, ``to_min``, ``observed`` and ``estimated``, at least one row, as
        :func:`comarca.commuting.interaction.judge_flows` gives them.
    staying
        Shares of all commuters who stay in their own town, counted and estimated, in [0, 1].
    name
        Identifier of the drawing on its page.

    Returns
    -------
    str
        An SVG picture.
    """
    drawn = _bands(bands)
    observed = sum(band.observed for band in drawn) or 1.0
    estimated = sum(band.estimated for band in drawn) or 1.0
    stay = (
        f"{_share(staying[0])} stay in their own town as counted, {_share(staying[1])} as estimated"
    )
    parts = [
        _legend(stay),
        _shares(drawn, observed, estimated),
        _ratios(drawn),
        _quiet("one way to work, minutes", (LEFT + WIDTH - RIGHT) / 2, RATIOS_BASE + 38, "middle"),
    ]
    by_band = "; ".join(
        f"{band.told}: {_share(band.observed / observed)} counted, "
        f"{_share(band.estimated / estimated)} estimated"
        for band in drawn
    )
    return svg.drawing(
        "".join(parts),
        WIDTH,
        RATIOS_BASE + 50,
        name=name,
        title="How far people travel to work",
        description=f"{stay}. Of those who leave: {by_band}",
    )


def _bands(bands: pd.DataFrame) -> list[_Band]:
    width = (WIDTH - LEFT - RIGHT) / len(bands)
    columns = bands[["from_min", "to_min", "observed", "estimated"]].astype(float)
    return [
        _Band(
            from_min=from_min,
            to_min=to_min,
            observed=observed,
            estimated=estimated,
            left=LEFT + number * width,
            width=width,
        )
        for number, (from_min, to_min, observed, estimated) in enumerate(columns.to_numpy())
    ]


def _shares(bands: list[_Band], observed: float, estimated: float) -> str:
    """Columns as counted, a mark on each as estimated."""
    shares = [(band.observed / observed, band.estimated / estimated) for band in bands]
    top = _round_up(max(max(pair) for pair in shares))
    height = SHARES_BASE - SHARES_TOP

    def at(share: float) -> float:
        return SHARES_BASE - share / top * height

    parts = []
    for step in range(5):
        y = at(top * step / 4)
        parts.append(_line(y) + _quiet(f"{100 * top * step / 4:g} %", LEFT - 8, y + 4, "end"))
    for band, (seen, made) in zip(bands, shares, strict=True):
        told = f"{band.told}: {_share(seen)} counted, {_share(made)} estimated"
        wide = band.width * _COLUMN_SHARE
        parts.append(
            svg.element(
                "rect",
                svg.titled(told),
                x=band.middle - wide / 2,
                y=at(seen),
                width=wide,
                height=max(SHARES_BASE - at(seen), 0.5),
                fill=_COUNTED,
            )
        )
        parts.append(_dot(band.middle, at(made), told))
    parts.append(_edge_names(bands, SHARES_BASE + 16))
    parts.append(_quiet("share of those who leave their town", LEFT, SHARES_TOP - 12, "start"))
    return "".join(parts)


def _ratios(bands: list[_Band]) -> str:
    """Estimated over counted persons of each band; halves and doubles are equally far from 1."""
    height = RATIOS_BASE - RATIOS_TOP
    low, high = math.log10(_RATIOS[0]), math.log10(_RATIOS[-1])

    def at(ratio: float) -> float:
        inside = min(max(math.log10(ratio), low), high)
        return RATIOS_BASE - (inside - low) / (high - low) * height

    parts = []
    for ratio in _RATIOS:
        told = _quiet(f"{ratio:g}", LEFT - 8, at(ratio) + 4, "end")
        parts.append(_line(at(ratio), strong=ratio == 1) + told)
    for band in bands:
        if band.observed > 0 and band.estimated > 0:
            ratio = band.estimated / band.observed
            told = f"{band.told}: {words.rounded(ratio)} estimated for each counted"
            parts.append(_dot(band.middle, at(ratio), told))
    parts.append(_edge_names(bands, RATIOS_BASE + 16))
    title = "estimated for each person counted; what is off the scale stands at its end"
    parts.append(_quiet(title, LEFT, RATIOS_TOP - 12, "start"))
    return "".join(parts)


def _round_up(share: float) -> float:
    """A round share at or above this one, in four round steps."""
    return next((step for step in (0.04, 0.08, 0.2, 0.4, 0.6, 0.8) if step >= share), 1.0)


def _edge_names(bands: list[_Band], y: float) -> str:
    """Where bands begin, below their edges, and where the last one ends."""
    last = bands[-1]
    edges = [(band.left, band.from_min) for band in bands]
    edges.append((last.left + last.width, last.to_min))
    return "".join(_quiet(f"{minutes:.4g}", x, y, "middle") for x, minutes in edges)


def _legend(stay: str) -> str:
    column = svg.element("rect", x=LEFT, y=6, width=14, height=12, fill=_COUNTED)
    return (
        column
        + _quiet("as counted", LEFT + 20, 17, "start")
        + _dot(LEFT + 112, 12, "as estimated")
        + _quiet("as estimated", LEFT + 124, 17, "start")
        + _quiet(stay, WIDTH - RIGHT, 17, "end")
    )


def _dot(x: float, y: float, told: str) -> str:
    return svg.element(
        "circle", svg.titled(told), cx=x, cy=y, r=5, fill=palette.COMMUTING, stroke=palette.PAPER
    )


def _line(y: float, *, strong: bool = False) -> str:
    return svg.element(
        "path",
        d=f"M{LEFT:.1f} {y:.1f}H{WIDTH - RIGHT:.1f}",
        stroke=palette.INK if strong else palette.LINE,
        stroke_width="1" if strong else "0.7",
    )


def _quiet(told: str, x: float, y: float, anchor: str) -> str:
    return svg.text(told, x, y, font_size=_TEXT, text_anchor=anchor, fill=palette.QUIET)


def _share(share: float) -> str:
    return f"{100 * share:.3g} %"
