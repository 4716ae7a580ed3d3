"""The templates of pages, and the style sheet they share."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from comarca.report.tables import Table, Told

_LONG = 22  # letters from which a cell may break its line


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
    environment.globals["body"] = table_body
    return environment.get_template(name)


@cache
def style_sheet() -> str:
    """Styles that stand inside each page."""
    return (files("comarca.report") / "templates" / "report.css").read_text(encoding="utf-8")


def _shown(table: Table, most: int) -> Any:
    """The first rows as text."""
    return table.told()[:most]


def table_body(table: Table, most: int, dagger: str) -> Any:
    """
    The first rows as HTML; a template would take longer for thousands of tables.
    """
    from markupsafe import Markup

    cells = ("".join(_cell(told, dagger) for told in row) for row in _shown(table, most))
    return Markup("\n".join(f"<tr>{row}</tr>" for row in cells))  # noqa: S704  # escaped below


def _cell(told: Told, dagger: str) -> str:
    """A cell: a link, a number with its exact value, or words."""
    text = escape(told.text)
    kind = ' class="n"' if told.is_number else ' class="w"' if len(told.text) > _LONG else ""
    if told.href:
        text = f'<a href="{escape(told.href)}">{text}</a>'
    elif told.is_number and told.value is not None:
        text = f'<data value="{escape(str(told.value))}">{text}</data>'
    return f"<td{kind}>{text}{dagger if told.is_assumed else ''}</td>"
