"""Charts of a town's page: its people over the years, its shares of manufacturing."""

from __future__ import annotations

from collections.abc import Sequence

from comarca.report import palette, svg
from comarca.report.axes import Scale, note, scale, ticks
from comarca.report.diagnosis_rows import Row

WIDTH = 560.0
_HIGH = 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 70.0, 24.0, 14.0, 30.0
_STYLES = {"locality": "4 3", "municipality": None, None: None}


def people_chart(
    counts: Sequence[Row], doubts: Sequence[Row], projected: Sequence[Row] = (), *, name: str
) -> str:
    """
    Draw a town's counts of people, each basis a line of its own, and its projection.

    Parameters
    ----------
    counts
        ``year, basis, persons``, in order of basis and year; two or more.
    doubts
        Suspicious counts, ``year, basis, expected_persons``: hollow marks, and a cross where the
        neighbours would have them.
    projected
        ``year, persons, low_80, high_80``, in order of year: a dashed course within a band.
    name
        Prefix of the picture's ids.
    """
    years = [int(row["year"]) for row in (*counts, *projected)]
    values = [float(row["persons"]) for row in counts]
    values += [float(row["expected_persons"]) for row in doubts]
    most = max([*values, *(float(row["high_80"]) for row in projected), 1.0])
    at_x = scale(min(years), max(max(years), min(years) + 1), _LEFT, WIDTH - _RIGHT)
    at_y = scale(0, most * 1.06, _HIGH - _BOTTOM, _TOP)
    parts = [_grid(most * 1.06, at_y), _years(sorted(set(years)), at_x)]
    parts += [_band(projected, at_x, at_y)] if projected else []
    parts += [
        _line([row for row in counts if row["basis"] == basis], basis, at_x, at_y)
        for basis in dict.fromkeys(row["basis"] for row in counts)
    ]
    doubted = {(row["year"], row["basis"]) for row in doubts}
    parts += [_mark(row, (row["year"], row["basis"]) in doubted, at_x, at_y) for row in counts]
    parts += [
        _cross(at_x(int(row["year"])), at_y(float(row["expected_persons"]))) for row in doubts
    ]
    first, last = counts[0], counts[-1]
    return svg.drawing(
        "".join(parts),
        WIDTH,
        _HIGH,
        name=name,
        title="People over the years",
        description=f"{first['persons']:,.0f} in {first['year']}, {last['persons']:,.0f} in "
        f"{last['year']}",
    )


def stages_chart(stages: Sequence[Row], *, name: str) -> str:
    """
    Draw smoothed shares of manufacturing, with the years in which a stage began.

    Parameters
    ----------
    stages
        ``year, employment_share, output_share, stage, is_change``, in order; two or more.
    name
        Prefix of the picture's ids.
    """
    years = [int(row["year"]) for row in stages]
    most = max(max(float(row["employment_share"]), float(row["output_share"])) for row in stages)
    at_x = scale(years[0], years[-1], _LEFT, WIDTH - _RIGHT)
    at_y = scale(0, max(most * 1.1, 0.05), _HIGH - _BOTTOM, _TOP + 18)
    parts = [_grid(max(most * 1.1, 0.05), at_y, is_share=True), _years(years, at_x)]
    for column, colour, dashes in (
        ("employment_share", palette.COMMUTING, None),
        ("output_share", palette.FREIGHT, "5 3"),
    ):
        points = [(at_x(int(row["year"])), at_y(float(row[column]))) for row in stages]
        parts.append(_stroke(points, colour, dashes))
    changes = [row for row in stages if row["is_change"]]
    parts += [_begun(at_x(int(row["year"])), str(row["stage"])) for row in changes]
    parts.append(_stage_names([(at_x(int(row["year"])), str(row["stage"])) for row in changes]))
    return svg.drawing(
        "".join(parts),
        WIDTH,
        _HIGH,
        name=name,
        title="Manufacturing in employment (line) and in output (dashes)",
        description="; ".join(
            f"{row['stage']} from {row['year']}" for row in stages if row["is_change"]
        ),
    )


