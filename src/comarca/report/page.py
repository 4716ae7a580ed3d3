"""The report as one page of HTML: nothing is fetched, everything is inside."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

from comarca.model.plan import Plan
from comarca.report import charts, palette, totals, words
from comarca.report.atlas import Atlas, atlas_of
from comarca.report.front import Front
from comarca.report.limits import LIMITATIONS, METHOD
from comarca.report.maps import commuting_map, freight_map
from comarca.report.place_tables import ILLUSTRATION
from comarca.report.templating import style_sheet, template
from comarca.report.townpages import TownPages
from comarca.report.webmap import map_data

MOST_ROWS = 60
"""Rows of a long table that the page shows; the workbook has all."""


def page(plan: Plan, atlas: Atlas | None = None) -> str:
    """
    Write the report as one HTML page.

    Parameters
    ----------
    plan
        Whose figures are shown.
    atlas
        Its maps, where they are made already.

    Returns
    -------
    str
        The page; the same plan gives the same bytes.
    """
    made = atlas or atlas_of(plan)
    return str(template("report.html.j2").render(**_context(plan, made)))


def _context(plan: Plan, atlas: Atlas) -> dict[str, Any]:
    contents = atlas.contents
    towns = TownPages(contents).pages()
    return {
        "plan": plan,
        "front": Front(contents),
        "contents": contents,
        "maps": (commuting_map(atlas), freight_map(atlas)),
        "charts": {
            "ledgers": charts.ledger_chart(contents),
            "worker_day": charts.worker_day_chart(contents),
            "break_even": charts.break_even_chart(contents),
        },
        "ledger_totals": totals.by_term(contents),
        "who_is_counted": totals.who_is_counted(contents),
        "together": totals.ALTOGETHER,
        "worker_day": totals.worker_day(contents),
        "full_towns": [town for town in towns if town.is_full],
        "card_towns": [town for town in towns if not town.is_full],
        "towns": towns,
        "illustration": "" if plan.flows.is_observed else ILLUSTRATION,
        "method": METHOD,
        "limitations": LIMITATIONS,
        "map_data": map_data(atlas),
        "dagger": words.DAGGER,
        "most_rows": MOST_ROWS,
        "words": words,
        "palette": palette,
        **_assets(),
    }


@cache
def _assets() -> dict[str, str]:
    """Styles and scripts that stand inside the page."""
    here = files("comarca.report")
    vendored = here / "vendor" / "maplibre-gl"
    library = (vendored / "maplibre-gl.js").read_text(encoding="utf-8")
    # A browser's tools would fetch the source map that this line names.
    library = re.sub(r"\n//# sourceMappingURL=\S+\s*$", "\n", library)
    return {
        "css": style_sheet(),
        "js": (here / "templates" / "report.js").read_text(encoding="utf-8"),
        "maplibre_css": (vendored / "maplibre-gl.css").read_text(encoding="utf-8"),
        "maplibre_js": library,
    }
