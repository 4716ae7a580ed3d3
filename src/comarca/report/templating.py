"""The templates of pages, and the style sheet they share."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from comarca.report.tables import Table


@cache
def template(name: str) -> Any:
    """One of the templates beside this module, ready to render; what it names must be given."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("comarca.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["shown"] = _shown
    return environment.get_template(name)


@cache
def style_sheet() -> str:
    """Styles that stand inside each page."""
    return (files("comarca.report") / "templates" / "report.css").read_text(encoding="utf-8")


def _shown(table: Table, most: int) -> Any:
    """The first rows as text."""
    return table.told()[:most]
