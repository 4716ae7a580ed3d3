"""Names beside points on a map, none over another."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """A name with its place on the sheet; ``anchor`` as in SVG, ``size`` in drawing units."""

    text: str
    x: float
    y: float
    anchor: str
    size: float


@dataclass(frozen=True)
class Wanted:
    """A name that wants a place beside a point; ``gap`` keeps it off the point's mark."""

    text: str
    x: float
    y: float
    gap: float
    size: float


def placed(
    wanted: Sequence[Wanted], width: float, height: float, *, avoid: Sequence[Wanted] = ()
) -> list[Label]:
    """
    Give each name the first free place of right, left, above and below its point.

    Parameters
    ----------
    wanted
        The most important first; a name that finds no place is left out.
    width, height
        Of the drawing; names stay inside.
    avoid
        Points whose marks no name may cover.
    """
    taken = [(point.x - 4, point.y - 4, point.x + 4, point.y + 4) for point in avoid]
    labels: list[Label] = []
    for want in wanted:
        for label, box in _candidates(want):
            inside = box[0] > 2 and box[1] > 2 and box[2] < width - 2 and box[3] < height - 2
            if inside and not any(_overlap(box, other) for other in taken):
                labels.append(label)
                taken.append(box)
                break
    return labels


Box = tuple[float, float, float, float]


def _candidates(want: Wanted) -> list[tuple[Label, Box]]:
    size, gap = want.size, want.gap
    width = text_width(want.text, size)
    found = []
    for dx, dy, anchor in (
        (gap, 0.35 * size, "start"),
        (-gap, 0.35 * size, "end"),
        (0, -gap, "middle"),
        (0, gap + 0.8 * size, "middle"),
        (gap * 0.7, -gap * 0.7, "start"),
        (-gap * 0.7, -gap * 0.7, "end"),
        (gap * 0.7, gap * 0.7 + 0.7 * size, "start"),
        (-gap * 0.7, gap * 0.7 + 0.7 * size, "end"),
    ):
        x, y = want.x + dx, want.y + dy
        left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
        box = (left - 1, y - 0.9 * size, left + width + 1, y + 0.3 * size)
        found.append((Label(want.text, x, y, anchor, size), box))
    return found


def text_width(text: str, size: float) -> float:
    """Estimated width of a text: wide letters of East Asia count a full square each."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return size * (0.56 * (len(text) - wide) + wide)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
