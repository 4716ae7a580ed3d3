"""Styles that QGIS reads from the GeoPackage: the same colours and marks as the page."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from comarca.report import palette

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"


def styles() -> dict[str, str]:
    """A QML document for each layer, by layer."""
    return {
        "areas": _qml(_areas(), geometry=2),
        "bases": _qml(
            _single(_marker("triangle", palette.FREIGHT, 4.2, 1), kind="marker"), geometry=0
        ),
        "routes": _qml(_single(_line(palette.FREIGHT, 0.6)), geometry=1),
        "ties": _qml(_ties(), geometry=1),
        "towns": _qml(_towns(), geometry=0, label="town", only="kind <> 'other'"),
        "workshops": _qml(_workshops(), geometry=0),
    }


def difference_styles() -> dict[str, str]:
    """A QML document for each layer of a map of differences between two partitions."""
    symbols, categories = [], []
    for number, (kind, colour) in enumerate(palette.DIFFERENCE.items()):
        symbols.append(_symbol(str(number), "fill", _fill(colour, palette.PAPER)))
        categories.append(
            f'<category value="{kind}" symbol="{number}" label="{kind}" render="true"/>'
        )
    return {
        "towns": _qml(_categorised("difference", categories, symbols), geometry=2),
        "areas_a": _qml(_single(_outline(palette.COMMUTING, "solid"), kind="fill"), geometry=2),
        "areas_b": _qml(_single(_outline(palette.FREIGHT, "dash"), kind="fill"), geometry=2),
    }


def certainty_styles() -> dict[str, str]:
    """A QML document for each layer of a map of how sure towns are of their areas."""
    symbols, ranges = [], []
    upper = 1.0
    for number, (lower, colour) in enumerate(palette.CERTAINTY.items()):
        symbols.append(_symbol(str(number), "fill", _fill(colour, palette.PAPER)))
        told = f"{lower:.0%} to {upper:.0%}"
        ranges.append(
            f'<range lower="{lower}" upper="{upper}" symbol="{number}" label="{told}" '
            'render="true"/>'
        )
        upper = lower
    return {
        "towns": _qml(_graduated("certainty", "GraduatedColor", ranges, symbols), geometry=2),
        "areas": _qml(_single(_outline(palette.COMMUTING, "solid"), kind="fill"), geometry=2),
    }


def area_styles(*, has_shapes: bool) -> dict[str, str]:
    """A QML document for each layer of labour market areas."""
    heads = _single(_marker("circle", palette.INK, 1.8, 1), kind="marker")
    towns = (
        _single(_fill_thinly(), kind="fill")
        if has_shapes
        else _by_colour("marker", lambda colour: _marker("circle", colour, 1.8, 1))
    )
    return {
        "areas": _qml(
            _by_colour("fill", lambda colour: _fill(colour, palette.INK, "0.4")), geometry=2
        ),
        "towns": _qml(towns, geometry=2 if has_shapes else 0),
        "heads": _qml(heads, geometry=0, label="name"),
    }


def _by_colour(kind: str, layer: Callable[[str], str]) -> str:
    """A category for each number of a colour; towns in no area have none, and are grey."""
    colours = [(str(number), colour) for number, colour in enumerate(palette.AREAS, start=1)]
    colours.append(("", palette.NO_AREA))
    symbols = [_symbol(str(at), kind, layer(colour)) for at, (_, colour) in enumerate(colours)]
    categories = [
        f'<category value="{value}" symbol="{at}" label="{value or "in no area"}" render="true"/>'
        for at, (value, _) in enumerate(colours)
    ]
    return _categorised("colour", categories, symbols)


def _fill_thinly() -> str:
    """Borders of towns upon the colours of areas."""
    return _layer(
        "SimpleFill",
        style="no",
        outline_color=_rgba(palette.PAPER, 0.9),
        outline_style="solid",
        outline_width="0.15",
        outline_width_unit="MM",
    )


def _qml(renderer: str, *, geometry: int, label: str = "", only: str = "") -> str:
    labels = _labels(label, only) if label else ""
    enabled = "1" if label else "0"
    return (
        f'{_DOCTYPE}\n<qgis version="3.22.0" styleCategories="Symbology|Labeling" '
        f'labelsEnabled="{enabled}">{renderer}{labels}<blendMode>0</blendMode>'
        f"<featureBlendMode>0</featureBlendMode><layerOpacity>1</layerOpacity>"
        f"<layerGeometryType>{geometry}</layerGeometryType></qgis>"
    )


def _areas() -> str:
    """Commuting areas by tint; freight areas likewise, switched off until asked for."""
    symbols: list[str] = []
    categories: list[str] = []
    for origin, tints in palette.TINTS.items():
        for number, tint in enumerate(tints):
            name, told = str(len(symbols)), f"{origin} {number}"
            symbols.append(_symbol(name, "fill", _fill(tint, palette.ACCENT[origin])))
            shown = "true" if origin == "commuting" else "false"
            categories.append(
                f'<category value="{told}" symbol="{name}" label="{told}" render="{shown}"/>'
            )
    return _categorised("tint", categories, symbols)


def _towns() -> str:
    """Size by population class, in the steps of the page's legend."""
    steps = ((0, 2_500, 0.9), (2_500, 10_000, 1.5), (10_000, 50_000, 2.4), (50_000, 1e12, 4.0))
    symbols, ranges = [], []
    for number, (low, high, size) in enumerate(steps):
        told = f"{low:,.0f} people or more" if low else f"under {high:,.0f} people"
        symbols.append(_symbol(str(number), "marker", _marker("circle", palette.INK, size, 0.6)))
        ranges.append(
            f'<range lower="{low}" upper="{high:.0f}" symbol="{number}" label="{told}" '
            'render="true"/>'
        )
    return _graduated("population", "GraduatedSize", ranges, symbols)


