"""The towns of each circle by rank, with three laws at their best, as small drawings in rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from comarca.commuting import RankLaws, RankProfile
from comarca.commuting.ranks.laws import Law
from comarca.report import palette, svg
from comarca.report.axes import NOTE_SIZE, note, scale, ticks
from comarca.wording import counted

WIDTH = 760.0
MOST_PANELS = 9
_TICK_ROOM = 26.0
_LAW_STYLES: dict[Law, tuple[str, str, str | None]] = {
    "zipf": ("Zipf", palette.FREIGHT, "6 3"),
    "logarithmic": ("logarithmic", palette.COMMUTING, None),
    "exponential": ("exponential", palette.QUIET, "1.5 3"),
}


def rank_panels(profile: RankProfile, *, name: str = "chart-ranks") -> str:
    """Draw the towns of each circle by rank on a logarithmic scale, with the laws at their best."""
    fitted = [(point, point.laws) for point in profile.points if point.laws is not None]
    shown = fitted[:MOST_PANELS]
    across, wide, high = 3, 252.0, 214.0
    parts = [_law_legend()]
    for number, (point, laws) in enumerate(shown):
        title = f"{point.radius:g} {profile.unit}, {counted(point.n_towns, 'town')}"
        x, y = (number % across) * wide, 30 + (number // across) * high
        parts.append(svg.element("g", _panel(laws, title), transform=f"translate({x:.0f} {y:.0f})"))
    bottom = 30 + math.ceil(len(shown) / across) * high
    if len(shown) < len(fitted):
        told = f"the first {len(shown)} of {len(fitted)} circles"
        parts.append(note(told, 60, bottom + 6, "start"))
    return svg.drawing(
        "".join(parts),
        WIDTH,
        bottom + 12,
        name=name,
        title=f"Towns around {profile.centre_name} by rank, and three laws",
        description=f"One panel for each of {counted(len(shown), 'circle')}.",
    )


@dataclass(frozen=True)
class _Frame:
    """Scales of one panel: ranks on a logarithmic scale, persons as the laws were judged."""

    laws: RankLaws
    left: float = 52.0
    right: float = 238.0
    top: float = 26.0
    bottom: float = 168.0

    def at_x(self, rank: float) -> float:
        return scale(0, math.log(self.laws.n_towns), self.left, self.right)(math.log(rank))

    def at_y(self, persons: float) -> float:
        if self.laws.space == "linear":
            return scale(0, self.laws.persons[0] * 1.08, self.bottom, self.top)(persons)
        low, high = (math.log(self.laws.persons[at]) for at in (-1, 0))
        margin = 0.08 * (high - low)
        return scale(low - margin, high + margin, self.bottom, self.top)(math.log(persons))

    def holds(self, persons: float) -> bool:
        """Whether a value lies on the panel."""
        if persons <= 0:
            return False
        return self.top - 1 <= self.at_y(persons) <= self.bottom + 1


def _panel(laws: RankLaws, title: str) -> str:
    frame = _Frame(laws)
    rank = np.geomspace(1, laws.n_towns, 60)
    parts = [
        svg.text(title, frame.left, 16, font_size=NOTE_SIZE, font_weight="600", fill=palette.INK),
        _panel_axes(frame),
    ]
    for law, (_, colour, dashes) in _LAW_STYLES.items():
        curve = zip(rank.tolist(), laws.fits[law].persons_at(rank).tolist(), strict=True)
        drawn = svg.path((frame.at_x(r), frame.at_y(p)) for r, p in curve if frame.holds(p))
        parts.append(
            svg.element(
                "path",
                d=drawn,
                fill="none",
                stroke=colour,
                stroke_width=1.8,
                stroke_dasharray=dashes,
            )
        )
    parts.extend(
        svg.element("circle", cx=frame.at_x(r), cy=frame.at_y(p), r=2.6, fill=palette.INK)
        for r, p in enumerate(laws.persons, start=1)
    )
    return "".join(parts)


def _panel_axes(frame: _Frame) -> str:
    laws = frame.laws
    box = svg.element(
        "path",
        d=f"M{frame.left:.0f} {frame.top:.0f}V{frame.bottom:.0f}H{frame.right:.0f}",
        fill="none",
        stroke=palette.QUIET,
        stroke_width=0.8,
    )
    ranks: list[int] = []
    for rank in (size * 10**power for power in range(7) for size in (1, 2, 5)):
        has_room = not ranks or frame.at_x(rank) - frame.at_x(ranks[-1]) > _TICK_ROOM
        if rank <= laws.n_towns and has_room:
            ranks.append(rank)
    parts = [note(f"{rank:,}", frame.at_x(rank), frame.bottom + 14, "middle") for rank in ranks]
    parts.append(note("rank", frame.right, frame.bottom + 28, "end"))
    parts.extend(
        note(_short(persons), frame.left - 5, frame.at_y(persons) + 4, "end")
        for persons in _person_ticks(frame)
    )
    return box + "".join(parts)


def _person_ticks(frame: _Frame) -> list[float]:
    if frame.laws.space == "linear":
        return ticks(0, frame.laws.persons[0])
    powers = range(math.floor(math.log10(frame.laws.persons[-1])), 10)
    wanted = [size * 10.0**power for power in powers for size in (1, 3)]
    return [persons for persons in wanted if frame.holds(persons)]


def _short(persons: float) -> str:
    """Persons in the room beside a panel."""
    if persons >= 1e6:
        return f"{persons / 1e6:g}m"
    return f"{persons / 1e3:g}k" if persons >= 1e3 else f"{persons:g}"


def _law_legend() -> str:
    parts = [
        note("towns", 74, 16, "start"),
        note("k, m: thousand, million people", 560, 16, "start"),
    ]
    parts.append(svg.element("circle", cx=60, cy=12, r=2.6, fill=palette.INK))
    for number, (told, colour, dashes) in enumerate(_LAW_STYLES.values()):
        x = 140 + 130 * number
        parts.append(
            svg.element(
                "path", d=f"M{x} 12h26", stroke=colour, stroke_width=2, stroke_dasharray=dashes
            )
        )
        parts.append(note(told, x + 33, 16, "start"))
    return "".join(parts)
