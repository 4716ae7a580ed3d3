"""Documents typeset by Typst: blocks in, a PDF out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from comarca.report.blocks import Block
from comarca.report.fonts import FONTS, installed_fallbacks


def typeset(
    blocks: Callable[[Path], Iterable[Block]],
    path: Path,
    *,
    title: str,
    kicker: str,
    made: str,
    moment: datetime,
    footer: str = "",
    accent: str = "freight",
) -> None:
    """
    Write a PDF.

    Parameters
    ----------
    blocks
        Makes the blocks of :mod:`comarca.report.blocks`; called with a folder that takes their
        pictures.
    path
        File to write; with the same fonts at hand, the same blocks give the same bytes.
    title, kicker, made
        Heading, the line above it and the line below.
    moment
        Time that the file bears, UTC.
    footer
        Stands at the foot of each page; by default the line below the heading.
    accent
        Colour of its cards: ``"freight"`` or ``"commuting"``.
    """
    import typst

    template = Path(__file__).parent / "templates" / "report.typ"
    with TemporaryDirectory(prefix="comarca-report-") as folder:
        place = Path(folder)
        data = {
            "title": title,
            "kicker": kicker,
            "made": made,
            "footer": footer or made,
            "accent": accent,
            "date": [moment.year, moment.month, moment.day],
            "fonts": [*FONTS, *installed_fallbacks()],
            "blocks": list(blocks(place)),
        }
        (place / "report.typ").write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        (place / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        path.write_bytes(typst.compile(place / "report.typ", timestamp=int(moment.timestamp())))
