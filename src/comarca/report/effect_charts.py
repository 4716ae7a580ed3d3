"""Charts of the effect of an event as SVG: the town and its mixture, gaps, growth of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from comarca.demography.effects import (
    GrowthRank,
    LeaveOneOut,
    PlaceboInSpace,
    SyntheticControl,
)
from comarca.report import palette, svg, words
from comarca.report.axes import Scale, note, scale, signed, ticks
from comarca.wording import counted

WIDTH = 760.0
_LEFT, _RIGHT, _TOP, _HIGH = 84.0, 24.0, 34.0, 260.0
_FAINT = "#c3cbd3"
_STEP_PX = 44.0


def paths_chart(control: SyntheticControl, *, name: str = "chart-paths") -> str:
    """Draw the outcome of the town and of its mixture over the years."""
    at_x = _years_scale(control.years)
    values = [*control.actual, *control.synthetic]
    low, high = _span(values, from_zero=False)
    at_y = scale(low, high, _TOP + _HIGH, _TOP)
    parts = [
        _values_axis(low, high, at_y, words.rounded),
        _years_axis(control.years, at_x),
        _event_line(control.event_year, control.years, at_x),
        _line(control.years, control.synthetic, at_x, at_y, palette.FREIGHT, dashes="6 4"),
        _line(control.years, control.actual, at_x, at_y, palette.COMMUTING),
        _marks(control.years, control.actual, at_x, at_y, palette.COMMUTING),
        _legend(((control.name, palette.COMMUTING, None), ("mixture", palette.FREIGHT, "6 4"))),
    ]
    told = "; ".join(
        f"{year}: {words.rounded(a)}, mixture {words.rounded(s)}"
        for year, a, s in zip(control.years, control.actual, control.synthetic, strict=True)
    )
    return _drawn(parts, name, f"{control.name} and its mixture, {control.outcome}", told)


def gaps_chart(
    control: SyntheticControl,
    space: PlaceboInSpace,
    without_one: LeaveOneOut | None = None,
    *,
    name: str = "chart-gaps",
) -> str:
    """Draw the gap of the town among those of the donors, and without each donor that counts."""
    at_x = _years_scale(control.years)
    shown = list(_as_effects(control, space.gaps))
    left_out = [] if without_one is None else list(_as_effects(control, without_one.gaps))
    own = _as_effects(control, control.gap[None, :])[0]
    low, high = _span(np.array([own, *shown[1:], *left_out]).ravel().tolist(), from_zero=True)
    at_y = scale(low, high, _TOP + _HIGH, _TOP)
    is_share = control.params.scale == "log"
    parts = [
        _values_axis(low, high, at_y, _percent if is_share else words.rounded),
        _years_axis(control.years, at_x),
        _event_line(control.event_year, control.years, at_x),
    ]
    parts += [_line(control.years, gap, at_x, at_y, _FAINT, width=1.0) for gap in shown[1:]]
    parts += [
        _line(control.years, gap, at_x, at_y, palette.FREIGHT, width=1.2, dashes="2 3")
        for gap in left_out
    ]
    parts.append(_line(control.years, own, at_x, at_y, palette.COMMUTING, width=2.6))
    parts.append(_marks(control.years, own, at_x, at_y, palette.COMMUTING))
    parts.append(
        _legend(
            (
                (control.name, palette.COMMUTING, None),
                (f"{counted(space.n_places - 1, 'town')} without it", _FAINT, None),
                ("without one of the donors", palette.FREIGHT, "2 3"),
            )
        )
    )
    told = "; ".join(
        f"{year}: {_percent(gap) if is_share else signed(float(gap))}"
        for year, gap in zip(control.years, own, strict=True)
    )
    title = f"Gap between {control.name} and its mixture, among those of other towns"
    return _drawn(parts, name, title, told)


def growth_chart(rank: GrowthRank, event_year: int, *, name: str = "chart-growth") -> str:
    """Draw the growth of the town since one year, among those of comparable towns."""
    years = [int(year) for year in rank.paths.columns]
    at_x = _years_scale(years)
    low, high = _span(rank.paths.to_numpy().ravel().tolist(), from_zero=False)
    at_y = scale(low, high, _TOP + _HIGH, _TOP)
    others = rank.paths.drop(index=rank.unit)
    parts = [
        _values_axis(low, high, at_y, lambda value: f"×{value:.3g}"),
        _years_axis(years, at_x),
        _event_line(event_year, years, at_x),
    ]
    parts += [_line(years, path, at_x, at_y, _FAINT, width=1.0) for path in others.to_numpy()]
    if len(others):
        middle = rank.median_path.to_numpy()
        parts.append(_line(years, middle, at_x, at_y, palette.QUIET, width=1.6, dashes="6 4"))
    own = rank.paths.loc[rank.unit].to_numpy()
    parts.append(_line(years, own, at_x, at_y, palette.COMMUTING, width=2.6))
    parts.append(_marks(years, own, at_x, at_y, palette.COMMUTING))
    parts.append(
        _legend(
            (
                (rank.name, palette.COMMUTING, None),
                (counted(len(others), "comparable town"), _FAINT, None),
                ("their median", palette.QUIET, "6 4"),
            )
        )
    )
    return _drawn(parts, name, f"Growth of {rank.name} since {rank.from_year}", rank.summary())


def _as_effects(control: SyntheticControl, gaps: np.ndarray) -> np.ndarray:
    return np.array([[control.effect(float(gap)) for gap in row] for row in gaps])


def _percent(value: float) -> str:
    told = f"{value * 100:+.0f} %".replace("-", words.MINUS)
    return "0" if abs(value) < 5e-4 else told


def _years_scale(years: Sequence[int]) -> Scale:
    if len(years) == 1:
        return lambda year: (_LEFT + WIDTH - _RIGHT) / 2
    return scale(years[0], years[-1], _LEFT + 16, WIDTH - _RIGHT - 16)


def _span(values: Iterable[float], *, from_zero: bool) -> tuple[float, float]:
    every = [float(value) for value in values] + ([0.0] if from_zero else [])
    low, high = min(every), max(every)
    margin = 0.06 * (high - low) or 0.06 * abs(high) or 1.0
    return low - margin, high + margin


def _values_axis(low: float, high: float, at_y: Scale, told: Callable[[float], str]) -> str:
    parts = []
    for value in ticks(low, high):
        y, is_zero = at_y(value), abs(value) < 1e-12
        line = svg.element(
            "path",
            d=f"M{_LEFT:.1f} {y:.1f}H{WIDTH - _RIGHT:.1f}",
            stroke=palette.QUIET if is_zero else palette.LINE,
            stroke_width=1 if is_zero else 0.7,
        )
        parts.append(line + note(told(value), _LEFT - 8, y + 4, "end"))
    return "".join(parts)


def _years_axis(years: Sequence[int], at_x: Scale) -> str:
    """Years below the drawing, as many as find room, always the first and the last."""
    bottom = _TOP + _HIGH
    shown: list[int] = []
    for year in years:
        if not shown or at_x(year) - at_x(shown[-1]) >= _STEP_PX:
            shown.append(year)
    if shown and shown[-1] != years[-1]:
        shown = [
            *(shown[:-1] if at_x(years[-1]) - at_x(shown[-1]) < _STEP_PX else shown),
            years[-1],
        ]
    parts = [note(str(year), at_x(year), bottom + 18, "middle") for year in shown]
    return "".join(parts)


def _event_line(event_year: int, years: Sequence[int], at_x: Scale) -> str:
    if not years[0] <= event_year <= years[-1] or len(years) == 1:
        return ""
    x = at_x(event_year)
    line = svg.element(
        "path",
        d=f"M{x:.1f} {_TOP:.1f}V{_TOP + _HIGH:.1f}",
        stroke=palette.INK,
        stroke_width=1,
        stroke_dasharray="3 3",
    )
    if event_year in years:
        return line
    return line + note(str(event_year), x, _TOP + _HIGH + 34, "middle", fill=palette.INK)


def _line(
    years: Sequence[int],
    values: Sequence[float] | np.ndarray,
    at_x: Scale,
    at_y: Scale,
    colour: str,
    *,
    width: float = 2.0,
    dashes: str | None = None,
) -> str:
    drawn = svg.path((at_x(year), at_y(float(v))) for year, v in zip(years, values, strict=True))
    return svg.element(
        "path", d=drawn, fill="none", stroke=colour, stroke_width=width, stroke_dasharray=dashes
    )


def _marks(
    years: Sequence[int], values: Sequence[float] | np.ndarray, at_x: Scale, at_y: Scale, fill: str
) -> str:
    if len(years) > 25:
        return ""
    return "".join(
        svg.element("circle", cx=at_x(year), cy=at_y(float(value)), r=3.4, fill=fill)
        for year, value in zip(years, values, strict=True)
    )


def _legend(entries: Sequence[tuple[str, str, str | None]]) -> str:
    parts, x = [], _LEFT
    for told, colour, dashes in entries:
        line = svg.element(
            "path", d=f"M{x:.0f} 14h28", stroke=colour, stroke_width=2.4, stroke_dasharray=dashes
        )
        parts.append(line + note(told, x + 35, 18, "start"))
        x += 60 + 6.4 * len(told)
    return "".join(parts)


def _drawn(parts: Sequence[str], name: str, title: str, description: str) -> str:
    height = _TOP + _HIGH + 44
    return svg.drawing(
        "".join(parts), WIDTH, height, name=name, title=title, description=description
    )