def _begun(x: float, stage: str) -> str:
    """A line where a stage begins; pointed at, it tells which."""
    line = f"M{x:.1f} {_TOP + 12:.1f}V{_HIGH - _BOTTOM:.1f}"
    title = svg.titled(stage)
    return svg.element("path", title, d=line, stroke=palette.QUIET, stroke_width=0.8)


def _stage_names(begun: Sequence[tuple[float, str]]) -> str:
    """Names of stages right of their lines, those that find room before the next line."""
    ends = [x for x, _ in begun[1:]] + [WIDTH]
    return "".join(
        note(stage, x + 3, _TOP + 8, "start")
        for (x, stage), end in zip(begun, ends, strict=True)
        if x + 8 + 6.6 * len(stage) <= end
    )


def _band(projected: Sequence[Row], at_x: Scale, at_y: Scale) -> str:
    """Four in five futures as a band, the course as dashes."""
    years = [at_x(int(row["year"])) for row in projected]
    low, high, course = (
        [(x, at_y(float(row[name]))) for x, row in zip(years, projected, strict=True)]
        for name in ("low_80", "high_80", "persons")
    )
    band = svg.element("path", d=svg.path([*low, *reversed(high)], closed=True), fill="#d5e3ef")
    return band + _stroke(course, palette.COMMUTING, "2 3")


def _grid(most: float, at_y: Scale, *, is_share: bool = False) -> str:
    parts = []
    for value in ticks(0, most):
        y = at_y(value)
        line = f"M{_LEFT:.1f} {y:.1f}H{WIDTH - _RIGHT:.1f}"
        parts.append(svg.element("path", d=line, stroke=palette.LINE, stroke_width=0.7))
        told = f"{value:.0%}" if is_share else f"{value:,.0f}"
        parts.append(note(told, _LEFT - 8, y + 4, "end"))
    return "".join(parts)


def _years(years: Sequence[int], at_x: Scale) -> str:
    """Labels of years, as many as find room; the last always."""
    kept: list[int] = []
    for year in reversed(years):
        if not kept or at_x(kept[-1]) - at_x(year) >= 38:
            kept.append(year)
    return "".join(note(str(year), at_x(year), _HIGH - 10, "middle") for year in kept)


def _stroke(points: Sequence[tuple[float, float]], colour: str, dashes: str | None) -> str:
    return svg.element(
        "path",
        d=svg.path(points),
        fill="none",
        stroke=colour,
        stroke_width=2.2,
        stroke_dasharray=dashes,
    )


def _line(counts: Sequence[Row], basis: str | None, at_x: Scale, at_y: Scale) -> str:
    points = [(at_x(int(row["year"])), at_y(float(row["persons"]))) for row in counts]
    return _stroke(points, palette.COMMUTING, _STYLES.get(basis)) if len(points) > 1 else ""


def _mark(row: Row, is_doubted: bool, at_x: Scale, at_y: Scale) -> str:
    basis = f", {row['basis']}" if row["basis"] else ""
    told = f"{row['year']}{basis}: {float(row['persons']):,.0f}"
    return svg.element(
        "circle",
        svg.titled(told + (", to doubt" if is_doubted else "")),
        cx=at_x(int(row["year"])),
        cy=at_y(float(row["persons"])),
        r=3.4,
        fill=palette.PAPER if is_doubted else palette.COMMUTING,
        stroke=palette.FREIGHT if is_doubted else palette.COMMUTING,
        stroke_width=1.6,
    )


def _cross(x: float, y: float) -> str:
    line = f"M{x - 4:.1f} {y - 4:.1f}l8 8M{x - 4:.1f} {y + 4:.1f}l8 -8"
    return svg.element("path", d=line, stroke=palette.FREIGHT, stroke_width=1.6)