def _ties() -> str:
    return _single(_line(palette.FREIGHT, 0.3, style="dash"))


def _workshops() -> str:
    """Squares that grow with the number of workers."""
    steps = ((0, 10, 2.0), (10, 25, 2.8), (25, 1e9, 3.8))
    symbols, ranges = [], []
    for number, (low, high, size) in enumerate(steps):
        told = f"{low} workers or more" if low else f"under {high} workers"
        symbols.append(_symbol(str(number), "marker", _marker("square", palette.FREIGHT, size, 1)))
        ranges.append(
            f'<range lower="{low}" upper="{high:.0f}" symbol="{number}" label="{told}" '
            'render="true"/>'
        )
    return _graduated("workers", "GraduatedSize", ranges, symbols)


def _graduated(attribute: str, method: str, ranges: list[str], symbols: list[str]) -> str:
    return (
        f'<renderer-v2 type="graduatedSymbol" attr="{attribute}" graduatedMethod="{method}" '
        'symbollevels="0" enableorderby="0" forceraster="0">'
        f"<ranges>{''.join(ranges)}</ranges><symbols>{''.join(symbols)}</symbols></renderer-v2>"
    )


def _categorised(attribute: str, categories: list[str], symbols: list[str]) -> str:
    return (
        f'<renderer-v2 type="categorizedSymbol" attr="{attribute}" symbollevels="0" '
        'enableorderby="0" forceraster="0">'
        f"<categories>{''.join(categories)}</categories>"
        f"<symbols>{''.join(symbols)}</symbols></renderer-v2>"
    )


def _single(layer: str, kind: str = "line") -> str:
    return (
        '<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0">'
        f"<symbols>{_symbol('0', kind, layer)}</symbols></renderer-v2>"
    )


def _symbol(name: str, kind: str, layer: str) -> str:
    return f'<symbol name="{name}" type="{kind}" alpha="1" clip_to_extent="1">{layer}</symbol>'


def _layer(kind: str, **options: str) -> str:
    """Options in both notations: ``Option`` for QGIS 3.18 and later, ``prop`` for those before."""
    new = "".join(
        f'<Option name="{key}" type="QString" value="{escape(value)}"/>'
        for key, value in options.items()
    )
    old = "".join(f'<prop k="{key}" v="{escape(value)}"/>' for key, value in options.items())
    return (
        f'<layer class="{kind}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{new}</Option>{old}</layer>'
    )


def _fill(colour: str, edge: str, width: str = "0.2") -> str:
    return _layer(
        "SimpleFill",
        color=_rgba(colour, 0.75),
        style="solid",
        outline_color=_rgba(edge, 0.8),
        outline_style="solid",
        outline_width=width,
        outline_width_unit="MM",
    )


def _outline(colour: str, style: str) -> str:
    """A border without a ground."""
    return _layer(
        "SimpleFill",
        style="no",
        outline_color=_rgba(colour, 0.9),
        outline_style=style,
        outline_width="0.5",
        outline_width_unit="MM",
    )


def _line(colour: str, width: float, *, style: str = "solid") -> str:
    return _layer(
        "SimpleLine",
        line_color=_rgba(colour, 0.9),
        line_style=style,
        line_width=f"{width}",
        line_width_unit="MM",
        capstyle="round",
        joinstyle="round",
    )


def _marker(shape: str, colour: str, size: float, opacity: float) -> str:
    return _layer(
        "SimpleMarker",
        name=shape,
        color=_rgba(colour, opacity),
        outline_color="255,255,255,255",
        outline_style="solid",
        outline_width="0.15",
        outline_width_unit="MM",
        size=f"{size}",
        size_unit="MM",
    )


def _labels(field: str, only: str) -> str:
    rules = escape(f"CASE WHEN {only} THEN {field} END") if only else field
    return (
        '<labeling type="simple"><settings calloutType="simple">'
        f'<text-style fieldName="{rules}" isExpression="1" fontSize="9" fontSizeUnit="Point" '
        f'textColor="{_rgba(palette.INK, 1)}"><text-buffer bufferDraw="1" bufferSize="0.8" '
        'bufferSizeUnits="MM" bufferColor="255,255,255,220"/></text-style>'
        '<placement placement="6" dist="1" distUnits="MM"/></settings></labeling>'
    )


def _rgba(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"
