"""The few SVG elements that maps and charts are drawn with; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

FONTS = "'Source Sans 3', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


def element(name: str, content: str = "", /, **attributes: Any) -> str:
    """One element; underscores of attribute names become hyphens, ``None`` leaves one out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_text(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{given}>{content}</{name}>" if content else f"<{name}{given}/>"


def text(words: str, x: float, y: float, **attributes: Any) -> str:
    """Words at a place."""
    return element("text", escape(words), x=x, y=y, **attributes)


def titled(words: str) -> str:
    """A title that a browser shows as a tooltip and a screen reader says."""
    return element("title", escape(words))


def path(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """Path data through points, to a tenth of a unit."""
    pairs = [f"{x:.1f} {y:.1f}" for x, y in points]
    return ("M" + "L".join(pairs) + ("Z" if closed else "")) if pairs else ""


def shape_path(shape: Any) -> str:
    """Path data of a polygon, line or collection of them, already in drawing units."""
    kind = shape.geom_type
    if kind == "Polygon":
        rings = [shape.exterior, *shape.interiors] if not shape.is_empty else []
        return "".join(path(ring.coords[:-1], closed=True) for ring in rings)
    if kind in {"LineString", "LinearRing"}:
        return path(shape.coords)
    return "".join(shape_path(part) for part in getattr(shape, "geoms", ()))


def drawing(
    content: str, width: float, height: float, *, name: str, title: str, description: str
) -> str:
    """A whole picture with its title and description for those who do not see it."""
    marks = element("title", escape(title), id=f"{name}-title") + element(
        "desc", escape(description), id=f"{name}-desc"
    )
    attributes: Mapping[str, Any] = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {width:g} {height:g}",
        "width": f"{width:g}",
        "height": f"{height:g}",
        "role": "img",
        "aria_labelledby": f"{name}-title {name}-desc",
        "font_family": FONTS,
    }
    return element("svg", marks + content, **attributes)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return escape(str(value), quote=True)
